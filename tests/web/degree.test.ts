import { ed25519 } from "@noble/curves/ed25519.js";
import assert from "node:assert/strict";
import test from "node:test";
import { fromBase64 } from "../../web/core/encode";
import * as keys from "../../web/core/keys";
import { EVENT } from "./cases";
import { Hall } from "./hall";

test("the degree is asked for with the question, across a reload", async () => {
  const hall = new Hall();
  hall.outbox.ask(1, "Darf das hinaus?", 1);
  hall.reload();
  assert.equal(hall.outbox.own.value[0]?.degree, 1);
  await hall.live();
  assert.equal(hall.commands("ask")[0]?.members["degree"], 1);
});

test("another degree before it left is changed on the spot", async () => {
  const hall = new Hall();
  hall.outbox.ask(1, "Darf das hinaus?", 1);
  hall.outbox.setDegree(hall.outbox.own.value[0]?.salt ?? "", 0);
  await hall.live();
  assert.equal(hall.commands("ask")[0]?.members["degree"], 0);
  assert.equal(hall.commands("degree").length, 0);
});

async function asked(hall: Hall, text: string): Promise<string> {
  await hall.live();
  hall.outbox.ask(1, text);
  await hall.clock.pass(6_000);
  return hall.outbox.own.value[0]?.salt ?? "";
}

const stored = (hall: Hall): unknown => [...hall.questions.values()][0];

test("another degree later is signed, keeps its distance, and is known once it is taken", async () => {
  const hall = new Hall(5);
  const salt = await asked(hall, "Darf das hinaus?");
  hall.outbox.setDegree(salt, 1);
  await hall.clock.pass(0);
  const [turn] = hall.commands("degree");
  assert.deepEqual([turn?.members["rev"], turn?.members["degree"]], [1, 1]);
  const event = fromBase64(EVENT.id, 16) ?? new Uint8Array();
  const key = fromBase64(String(turn?.members["key"]), 32) ?? new Uint8Array();
  const sig = fromBase64(String(turn?.members["sig"]), 64) ?? new Uint8Array();
  assert.ok(ed25519.verify(sig, keys.degreeMessage(event, key, 1, 1), key));
  assert.deepEqual(stored(hall), { text: "Darf das hinaus?", rev: 1, degree: 1 });
  assert.deepEqual([hall.outbox.own.value[0]?.degree, hall.outbox.own.value[0]?.turn], [1, null]);
  hall.outbox.setDegree(salt, 0);
  await hall.clock.pass(4_000);
  assert.equal(hall.commands("degree").length, 1, "one step per release");
  await hall.clock.pass(2_000);
  assert.deepEqual(stored(hall), { text: "Darf das hinaus?", rev: 2, degree: 0 });
});

test("a degree whose answer was lost is sent again, and taken once", async () => {
  const hall = new Hall(0);
  const salt = await asked(hall, "Darf das hinaus?");
  hall.loseAnswers = true;
  hall.outbox.setDegree(salt, 1);
  await hall.clock.pass(0);
  hall.loseAnswers = false;
  hall.reload();
  assert.equal(hall.outbox.own.value[0]?.turn?.degree, 1);
  await hall.live();
  assert.deepEqual(stored(hall), { text: "Darf das hinaus?", rev: 1, degree: 1 });
  assert.equal(hall.outbox.own.value[0]?.turn, null);
});

test("edit and degree share the revisions, in whatever order they were made", async () => {
  for (const editFirst of [true, false]) {
    const hall = new Hall(0);
    const salt = await asked(hall, "Alt?");
    hall.status.value = "offline";
    const steps = [() => hall.outbox.edit(salt, "Neu?"), () => hall.outbox.setDegree(salt, 1)];
    (editFirst ? steps : steps.reverse()).forEach((step) => step());
    await hall.live();
    await hall.clock.pass(1_000);
    assert.deepEqual(stored(hall), { text: "Neu?", rev: 2, degree: 1 });
    const { edit, turn, rev, refusal } = hall.outbox.own.value[0] ?? {};
    assert.deepEqual({ edit, turn, rev, refusal }, { edit: null, turn: null, rev: 2, refusal: null });
  }
});

test("edited again while both wait: the text wins, the degree goes on from there", async () => {
  const hall = new Hall(0);
  const salt = await asked(hall, "Alt?");
  hall.status.value = "offline";
  hall.outbox.edit(salt, "Neu?");
  hall.outbox.setDegree(salt, 1);
  hall.outbox.edit(salt, "Ganz neu?");
  await hall.live();
  await hall.clock.pass(1_000);
  assert.deepEqual(stored(hall), { text: "Ganz neu?", rev: 2, degree: 1 });
});

test("taken back while the answer to going out is lost: it is back, whether it had arrived or not", async () => {
  for (const arrived of [true, false]) {
    const hall = new Hall(0);
    const salt = await asked(hall, "Doch nicht?");
    hall.loseAnswers = arrived;
    hall.refuse = arrived ? null : "offline";
    hall.outbox.setDegree(salt, 1);
    await hall.clock.pass(0);
    assert.equal(hall.outbox.own.value[0]?.turn?.tried, true);
    hall.loseAnswers = false;
    hall.refuse = null;
    hall.outbox.setDegree(salt, 0);
    await hall.live();
    await hall.clock.pass(10_000);
    assert.equal([...hall.questions.values()][0]?.degree, 0);
    assert.deepEqual([hall.outbox.own.value[0]?.turn, hall.outbox.own.value[0]?.refusal], [null, null]);
  }
});

test("withdrawing drops a degree that waits; questions kept before there were degrees still leave", async () => {
  const hall = new Hall(0);
  const salt = await asked(hall, "Weg damit?");
  hall.status.value = "offline";
  hall.outbox.setDegree(salt, 1);
  hall.outbox.withdraw(salt);
  await hall.live();
  assert.equal(hall.commands("degree").length, 0);
  assert.equal(hall.questions.size, 0);

  hall.status.value = "offline";
  hall.outbox.ask(1, "Von früher?");
  const name = hall.base.keys().find((key) => key.endsWith("/own")) ?? "";
  const kept = JSON.parse(hall.base.get(name) ?? "[]") as Record<string, unknown>[];
  hall.base.set(name, JSON.stringify(kept.map(({ degree: _, turn: __, ...rest }) => rest)));
  hall.reload();
  await hall.live();
  await hall.clock.pass(1_000);
  assert.equal(hall.commands("ask").at(-1)?.members["degree"], 0);
  assert.deepEqual(hall.texts, ["Von früher?"]);
});
