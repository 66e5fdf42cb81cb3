// A thread of its own, so that nobody who plays an evening waits while another one is looked through:
// told a seed, it answers with the choices of that evening, by trace and relation.
import { parentPort } from "node:worker_threads";
import { random } from "./bounded.mjs";
import { evening } from "./evening.mjs";
import { choices, relations } from "./matcher.mjs";
import { tracesOf } from "./traces.mjs";

parentPort.on("message", async (seed) => {
  const dice = random(seed);
  const { things, traces } = await tracesOf(await evening(dice));
  const all = Object.entries(traces).flatMap(([trace, places]) =>
    relations.map((relation) => [`${trace}: ${relation.name}`, choices(things, places, relation, dice)]),
  );
  parentPort.postMessage(all);
});
