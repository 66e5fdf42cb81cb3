// Counting what a program does: system calls with strace, instructions with callgrind.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { until, within } from "../lib/bounded.mjs";
import { run } from "../lib/server.mjs";
import { installed } from "./tools.mjs";

// The system calls of one thread while `body` runs: {total, name: count, …}, and its result.
export async function callsWhile(thread, file, body) {
  const strace = spawn(installed("strace"), ["-c", "-o", file, "-p", `${thread}`], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  process.on("exit", () => strace.kill("SIGKILL"));
  let said = "";
  strace.stderr.on("data", (part) => (said += part));
  const ended = once(strace, "close");
  await until(() => {
    assert.equal(strace.exitCode, null, `strace: ${said}`);
    return /attached/.test(said);
  }, "strace is attached");
  const result = await body();
  strace.kill("SIGINT");
  await within(20, ended, "strace ends");
  const calls = {};
  // % time, seconds, usecs/call, calls, errors (or nothing), name
  const row = /^ *[\d.]+ +[\d.]+ +\d+ +(\d+) .*?(\w+)$/gm;
  for (const [, count, name] of readFileSync(file, "utf8").matchAll(row)) {
    calls[name] = Number(count);
  }
  assert.ok(calls.total, `strace counted nothing: ${said}`);
  return { calls, result };
}

// Instructions of a whole run, all of its threads.
export async function instructions(program, words) {
  const valgrind = installed("valgrind");
  const options = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
  const ran = await run(valgrind, [...options, program, ...words], { seconds: 300 });
  assert.equal(ran.code, 0, ran.err.trim().split("\n").at(-1));
  // A child of the program says so too, but before.
  const counts = [...ran.err.matchAll(/Collected : (\d+)/g)];
  assert.ok(counts.length, "callgrind said nothing");
  return Number(counts.at(-1)[1]);
}
