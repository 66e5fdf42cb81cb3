// A thread of its own, so that nobody who plays an evening waits while another one is looked through.
// Told {seed, wanted: [[trace, relation, lessons], …]}, it plays and answers with those lessons, and with
// what the adversary finds out of claims taken back and secrets; told {seed, learnt: [[trace, relation,
// weights, blind], …]}, with the guesses in that evening.
import { rmSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { random } from "./bounded.mjs";
import { evening } from "./evening.mjs";
import { guess, lessons, relations } from "./guesses.mjs";
import { tracesOf } from "./traces.mjs";

const played = new Map(); // seed → {kinds, traces}
const named = (name) => relations.find((relation) => relation.name === name);

async function play({ seed, wanted }) {
  const dice = random(seed);
  const one = await evening(dice);
  const { kinds, traces, takenBack } = await tracesOf(one, dice);
  rmSync(one.folder, { recursive: true });
  played.set(seed, { kinds, traces });
  const taught = wanted.map(([trace, name, count]) =>
    lessons(kinds, traces.get(trace), named(name), dice, count),
  );
  return { taught, takenBack, betrayed: one.betrayed };
}

function tell({ seed, learnt }) {
  const { kinds, traces } = played.get(seed);
  const dice = random(seed);
  return learnt.map(([trace, name, weights, blind]) =>
    guess(kinds, traces.get(trace), named(name), weights, dice, blind),
  );
}

parentPort.on("message", async (told) => {
  parentPort.postMessage(told.learnt ? tell(told) : await play(told));
});
