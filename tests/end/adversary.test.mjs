// Plays the organiser, and whoever takes the disk: many scripted evenings (lib/evening.mjs), and from all
// that is left of them (lib/traces.mjs) a matcher guesses (lib/guesses.mjs) which questions have one asker,
// which ballots one voter, and what belongs to which ticket, card or sealed row. It learns from half of
// the evenings and guesses in the others: afterwards it is right as often as a coin. What is known to tell
// something (the write-ahead log and the pages of a running server, successive copies, recorded frames)
// is measured beside it.
//   RAUTE_EVENINGS  how many, by default 12
import assert from "node:assert/strict";
import { once } from "node:events";
import { before, test } from "node:test";
import { Worker } from "node:worker_threads";
import { judged, learn, relations } from "../lib/guesses.mjs";

const evenings = Number(process.env.RAUTE_EVENINGS ?? 12);
const seed = Number(process.env.RAUTE_SEED ?? Date.now() % 1_000_000);
const atOnce = 4;
const falseAlarm = 0.001; // of a whole run, where nothing tells
const found = 0.8; // of all guesses: a planted order is seen
const toFind = { all: 0.6, sure: 0.67 }; // a leak between ballots that tells so much fails

const known = ["running", "log", "copies", "frames"];
const ballots = relations.find(({ name }) => name === "ballot – ballot");
const wanted = [
  ...relations.map(({ name }) => ["afterwards", name, 4800]),
  ["weakly", ballots.name, 4800],
  ...["planted", ...known].flatMap((trace) => relations.map(({ name }) => [trace, name, 800])),
].map(([trace, name, all]) => ({ trace, name, count: Math.ceil(all / evenings), blind: all > 800 }));

const ways = [
  { which: "all", way: "often" },
  { which: "all", way: "all" },
  { which: "sure", way: "sharp" },
  { which: "sure", way: "all" },
];
const comparisons = relations.length * ways.length;

const nights = []; // {seed, taught, takenBack, betrayed, guesses}
const results = new Map(); // "trace: relation" → [{which, by, mean, error, limit}, …]

// One thread plays one evening after the other, and guesses in these once the others have taught.
class Player {
  constructor() {
    const env = { ...process.env, RAUTE_WATCHDOG: 600 + 20 * evenings };
    this.thread = new Worker(new URL("../lib/evenings.mjs", import.meta.url), { env });
    this.failed = once(this.thread, "error").then(([error]) => Promise.reject(error));
    this.failed.catch(() => {});
    this.nights = [];
  }

  async told(message) {
    this.thread.postMessage(message);
    const [answer] = await Promise.race([once(this.thread, "message"), this.failed]);
    return answer;
  }

  async play(seeds) {
    for (const one of seeds) {
      const lessons = wanted.map(({ trace, name, count }) => [trace, name, count]);
      const night = { seed: one, ...(await this.told({ seed: one, wanted: lessons })) };
      this.nights.push(night);
      nights[one - seed] = night;
    }
  }

  async guess(learnt) {
    for (const night of this.nights) {
      night.guesses = await this.told({ seed: night.seed, learnt: learnt[(night.seed - seed) % 2] });
    }
  }
}

// Each half is guessed by what the other has taught.
const halfOf = (half) => nights.filter((_, at) => at % 2 === half);
const taughtBy = (half) =>
  wanted.map(({ trace, name, blind }, at) => [
    ...[trace, name, learn(halfOf(half).map(({ taught }) => taught[at]))],
    blind,
  ]);

function judge(at, learnt) {
  return ways.map(({ which, way }) => {
    const halves = [0, 1].map((half) => {
      const told = halfOf(half).flatMap(({ guesses }) => (guesses[at] ? [guesses[at][way]] : []));
      return {
        rates: told.map((each) => each[which]),
        blind: told.flatMap(({ blind }) => blind.map((each) => each[which])),
      };
    });
    const names = learnt.map((all) => all[at][2][way].names);
    const by =
      names[0].length > 1 ? `${names[0].length} measures` : names.map(([one]) => `“${one}”`).join(", ");
    return { which, by, ...judged(halves, falseAlarm / comparisons) };
  });
}

