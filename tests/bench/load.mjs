// The phones: the load client of load/, one line to it, one answer from it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import readline from "node:readline";
import { within } from "../lib/bounded.mjs";
import { tool } from "./tools.mjs";

export class Load {
  #child;
  #answers;
  #errors = "";

  // server: {kind, port, path, pids, tls} (servers.mjs)
  constructor({ kind, port, path, pids, tls }) {
    const words = [kind, `127.0.0.1:${port}`, ...(path ? ["--path", path] : [])];
    words.push(...pids.flatMap((pid) => ["--pid", `${pid}`]), ...(tls ? ["--tls"] : []));
    this.#child = spawn(tool("load"), words, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.on("error", (error) => (this.#errors += error.message));
    this.#child.stdin.on("error", () => {}); // the answer that does not come tells more
    this.#child.stderr.on("data", (part) => (this.#errors += part));
    this.#answers = readline.createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  get pid() {
    return this.#child.pid;
  }

  // seconds: when to give up
  async ask(line, seconds = 60) {
    this.#child.stdin.write(`${line}\n`);
    const { value, done } = await within(seconds, this.#answers.next(), `load: ${line}`);
    assert.ok(!done, `load ended at "${line}": ${this.#errors}`);
    const answer = JSON.parse(value);
    assert.equal(answer.error, undefined, `load: ${line}: ${answer.error}`);
    return answer;
  }

  async open(phones) {
    const opened = await this.ask(`open ${phones}`, 120);
    assert.equal(opened.failed, 0, `${opened.failed} of ${phones} phones could not be opened`);
    return opened;
  }

  broadcast(bytes, rate, seconds) {
    return this.ask(`broadcast ${bytes} ${rate} ${seconds}`, seconds + 60);
  }

  // more: voters, window
  async votes(rate, seconds, questions, ...more) {
    const line = ["votes", rate, seconds, questions, ...more].join(" ");
    const voted = await this.ask(line, seconds + 60);
    assert.equal(voted.refused, 0, `${voted.refused} votes were refused`);
    return voted;
  }

  async end() {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise((resolve) => this.#child.on("close", resolve));
      this.#child.stdin.end("quit\n");
      await within(20, ended, "load ends").catch(() => this.#child.kill("SIGKILL"));
    }
  }
}
