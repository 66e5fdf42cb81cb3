// Lines: what grows with connections, questions and stored votes, and what must not.
import { Load } from "../load.mjs";
import { most } from "../process.mjs";
import { bare, fresh, phonesOf, raute } from "../servers.mjs";
import { column, known, rounds } from "../statistics.mjs";
import { broadcasts } from "./fanout.mjs";
import { filled } from "./stored.mjs";
import { costOf, room } from "./votes.mjs";

const part = "scaling";
const voters = 100;
const lines = [
  ["1 thread", 1],
  ["2 threads", 2],
];

// As fast as it goes: at a fixed rate a vote's share of the commits depends on the disk's mood.
async function voteCost(load, questions, seconds) {
  await load.votes(0, 0.5, questions, voters);
  return costOf(await load.votes(0, seconds, questions, voters));
}

// Broadcasts to so many phones; then votes in another event beside them.
async function crowd(load, server, phones, quick) {
  const told = await broadcasts(load, server, phones, phones > 1000 ? 2 : 10, quick ? 1 : 3);
  const result = { delivery: told.cost, last: told.last_p50 };
  result.handshake = (told.opened.cpu.total / phones) * 1e6;
  if (server.event) {
    const other = await server.server.event({ title: "Other", hashtag: "Other" });
    const beside = new Load(phonesOf(server.server, other));
    try {
      await room(beside, voters, 10);
      result.vote = await voteCost(beside, 10, quick ? 1 : 2);
    } finally {
      await beside.end();
    }
  }
  return result;
}

async function connections({ report, runs, quick }) {
  const sizes = quick ? [100, 500] : [100, 1000, 5000, most - voters];
  const own = lines.slice(0, quick ? 1 : 2);
  const servers = own.map(([line, threads]) => [line, () => raute({ threads })]);
  servers.push(["bare", bare]);
  const entries = sizes.flatMap((phones) =>
    servers.map(([line, start]) => ({
      ...{ name: `${line}, ${phones} phones`, line, phones },
      measure: () => fresh(start, (load, server) => crowd(load, server, phones, quick)),
    })),
  );
  const measured = await rounds(runs, entries);
  const draw = (title, unit, key) => {
    for (const { name, line, phones } of entries) {
      const values = column(measured[name].results, key);
      if (known(values).length) {
        report.point(`${title} / connections`, line, phones, unit, values);
      }
    }
  };
  draw("CPU per delivery", "µs", "delivery");
  draw("last receiver", "ms", "last");
  draw("CPU per handshake", "µs", "handshake");
  draw("CPU per vote", "µs", "vote");
  return measured;
}

async function questions({ report, runs, quick }) {
  const sizes = quick ? [10, 100] : [10, 100, 1000, 10_000];
  const entries = sizes.flatMap((count) =>
    lines.slice(0, quick ? 1 : 2).map(([line, threads]) => ({
      ...{ name: `${line}, ${count} questions`, line, count },
      measure: () =>
        fresh(
          () => raute({ threads }),
          async (load) => {
            await room(load, voters, count);
            return { vote: await voteCost(load, count, quick ? 1 : 2) };
          },
        ),
    })),
  );
  const measured = await rounds(runs, entries);
  for (const { name, line, count } of entries) {
    const values = column(measured[name].results, "vote");
    if (known(values).length) {
      report.point("CPU per vote / questions", line, count, "µs", values);
    }
  }
  return measured;
}

async function ballots({ report, quick }) {
  const sizes = quick ? [1000, 10_000] : [1000, 10_000, 100_000, 1_000_000];
  const entries = sizes.map((count) => ({
    ...{ name: `${count} stored votes`, count },
    measure: async () => {
      const { data, slugs } = await filled(100, count, 1);
      return fresh(
        () => raute({ data, slug: slugs[0] }),
        async (load) => {
          await load.open(voters);
          return { vote: await voteCost(load, 100, quick ? 1 : 2) };
        },
      );
    },
  }));
  const measured = await rounds(1, entries);
  for (const { name, count } of entries) {
    const values = column(measured[name].results, "vote");
    if (known(values).length) {
      report.point("CPU per vote / stored votes", "1 thread", count, "µs", values);
    }
  }
  return measured;
}

export async function scaling({ report, runs, quick }) {
  for (const line of [connections, questions, ballots]) {
    const measured = await line({ report, runs: Math.min(runs, 2), quick });
    for (const [name, { failure }] of Object.entries(measured)) {
      if (failure) {
        report.failure(part, name, failure);
      }
    }
  }
}
