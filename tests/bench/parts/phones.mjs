// What phones cost by being there, by coming, and by not reading.
import assert from "node:assert/strict";
import { most, residence, serverSockets, socketMemory } from "../process.mjs";
import { everybody, fresh, phonesOf, raute, rauteTls } from "../servers.mjs";
import { Load } from "../load.mjs";
import { column, ratios, rounds } from "../statistics.mjs";
import { sleep } from "../../lib/bounded.mjs";

const settle = 500; // ms, until what was freed is back

// Bytes of each idle phone, once some phones have made the server ready.
async function idleMemory(load, server, phones) {
  await load.open(100);
  await sleep(settle);
  const before = { ...residence(server.pids), kernel: socketMemory() };
  const opened = await load.open(phones);
  await sleep(settle);
  const after = { ...residence(server.pids), kernel: socketMemory() };
  const each = (name) => (after[name] - before[name]) / phones / 1024;
  return {
    resident: each("resident"),
    written: each("written"),
    // the other half is the client's end
    kernel: after.kernel === undefined ? undefined : each("kernel") / 2,
    rate: opened.per_second,
    handshake: (opened.cpu.total / phones) * 1e6,
  };
}

export async function memory({ report, runs, quick }) {
  const part = "memory";
  const [phones, tlsPhones] = quick ? [500, 200] : [5000, 2000];
  const servers = [
    ...everybody.map(([name, start]) => [name, start, phones]),
    ["Raute, TLS", rauteTls, tlsPhones],
  ];
  const measured = await rounds(
    runs,
    servers.map(([name, start, count]) => ({
      name,
      measure: () => fresh(start, (load, server) => idleMemory(load, server, count)),
    })),
  );
  for (const [name, { results, failure }] of Object.entries(measured)) {
    const figure = (what, unit, digits, key) =>
      report.figure(part, name, what, unit, digits, column(results, key));
    if (failure) {
      report.failure(part, name, failure);
    }
    figure("resident per idle phone", "KiB", 2, "resident");
    figure("written by it alone", "KiB", 2, "written");
    figure("in the kernel", "KiB", 1, "kernel");
    figure("handshakes", "per s", 0, "rate");
    figure("CPU per handshake", "µs", 1, "handshake");
  }
  const row = (name, server, aim, limit, digits) =>
    report.target({
      ...{ part, name, aim, limit, digits, unit: "KiB" },
      values: column(measured[server].results, "resident"),
    });
  row(`user memory per idle phone (${phones})`, "Raute, io_uring", 2.5, 4, 2);
  row(`the same with TLS (${tlsPhones})`, "Raute, TLS", 18, 24, 1);
}

export async function handshakes({ report, runs, quick }) {
  const part = "handshakes";
  const sizes = quick ? [200, 500] : [1000, 5000, most];
  const measured = await rounds(
    runs,
    sizes.map((phones) => ({
      name: `${phones} phones`,
      measure: () =>
        fresh(raute, async (load) => {
          const opened = await load.open(phones);
          return { cost: (opened.cpu.total / phones) * 1e6, rate: opened.per_second };
        }),
    })),
  );
  for (const [name, { results, failure }] of Object.entries(measured)) {
    if (failure) {
      report.failure(part, name, failure);
    }
    report.figure(part, name, "CPU each", "µs", 1, column(results, "cost"));
    report.figure(part, name, "handshakes", "per s", 0, column(results, "rate"));
  }
  const costs = (phones) => column(measured[`${phones} phones`].results, "cost");
  const greatest = sizes.at(-1);
  report.target({
    part,
    name: `upgrade and join: CPU each at ${greatest} connections`,
    ...{ aim: 60, limit: 100, unit: "µs", values: costs(greatest) },
  });
  report.target({
    part,
    name: `the same ÷ at ${sizes[0]} connections`,
    ...{ aim: 1.3, limit: 1.3, digits: 2, values: ratios(costs(greatest), costs(sizes[0])) },
  });
}

// So many bytes in all that who does not read has filled every buffer of both ends, and no more
// than one frame a tick.
async function muted(load, server, reading, silent, bytes, seconds) {
  await load.ask(`driver ${server.event.keys.organiser}`);
  await load.open(reading + silent);
  await load.broadcast(bytes, 5, 1);
  if (silent) {
    await load.ask(`mute ${silent}`);
  }
  const before = { user: residence(server.pids).resident, kernel: serverSockets(server.port) };
  const told = await load.broadcast(bytes, 8, seconds);
  const after = { user: residence(server.pids).resident, kernel: serverSockets(server.port) };
  const each = (name) => (after[name] - before[name]) / silent / 1024;
  const stuck = silent ? { user: each("user"), kernel: each("kernel") } : {};
  return { p99: told.p99, ...stuck, both: stuck.user + stuck.kernel };
}

export async function mute({ report, runs, quick }) {
  const part = "mute";
  const [reading, silent, bytes, seconds] = quick ? [200, 20, 8000, 5] : [1000, 100, 8000, 8];
  const without = `${reading} reading`;
  const beside = `${reading} reading, ${silent} not`;
  const entry = (name, count) => ({
    name,
    measure: () =>
      fresh(raute, (load, server) => muted(load, server, reading, count, bytes, seconds)),
  });
  const measured = await rounds(runs, [entry(without, 0), entry(beside, silent)]);
  for (const [name, { results, failure }] of Object.entries(measured)) {
    if (failure) {
      report.failure(part, name, failure);
    }
    report.figure(part, name, "p99 of those who read", "ms", 2, column(results, "p99"));
  }
  const stuck = measured[beside].results;
  report.figure(part, beside, "user memory of each who does not", "KiB", 1, column(stuck, "user"));
  report.figure(part, beside, "kernel memory", "KiB", 1, column(stuck, "kernel"));
  report.target({
    part,
    name: "a never-reading phone: kernel and user memory",
    ...{ aim: 100, limit: 256, unit: "KiB", values: column(stuck, "both") },
  });
  report.target({
    part,
    name: "the others' p99 ÷ without such phones",
    ...{ aim: 1.1, limit: 1.5, digits: 2 },
    values: ratios(column(stuck, "p99"), column(measured[without].results, "p99")),
  });
}

// Everybody at once after a restart: page, snapshot, socket.
export async function join({ report, runs, quick }) {
  const part = "join";
  const phones = quick ? 500 : 10_000;
  const measure = () =>
    fresh(raute, async (load, { server, event }) => {
      await load.open(20);
      await load.ask("ask 200 100");
      await load.ask("close");
      await server.stop();
      await server.restart();
      const crowd = new Load(phonesOf(server, event));
      try {
        const stormed = await crowd.ask(`storm ${phones}`, 120);
        const { phones: live, failed, ms, cpu } = stormed;
        assert.equal(failed, 0, `${failed} of ${phones} phones failed`);
        return { ms, live, cost: (cpu.total / live) * 1e6 };
      } finally {
        await crowd.end();
      }
    });
  const { results, failure } = (await rounds(runs, [{ name: "Raute", measure }])).Raute;
  if (failure) {
    report.failure(part, "Raute", failure);
  }
  report.figure(part, "Raute", "until the last is live", "ms", 0, column(results, "ms"));
  report.figure(part, "Raute", "phones that are live", "", 0, column(results, "live"));
  report.target({
    part,
    name: `join storm after a restart, ${phones} phones: CPU per phone`,
    ...{ aim: 150, limit: 400, unit: "µs", values: column(results, "cost") },
  });
}
