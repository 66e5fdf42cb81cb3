// What votes cost, how soon they are safe, and how soon everybody sees them.
import { Load } from "../load.mjs";
import { most, residence } from "../process.mjs";
import { fresh, phonesOf, raute } from "../servers.mjs";
import { column, known, ratios, rounds } from "../statistics.mjs";

const number = (value) => value.toLocaleString("en");
const tick = 100; // ms: FRAME_TICK_MS of server/base/limits.h

export const costOf = (voted) => (voted.cpu.total / voted.acked) * 1e6;

// `questions` to vote for and `phones` that may.
export async function room(load, phones, questions) {
  await load.open(phones);
  const { refused } = await load.ask(`ask ${questions} 100`, 120);
  if (refused) {
    throw new Error(`${refused} of ${questions} questions were refused`);
  }
}

function failures(report, part, measured) {
  for (const [name, { failure }] of Object.entries(measured)) {
    if (failure) {
      report.failure(part, name, failure);
    }
  }
}

// As fast as it goes.
export async function votes({ report, runs, quick }) {
  const part = "votes";
  const seconds = quick ? 1 : 5;
  const phones = 200;
  const measured = await rounds(
    runs,
    [1, 2].map((threads) => ({
      name: `Raute, ${threads} network thread${threads > 1 ? "s" : ""}`,
      measure: () =>
        fresh(
          () => raute({ threads }),
          async (load) => {
            await room(load, phones, 200);
            await load.votes(0, 0.5, 200, phones);
            const voted = await load.votes(0, seconds, 200, phones);
            return { ...voted, cost: costOf(voted) };
          },
        ),
    })),
  );
  failures(report, part, measured);
  for (const [name, { results }] of Object.entries(measured)) {
    report.figure(part, name, "durable votes", "per s", 0, column(results, "per_second"));
    report.figure(part, name, "CPU per vote", "µs", 1, column(results, "cost"));
    report.figure(part, name, "acknowledged, p99", "ms", 1, column(results, "ack_p99"));
  }
  report.target({
    part,
    name:
      `durable votes of ${phones} voting phones, each acknowledged after fsync, ` +
      "client on the same cores",
    ...{ atLeast: true, aim: 40_000, limit: 15_000, unit: "per s" },
    values: column(measured["Raute, 1 network thread"].results, "per_second"),
  });
}

// At a given rate: the acknowledgement, and the last phone that sees it.
export async function latency({ report, runs, quick }) {
  const part = "latency";
  const [phones, seconds, rate, calmer] = quick ? [500, 1, 1000, 200] : [5000, 4, 10_000, 1000];
  const measured = await rounds(runs, [
    {
      name: "acknowledgement",
      measure: () =>
        fresh(raute, async (load) => {
          await room(load, phones, 200);
          await load.votes(rate, 0.5, 200, phones);
          return load.votes(rate, seconds, 200, phones);
        }),
    },
    {
      name: "last phone",
      measure: () =>
        fresh(raute, async (load, server) => {
          await load.ask(`driver ${server.event.keys.organiser}`);
          await room(load, phones, 10);
          const pass = await load.broadcast(300, 1, 3);
          // Nobody votes more often than there are questions: totals only rise.
          const voted = await load.votes(calmer, seconds, 10, phones);
          return { ...voted, pass: pass.last_p50, over: voted.last_p99 - pass.last_p50 };
        }),
    },
  ]);
  failures(report, part, measured);
  const acknowledged = measured.acknowledgement.results;
  const seen = measured["last phone"].results;
  const table = (name, results) => {
    const figure = (what, key) => {
      const values = column(results, key);
      if (known(values).length) {
        report.figure(part, name, what, "ms", 1, values);
      }
    };
    figure("acknowledged, median", "ack_p50");
    figure("acknowledged, p99", "ack_p99");
    figure("at the last phone, median", "last_p50");
    figure("at the last phone, p99", "last_p99");
    figure("one pass over all phones", "pass");
  };
  table(`${rate} votes/s, ${phones} phones, 200 questions`, acknowledged);
  table(`${calmer} votes/s, ${phones} phones, 10 questions`, seen);
  report.target({
    part,
    name: `vote → acknowledgement, p99, ${rate} votes/s of ${phones} phones`,
    ...{ aim: 15, limit: 50, unit: "ms", values: column(acknowledged, "ack_p99") },
  });
  report.target({
    part,
    name: `vote → last of ${phones} phones, p99, 10 questions, ${calmer} votes/s, less one pass`,
    ...{ aim: 2 * tick, limit: 4 * tick, unit: "ms", values: column(seen, "over") },
    note: `${2 * tick} and ${4 * tick} ms are 2 and 4 ticks`,
  });
}