before(
  async () => {
    const seeds = Array.from({ length: evenings }, (_, at) => seed + at).values();
    const players = Array.from({ length: Math.min(atOnce, evenings) }, () => new Player());
    try {
      await Promise.all(players.map((player) => player.play(seeds)));
      const learnt = [taughtBy(1), taughtBy(0)];
      nights.forEach((night) => delete night.taught);
      await Promise.all(players.map((player) => player.guess(learnt)));
      wanted.forEach(({ trace, name }, at) => results.set(`${trace}: ${name}`, judge(at, learnt)));
    } finally {
      await Promise.all(players.map(({ thread }) => thread.terminate()));
    }
  },
  { timeout: 300_000 + 20_000 * evenings },
);

const percent = (value) => `${(100 * Math.min(1, Math.max(0, value))).toFixed(1)} %`;

function rates(t, trace, { name }) {
  const told = results.get(`${trace}: ${name}`);
  for (const { which, by, mean, error, limit } of told) {
    const said = { all: "all", sure: "the surest tenth" }[which];
    const range = `${percent(mean - 1.96 * error)} to ${percent(mean + 1.96 * error)}`;
    const fails = limit ? `, fails above ${percent(limit)}` : "";
    t.diagnostic(`${name}: ${percent(mean)} of ${said} (95 %: ${range}), chance 50 %${fails}; by ${by}`);
  }
  return told;
}

const above = (told) => told.filter(({ mean, limit }) => mean > limit);

test(`afterwards nothing tells more than chance (seed ${seed}, ${evenings} evenings)`, (t) => {
  const tell = relations.flatMap((relation) =>
    above(rates(t, "afterwards", relation)).map(
      ({ which, by, mean }) => `${relation.name}: ${percent(mean)} of ${which} by ${by}`,
    ),
  );
  assert.deepEqual(tell, []);
});

test("a weak leak would be seen: of ten ballots three lie as they came", (t) => {
  assert.notDeepEqual(above(rates(t, "weakly", ballots)), []);
  for (const trace of ["afterwards", "weakly"]) {
    for (const { which, limit } of results.get(`${trace}: ${ballots.name}`)) {
      assert.ok(limit < toFind[which], `${trace}: ${percent(limit)} of ${which}: too few evenings`);
    }
  }
});

test("a planted order is found", (t) => {
  for (const relation of relations.filter(({ name }) => !/for it|^card|^sealed/.test(name))) {
    const best = Math.max(...rates(t, "planted", relation).map(({ mean }) => mean));
    assert.ok(best > found, `${relation.name}: ${percent(best)}`);
  }
});

test("no file beside the folder of secrets has an event's secret", () => {
  assert.deepEqual(
    nights.flatMap(({ betrayed }) => betrayed),
    [],
  );
});

// A claim that stood could be seen by everybody, and whoever has kept it, with its signatures, knows it.
// Who has the disk and the forgotten file alone, and tries all questions, cards and revisions, does not.
test("claims that were taken back: nothing that is left tells whose they were", (t) => {
  const sum = (what) => nights.reduce((all, { takenBack }) => all + takenBack[what], 0);
  t.diagnostic(`found ${sum("tried")} of ${sum("real")} by trying; ${sum("kept")} by who has kept the claim`);
  assert.equal(sum("tried"), 0);
  assert.equal(sum("kept"), sum("real"));
});

for (const [trace, what] of [
  ["log", "the write-ahead log of a running server"],
  ["running", "the pages of a running server"],
  ["copies", "a backup in the middle, beside one at the end"],
  ["frames", "recorded frames"],
]) {
  test(`known limit: ${what}`, (t) => {
    relations.forEach((relation) => rates(t, trace, relation));
  });
}
