import assert from "node:assert/strict";
import test from "node:test";
import type { Own } from "../../web/core/own";
import { eventStore } from "../../web/core/storage";
import { EVENT, questionOf } from "./cases";
import { settle } from "./fakes";
import { Hall } from "./hall";

const ANNA = { name: "Anna", line: "", web: "", accounts: [], lists: false };

/* A hall with a shown card of this browser. */
async function hallWithCard(release = 0): Promise<Hall> {
  const hall = new Hall(release);
  await hall.live();
  const person = hall.person();
  const saving = person.save(ANNA, true);
  await hall.clock.pass(0);
  assert.equal((await saving).ok, true);
  person.close();
  return hall;
}

function own(hall: Hall, index = 0): Own {
  const found = hall.outbox.own.value[index];
  assert.ok(found !== undefined);
  return found;
}

const cardOf = (hall: Hall): string => [...hall.cards.keys()][0] ?? "";
const claimed = (hall: Hall): unknown => [...hall.questions.values()][0]?.claim?.rev;
const asker = { tag: "AAECAwQFBgc", name: "Anna" };

/* The server's word on the first question, as all see it. */
function show(hall: Hall, more: object = {}): void {
  const stored = hall.questions.get(own(hall).key);
  const card = stored?.claim === undefined ? {} : { card: asker };
  const { text, rev } = stored ?? { text: "", rev: 0 };
  hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0), text, rev, ...card, ...more }) });
}

async function asked(hall: Hall, text: string, degree: 0 | 1 | 2 = 0): Promise<string> {
  hall.outbox.ask(1, text, degree);
  await hall.clock.pass(0);
  return own(hall).salt;
}

test("a claim waits for the release, then is signed with the next revision and the text's hash", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  hall.outbox.claim(salt);
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 0);
  assert.equal(own(hall).claim, "wanted");
  show(hall);
  await hall.clock.pass(0);
  const [claim] = hall.commands("claim");
  assert.equal(claim?.members["rev"], 1);
  assert.equal(claim?.members["card"], cardOf(hall));
  assert.equal(claim?.members["minute"], Math.floor(hall.clock.now / 60_000));
  assert.deepEqual([own(hall).claim, own(hall).rev, own(hall).signed], ["made", 1, "Warum?"]);
  assert.equal(own(hall).card, cardOf(hall));
});

test("pending before moderation: nothing is claimed until the text is shown", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  hall.outbox.claim(salt);
  hall.frame({ k: "question", n: 7, talk: 1, tag: hall.tagOf(0), state: "pending", rev: 0 });
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 0);
  show(hall);
  await hall.clock.pass(0);
  assert.equal(own(hall).claim, "made");
});

test("a text that its asker never wrote is not signed", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  hall.outbox.claim(salt);
  show(hall, { text: "Warum nicht?" });
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 0);
});

test("a claim whose answer was lost is sent again, the same one, across a reload", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  show(hall);
  hall.loseAnswers = true;
  hall.outbox.claim(salt);
  await hall.clock.pass(0);
  assert.equal(own(hall).claim, "wanted");
  assert.equal(claimed(hall), 1);
  show(hall);
  hall.loseAnswers = false;
  hall.reload();
  await hall.live();
  assert.deepEqual(
    hall.commands("claim").map((each) => each.members["rev"]),
    [1, 1],
  );
  assert.deepEqual([own(hall).claim, own(hall).rev], ["made", 1]);
});

test("one that never arrived takes the revision that is free when it is sent again", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  show(hall);
  hall.status.value = "offline";
  hall.outbox.claim(salt);
  hall.outbox.setDegree(salt, 1);
  await hall.live();
  await hall.clock.pass(60_000);
  assert.deepEqual(
    hall.sent.slice(-2).map(({ cmd, members }) => [cmd, members["rev"]]),
    [
      ["degree", 1],
      ["claim", 2],
    ],
  );
  assert.equal(own(hall).claim, "made");
});

test("stale takes the stored revision; where the model has no other, it waits and asks again", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  show(hall);
  await settle();
  const stored = hall.questions.get(own(hall).key);
  assert.ok(stored !== undefined);
  stored.rev = 4; /* by another device */
  hall.outbox.claim(salt);
  await hall.clock.pass(1_000);
  assert.deepEqual(
    hall.commands("claim").map((each) => each.members["rev"]),
    [1],
  );
  assert.equal(own(hall).claim, "wanted");
  show(hall);
  await hall.clock.pass(25_000);
  assert.equal(hall.commands("claim").at(-1)?.members["rev"], 5);
  assert.equal(own(hall).claim, "made");
});

