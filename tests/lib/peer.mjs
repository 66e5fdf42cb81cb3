// Starts a far server (lib/pds.mjs, lib/snac.mjs) as a child, and ends it with the test file.
import { spawn } from "node:child_process";
import { within } from "./bounded.mjs";

const children = new Set();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));

// `log` is what it said so far, `end` how it ended, if it has.
export class Peer {
  constructor(program, args, { env = {}, cwd } = {}) {
    const { PATH, HOME = "/" } = process.env;
    this.log = "";
    this.child = spawn(program, args, {
      cwd,
      env: { PATH, HOME, LC_ALL: "C.UTF-8", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(this.child);
    [this.child, this.child.stdout, this.child.stderr].forEach((each) => each.unref());
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => resolve({ error }));
      this.child.on("close", (code, signal) => resolve({ code, signal }));
    });
    this.ended.then((end) => {
      children.delete(this.child);
      this.end = end;
    });
    const note = (part) => (this.log += part);
    this.child.stdout.setEncoding("utf8").on("data", note);
    this.child.stderr.setEncoding("utf8").on("data", note);
  }

  // Its data is scratch: there is nothing to finish.
  async stop() {
    this.child.kill("SIGKILL");
    await within(10, this.ended, "the far server ends");
  }
}
