import assert from "node:assert/strict";
import test from "node:test";
import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { toBase64 } from "../../web/core/encode";
import { finishPasses, passKeyHash, takeSeats, type Pass } from "../../web/core/pass";
import { readCases } from "./cases";
import { bytes, event, identity, item, seed } from "./identity";

interface Vectors {
  public: string;
  vectors: {
    input: string[];
    blind: string[];
    blinded: string[];
    evaluated: string[];
    proof: string;
    output: string[];
  }[];
}

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

test("the library gives what RFC 9497 says", () => {
  const rfc = readCases<Vectors>("voprf.json");
  assert.equal(rfc.vectors.length, 3);
  for (const { input, blind, blinded, evaluated, proof, output } of rfc.vectors) {
    const items = input.map((each, at) => ({
      input: hex(each),
      blind: hex(item(blind, at)),
      blinded: hex(item(blinded, at)),
      evaluated: hex(item(evaluated, at)),
    }));
    const outputs = ristretto255_oprf.voprf.finalizeBatch(items, hex(rfc.public), hex(proof));
    assert.deepEqual(
      outputs.map((each) => Buffer.from(each).toString("hex")),
      output,
    );
  }
});

interface Answer {
  evaluated: Uint8Array[];
  proof: Uint8Array;
  key: Uint8Array;
  hash: Uint8Array;
}

const answerTo = (at: number): Answer => {
  const { seats, proof, public: key, key_hash } = item(identity.passes, at);
  return {
    evaluated: seats.map(({ evaluated }) => bytes(evaluated, 32)),
    proof: bytes(proof, 64),
    key: bytes(key, 32),
    hash: bytes(key_hash, 16),
  };
};

const finish = (count: number, { evaluated, proof, key, hash }: Answer): Pass[] | null =>
  finishPasses(event, takeSeats(seed, event, count), evaluated, proof, key, hash);

for (const [at, { ticket, seats }] of identity.passes.entries()) {
  test(`passes of a ticket with ${seats.length} seats (${ticket})`, () => {
    const taken = takeSeats(seed, event, seats.length);
    assert.deepEqual(
      taken.map(({ nonce, blind, blinded }) => [nonce, blind, blinded].map(toBase64)),
      seats.map(({ nonce, blind, element }) => [nonce, blind, element]),
    );
    assert.deepEqual(
      finish(seats.length, answerTo(at))?.map(({ nonce, output }) => [nonce, output].map(toBase64)),
      seats.map(({ nonce, output }) => [nonce, output]),
    );
  });
}

test("the hash that the public link carries", () => {
  const { key, hash } = answerTo(0);
  assert.deepEqual(passKeyHash(event, key), hash);
  assert.notDeepEqual(passKeyHash(new Uint8Array(16), key), hash);
});

test("a request whose answer was lost is made again with the same bytes", () => {
  assert.deepEqual(takeSeats(seed, event, 2), takeSeats(seed, event, 2));
  assert.notDeepEqual(takeSeats(seed, new Uint8Array(16), 1), takeSeats(seed, event, 1));
});

const flipped = (right: Uint8Array, at: number): Uint8Array =>
  right.map((byte, index) => (index === at ? byte ^ 1 : byte));

test("any wrong answer buys nothing", () => {
  const right = answerTo(1);
  const count = right.evaluated.length;
  const [first, second, ...others] = right.evaluated as [Uint8Array, Uint8Array, ...Uint8Array[]];
  const zero = new Uint8Array(32);
  const wrong: Record<string, Partial<Answer>> = {
    "another key's hash": { hash: flipped(right.hash, 15) },
    "no hash": { hash: new Uint8Array(0) },
    "a longer hash": { hash: Uint8Array.of(...right.hash, 0) },
    "a key made for this one": { key: first, hash: passKeyHash(event, first) },
    "the identity as key": { key: zero, hash: passKeyHash(event, zero) },
    "the batch in another order": { evaluated: [second, first, ...others] },
    "one element twice": { evaluated: [first, first, ...others] },
    "the identity": { evaluated: [zero, second, ...others] },
    "an element that is none": { evaluated: [new Uint8Array(32).fill(255), second, ...others] },
    "a short element": { evaluated: [first.slice(1), second, ...others] },
    "one element less": { evaluated: [second, ...others] },
    "one element more": { evaluated: [first, first, second, ...others] },
    "another challenge": { proof: flipped(right.proof, 0) },
    "another response": { proof: flipped(right.proof, 32) },
    "an empty proof": { proof: new Uint8Array(64) },
    "a proof of another batch": { proof: answerTo(0).proof },
  };
  for (const [name, change] of Object.entries(wrong)) {
    assert.equal(finish(count, { ...right, ...change }), null, name);
  }
  assert.equal(finish(count, right)?.length, count);
});
