import assert from "node:assert/strict";
import test from "node:test";
import { Outbox } from "../../web/core/outbox";
import * as signing from "../../web/core/signing";
import { eventStore, forgetEvent, memoryStore } from "../../web/core/storage";
import { EVENT, questionOf } from "./cases";
import { settle } from "./fakes";
import { Hall } from "./hall";

test("a question is signed, sent and known to be sent", async () => {
  const hall = new Hall();
  await hall.live();
  hall.outbox.ask(1, "Warum?");
  await hall.clock.pass(0);
  assert.deepEqual(hall.texts, ["Warum?"]);
  const [ask] = hall.commands("ask");
  assert.equal(ask?.members["degree"], 0);
  assert.equal(String(ask?.members["sig"]).length, 86);
  assert.equal(hall.outbox.own.value[0]?.stage, "sent");
});

test("typed on dead Wi-Fi, sent once the network is back, across a reload", async () => {
  const hall = new Hall();
  hall.outbox.ask(1, "Gibt es die Folien?");
  await hall.clock.pass(60_000);
  assert.equal(hall.sent.length, 0);
  hall.reload();
  assert.equal(hall.outbox.own.value.length, 1);
  await hall.live();
  assert.deepEqual(hall.texts, ["Gibt es die Folien?"]);
  assert.equal(hall.commands("ask").length, 1);
});

test("an answer that was lost: sent again with the same key, so it is there once", async () => {
  const hall = new Hall();
  await hall.live();
  hall.loseAnswers = true;
  hall.outbox.ask(1, "Einmal?");
  await hall.clock.pass(0);
  assert.equal(hall.outbox.own.value[0]?.stage, "waiting");
  hall.loseAnswers = false;
  hall.reload();
  await hall.live();
  const asks = hall.commands("ask");
  assert.equal(asks.length, 2);
  assert.equal(asks[0]?.members["key"], asks[1]?.members["key"]);
  assert.equal(hall.questions.size, 1);
  assert.equal(hall.outbox.own.value[0]?.stage, "sent");
});

test("one ask per release", async () => {
  const hall = new Hall(5);
  ["Eins?", "Zwei?", "Drei?"].forEach((text) => hall.outbox.ask(1, text));
  await hall.live();
  await hall.clock.pass(60_000);
  const times = hall.commands("ask").map((each) => each.at);
  assert.equal(times.length, 3);
  assert.ok(
    times.every((at, i) => i === 0 || at - (times[i - 1] ?? 0) > 5_000),
    String(times),
  );
  assert.notEqual(hall.commands("ask")[0]?.members["salt"], hall.commands("ask")[1]?.members["salt"]);
});

test("the distance is kept across a reload", async () => {
  const hall = new Hall(5);
  await hall.live();
  hall.outbox.ask(1, "Eins?");
  await hall.clock.pass(0);
  hall.reload();
  hall.outbox.ask(1, "Zwei?");
  await hall.clock.pass(4_000);
  assert.equal(hall.commands("ask").length, 1);
  await hall.clock.pass(2_000);
  assert.equal(hall.commands("ask").length, 2);
});

test("an edit before it left changes the text on the spot", async () => {
  const hall = new Hall();
  hall.outbox.ask(1, "Alt?");
  hall.outbox.edit(hall.outbox.own.value[0]?.salt ?? "", "Neu?");
  await hall.live();
  assert.deepEqual(hall.texts, ["Neu?"]);
  assert.equal(hall.commands("edit").length, 0);
});

test("an edit of what may have arrived is signed with the next revision, and waits for the ask", async () => {
  const hall = new Hall(0);
  await hall.live();
  hall.loseAnswers = true;
  hall.outbox.ask(1, "Alt?");
  await hall.clock.pass(0);
  hall.outbox.edit(hall.outbox.own.value[0]?.salt ?? "", "Neu?");
  hall.loseAnswers = false;
  await hall.live();
  await hall.clock.pass(1_000);
  assert.deepEqual(
    hall.sent.map((each) => each.cmd),
    ["ask", "ask", "edit"],
  );
  assert.equal(hall.commands("edit")[0]?.members["rev"], 1);
  assert.deepEqual(hall.texts, ["Neu?"]);
  assert.equal(hall.outbox.own.value[0]?.text, "Neu?");
  hall.outbox.edit(hall.outbox.own.value[0]?.salt ?? "", "Noch neuer?");
  await hall.clock.pass(1_000);
  assert.equal(hall.commands("edit")[1]?.members["rev"], 2);
});

