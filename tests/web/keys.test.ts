import assert from "node:assert/strict";
import test from "node:test";
import { randomBytes, toBase64 } from "../../web/core/encode";
import {
  askMessage,
  degreeMessage,
  editMessage,
  questionKey,
  sign,
  withdrawMessage,
} from "../../web/core/keys";
import { bytes, event, identity, seed } from "./identity";

for (const { name, salt, key, talk, degree, text, ask, edits } of identity.questions) {
  test(`key and signatures as the server has them: ${name}`, () => {
    const pair = questionKey(seed, event, bytes(salt, 16));
    assert.equal(toBase64(pair.key), key);
    const asked = askMessage(event, pair.key, { salt: bytes(salt, 16), talk, degree, text });
    assert.equal(toBase64(sign(pair, asked)), ask);
    for (const { rev, text: edited, edit, withdraw, to, degree: turn } of edits) {
      assert.equal(toBase64(sign(pair, editMessage(event, pair.key, rev, edited))), edit);
      assert.equal(toBase64(sign(pair, withdrawMessage(event, pair.key, rev))), withdraw);
      assert.equal(toBase64(sign(pair, degreeMessage(event, pair.key, rev, to))), turn);
    }
  });
}

test("two salts, two keys that share nothing", () => {
  const one = questionKey(seed, event, new Uint8Array(16));
  const other = questionKey(
    seed,
    event,
    Uint8Array.from({ length: 16 }, () => 1),
  );
  assert.notDeepEqual(one.key, other.key);
});

test("without a generator of random bytes there are none", (context) => {
  const kept = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { value: undefined, configurable: true });
  context.after(() => kept && Object.defineProperty(globalThis, "crypto", kept));
  assert.throws(() => randomBytes(32));
});
