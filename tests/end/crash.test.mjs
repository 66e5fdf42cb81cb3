// Twenty times: asks, votes, edits and withdrawals under load, kill -9 at a random instant, start
// again. Whatever was acknowledged is there, and nothing is there twice.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { random, sleep, until } from "../lib/bounded.mjs";
import { Server, run } from "../lib/server.mjs";

const rounds = Number(process.env.RAUTE_CRASH_ROUNDS ?? 20);
const people = 8;
const seed = Number(process.env.RAUTE_SEED ?? Date.now() % 1_000_000);
const dice = random(seed);

let server, event;

before(async () => {
  server = await Server.start({ args: ["--threads", "2"] });
  event = await server.event({ title: "Absturz" });
});
after(() => server?.stop());

// One person's browser: does one thing after the other, and remembers what was acknowledged. What
// was under way when the connection went is sent again, as a browser would.
class Person {
  constructor() {
    this.own = new Map(); // key → {question, text, rev, gone}
    this.votes = new Set();
    this.underWay = undefined;
    this.done = 0;
  }

  async connect() {
    const known = this.client ?? {};
    this.client = await event.join({ member: known.member, seed: known.seed });
    if (this.underWay) {
      await this.#send(this.underWay);
    }
  }

  async #send(work) {
    this.underWay = work;
    await this.client.command(work.command).catch((error) => {
      // A question may have been withdrawn by its asker since it was chosen.
      if (!["unknown", "gone"].includes(error.code) || !work.vote) {
        throw error;
      }
      work.effect = () => {};
    });
    work.effect();
    this.done++;
    this.underWay = undefined;
  }

  async live(numbers) {
    try {
      for (;;) {
        await this.#send(this.#choose(numbers()));
      }
    } catch (error) {
      if (!/closed/.test(error.message)) {
        throw error;
      }
    }
  }

  #choose(numbers) {
    const mine = [...this.own.values()].filter(({ gone }) => !gone);
    const throwOf = dice(10);
    if (throwOf < 2 && mine.length) {
      const entry = mine[dice(mine.length)];
      const rev = entry.rev + 1;
      const text = `${entry.text.split(" · ")[0]} · Fassung ${rev}`;
      const effect = () => Object.assign(entry, { rev, text });
      return { command: entry.question.edit(rev, text), effect };
    }
    if (throwOf < 3 && mine.length) {
      const entry = mine[dice(mine.length)];
      return { command: entry.question.withdraw(entry.rev + 1), effect: () => (entry.gone = true) };
    }
    if (throwOf < 7 && numbers.length) {
      const n = numbers[dice(numbers.length)];
      const give = !this.votes.has(n);
      const effect = () => (give ? this.votes.add(n) : this.votes.delete(n));
      return { command: { cmd: give ? "vote" : "unvote", n }, effect, vote: true };
    }
    const question = this.client.seed.question();
    const text = `Frage ${question.tag}`;
    const effect = () => this.own.set(question.key, { question, text, rev: 0, gone: false });
    return { command: question.ask({ text }), effect };
  }
}

// What was acknowledged, against what is there.
function compare(crowd, snapshot, keys) {
  assert.equal(new Set(keys.map(([n]) => n)).size, keys.length, "every number is there once");
  assert.equal(new Set(keys.map(([, key]) => key)).size, keys.length, "every key is there once");
  const numberOf = new Map(keys.map(([n, key]) => [key, n]));
  const shown = new Map(snapshot.questions.map((question) => [question.n, question]));
  assert.equal(shown.size, snapshot.questions.length, "every question is there once");
  const all = crowd.flatMap((person) => [...person.own.entries()]);
  for (const [key, { text, gone, question }] of all) {
    const n = numberOf.get(key);
    if (gone) {
      assert.equal(n, undefined, `withdrawn: ${question.tag}`);
      continue;
    }
    const votes = crowd.filter((person) => person.votes.has(n)).length;
    assert.equal(shown.get(n)?.text, text);
    assert.equal(shown.get(n).votes, votes, `votes for ${n}`);
  }
  assert.equal(
    keys.length,
    all.filter(([, { gone }]) => !gone).length,
    "nothing is there that nobody asked",
  );
}

test(`${rounds} rounds of kill -9 (seed ${seed})`, { timeout: 200_000 }, async (t) => {
  const crowd = Array.from({ length: people }, () => new Person());
  let numbers = [];
  for (let round = 1; round <= rounds; round++) {
    await Promise.all(crowd.map((person) => person.connect()));
    const load = Promise.all(crowd.map((person) => person.live(() => numbers)));
    load.catch(() => {});
    await sleep(100 + dice(500));
    await server.kill();
    await load;
    await server.restart();

    // Half done may be done or not; sent again, it is done once.
    await Promise.all(crowd.map((person) => person.connect()));
    const everyKey = crowd.flatMap((person) =>
      [...person.own].filter(([, { gone }]) => !gone).map(([key]) => key),
    );
    await until(
      async () => {
        const keys = await event.publicKeys();
        const there = new Set(keys.map(([, key]) => key));
        const missing = everyKey.filter((key) => !there.has(key));
        assert.deepEqual(missing, [], `round ${round}: acknowledged questions without a number`);
        compare(crowd, await event.staff, keys);
        numbers = keys.map(([n]) => n);
        return true;
      },
      `round ${round}: everything acknowledged is there`,
      8,
    );
    crowd.forEach((person) => person.client.socket.terminate());
  }
  const acknowledged = crowd.reduce((sum, person) => sum + person.done, 0);
  t.diagnostic(
    `${rounds} rounds, ${acknowledged} acknowledged commands, ${numbers.length} questions left`,
  );
  assert.ok(acknowledged > rounds * people, "there was a load");
  await server?.stop();
  const file = path.join(server.data, "raute.sqlite");
  const { out } = await run("sqlite3", ["-readonly", file, "PRAGMA integrity_check"]);
  assert.equal(out.trim(), "ok");
});