test("claimed by another card, or gone: none, with the refusal", async () => {
  for (const code of ["already_claimed", "gone", "unknown"]) {
    const hall = await hallWithCard();
    const salt = await asked(hall, "Warum?");
    show(hall);
    hall.refuse = code;
    hall.outbox.claim(salt);
    await hall.clock.pass(120_000);
    assert.equal(hall.commands("claim").length, 1);
    assert.deepEqual([own(hall).claim, own(hall).refusal, own(hall).stage], ["none", code, "sent"]);
  }
});

test("too often: later, and meanwhile nothing else of the question waits", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  show(hall);
  hall.refuse = "too_often";
  hall.outbox.claim(salt);
  await hall.clock.pass(0);
  assert.deepEqual([own(hall).claim, own(hall).refusal], ["wanted", "too_often"]);
  hall.refuse = null;
  hall.outbox.setDegree(salt, 1);
  await hall.clock.pass(0);
  assert.equal(own(hall).degree, 1);
  await hall.clock.pass(20_000);
  assert.deepEqual([own(hall).claim, own(hall).refusal], ["made", null]);
});

async function made(release = 0): Promise<[Hall, string]> {
  const hall = await hallWithCard(release);
  const salt = await asked(hall, "Warum?");
  show(hall);
  hall.outbox.claim(salt);
  await hall.clock.pass(10_000);
  show(hall);
  await settle();
  assert.equal(own(hall).claim, "made");
  return [hall, salt];
}

test("after an own edit that became visible the claim is signed anew by itself", async () => {
  const [hall, salt] = await made();
  hall.outbox.edit(salt, "Warum denn?");
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("edit")[0]?.members["rev"], 2);
  assert.equal(hall.commands("claim").length, 1, "the old text is still on the screens");
  show(hall, { card: undefined });
  await hall.clock.pass(0);
  assert.equal(hall.commands("claim")[1]?.members["rev"], 3);
  assert.deepEqual([own(hall).claim, own(hall).signed], ["made", "Warum denn?"]);
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 2);
});

test("an edit that came too late leaves the claim as it is", async () => {
  const [hall, salt] = await made();
  hall.outbox.edit(salt, "Warum denn?");
  await hall.clock.pass(0);
  const stored = hall.questions.get(own(hall).key);
  assert.ok(stored !== undefined);
  stored.text = "Warum?";
  show(hall);
  await hall.clock.pass(60_000);
  assert.deepEqual([own(hall).claim, own(hall).refusal, own(hall).text], ["made", "late", "Warum?"]);
  assert.equal(hall.commands("claim").length, 1);
});

test("taken back: by the question's key, with the next revision, and none then", async () => {
  const [hall, salt] = await made(5);
  hall.outbox.unclaim(salt);
  await hall.clock.pass(0);
  const [unclaim] = hall.commands("unclaim");
  assert.deepEqual([unclaim?.members["rev"], unclaim?.members["by"]], [2, "question"]);
  assert.equal(unclaim?.members["card"], cardOf(hall));
  assert.deepEqual([own(hall).claim, own(hall).signed, own(hall).rev], ["none", null, 2]);
  await settle();
  assert.equal(own(hall).claim, "none", "an older frame does not bring it back");
  assert.equal(claimed(hall), undefined);
});

test("taken back offline, sent later; an answer that was lost is asked for again", async () => {
  const [hall, salt] = await made();
  hall.status.value = "offline";
  hall.outbox.unclaim(salt);
  assert.equal(own(hall).claim, "leaving");
  hall.reload();
  hall.loseAnswers = true;
  await hall.live();
  assert.equal(own(hall).claim, "leaving");
  assert.equal(claimed(hall), undefined);
  hall.loseAnswers = false;
  await hall.live();
  await hall.clock.pass(6_000);
  assert.equal(own(hall).claim, "none");
});

test("claimed and taken back while the first answer was lost", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  show(hall);
  hall.loseAnswers = true;
  hall.outbox.claim(salt);
  await hall.clock.pass(0);
  hall.outbox.unclaim(salt);
  assert.equal(own(hall).claim, "leaving", "it may have arrived");
  hall.loseAnswers = false;
  await hall.live();
  assert.equal(hall.commands("unclaim")[0]?.members["rev"], 2);
  assert.equal(own(hall).claim, "none");
  assert.equal(claimed(hall), undefined);
});

