// Raute beside its peers, every part in turn, one table at the end.
//   node tests/bench/run.mjs [PART…] [--runs N] [--quick]
//   --quick  small numbers and one run each, to try it
// All parts in full write to tests/bench/results; anything less to bench/results beside the binary.
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { processors, taken } from "./host.mjs";
import { parts } from "./parts/index.mjs";
import { plot } from "./plot.mjs";
import { Report } from "./report.mjs";
import { figuresCsv, markdown, scalingCsv } from "./table.mjs";
import { folder as tools } from "./tools.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

function settings() {
  const options = { runs: { type: "string", default: "5" }, quick: { type: "boolean" } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const unknown = positionals.find((name) => !(name in parts));
  const runs = values.quick ? 1 : Number(values.runs);
  if (unknown || !(runs >= 1)) {
    console.error("usage: run.mjs [PART…] [--runs N] [--quick]");
    console.error(`parts: ${Object.keys(parts).join(" ")}`);
    process.exit(2);
  }
  const names = positionals.length ? positionals : Object.keys(parts);
  const whole = !values.quick && positionals.length === 0;
  return { names, runs, quick: values.quick ?? false, whole };
}

// A part that dies takes nothing with it but its own rows.
async function runPart(name, { runs, quick }, report) {
  const child = fork(here("part.mjs"), [name, JSON.stringify({ runs, quick })]);
  let told;
  child.on("message", (message) => (told = message));
  const [code, signal] = await once(child, "exit");
  report.add(told ?? new Report());
  if (!told) {
    report.failure(name, "part", `it ended with ${signal ?? code}`);
  }
}

function write(folder, report, quick) {
  mkdirSync(folder, { recursive: true });
  const put = (name, text) => writeFileSync(path.join(folder, name), text);
  put("table.md", markdown(report, quick));
  put("figures.csv", figuresCsv(report));
  if (report.points.length) {
    put("scaling.csv", scalingCsv(report));
    put("scaling.svg", plot(report.points));
  }
}

const { names, runs, quick, whole } = settings();
const folder = whole ? here("results") : path.join(tools, "results");
const report = new Report();
mkdirSync(folder, { recursive: true });
const machine = execFileSync(process.execPath, [here("machine.mjs")], { encoding: "utf8" });
const before = processors();
for (const [at, name] of names.entries()) {
  const began = performance.now();
  process.stderr.write(`${at + 1}/${names.length} ${name} … `);
  await runPart(name, { runs, quick }, report);
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0)} s\n`);
  write(folder, report, quick);
}
const share = (taken(before, processors()) * 100).toFixed(1);
const host = [
  `| of the CPU time wanted meanwhile, the host gave to others | ${share} % |`,
  `| measurements made again because of that | ${report.repeated} |`,
];
writeFileSync(path.join(folder, "machine.md"), `${machine}${host.join("\n")}\n`);
process.stdout.write(markdown(report, quick));
console.error(`\nin ${path.relative(process.cwd(), folder) || "."}`);
