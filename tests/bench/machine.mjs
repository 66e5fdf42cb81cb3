// Prints what was measured on: hardware, kernel, versions, how fast the disk says that it has
// written.
import { execFileSync } from "node:child_process";
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { most } from "./process.mjs";
import { root, scratch } from "../lib/server.mjs";

const packages = [
  ...["libwebsockets17", "libuv1", "liburing2", "libsqlite3-0", "libjansson4", "libsodium23"],
  ...["nginx-light", "nginx", "libnginx-mod-nchan", "mosquitto", "valgrind", "strace", "gcc"],
];

function answer(program, words) {
  try {
    const stdio = ["ignore", "pipe", "ignore"];
    return execFileSync(program, words, { cwd: root, encoding: "utf8", stdio }).trim();
  } catch (error) {
    return `${error.stdout ?? ""}`.trim(); // dpkg-query: what it knows, then 1
  }
}

// Durable appends of 4 KiB a second.
function fdatasyncs() {
  const file = openSync(path.join(scratch(), "sync"), "w");
  const page = Buffer.alloc(4096, 1);
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < 1000) {
    writeSync(file, page);
    fdatasyncSync(file);
    count++;
  }
  closeSync(file);
  return count;
}

function machine() {
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  const ws = JSON.parse(readFileSync(path.join(root, "tests/node_modules/ws/package.json")));
  const form = "-f=${db:Status-Abbrev} ${Package} ${Version}\\n";
  const known = answer("dpkg-query", ["-W", form, ...packages]).split("\n");
  const there = known.filter((line) => line.startsWith("ii "));
  const versions = there.map((line) => line.slice(3).trim());
  const rows = [
    ["processor", `${os.cpus().length} × ${os.cpus()[0].model.trim()}`],
    ["memory", `${Math.round(os.totalmem() / 2 ** 30)} GiB`],
    ["kernel", `${os.type()} ${os.release()}`],
    ["system", system],
    ["network", "loopback; the load client shares the cores with the server"],
    ["most connections", `${most} (the limit of descriptors, less 1,000)`],
    ["somaxconn", readFileSync("/proc/sys/net/core/somaxconn", "utf8").trim()],
    ["durable appends of 4 KiB", `${fdatasyncs()} a second`],
    ["Raute", answer("git", ["describe", "--always", "--dirty"])],
    ["Node", `${process.version}, ws ${ws.version}`],
    ["packages", versions.join(", ")],
    ["date", new Date().toISOString().slice(0, 10)],
  ];
  return ["# The machine", "", "| | |", "| --- | --- |"]
    .concat(rows.map(([name, value]) => `| ${name} | ${value} |`))
    .join("\n")
    .concat("\n");
}

process.stdout.write(machine());
process.exit(0);
