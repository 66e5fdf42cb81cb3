import assert from "node:assert/strict";
import test from "node:test";
import { eventStore, forgetEvent, forgetOldEvents, memoryStore, takeRoleKey } from "../../web/core/storage";

const KEY = "A".repeat(22);

function address(hash: string): string[] {
  const shown: string[] = [];
  Object.assign(globalThis, {
    location: { hash, pathname: "/e/hro/moderator", search: "" },
    history: { replaceState: (_: unknown, __: string, url: string) => void shown.push(url) },
  });
  return shown;
}

test("a role key is taken out of the address at once, and kept", () => {
  const base = memoryStore();
  const shown = address(`#k=${KEY}`);
  assert.equal(takeRoleKey("hro", "moderator", base), KEY);
  assert.deepEqual(shown, ["/e/hro/moderator"]);
  address("");
  assert.equal(takeRoleKey("hro", "moderator", base), KEY);
  assert.equal(takeRoleKey("hro", "stage", base), null);
  assert.equal(takeRoleKey("other", "moderator", base), null);
});

test("a new link replaces the kept key; what is no key does not", () => {
  const base = memoryStore();
  address(`#k=${KEY}`);
  takeRoleKey("hro", "moderator", base);
  const shown = address("#k=short");
  assert.equal(takeRoleKey("hro", "moderator", base), KEY);
  assert.deepEqual(shown, ["/e/hro/moderator"], "whatever it was, it leaves the address bar");
  address(`#k=${"B".repeat(22)}`);
  assert.equal(takeRoleKey("hro", "moderator", base), "B".repeat(22));
});

test("broken storage reads as nothing", () => {
  const base = memoryStore();
  const kept = eventStore("e".repeat(22), base);
  kept.set("own", "{");
  assert.deepEqual(kept.read("own", []), []);
  kept.write("own", [1]);
  assert.deepEqual(kept.read("own", []), [1]);
});

test("events whose retention is over are forgotten, others are not", () => {
  const base = memoryStore();
  const [old, young] = ["o".repeat(22), "y".repeat(22)];
  for (const [event, until] of [
    [old, 99],
    [young, 101],
  ] as const) {
    eventStore(event, base).set("until", String(until));
    eventStore(event, base).set("seed", "S");
  }
  base.set("raute/language", "de");
  forgetOldEvents(100, base);
  assert.deepEqual(base.keys().sort(), ["raute/language", `raute/${young}/seed`, `raute/${young}/until`]);
});

test("forgetting an event tells what was there, so that it can be put back", () => {
  const base = memoryStore();
  const event = "e".repeat(22);
  eventStore(event, base).set("seed", "S");
  eventStore(event, base).set("draft", "D");
  const kept = forgetEvent(event, base);
  assert.deepEqual(base.keys(), []);
  kept.forEach(([key, value]) => base.set(key, value));
  assert.equal(eventStore(event, base).get("seed"), "S");
});