test("a wish taken back before it left is never heard of", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  hall.outbox.claim(salt);
  hall.outbox.unclaim(salt);
  show(hall);
  await hall.clock.pass(60_000);
  assert.equal(own(hall).claim, "none");
  assert.equal(hall.commands("claim").length + hall.commands("unclaim").length, 0);
});

test("claimed once more after it was taken back", async () => {
  const [hall, salt] = await made();
  hall.outbox.unclaim(salt);
  await hall.clock.pass(0);
  show(hall);
  hall.outbox.claim(salt);
  await hall.clock.pass(1_000);
  assert.equal(claimed(hall), 3);
  assert.equal(own(hall).claim, "made");
});

test("taken back on another device is none here; hidden by a moderator stays", async () => {
  const [hall] = await made();
  show(hall, { card: undefined });
  await settle();
  assert.equal(own(hall).claim, "made", "the card was hidden");
  show(hall, { card: undefined, rev: 2 });
  await settle();
  assert.equal(own(hall).claim, "none");
});

test("claimed on another device is known here", async () => {
  const hall = await hallWithCard();
  await asked(hall, "Warum?");
  const tag = Buffer.from(cardOf(hall), "base64url").subarray(0, 8).toString("base64url");
  show(hall, { rev: 1, card: { ...asker, tag } });
  await settle();
  assert.deepEqual([own(hall).claim, own(hall).signed], ["made", "Warum?"]);
  assert.equal(own(hall).card, cardOf(hall));
});

test("asked as me it is claimed after the release; without a shown card it is not", async () => {
  const hall = await hallWithCard();
  await asked(hall, "Wer noch?", 2);
  assert.equal(own(hall).claim, "wanted");
  show(hall);
  await hall.clock.pass(0);
  assert.equal(own(hall).claim, "made");
  const other = new Hall(0);
  await other.live();
  await asked(other, "Wer noch?", 2);
  assert.equal(own(other).claim, "none");
});

test("claims keep the distance of questions; taking back does not wait", async () => {
  const hall = await hallWithCard(5);
  const salt = await asked(hall, "Warum?");
  show(hall);
  hall.outbox.claim(salt);
  await hall.clock.pass(4_000);
  assert.equal(hall.commands("claim").length, 0);
  await hall.clock.pass(2_000);
  assert.equal(hall.commands("claim").length, 1);
  hall.outbox.unclaim(salt);
  await hall.clock.pass(0);
  assert.equal(hall.commands("unclaim").length, 1);
});

test("a question of a seed that was replaced is signed with its own", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  const { key } = own(hall);
  const store = eventStore(EVENT.id, hall.base);
  const before = store.get("seed");
  store.write("own", [{ ...own(hall), seed: before }]);
  const kept = store.read<{ card: object }>("card", { card: {} });
  store.write("card", { ...kept, card: { ...kept.card, seed: before } });
  store.set("seed", "A".repeat(43));
  hall.reload();
  hall.outbox.edit(salt, "Wozu?");
  await hall.clock.pass(0);
  show(hall);
  hall.outbox.claim(salt);
  await hall.clock.pass(10_000);
  assert.equal(hall.commands("edit")[0]?.members["key"], key);
  assert.equal(hall.commands("claim")[0]?.members["card"], cardOf(hall));
  assert.equal(own(hall).claim, "made");
});

test("rows of a version that knew no claims", async () => {
  const hall = await hallWithCard();
  await asked(hall, "Warum?");
  const { claim: _, bond: __, card: ___, signed: ____, seed: _____, ...older } = own(hall);
  eventStore(EVENT.id, hall.base).write("own", [older]);
  hall.reload();
  assert.deepEqual([own(hall).claim, own(hall).seed, own(hall).text], ["none", null, "Warum?"]);
});

/* The same revision with a text that nobody here typed. */
const FOREIGN = "Was er nie fragte";

test("made: another text under the revision of the claim is not signed", async () => {
  const [hall] = await made();
  assert.equal(own(hall).rev, 1);
  show(hall, { text: FOREIGN, card: undefined });
  const stored = hall.questions.get(own(hall).key);
  assert.ok(stored !== undefined);
  stored.text = FOREIGN;
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 1);
  assert.deepEqual([own(hall).text, own(hall).signed], ["Warum?", "Warum?"]);
});

