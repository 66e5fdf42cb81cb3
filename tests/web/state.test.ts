import assert from "node:assert/strict";
import test from "node:test";
import { parseServerMessage, parseSnapshot, type Frame } from "../../web/core/protocol";
import {
  createState,
  currentTalk,
  modelFromSnapshot,
  questionsInOrder,
  questionsOfState,
  reduceFrame,
  type Model,
} from "../../web/core/state";
import { answeringNow, freshCount, ledgerOf, orderChanged, showNow } from "../../web/pages/audience/shown";
import { EVENT, questionOf, snapshotOf } from "./cases";

function modelOf(more: object = {}): Model {
  const snapshot = parseSnapshot(snapshotOf(more));
  assert.ok(snapshot !== null);
  return modelFromSnapshot(snapshot);
}

function frameOf(from: number, seq: number, changes: object[], present?: number): Frame {
  const message = parseServerMessage(
    JSON.stringify({ from, seq, changes, ...(present === undefined ? {} : { present }) }),
  );
  assert.ok(message?.kind === "frame");
  return message.frame;
}

function after(model: Model, ...frames: Frame[]): Model {
  return frames.reduce((now, frame) => {
    const next = reduceFrame(now, frame);
    assert.ok(next !== "gap");
    return next;
  }, model);
}

const numbers = (questions: readonly { n: number }[]): number[] => questions.map((each) => each.n);

test("a frame's changes are laid over the model, which itself stays as it was", () => {
  const before = modelOf({ questions: [questionOf(1)], orders: [[1, [1]]] });
  const now = after(
    before,
    frameOf(15, 18, [
      { k: "question", ...questionOf(2, { votes: 4 }) },
      {
        k: "votes",
        v: [
          [1, 7],
          [99, 1],
        ],
      },
      { k: "order", talk: 1, order: [2, 1] },
    ]),
  );
  assert.equal(now.seq, 18);
  assert.equal(now.questions.get(1)?.votes, 7);
  assert.equal(now.questions.get(2)?.votes, 4);
  assert.equal(now.questions.has(99), false, "a total alone makes no question");
  assert.deepEqual(now.orders.get(1), [2, 1]);
  assert.equal(before.questions.size, 1);
  assert.equal(before.questions.get(1)?.votes, 0);
});

test("a question replaces all that was known of it", () => {
  const before = modelOf({ questions: [questionOf(1, { pinned: true, answer: "Ja." })] });
  const now = after(before, frameOf(15, 16, [{ k: "question", ...questionOf(1) }]));
  assert.equal(now.questions.get(1)?.pinned, false);
  assert.equal(now.questions.get(1)?.answer, null);
});

test("a missing frame is noticed", () => {
  assert.equal(reduceFrame(modelOf(), frameOf(16, 17, [])), "gap");
  const state = createState();
  assert.equal(state.applyFrame(frameOf(0, 1, [])), false, "no frame before the first snapshot");
});

test("a frame over a later snapshot does no harm, and never turns seq back", () => {
  const model = modelOf({ questions: [questionOf(1, { votes: 9 })] });
  const now = after(model, frameOf(10, 14, [{ k: "votes", v: [[1, 9]] }]));
  assert.equal(now.seq, 15);
  assert.equal(now.questions.get(1)?.votes, 9);
});

test("late totals and presence come without a step of seq", () => {
  const model = modelOf({ questions: [questionOf(1)] });
  const now = after(model, frameOf(15, 15, [{ k: "votes", v: [[1, 3]] }]), frameOf(15, 15, [], 143));
  assert.equal(now.seq, 15);
  assert.equal(now.questions.get(1)?.votes, 3);
  assert.equal(now.present, 143);
  assert.equal(after(now, frameOf(15, 15, [], 0)).present, 0);
  assert.equal(after(now, frameOf(15, 16, [{ k: "wiped" }])).present, 143, "untold presence stays");
});

test("withdrawn, wiped, talks and settings", () => {
  const model = modelOf({ questions: [questionOf(1), questionOf(2)], orders: [[1, [1, 2]]] });
  const gone = after(model, frameOf(15, 16, [{ k: "gone", n: 1 }]));
  assert.deepEqual([...gone.questions.keys()], [2]);
  const wiped = after(gone, frameOf(16, 17, [{ k: "wiped" }, { k: "question", ...questionOf(3) }]));
  assert.deepEqual([...wiped.questions.keys()], [3], "numbers go on");
  const talks = [
    { id: 2, title: "Zwei", open: false },
    { id: 1, title: "Eins", open: true },
  ];
  const moved = after(wiped, frameOf(17, 18, [{ k: "talks", talks, current: 2 }]));
  assert.equal(currentTalk(moved)?.title, "Zwei");
  const renamed = after(moved, frameOf(18, 19, [{ k: "event", event: { ...EVENT, title: "Neu" } }]));
  assert.equal(renamed.event.title, "Neu");
});

