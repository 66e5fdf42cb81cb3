/* Keys, cards, claims and passes as noble and libsodium have them: tests/protocol/identity.json. */

import assert from "node:assert/strict";
import { fromBase64 } from "../../web/core/encode";
import { readCases } from "./cases";

interface Identity {
  seed: string;
  event: string;
  questions: {
    name: string;
    salt: string;
    key: string;
    talk: number;
    degree: number;
    text: string;
    ask: string;
    edits: { rev: number; text: string; edit: string; withdraw: string; to: number; degree: string }[];
  }[];
  cards: {
    about: string;
    index: number;
    key: string;
    rev: number;
    name: string;
    line: string;
    web: string;
    accounts: string[];
    lists: boolean;
    sig: string;
    delete: string;
  }[];
  claims: {
    question: number;
    card: number;
    rev: number;
    minute: number;
    hash: string;
    sig: string;
    card_sig: string;
    unclaim: string;
    card_unclaim: string;
  }[];
  interests: { card: number; number: number; minute: number; scope: 0 | 1 | 2; sig: string }[];
  codes: { question: number; card: number; salt: string; account: string; code: string }[];
  passes: {
    public: string;
    key_hash: string;
    ticket: string;
    proof: string;
    seats: { nonce: string; blind: string; element: string; evaluated: string; output: string }[];
  }[];
}

export const identity = readCases<Identity>("identity.json");

export function bytes(encoded: string, length: number): Uint8Array {
  const decoded = fromBase64(encoded, length);
  assert.ok(decoded !== null);
  return decoded;
}

export const seed = bytes(identity.seed, 32);
export const event = bytes(identity.event, 16);

/* The item that a vector points to. */
export function item<T>(all: readonly T[], at: number): T {
  const found = all[at];
  assert.ok(found !== undefined);
  return found;
}
