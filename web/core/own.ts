/* One's own questions as this browser keeps them, and what becomes of each when the server answers.
 * Pure: no clock, no storage, no network. The outbox (outbox.ts) drives it. */

import type { Degree, Question } from "./protocol";

/* A signed step that waits for its answer. */
interface Step {
    readonly rev: number;
    readonly tried?: boolean; /* it may have arrived although no answer came */
}

/* A claim that was sent, made for this text, or taken back (null); whether it arrived is not known yet. */
interface Bond extends Step {
    readonly text: string | null;
}

/* wanted: made as soon as it can be. leaving: to be taken back. */
export type ClaimState = "none" | "wanted" | "made" | "leaving";

export interface Own {
    readonly salt: string; /* names the question in this browser; its key is derived from it */
    readonly key: string; /* "" until derived */
    readonly talk: number;
    readonly text: string; /* as last acknowledged, or as typed when that has not happened yet */
    readonly before: string | null; /* the text before edits that were acknowledged and not yet seen */
    readonly degree: Degree; /* likewise */
    readonly minute: number; /* when it was typed: known here only */
    readonly stage: "waiting" | "sent" | "refused";
    readonly tried: boolean; /* it may have arrived although no answer came */
    readonly rev: number; /* last acknowledged */
    readonly edit: (Step & { readonly text: string }) | null;
    readonly turn: (Step & { readonly degree: Degree }) | null; /* another degree */
    readonly leaving: boolean; /* to be withdrawn */
    readonly leavingFrom: number; /* Unix milliseconds: not before */
    readonly claim: ClaimState;
    readonly bond: Bond | null;
    readonly card: string | null; /* key of the card that the claim is for */
    readonly signed: string | null; /* the text that the claim which stands was signed for */
    readonly seed: string | null; /* its key is of this seed; null: of this browser's present one */
    readonly seen: number | null; /* seq at which it first had a number */
    /* The last refusal's code; `late`: the edit was taken, but its question left the list before. */
    readonly refusal: string | null;
}

export function newOwn(salt: string, talk: number, text: string, degree: Degree, minute: number): Own {
    return {
        salt,
        talk,
        text,
        before: null,
        degree,
        minute,
        key: "",
        stage: "waiting",
        tried: false,
        rev: 0,
        edit: null,
        turn: null,
        leaving: false,
        leavingFrom: 0,
        claim: "none",
        bond: null,
        card: null,
        signed: null,
        seed: null,
        seen: null,
        refusal: null,
    };
}

/* As kept by this version or by one that knew no degrees or no claims. */
export function ownFromKept(kept: Own): Own {
    return { ...newOwn(kept.salt, kept.talk, kept.text, 0, kept.minute), ...kept };
}

