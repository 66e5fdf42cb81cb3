import assert from "node:assert/strict";
import test from "node:test";
import { codeSalt } from "../../web/core/codes";
import { fromBase64 } from "../../web/core/encode";
import { eventStore, memoryStore } from "../../web/core/storage";

const EVENT = "E".repeat(22);

test("a posting code's salt stays the same for one question and account, and is another for each other", () => {
  const base = memoryStore();
  const store = eventStore(EVENT, base);
  const salt = codeSalt(store, "one", "anna@example.social");
  assert.equal(fromBase64(salt, 16)?.length, 16);
  const others = [
    codeSalt(store, "one", "anna.example"),
    codeSalt(store, "two", "anna@example.social"),
    codeSalt(eventStore("F".repeat(22), base), "one", "anna@example.social"),
  ];
  assert.equal(new Set([salt, ...others]).size, 4);
  assert.equal(codeSalt(eventStore(EVENT, base), "one", "anna@example.social"), salt);
});