test("wanted after an edit: another text under its revision is not signed", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  show(hall);
  hall.outbox.edit(salt, "Warum denn?");
  await hall.clock.pass(0);
  hall.outbox.claim(salt);
  const stored = hall.questions.get(own(hall).key);
  assert.ok(stored !== undefined);
  stored.text = FOREIGN;
  show(hall);
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 0);
  assert.equal(own(hall).text, "Warum denn?");
  stored.text = "Warum?"; /* the edit came too late */
  show(hall);
  await hall.clock.pass(60_000);
  assert.deepEqual([own(hall).claim, own(hall).signed], ["made", "Warum?"]);
});

test("two late edits go back to what was shown; once an edit was seen there is no going back", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Eins?");
  show(hall);
  for (const text of ["Zwei?", "Drei?"]) {
    hall.outbox.edit(salt, text);
    await hall.clock.pass(1_000);
  }
  show(hall, { text: "Eins?" });
  await settle();
  assert.deepEqual([own(hall).text, own(hall).refusal], ["Eins?", "late"]);
  hall.outbox.edit(salt, "Vier?");
  await hall.clock.pass(1_000);
  show(hall);
  await settle();
  assert.equal(own(hall).before, null);
  show(hall, { text: "Eins?" });
  await settle();
  assert.equal(own(hall).text, "Vier?");
});

test("no claim with a card whose deletion, or whose taking back, waits", async () => {
  for (const end of ["remove", "hide"]) {
    const hall = await hallWithCard();
    const salt = await asked(hall, "Warum?");
    show(hall);
    hall.status.value = "offline";
    hall.outbox.claim(salt);
    const person = hall.person();
    void (end === "remove" ? person.remove() : person.save(ANNA, false));
    await hall.clock.pass(0);
    assert.equal(person.unsent.value, true);
    person.close();
    hall.reload();
    await hall.live();
    await hall.clock.pass(60_000);
    assert.equal(hall.commands("claim").length, 0, end);
  }
});

/* Another card of this browser, without the end of the first one's claims. */
async function otherCard(hall: Hall): Promise<void> {
  const store = eventStore(EVENT.id, hall.base);
  store.write("card", { card: null, next: 1, wish: null });
  const person = hall.person();
  const saving = person.save({ ...ANNA, name: "Berta" }, true);
  await hall.clock.pass(0);
  assert.equal((await saving).ok, true);
}

test("signed anew with the card that was claimed with, not with another one", async () => {
  const [hall, salt] = await made();
  const first = own(hall).card;
  await otherCard(hall);
  hall.outbox.edit(salt, "Warum denn?");
  await hall.clock.pass(1_000);
  show(hall, { card: undefined });
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 1);
  assert.deepEqual([own(hall).claim, own(hall).card], ["made", first]);
});

test("signed anew, but another card's claim stands: kept as it is, and asked once", async () => {
  const [hall, salt] = await made();
  const { card, signed } = own(hall);
  hall.outbox.edit(salt, "Warum denn?");
  await hall.clock.pass(1_000);
  const stored = hall.questions.get(own(hall).key);
  assert.ok(stored !== undefined);
  stored.claim = { card: "B".repeat(43), rev: stored.rev, hash: "" };
  show(hall, { card: undefined });
  await hall.clock.pass(120_000);
  assert.equal(hall.commands("claim").length, 2);
  assert.deepEqual([own(hall).claim, own(hall).card, own(hall).signed], ["made", card, signed]);
  assert.equal(own(hall).refusal, "already_claimed");
});

test("claimed with another card: never signed anew here, but taken back", async () => {
  const hall = await hallWithCard();
  const salt = await asked(hall, "Warum?");
  show(hall, { rev: 1, card: asker });
  const stored = hall.questions.get(own(hall).key);
  assert.ok(stored !== undefined);
  stored.claim = { card: "B".repeat(43), rev: 1, hash: "" };
  stored.rev = 1;
  await settle();
  assert.deepEqual([own(hall).claim, own(hall).card], ["made", null]);
  hall.outbox.edit(salt, "Warum denn?");
  await hall.clock.pass(1_000);
  show(hall, { card: undefined });
  await hall.clock.pass(60_000);
  assert.equal(hall.commands("claim").length, 0);
  const key = "AAECAwQFBgc" + "A".repeat(32);
  const says = { name: "Anna", accounts: [], minute: 1, questions: [] };
  hall.frame({ k: "card", tag: asker.tag, key, rev: 1, ...says });
  show(hall, { card: asker });
  hall.outbox.unclaim(salt);
  await hall.clock.pass(10_000);
  assert.equal(hall.commands("unclaim")[0]?.members["card"], key);
  assert.equal(own(hall).claim, "none");
});
