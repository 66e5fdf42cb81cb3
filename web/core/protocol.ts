/* The browser protocol raute.1 (server/wire/README.md): its objects as types, and the one place where
 * what the server sends is checked. Everything behind this file may trust its types. */

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
    readonly degree: number;
    readonly answer: string | null;
    readonly reason: DeclineReason | null;
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
}

export type Change =
    | { readonly k: "question"; readonly question: Question }
    | { readonly k: "votes"; readonly v: readonly (readonly [number, number])[] }
    | { readonly k: "gone"; readonly n: number }
    | { readonly k: "order"; readonly talk: number; readonly order: readonly number[] }
    | { readonly k: "talks"; readonly talks: readonly Talk[]; readonly current: number }
    | { readonly k: "event"; readonly event: EventInfo }
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

/* The members of each command, without `cmd` and `id`. */
export interface Commands {
    ask: { key: string; salt: string; talk: number; degree: number; text: string; sig: string };
    edit: { key: string; rev: number; text: string; sig: string };
    withdraw: { key: string; rev: number; sig: string };
    vote: { n: number };
    unvote: { n: number };
    move: { n: number; from: QuestionState; to: QuestionState; reason?: DeclineReason; answer?: string };
    pin: { n: number; on: boolean };
    talk_select: { from: number; to: number };
    talk_open: { talk: number; open: boolean };
    talk_add: { title: string };
    talk_rename: { talk: number; title: string };
    talk_order: { order: readonly number[] };
    settings: Partial<Omit<EventInfo, "id" | "slug">>;
    link: { role: Exclude<Role, "audience"> };
    wipe: Record<never, never>;
    delete: { slug: string };
}
export type CommandName = keyof Commands;

class Malformed extends Error {}

type Members = Record<string, unknown>;

function members(value: unknown): Members {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Malformed("object expected");
    }
    return value as Members;
}

function list(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) {
        throw new Malformed("array expected");
    }
    return value;
}

function count(value: unknown): number {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
        throw new Malformed("count expected");
    }
    return value;
}

function text(value: unknown): string {
    if (typeof value !== "string") {
        throw new Malformed("text expected");
    }
    return value;
}

function flag(value: unknown): boolean {
    if (typeof value !== "boolean") {
        throw new Malformed("flag expected");
    }
    return value;
}

function bytes(value: unknown, length: number): string {
    const encoded = text(value);
    if (encoded.length !== Math.ceil((length * 4) / 3) || !/^[\w-]*$/.test(encoded)) {
        throw new Malformed("bytes expected");
    }
    return encoded;
}

function oneOf<T extends string>(value: unknown, words: readonly T[]): T {
    const word = words.find((each) => each === value);
    if (word === undefined) {
        throw new Malformed("word expected");
    }
    return word;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
    return value === undefined ? null : read(value);
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
        degree: optional(m.degree, count) ?? 0,
        answer: optional(m.answer, text),
        reason: optional(m.reason, (word) => oneOf(word, DECLINE_REASONS)),
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
    };
}

function readPair(value: unknown): readonly [number, number] {
    const pair = list(value);
    if (pair.length !== 2) {
        throw new Malformed("pair expected");
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
        throw new Malformed("frame runs backwards");
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

function attempt<T>(read: () => T): T | null {
    try {
        return read();
    } catch (error) {
        if (error instanceof Malformed || error instanceof SyntaxError) {
            return null;
        }
        throw error;
    }
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
        };
    });
}
