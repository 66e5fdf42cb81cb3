import assert from "node:assert/strict";
import test from "node:test";
import { adoptSeed } from "../../web/core/adopt";
import { cardKey, type CardText } from "../../web/core/card";
import type { Result } from "../../web/core/connection";
import { fromBase64, toBase64 } from "../../web/core/encode";
import type { Person } from "../../web/core/person";
import type { Listed } from "../../web/core/recovery";
import { eventStore, forgetEvent } from "../../web/core/storage";
import { EVENT, questionOf } from "./cases";
import { settle } from "./fakes";
import { Hall } from "./hall";

const ANNA: CardText = { name: "Anna", line: "", web: "", accounts: ["anna@example.social"], lists: false };
const BERTA: CardText = { ...ANNA, name: "Berta", line: "Netze" };

async function done<R>(hall: Hall, work: Promise<R>): Promise<R> {
  await hall.clock.pass(0);
  return work;
}

async function start(): Promise<[Hall, Person]> {
  const hall = new Hall(0);
  await hall.live();
  return [hall, hall.person()];
}

const names = (hall: Hall): unknown[] => [...hall.cards.values()].map((card) => card.name);
const revs = (hall: Hall, cmd: string): unknown[] => hall.commands(cmd).map(({ members }) => members["rev"]);
const code = (result: Result | { ok: boolean; code?: string }): string | null =>
  "code" in result ? (result.code ?? null) : null;

function shownCard(person: Person, more: object = {}): object {
  const { key } = person.card.value ?? { key: "" };
  const account = { name: "anna@example.social", url: "https://example.social/@anna", mark: "login" };
  const says = { name: "Anna", accounts: [account], mark: "link", minute: 1, questions: [] };
  return { k: "card", tag: person.ownTag.value, key, rev: 1, ...says, ...more };
}

test("a card: new, changed, and as acknowledged across a reload", async () => {
  const [hall, person] = await start();
  assert.equal(person.card.value, null);
  assert.deepEqual(await done(hall, person.save(ANNA, true)), { ok: true, value: {} });
  assert.deepEqual(await done(hall, person.save(BERTA, true)), { ok: true, value: {} });
  assert.deepEqual(revs(hall, "card"), [1, 2]);
  assert.equal(hall.commands("card")[0]?.members["line"], undefined);
  const again = hall.person();
  assert.deepEqual(again.card.value, person.card.value);
  const { name, rev, index, shown } = again.card.value ?? {};
  assert.deepEqual([name, rev, index, shown], ["Berta", 2, 0, true]);
});

test("saved offline: kept, and sent once the network is back", async () => {
  const [hall, person] = await start();
  hall.status.value = "offline";
  assert.equal(code(await done(hall, person.save(ANNA, true))), "offline");
  assert.equal(person.card.value, null);
  assert.equal(person.unsent.value, true);
  person.close();
  const again = hall.person();
  await hall.live();
  await settle();
  assert.equal(again.card.value?.name, "Anna");
  assert.equal(again.unsent.value, false);
});

test("an answer that was lost: sent again, and the card is there once", async () => {
  const [hall, person] = await start();
  hall.loseAnswers = true;
  assert.equal(code(await done(hall, person.save(ANNA, true))), "offline");
  hall.loseAnswers = false;
  await hall.live();
  await settle();
  assert.deepEqual(revs(hall, "card"), [1, 1]);
  assert.equal(person.card.value?.rev, 1);
});

test("changed after a lost answer: past what may have arrived", async () => {
  const [hall, person] = await start();
  hall.loseAnswers = true;
  await done(hall, person.save(ANNA, true));
  hall.loseAnswers = false;
  hall.status.value = "live";
  await done(hall, person.save(BERTA, true));
  await hall.clock.pass(30_000);
  assert.deepEqual(names(hall), ["Berta"]);
  const [stored] = hall.cards.values();
  assert.deepEqual([person.card.value?.name, person.card.value?.rev], ["Berta", stored?.rev]);
});

test("stale: the revision of the list of people", async () => {
  const [hall, person] = await start();
  await done(hall, person.save(ANNA, true));
  const stored = [...hall.cards.values()][0];
  assert.ok(stored !== undefined);
  stored.rev = 5; /* by another device */
  hall.frame(shownCard(person, { rev: 5 }));
  assert.equal(code(await done(hall, person.save(BERTA, true))), null);
  assert.deepEqual(revs(hall, "card"), [1, 2, 6]);
  assert.equal(person.card.value?.rev, 6);
});

