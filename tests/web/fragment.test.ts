import assert from "node:assert/strict";
import test from "node:test";
import { fromBase64, toBase64 } from "../../web/core/encode";
import {
  codeAddress,
  gatedAddress,
  NOTHING_CARRIED,
  passAddress,
  randomCode,
  readCarried,
  readTicket,
  seedAddress,
  takeCarried,
} from "../../web/core/fragment";

const CODE = `${"A".repeat(21)}Q`;
const SEED = Uint8Array.from({ length: 32 }, (_, at) => at);
const HASH = Uint8Array.from({ length: 16 }, (_, at) => 255 - at);
const hashOf = (url: string): string => new URL(url).hash;

test("a share link's code", () => {
  assert.deepEqual(readCarried(`#${CODE}`), { ...NOTHING_CARRIED, code: CODE });
  assert.deepEqual(readCarried(hashOf(codeAddress("https://r.example/e/hro/q/17", CODE))), {
    ...NOTHING_CARRIED,
    code: CODE,
  });
});

test("what is none of ours is left alone", () => {
  for (const hash of [
    "",
    "#",
    "#AAECAwQFBgc",
    `#${CODE}A`,
    `#${"A".repeat(21)}`,
    `#${"A".repeat(21)}R`,
    "#k=x",
    "#q-17",
  ]) {
    assert.equal(readCarried(hash), null, hash);
  }
});

test("random codes are codes, and never the same", () => {
  const codes = Array.from({ length: 20 }, randomCode);
  assert.equal(new Set(codes).size, 20);
  assert.ok(codes.every((code) => readCarried(`#${code}`)?.code === code));
});

test("a seed for another device goes there and comes back", () => {
  const carried = readCarried(hashOf(seedAddress("https://r.example/e/hro", SEED)));
  assert.deepEqual(carried, { ...NOTHING_CARRIED, seed: SEED });
});

test("a cut or longer seed is none", () => {
  for (const seed of [toBase64(SEED.slice(1)), `${toBase64(SEED)}A`, ""]) {
    assert.deepEqual(readCarried(`#s=${seed}`), NOTHING_CARRIED);
  }
});

test("tickets and the hash of the key that signs passes", () => {
  const url = "https://r.example/e/hro";
  const passKey = HASH;
  assert.deepEqual(readCarried(hashOf(gatedAddress(url, passKey))), { ...NOTHING_CARRIED, passKey });
  const ticket = "0123456789ABCDEF";
  assert.deepEqual(readCarried(hashOf(gatedAddress(url, passKey, ticket))), {
    ...NOTHING_CARRIED,
    ticket,
    passKey,
  });
  assert.equal(readCarried(hashOf(gatedAddress(url, passKey, ticket, 16)))?.seats, 16);
  for (const seats of ["0", "17", "1.5", "x", ""]) {
    assert.equal(readCarried(`#t=${ticket}&m=${seats}`)?.seats, 1);
  }
  assert.deepEqual(readCarried("#t=0123-4567-89ab-cdef"), { ...NOTHING_CARRIED, ticket });
});

test("a seat that is handed on goes there and comes back whole", () => {
  const nonce = toBase64(SEED);
  const output = toBase64(Uint8Array.from({ length: 64 }, (_, at) => at + 100));
  const address = passAddress("https://r.example/e/hro", { nonce, output });
  assert.deepEqual(readCarried(hashOf(address)), { ...NOTHING_CARRIED, pass: { nonce, output } });
  assert.deepEqual(readCarried(hashOf(address).slice(0, -1)), NOTHING_CARRIED);
});

test("tickets are read as people type them", () => {
  for (const typed of ["o123-4567-89ab-cdef", " OI23 4567 89AB CDEF", "0l234567-89abcdef"]) {
    assert.equal(readTicket(typed), "0123456789ABCDEF");
  }
  for (const typed of ["", "0123456789ABCDE", "0123456789ABCDEF0", "0123456789ABCDEU", "0123.456789ABCDEF"]) {
    assert.equal(readTicket(typed), null);
  }
});

test("it leaves the address bar at once; other fragments stay", () => {
  const shown: string[] = [];
  const open = (hash: string): void =>
    void Object.assign(globalThis, {
      location: { hash, pathname: "/e/hro/q/17", search: "?a=b" },
      history: { replaceState: (_: unknown, __: string, url: string) => void shown.push(url) },
    });
  open(`#${CODE}`);
  assert.equal(takeCarried().code, CODE);
  assert.deepEqual(shown, ["/e/hro/q/17?a=b"]);
  open("#s=broken");
  assert.deepEqual(takeCarried(), NOTHING_CARRIED);
  assert.equal(shown.length, 2);
  open("#AAECAwQFBgc");
  assert.deepEqual(takeCarried(), NOTHING_CARRIED);
  assert.equal(shown.length, 2);
});

test("codes have 16 bytes", () => {
  assert.equal(fromBase64(randomCode(), 16)?.length, 16);
});
