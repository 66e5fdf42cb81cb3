/* Cards as the server tells of them (server/wire/README.md, "Objects"), and the one place where they are checked. */

import {
    attempt,
    bytes,
    count,
    flag,
    link,
    list,
    members,
    oneOf,
    optional,
    text,
    type Members,
} from "./read";

export const CARD_NAME_GRAPHEMES = 50;
export const CARD_NAME_BYTES = 200;
export const CARD_LINE_GRAPHEMES = 140;
export const CARD_LINE_BYTES = 600;
export const CARD_WEB_BYTES = 300;
export const CARD_ACCOUNTS = 5;

/* How it was shown that an account belongs to a card. */
export const MARKS = ["login", "link", "post"] as const;
export type Mark = (typeof MARKS)[number];

export interface CardAccount {
    readonly name: string; /* anna@example.social, or a handle with a dot */
    readonly url: string;
    readonly mark: Mark | null; /* null: what the card says, no more */
    readonly minute: number | null; /* when the mark was last found to hold */
}

export interface Card {
    readonly tag: string;
    readonly key: string;
    readonly rev: number;
    readonly name: string;
    readonly line: string | null;
    readonly web: string | null;
    readonly accounts: readonly CardAccount[];
    readonly mark: Mark | null; /* of its web page */
    readonly lists: boolean; /* may stand on public take-home lists */
    readonly alike: boolean; /* looks like another card */
    readonly hidden: boolean; /* staff only: a moderator took it away */
    readonly minute: number; /* of its last change or claim */
    readonly questions: readonly number[]; /* that it claims */
}

/* Who asked, as a question tells it. */
export interface Asker {
    readonly tag: string;
    readonly name: string;
    readonly mark: Mark | null;
}

export interface People {
    readonly seq: number;
    readonly cards: readonly Card[];
}

const readMark = (value: unknown): Mark => oneOf(value, MARKS);

function readAccount(value: unknown): CardAccount {
    const m = members(value);
    return {
        name: text(m.name),
        url: link(m.url),
        mark: optional(m.mark, readMark),
        minute: optional(m.minute, count),
    };
}

export function readCard(value: unknown): Card {
    const m: Members = members(value);
    return {
        tag: bytes(m.tag, 8),
        key: bytes(m.key, 32),
        rev: count(m.rev),
        name: text(m.name),
        line: optional(m.line, text),
        web: optional(m.web, link),
        accounts: list(m.accounts).map(readAccount),
        mark: optional(m.mark, readMark),
        lists: optional(m.lists, flag) ?? false,
        alike: optional(m.alike, flag) ?? false,
        hidden: optional(m.hidden, flag) ?? false,
        minute: count(m.minute),
        questions: list(m.questions).map(count),
    };
}

export function readAsker(value: unknown): Asker {
    const m = members(value);
    return { tag: bytes(m.tag, 8), name: text(m.name), mark: optional(m.mark, readMark) };
}

/* Null: it is not GET /e/SLUG/people.json. */
export function parsePeople(json: string): People | null {
    return attempt(() => {
        const m = members(JSON.parse(json));
        return { seq: count(m.seq), cards: list(m.cards).map(readCard) };
    });
}

/* The cards in the answer to `interest`. */
export function readCards(value: unknown): readonly Card[] | null {
    return attempt(() => list(value).map(readCard));
}