test("refused for good: said, and not tried again", async () => {
  const [hall, person] = await start();
  hall.refuse = "bad_account";
  assert.equal(code(await done(hall, person.save(ANNA, true))), "bad_account");
  await hall.clock.pass(120_000);
  assert.equal(hall.commands("card").length, 1);
  assert.equal(person.unsent.value, false);
});

test("too often: again by itself", async () => {
  const [hall, person] = await start();
  hall.refuse = "too_often";
  assert.equal(code(await done(hall, person.save(ANNA, true))), "too_often");
  hall.refuse = null;
  await hall.clock.pass(21_000);
  assert.equal(person.card.value?.name, "Anna");
});

test("deleted, and a new one with the next index", async () => {
  const [hall, person] = await start();
  await done(hall, person.save(ANNA, true));
  const { key } = person.card.value ?? {};
  assert.equal(code(await done(hall, person.remove())), null);
  assert.deepEqual(revs(hall, "card_delete"), [2]);
  assert.equal(person.card.value, null);
  await done(hall, person.save(ANNA, true));
  assert.equal(person.card.value?.index, 1);
  assert.notEqual(person.card.value?.key, key);
});

test("deleted offline: gone once the network is back, whatever is lost", async () => {
  const [hall, person] = await start();
  await done(hall, person.save(ANNA, true));
  hall.status.value = "offline";
  await done(hall, person.remove());
  assert.equal(person.unsent.value, true);
  hall.loseAnswers = true;
  await hall.live();
  await settle();
  hall.loseAnswers = false;
  await hall.live();
  await settle();
  assert.equal(hall.cards.size, 0);
  assert.equal(person.card.value, null);
  assert.equal(person.unsent.value, false);
});

test("a card that may have arrived is deleted too", async () => {
  const [hall, person] = await start();
  hall.loseAnswers = true;
  await done(hall, person.save(ANNA, true));
  await done(hall, person.remove());
  assert.equal(hall.cards.size, 1);
  hall.loseAnswers = false;
  await hall.live();
  await settle();
  assert.equal(hall.cards.size, 0);
  assert.equal(person.card.value, null);
});

test("deleted on another device: the next one begins anew", async () => {
  const [hall, person] = await start();
  await done(hall, person.save(ANNA, true));
  const { key } = person.card.value ?? { key: "" };
  hall.cards.delete(key);
  hall.forgotten.add(key);
  assert.equal(code(await done(hall, person.save(BERTA, true))), null);
  assert.deepEqual([person.card.value?.index, person.card.value?.rev], [1, 1]);
});

async function withClaim(): Promise<[Hall, Person]> {
  const [hall, person] = await start();
  await done(hall, person.save(ANNA, true));
  hall.outbox.ask(1, "Warum?", 2);
  await hall.clock.pass(0);
  hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0), text: "Warum?" }) });
  await hall.clock.pass(0);
  assert.equal(hall.outbox.own.value[0]?.claim, "made");
  return [hall, person];
}

test("deleting the card, or showing it no longer, ends its claims here too", async () => {
  for (const end of ["remove", "hide"]) {
    const [hall, person] = await withClaim();
    await done(hall, end === "remove" ? person.remove() : person.save(ANNA, false));
    assert.equal(hall.outbox.own.value[0]?.claim, "none", end);
    assert.equal(person.card.value === null, end === "remove");
  }
});

test("a claim waits for its card, and goes when the card is there", async () => {
  const [hall, person] = await start();
  hall.outbox.ask(1, "Warum?");
  await hall.clock.pass(0);
  hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0), text: "Warum?" }) });
  hall.outbox.claim(hall.outbox.own.value[0]?.salt ?? "");
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 0);
  await done(hall, person.save(ANNA, true));
  await hall.clock.pass(0);
  assert.equal(hall.outbox.own.value[0]?.claim, "made");
});

