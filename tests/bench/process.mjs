// What the kernel says of a process and of its own memory.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

const read = (file) => readFileSync(file, "utf8");

// As many phones as descriptors allow; files, listeners and the client's own need some as well.
// Node has raised its own limit, and with it its children's, to what is allowed at all.
export const most = Math.min(
  Number(/^Max open files +(\d+)/m.exec(read("/proc/self/limits"))[1]) - 1000,
  50_000,
);

// Resident bytes of processes, and what of it they alone have written to.
export function residence(pids) {
  const sum = { resident: 0, written: 0 };
  for (const pid of pids) {
    const kilobytes = Object.fromEntries(
      [...read(`/proc/${pid}/smaps_rollup`).matchAll(/^(\w+): +(\d+) kB/gm)].map((found) => [
        found[1],
        Number(found[2]),
      ]),
    );
    sum.resident += kilobytes.Rss * 1024;
    sum.written += kilobytes.Private_Dirty * 1024;
  }
  return sum;
}

// The kernel's objects for all sockets of this machine, both ends of every connection, and their
// buffers, in bytes; undefined for those who may not read of it.
export function socketMemory() {
  const row = /^(?:TCP|sock_inode_cache|filp|lsm_file_cache|eventpoll_\w+) +(\d+) +\d+ +(\d+)/gm;
  let bytes = Number(/^TCP:.* mem (\d+)/m.exec(read("/proc/net/sockstat"))[1]) * 4096;
  try {
    for (const [, count, size] of read("/proc/slabinfo").matchAll(row)) {
      bytes += Number(count) * Number(size);
    }
  } catch {
    return undefined;
  }
  return bytes;
}

// What lies in the sockets of the server's end, in bytes.
export function serverSockets(port) {
  const told = execFileSync("ss", ["-tmnH", "sport", "=", `:${port}`], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  let bytes = 0;
  for (const found of told.matchAll(/skmem:\(r(\d+),rb\d+,t\d+,tb\d+,f(\d+),w(\d+),o(\d+)/g)) {
    bytes += found.slice(1).reduce((sum, part) => sum + Number(part), 0);
  }
  return bytes;
}

// The threads whose names begin so.
export function threads(pid, name) {
  return readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .filter((task) => read(`/proc/${pid}/task/${task}/comm`).startsWith(name));
}

export const children = (pid) =>
  read(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean).map(Number);
