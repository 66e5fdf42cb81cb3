import assert from "node:assert/strict";
import test from "node:test";
import {
  browserStore,
  eventsInTab,
  eventStore,
  forgetEvent,
  forgetOldEvents,
  memoryStore,
  takeRoleKey,
  type Places,
} from "../../web/core/storage";
import { keepInTab } from "../../web/core/tab";

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

/* As browsers do: what is kept is the object's own. */
class FakeStorage {
  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? String(Reflect.get(this, key)) : null;
  }
  setItem(key: string, value: string): void {
    Reflect.set(this, key, value);
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}

const storage = (): Storage => new FakeStorage() as unknown as Storage;
const tabOf = (localStorage = storage(), sessionStorage = storage()): Places => ({
  localStorage,
  sessionStorage,
});
const isInTab = (event: string, tab: Places): boolean => eventsInTab(tab).includes(event);
const EVENT = "e".repeat(22);
const OTHER = "o".repeat(22);
const PERSONAL = ["raute/instance", "raute/follow", `raute/login/${"s".repeat(22)}`];
const FOREIGN = `raute/login/${"f".repeat(22)}`; /* begun in another tab, for an event of its own */
const KEPT = ["raute/language", `raute/hro/key/moderator`, FOREIGN];

function filled(): Places {
  const tab = tabOf();
  const base = browserStore(tab);
  for (const event of [EVENT, OTHER]) {
    eventStore(event, base).set("seed", `of ${event}`);
    eventStore(event, base).set("until", "100");
  }
  PERSONAL.forEach((key) => base.set(key, JSON.stringify({ event: EVENT })));
  KEPT.forEach((key) => base.set(key, key));
  return tab;
}

test("a shared device: the event and what else is personal moves into the tab, and back", () => {
  const tab = filled();
  const before = { ...tab.localStorage };
  assert.equal(isInTab(EVENT, tab), false);
  assert.equal(keepInTab(EVENT, true, tab), true);
  assert.equal(isInTab(EVENT, tab), true);
  const base = browserStore(tab); /* as after a reload */
  eventStore(EVENT, base).set("own", "[]");
  assert.equal(eventStore(EVENT, base).get("seed"), `of ${EVENT}`);
  assert.equal(eventStore(OTHER, base).get("seed"), `of ${OTHER}`);
  const left = [`raute/${OTHER}/seed`, `raute/${OTHER}/until`, ...KEPT];
  assert.deepEqual(Object.keys(tab.localStorage).sort(), left.sort());
  assert.equal(base.get("raute/instance"), JSON.stringify({ event: EVENT }));
  assert.equal(keepInTab(EVENT, false, tab), true);
  assert.deepEqual({ ...tab.localStorage }, { ...before, [`raute/${EVENT}/own`]: "[]" });
  assert.deepEqual(Object.keys(tab.sessionStorage), []);
});

test("a shared device: another tab sees nothing, and what it begins is not lost", () => {
  const tab = filled();
  keepInTab(EVENT, true, tab);
  const other = browserStore(tabOf(tab.localStorage));
  assert.equal(eventStore(EVENT, other).get("seed"), null);
  eventStore(EVENT, other).set("member", "new");
  assert.equal(eventStore(EVENT, browserStore(tab)).get("member"), null);
  eventStore(EVENT, other).set("seed", "new");
  assert.equal(keepInTab(EVENT, false, tab), false);
  assert.equal(isInTab(EVENT, tab), true);
  assert.equal(eventStore(EVENT, other).get("seed"), "new");
  assert.equal(eventStore(EVENT, browserStore(tab)).get("seed"), `of ${EVENT}`);
});

test("a shared device: two events in one tab", () => {
  const tab = filled();
  keepInTab(EVENT, true, tab);
  keepInTab(OTHER, true, tab);
  assert.deepEqual(Object.keys(tab.localStorage).sort(), KEPT.toSorted());
  keepInTab(EVENT, false, tab);
  assert.deepEqual([isInTab(EVENT, tab), isInTab(OTHER, tab)], [false, true]);
  assert.equal(tab.localStorage.getItem("raute/instance"), null, "as long as one is in the tab");
  keepInTab(OTHER, false, tab);
  assert.deepEqual({ ...tab.localStorage }, { ...filled().localStorage });
});

test("a shared device: forgotten and put back stays in the tab; old events still go", () => {
  const tab = filled();
  keepInTab(EVENT, true, tab);
  const base = browserStore(tab);
  const kept = forgetEvent(EVENT, base);
  assert.deepEqual(kept.map(([key]) => key).sort(), [`raute/${EVENT}/seed`, `raute/${EVENT}/until`]);
  kept.forEach(([key, value]) => base.set(key, value));
  assert.equal(tab.localStorage.getItem(`raute/${EVENT}/seed`), null);
  assert.equal(eventStore(EVENT, base).get("seed"), `of ${EVENT}`);
  forgetOldEvents(101, base);
  assert.equal(eventStore(EVENT, base).get("seed"), null);
  assert.equal(eventStore(OTHER, base).get("seed"), null);
});

test("storage that is refused: in memory", () => {
  const refused = {
    get localStorage(): Storage {
      throw new Error("refused");
    },
    get sessionStorage(): Storage {
      throw new Error("refused");
    },
  };
  const base = browserStore(refused);
  base.set("raute/language", "de");
  assert.equal(base.get("raute/language"), "de");
  assert.deepEqual(eventsInTab(refused), []);
});