test("marks, and that a moderator hid it, as the list of people tells", async () => {
  const [hall, person] = await start();
  await done(hall, person.save(ANNA, true));
  await hall.clock.pass(10_000);
  assert.equal(person.hidden.value, false, "not known yet");
  hall.people.value = true;
  assert.equal(person.hidden.value, true);
  hall.frame(shownCard(person));
  assert.equal(person.hidden.value, false);
  assert.deepEqual([...person.marks.value], [
    ["anna@example.social", "login"],
    ["", "link"],
  ]);
  hall.frame({ k: "card_gone", tag: person.ownTag.value });
  assert.equal(person.hidden.value, true);
  await done(hall, person.save(ANNA, false));
  assert.equal(person.hidden.value, false, "nobody hid what is not shown");
});

test("interest: signed for this minute, kept, and taken back", async () => {
  const [hall, person] = await start();
  assert.equal(code(await done(hall, person.interest(7, 1))), "unknown", "no card, no interest");
  await done(hall, person.save(ANNA, false));
  hall.answer = { count: 3, cards: [{ ...shownCard(person), name: "Cem" }] };
  const shared = await done(hall, person.interest(7, 1));
  assert.ok(shared.ok);
  assert.deepEqual([shared.count, shared.cards[0]?.name], [3, "Cem"]);
  const [sent] = hall.commands("interest");
  assert.deepEqual([sent?.members["scope"], sent?.members["n"]], [1, 7]);
  assert.equal(sent?.members["minute"], Math.floor(hall.clock.now / 60_000));
  assert.deepEqual([...hall.person().interests.value], [[7, 1]]);
  await done(hall, person.interest(7, 0));
  assert.equal(person.interests.value.size, 0);
});

/* Another device asked `text` with this seed and a card of its own. */
async function elsewhere(hall: Hall): Promise<{ seed: Uint8Array; listed: Listed[] }> {
  const other = new Hall(0);
  await other.live();
  const person = other.person();
  await done(other, person.save(BERTA, true));
  other.outbox.ask(1, "Von dort?");
  await other.clock.pass(0);
  const [own] = other.outbox.own.value;
  assert.ok(own !== undefined);
  const tag = person.ownTag.value;
  const shown = { tag: other.tagOf(0), text: own.text, rev: 1, card: { tag, name: "Berta" } };
  hall.frame({ k: "question", ...questionOf(9, shown) });
  hall.frame(shownCard(person, { name: "Berta" }));
  return { seed: person.seedBytes(), listed: [{ n: 9, key: own.key, salt: own.salt }] };
}

test("another device's seed: its questions, claims and card come here", async () => {
  const [hall, person] = await start();
  const { seed, listed } = await elsewhere(hall);
  const adopted = await done(hall, adoptSeed(person, seed, {}, async () => listed));
  assert.deepEqual(adopted, { ok: true, found: 1, card: true });
  assert.deepEqual(person.seedBytes(), seed);
  assert.equal(person.card.value?.name, "Berta");
  const [own] = hall.outbox.own.value;
  assert.deepEqual([own?.text, own?.claim, own?.card], ["Von dort?", "made", person.card.value?.key]);
  assert.deepEqual(
    await done(hall, adoptSeed(person, seed, {}, async () => listed)),
    { ok: true, found: 0, card: false },
    "twice is once",
  );
});

test("what is here stays: questions and a card keep the seed that they are of", async () => {
  const [hall, person] = await start();
  await done(hall, person.save(ANNA, true));
  hall.outbox.ask(1, "Von hier?");
  await hall.clock.pass(0);
  const before = toBase64(person.seedBytes());
  const { key } = hall.outbox.own.value[0] ?? {};
  const { seed, listed } = await elsewhere(hall);
  const adopted = await done(hall, adoptSeed(person, seed, {}, async () => listed));
  assert.deepEqual(adopted, { ok: true, found: 1, card: false });
  assert.deepEqual(
    hall.outbox.own.value.map((own) => own.seed),
    [before, null],
  );
  hall.outbox.edit(hall.outbox.own.value[0]?.salt ?? "", "Von hier, neu?");
  await hall.clock.pass(0);
  assert.equal(hall.commands("edit")[0]?.members["key"], key);
  const { key: card } = person.card.value ?? {};
  await done(hall, person.save(BERTA, true));
  assert.equal(hall.commands("card").at(-1)?.members["card"], card);
  await done(hall, person.remove());
  await done(hall, person.save(BERTA, true));
  const id = fromBase64(EVENT.id, 16) ?? new Uint8Array();
  assert.equal(person.card.value?.key, toBase64(cardKey(seed, id, 1).key), "the new seed's next card");
});

