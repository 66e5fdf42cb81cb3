import assert from "node:assert/strict";
import test from "node:test";
import { NOTHING_CARRIED, type Carried } from "../../web/core/fragment";
import { carriedOn } from "../../web/pages/audience/arrival";

const KEY = new Uint8Array(16).fill(7);
const TICKET: Carried = { ...NOTHING_CARRIED, ticket: "0123456789ABCDEF", seats: 2, passKey: KEY };
const PASS = { nonce: "n", output: "o" };

test("another address that says nothing of tickets takes none away", () => {
    assert.deepEqual(carriedOn(TICKET, NOTHING_CARRIED), TICKET);
    assert.deepEqual(carriedOn(TICKET, { ...NOTHING_CARRIED, code: "c" }), { ...TICKET, code: "c" });
});

test("a new ticket or seat comes in the place of the one before, and the key stays to be compared", () => {
    const other = { ...NOTHING_CARRIED, ticket: "FEDCBA9876543210" };
    assert.deepEqual(carriedOn(TICKET, other), { ...other, passKey: KEY });
    const handed = carriedOn(TICKET, { ...NOTHING_CARRIED, pass: PASS });
    assert.deepEqual([handed.ticket, handed.seats, handed.pass], [null, 1, PASS]);
    assert.equal(carriedOn({ ...NOTHING_CARRIED, pass: PASS }, TICKET).pass, null);
});

test("a newly told key replaces the one before", () => {
    const passKey = new Uint8Array(16).fill(9);
    assert.equal(carriedOn(TICKET, { ...NOTHING_CARRIED, passKey }).passKey, passKey);
});
