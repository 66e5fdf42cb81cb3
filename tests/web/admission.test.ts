import assert from "node:assert/strict";
import test from "node:test";
import { buy, type Order } from "../../web/core/admission";
import type { Connection, Result } from "../../web/core/connection";
import { toBase64 } from "../../web/core/encode";
import { keepPasses, keptPasses, markPass } from "../../web/core/passes";
import { eventStore, memoryStore } from "../../web/core/storage";
import { EVENT, questionOf } from "./cases";
import { settle } from "./fakes";
import { Hall } from "./hall";
import { event, identity, item, seed } from "./identity";

const PASSES = [
  { nonce: "one", output: "1" },
  { nonce: "two", output: "2" },
];

async function gated(passes = PASSES): Promise<Hall> {
  const hall = new Hall(0, { admission: "tickets", seats: 5 });
  hall.member.value = false;
  keepPasses(eventStore(EVENT.id, hall.base), passes, hall.clock.now, () => 0.5);
  hall.outbox.admit();
  await hall.live();
  return hall;
}

const uses = (hall: Hall): string[] =>
  keptPasses(eventStore(EVENT.id, hall.base)).map(({ use }) => use);

test("nothing to send: the pass is told to nobody", async () => {
  const hall = await gated();
  await hall.clock.pass(600_000);
  assert.equal(hall.redeemed.length, 0);
  assert.equal(hall.outbox.admission, "waiting");
});

test("a question makes it a member by the first pass, 20 to 40 s after that was got", async () => {
  const hall = await gated();
  const got = hall.clock.now;
  hall.outbox.ask(1, "Darf ich?");
  hall.outbox.vote(7, true, 3);
  await hall.clock.pass(29_000);
  assert.deepEqual([hall.redeemed.length, hall.sent.length], [0, 0]);
  assert.equal(hall.outbox.own.value[0]?.refusal, null);
  assert.equal(hall.outbox.shownVotes(7, 3), 4);
  await hall.clock.pass(2_000);
  assert.deepEqual(hall.redeemed, [{ nonce: "one", at: got + 30_000 }]);
  assert.deepEqual(hall.texts, ["Darf ich?"]);
  assert.deepEqual([...hall.votes], [7]);
  assert.equal(hall.outbox.admission, "open");
  assert.deepEqual(uses(hall), ["own", "spare"]);
});

test("a reload does not shorten the wait, and the same pass is used again", async () => {
  const hall = await gated();
  hall.outbox.ask(1, "Darf ich?");
  await hall.clock.pass(15_000);
  hall.reload();
  await hall.clock.pass(10_000);
  assert.equal(hall.redeemed.length, 0);
  await hall.clock.pass(6_000);
  assert.equal(hall.redeemed.length, 1);
  hall.member.value = false; /* the server lost its secrets */
  hall.outbox.vote(7, true, 0);
  await hall.clock.pass(0);
  assert.deepEqual(hall.redeemed.map(({ nonce }) => nonce), ["one", "one"]);
});

test("a bad pass is put aside, the next one is taken", async () => {
  const hall = await gated();
  hall.badPasses.add("one");
  hall.outbox.ask(1, "Darf ich?");
  await hall.clock.pass(40_000);
  assert.deepEqual(uses(hall), ["bad", "own"]);
  assert.deepEqual(hall.texts, ["Darf ich?"]);
});

test("one that was handed on is nobody's here", async () => {
  const hall = await gated();
  markPass(eventStore(EVENT.id, hall.base), "one", "given");
  hall.outbox.admit();
  hall.outbox.ask(1, "Darf ich?");
  await hall.clock.pass(40_000);
  assert.deepEqual(hall.redeemed.map(({ nonce }) => nonce), ["two"]);
});

