// A large data folder: how soon it serves, and how large it is.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import path from "node:path";
import { Server, run, scratch } from "../../lib/server.mjs";
import { residence } from "../process.mjs";
import { column, rounds } from "../statistics.mjs";
import { tool } from "../tools.mjs";

// A folder with so much in it: {data, slugs, keys, bytes}.
export async function filled(questions, votes, events) {
  const data = path.join(scratch(), "data");
  const words = [data, questions, votes, events].map(String);
  const made = await run(tool("fill"), words, { seconds: 400 });
  assert.equal(made.code, 0, made.err);
  return { data, ...JSON.parse(made.out) };
}

export async function start({ report, runs, quick }) {
  const part = "start";
  const [questions, votes, events] = quick ? [1000, 50_000, 10] : [100_000, 5_000_000, 100];
  const name = `${questions} questions, ${votes} votes, ${events} events`;
  const folders = {};
  const measure = async () => {
    folders.all ??= await filled(questions, votes, events);
    const began = performance.now();
    const server = await Server.start({ data: folders.all.data });
    const seconds = (performance.now() - began) / 1000;
    const megabytes = residence([server.child.pid]).resident / 2 ** 20;
    await server.stop();
    return { seconds, megabytes };
  };
  const measured = await rounds(Math.min(runs, 3), [{ name, measure }]);
  const { results, failure } = measured[name];
  if (failure) {
    report.failure(part, name, failure);
  }
  report.figure(part, name, "until /healthz answers", "s", 2, column(results, "seconds"));
  report.figure(part, name, "resident", "MiB", 0, column(results, "megabytes"));
  try {
    // Three sizes tell what a question and what a ballot takes.
    const size = ({ data }) => statSync(path.join(data, "raute.sqlite")).size;
    const asked = size(await filled(questions, 0, events));
    const empty = size(await filled(events, 0, events));
    const all = size(folders.all);
    const figure = (what, value) => report.figure(part, name, what, "bytes", 0, [value]);
    figure("of the database, per question", (asked - empty) / (questions - events));
    figure("of the database, per vote", (all - asked) / votes);
  } catch (error) {
    report.failure(part, "database", error.message.split("\n")[0]);
  }
}
