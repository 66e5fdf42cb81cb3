import { signal } from "@preact/signals";
import assert from "node:assert/strict";
import test from "node:test";
import type { Connection, Status } from "../../web/core/connection";
import { parseServerMessage, parseSnapshot, type Change } from "../../web/core/protocol";
import { createState } from "../../web/core/state";
import { ModeratorDesk } from "../../web/pages/moderator/desk";
import { EVENT, questionOf, snapshotOf } from "./cases";
import { settle } from "./fakes";

const TALKS = [
  { id: 1, title: "Eins", open: true },
  { id: 2, title: "Zwei", open: true },
];

/* A desk with a server that says yes to everything. */
function desk(...questions: object[]) {
  const state = createState();
  const snapshot = parseSnapshot(snapshotOf({ event: EVENT, talks: TALKS, current: 1, questions }));
  assert.ok(snapshot !== null);
  state.applySnapshot(snapshot);
  const sent: object[] = [];
  const connection: Connection = {
    state,
    status: signal<Status>("live"),
    offlineSince: signal(null),
    ended: signal(null),
    minute: () => 0,
    close: () => undefined,
    command: async (cmd, members) => {
      sent.push({ cmd, ...members });
      return { ok: true, value: {} };
    },
  };
  return { desk: new ModeratorDesk(connection), state, sent };
}

const back = { cmd: "move", n: 1, from: "answering", to: "listed", rev: 0 };

test("undoing `now` gives the floor back in its own talk only", async () => {
  const moderated = desk(
    questionOf(1, { talk: 1 }),
    questionOf(2, { talk: 2, state: "answering" }),
    questionOf(3, { talk: 1, state: "answering" }),
  );
  moderated.desk.act("now", 1);
  await settle();
  await moderated.desk.doing.undo();
  assert.deepEqual(moderated.sent.slice(1), [
    back,
    { cmd: "move", n: 3, from: "answered", to: "answering", rev: 0 },
  ]);
  moderated.desk.close();
});

test("no question has the floor in this talk: undoing `now` gives it to none", async () => {
  const moderated = desk(questionOf(1, { talk: 1 }), questionOf(2, { talk: 2, state: "answering" }));
  moderated.desk.act("now", 1);
  await settle();
  await moderated.desk.doing.undo();
  assert.deepEqual(moderated.sent.slice(1), [back]);
  moderated.desk.close();
});

test("who has the floor is asked of the newest model, not of the one that is drawn", async () => {
  const moderated = desk(questionOf(1), questionOf(3, { state: "answering" }));
  const drawn = moderated.desk.model.peek();
  const seq = drawn?.seq ?? 0;
  const changes = [
    { k: "question", ...questionOf(3, { state: "answered" }) },
    { k: "question", ...questionOf(4, { state: "answering" }) },
  ];
  const message = parseServerMessage(JSON.stringify({ from: seq, seq: seq + 1, changes }));
  assert.ok(message?.kind === "frame");
  moderated.state.applyFrame({ ...message.frame, changes: message.frame.changes as Change[] });
  moderated.desk.model.value = drawn; /* as while votes are held back */
  moderated.desk.act("now", 1);
  await settle();
  await moderated.desk.doing.undo();
  assert.deepEqual(moderated.sent.slice(1), [
    back,
    { cmd: "move", n: 4, from: "answered", to: "answering", rev: 0 },
  ]);
  moderated.desk.close();
});

test("the revision sent is that of the text as drawn", async () => {
  const moderated = desk(questionOf(1, { state: "pending", rev: 3 }));
  const drawn = moderated.desk.model.peek();
  const seq = drawn?.seq ?? 0;
  const changes = [{ k: "question", ...questionOf(1, { state: "pending", rev: 4 }) }];
  const message = parseServerMessage(JSON.stringify({ from: seq, seq: seq + 1, changes }));
  assert.ok(message?.kind === "frame");
  moderated.state.applyFrame({ ...message.frame, changes: message.frame.changes as Change[] });
  moderated.desk.model.value = drawn; /* as until the page has drawn the new text */
  moderated.desk.act("approve", 1);
  await settle();
  assert.deepEqual(moderated.sent, [{ cmd: "move", n: 1, from: "pending", to: "listed", rev: 3 }]);
  moderated.desk.close();
});

test("an undo that comes before the server's answer means the act under way", async () => {
  const moderated = desk(questionOf(1), questionOf(2));
  moderated.desk.act("now", 1);
  await settle();
  moderated.desk.act("hide", 2);
  await moderated.desk.doing.undo();
  assert.deepEqual(moderated.sent.at(-1), { cmd: "move", n: 2, from: "hidden", to: "listed", rev: 0 });
  moderated.desk.close();
});