test("a stale edit takes the stored revision and goes again", async () => {
  const hall = new Hall(0);
  await hall.live();
  hall.outbox.ask(1, "Alt?");
  await hall.clock.pass(0);
  const [own] = hall.outbox.own.value;
  hall.questions.set(own?.key ?? "", { text: "In einem anderen Tab geändert?", rev: 3 });
  hall.outbox.edit(own?.salt ?? "", "Neu?");
  hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0), rev: 3 }) });
  await hall.clock.pass(1_000);
  assert.deepEqual(
    hall.commands("edit").map((each) => each.members["rev"]),
    [1, 4],
  );
  assert.deepEqual(hall.texts, ["Neu?"]);
});

/* Asked and edited, the edit acknowledged and not yet released. */
async function acknowledgedEdit(): Promise<[Hall, string]> {
  const hall = new Hall(0);
  await hall.live();
  hall.outbox.ask(1, "Alt?");
  await hall.clock.pass(0);
  const salt = hall.outbox.own.value[0]?.salt ?? "";
  hall.outbox.edit(salt, "Neu?");
  await hall.clock.pass(1_000);
  return [hall, salt];
}

/* Then the server dropped the edit, its revision with it. */
async function droppedEdit(): Promise<[Hall, string]> {
  const [hall, salt] = await acknowledgedEdit();
  hall.questions.set(hall.outbox.own.value[0]?.key ?? "", { text: "Alt?", rev: 0 });
  hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0), rev: 0, text: "Alt?" }) });
  await settle();
  return [hall, salt];
}

test("a stale withdrawal takes the stored revision, also a smaller one", async () => {
  const [hall, salt] = await droppedEdit();
  hall.outbox.withdraw(salt);
  await hall.clock.pass(1_000);
  assert.deepEqual(
    hall.commands("withdraw").map((each) => each.members["rev"]),
    [2, 1],
  );
  assert.equal(hall.questions.size, 0);
  assert.equal(hall.outbox.own.value.length, 0);
});

test("a stale edit takes the stored revision, also a smaller one", async () => {
  const [hall, salt] = await droppedEdit();
  hall.outbox.edit(salt, "Doch neu?");
  await hall.clock.pass(1_000);
  assert.deepEqual(
    hall.commands("edit").map((each) => each.members["rev"]),
    [1, 2, 1],
  );
  assert.deepEqual(hall.texts, ["Doch neu?"]);
});

test("stale at the stored revision too: no third try", async () => {
  const [hall, salt] = await droppedEdit();
  hall.questions.forEach((each) => (each.rev = 8));
  hall.outbox.withdraw(salt);
  await hall.clock.pass(700_000);
  assert.equal(hall.commands("withdraw").length, 2);
  assert.equal(hall.outbox.own.value[0]?.refusal, "stale");
  hall.outbox.edit(salt, "Noch einmal?");
  await hall.clock.pass(700_000);
  assert.equal(hall.commands("edit").length, 2);
});

test("an edit that came too late: its revision is shown with the text before it", async () => {
  const [hall] = await acknowledgedEdit();
  const tag = hall.tagOf(0);
  const shown = { tag, state: "answering", text: "Alt?" };
  hall.frame({ k: "question", ...questionOf(7, { ...shown, rev: 0 }) });
  await settle();
  assert.equal(hall.outbox.own.value[0]?.refusal, null, "not released yet");
  hall.frame({ k: "question", ...questionOf(7, { ...shown, rev: 1 }) });
  await settle();
  assert.equal(hall.outbox.own.value[0]?.refusal, "late");
  assert.equal(hall.outbox.own.value[0]?.text, "Alt?");
});

test("an edit in time is not called late", async () => {
  const [hall] = await acknowledgedEdit();
  hall.frame({ k: "question", n: 7, talk: 1, tag: hall.tagOf(0), state: "pending", rev: 1 });
  await settle();
  hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0), rev: 1, text: "Neu?" }) });
  await settle();
  assert.equal(hall.outbox.own.value[0]?.refusal, null);
});

