/* The browser protocol raute.1 (server/wire/README.md): its objects as types, and the one place where
 * what the server sends is checked. Everything behind this file may trust its types. */

import {
    attempt,
    bytes,
    count,
    flag,
    link,
    list,
    malformed,
    members,
    oneOf,
    optional,
    text,
    whole,
    type Members,
} from "./read";
import { readAsker, readCard, type Asker, type Card } from "./people";

export const SUBPROTOCOL = "raute.1";
export const QUESTION_GRAPHEMES = 500;
export const QUESTION_BYTES = 3000;
export const PAD_BYTES = 1024;

export type Role = "audience" | "moderator" | "stage" | "organiser";
export type Language = "de" | "en";
export type QuestionState = "pending" | "listed" | "answering" | "answered" | "declined" | "hidden";
export type Order = "fair" | "top" | "new";

export const QUESTION_STATES: readonly QuestionState[] = [
    "pending",
    "listed",
    "answering",
    "answered",
    "declined",
    "hidden",
];
export const DECLINE_REASONS = ["off_topic", "duplicate", "unclear", "rude", "personal", "other"] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

export type Publish = "off" | "approved" | "all";
export type Degree = 0 | 1 | 2; /* in the room, under the hashtag, as me */
export const NETWORKS = ["mastodon", "bluesky", "x"] as const;
export type Network = (typeof NETWORKS)[number];
export const ACCOUNT_STATES = ["connected", "expired", "refused", "leaving", "left"] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];
export const POST_KINDS = ["question", "answer", "open"] as const;
export type PostKind = (typeof POST_KINDS)[number];
export const POST_STATES = ["queued", "ready", "sending", "sent", "failed", "deleted"] as const;
export type PostState = (typeof POST_STATES)[number];
export const POST_ACTS = ["post", "edit", "delete"] as const;
export type PostAct = (typeof POST_ACTS)[number];
export const POST_TROUBLES = [
    "unreachable",
    "address",
    "certificate",
    "busy",
    "limited",
    "login",
    "forbidden",
    "rejected",
    "missing",
    "answer",
] as const;
export type PostTrouble = (typeof POST_TROUBLES)[number];

/* The event's account on an open network. `state` and `server` are told to staff only. */
export interface Account {
    readonly id: number;
    readonly network: Network;
    readonly name: string;
    readonly url: string | null;
    readonly limit: number; /* characters of a post, as its network counts */
    readonly link: number; /* what a link counts there; 0: its own length */
    readonly state: AccountState | null;
    readonly server: string | null;
    readonly keeps: boolean; /* its server deletes nothing: posts are emptied instead */
    readonly avatar: boolean;
}

/* What is out there of a question, or on its way. The public view knows only questions that are
 * there: kind "question", state "sent", act "post". */
export interface Post {
    readonly account: number;
    readonly kind: PostKind;
    readonly state: PostState;
    readonly act: PostAct;
    readonly trouble: PostTrouble | null;
    readonly dropped: boolean;
    readonly emptied: boolean;
    readonly url: string | null;
    readonly due: number | null; /* queued: minute from which it may leave */
}

/* A post of a question that is gone. */
export interface LeftPost extends Post {
    readonly n: number;
}

/* `text` is null where this view may know of the question but not read it. */
export interface Question {
    readonly n: number;
    readonly talk: number;
    readonly tag: string;
    readonly state: QuestionState;
    readonly rev: number;
    readonly votes: number;
    readonly minute: number;
    readonly text: string | null;
    readonly pinned: boolean;
    readonly edited: boolean;
    readonly degree: Degree;
    readonly answer: string | null;
    readonly reason: DeclineReason | null;
    readonly open: boolean; /* asked to the hashtag by a moderator */
    readonly posts: readonly Post[];
    readonly approved: boolean; /* staff only, as the next */
    readonly warning: string | null;
    readonly card: Asker | null; /* who asked, where they said so */
    readonly interest: number; /* how many are interested; 0: fewer than three */
}

export interface Talk {
    readonly id: number;
    readonly title: string;
    readonly open: boolean;
}

export interface EventInfo {
    readonly id: string;
    readonly slug: string;
    readonly title: string;
    readonly hashtags: readonly string[];
    readonly language: Language;
    readonly start: number;
    readonly end: number;
    readonly moderation: "before" | "after";
    readonly release: number;
    readonly ask_burst: number;
    readonly ask_seconds: number;
    readonly retention: number;
    readonly publish: Publish;
    readonly publish_delay: number; /* seconds */
    readonly offset: number; /* minutes of local time before UTC */
    readonly admission: "open" | "tickets";
    readonly seats: number; /* that admission codes were given out for */
}

