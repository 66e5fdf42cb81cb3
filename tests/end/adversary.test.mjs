// Plays the organiser, and whoever takes the disk: many scripted evenings (lib/evening.mjs), and from all
// that is left of them (lib/traces.mjs) a matcher guesses which questions have one asker, which ballots
// one voter, and what belongs to which ticket. It learns from half of the evenings and guesses in the
// others: afterwards it is right as often as a coin. What is known to tell something (the write-ahead
// log and the pages of a running server, successive copies, recorded frames) is measured beside it.
//   RAUTE_EVENINGS  how many, by default 8
import assert from "node:assert/strict";
import { once } from "node:events";
import { before, test } from "node:test";
import { Worker } from "node:worker_threads";
import { guesses, learn, rate, relations } from "../lib/matcher.mjs";

const evenings = Number(process.env.RAUTE_EVENINGS ?? 8);
const seed = Number(process.env.RAUTE_SEED ?? Date.now() % 1_000_000);
const atOnce = 3;
const chance = 5; // standard errors: fewer is chance
const found = 0.8; // of all guesses: a planted order is seen

const cases = new Map(); // trace → relation → [choices of one evening, …]

// One thread plays one evening after the other.
async function play(seeds) {
  const thread = new Worker(new URL("../lib/evenings.mjs", import.meta.url));
  const failed = once(thread, "error").then(([error]) => Promise.reject(error));
  for (let one = seeds.next(); !one.done; one = seeds.next()) {
    thread.postMessage(one.value);
    const [all] = await Promise.race([once(thread, "message"), failed]);
    for (const [name, choices] of all) {
      cases.set(name, [...(cases.get(name) ?? []), choices]);
    }
  }
  await thread.terminate();
}

before(
  async () => {
    const seeds = Array.from({ length: evenings }, (_, at) => seed + at).values();
    await Promise.all(Array.from({ length: atOnce }, () => play(seeds)));
  },
  { timeout: 580_000 },
);

const percent = (value) => `${(100 * Math.min(1, Math.max(0, value))).toFixed(1)} %`;

const said = ({ mean, error, count }) =>
  `${percent(mean)} (95 %: ${percent(mean - 1.96 * error)} to ${percent(mean + 1.96 * error)}) of ${count}`;

// Each half is guessed by what the other has taught.
function guessed(trace, relation, way, sure) {
  const all = cases.get(`${trace}: ${relation.name}`);
  const halves = [all.filter((_, at) => at % 2 === 0), all.filter((_, at) => at % 2 === 1)];
  const taught = halves.map((half) => learnt.get(half[0]) ?? learnt.set(half[0], learn(half)).get(half[0]));
  const names = taught.map((each) => each[way].names);
  return {
    ...rate([...guesses(halves[1], taught[0][way], sure), ...guesses(halves[0], taught[1][way], sure)]),
    by: names[0].length > 1 ? `${names[0].length} measures` : `“${names[0][0]}”, “${names[1][0]}”`,
  };
}
const learnt = new Map(); // by a half's first evening

function rates(t, trace, relation) {
  const told = [
    ["of all", "often", false],
    ["of all", "all", false],
    ["of the surest tenth", "sharp", true],
    ["of the surest tenth", "all", true],
  ].map(([which, way, sure]) => ({ which, ...guessed(trace, relation, way, sure) }));
  for (const { which, by, ...each } of told) {
    t.diagnostic(`${relation.name}: right in ${said(each)} ${which}, chance 50 %; by ${by}`);
  }
  return told;
}

test(`afterwards nothing tells more than chance (seed ${seed}, ${evenings} evenings)`, (t) => {
  const tell = [];
  for (const relation of relations) {
    for (const { mean, error, which, by } of rates(t, "afterwards", relation)) {
      if (mean - 0.5 > chance * error) {
        tell.push(`${relation.name}: ${percent(mean)} ${which} by ${by}`);
      }
    }
  }
  assert.deepEqual(tell, []);
});

test("a planted order is found", (t) => {
  for (const relation of relations.filter(({ name }) => !name.includes("for it"))) {
    const best = Math.max(...rates(t, "planted", relation).map(({ mean }) => mean));
    assert.ok(best > found, `${relation.name}: ${percent(best)}`);
  }
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
