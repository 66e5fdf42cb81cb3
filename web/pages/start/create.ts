/* What the start page asks of the server. */

import { eventAddress } from "../../core/address";
import { bareHashtag } from "../../core/hashtag";
import type { Language } from "../../core/protocol";
import { forgetRoleKey, keepRoleKey } from "../../core/storage";
import { normalText } from "../../core/text";
import { refusalWords, t } from "../../core/words";

export interface CreateProblem {
    readonly field: "title" | "hashtag";
    readonly text: string;
}

export async function eventExists(slug: string): Promise<"yes" | "missing" | "offline"> {
    try {
        const response = await fetch(eventAddress(slug), { method: "HEAD", cache: "no-store" });
        return response.ok ? "yes" : response.status === 404 ? "missing" : "offline";
    } catch {
        return "offline";
    }
}

/* The keys in the links are kept, so that this browser can show the links again. */
function keepKeys(slug: string, made: Record<string, unknown>): void {
    for (const role of ["moderator", "stage", "organiser"]) {
        const key = /#k=([\w-]{22})$/.exec(String(made[role]))?.[1];
        if (key !== undefined) {
            keepRoleKey(slug, role, key);
        }
    }
}

/* On this origin, whatever address the server gives to others: the organiser's page opens here. */
function organiserLink(made: Record<string, unknown>): string {
    const { pathname, hash } = new URL(String(made.organiser), location.origin);
    return pathname + hash;
}

function problemOf(code: string, message: string): CreateProblem {
    if (code === "forbidden") {
        forgetRoleKey("", "create");
        return { field: "title", text: t("start.create.forbidden") };
    }
    return {
        field: code === "bad_hashtag" || code === "bad_slug" || code === "slug_taken" ? "hashtag" : "title",
        text: refusalWords({ code, message }),
    };
}

export async function createEvent(
    createKey: string,
    typedTitle: string,
    typedHashtag: string,
    language: Language,
): Promise<{ link: string } | CreateProblem> {
    const title = normalText(typedTitle);
    const hashtag = bareHashtag(typedHashtag);
    if (title === "") {
        return { field: "title", text: t("start.create.no_title") };
    }
    if (hashtag === "") {
        return { field: "hashtag", text: refusalWords({ code: "bad_hashtag", message: "" }) };
    }
    try {
        const response = await fetch("/events", {
            method: "POST",
            headers: { Authorization: `Bearer ${createKey}`, "Content-Type": "application/json" },
            body: JSON.stringify({
                title,
                hashtags: [hashtag],
                language,
                offset: -new Date().getTimezoneOffset(),
            }),
        });
        const made = (await response.json()) as Record<string, unknown>;
        if (response.status === 201) {
            keepKeys(String(made.slug), made);
            return { link: organiserLink(made) };
        }
        const error = (made.error ?? {}) as { code?: string; message?: string };
        return problemOf(error.code ?? "", error.message ?? "");
    } catch {
        return { field: "title", text: refusalWords({ code: "offline", message: "" }) };
    }
}
