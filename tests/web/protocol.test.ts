import assert from "node:assert/strict";
import test from "node:test";
import { parseServerMessage, parseSnapshot } from "../../web/core/protocol";
import { EVENT, questionOf, readCases, snapshotOf } from "./cases";

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

test("what is out there: the public view's short form, and staff's long one", () => {
  const account = { id: 1, network: "mastodon", name: "@hro@a.example", limit: 500, link: 23 };
  const snapshot = parseSnapshot(
    snapshotOf({
      accounts: [account, { ...account, id: 2, state: "expired", server: "https://a.example", keeps: true }],
      questions: [
        questionOf(1, { degree: 1, open: true, posts: [{ account: 1, url: "https://a.example/1" }] }),
        questionOf(2, {
          posts: [{ account: 2, kind: "answer", state: "failed", act: "edit", trouble: "busy" }],
        }),
      ],
      left: [{ n: 3, account: 2, kind: "question", state: "deleted", act: "delete", emptied: true }],
      offers: ["mastodon", "bluesky"],
    }),
  );
  assert.ok(snapshot !== null);
  const [plain, staff] = snapshot.accounts;
  assert.deepEqual([plain?.state, plain?.server, plain?.url, plain?.keeps], [null, null, null, false]);
  assert.deepEqual([staff?.state, staff?.keeps], ["expired", true]);
  const [out, failed] = snapshot.questions.map(({ posts }) => posts[0]);
  assert.deepEqual(
    [out?.kind, out?.state, out?.act, out?.url],
    ["question", "sent", "post", "https://a.example/1"],
  );
  assert.deepEqual([failed?.kind, failed?.trouble, failed?.url], ["answer", "busy", null]);
  assert.deepEqual(
    snapshot.left.map(({ n, emptied }) => [n, emptied]),
    [[3, true]],
  );
  assert.deepEqual(snapshot.offers, ["mastodon", "bluesky"]);
});

test("no address that a browser would run, no degree and no network that nobody knows", () => {
  const account = { id: 1, network: "mastodon", name: "@hro@a.example", limit: 500, link: 23 };
  for (const bad of [
    { questions: [questionOf(1, { posts: [{ account: 1, url: "javascript:alert(1)" }] })] },
    { questions: [questionOf(1, { degree: 3 })] },
    { accounts: [{ ...account, network: "myspace" }] },
    { accounts: [{ ...account, url: "data:text/html,x" }] },
    { event: { ...EVENT, publish: "some" } },
    { event: { ...EVENT, offset: 0.5 } },
  ]) {
    assert.equal(parseSnapshot(snapshotOf(bad)), null, JSON.stringify(bad));
  }
});
