import assert from "node:assert/strict";
import test from "node:test";
import type { Question, QuestionState } from "../../web/core/protocol";
import type { Model } from "../../web/core/state";
import { actAllowed, actOn, type ActDetails, type ActName } from "../../web/pages/moderator/acts";
import { arrange, neighbour, type Arrangement, type Desk } from "../../web/pages/moderator/columns";

function question(n: number, state: QuestionState, more: Partial<Question> = {}): Question {
  return {
    n,
    state,
    talk: 1,
    tag: "AAAAAAAAAAA",
    rev: 0,
    votes: 0,
    minute: 0,
    text: `Frage ${n}?`,
    pinned: false,
    edited: false,
    degree: 0,
    answer: null,
    reason: null,
    ...more,
  };
}

function model(...questions: Question[]): Model {
  return {
    seq: 1,
    event: {
      id: "AAAAAAAAAAAAAAAAAAAAAA",
      slug: "hro",
      title: "T",
      hashtags: ["H"],
      language: "de",
      start: 0,
      end: 9,
      moderation: "before",
      release: 5,
      ask_burst: 3,
      ask_seconds: 20,
      retention: 30,
    },
    talks: [{ id: 1, title: "T", open: true }],
    current: 1,
    questions: new Map(questions.map((each) => [each.n, each])),
    orders: new Map([[1, [2, 3, 1]]]),
    present: 0,
    url: "https://raute.example",
  };
}

const rest: Arrangement = {
  talk: 1,
  order: "top",
  settled: false,
  reveal: false,
  own: new Set(),
  selection: null,
};
const shown = (desk: Desk): [readonly number[], readonly number[], readonly number[], readonly number[]] => [
  desk.incoming,
  desk.fresh,
  desk.list,
  desk.done,
];

test("first: everything in its column, the newest incoming first, the list by votes, answering and pinned above", () => {
  const desk = arrange(
    null,
    model(
      question(1, "pending"),
      question(2, "pending"),
      question(3, "listed", { votes: 4 }),
      question(4, "listed", { votes: 9 }),
      question(5, "listed", { votes: 4 }),
      question(6, "listed", { pinned: true }),
      question(7, "answering"),
      question(8, "declined"),
      question(9, "hidden"),
      question(10, "answered"),
    ),
    rest,
  );
  assert.deepEqual(shown(desk), [[2, 1], [], [7, 6, 4, 3, 5], [10, 9, 8]]);
});

test("a new pending question waits behind the strip until it is asked for, or until nothing else is there", () => {
  const before = arrange(null, model(question(1, "pending")), rest);
  const two = model(question(1, "pending"), question(2, "pending"));
  assert.deepEqual(shown(arrange(before, two, rest)).slice(0, 2), [[1], [2]]);
  assert.deepEqual(shown(arrange(before, two, { ...rest, reveal: true })).slice(0, 2), [[2, 1], []]);
  const decided = model(question(1, "listed"), question(2, "pending"));
  assert.deepEqual(shown(arrange(before, decided, rest)).slice(0, 2), [[2], []]);
});

test("what our own hand brought back needs no strip and takes its place", () => {
  const before = arrange(
    null,
    model(question(1, "pending"), question(3, "pending"), question(2, "listed")),
    rest,
  );
  const back = model(question(1, "pending"), question(3, "pending"), question(2, "pending"));
  assert.deepEqual(arrange(before, back, { ...rest, own: new Set([2]) }).incoming, [3, 2, 1]);
  assert.deepEqual(arrange(before, back, rest).fresh, [2]);
});

test("votes change no place until the desk has settled; new ones stand below, the answered one goes up at once", () => {
  const before = arrange(
    null,
    model(question(1, "listed", { votes: 5 }), question(2, "listed", { votes: 1 })),
    rest,
  );
  const later = model(
    question(1, "listed", { votes: 5 }),
    question(2, "listed", { votes: 8 }),
    question(3, "listed", { votes: 9 }),
  );
  assert.deepEqual(arrange(before, later, rest).list, [1, 2, 3]);
  assert.deepEqual(arrange(before, later, { ...rest, settled: true }).list, [3, 2, 1]);
  const now = model(question(1, "listed", { votes: 5 }), question(2, "answering", { votes: 8 }));
  assert.deepEqual(arrange(before, now, rest).list, [2, 1]);
});

test("the selected question keeps its place when somebody else has moved it", () => {
  const before = arrange(
    null,
    model(question(1, "pending"), question(2, "pending"), question(3, "pending")),
    rest,
  );
  const moved = model(question(1, "pending"), question(2, "listed"), question(3, "pending"));
  const selected = { ...rest, selection: { column: "incoming", n: 2 } } as const;
  assert.deepEqual(arrange(before, moved, selected).incoming, [3, 2, 1]);
  assert.deepEqual(arrange(before, moved, rest).incoming, [3, 1]);
  const withdrawn = model(question(1, "pending"), question(3, "pending"));
  assert.deepEqual(arrange(before, withdrawn, selected).incoming, [3, 2, 1]);
});

