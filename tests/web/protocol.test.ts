import assert from "node:assert/strict";
import test from "node:test";
import { parseServerMessage, parseSnapshot } from "../../web/core/protocol";
import { readCases, snapshotOf } from "./cases";

interface Case {
  name: string;
  message: unknown;
  expect: "ok" | "invalid";
}

for (const { name, message, expect } of readCases<Case[]>("frames.json")) {
  test(`message of the server: ${name}`, () => {
    assert.equal(parseServerMessage(JSON.stringify(message)) === null, expect !== "ok");
  });
}

for (const { name, message, expect } of readCases<Case[]>("snapshot.json")) {
  test(`snapshot: ${name}`, () => {
    assert.equal(parseSnapshot(JSON.stringify(message)) === null, expect !== "ok");
  });
}

test("what is no JSON is no message", () => {
  for (const raw of [
    "",
    "{",
    "null",
    "[]",
    "12",
    '"x"',
    '{"id":1}',
    '{"id":-1,"ok":{}}',
    '{"id":1,"ok":[]}',
  ]) {
    assert.equal(parseServerMessage(raw), null, raw);
  }
});

test("a question that may not be read has no text and no votes", () => {
  const snapshot = parseSnapshot(
    snapshotOf({
      questions: [{ n: 18, talk: 1, tag: "AAECAwQFBgc", state: "declined", rev: 0, reason: "off_topic" }],
    }),
  );
  const [question] = snapshot?.questions ?? [];
  assert.equal(question?.text, null);
  assert.equal(question?.votes, 0);
  assert.equal(question?.reason, "off_topic");
});

test("left-out members have their meaning", () => {
  const message = parseServerMessage(
    '{"from":1,"seq":2,"changes":[{"k":"question","n":1,"talk":1,"tag":"AAECAwQFBgc","state":"listed","rev":0,"votes":0,"minute":5,"text":"x"}]}',
  );
  assert.equal(message?.kind, "frame");
  const [change] = message?.kind === "frame" ? message.frame.changes : [];
  assert.ok(change?.k === "question");
  const { pinned, edited, degree, answer, reason } = change.question;
  assert.deepEqual(
    { pinned, edited, degree, answer, reason },
    { pinned: false, edited: false, degree: 0, answer: null, reason: null },
  );
});