// The same votes while many others are connected, in an event where nothing happens.
export async function idle({ report, runs, quick }) {
  const part = "idle";
  const [rate, seconds, crowd] = quick ? [1000, 1, 1000] : [10_000, 4, Math.min(most, 19_000)];
  const voters = 100;
  const entry = (phones) => ({
    name: `${phones} phones`,
    measure: () =>
      fresh(raute, async (load, { server }) => {
        const other = await server.event({ title: "Idle", hashtag: "Idle" });
        const others = new Load(phonesOf(server, other));
        try {
          if (phones > voters) {
            await others.open(phones - voters);
          }
          await room(load, voters, 10);
          await load.votes(rate, 0.5, 10, voters);
          const voted = await load.votes(rate, seconds, 10, voters);
          return { cost: costOf(voted), ack: voted.ack_p99 };
        } finally {
          await others.end();
        }
      }),
  });
  const measured = await rounds(runs, [entry(voters), entry(crowd)]);
  failures(report, part, measured);
  for (const [name, { results }] of Object.entries(measured)) {
    report.figure(part, name, `CPU per vote at ${rate} votes/s`, "µs", 1, column(results, "cost"));
    report.figure(part, name, "acknowledged, p99", "ms", 1, column(results, "ack"));
  }
  const costs = (phones) => column(measured[`${phones} phones`].results, "cost");
  report.target({
    part,
    name: `CPU per vote at ${rate} votes/s with ${crowd} phones ÷ with ${voters}`,
    ...{ aim: 1.1, limit: 1.5, digits: 2, values: ratios(costs(crowd), costs(voters)) },
  });
}

// What a vote storm sends to every phone.
export async function storm({ report, runs, quick }) {
  const part = "storm";
  const [phones, seconds, questions] = quick ? [100, 4, 200] : [5000, 12, 200];
  const measure = () =>
    fresh(raute, async (load) => {
      await room(load, phones, questions);
      await load.votes(1000, 3, questions, phones); // what leaves at once has left
      const voted = await load.votes(1000, seconds, questions, phones);
      return { kilobytes: voted.bytes_per_phone_minute / 1000, ack: voted.ack_p99 };
    });
  const measured = await rounds(Math.min(runs, 3), [{ name: "Raute", measure }]);
  failures(report, part, measured);
  report.figure(part, "Raute", "acknowledged, p99", "ms", 1, column(measured.Raute.results, "ack"));
  report.target({
    part,
    name:
      `bytes of frames per phone and minute, ${phones} phones, ` +
      `1,000 votes/s over ${questions} questions`,
    ...{ aim: 60, limit: 120, unit: "KB", values: column(measured.Raute.results, "kilobytes") },
  });
}

// Votes until so many commands are done, or until it has taken `longest` seconds: part.mjs ends
// everything after ten minutes. A sample once each of the marks is reached.
async function grow(load, server, { commands, seconds, longest }) {
  const began = performance.now();
  const spent = () => (performance.now() - began) / 1000;
  const marks = [0.1, 0.2, 0.5, 1].map((part) => part * commands);
  const samples = [];
  let done = 0;
  while (done < commands && spent() < longest) {
    const voted = await load.votes(0, seconds, 200, 200, 32);
    done += voted.acked;
    if (done >= marks[0]) {
      const megabytes = residence(server.pids).resident / 2 ** 20;
      samples.push({ at: done, megabytes, cost: costOf(voted) });
      marks.splice(0, marks.filter((mark) => mark <= done).length);
    }
  }
  return { done, spent: spent(), samples };
}

function growthTable(report, part, { done, spent, samples }) {
  const figure = (what, unit, digits, value) =>
    report.figure(part, "Raute", what, unit, digits, [value]);
  figure("commands", "", 0, done);
  figure("time", "s", 0, spent);
  for (const { at, megabytes, cost } of samples) {
    figure(`resident after ${number(at)}`, "MiB", 1, megabytes);
    figure(`CPU per vote after ${number(at)}`, "µs", 1, cost);
    report.point("resident memory / commands", "1 thread", at, "MiB", [megabytes]);
  }
}

// Votes given and taken back: what is stored does not grow after everybody has voted for all.
export async function growth({ report, quick }) {
  const part = "growth";
  const plan = quick
    ? { commands: 100_000, seconds: 0.3, longest: 15 }
    : { commands: 10_000_000, seconds: 10, longest: 480 };
  const measure = () =>
    fresh(raute, async (load, server) => {
      await room(load, 200, 200);
      return grow(load, server, plan);
    });
  const measured = await rounds(1, [{ name: "Raute", measure }]);
  failures(report, part, measured);
  const [result = { samples: [] }] = measured.Raute.results;
  const [first, last] = [result.samples[0], result.samples.at(-1)];
  const whole = result.done >= plan.commands && first !== last;
  let note;
  if (result.done !== undefined) {
    growthTable(report, part, result);
  }
  if (result.done !== undefined && !whole) {
    note = `${number(result.done)} of ${number(plan.commands)} commands in ${plan.longest} s`;
    report.failure(part, "Raute", note);
  }
  const from = number(first?.at ?? plan.commands / 10);
  report.target({
    part,
    name: `resident memory, from ${from} to ${number(last?.at ?? plan.commands)} commands`,
    ...{ aim: 0, limit: 1, digits: 1, unit: "%", note },
    values: whole ? [100 * (last.megabytes / first.megabytes - 1)] : [],
  });
}
