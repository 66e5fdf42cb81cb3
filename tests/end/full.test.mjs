// The disk is full: browsers are told so clearly, nothing crashes, reading goes on, and work goes on
// when there is space again. Whatever was acknowledged is there.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { smallDisk } from "../lib/disk.mjs";
import { request } from "../lib/http.mjs";
import { Server, run } from "../lib/server.mjs";

let disk, server, event, asker, voter;
const acknowledged = [];

before(async () => {
  disk = await smallDisk();
  server = await Server.start({ data: path.join(disk.folder, "data"), before: disk.before });
  event = await server.event({ title: "Voller Saal" });
  asker = await event.join();
  voter = await event.join();
});
after(async () => {
  await server?.stop();
  await disk.close();
});

const long = (n) => `Frage ${n}: ${"Warum ist das so und nicht anders ".repeat(13)}?`;

// Asks until the answer is another than ok; every acknowledged one is remembered.
async function askUntilRefused(most) {
  for (let n = 0; n < most; n++) {
    const question = asker.seed.question();
    const text = long(n);
    const answer = await asker.try(question.ask({ text }));
    if (answer.error) {
      return { error: answer.error, question, text };
    }
    acknowledged.push({ question, text });
  }
  return {};
}

async function allThere() {
  await until(async () => {
    const numbers = new Map((await event.publicKeys()).map(([n, key]) => [key, n]));
    const texts = new Map((await event.snapshot()).questions.map(({ n, text }) => [n, text]));
    for (const { question, text } of acknowledged) {
      assert.equal(texts.get(numbers.get(question.key)), text);
    }
    return true;
  }, "every acknowledged question is there");
}

test("a full disk, and space again", { timeout: 80_000 }, async (t) => {
  t.diagnostic(disk.how);
  await askUntilRefused(20);
  assert.equal(acknowledged.length, 20);
  await allThere();
  const [[number]] = await event.publicKeys();

  await disk.fill(server, 120);
  const { error, question, text } = await askUntilRefused(3000);
  assert.equal(error?.code, "storage", JSON.stringify(error));
  assert.ok(error.message.length > 10, "a sentence for people");

  await t.test("other writes are refused as clearly, or done for good", async () => {
    await disk.fill(server, 0);
    const vote = await voter.try({ cmd: "vote", n: number });
    assert.equal(vote.error?.code ?? "storage", "storage");
    const posted = await event.post(
      { cmd: "settings", title: long(0).slice(0, 110).trim() },
      event.keys.organiser,
    );
    assert.ok(
      posted.ok || (posted.error.code === "storage" && posted.status >= 500),
      JSON.stringify(posted),
    );
    const made = await server.command([
      "event",
      "create",
      "--title",
      "Kein Platz",
      "--hashtag",
      "Platz",
    ]);
    assert.ok(made.code !== 0 || made.out, "a subcommand says so too");
  });
  await t.test("reading goes on", async () => {
    assert.equal((await request(`${server.url}/healthz`)).status, 200);
    assert.equal((await request(event.url)).status, 200);
    await allThere();
    const reader = await event.join();
    assert.ok(reader.view.questions.size >= 20);
    await reader.close();
  });
  await t.test("space returns", async () => {
    await disk.free(server);
    await until(async () => {
      const answer = await asker.try(question.ask({ text }));
      return answer.ok !== undefined;
    }, "the refused question is taken");
    acknowledged.push({ question, text });
    await voter.vote(number);
    const more = await askUntilRefused(10);
    assert.equal(more.error, undefined);
    await allThere();
  });
  await t.test("a restart, and the file is whole", async () => {
    await server.stop();
    await server.restart();
    await allThere();
    assert.ok((await event.snapshot()).questions.find(({ n }) => n === number).votes >= 1);
    const { out } = await run("sqlite3", [
      "-readonly",
      path.join(server.data, "raute.sqlite"),
      "PRAGMA integrity_check",
    ]);
    assert.equal(out.trim(), "ok");
  });
});

test("a restart on a full disk", { timeout: 40_000 }, async () => {
  await disk.fill(server, 0);
  await server.kill();
  // It may start or refuse to start with a sentence; it may not lose anything.
  const started = await server.restart().then(
    () => true,
    () => false,
  );
  assert.ok(started || server.log.trim().split("\n").at(-1).length > 10, server.log);
  if (started) {
    await allThere();
    await server.kill();
  }
  await disk.free(server);
  await server.restart();
  await allThere();
});
