// What a broadcast costs: N phones, frames of 300 bytes.
import assert from "node:assert/strict";
import path from "node:path";
import { sleep } from "../../lib/bounded.mjs";
import { connect } from "../../lib/client.mjs";
import { scratch } from "../../lib/server.mjs";
import { calm } from "../host.mjs";
import { most, threads } from "../process.mjs";
import { apart, bare, everybody, fresh, nchan, raute, together } from "../servers.mjs";
import { column, ratios, rounds } from "../statistics.mjs";
import { tool } from "../tools.mjs";
import { callsWhile } from "../trace.mjs";

const bytes = 300;
const named = ["sendto", "io_uring_enter", "epoll_wait", "epoll_pwait", "read", "write"];
const both = [
  ["io_uring", true],
  ["plain sends", false],
];

const costOf = (told) => (told.cpu.total / told.delivered) * 1e6;

// The driver's broadcasts to `phones`, once the first one has warmed everything up.
export async function broadcasts(load, server, phones, rate, seconds) {
  await load.ask(`driver ${server.event?.keys.organiser ?? "-"}`);
  const opened = await load.open(phones);
  await load.broadcast(bytes, 2, 1);
  const told = await load.broadcast(bytes, rate, seconds);
  return { ...told, opened, cost: costOf(told) };
}

// Raute loses nothing; what the peers lose is a figure of theirs.
function complete(server, told) {
  if (server.kind === "raute") {
    assert.equal(told.missing, 0, `${told.missing} deliveries are missing`);
    assert.equal(told.lost, 0, `${told.lost} phones were lost`);
  }
  return told;
}

// CPU of the network thread a second when nothing is sent: after new phones the number of those
// present is. What follows is to be over before the first phone is pinged, 30 s after it came.
async function idling(load) {
  for (let tries = 0; tries < 8; tries++) {
    const idle = await load.ask("watch 1");
    if (idle.frames === 0) {
      return idle.cpu.net / idle.seconds;
    }
  }
  throw new Error("it does not become calm");
}

// All servers wait side by side and are asked in turn for a second each: whatever the machine does
// besides, it does to all of them. Who fails once has no figures.
async function sideBySide(report, part, phones, turns) {
  const told = Object.fromEntries(everybody.map(([name]) => [name, []]));
  const out = new Set();
  const failed = (name, why) => {
    report.failure(part, name, why);
    told[name] = [];
    out.add(name);
  };
  const attempt = async (name, measure) => {
    try {
      return out.has(name) ? undefined : await measure();
    } catch (error) {
      failed(name, error.message.split("\n")[0]);
    }
  };
  const body = async (all) => {
    const names = Object.keys(all);
    for (const name of names) {
      const { load, server } = all[name];
      await attempt(name, async () => {
        await apart(server, load);
        await broadcasts(load, server, phones, 4, 1);
      });
    }
    for (let turn = 0; turn < turns; turn++) {
      for (let at = 0; at < names.length; at++) {
        const name = names[(at + turn) % names.length];
        const { load, server } = all[name];
        await attempt(name, async () => {
          const ask = async () => complete(server, await load.broadcast(bytes, 4, 1));
          const result = await calm(ask);
          told[name].push({ ...result, cost: costOf(result) });
        });
      }
    }
  };
  await together(everybody, body, failed);
  return told;
}

export async function fanout({ report, runs, quick }) {
  const part = "fanout";
  const [phones, turns] = quick ? [500, 2] : [5000, 2 * runs];
  const told = await sideBySide(report, part, phones, turns);
  const costs = {};
  for (const [name, results] of Object.entries(told)) {
    const figure = (what, unit, digits, key) =>
      report.figure(part, name, what, unit, digits, column(results, key));
    costs[name] = column(results, "cost");
    figure("CPU per million deliveries", "s", 2, "cost");
    figure("median receiver", "ms", 1, "p50");
    figure("p99 of receivers", "ms", 1, "p99");
    figure("last receiver, median", "ms", 1, "last_p50");
    figure("not delivered", "", 0, "missing");
    figure("merged", "", 0, "merged");
  }
  // What io_uring can give at all: the two least servers.
  const ceiling = ratios(costs["bare epoll, io_uring"], costs["bare epoll send"]);
  report.figure(part, "bare epoll, io_uring", "CPU ÷ bare epoll send", "", 2, ceiling);
  const row = (name, way, peer, aim, limit) =>
    report.target({
      part,
      name: `CPU per delivery ÷ ${name}, ${way}`,
      ...{ aim, limit, digits: 2 },
      values: ratios(costs[`Raute, ${way}`], costs[peer]),
    });
  row("bare epoll send", "io_uring", "bare epoll send", 0.8, 0.95);
  row("bare epoll send", "plain sends", "bare epoll send", 1.1, 1.2);
  row("nchan", "io_uring", "nginx with nchan", 0.6, 0.75);
  row("nchan", "plain sends", "nginx with nchan", 0.75, 0.9);
}

// Fewer than ticks can be a second, so that no frame holds two of them.
async function rename(driver, frames) {
  for (let frame = 0; frame < frames; frame++) {
    const title = `${frame} ${"ä".repeat(110)}`;
    driver.send(JSON.stringify({ cmd: "talk_rename", id: 1, talk: 1, title }));
    await sleep(125);
  }
}

