// A disk that can be filled up: a tmpfs of a few MiB where we may mount one, else a limit on the size
// of every file that the program writes.
import { mkdirSync, rmSync, writeFileSync, statfsSync } from "node:fs";
import path from "node:path";
import { run, scratch } from "./server.mjs";

export async function smallDisk(mebibytes = 4) {
  const folder = path.join(scratch(), "disk");
  mkdirSync(folder);
  const mounted = await run("mount", [
    "-t",
    "tmpfs",
    "-o",
    `size=${mebibytes}m`,
    "raute-test",
    folder,
  ]);
  return mounted.code === 0 ? new Mounted(folder) : new Limited(folder, mounted.err.trim());
}

class Mounted {
  constructor(folder) {
    this.folder = folder;
    this.how = "a small tmpfs";
    this.before = [];
    process.on("exit", () => this.close());
  }

  // Leaves `kibibytes` free.
  fill(_server, kibibytes) {
    const { bavail, bsize } = statfsSync(this.folder);
    const bytes = Math.max(0, bavail * bsize - kibibytes * 1024);
    writeFileSync(path.join(this.folder, "filler"), Buffer.alloc(bytes, 1));
  }

  free() {
    rmSync(path.join(this.folder, "filler"), { force: true });
  }

  async close() {
    await run("umount", ["-l", this.folder]);
  }
}

class Limited {
  constructor(folder, why) {
    this.folder = folder;
    this.how = `a limit on the size of files (no mount: ${why})`;
    // Writing past the limit is an error then, as on a full disk, and no signal.
    this.before = ["/bin/sh", "-c", 'trap "" XFSZ; exec "$@"', "sh"];
  }

  async fill(server, kibibytes) {
    await run("prlimit", [
      "--pid",
      String(server.child.pid),
      `--fsize=${kibibytes * 1024}:unlimited`,
    ]);
  }

  async free(server) {
    await run("prlimit", ["--pid", String(server.child.pid), "--fsize=unlimited:unlimited"]);
  }

  close() {}
}
