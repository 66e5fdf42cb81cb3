import assert from "node:assert/strict";
import test from "node:test";
import { circleAfter, circleGrew, type Circle } from "../../web/core/circle";
import type { Card } from "../../web/core/people";
import type { Model } from "../../web/core/state";
import { questionOf } from "./cases";
import { Hall } from "./hall";
import { cardOf } from "./people";

const N = 7;
const BO = cardOf({ tag: "AQEBAQEBAQE", name: "Bo" });
const CEM = cardOf({ tag: "AgICAgICAgI", name: "Cem" });
const DAN = cardOf({ tag: "AwMDAwMDAwM", name: "Dan" });
const four: Circle = { count: 4, cards: [BO, CEM, DAN] };

const said = ({ tag, key, rev, name, minute }: Card): object => ({
  k: "card",
  ...{ tag, key, rev, name, minute, accounts: [], questions: [] },
});
const interest = (count: number, more: object = {}): object => ({
  k: "question",
  ...questionOf(N, { interest: count === 0 ? undefined : count, ...more }),
});

/* A room in which so many are interested, and these cards are published. */
function room(count: number, ...published: Card[]): Hall {
  const hall = new Hall();
  hall.frame(interest(count), ...published.map(said));
  return hall;
}

const model = (hall: Hall): Model => hall.state.model.peek() as Model;

function after(hall: Hall, circle: Circle, ...changes: object[]): Circle | null {
  const was = model(hall);
  hall.frame(...changes);
  return circleAfter(circle, N, was, model(hall));
}

const names = (circle: Circle | null): string[] | undefined => circle?.cards.map(({ name }) => name);

test("somebody left whom nothing names: nobody stays", () => {
  assert.equal(after(room(4), four, interest(3)), null);
  assert.equal(after(room(3), { count: 3, cards: [BO, CEM] }, interest(0)), null);
});

test("a published card that is deleted goes alone", () => {
  const hall = room(4, BO);
  const left = after(hall, four, { k: "card_gone", tag: BO.tag }, interest(3));
  assert.deepEqual([left?.count, names(left)], [3, ["Cem", "Dan"]]);
  assert.equal(left && after(hall, left, interest(0)), null);
});

test("a published card that goes while an unnamed one leaves: nobody stays", () => {
  assert.equal(after(room(5, BO), four, { k: "card_gone", tag: BO.tag }, interest(3)), null);
});

test("a moderator takes one away, and below three nobody stays", () => {
  const left = after(room(4, BO), four, { k: "card_gone", tag: BO.tag });
  assert.deepEqual([left?.count, names(left)], [3, ["Cem", "Dan"]]);
  const three = { count: 3, cards: [BO, CEM] };
  assert.equal(after(room(3, BO), three, { k: "card_gone", tag: BO.tag }), null);
});

test("one left and another came in one frame with one's own coming", () => {
  assert.equal(after(room(3), four, interest(3)), null);
});

test("what changes nothing, or comes later than the answer, takes nobody away", () => {
  const hall = room(3);
  assert.deepEqual(names(after(hall, four, interest(4))), ["Bo", "Cem", "Dan"]);
  assert.deepEqual(names(after(hall, four, { k: "votes", v: [[N, 12]] })), ["Bo", "Cem", "Dan"]);
  assert.deepEqual(names(after(hall, four, { k: "gone", n: 8 })), ["Bo", "Cem", "Dan"]);
  const nobody = { count: 0, cards: [] };
  assert.equal(after(hall, nobody, interest(0)), nobody);
});

test("the question goes, or what it is about is no longer shown", () => {
  assert.equal(after(room(4), four, { k: "gone", n: N }), null);
  assert.equal(after(room(4), four, interest(0, { state: "hidden" })), null);
});

test("a card that says something else says so here", () => {
  const now = { ...BO, rev: 2, name: "Bo aus Warnemünde" };
  assert.deepEqual(names(after(room(4, BO), four, said(now))), ["Bo aus Warnemünde", "Cem", "Dan"]);
});

test("more than were told of: said, but not for one's own coming", () => {
  const hall = room(3);
  const grew = (circle: Circle, count: number): boolean => {
    const was = model(hall);
    hall.frame(interest(count));
    return circleGrew(circle, N, was, model(hall));
  };
  assert.equal(grew(four, 4), false);
  assert.equal(grew(four, 5), true);
  assert.equal(grew(four, 5), false, "said once");
  assert.equal(grew({ count: 0, cards: [] }, 6), true);
});