// CPU of the network thread for so many frames, in seconds.
async function swallowing(load, { event }, phones, frames) {
  await load.open(phones);
  const driver = await connect(event);
  let refused = 0;
  driver.on("message", (text) => (refused += /"error"/.test(text)));
  driver.send(
    JSON.stringify({ cmd: "join", id: 0, role: "organiser", key: event.keys.organiser }),
  );
  const idle = await idling(load);
  const [busy] = await Promise.all([
    load.ask(`watch ${frames / 8 + 1}`),
    rename(driver, frames),
  ]);
  driver.close();
  assert.equal(refused, 0, "the driver was refused");
  assert.equal(busy.frames, 0, "frames got past the shim");
  return busy.cpu.net - idle * busy.seconds;
}

// How many frames the shim took; it says so as the server ends. After a moment in which the machine
// stood still two ticks share a frame, so they may be fewer.
function swallowed({ server }, expected) {
  const count = Number(/^swallowed (\d+)$/m.exec(server.log)?.[1]);
  const near = count >= 0.8 * expected && count <= 1.02 * expected;
  assert.ok(near, `the shim took ${count} frames instead of ${expected}`);
  return count;
}

// The network thread's own work: a preloaded shim takes the frames and calls nobody.
export async function swallow({ report, runs, quick }) {
  const part = "swallow";
  const phones = quick ? 500 : most;
  const frames = 8 * (quick ? 2 : 8);
  const measure = async () => {
    let server;
    const start = async () => {
      server = await raute({ uring: false, env: { LD_PRELOAD: tool("swallow.so") } });
      return server;
    };
    const cpu = await fresh(start, (load) => swallowing(load, server, phones, frames));
    return { own: (cpu / swallowed(server, frames * phones)) * 1e9 };
  };
  const { results, failure } = (await rounds(runs, [{ name: "own", measure }])).own;
  if (failure) {
    report.failure(part, "Raute, plain sends", failure);
  }
  report.target({
    part,
    name: `own CPU per delivery, sends swallowed, ${phones} connections`,
    ...{ aim: 30, limit: 100, unit: "ns" },
    values: column(results, "own"),
  });
}

// What the network thread asks of the kernel for each further broadcast: those of a long run less
// those of a short one, so that preparing them is in neither.
async function callsPerDelivery(load, thread, seconds) {
  const file = path.join(scratch(), "calls");
  const count = (length) => callsWhile(thread, file, () => load.broadcast(bytes, 2, length));
  const few = await count(1);
  const many = await count(1 + seconds);
  const deliveries = many.result.delivered - few.result.delivered;
  const names = Object.keys(many.calls);
  return Object.fromEntries(
    names.map((name) => [name, (many.calls[name] - (few.calls[name] ?? 0)) / deliveries]),
  );
}

export async function syscalls({ report, quick }) {
  const part = "syscalls";
  const phones = quick ? 500 : 5000;
  const bounds = { io_uring: [0.01, 1.05, 3], "plain sends": [1, 1.05, 2] };
  for (const [way, uring] of both) {
    const values = [];
    try {
      const calls = await fresh(
        () => raute({ uring }),
        async (load, server) => {
          await load.ask(`driver ${server.event.keys.organiser}`);
          await load.open(phones);
          await load.broadcast(bytes, 2, 1);
          await idling(load);
          const [thread] = threads(server.pids[0], "net");
          return callsPerDelivery(load, thread, quick ? 3 : 6);
        },
      );
      values.push(calls.total);
      for (const name of ["total", ...named]) {
        report.figure(part, `Raute, ${way}`, name, "per delivery", 4, [calls[name] ?? 0]);
      }
    } catch (error) {
      report.failure(part, `Raute, ${way}`, error.message.split("\n")[0]);
    }
    const [aim, limit, digits] = bounds[way];
    const name = `system calls of the network thread per delivery, ${way}`;
    report.target({ part, name, aim, limit, digits, values });
  }
}

// One broadcast at a time on an otherwise idle server.
export async function last({ report, runs, quick }) {
  const part = "last";
  const sizes = quick ? [[200, 5, 1]] : [[1000, 5, 3], [most, 1, 5]];
  const bounds = [[10, 20], [160, 250]];
  const servers = [
    ["Raute, io_uring", () => raute()],
    ["Raute, plain sends", () => raute({ uring: false })],
    ["bare epoll send", bare],
    ...(quick ? [] : [["nginx with nchan", nchan]]),
  ];
  for (const [at, [phones, rate, seconds]] of sizes.entries()) {
    const entry = ([name, start]) => {
      // nchan keeps more descriptors of its own
      const count = start === nchan ? Math.min(phones, most - 500) : phones;
      return {
        name: count === phones ? name : `${name}, ${count.toLocaleString("en")} phones`,
        measure: () =>
          fresh(start, async (load, server) => {
            await apart(server, load);
            return complete(server, await broadcasts(load, server, count, rate, seconds));
          }),
      };
    };
    const measured = await rounds(runs, servers.map(entry));
    for (const [name, { results, failure }] of Object.entries(measured)) {
      if (failure) {
        report.failure(part, name, failure);
      }
      const figure = (what, unit, digits, key) =>
        report.figure(part, name, what, unit, digits, column(results, key));
      figure(`last of ${phones} phones`, "ms", 1, "last_p50");
      figure(`merged at ${phones}`, "", 0, "merged");
    }
    report.target({
      part,
      name: `last receiver on an idle server, ${phones} phones`,
      ...{ aim: bounds[at][0], limit: bounds[at][1], unit: "ms" },
      values: column(measured["Raute, io_uring"].results, "last_p50"),
    });
  }
}
