/* One's own questions as this browser keeps them, and what becomes of each when the server answers.
 * Pure: no clock, no storage, no network. The outbox (outbox.ts) drives it. */

import type { Question } from "./protocol";

export interface Own {
    readonly salt: string; /* names the question in this browser; its key is derived from it */
    readonly key: string; /* "" until derived */
    readonly talk: number;
    readonly text: string; /* as last acknowledged, or as typed when that has not happened yet */
    readonly minute: number; /* when it was typed: known here only */
    readonly stage: "waiting" | "sent" | "refused";
    readonly tried: boolean; /* it may have arrived although no answer came */
    readonly rev: number; /* last acknowledged */
    readonly edit: { readonly rev: number; readonly text: string } | null;
    readonly leaving: boolean; /* to be withdrawn */
    readonly seen: number | null; /* seq at which it first had a number */
    /* The last refusal's code; `late`: the edit was taken, but its question left the list before. */
    readonly refusal: string | null;
}

export function newOwn(salt: string, talk: number, text: string, minute: number): Own {
    return {
        salt,
        talk,
        text,
        minute,
        key: "",
        stage: "waiting",
        tried: false,
        rev: 0,
        edit: null,
        leaving: false,
        seen: null,
        refusal: null,
    };
}

/* The tag of a key: its first 8 bytes, in base64url. Ten letters are 60 of its 64 bits. */
function sameTag(key: string, tag: string): boolean {
    return key !== "" && key.slice(0, 10) === tag.slice(0, 10);
}

export function questionOf(own: Own, questions: Iterable<Question>): Question | undefined {
    for (const question of questions) {
        if (sameTag(own.key, question.tag)) {
            return question;
        }
    }
    return undefined;
}

export type Task = "ask" | "edit" | "withdraw";

export function taskOf(own: Own): Task | null {
    if (own.leaving) {
        return "withdraw";
    }
    if (own.stage === "waiting") {
        return "ask";
    }
    return own.stage === "sent" && own.edit !== null ? "edit" : null;
}

/* A new text. What may have arrived already is changed by a signed edit, all else on the spot. */
export function editOwn(own: Own, text: string, storedRev: number): Own {
    if (own.stage !== "sent" && !own.tried) {
        return { ...own, text, stage: "waiting", refusal: null };
    }
    return { ...own, edit: { rev: Math.max(own.rev, storedRev) + 1, text }, refusal: null };
}

/* Null: it never left this browser, so there is nothing to withdraw. */
export function withdrawOwn(own: Own): Own | null {
    return own.stage !== "sent" && !own.tried ? null : { ...own, leaving: true, edit: null, refusal: null };
}

type Verdict = "keep" | "retry" | "drop";
export interface Outcome {
    readonly own: Own;
    readonly verdict: Verdict; /* retry: the same again, later */
}

const TEMPORARY: ReadonlySet<string> = new Set(["offline", "busy", "storage", "too_often", "not_joined"]);

export function isTemporary(code: string): boolean {
    return TEMPORARY.has(code);
}

/* Stale: the stored revision counts, be it larger (another tab) or smaller (a dropped edit). */
export function afterAnswer(own: Own, task: Task, code: string | null, storedRev: number): Outcome {
    if (code !== null && isTemporary(code)) {
        return { own: { ...own, refusal: code === "offline" ? null : code }, verdict: "retry" };
    }
    switch (task) {
        case "ask":
            return afterAsk(own, code);
        case "edit":
            return afterEdit(own, code, storedRev);
        case "withdraw":
            return afterWithdraw(own, code, storedRev);
    }
}

function afterAsk(own: Own, code: string | null): Outcome {
    if (code === "gone") {
        return { own, verdict: "drop" };
    }
    return code === null
        ? { own: { ...own, stage: "sent", refusal: null }, verdict: "keep" }
        : { own: { ...own, stage: "refused", tried: false, refusal: code }, verdict: "keep" };
}

function afterEdit(own: Own, code: string | null, storedRev: number): Outcome {
    if (own.edit === null) {
        return { own, verdict: "keep" };
    }
    if (code === null) {
        const { rev, text } = own.edit;
        return { own: { ...own, rev, text, edit: null, refusal: null }, verdict: "keep" };
    }
    if (code === "gone" || code === "unknown") {
        return { own, verdict: "drop" };
    }
    if (code === "stale" && storedRev + 1 !== own.edit.rev) {
        return { own: { ...own, edit: { ...own.edit, rev: storedRev + 1 } }, verdict: "retry" };
    }
    return { own: { ...own, edit: null, refusal: code }, verdict: "keep" };
}

function afterWithdraw(own: Own, code: string | null, storedRev: number): Outcome {
    if (code === null || code === "gone" || code === "unknown") {
        return { own, verdict: "drop" };
    }
    if (code === "stale" && storedRev !== own.rev) {
        return { own: { ...own, rev: storedRev }, verdict: "retry" };
    }
    return { own: { ...own, leaving: false, refusal: code }, verdict: "keep" };
}

function reconcileSeen(own: Own, seq: number): Own {
    return own.seen === null || own.stage !== "sent"
        ? {
              ...own,
              seen: own.seen ?? seq,
              stage: "sent",
              refusal: own.stage === "sent" ? own.refusal : null,
          }
        : own;
}

/* The acknowledged revision with another text: the release dropped the edit and kept the revision. */
function reconcileText(own: Own, { rev, text }: Question): Own {
    const dropped =
        own.edit === null && own.rev > 0 && rev === own.rev && text !== null && text !== own.text;
    return dropped ? { ...own, text, refusal: "late" } : own;
}

const UNSEEN_MINUTES = 15; /* sent, but never given a number: wiped before its release */

/* What the newest model says of it; null: it is gone for good. */
export function reconcileOwn(
    own: Own,
    question: Question | undefined,
    seq: number,
    minute: number,
): Own | null {
    if (question !== undefined) {
        return reconcileText(reconcileSeen(own, seq), question);
    }
    if (own.seen !== null) {
        return seq > own.seen ? null : own;
    }
    return own.stage === "sent" && minute > own.minute + UNSEEN_MINUTES ? null : own;
}
