// Starts the real program on a free port with a scratch data folder, and ends it.
//   RAUTE_BINARY  another build of it, by default build/raute
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { until, within } from "./bounded.mjs";
import { Event } from "./event.mjs";
import { request } from "./http.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const binary = path.resolve(root, process.env.RAUTE_BINARY ?? "build/raute");

const folders = new Set();
const children = new Set();
process.on("exit", () => {
  children.forEach((child) => child.kill("SIGKILL"));
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

// A folder that is gone when the tests are.
export function scratch() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "raute-test-"));
  folders.add(folder);
  return folder;
}

// Nothing of the caller's own settings reaches the program.
function environment(more) {
  const { PATH, HOME = "/", TMPDIR = os.tmpdir() } = process.env;
  return {
    PATH,
    HOME,
    TMPDIR,
    LC_ALL: "C.UTF-8",
    ASAN_OPTIONS: "detect_leaks=1:exitcode=99",
    UBSAN_OPTIONS: "print_stacktrace=1",
    TSAN_OPTIONS: "exitcode=98:second_deadlock_stack=1",
    ...more,
  };
}

export async function freePort(host = "127.0.0.1") {
  const probe = net.createServer();
  await new Promise((resolve, reject) => probe.on("error", reject).listen(0, host, resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

// Runs a program to its end, or until the promise `stop` says so.
export async function run(program, args, { env = {}, input = "", seconds = 30, cwd, stop } = {}) {
  const child = spawn(program, args, { env: environment(env), cwd });
  children.add(child);
  const out = [];
  const err = [];
  child.stdout.on("data", (part) => out.push(part));
  child.stderr.on("data", (part) => err.push(part));
  child.stdin.on("error", () => {}); // it need not read what it is given
  child.stdin.end(input);
  stop?.then(() => child.kill("SIGTERM"));
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  try {
    const end = await within(seconds, ended, `${path.basename(program)} ${args.join(" ")}`);
    return { ...end, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
  } finally {
    child.kill("SIGKILL");
    children.delete(child);
  }
}

export const raute = (args, options = {}) => run(options.binary ?? binary, args, options);

export class Server {
  // data: an existing data folder; before: words in front of the program (`prlimit …`);
  // args, env: more for it; host: where it listens.
  static async start(options = {}) {
    const server = new Server(options);
    for (let tries = 3; ; tries--) {
      try {
        await server.#launch();
        return server;
      } catch (error) {
        // Somebody else may have taken the free port in between.
        if (tries === 1 || !/in use|bind|listen/i.test(server.log)) {
          throw error;
        }
        server.port = undefined;
      }
    }
  }

  constructor({
    data,
    args = [],
    env = {},
    before = [],
    host = "127.0.0.1",
    program = binary,
    port,
    tls,
  } = {}) {
    Object.assign(this, { env, before, host, program, port });
    this.args = tls ? [...args, "--tls-cert", tls.cert, "--tls-key", tls.key] : args;
    this.scheme = tls ? "https" : "http";
    this.data = data ?? path.join(scratch(), "data");
    this.log = "";
  }

  async #launch() {
    assert.ok(existsSync(this.program), `${this.program} is not built`);
    this.port ??= await freePort(this.host);
    this.url = `${this.scheme}://${this.host}:${this.port}`;
    const words = [
      ...this.before,
      this.program,
      ...["serve", "--listen", `${this.host}:${this.port}`, "--data", this.data],
      ...(this.args.includes("--public-url") ? [] : ["--public-url", this.url]),
      ...this.args,
    ];
    const child = spawn(words[0], words.slice(1), {
      env: environment(this.env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    this.child = child;
    // A server that a failed test left behind does not keep the file from ending, and ends with it.
    [child, child.stdout, child.stderr].forEach((each) => each.unref());
    this.ended = new Promise((resolve) => {
      child.on("error", (error) => resolve({ error }));
      child.on("close", (code, signal) => {
        children.delete(child);
        resolve({ code, signal });
      });
    });
    this.end = undefined;
    this.ended.then((end) => {
      this.end = end;
      if (!this.told) {
        console.error(`the server ended by itself: ${JSON.stringify(end)}\n${this.log}`);
      }
    });
    this.told = false;
    const note = (part) => (this.log += part);
    child.stdout.setEncoding("utf8").on("data", note);
    child.stderr.setEncoding("utf8").on("data", note);
    await until(
      async () => {
        if (this.end) {
          return true;
        }
        return (await request(`${this.url}/healthz`, { seconds: 2 })).text.trim() === "ok";
      },
      "the server starts",
      20,
    );
    if (this.end) {
      throw new Error(`the server ended at once (${JSON.stringify(this.end)}):\n${this.log}`);
    }
  }

  // The same data, the same address.
  async restart() {
    assert.ok(this.end, "restart() wants a server that has ended");
    await this.#launch();
  }

  // SIGTERM: finishes its work and exits 0.
  async stop() {
    if (!this.child || this.end) {
      return this.end;
    }
    this.told = true;
    this.child.kill("SIGTERM");
    const end = await within(20, this.ended, "the server ends on SIGTERM").catch((error) => {
      this.child.kill("SIGKILL");
      throw error;
    });
    assert.deepEqual(end, { code: 0, signal: null }, `how the server ended:\n${this.log}`);
    return end;
  }

  async kill() {
    this.told = true;
    this.child.kill("SIGKILL");
    return within(10, this.ended, "the server dies");
  }

  get alive() {
    return this.end === undefined;
  }

  // A subcommand beside this server, on its data.
  command(args, options) {
    return raute([...args, "--data", this.data], { binary: this.program, ...options });
  }

  // A new event, ready for tests: questions at once (or every `release` seconds), no ask limit.
  async event({ title = "Digital vernetzt", hashtag = "NetzwerkenHRO", slug, ...settings } = {}) {
    const made = await this.command([
      ...["event", "create", "--json", "--title", title, "--hashtag", hashtag],
      ...(slug ? ["--slug", slug] : []),
    ]);
    assert.equal(made.code, 0, `event create: ${made.err}${made.out}`);
    const event = new Event(this, JSON.parse(made.out));
    await event.settle({
      release: 0,
      moderation: "after",
      ask_burst: 20,
      ask_seconds: 0,
      ...settings,
    });
    return event;
  }

  // The next client notices nothing of what was done to the server before.
  async healthy(event) {
    assert.ok(this.alive, `the server is gone:\n${this.log}`);
    const asker = await event.join();
    const asked = await asker.ask("Läuft es noch?");
    await asker.withdraw(asked);
    asker.close();
  }
}