export interface Snapshot {
    readonly seq: number;
    readonly event: EventInfo;
    readonly talks: readonly Talk[];
    readonly current: number;
    readonly questions: readonly Question[];
    readonly orders: readonly (readonly [number, readonly number[]])[];
    readonly present: number;
    readonly url: string;
    readonly accounts: readonly Account[];
    readonly left: readonly LeftPost[]; /* staff only, as the next */
    readonly offers: readonly Network[]; /* networks that can be connected */
}

export type Change =
    | { readonly k: "question"; readonly question: Question }
    | { readonly k: "votes"; readonly v: readonly (readonly [number, number])[] }
    | { readonly k: "gone"; readonly n: number }
    | { readonly k: "order"; readonly talk: number; readonly order: readonly number[] }
    | { readonly k: "talks"; readonly talks: readonly Talk[]; readonly current: number }
    | { readonly k: "event"; readonly event: EventInfo }
    | { readonly k: "accounts"; readonly accounts: readonly Account[] }
    | { readonly k: "left"; readonly left: readonly LeftPost[] }
    | { readonly k: "card"; readonly card: Card }
    | { readonly k: "card_gone"; readonly tag: string }
    | { readonly k: "wiped" };

export interface Frame {
    readonly from: number;
    readonly seq: number;
    readonly changes: readonly Change[];
    readonly present?: number;
}

export interface Refusal {
    readonly code: string;
    readonly message: string;
}

export type Answer =
    | { readonly id: number; readonly ok: Record<string, unknown> }
    | { readonly id: number; readonly error: Refusal };

export type Bye = "restart" | "deleted" | "forbidden";

export type ServerMessage =
    | { readonly kind: "answer"; readonly answer: Answer }
    | { readonly kind: "frame"; readonly frame: Frame }
    | { readonly kind: "resync" }
    | { readonly kind: "bye"; readonly bye: Bye };

function readDegree(value: unknown): Degree {
    const degree = count(value);
    if (degree !== 0 && degree !== 1 && degree !== 2) {
        throw malformed("degree");
    }
    return degree;
}

function readPost(value: unknown): Post {
    const m = members(value);
    return {
        account: count(m.account),
        kind: optional(m.kind, (word) => oneOf(word, POST_KINDS)) ?? "question",
        state: optional(m.state, (word) => oneOf(word, POST_STATES)) ?? "sent",
        act: optional(m.act, (word) => oneOf(word, POST_ACTS)) ?? "post",
        trouble: optional(m.trouble, (word) => oneOf(word, POST_TROUBLES)),
        dropped: optional(m.dropped, flag) ?? false,
        emptied: optional(m.emptied, flag) ?? false,
        url: optional(m.url, link),
        due: optional(m.due, count),
    };
}

function readLeft(value: unknown): readonly LeftPost[] {
    return list(value).map((each) => ({ n: count(members(each).n), ...readPost(each) }));
}

function readAccount(value: unknown): Account {
    const m = members(value);
    return {
        id: count(m.id),
        network: oneOf(m.network, NETWORKS),
        name: text(m.name),
        url: optional(m.url, link),
        limit: count(m.limit),
        link: count(m.link),
        state: optional(m.state, (word) => oneOf(word, ACCOUNT_STATES)),
        server: optional(m.server, text),
        keeps: optional(m.keeps, flag) ?? false,
        avatar: optional(m.avatar, flag) ?? false,
    };
}

function readAccounts(value: unknown): readonly Account[] {
    return list(value).map(readAccount);
}

function readQuestion(value: unknown): Question {
    const m = members(value);
    const readable = m.text !== undefined;
    return {
        n: count(m.n),
        talk: count(m.talk),
        tag: bytes(m.tag, 8),
        state: oneOf(m.state, QUESTION_STATES),
        rev: count(m.rev),
        votes: readable ? count(m.votes) : 0,
        minute: readable ? count(m.minute) : 0,
        text: optional(m.text, text),
        pinned: optional(m.pinned, flag) ?? false,
        edited: optional(m.edited, flag) ?? false,
        degree: optional(m.degree, readDegree) ?? 0,
        answer: optional(m.answer, text),
        reason: optional(m.reason, (word) => oneOf(word, DECLINE_REASONS)),
        open: optional(m.open, flag) ?? false,
        posts: optional(m.posts, list)?.map(readPost) ?? [],
        approved: optional(m.approved, flag) ?? false,
        warning: optional(m.warning, text),
        card: optional(m.card, readAsker),
        interest: optional(m.interest, count) ?? 0,
    };
}