/* The tag of a key: its first 8 bytes, in base64url. Ten letters are 60 of its 64 bits. */
export function sameTag(key: string, tag: string): boolean {
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

export type Task = "ask" | "edit" | "degree" | "withdraw";

export function taskOf(own: Own): Task | null {
    if (own.leaving) {
        return "withdraw";
    }
    if (own.stage === "waiting") {
        return "ask";
    }
    if (own.stage !== "sent") {
        return null;
    }
    const { edit, turn } = own;
    if (edit !== null && (turn === null || edit.rev <= turn.rev)) {
        return "edit"; /* the lower revision first */
    }
    return turn === null ? null : "degree";
}

/* The degree as its asker wants it. */
export function degreeOf(own: Own, question: Question | undefined): Degree {
    return (
        own.turn?.degree ?? (question !== undefined && question.text !== null ? question.degree : own.degree)
    );
}

/* In the place of the step that it replaces, but past it where that may have arrived; else behind the other. */
function nextRev(own: Own, storedRev: number, replaced: Step | null, other: Step | null): number {
    const known = Math.max(own.rev, storedRev);
    return replaced === null
        ? Math.max(known, other?.rev ?? 0, own.bond?.rev ?? 0) + 1
        : Math.max(known + 1, replaced.rev + (replaced.tried ? 1 : 0));
}

/* A step about to be sent. */
export function triedOwn(own: Own, task: Task): Own {
    return {
        ...own,
        tried: true,
        edit: task === "edit" && own.edit !== null ? { ...own.edit, tried: true } : own.edit,
        turn: task === "degree" && own.turn !== null ? { ...own.turn, tried: true } : own.turn,
    };
}

/* A new text. What may have arrived already is changed by a signed edit, all else on the spot. */
export function editOwn(own: Own, text: string, storedRev: number): Own {
    if (own.stage !== "sent" && !own.tried) {
        return { ...own, text, stage: "waiting", refusal: null };
    }
    const rev = nextRev(own, storedRev, own.edit, own.turn);
    return { ...own, edit: { rev, text }, refusal: null };
}

/* Another degree, by the same rule. */
export function turnOwn(own: Own, degree: Degree, storedRev: number): Own {
    if (own.stage !== "sent" && !own.tried) {
        return { ...own, degree };
    }
    const rev = nextRev(own, storedRev, own.turn, own.edit);
    return { ...own, turn: { rev, degree }, refusal: null };
}

/* Null: it never left this browser, so there is nothing to withdraw. */
export function withdrawOwn(own: Own, leavingFrom: number): Own | null {
    return own.stage !== "sent" && !own.tried
        ? null
        : { ...own, leaving: true, leavingFrom, edit: null, turn: null, bond: null, refusal: null };
}

type Verdict = "keep" | "retry" | "wait" | "drop";
export interface Outcome {
    readonly own: Own;
    readonly verdict: Verdict; /* retry: once more; wait: once more, later */
}

const TEMPORARY: ReadonlySet<string> = new Set([
    "offline",
    "busy",
    "storage",
    "too_often",
    "not_joined",
    "members_only",
]);

export function isTemporary(code: string): boolean {
    return TEMPORARY.has(code);
}

/* Stale: the stored revision counts, be it larger (another tab) or smaller (a dropped edit). */
export function afterAnswer(own: Own, task: Task, code: string | null, storedRev: number): Outcome {
    if (code !== null && isTemporary(code)) {
        return { own: { ...own, refusal: code === "offline" ? null : code }, verdict: "wait" };
    }
    switch (task) {
        case "ask":
            return afterAsk(own, code);
        case "edit":
            return afterEdit(own, code, storedRev);
        case "degree":
            return afterTurn(own, code, storedRev);
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
        const turn = above(own.turn, rev);
        const bond = untaken(own.bond, rev);
        const before = own.before ?? own.text;
        const next = { ...own, rev, text, before, edit: null, turn, bond, refusal: null };
        return { own: next, verdict: "keep" };
    }
    if (code === "gone" || code === "unknown") {
        return { own, verdict: "drop" };
    }
    if (code === "stale" && storedRev + 1 !== own.edit.rev) {
        return { own: { ...own, edit: moved(own.edit, storedRev + 1) }, verdict: "retry" };
    }
    return { own: { ...own, edit: null, refusal: code }, verdict: "keep" };
}

function afterTurn(own: Own, code: string | null, storedRev: number): Outcome {
    if (own.turn === null) {
        return { own, verdict: "keep" };
    }
    if (code === null) {
        const { rev, degree } = own.turn;
        const edit = above(own.edit, rev);
        const bond = untaken(own.bond, rev);
        return { own: { ...own, rev, degree, turn: null, edit, bond, refusal: null }, verdict: "keep" };
    }
    if (code === "gone" || code === "unknown") {
        return { own, verdict: "drop" };
    }
    if (code === "stale" && storedRev + 1 !== own.turn.rev) {
        return { own: { ...own, turn: moved(own.turn, storedRev + 1) }, verdict: "retry" };
    }
    return { own: { ...own, turn: null, refusal: code }, verdict: "keep" };
}

export function moved<S extends Step>(step: S, rev: number): S {
    return { ...step, rev, tried: false };
}

/* What still waits goes on from the revision just taken. */
export function above<S extends Step>(waiting: S | null, rev: number): S | null {
    return waiting !== null && waiting.rev <= rev ? moved(waiting, rev + 1) : waiting;
}

/* Another step took the revision of a claim: so that one never arrived. */
function untaken(bond: Bond | null, rev: number): Bond | null {
    return bond !== null && bond.rev <= rev ? null : bond;
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

/* The acknowledged revision with the text before: the release dropped the edit and kept the revision. Any
 * other text is none of its asker's: a claim would be signed for it. */
function reconcileText(own: Own, { rev, text }: Question): Own {
    if (own.edit !== null || own.rev === 0 || rev !== own.rev || text === null) {
        return own;
    }
    if (text === own.text) {
        return own.before === null ? own : { ...own, before: null };
    }
    const dropped = text === own.before || text === own.signed;
    return dropped ? { ...own, text, before: null, refusal: "late" } : own;
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