test("orders fair and new; questions of another talk only when all are wanted", () => {
  const all = model(
    question(1, "listed"),
    question(2, "listed"),
    question(3, "listed"),
    question(4, "listed", { talk: 2 }),
  );
  assert.deepEqual(arrange(null, all, { ...rest, order: "fair" }).list, [2, 3, 1]);
  assert.deepEqual(arrange(null, all, { ...rest, order: "new" }).list, [3, 2, 1]);
  assert.deepEqual(arrange(null, all, { ...rest, order: "new", talk: null }).list, [4, 3, 2, 1]);
});

test("what is done last stands first", () => {
  const before = arrange(null, model(question(1, "listed"), question(9, "declined")), rest);
  assert.deepEqual(
    arrange(before, model(question(1, "answered"), question(9, "declined")), rest).done,
    [1, 9],
  );
});

test("the neighbour is the next row, else the one before, else none", () => {
  assert.equal(neighbour([5, 3, 1], 3), 1);
  assert.equal(neighbour([5, 3, 1], 1), 3);
  assert.equal(neighbour([5], 5), null);
});

test("each act's undo is the same move the other way round", () => {
  const pending = question(7, "pending");
  assert.deepEqual(actOn("approve", pending)?.forward, {
    cmd: "move",
    n: 7,
    from: "pending",
    to: "listed",
    rev: 0,
  });
  assert.deepEqual(actOn("approve", pending)?.back, [{ cmd: "move", n: 7, from: "listed", to: "pending" }]);
  const declined = question(7, "declined", { reason: "rude" });
  assert.deepEqual(actOn("restore", declined)?.back, [
    { cmd: "move", n: 7, from: "pending", to: "declined", reason: "rude" },
  ]);
  const answered = question(7, "answered", { answer: "Ja." });
  assert.deepEqual(actOn("answer", answered, { answer: "Nein." })?.back, [
    { cmd: "move", n: 7, from: "answered", to: "answered", rev: 0, answer: "Ja." },
  ]);
});

test("declining needs a reason: the quick one is `other`", () => {
  const pending = question(7, "pending");
  assert.deepEqual(actOn("decline", pending)?.forward, {
    cmd: "move",
    n: 7,
    from: "pending",
    to: "declined",
    reason: "other",
  });
  assert.equal(actOn("decline", pending, { reason: "duplicate" })?.reason, "duplicate");
});

test("undoing `now` gives the floor back to the question that had it", () => {
  const act = actOn("now", question(7, "listed"), { answering: question(3, "answering") });
  assert.deepEqual(act?.back, [
    { cmd: "move", n: 7, from: "answering", to: "listed", rev: 0 },
    { cmd: "move", n: 3, from: "answered", to: "answering", rev: 0 },
  ]);
});

test("undoing what ended a pinned question pins it again", () => {
  const act = actOn("hide", question(7, "listed", { pinned: true }));
  assert.deepEqual(act?.back, [
    { cmd: "move", n: 7, from: "hidden", to: "listed", rev: 0 },
    { cmd: "pin", n: 7, on: true },
  ]);
});

test("what is to be shown names the revision that was read, there and back; what is not, names none", () => {
  const revs = (name: ActName, state: QuestionState, details: ActDetails = {}) => {
    const act = actOn(name, question(7, state, { rev: 4 }), details);
    const steps = act === null ? [] : [act.forward, ...act.back];
    return steps.map((step) => (step.cmd === "move" ? (step.rev ?? null) : undefined));
  };
  assert.deepEqual(revs("approve", "pending"), [4, null]);
  assert.deepEqual(revs("approve", "declined"), [4, null]);
  assert.deepEqual(revs("decline", "pending"), [null, null]);
  assert.deepEqual(revs("decline", "listed"), [null, 4]);
  assert.deepEqual(revs("hide", "answered"), [null, 4]);
  assert.deepEqual(revs("restore", "hidden"), [4, null]);
  assert.deepEqual(revs("answered", "listed"), [4, 4]);
  const answering = question(3, "answering", { rev: 2 });
  assert.deepEqual(revs("now", "listed", { answering }), [4, 4, 2]);
});

test("no act where the protocol has no move", () => {
  const allowed: Record<QuestionState, string> = {
    pending: "approve decline",
    listed: "decline now answered answer pin hide restore",
    answering: "answered answer pin hide restore",
    answered: "now answer hide restore",
    declined: "approve restore",
    hidden: "now answered answer restore",
  };
  const names = ["approve", "decline", "now", "answered", "answer", "pin", "hide", "restore"] as const;
  for (const [state, wanted] of Object.entries(allowed)) {
    const could = names.filter((name) => actAllowed(name, question(1, state as QuestionState)));
    assert.equal(could.join(" "), wanted, state);
  }
  assert.equal(actOn("pin", question(1, "pending")), null);
});