test("accounts and what is left of gone questions come whole each time", () => {
  const account = { id: 1, network: "bluesky", name: "@hro.example", limit: 300, link: 0 };
  const left = { n: 3, account: 1, kind: "question", state: "ready", act: "delete" };
  const model = modelOf({ accounts: [account], offers: ["x"] });
  const now = after(
    model,
    frameOf(15, 17, [
      { k: "accounts", accounts: [account, { ...account, id: 2 }] },
      { k: "left", left: [left] },
    ]),
  );
  assert.deepEqual(
    now.accounts.map(({ id }) => id),
    [1, 2],
  );
  assert.deepEqual(numbers(now.left), [3]);
  assert.deepEqual(now.offers, ["x"]);
  const later = after(now, frameOf(17, 18, [{ k: "left", left: [] }]));
  assert.deepEqual([later.left.length, later.accounts.length], [0, 2]);
  assert.equal(later.accounts, now.accounts, "the same list, so that rows need no new drawing");
});

const mixed = modelOf({
  questions: [
    questionOf(1, { votes: 5 }),
    questionOf(2, { votes: 9 }),
    questionOf(3, { votes: 5 }),
    questionOf(4, { votes: 0, state: "answering" }),
    questionOf(5, { votes: 1, pinned: true }),
    questionOf(6, { votes: 2, pinned: true }),
    questionOf(7, { state: "answered", answer: "Ja." }),
    questionOf(8, { talk: 2 }),
    { n: 9, talk: 1, tag: "AAECAwQFBgc", state: "declined", rev: 0, reason: "rude" },
    { n: 10, talk: 1, tag: "AAECAwQFBgc", state: "pending", rev: 0 },
    { n: 11, talk: 1, tag: "AAECAwQFBgc", state: "hidden", rev: 0 },
  ],
  orders: [[1, [3, 4, 6, 2, 5]]],
});

test("answering first, then pinned, then the rest, each by the order chosen", () => {
  assert.deepEqual(numbers(questionsInOrder(mixed, 1, "top")), [4, 6, 5, 2, 1, 3]);
  assert.deepEqual(numbers(questionsInOrder(mixed, 1, "new")), [4, 6, 5, 3, 2, 1]);
  assert.deepEqual(numbers(questionsInOrder(mixed, 1, "fair")), [4, 6, 5, 3, 2, 1], "without a place: last");
  assert.deepEqual(numbers(questionsOfState(mixed, 1, "answered")), [7]);
  assert.equal(answeringNow(mixed, 1)?.n, 4);
  assert.equal(answeringNow(mixed, 2), undefined);
});

test("the list stands still while the model moves on", () => {
  const shown = showNow(mixed, 1, "top");
  assert.deepEqual(shown.numbers, [6, 5, 2, 1, 3]);
  const voted = after(mixed, frameOf(15, 16, [{ k: "votes", v: [[3, 50]] }]));
  assert.equal(orderChanged(voted, shown), true);
  assert.equal(freshCount(voted, shown, new Set()), 0);
  const grown = after(
    mixed,
    frameOf(15, 16, [
      { k: "question", ...questionOf(12) },
      { k: "question", ...questionOf(13) },
    ]),
  );
  assert.equal(freshCount(grown, shown, new Set([13])), 1, "own ones are seen anyway");
  assert.equal(orderChanged(grown, shown), false, "new ones alone are no new order");
  assert.deepEqual(showNow(grown, 1, "new").numbers.slice(0, 4), [6, 5, 13, 12]);
  const left = after(mixed, frameOf(15, 16, [{ k: "question", ...questionOf(2, { state: "answered" }) }]));
  assert.equal(orderChanged(left, shown), false);
});

test("everything that came in is counted", () => {
  const { received, shown, declined, pending, hidden } = ledgerOf(mixed, 1);
  assert.deepEqual({ received, shown, pending, hidden }, { received: 10, shown: 7, pending: 1, hidden: 1 });
  assert.deepEqual(
    declined.map((each) => each.reason),
    ["rude"],
  );
});
