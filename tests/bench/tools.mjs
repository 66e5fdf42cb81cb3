// Programs: those that `make bench` builds beside the server, and those of other packages.
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const binary = path.resolve(root, process.env.RAUTE_BINARY ?? "build/raute");
export const folder = path.join(path.dirname(binary), "bench");

export function tool(name) {
  const file = path.join(folder, name);
  if (!existsSync(file)) {
    throw new Error(`${name} is not built (make bench builds it)`);
  }
  return file;
}

export function installed(name) {
  for (const place of [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"]) {
    const file = path.join(place, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not there
    }
  }
  throw new Error(`${name} is not installed`);
}