test("withdrawn before it left: nobody ever hears of it", async () => {
  const hall = new Hall();
  hall.outbox.ask(1, "Nie?");
  hall.outbox.withdraw(hall.outbox.own.value[0]?.salt ?? "");
  await hall.live();
  assert.equal(hall.sent.length, 0);
  assert.equal(hall.outbox.own.value.length, 0);
});

test("withdrawals leave after their grace, and minutes apart", async () => {
  const hall = new Hall(0);
  await hall.live();
  ["Eins?", "Zwei?"].forEach((text) => hall.outbox.ask(1, text));
  await hall.clock.pass(1_000);
  const salts = hall.outbox.own.value.map((own) => own.salt);
  salts.forEach((salt) => hall.outbox.withdraw(salt, 8_000));
  await hall.clock.pass(7_000);
  assert.equal(hall.commands("withdraw").length, 0);
  hall.outbox.stay(salts[0] ?? "");
  hall.outbox.withdraw(salts[0] ?? "", 8_000);
  await hall.clock.pass(30_000);
  assert.equal(hall.commands("withdraw").length, 1);
  await hall.clock.pass(700_000);
  const times = hall.commands("withdraw").map((each) => each.at);
  assert.equal(times.length, 2);
  assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 60_000);
  assert.equal(hall.questions.size, 0);
  assert.equal(hall.outbox.own.value.length, 0);
});

test("the grace of a withdrawal holds over a reload and in another tab", async () => {
  const hall = new Hall(0);
  await hall.live();
  hall.outbox.ask(1, "Weg?");
  await hall.clock.pass(1_000);
  hall.outbox.withdraw(hall.outbox.own.value[0]?.salt ?? "", 8_000);
  await hall.clock.pass(3_000);
  hall.reload();
  await hall.live();
  await hall.clock.pass(4_000);
  assert.equal(hall.commands("withdraw").length, 0);
  await hall.clock.pass(2_000);
  assert.equal(hall.commands("withdraw").length, 1);
});

test("a withdrawal undone in time never leaves", async () => {
  const hall = new Hall(0);
  await hall.live();
  hall.outbox.ask(1, "Doch?");
  await hall.clock.pass(0);
  const salt = hall.outbox.own.value[0]?.salt ?? "";
  hall.outbox.withdraw(salt, 8_000);
  hall.outbox.stay(salt);
  await hall.clock.pass(900_000);
  assert.equal(hall.commands("withdraw").length, 0);
});

test("refused for good: kept with its code, sent again when asked to", async () => {
  const hall = new Hall(0);
  await hall.live();
  hall.refuse = "closed";
  hall.outbox.ask(1, "Zu spät?");
  await hall.clock.pass(120_000);
  const [own] = hall.outbox.own.value;
  assert.equal(hall.commands("ask").length, 1);
  assert.equal(own?.stage, "refused");
  assert.equal(own?.refusal, "closed");
  hall.refuse = null;
  hall.outbox.retry(own?.salt ?? "");
  await hall.clock.pass(0);
  assert.deepEqual(hall.texts, ["Zu spät?"]);
});

test("storage full: again every minute; too often: after the event's pause", async () => {
  for (const [code, pause] of [
    ["storage", 60_000],
    ["too_often", 20_000],
    ["busy", 5_000],
  ] as const) {
    const hall = new Hall(0);
    await hall.live();
    hall.refuse = code;
    hall.outbox.ask(1, "Noch mal?");
    await hall.clock.pass(1_000);
    assert.equal(hall.outbox.own.value[0]?.refusal, code);
    await hall.clock.pass(pause);
    assert.equal(hall.commands("ask").length, 2, code);
    hall.refuse = null;
    await hall.clock.pass(pause);
    assert.deepEqual(hall.texts, ["Noch mal?"]);
  }
});

