// The sanitizers watch the whole program: ThreadSanitizer a short load on two network threads,
// AddressSanitizer and UndefinedBehaviorSanitizer the hostile input.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { random, until } from "../lib/bounded.mjs";
import { bearer, request } from "../lib/http.mjs";
import { binary, root, run, Server } from "../lib/server.mjs";

const report = /(Thread|Address|Leak|Memory)Sanitizer|runtime error:/;

// Until the time is up; answers that a busy room may give are fine.
async function person(event, dice, end, numbers) {
  while (Date.now() < end) {
    const client = await event.join({ language: dice(2) ? "de" : "en" });
    for (let times = 3 + dice(20); times > 0 && Date.now() < end; times--) {
      if (dice(4) === 0) {
        const question = await client.ask(`Frage ${dice(1_000_000)}?`);
        if (dice(4) === 0) {
          await client.edit(question, 1, `Andere Frage ${dice(1_000_000)}?`);
        } else if (dice(4) === 0) {
          await client.withdraw(question);
        }
      } else {
        const n = 1 + dice(numbers);
        await client.try({ cmd: dice(4) ? "vote" : "unvote", n });
      }
    }
    assert.equal(client.trouble, undefined);
    await client.close();
  }
}

async function moderator(event, end, role) {
  const client = await event.joinStaff(role);
  while (Date.now() < end) {
    for (const { n, state } of [...client.view.questions.values()].slice(-8)) {
      const next = {
        listed: "answering",
        answering: "answered",
        answered: "hidden",
        hidden: "listed",
      }[state];
      await client.try({ cmd: "move", n, from: state, to: next });
    }
    await client.try({ cmd: "pin", n: 1, on: Date.now() % 2 === 0 });
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await client.close();
}

async function reader(server, event, end) {
  const targets = ["", "/snapshot", "/keys", "/stage", "/q/1", "/q/2"];
  while (Date.now() < end) {
    await Promise.all(targets.map((target) => request(event.url + target)));
    await request(`${event.url}/snapshot`, { headers: bearer(event.keys.moderator) });
    await request(`${event.url}/export?format=json`, { headers: bearer(event.keys.organiser) });
    await request(`${server.url}/healthz`);
  }
}

async function organiser(server, event, end) {
  while (Date.now() < end) {
    const { talk } = await event.organise("talk_add", { title: `Vortrag ${Date.now()}` });
    await event.organise("talk_rename", { talk, title: "Umbenannt" });
    await event.organise("settings", { title: `Titel ${Date.now() % 100}` });
    await event.organise("link", { role: "stage" });
    const passing = await server.event({ hashtag: "Kurz" });
    const visitor = await passing.join();
    await passing.organise("delete", { slug: passing.slug });
    await until(() => visitor.bye === "deleted", "the visitors of a deleted event are told");
  }
}

async function load(program, seconds) {
  const server = await Server.start({
    program: path.join(path.dirname(binary), program),
    args: ["--threads", "2"],
  });
  const event = await server.event();
  const dice = random(7);
  await event.fill(Array.from({ length: 20 }, (_, n) => `Anfang ${n}?`));
  const end = Date.now() + seconds * 1000;
  await Promise.all([
    ...Array.from({ length: 8 }, () => person(event, dice, end, 30)),
    moderator(event, end, "moderator"),
    moderator(event, end, "organiser"),
    reader(server, event, end),
    reader(server, event, end),
    organiser(server, event, end),
  ]);
  const one = await event.join();
  await server.stop(); // asserts the exit code, which a report changes
  await one.closed;
  assert.doesNotMatch(server.log, report, server.log);
}

test("ThreadSanitizer has nothing to say about a short load", { timeout: 60_000 }, () =>
  load("thread/raute", 10),
);

test("AddressSanitizer has nothing to say about a short load", { timeout: 60_000 }, () =>
  load("address/raute", 5),
);

for (const file of ["hostile", "hostile-commands", "hostile-http"]) {
  test(`AddressSanitizer has nothing to say about ${file}`, { timeout: 110_000 }, async () => {
    const end = await run(
      process.execPath,
      ["--test", "--test-reporter=tap", `tests/end/${file}.test.mjs`],
      {
        cwd: root,
        env: { RAUTE_BINARY: path.join(path.dirname(binary), "address/raute") },
        seconds: 100,
      },
    );
    assert.equal(end.code, 0, end.out);
    assert.doesNotMatch(end.out, report);
  });
}