test("without a pass: said at once, and sent when one comes", async () => {
  const hall = await gated([]);
  hall.outbox.ask(1, "Darf ich?");
  hall.outbox.vote(7, true, 3);
  await settle();
  const [own] = hall.outbox.own.value;
  assert.deepEqual([own?.stage, own?.refusal], ["waiting", "members_only"]);
  assert.equal(hall.outbox.given(7), false, "a vote is taken back on the screen");
  assert.equal(hall.outbox.shownVotes(7, 3), 3);
  assert.equal(hall.outbox.admission, "closed");
  assert.equal(hall.sent.length, 0);
  assert.equal(await hall.outbox.admitted(), false);
  keepPasses(eventStore(EVENT.id, hall.base), PASSES, hall.clock.now, () => 0);
  hall.outbox.admit();
  assert.equal(hall.outbox.own.value[0]?.refusal, null);
  await hall.clock.pass(21_000);
  assert.deepEqual(hall.texts, ["Darf ich?"]);
});

test("what needs no member leaves at once", async () => {
  const hall = await gated([]);
  hall.member.value = true;
  hall.outbox.ask(1, "Darf ich?");
  await hall.clock.pass(0);
  hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0), text: "Darf ich?" }) });
  hall.member.value = false;
  hall.outbox.edit(hall.outbox.own.value[0]?.salt ?? "", "Darf man?");
  await hall.clock.pass(0);
  assert.deepEqual(hall.texts, ["Darf man?"]);
});

test("what was given is taken back without a seat, with or without a pass", async () => {
  const says = { name: "Anna", line: "", web: "", accounts: [], lists: false };
  for (const passes of [[], PASSES]) {
    for (const end of ["delete", "hide"]) {
      const hall = await gated(passes);
      hall.member.value = true;
      const person = hall.person();
      assert.equal((await person.save(says, true)).ok, true);
      hall.outbox.ask(1, "Darf ich?", 2);
      await hall.clock.pass(0);
      hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0), text: "Darf ich?" }) });
      await hall.clock.pass(0);
      assert.equal(hall.outbox.own.value[0]?.claim, "made");
      hall.member.value = false;
      const salt = hall.outbox.own.value[0]?.salt ?? "";
      hall.outbox.unclaim(salt);
      await hall.clock.pass(0);
      hall.outbox.withdraw(salt);
      const leaving = end === "delete" ? person.remove() : person.save(says, false);
      await hall.clock.pass(0);
      assert.equal(hall.cards.size, 0, end);
      assert.deepEqual(hall.texts, []);
      assert.deepEqual([hall.commands("unclaim").length, hall.commands("withdraw").length], [1, 1]);
      assert.equal(hall.redeemed.length, 0, "no pass was told for that");
      await hall.clock.pass(31_000);
      assert.equal((await leaving).ok, end === "delete" || passes.length > 0);
      assert.equal(person.card.value?.shown ?? null, end === "hide" && passes.length > 0 ? false : null);
    }
  }
});

test("a day after the end nobody needs to be a member", async () => {
  const hall = new Hall(0, { admission: "tickets", end: 100 });
  hall.member.value = false;
  await hall.live();
  assert.equal(hall.outbox.admission, "open");
});

test("a card waits for the pass", async () => {
  const hall = await gated();
  const says = { name: "Anna", line: "", web: "", accounts: [], lists: false };
  const saving = hall.person().save(says, true);
  await hall.clock.pass(31_000);
  assert.equal((await saving).ok, true);
  assert.equal(hall.redeemed.length, 1);
  const barred = await (await gated([])).person().save(says, true);
  assert.equal(barred.ok ? "" : barred.code, "members_only");
});

const vector = item(identity.passes, 0);

/* The server that made the vector, or one with something else in its answer. */
class Seller {
  readonly asked: unknown[] = [];
  answer: Result;

  constructor(more: object = {}) {
    const elements = vector.seats.map(({ evaluated }) => evaluated);
    this.answer = { ok: true, value: { elements, proof: vector.proof, ...more } };
  }

