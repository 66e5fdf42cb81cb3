import assert from "node:assert/strict";
import test from "node:test";
import { toBase64 } from "../../web/core/encode";
import { seedOfWords, wordsOfSeed } from "../../web/core/mnemonic";
import {
  findOwn,
  findOwnCard,
  ownFromListed,
  readKeys,
  type Listed,
  type Search,
} from "../../web/core/recovery";
import type { Question } from "../../web/core/protocol";
import { event, identity, item, seed } from "./identity";

const own: Listed[] = identity.questions.map(({ key, salt }, at) => ({ n: 10 * at + 7, key, salt }));
const stranger = new Uint8Array(32).fill(7);

test("words carry a seed", () => {
  const words = wordsOfSeed(seed);
  assert.equal(words.length, 24);
  assert.deepEqual(seedOfWords(words.join(" ")), seed);
  assert.deepEqual(wordsOfSeed(new Uint8Array(32)).join(" "), `${"abandon ".repeat(23)}art`);
  assert.deepEqual(wordsOfSeed(new Uint8Array(32).fill(255)).join(" "), `${"zoo ".repeat(23)}vote`);
});

test("words are read however they were written down", () => {
  const words = wordsOfSeed(seed);
  assert.deepEqual(seedOfWords(words.map((word, at) => `${at + 1}. ${word.toUpperCase()},\n`).join("")), seed);
});

test("mistaken, missing and swapped words are found out", () => {
  const words = wordsOfSeed(seed);
  assert.equal(seedOfWords(""), null);
  assert.equal(seedOfWords(words.slice(1).join(" ")), null);
  assert.equal(seedOfWords([...words, "zoo"].join(" ")), null);
  assert.equal(seedOfWords(["raute", ...words.slice(1)].join(" ")), null);
  assert.equal(seedOfWords(`${"abandon ".repeat(23)}zoo`), null);
});

test("the seed finds its own questions among all", async () => {
  const others = own.map(({ n, key }, at) => ({ n: n + 1, key, salt: item(own, (at + 1) % own.length).salt }));
  const all = [...others, ...own].sort((a, b) => a.n - b.n);
  assert.deepEqual(await findOwn(seed, event, all), own);
  assert.deepEqual(await findOwn(stranger, event, all), []);
  assert.deepEqual(await findOwn(seed, new Uint8Array(16), all), []);
  assert.deepEqual(await findOwn(seed, event, []), []);
});

/* A clock that goes on 10 ms at every look: a slice is over every other key. */
function slowly(more: Search = {}): { search: Search; pauses: () => number } {
  let [now, pauses] = [0, 0];
  const pause = (): Promise<void> => {
    pauses += 1;
    return Promise.resolve();
  };
  return { search: { now: () => (now += 10), pause, ...more }, pauses: () => pauses };
}

test("the page gets its turn between slices, and hears how far it is", async () => {
  const tried: number[] = [];
  const { search, pauses } = slowly({ tried: (count) => void tried.push(count) });
  assert.deepEqual(await findOwn(seed, event, own, search), own);
  assert.ok(pauses() >= 2);
  assert.equal(tried.length, pauses());
  assert.deepEqual(
    tried,
    [...tried].sort((a, b) => a - b),
  );
});

test("a search can be stopped; what was found stays found", async () => {
  const stop = new AbortController();
  const { search } = slowly({ stop: stop.signal, tried: () => stop.abort() });
  const found = await findOwn(seed, event, own, search);
  assert.ok(found.length > 0 && found.length < own.length);
});

test("the newest of one's own cards is found, and nobody else's", async () => {
  const keys = new Set(identity.cards.slice(0, 3).map(({ key }) => key));
  assert.equal(await findOwnCard(seed, event, keys), 2);
  assert.equal(await findOwnCard(stranger, event, keys), null);
  assert.equal(await findOwnCard(seed, event, new Set()), null);
});

test("the list of keys is read strictly", () => {
  const { key, salt } = item(own, 0);
  const read = (keys: unknown): unknown => readKeys(JSON.stringify({ keys }));
  assert.deepEqual(read([[7, key, salt]]), [{ n: 7, key, salt }]);
  assert.deepEqual(read([]), []);
  for (const wrong of [
    null,
    {},
    [7],
    [[7, key]],
    [[7, key, salt, 1]],
    [[-1, key, salt]],
    [["7", key, salt]],
    [[7, salt, key]],
    [[7, `${key}A`, salt]],
  ]) {
    assert.equal(read(wrong), null, JSON.stringify(wrong));
  }
  assert.equal(readKeys("{"), null);
});

test("a found question is kept as one that was sent", () => {
  const listed = item(own, 0);
  const question = {
    n: listed.n,
    talk: 2,
    tag: listed.key.slice(0, 11),
    rev: 3,
    minute: 120,
    text: "Why?",
    degree: 1,
  } as unknown as Question;
  const kept = ownFromListed(listed, question, 99);
  assert.equal(kept.stage, "sent");
  assert.deepEqual([kept.text, kept.rev, kept.degree, kept.talk, kept.seen], ["Why?", 3, 1, 2, 99]);
  assert.deepEqual([kept.key, kept.salt], [listed.key, listed.salt]);
  const unread = ownFromListed(listed, { ...question, text: null }, 99);
  assert.deepEqual([unread.text, unread.rev], ["", 0]);
  assert.equal(toBase64(seed), identity.seed);
});
