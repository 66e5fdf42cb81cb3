/* The list that a reader sees stands still: numbers in the order of the last tap, whatever the model does
 * meanwhile. Here is the pure part: what stands there, what is new, and what left its place. */

import type { Order, Question } from "../../core/protocol";
import { questionsInOrder, type Model } from "../../core/state";

export interface Shown {
    readonly talk: number;
    readonly order: Order;
    readonly numbers: readonly number[];
}

const TOP_PLACES = 10; /* a changed order is worth a word when it is seen without scrolling far */

function listed(model: Model, talk: number, order: Order): readonly Question[] {
    return questionsInOrder(model, talk, order).filter((each) => each.state === "listed");
}

export function showNow(model: Model, talk: number, order: Order): Shown {
    return { talk, order, numbers: listed(model, talk, order).map((each) => each.n) };
}

export function answeringNow(model: Model, talk: number): Question | undefined {
    return [...model.questions.values()].find((each) => each.talk === talk && each.state === "answering");
}

/* Questions that arrived since; `own` are shown to their asker anyway. */
export function freshCount(model: Model, shown: Shown, own: ReadonlySet<number>): number {
    const there = new Set(shown.numbers);
    return listed(model, shown.talk, shown.order).filter((each) => !there.has(each.n) && !own.has(each.n))
        .length;
}

/* True when the first places would look different after a tap. */
export function orderChanged(model: Model, shown: Shown): boolean {
    const there = new Set(shown.numbers);
    const now = listed(model, shown.talk, shown.order).filter((each) => there.has(each.n));
    const still = shown.numbers.filter((n) => model.questions.get(n)?.state === "listed");
    return now.slice(0, TOP_PLACES).some((each, place) => each.n !== still[place]);
}

export interface Ledger {
    readonly received: number;
    readonly shown: number;
    readonly declined: readonly Question[];
    readonly pending: number;
    readonly hidden: number;
}

/* Everything that came in for this talk, counted in the open. */
export function ledgerOf(model: Model, talk: number): Ledger {
    const all = [...model.questions.values()].filter((each) => each.talk === talk);
    const of = (...states: readonly Question["state"][]): Question[] =>
        all.filter((each) => states.includes(each.state));
    return {
        received: all.length,
        shown: of("listed", "answering", "answered").length,
        declined: of("declined").sort((a, b) => a.n - b.n),
        pending: of("pending").length,
        hidden: of("hidden").length,
    };
}