test("an own question that waits while the seed is replaced is asked with its own", async () => {
  const [hall, person] = await start();
  hall.status.value = "offline";
  hall.outbox.ask(1, "Wartet?");
  const before = toBase64(person.seedBytes());
  hall.status.value = "live";
  const other = new Uint8Array(32).fill(7);
  await done(hall, adoptSeed(person, other, {}, async () => []));
  await hall.clock.pass(0);
  const asked = hall.outbox.own.value[0];
  assert.ok(asked?.seed === before || asked?.seed === null);
  assert.equal(hall.questions.has(asked?.key ?? ""), true);
});

test("without the list of keys nothing is replaced", async () => {
  const [hall, person] = await start();
  const before = toBase64(person.seedBytes());
  const adopted = await done(hall, adoptSeed(person, new Uint8Array(32), {}, async () => null));
  assert.equal(code(adopted), "offline");
  assert.equal(eventStore(EVENT.id, hall.base).get("seed"), before);
});

test("a claim by another card is taken over, but never as one of the own card", async () => {
  const [hall, person] = await start();
  const { seed, listed } = await elsewhere(hall);
  const tag = "AAECAwQFBgc";
  const [berta] = hall.state.model.peek()?.cards.values() ?? [];
  for (const [key, card] of [
    [tag + "A".repeat(32), tag + "A".repeat(32)],
    [berta?.key, null],
  ]) {
    hall.outbox.rewrite(() => []);
    hall.frame(shownCard(person, { tag, key, name: "Cem" }));
    const asked = hall.state.model.peek()?.questions.get(9);
    const says = { tag: asked?.tag, text: "Von dort?", rev: 1, card: { tag, name: "Cem" } };
    hall.frame({ k: "question", ...questionOf(9, says) });
    await done(hall, adoptSeed(person, seed, {}, async () => listed));
    const [own] = hall.outbox.own.value;
    assert.deepEqual([own?.claim, own?.card], ["made", card]);
    assert.notEqual(own?.card, person.card.value?.key);
  }
});

test("a published card that is to be shown no longer is deleted, and a new one is kept unseen", async () => {
  const [hall, person] = await start();
  await done(hall, person.save(ANNA, true));
  const { key } = person.card.value ?? { key: "" };
  assert.equal(code(await done(hall, person.save(BERTA, false))), null);
  assert.deepEqual(revs(hall, "card_delete"), [2]);
  assert.ok(hall.forgotten.has(key));
  const { index, rev, shown, name } = person.card.value ?? {};
  assert.deepEqual([index, rev, shown, name], [1, 1, false, "Berta"]);
  assert.deepEqual(names(hall), ["Berta"]);
  await done(hall, person.save(ANNA, false));
  assert.deepEqual([person.card.value?.index, person.card.value?.rev], [1, 2], "it was not published");
});

test("shown no longer, said offline or with lost answers: deleted all the same", async () => {
  for (const published of ["answered", "perhaps"]) {
    const [hall, person] = await start();
    hall.loseAnswers = published === "perhaps";
    await done(hall, person.save(ANNA, true));
    const [key] = [...hall.cards.keys()];
    hall.status.value = "offline";
    await done(hall, person.save(ANNA, false));
    assert.equal(person.unsent.value, true);
    hall.loseAnswers = true;
    await hall.live();
    await settle();
    await hall.live();
    await settle();
    hall.loseAnswers = false;
    await hall.live();
    await settle();
    assert.ok(hall.forgotten.has(key ?? ""), published);
    assert.deepEqual([person.card.value?.index, person.card.value?.shown], [1, false]);
    assert.deepEqual([...hall.cards.values()].map(({ shown }) => shown), [false]);
  }
});

test("forgotten while a card is under way: nothing comes back, and nothing more is sent", async () => {
  const [hall, person] = await start();
  hall.refuse = "too_often";
  const saving = person.save(ANNA, true);
  while (hall.sent.length === 0) {
    await Promise.resolve();
  }
  forgetEvent(EVENT.id, hall.base);
  hall.outbox.close();
  person.close();
  assert.equal(code(await done(hall, saving)), "too_often");
  hall.refuse = null;
  assert.equal(code(await done(hall, person.save(ANNA, true))), "offline");
  await hall.clock.pass(120_000);
  assert.deepEqual([hall.base.keys(), hall.commands("card").length], [[], 1]);
});
