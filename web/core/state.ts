/* What a page knows of the event: a pure model (snapshot, then frames laid over it) and, around it,
 * one signal for the pages. Nothing here knows of sockets or of the screen. */

import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Card, People } from "./people";
import type {
    Account,
    Change,
    EventInfo,
    Frame,
    LeftPost,
    Network,
    Order,
    Question,
    Snapshot,
    Talk,
} from "./protocol";

export interface Model {
    readonly seq: number;
    readonly event: EventInfo;
    readonly talks: readonly Talk[];
    readonly current: number;
    readonly questions: ReadonlyMap<number, Question>;
    readonly orders: ReadonlyMap<number, readonly number[]>;
    readonly present: number; /* 0: fewer than ten */
    readonly url: string;
    readonly accounts: readonly Account[];
    readonly left: readonly LeftPost[]; /* posts of questions that are gone */
    readonly offers: readonly Network[];
    /* By tag: all once the list of people was laid in, until then those that changed. */
    readonly cards: ReadonlyMap<string, Card>;
}

export function modelFromSnapshot(snapshot: Snapshot): Model {
    return {
        seq: snapshot.seq,
        event: snapshot.event,
        talks: snapshot.talks,
        current: snapshot.current,
        questions: new Map(snapshot.questions.map((question) => [question.n, question])),
        orders: new Map(snapshot.orders),
        present: snapshot.present,
        url: snapshot.url,
        accounts: snapshot.accounts,
        left: snapshot.left,
        offers: snapshot.offers,
        cards: new Map(),
    };
}

interface Draft {
    event: EventInfo;
    talks: readonly Talk[];
    current: number;
    questions: Map<number, Question>;
    orders: Map<number, readonly number[]>;
    accounts: readonly Account[];
    left: readonly LeftPost[];
    cards: Map<string, Card>;
}

function applyChange(draft: Draft, change: Change): void {
    switch (change.k) {
        case "question":
            draft.questions.set(change.question.n, change.question);
            return;
        case "votes":
            for (const [n, votes] of change.v) {
                const question = draft.questions.get(n);
                if (question !== undefined && question.votes !== votes) {
                    draft.questions.set(n, { ...question, votes });
                }
            }
            return;
        case "gone":
            draft.questions.delete(change.n);
            return;
        case "order":
            draft.orders.set(change.talk, change.order);
            return;
        case "talks":
            draft.talks = change.talks;
            draft.current = change.current;
            return;
        case "event":
            draft.event = change.event;
            return;
        case "accounts":
            draft.accounts = change.accounts;
            return;
        case "left":
            draft.left = change.left;
            return;
        case "card":
            draft.cards.set(change.card.tag, change.card);
            return;
        case "card_gone":
            draft.cards.delete(change.tag);
            return;
        case "wiped":
            draft.questions.clear();
            draft.orders.clear();
    }
}

/* The model after the frame; "gap" when frames between are missing, so that it must be fetched anew. */
export function reduceFrame(model: Model, frame: Frame): Model | "gap" {
    if (frame.from > model.seq) {
        return "gap";
    }
    const copied = <K, V>(map: ReadonlyMap<K, V>): Map<K, V> =>
        frame.changes.length === 0 ? (map as Map<K, V>) : new Map(map);
    const draft: Draft = {
        event: model.event,
        talks: model.talks,
        current: model.current,
        questions: copied(model.questions),
        orders: copied(model.orders),
        accounts: model.accounts,
        left: model.left,
        cards: copied(model.cards),
    };
    for (const change of frame.changes) {
        applyChange(draft, change);
    }
    return {
        ...draft,
        seq: Math.max(model.seq, frame.seq),
        present: frame.present ?? model.present,
        url: model.url,
        offers: model.offers,
    };
}

/* The list of people may be older than the model, or newer: frames since the older of both follow, and new
 * values laid over newer ones do no harm. */
export function withPeople(model: Model, people: People): Model {
    return {
        ...model,
        seq: Math.min(model.seq, people.seq),
        cards: new Map(people.cards.map((card) => [card.tag, card])),
    };
}

export function currentTalk(model: Model): Talk | undefined {
    return model.talks.find((talk) => talk.id === model.current) ?? model.talks[0];
}

function byVotes(a: Question, b: Question): number {
    return b.votes - a.votes || a.n - b.n;
}

function comparison(model: Model, talk: number, order: Order): (a: Question, b: Question) => number {
    if (order === "top") {
        return byVotes;
    }
    if (order === "new") {
        return (a, b) => b.n - a.n;
    }
    const places = new Map((model.orders.get(talk) ?? []).map((n, place) => [n, place]));
    const place = (question: Question): number => places.get(question.n) ?? Number.MAX_SAFE_INTEGER;
    return (a, b) => place(a) - place(b) || b.n - a.n;
}

function rank(question: Question): number {
    return question.state === "answering" ? 0 : question.pinned ? 1 : 2;
}

/* The talk's live questions (listed, answering): answering first, then pinned, then the rest. */
export function questionsInOrder(model: Model, talk: number, order: Order): readonly Question[] {
    const compare = comparison(model, talk, order);
    return [...model.questions.values()]
        .filter((each) => each.talk === talk && (each.state === "listed" || each.state === "answering"))
        .sort((a, b) => rank(a) - rank(b) || compare(a, b));
}

/* Those of one state, newest number first. */
export function questionsOfState(model: Model, talk: number, state: Question["state"]): readonly Question[] {
    return [...model.questions.values()]
        .filter((each) => each.talk === talk && each.state === state)
        .sort((a, b) => b.n - a.n);
}

export interface State {
    readonly model: ReadonlySignal<Model | null>;
    readonly talk: ReadonlySignal<Talk | undefined>;
    /* `people` left out: no cards are known but those that change from now on. */
    applySnapshot(snapshot: Snapshot, people?: People): void;
    /* False when frames are missing: fetch the snapshot anew. */
    applyFrame(frame: Frame): boolean;
}

export function createState(): State {
    const model = signal<Model | null>(null);
    return {
        model,
        talk: computed(() => (model.value === null ? undefined : currentTalk(model.value))),
        applySnapshot(snapshot, people) {
            const fresh = modelFromSnapshot(snapshot);
            model.value = people === undefined ? fresh : withPeople(fresh, people);
        },
        applyFrame(frame) {
            const before = model.peek();
            const after = before === null ? "gap" : reduceFrame(before, frame);
            if (after === "gap") {
                return false;
            }
            model.value = after;
            return true;
        },
    };
}
