/* Goes on with another device's seed. Nothing that is here is lost: own questions keep the seed that their
 * keys are of, and so does a card; what was asked with the new seed is found in the public list of keys. */

import { eventAddress } from "./address";
import { cardKey } from "./card";
import { fromBase64, toBase64 } from "./encode";
import { namedCard } from "./claims";
import type { Own } from "./own";
import { peopleKnown } from "./person_steps";
import type { Adopted, OwnCard, Person } from "./person";
import { findOwn, findOwnCard, ownFromListed, readKeys, type Listed, type Search } from "./recovery";
import type { Card } from "./people";
import type { Model } from "./state";

const offline: Adopted = { ok: false, code: "offline", message: "" };

async function fetchKeys(slug: string): Promise<readonly Listed[] | null> {
    try {
        const response = await fetch(`${eventAddress(slug)}/keys`, { cache: "no-cache" });
        return response.ok ? readKeys(await response.text()) : null;
    } catch {
        return null;
    }
}

function ownFromCard(card: Card, index: number): OwnCard {
    const { name, line, web, accounts, lists, key, rev } = card;
    const names = accounts.map((account) => account.name);
    return {
        ...{ name, line: line ?? "", web: web ?? "", accounts: names, lists },
        ...{ index, key, rev, shown: true, seed: null },
    };
}

/* With what its claim says, by the found card (`key`) or another one; null: it is gone meanwhile. */
function ownFromModel(model: Model, listed: Listed, key: string | null): Own | null {
    const question = model.questions.get(listed.n);
    if (question === undefined) {
        return null;
    }
    const own = ownFromListed(listed, question, model.seq);
    const card = namedCard(question, key, model.cards);
    return question.card === null ? own : { ...own, claim: "made", signed: question.text, card };
}

/* A card that is here stays the one that this browser shows. */
function adoptCard(person: Person, before: string | null, found: OwnCard | null): boolean {
    const { card, wish, next } = person.keptCard();
    const old = (each: OwnCard | null): OwnCard | null =>
        each === null || before === null ? each : { ...each, seed: each.seed ?? before };
    const stays = card !== null || wish !== null;
    person.keepCard({
        card: stays ? old(card) : found,
        next: Math.max(before === null ? next : 0, found === null ? 0 : found.index + 1),
        wish: wish === null ? null : { card: old(wish.card) },
    });
    return !stays && found !== null;
}

export async function adoptSeed(
    person: Person,
    seed: Uint8Array,
    search: Search,
    keysOf = fetchKeys,
): Promise<Adopted> {
    const { connection, store, outbox } = person;
    const event = connection.state.model.peek()?.event;
    const id = fromBase64(event?.id ?? "", 16);
    const all = event === undefined ? null : await keysOf(event.slug);
    if (id === null || all === null || !(await peopleKnown(connection))) {
        return offline;
    }
    const listed = await findOwn(seed, id, all, search);
    const model = connection.state.model.peek();
    const cards = [...(model?.cards.values() ?? [])];
    const index = await findOwnCard(seed, id, new Set(cards.map(({ key }) => key)), search);
    if (model === null || person.closed || search.stop?.aborted === true) {
        return offline;
    }
    const key = index === null ? null : toBase64(cardKey(seed, id, index).key);
    const card = cards.find((each) => each.key === key);
    const fresh = toBase64(seed);
    const kept = store.get("seed");
    const before = kept === fresh ? null : kept; /* null: the seed that is here, or none */
    const here = new Set(outbox.own.peek().map(({ salt }) => salt));
    const found = listed
        .filter(({ salt }) => !here.has(salt))
        .map((each) => ownFromModel(model, each, key))
        .filter((own) => own !== null);
    outbox.rewrite((owns) => [...owns.map((own) => reseeded(own, before, fresh)), ...found]);
    store.set("seed", fresh);
    const isCard = adoptCard(person, before, card === undefined ? null : ownFromCard(card, index ?? 0));
    return { ok: true, found: found.length, card: isCard };
}

function reseeded(own: Own, before: string | null, fresh: string): Own {
    return own.seed === fresh ? { ...own, seed: null } : { ...own, seed: own.seed ?? before };
}
