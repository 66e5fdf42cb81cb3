// Medians and ranges; runs in turn.
import { calm } from "./host.mjs";

// Without the places where nothing was measured.
export const known = (values) => values.filter(Number.isFinite);

export function median(values) {
  const sorted = known(values).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// A against B, both of the same round, where both were measured.
export function ratios(over, under) {
  const both = (value, round) => Number.isFinite(value) && Number.isFinite(under[round]);
  return over.flatMap((value, round) => (both(value, round) ? [value / under[round]] : []));
}

// One measurement each of A, B, C, then again A, B, C, …: what disturbs the machine for a while
// disturbs all of them. `entries` are {name, measure}; who fails once is left out from then on.
// Answers with {name: {results, failure}}.
export async function rounds(runs, entries) {
  const outcome = Object.fromEntries(entries.map(({ name }) => [name, { results: [] }]));
  for (let round = 0; round < runs; round++) {
    for (const { name, measure } of entries) {
      const own = outcome[name];
      if (own.failure === undefined) {
        try {
          own.results.push(await calm(measure));
        } catch (error) {
          own.failure = error.message.split("\n")[0];
          console.error(`${name}: ${error.message}`);
        }
      }
    }
  }
  return outcome;
}

// {a: 1, b: 2}, {a: 3, b: 4} → the values of one key, null where there is none
export const column = (results, key) =>
  results.map(({ [key]: value }) => (Number.isFinite(value) ? value : null));