function readTalk(value: unknown): Talk {
    const m = members(value);
    return { id: count(m.id), title: text(m.title), open: flag(m.open) };
}

function readEvent(value: unknown): EventInfo {
    const m = members(value);
    return {
        id: bytes(m.id, 16),
        slug: text(m.slug),
        title: text(m.title),
        hashtags: list(m.hashtags).map(text),
        language: oneOf(m.language, ["de", "en"]),
        start: count(m.start),
        end: count(m.end),
        moderation: oneOf(m.moderation, ["before", "after"]),
        release: count(m.release),
        ask_burst: count(m.ask_burst),
        ask_seconds: count(m.ask_seconds),
        retention: count(m.retention),
        publish: optional(m.publish, (word) => oneOf(word, ["off", "approved", "all"])) ?? "approved",
        publish_delay: optional(m.publish_delay, count) ?? 60,
        offset: optional(m.offset, whole) ?? 0,
        admission: optional(m.admission, (word) => oneOf(word, ["open", "tickets"])) ?? "open",
        seats: optional(m.seats, count) ?? 0,
    };
}

function readPair(value: unknown): readonly [number, number] {
    const pair = list(value);
    if (pair.length !== 2) {
        throw malformed("pair");
    }
    return [count(pair[0]), count(pair[1])];
}

function readChange(value: unknown): Change | null {
    const m = members(value);
    switch (text(m.k)) {
        case "question":
            return { k: "question", question: readQuestion(m) };
        case "votes":
            return { k: "votes", v: list(m.v).map(readPair) };
        case "gone":
            return { k: "gone", n: count(m.n) };
        case "order":
            return { k: "order", talk: count(m.talk), order: list(m.order).map(count) };
        case "talks":
            return { k: "talks", talks: list(m.talks).map(readTalk), current: count(m.current) };
        case "event":
            return { k: "event", event: readEvent(m.event) };
        case "accounts":
            return { k: "accounts", accounts: readAccounts(m.accounts) };
        case "left":
            return { k: "left", left: readLeft(m.left) };
        case "card":
            return { k: "card", card: readCard(m) };
        case "card_gone":
            return { k: "card_gone", tag: bytes(m.tag, 8) };
        case "wiped":
            return { k: "wiped" };
        default:
            return null; /* a change of a later version: not ours to show */
    }
}

function readFrame(m: Members): Frame {
    const from = count(m.from);
    const seq = count(m.seq);
    if (from > seq) {
        throw malformed("frame that runs forwards");
    }
    const changes = list(m.changes)
        .map(readChange)
        .filter((change): change is Change => change !== null);
    return m.present === undefined
        ? { from, seq, changes }
        : { from, seq, changes, present: count(m.present) };
}

function readAnswer(m: Members): Answer {
    const id = count(m.id);
    if (m.error !== undefined) {
        const error = members(m.error);
        return { id, error: { code: text(error.code), message: text(error.message) } };
    }
    return { id, ok: members(m.ok) };
}

function readMessage(m: Members): ServerMessage {
    if (m.id !== undefined) {
        return { kind: "answer", answer: readAnswer(m) };
    }
    if (m.seq !== undefined) {
        return { kind: "frame", frame: readFrame(m) };
    }
    if (m.resync === true) {
        return { kind: "resync" };
    }
    return { kind: "bye", bye: oneOf(m.bye, ["restart", "deleted", "forbidden"]) };
}

/* One message of the socket, or null when it is none of the protocol's. */
export function parseServerMessage(json: string): ServerMessage | null {
    return attempt(() => readMessage(members(JSON.parse(json))));
}

export function parseSnapshot(json: string): Snapshot | null {
    return attempt(() => {
        const m = members(JSON.parse(json));
        return {
            seq: count(m.seq),
            event: readEvent(m.event),
            talks: list(m.talks).map(readTalk),
            current: count(m.current),
            questions: list(m.questions).map(readQuestion),
            orders: list(m.orders).map((each) => {
                const pair = list(each);
                return [count(pair[0]), list(pair[1]).map(count)] as const;
            }),
            present: count(m.present),
            url: text(m.url),
            accounts: optional(m.accounts, readAccounts) ?? [],
            left: optional(m.left, readLeft) ?? [],
            offers: optional(m.offers, list)?.map((word) => oneOf(word, NETWORKS)) ?? [],
        };
    });
}
