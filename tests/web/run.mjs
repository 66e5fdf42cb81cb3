// Runs TypeScript tests of the pages' core: bundled to a temporary file, then node --test.
//   node tests/web/run.mjs [FILE.test.ts …]    without files: all of this folder
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const { build } = createRequire(join(root, "web/package.json"))("esbuild");
const { words } = await import(pathToFileURL(join(root, "web/words.mjs")));

const named = process.argv.slice(2).map((file) => resolve(file));
const all = readdirSync(here)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => join(here, name));
const files = named.length > 0 ? named : all;
const out = mkdtempSync(join(tmpdir(), "raute-web-"));
try {
  await build({
    entryPoints: files,
    outdir: out,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node18",
    outExtension: { ".js": ".mjs" },
    nodePaths: [join(root, "web/node_modules")],
    jsx: "automatic",
    jsxImportSource: "preact",
    plugins: [words("audience")],
    sourcemap: "inline",
    logLevel: "warning",
  });
  const tests = files.map((file) => join(out, basename(file).replace(/\.ts$/, ".mjs")));
  const { status } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", ...tests], {
    cwd: root,
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