test("votes: at once on the screen, in the end as wished, whatever is lost", async () => {
  const hall = new Hall();
  hall.frame({ k: "question", ...questionOf(7, { votes: 41 }) });
  await hall.live();
  hall.outbox.vote(7, true, 41);
  assert.equal(hall.outbox.given(7), true);
  assert.equal(hall.outbox.shownVotes(7, 41), 42, "before the server has counted");
  assert.equal(hall.outbox.shownVotes(7, 42), 42, "and not twice after");
  await hall.clock.pass(0);
  assert.deepEqual([...hall.votes], [7]);
  hall.loseAnswers = true;
  hall.outbox.vote(7, false, 42);
  await hall.clock.pass(0);
  hall.reload();
  assert.equal(hall.outbox.given(7), false);
  hall.loseAnswers = false;
  await hall.live();
  assert.deepEqual([...hall.votes], []);
  assert.deepEqual(
    hall.sent.map((each) => each.cmd),
    ["vote", "unvote", "unvote"],
  );
});

test("votes tapped without network arrive in their last state", async () => {
  const hall = new Hall();
  hall.outbox.vote(7, true, 0);
  hall.outbox.vote(7, false, 0);
  hall.outbox.vote(7, true, 0);
  hall.outbox.vote(9, true, 0);
  assert.equal(hall.outbox.shownVotes(7, 0), 1);
  await hall.live();
  assert.deepEqual([...hall.votes].sort(), [7, 9]);
  assert.equal(hall.sent.length, 2);
});

test("a refused vote is taken back on the screen", async () => {
  const hall = new Hall();
  await hall.live();
  hall.refuse = "closed";
  hall.outbox.vote(7, true, 3);
  await hall.clock.pass(0);
  assert.equal(hall.outbox.given(7), false);
  assert.equal(hall.outbox.shownVotes(7, 3), 3);
});

test("what became of it: seen, then wiped or withdrawn elsewhere", async () => {
  const hall = new Hall(0);
  await hall.live();
  hall.outbox.ask(1, "Noch da?");
  await hall.clock.pass(0);
  hall.frame({ k: "question", n: 7, talk: 1, tag: hall.tagOf(0), state: "pending", rev: 0 });
  await settle();
  assert.notEqual(hall.outbox.own.value[0]?.seen, null);
  hall.frame({ k: "wiped" });
  await settle();
  assert.equal(hall.outbox.own.value.length, 0);
});

test("a lost answer, but the question is seen: that is an answer too", async () => {
  const hall = new Hall(0);
  await hall.live();
  hall.loseAnswers = true;
  hall.outbox.ask(1, "Angekommen?");
  await hall.clock.pass(0);
  hall.frame({ k: "question", ...questionOf(7, { tag: hall.tagOf(0) }) });
  await settle();
  assert.equal(hall.outbox.own.value[0]?.stage, "sent");
  hall.loseAnswers = false;
  await hall.live();
  assert.equal(hall.commands("ask").length, 1);
});

test("keys that did not load are loaded at a later try", async () => {
  const hall = new Hall(0);
  let tries = 0;
  const outbox = new Outbox({
    connection: { ...hall["connection"]() },
    store: { ...eventStore("other", memoryStore()), watch: () => () => undefined },
    signing: async () => {
      tries += 1;
      if (tries === 1) {
        throw new Error("offline");
      }
      return signing;
    },
    now: () => hall.clock.now,
    after: hall.clock.after,
  });
  await hall.live();
  outbox.ask(1, "Später?");
  await hall.clock.pass(10_000);
  assert.equal(tries, 2);
  assert.deepEqual(hall.texts, ["Später?"]);
});

/* What is kept of the event after everything of it was forgotten. */
async function leftBehind(hall: Hall, begin: () => void): Promise<string[]> {
  begin();
  forgetEvent(EVENT.id, hall.base);
  hall.outbox.close();
  await hall.clock.pass(120_000);
  return hall.base.keys();
}

test("forgotten while something is under way: nothing comes back, and nothing more is sent", async () => {
  const hall = new Hall(0);
  await hall.live();
  assert.deepEqual(await leftBehind(hall, () => hall.outbox.ask(1, "Vergessen?")), []);
  assert.deepEqual(hall.texts, []);
  for (const begin of [
    (each: Hall) => each.outbox.vote(7, true, 3),
    (each: Hall) => {
      each.outbox.ask(1, "Eins?");
      each.outbox.ask(1, "Zwei?");
    },
  ]) {
    const other = new Hall(5);
    await other.live();
    assert.deepEqual(await leftBehind(other, () => begin(other)), []);
    assert.ok(other.sent.length <= 1);
  }
});
