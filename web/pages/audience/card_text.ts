/* What is typed into a card, and what of it can be signed. Pure. */

import type { CardText } from "../../core/card";
import {
    CARD_ACCOUNTS,
    CARD_LINE_BYTES,
    CARD_LINE_GRAPHEMES,
    CARD_NAME_BYTES,
    CARD_NAME_GRAPHEMES,
    CARD_WEB_BYTES,
} from "../../core/people";
import { countGraphemes, normalText, utf8 } from "../../core/text";
import type { Word } from "../../core/words";

const ACCOUNT_BYTES = 200;

export interface CardDraft {
    readonly name: string;
    readonly line: string;
    readonly web: string;
    readonly accounts: readonly string[];
    readonly lists: boolean;
    readonly shown: boolean;
}

export type Field = "name" | "line" | "web" | `account${number}`;

export interface CheckedDraft {
    readonly text: CardText;
    readonly problems: ReadonlyMap<Field, Word>;
}

export const EMPTY: CardDraft = { name: "", line: "", web: "", accounts: [""], lists: false, shown: true };

function urlOf(text: string): URL | null {
    try {
        return new URL(text);
    } catch {
        return null;
    }
}

/* The host as the protocol writes it: lower case, A-labels, perhaps with a port. */
function hostOf(typed: string): string | null {
    const url = urlOf(`https://${typed}`);
    return url !== null && url.href === `https://${url.host}/` ? url.host : null;
}

/* The account that a profile's address is of. */
function accountOfAddress(address: string): string {
    const { host, pathname } = urlOf(address) ?? { host: "", pathname: "" };
    const [first = "", second = ""] = pathname.split("/").slice(1);
    if (host === "bsky.app" && first === "profile") {
        return second;
    }
    if (host === "x.com" || host === "twitter.com") {
        return `${first}@x.com`;
    }
    const name = first === "users" ? second : first.startsWith("@") ? first.slice(1) : "";
    return name.includes("@") ? name : `${name}@${host}`;
}

/* As the protocol writes it: anna@example.social, or a handle with a dot. Null: it can be none. */
export function accountOf(typed: string): string | null {
    const bare = typed.trim().replace(/^acct:/i, "");
    const said = /^https?:\/\//i.test(bare) ? accountOfAddress(bare) : bare.replace(/^@/, "");
    const at = said.lastIndexOf("@");
    const name = said.slice(0, Math.max(at, 0)).toLowerCase();
    const host = hostOf(said.slice(at + 1));
    if (host === null || utf8(said).length > ACCOUNT_BYTES) {
        return null;
    }
    if (at < 0) {
        return /\.[a-z][a-z0-9-]*$/.test(host) ? host : null;
    }
    return /^[a-z0-9_.-]+$/.test(name) ? `${name}@${host}` : null;
}

/* Null: it can be none. */
export function webOf(typed: string): string | null {
    const trimmed = typed.trim();
    const url = urlOf(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
    const sound =
        url !== null &&
        (url.protocol === "https:" || url.protocol === "http:") &&
        url.username === "" &&
        url.password === "" &&
        (url.hostname.includes(".") || url.hostname === "localhost");
    const href = sound ? url.href.replace(/[\\^`{|}]/g, encodeURIComponent) : "";
    return sound && href.length <= CARD_WEB_BYTES ? href : null;
}

function checkWords(text: string, graphemes: number, bytes: number): boolean {
    return countGraphemes(text) <= graphemes && utf8(text).length <= bytes;
}

export function checkDraft(draft: CardDraft): CheckedDraft {
    const problems = new Map<Field, Word>();
    const name = normalText(draft.name);
    const line = normalText(draft.line);
    const web = draft.web.trim() === "" ? "" : webOf(draft.web);
    if (name === "") {
        problems.set("name", "person.card.name.none");
    } else if (!checkWords(name, CARD_NAME_GRAPHEMES, CARD_NAME_BYTES)) {
        problems.set("name", "person.card.too_long");
    }
    if (!checkWords(line, CARD_LINE_GRAPHEMES, CARD_LINE_BYTES)) {
        problems.set("line", "person.card.too_long");
    }
    if (web === null) {
        problems.set("web", "person.card.web.bad");
    }
    const accounts: string[] = [];
    draft.accounts.forEach((typed, place) => {
        const account = typed.trim() === "" ? "" : accountOf(typed);
        if (account === null) {
            problems.set(`account${place}`, "person.card.account.bad");
        } else if (accounts.includes(account)) {
            problems.set(`account${place}`, "person.card.account.twice");
        } else if (account !== "") {
            accounts.push(account);
        }
    });
    return {
        text: { name, line, web: web ?? "", accounts: accounts.slice(0, CARD_ACCOUNTS), lists: draft.lists },
        problems,
    };
}

/* The card as it is, to be changed. There is always a place for one account. */
export function draftOf(card: CardText & { readonly shown: boolean }): CardDraft {
    const { name, line, web, accounts, lists, shown } = card;
    return { name, line, web, accounts: accounts.length === 0 ? [""] : accounts, lists, shown };
}
