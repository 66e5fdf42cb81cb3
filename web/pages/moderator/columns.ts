/* What stands where on the moderator's desk. Pure: from what was shown and what is known now follows what is shown
   next, so that nothing moves under the selection: new questions wait behind a strip, new votes change no places
   until the desk has come to rest. */

import type { Model } from "../../core/state";
import type { Order, Question, QuestionState } from "../../core/protocol";

export type Column = "incoming" | "list" | "done";
export const COLUMNS: readonly Column[] = ["incoming", "list", "done"];

export interface Desk {
    readonly incoming: readonly number[];
    readonly fresh: readonly number[]; /* pending, not shown yet */
    readonly list: readonly number[];
    readonly done: readonly number[];
}

export interface Selection {
    readonly column: Column;
    readonly n: number;
}

export interface Arrangement {
    readonly talk: number | null; /* the talk whose list and done are shown; null: all */
    readonly order: Order;
    readonly settled: boolean; /* the desk rests: sort */
    readonly reveal: boolean; /* show what waits behind the strip */
    readonly own: ReadonlySet<number>; /* moved here: these need no strip */
    readonly selection: Selection | null;
}

export function columnOf(state: QuestionState): Column {
    if (state === "pending") {
        return "incoming";
    }
    return state === "listed" || state === "answering" ? "list" : "done";
}

/* The selected question keeps its place even when somebody else has moved it away. */
function keptBy(arrangement: Arrangement, column: Column): number | null {
    return arrangement.selection?.column === column ? arrangement.selection.n : null;
}

function numbersOf(model: Model, column: Column, talk: number | null): number[] {
    return [...model.questions.values()]
        .filter((each) => columnOf(each.state) === column && (talk === null || each.talk === talk))
        .map((each) => each.n)
        .sort((a, b) => b - a);
}

function placeOf(numbers: readonly number[], n: number): number {
    const place = numbers.indexOf(n);
    return place < 0 ? Number.MAX_SAFE_INTEGER : place;
}

function arrangeIncoming(
    before: Desk | null,
    model: Model,
    arrangement: Arrangement,
): Pick<Desk, "incoming" | "fresh"> {
    const pending = numbersOf(model, "incoming", null);
    const kept = keptBy(arrangement, "incoming");
    const shown = new Set(before?.incoming ?? pending);
    const stays = pending.filter((n) => shown.has(n) || arrangement.own.has(n));
    const all = before === null || arrangement.reveal || stays.length === 0;
    const incoming = all ? [...pending] : stays;
    if (kept !== null && shown.has(kept) && !incoming.includes(kept)) {
        incoming.push(kept);
    }
    incoming.sort((a, b) => b - a);
    const visible = new Set(incoming);
    return { incoming, fresh: pending.filter((n) => !visible.has(n)) };
}

function compareIn(model: Model, order: Order): (a: Question, b: Question) => number {
    if (order === "new") {
        return (a, b) => b.n - a.n;
    }
    if (order === "top") {
        return (a, b) => b.votes - a.votes || a.n - b.n;
    }
    const places = new Map<number, number>();
    for (const numbers of model.orders.values()) {
        numbers.forEach((n, place) => places.set(n, place));
    }
    const place = (question: Question) => places.get(question.n) ?? Number.MAX_SAFE_INTEGER;
    return (a, b) => place(a) - place(b) || b.n - a.n;
}

function rank(question: Question): number {
    return question.state === "answering" ? 0 : question.pinned ? 1 : 2;
}

function arrangeList(before: Desk | null, model: Model, arrangement: Arrangement): readonly number[] {
    const { talk, order } = arrangement;
    const compare = compareIn(model, order);
    const live = [...model.questions.values()].filter(
        (each) =>
            each.state === "answering" || (each.state === "listed" && (talk === null || each.talk === talk)),
    );
    const sorted = live.sort((a, b) => rank(a) - rank(b) || compare(a, b)).map((each) => each.n);
    const kept = keptBy(arrangement, "list");
    const old = before?.list ?? [];
    if (before === null || arrangement.settled) {
        const place = kept !== null && !sorted.includes(kept) ? old.indexOf(kept) : -1;
        return place < 0 || kept === null
            ? sorted
            : [...sorted.slice(0, place), kept, ...sorted.slice(place)];
    }
    const wanted = new Set(sorted);
    const held = old.filter((n) => wanted.has(n) || n === kept);
    const shown = new Set(held);
    const together = [...held, ...sorted.filter((n) => !shown.has(n))];
    const answering = (n: number) => (model.questions.get(n)?.state === "answering" ? 0 : 1);
    return together.sort((a, b) => answering(a) - answering(b));
}

/* The latest to be done stands first. */
function arrangeDone(before: Desk | null, model: Model, arrangement: Arrangement): readonly number[] {
    const done = numbersOf(model, "done", arrangement.talk);
    if (before === null) {
        return done;
    }
    const kept = keptBy(arrangement, "done");
    const wanted = new Set(done);
    const held = before.done.filter((n) => wanted.has(n) || n === kept);
    const shown = new Set(held);
    return [...done.filter((n) => !shown.has(n)), ...held];
}

export function arrange(before: Desk | null, model: Model, arrangement: Arrangement): Desk {
    return {
        ...arrangeIncoming(before, model, arrangement),
        list: arrangeList(before, model, arrangement),
        done: arrangeDone(before, model, arrangement),
    };
}

/* The row to select when this one leaves: the next, else the one before, else none. */
export function neighbour(numbers: readonly number[], n: number): number | null {
    const place = placeOf(numbers, n);
    return numbers[place + 1] ?? numbers[place - 1] ?? null;
}
