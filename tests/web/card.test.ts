import assert from "node:assert/strict";
import test from "node:test";
import {
  cardDeleteMessage,
  cardKey,
  cardMessage,
  claimMessage,
  interestMessage,
  postCode,
  textHash,
  unclaimMessage,
  type Claim,
} from "../../web/core/card";
import { toBase64 } from "../../web/core/encode";
import { questionKey, sign, type KeyPair } from "../../web/core/keys";
import { bytes, event, identity, item, seed } from "./identity";

const questionOf = (at: number): KeyPair =>
  questionKey(seed, event, bytes(item(identity.questions, at).salt, 16));
const cardOf = (at: number): KeyPair => cardKey(seed, event, item(identity.cards, at).index);
const signed = (pair: KeyPair, message: Uint8Array): string => toBase64(sign(pair, message));

for (const { about, index, key, rev, sig, delete: deleted, ...says } of identity.cards) {
  test(`card as the server has it: ${about}`, () => {
    const pair = cardKey(seed, event, index);
    assert.equal(toBase64(pair.key), key);
    assert.equal(signed(pair, cardMessage(event, pair.key, rev, says)), sig);
    assert.equal(signed(pair, cardDeleteMessage(event, pair.key, rev)), deleted);
  });
}

for (const vector of identity.claims) {
  test(`claim of question ${vector.question} by card ${vector.card}, rev ${vector.rev}`, () => {
    const [question, card] = [questionOf(vector.question), cardOf(vector.card)];
    const hash = textHash(event, item(identity.questions, vector.question).text);
    assert.equal(toBase64(hash), vector.hash);
    const { rev, minute } = vector;
    const claim: Claim = { key: question.key, card: card.key, rev, minute, hash };
    assert.equal(signed(question, claimMessage(event, "question", claim)), vector.sig);
    assert.equal(signed(card, claimMessage(event, "card", claim)), vector.card_sig);
    const taken = (side: "question" | "card"): Uint8Array =>
      unclaimMessage(event, side, question.key, card.key, rev);
    assert.equal(signed(question, taken("question")), vector.unclaim);
    assert.equal(signed(card, taken("card")), vector.card_unclaim);
  });
}

test("interest as the server has it", () => {
  for (const { card, number, minute, scope, sig } of identity.interests) {
    const pair = cardOf(card);
    assert.equal(signed(pair, interestMessage(event, pair.key, number, minute, scope)), sig);
  }
});

test("posting codes as the server has them", () => {
  for (const { question, card, salt, account, code } of identity.codes) {
    const [key, own] = [questionOf(question).key, cardOf(card).key];
    assert.equal(toBase64(postCode(event, key, own, bytes(salt, 16), account)), code);
  }
});

test("another index, another card; never a question's key", () => {
  const keys = [0, 1, 255].map((index) => toBase64(cardKey(seed, event, index).key));
  assert.equal(new Set([...keys, toBase64(questionKey(seed, event, Uint8Array.of(0)).key)]).size, 4);
});
