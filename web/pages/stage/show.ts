/* What the stage shows of the model. Pure. Never anything pending: the public view has no such text. */

import type { Account, Question, Talk } from "../../core/protocol";
import { currentTalk, questionsInOrder, type Model } from "../../core/state";
import { NETWORK_NAMES } from "../../parts/networks";

const NEXT = 3;
const LIST = 5;

export interface Show {
    readonly talk: Talk | undefined;
    readonly now: Question | undefined;
    readonly next: readonly Question[]; /* below the one being answered, or by themselves */
    readonly count: number; /* questions shown so far in this talk */
    readonly address: string; /* short, as people type it */
    readonly link: string;
}

export function showOf(model: Model): Show {
    const talk = currentTalk(model);
    const questions = [...model.questions.values()];
    const listed = talk === undefined ? [] : questionsInOrder(model, talk.id, "top");
    const answering = listed.find((each) => each.state === "answering");
    const now = answering ?? questions.find((each) => each.state === "answering");
    const rest = listed.filter((each) => each !== now);
    const link = `${model.url.replace(/\/$/, "")}/${model.event.slug}`;
    return {
        talk,
        now,
        next: rest.slice(0, now === undefined ? LIST : NEXT),
        count: questions.filter((each) => each.text !== null && each.talk === talk?.id).length,
        address: link.replace(/^https?:\/\//, ""),
        link,
    };
}

/* The networks on which the question is too, by name; "" when it is on none. */
export function outOn(question: Question, accounts: readonly Account[]): string {
    const there = accounts.filter(({ id }) => question.posts.some((post) => post.account === id));
    return [...new Set(there.map((account) => NETWORK_NAMES[account.network]))].join(", ");
}
