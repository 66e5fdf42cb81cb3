// What was deleted leaves the file too, more than once in a server's life: the VACUUM that follows
// looks at what this server removes, not at what lay there when it started.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { sleep, until } from "../lib/bounded.mjs";
import { raute, run, Server } from "../lib/server.mjs";

const minute = 60_000;

let server;

async function freePages() {
  const file = path.join(server.data, "raute.sqlite");
  const { out } = await run("sqlite3", ["-readonly", file, "PRAGMA freelist_count"]);
  return Number(out);
}

before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

test("pages of a deleted event go with the next VACUUM", { timeout: 4 * minute }, async () => {
  const event = await server.event({ moderation: "after" });
  await event.fill(Array.from({ length: 100 }, (_, at) => `Frage ${at}: ${"lang ".repeat(90)}Ende?`));
  await sleep(minute + 5_000); // the first minute's VACUUM is over: it comes after every start
  const deleted = await raute(["event", "delete", event.slug, "--data", server.data]);
  assert.equal(deleted.code, 0, deleted.err);
  assert.ok((await freePages()) > 0, "the event left free pages");
  await until(async () => (await freePages()) === 0, "no free page is left", 2 * 60);
});
