// What the host gives to others: a measurement of which it took much is made again, and the one that
// it took least of counts, whatever it says.
import { readFileSync } from "node:fs";

const much = 0.1; // of the CPU time that was wanted
const most = 3; // tries
let patience = 60_000; // ms of further tries in one part
let again = 0;

// CPU time so far, and how much of it the host gave to somebody else; in ticks.
export function processors() {
  const [, ...ticks] = readFileSync("/proc/stat", "utf8").split("\n")[0].split(/ +/).map(Number);
  const [, , , idle, waiting, , , stolen] = ticks;
  return { wanted: ticks.slice(0, 8).reduce((sum, tick) => sum + tick) - idle - waiting, stolen };
}

export const taken = (before, after) =>
  (after.stolen - before.stolen) / Math.max(1, after.wanted - before.wanted);

export async function calm(measure) {
  let best;
  for (let tries = 1; ; tries++) {
    const [before, began] = [processors(), performance.now()];
    const result = await measure();
    const lost = taken(before, processors());
    const took = performance.now() - began;
    if (!best || lost < best.lost) {
      best = { result, lost };
    }
    if (lost <= much || tries === most || took > patience) {
      return best.result;
    }
    patience -= took;
    again++;
  }
}

export const repeated = () => again;
