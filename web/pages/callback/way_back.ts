/* What the address of /oauth/callback says, and what becomes of it: no picture here. */

import { eventAddress } from "../../core/address";
import { postCommand } from "../../core/command";
import { beginLogin, forgetLogin, pendingLogins, type Failure, type Login } from "../../core/login";
import type { Commands } from "../../core/commands";
import { store } from "../../core/storage";

/* As server/wire/README.md says. */
const CODE_BYTES = 2048;
const ISSUER_BYTES = 300;

export type Trouble =
    | "nothing" /* nobody came back from a log-in */
    | "denied" /* the person said no there */
    | "declined" /* the far server said no */
    | "unknown" /* begun in another browser, or too long ago */
    | "no_key"
    | "refused"
    | "expired"
    | "unreachable"
    | "other";

export interface Failed {
    readonly kind: "failed";
    readonly why: Trouble;
    readonly slug: string | null; /* whose organiser's page to go back to */
    readonly refusal?: { readonly code: string; readonly message: string }; /* other */
    readonly again?: () => Promise<Outcome>;
}

export type Outcome = Failed | { readonly kind: "leaving"; readonly address: string };

export const organiserAddress = (slug: string): string => `${eventAddress(slug)}/organiser`;

/* `search` is the address' query. */
export async function comeBack(search: string, now: number): Promise<Outcome> {
    const query = new URLSearchParams(search);
    const pending = pendingLogins(now);
    const state = query.get("state") ?? "";
    const login = pending.find((each) => each.state === state);
    const error = query.get("error");
    const code = query.get("code");
    const issuer = query.get("iss") ?? undefined;
    if (login === undefined) {
        const why = state === "" && code === null && error === null ? "nothing" : "unknown";
        return { kind: "failed", why, slug: pending[0]?.slug ?? null };
    }
    const { slug } = login;
    if (error !== null) {
        forgetLogin(state);
        return { kind: "failed", why: error === "access_denied" ? "denied" : "declined", slug };
    }
    if (code === null || code === "" || code.length > CODE_BYTES || (issuer?.length ?? 0) > ISSUER_BYTES) {
        return { kind: "failed", why: "declined", slug };
    }
    const { verifier } = login;
    return finish(login, { state, code, verifier, ...(issuer === undefined ? {} : { issuer }) });
}

async function finish(login: Login, members: Commands["connect_finish"]): Promise<Outcome> {
    const { slug, state } = login;
    const key = store().get(`raute/${slug}/key/organiser`);
    if (key === null) {
        return { kind: "failed", why: "no_key", slug };
    }
    const result = await postCommand(slug, key, "connect_finish", members);
    if (result.ok) {
        forgetLogin(state);
        const account = Number(result.value["account"]);
        return { kind: "leaving", address: `${organiserAddress(slug)}#connected=${account}` };
    }
    if (["offline", "too_often", "storage"].includes(result.code)) {
        /* Our server has not done it yet. */
        return { kind: "failed", why: "other", slug, refusal: result, again: () => finish(login, members) };
    }
    forgetLogin(state); /* it was tried: once is all that a code is good for */
    return failed(login, key, result);
}

async function beginAnew(login: Login, key: string): Promise<Outcome> {
    const begun = await beginLogin(login.slug, key, login.network, login.server);
    return typeof begun === "string" ? { kind: "leaving", address: begun } : failed(login, key, begun);
}

function failed(login: Login, key: string, refusal: Failure): Failed {
    const { slug } = login;
    const again = () => beginAnew(login, key);
    switch (refusal.code) {
        case "unreachable":
        case "refused":
        case "expired":
            return { kind: "failed", why: refusal.code, slug, again };
        case "offline":
        case "busy":
            return { kind: "failed", why: "other", slug, refusal, again };
        case "forbidden":
            return { kind: "failed", why: "no_key", slug };
        default:
            return { kind: "failed", why: "other", slug, refusal };
    }
}