  readonly connection = {
    command: async (name: string, members: object): Promise<Result> => {
      this.asked.push([name, members]);
      return this.answer;
    },
  } as Connection;
}

const ORDER: Order = {
  event: toBase64(event),
  code: vector.ticket.replaceAll("-", ""),
  seats: vector.seats.length,
  keyHash: null,
  passKey: vector.public,
};

function wallet(): ReturnType<typeof eventStore> {
  const store = eventStore(ORDER.event, memoryStore());
  store.set("seed", toBase64(seed));
  return store;
}

test("a ticket buys its passes; bought again after a lost answer they are the same", async () => {
  const store = wallet();
  const seller = new Seller();
  const { asked, connection, answer } = seller;
  seller.answer = { ok: false, code: "offline", message: "" };
  assert.deepEqual(await buy(ORDER, connection, store), seller.answer);
  seller.answer = answer;
  assert.deepEqual(await buy(ORDER, connection, store), { ok: true, seats: vector.seats.length });
  assert.deepEqual(asked[0], asked[1]);
  const expected = vector.seats.map(({ nonce, output }) => ({ nonce, output, use: "spare" }));
  assert.deepEqual(
    keptPasses(store).map(({ nonce, output, use }) => ({ nonce, output, use })),
    expected,
  );
  const waits = keptPasses(store).map(({ from }) => from - Date.now());
  assert.ok(
    waits.every((ms) => ms > 15_000 && ms <= 40_000),
    String(waits),
  );
});

test("another key than the one on paper: nothing is asked", async () => {
  const { asked, connection } = new Seller();
  const bought = await buy({ ...ORDER, keyHash: new Uint8Array(16) }, connection, wallet());
  assert.deepEqual([bought.ok || bought.code, asked.length], ["other_key", 0]);
});

test("a wrong answer, or a refusal: nothing is kept", async () => {
  const store = wallet();
  for (const more of [{ proof: "A".repeat(86) }, { elements: [] }, { elements: 3 }, { proof: undefined }]) {
    const bought = await buy(ORDER, new Seller(more).connection, store);
    assert.equal(bought.ok || bought.code, "bad_proof", JSON.stringify(more));
  }
  for (const code of ["ticket_used", "offline"]) {
    const seller = new Seller();
    seller.answer = { ok: false, code, message: "" };
    assert.deepEqual(await buy(ORDER, seller.connection, store), seller.answer);
  }
  assert.deepEqual(keptPasses(store), []);
});

test("a second code is not used up while a good pass is here", async () => {
  const store = wallet();
  const { asked, connection } = new Seller();
  await buy(ORDER, connection, store);
  for (const use of ["spare", "own", "given"] as const) {
    keptPasses(store).forEach(({ nonce }) => markPass(store, nonce, use));
    const again = await buy({ ...ORDER, code: "0AB3CDEFGHJKMNPQ" }, connection, store);
    assert.deepEqual([again.ok || again.code, asked.length], ["have_pass", 1], use);
  }
  keptPasses(store).forEach(({ nonce }) => markPass(store, nonce, "bad"));
  assert.equal((await buy(ORDER, connection, store)).ok, true);
  assert.ok(keptPasses(store).every(({ use }) => use === "spare"));
  assert.equal(keptPasses(store).length, vector.seats.length);
});

test("a pass that comes anew replaces a bad one, or one with another output; else nothing changes", () => {
  const store = wallet();
  keepPasses(store, PASSES, 0, () => 0);
  markPass(store, "one", "own");
  markPass(store, "two", "bad");
  const kept = (): unknown[] =>
    keptPasses(store).map(({ nonce, output, use }) => `${nonce} ${output} ${use}`).sort();
  keepPasses(store, PASSES, 0, () => 0);
  assert.deepEqual(kept(), ["one 1 own", "two 2 spare"]);
  keepPasses(store, [{ nonce: "one", output: "9" }], 0, () => 0);
  assert.deepEqual(kept(), ["one 9 spare", "two 2 spare"]);
});
