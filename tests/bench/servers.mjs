// The servers in turn, each fresh on a free port of loopback, all with the same few words:
// {kind, port, path, pids, event?, stop()}; kind, path and pids are what the load client wants.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { until, within } from "../lib/bounded.mjs";
import { Server, binary, freePort, run, scratch } from "../lib/server.mjs";
import { Load } from "./load.mjs";
import { children } from "./process.mjs";
import { installed, tool } from "./tools.mjs";

const peer = (name) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));
const live = (event) => `/e/${event.slug}/live`;

// ---- Raute

let pair; // certificate and key, made once
async function certificate() {
  if (!pair) {
    const folder = scratch();
    pair = { cert: path.join(folder, "cert.pem"), key: path.join(folder, "key.pem") };
    const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    words.push("-nodes", "-days", "2", "-subj", "/CN=localhost");
    words.push("-keyout", pair.key, "-out", pair.cert);
    const made = await run(installed("openssl"), words);
    assert.equal(made.code, 0, made.err);
  }
  return pair;
}

// What the load client is to know of an event's phones.
export const phonesOf = (server, event) => ({
  kind: "raute",
  port: server.port,
  pids: [server.child.pid],
  path: live(event),
});

// With one new event, or with the data of a folder and its event `slug`. threads: of the network;
// the peers have one.
export async function raute({ uring = true, threads = 1, env, data, slug } = {}) {
  const args = ["--threads", `${threads}`, "--io-uring", uring ? "auto" : "off"];
  const server = await Server.start({ args, env, data });
  await until(() => /serving on/.test(server.log), "the server says what it does");
  if (uring) {
    assert.match(server.log, /io_uring/, "io_uring is not to be had here");
  }
  const event = slug ? { slug } : await server.event({ title: "Bench", hashtag: "Bench" });
  return { ...phonesOf(server, event), server, event, stop: () => server.stop() };
}

// The health check of tests/lib speaks plain http; this one waits for what the server prints.
export async function rauteTls() {
  const { cert, key } = await certificate();
  const port = await freePort();
  const data = path.join(scratch(), "data");
  const words = ["serve", "--listen", `127.0.0.1:${port}`, "--data", data, "--threads", "1"];
  words.push("--public-url", `https://127.0.0.1:${port}`, "--tls-cert", cert, "--tls-key", key);
  const server = await started(binary, words, port, "raute", /serving/);
  const title = ["--title", "Bench", "--hashtag", "Bench"];
  const made = await run(binary, ["event", "create", "--json", ...title, "--data", data]);
  assert.equal(made.code, 0, made.err);
  const { slug } = JSON.parse(made.out);
  return { ...server, tls: true, path: live({ slug }) };
}

// ---- peers

// Starts a program that says `ready` on stdout or stderr.
async function started(program, words, port, kind, ready) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  process.on("exit", () => child.kill("SIGKILL"));
  let log = "";
  child.stdout.on("data", (part) => (log += part));
  child.stderr.on("data", (part) => (log += part));
  const ended = once(child, "close");
  ended.catch((error) => (log += error.message));
  await until(
    () => {
      assert.equal(child.exitCode ?? child.signalCode, null, `${program} ended: ${log}`);
      return ready.test(log);
    },
    `${path.basename(program)} is ready: ${log}`,
    10,
  );
  const stop = async () => {
    child.kill("SIGTERM");
    const [code, signal] = await within(20, ended, `${path.basename(program)} ends on SIGTERM`);
    assert.ok(code === 0 || signal === "SIGTERM", `how ${path.basename(program)} ended: ${log}`);
  };
  return { kind, port, pids: [child.pid, ...children(child.pid)], stop };
}

const least = async (...way) => {
  const port = await freePort();
  return started(tool("bare"), [`${port}`, ...way], port, "plain", /ready/);
};
export const bare = () => least();
export const bareRing = () => least("io_uring");

const node = async (way) => {
  const port = await freePort();
  return started(process.execPath, [peer("ws.mjs"), `${port}`, way], port, "plain", /ready/);
};
export const wsPlain = () => node("plain");
export const wsFramed = () => node("framed");

// `file` of peers/ with $PORT, $OTHER (one more port) and $FOLDER in place
async function configured(file) {
  const port = await freePort();
  const folder = scratch();
  const values = { PORT: port, OTHER: await freePort(), FOLDER: folder };
  const text = readFileSync(peer(file), "utf8");
  const place = path.join(folder, file);
  writeFileSync(place, text.replace(/\$([A-Z]+)/g, (_, name) => values[name]));
  return { port, folder, place };
}

export async function nchan() {
  const nginx = installed("nginx");
  const { port, folder, place } = await configured("nginx.conf");
  const words = ["-p", folder, "-c", place, "-e", "stderr"];
  return started(nginx, words, port, "nchan", /start worker process \d/);
}

export async function mosquitto() {
  const broker = installed("mosquitto");
  const { port, place } = await configured("mosquitto.conf");
  return started(broker, ["-c", place], port, "mqtt", /running/);
}

// ---- one run

// A fresh server and its phones for as long as `body` runs; both are ended, and the server must
// end well.
export async function fresh(start, body) {
  const server = await start();
  let load;
  try {
    load = new Load(server);
    const result = await body(load, server);
    await load.end();
    await server.stop();
    return result;
  } catch (error) {
    await load?.end();
    await server.stop().catch(() => {}); // the first failure is the one to tell
    throw error;
  }
}

// A core for the server and one for the client, which does not sleep while it is told: else they
// may share one, with the other idle.
export async function apart(server, load) {
  if (os.availableParallelism() > 1) {
    for (const [cpu, pid] of [...server.pids.map((pid) => ["0", pid]), ["1", load.pid]]) {
      const set = await run(installed("taskset"), ["-acp", cpu, `${pid}`]);
      assert.equal(set.code, 0, set.err);
    }
  }
}

// All of these servers at once, each with its own phones; `body` gets {name: {load, server}} of those
// that came up, `failed` is told of the others.
export async function together(entries, body, failed) {
  const all = {};
  try {
    for (const [name, start] of entries) {
      try {
        const server = await start();
        all[name] = { server };
        all[name].load = new Load(server);
      } catch (error) {
        failed(name, error.message.split("\n")[0]);
      }
    }
    return await body(all);
  } finally {
    for (const { load, server } of Object.values(all)) {
      await load?.end();
      await server.stop();
    }
  }
}

// Everybody who can do a broadcast.
export const everybody = [
  ["Raute, io_uring", () => raute()],
  ["Raute, plain sends", () => raute({ uring: false })],
  ["bare epoll send", bare],
  ["bare epoll, io_uring", bareRing],
  ["nginx with nchan", nchan],
  ["Node ws", wsPlain],
  ["Node ws, framed once", wsFramed],
  ["Mosquitto", mosquitto],
];
