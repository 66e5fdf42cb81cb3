// Everything in the end-to-end tests is bounded in time: nothing here may hang a build.
import { setTimeout as sleep } from "node:timers/promises";

// The last resort: a file that is stuck ends, and with it everything it started.
//   RAUTE_WATCHDOG  after so many seconds, by default 600
setTimeout(
  () => {
    console.error("the file took too long: ended by its watchdog");
    process.exit(1);
  },
  1000 * Number(process.env.RAUTE_WATCHDOG ?? 600),
).unref();

export { sleep };

export async function within(seconds, promise, what) {
  const late = new AbortController();
  const limit = sleep(seconds * 1000, undefined, { signal: late.signal }).then(() => {
    throw new Error(`${what}: not within ${seconds} s`);
  });
  limit.catch(() => {});
  try {
    return await Promise.race([promise, limit]);
  } finally {
    late.abort();
  }
}

// Asks again and again until the answer is true; returns it.
export async function until(question, what, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  let trouble;
  for (;;) {
    try {
      const answer = await question();
      if (answer) {
        return answer;
      }
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not within ${seconds} s`, { cause: trouble });
    }
    await sleep(20);
  }
}

// Releases come at multiples of their interval: to ask right after one leaves the most time.
export function releaseOver(seconds) {
  const interval = seconds * 1000;
  return sleep(interval - (Date.now() % interval) + 100);
}

export function random(seed) {
  // mulberry32: repeatable, good enough to choose what a test does next
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
