/* What a person does with a card, signed and sent: saved, deleted, interest. Loaded when it is needed. A wish
 * is written down before it is sent, and stays until it was answered: resendCard() goes on with it. */

import { effect } from "@preact/signals";
import { cardDeleteMessage, cardKey, cardMessage, interestMessage, type CardText, type Scope } from "./card";
import type { Connection, Result } from "./connection";
import { fromBase64, toBase64 } from "./encode";
import { sign, type KeyPair } from "./keys";
import { isTemporary } from "./own";
import { readCards } from "./people";
import type { Interested, KeptCard, OwnCard, Person } from "./person";
import { seedOf } from "./seed";

const INDICES = 256;

const refused = (code: string): Extract<Result, { ok: false }> => ({ ok: false, code, message: "" });
const done: Result = { ok: true, value: {} };

/* True once the model has all cards. */
export function peopleKnown(connection: Connection): Promise<boolean> {
    connection.showPeople();
    return new Promise((resolve) => {
        let stop = (): void => undefined;
        const told = (known: boolean): void => {
            queueMicrotask(() => stop());
            resolve(known);
        };
        stop = effect(() => {
            if (connection.people.value) {
                told(true);
            } else if (connection.status.value !== "live") {
                told(false);
            }
        });
    });
}

function eventOf(person: Person): Uint8Array | null {
    return fromBase64(person.connection.state.model.peek()?.event.id ?? "", 16);
}

type CardPlace = Pick<OwnCard, "index" | "seed">;

function pairOf(person: Person, event: Uint8Array, { index, seed }: CardPlace): KeyPair {
    return cardKey(fromBase64(seed ?? "", 32) ?? seedOf(person.store), event, index);
}

/* Null: go on. What needs a member waits for it, or is refused where there is no pass; what takes something
 * back needs none. */
async function barred(person: Person): Promise<Extract<Result, { ok: false }> | null> {
    if (person.connection.status.peek() !== "live") {
        return refused("offline");
    }
    return (await person.outbox.admitted()) ? null : refused("members_only");
}

/* What the server has, as far as it is known; else what may have arrived before. */
async function revAfterStale(person: Person, tried: OwnCard): Promise<number> {
    await peopleKnown(person.connection);
    const tag = toBase64((fromBase64(tried.key, 32) ?? new Uint8Array()).slice(0, 8));
    const stored = person.connection.state.model.peek()?.cards.get(tag)?.rev ?? tried.rev;
    return stored + 1 === tried.rev ? tried.rev + 1 : stored + 1;
}

function sendCard(person: Person, event: Uint8Array, card: OwnCard): Promise<Result> {
    const pair = pairOf(person, event, card);
    const { name, line, web, accounts, lists, shown, rev } = card;
    return person.command("card", {
        card: card.key,
        rev,
        name,
        ...(line === "" ? {} : { line }),
        ...(web === "" ? {} : { web }),
        accounts,
        lists,
        shown,
        sig: toBase64(sign(pair, cardMessage(event, pair.key, rev, card))),
    });
}

/* The server has it. */
function saved(person: Person, card: OwnCard): Result {
    const { next } = person.keptCard();
    person.keepCard({ card, next: card.seed === null ? card.index + 1 : next, wish: null });
    if (!card.shown) {
        person.outbox.endClaims(card.key);
    }
    person.outbox.carryOn();
    person.settle();
    return done;
}

/* Nothing of it is left. */
function ended(person: Person, card: OwnCard): void {
    const { next } = person.keptCard();
    person.keepCard({ card: null, next: card.seed === null ? card.index + 1 : next, wish: null });
    person.keepInterests(new Map());
    person.outbox.endClaims(card.key);
}

/* A refusal that is final ends the wish. */
function failed(person: Person, result: Result): Result {
    if (!result.ok && (!isTemporary(result.code) || result.code === "members_only")) {
        person.keepCard({ ...person.keptCard(), wish: null });
        person.outbox.carryOn();
    }
    return result;
}

function nextCard(person: Person, event: Uint8Array, says: CardText, shown: boolean): OwnCard {
    const kept = person.keptCard();
    const { index, seed, rev } = kept.card ?? kept.wish?.card ?? { index: kept.next, seed: null, rev: 0 };
    const key = toBase64(pairOf(person, event, { index, seed }).key);
    const { name, line, web, accounts, lists } = says;
    const next = kept.card === null ? 1 : rev + 1;
    return { name, line, web, accounts, lists, index, seed, key, rev: next, shown };
}

