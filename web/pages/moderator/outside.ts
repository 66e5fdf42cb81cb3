/* What a moderator may do about a question's way out of the room, and the way back. Pure. */

import type { Account, Post, Publish, Question } from "../../core/protocol";
import type { Step } from "./acts";
import { mayDrop, mayRetry, unsent } from "./standing";

export type OutName = "publish" | "open" | "warn";

/* What of the event decides it. */
export interface Outside {
    readonly publish: Publish;
    readonly accounts: readonly Account[];
}

export interface OutAct {
    readonly name: "publish" | "open" | "close" | "warn" | "unwarn" | "retry" | "drop" | "stop";
    readonly n: number;
    readonly account?: Account; /* retry, drop, stop */
    readonly forward: readonly Step[];
    readonly back: readonly Step[]; /* none: no way back */
}

const SHOWN: readonly Question["state"][] = ["listed", "answering", "answered"];

const posting = ({ state }: Account): boolean => state !== "left" && state !== "leaving";

function open({ publish, accounts }: Outside): boolean {
    return publish !== "off" && accounts.some(posting);
}

export function outAllowed(name: OutName, question: Question, outside: Outside): boolean {
    const { state, degree } = question;
    if (degree === 0 || !open(outside)) {
        return name === "open" && question.open && SHOWN.includes(state);
    }
    switch (name) {
        case "publish":
            return (
                degree === 1 && outside.publish === "approved" && !question.approved && SHOWN.includes(state)
            );
        case "open":
            return SHOWN.includes(state);
        case "warn":
            return state !== "declined" && state !== "hidden";
    }
}

/* Until it has left, taking it back is dropping it wherever it waits. */
export function publishAct(question: Question, outside: Outside): OutAct | null {
    if (!outAllowed("publish", question, outside)) {
        return null;
    }
    const { n, rev } = question;
    const back = outside.accounts
        .filter(posting)
        .map((account): Step => ({ cmd: "post_drop", n, account: account.id }));
    return { name: "publish", n, forward: [{ cmd: "publish", n, rev }], back };
}

export function openAct(question: Question, outside: Outside): OutAct | null {
    if (!outAllowed("open", question, outside)) {
        return null;
    }
    const { n, open: on } = question;
    const step = (wanted: boolean): Step => ({ cmd: "open", n, on: wanted });
    return { name: on ? "close" : "open", n, forward: [step(!on)], back: [step(on)] };
}

/* `text` null: no warning. */
export function warnAct({ n, warning }: Question, text: string | null): OutAct {
    const step = (wanted: string | null): Step =>
        wanted === null ? { cmd: "warn", n } : { cmd: "warn", n, text: wanted };
    return { name: text === null ? "unwarn" : "warn", n, forward: [step(text)], back: [step(warning)] };
}

const retryStep = (n: number, post: Post): Step => ({
    cmd: "post_retry",
    n,
    account: post.account,
    kind: post.kind,
});

export function retryAct(n: number, post: Post, account: Account): OutAct {
    return { name: "retry", n, account, forward: [retryStep(n, post)], back: [] };
}

/* All that can be sent again; null when nothing can. */
function retryAllAct({ n, posts }: Question, { accounts }: Outside): OutAct | null {
    const forward = posts
        .filter((post) => mayRetry(post, accountOf(post, accounts)))
        .map((post) => retryStep(n, post));
    return forward.length === 0 ? null : { name: "retry", n, forward, back: [] };
}

/* What one key does: lets out what may go, or else tries again what did not. */
export function sendAct(question: Question, outside: Outside): OutAct | null {
    return publishAct(question, outside) ?? retryAllAct(question, outside);
}

export function dropAct({ n, posts }: Question, account: Account): OutAct {
    const there = posts.filter((post) => post.account === account.id && mayDrop(post, account));
    const back = there.map((post) => retryStep(n, post));
    const name = there.every(unsent) ? "stop" : "drop";
    return { name, n, account, forward: [{ cmd: "post_drop", n, account: account.id }], back };
}

export function accountOf(post: Post, accounts: readonly Account[]): Account | undefined {
    return accounts.find((each) => each.id === post.account);
}