/* What everybody sees, or may see where no answer came. */
function publishedCard({ card, wish }: KeptCard): OwnCard | null {
    return [card, wish?.card ?? null].find((each) => each?.shown === true) ?? null;
}

/* With `shown` false what is published is deleted first, for good: older backups forget that a revision took
 * it back, but not a deletion. */
export async function saveCard(person: Person, says: CardText, shown: boolean): Promise<Result> {
    const event = eventOf(person);
    if (event === null) {
        return refused("offline");
    }
    let stale = false;
    for (;;) {
        const kept = person.keptCard();
        if (kept.next >= INDICES && kept.card === null) {
            return failed(person, refused("full"));
        }
        let card = nextCard(person, event, says, shown);
        const published = shown ? null : publishedCard(kept);
        person.keepCard({ ...kept, card: published ?? kept.card, wish: { card } });
        if (published !== null) {
            const deleted = await deleteCard(person, event, published);
            if (!deleted.ok) {
                return failed(person, deleted);
            }
            ended(person, published);
            continue;
        }
        const bar = await barred(person);
        if (bar !== null) {
            return failed(person, bar);
        }
        let result = await sendCard(person, event, card);
        if (!result.ok && result.code === "stale") {
            card = { ...card, rev: await revAfterStale(person, card) };
            result = await sendCard(person, event, card);
            stale = !result.ok && result.code === "stale";
        }
        if (result.ok) {
            return saved(person, card);
        }
        /* Deleted by another device, or made by one and unknown here: the next one begins anew. */
        if (result.code !== "gone" && !(stale && kept.card === null)) {
            return failed(person, result);
        }
        ended(person, card);
    }
}

/* Ok also where it is not there. */
async function deleteCard(person: Person, event: Uint8Array, card: OwnCard): Promise<Result> {
    const pair = pairOf(person, event, card);
    const remove = (rev: number): Promise<Result> => {
        const sig = toBase64(sign(pair, cardDeleteMessage(event, pair.key, rev)));
        return person.command("card_delete", { card: card.key, rev, sig });
    };
    let result = await remove(card.rev + 1);
    if (!result.ok && result.code === "stale") {
        result = await remove(await revAfterStale(person, { ...card, rev: card.rev + 1 }));
    }
    const absent = !result.ok && (result.code === "gone" || result.code === "unknown");
    return absent ? done : result;
}

export async function removeCard(person: Person): Promise<Result> {
    const event = eventOf(person);
    const kept = person.keptCard();
    const card = kept.card ?? kept.wish?.card ?? null; /* one that was not answered may have arrived */
    if (event === null || card === null) {
        return event === null ? refused("offline") : done;
    }
    person.keepCard({ ...kept, card, wish: { card: null } });
    const result = await deleteCard(person, event, card);
    if (!result.ok) {
        return failed(person, result);
    }
    ended(person, card);
    return done;
}

export async function resendCard(person: Person): Promise<Result> {
    const { wish } = person.keptCard();
    if (wish === null) {
        return done;
    }
    return wish.card === null ? removeCard(person) : saveCard(person, wish.card, wish.card.shown);
}

export async function shareInterest(person: Person, n: number, scope: Scope): Promise<Interested> {
    const event = eventOf(person);
    const { card } = person.keptCard();
    const bar = await barred(person);
    if (event === null || bar !== null) {
        return bar ?? refused("offline");
    }
    if (card === null) {
        return refused("unknown");
    }
    const pair = pairOf(person, event, card);
    const minute = person.connection.minute();
    const sig = toBase64(sign(pair, interestMessage(event, pair.key, n, minute, scope)));
    const result = await person.command("interest", { card: card.key, n, minute, scope, sig });
    if (!result.ok) {
        return result;
    }
    const interests = new Map(person.interests.peek());
    if (scope === 0) {
        interests.delete(n);
    } else {
        interests.set(n, scope);
    }
    person.keepInterests(interests);
    const { count, cards } = result.value;
    return { ok: true, count: Number(count ?? 0), cards: readCards(cards) ?? [] };
}
