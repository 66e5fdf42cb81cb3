/* Bundles the pages: `node build.mjs --out DIR` writes what the server embeds.

   DIR/assets/NAME-HASH.js|css   with .br and .gz beside each: to be kept by browsers for ever
   DIR/shell/PAGE.html           the page's frame; {{lang}} {{title}} {{meta}} {{content}} are the server's
   DIR/shell/PAGE.LANGUAGE.html  what a page says that is one long text
   DIR/favicon.svg               and whatever else lies in shell/ */

import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { apart } from "./apart.mjs";
import { words } from "./words.mjs";

const web = dirname(fileURLToPath(import.meta.url));

function outFolder(argv) {
  const at = argv.indexOf("--out");
  if (at < 0 || argv[at + 1] === undefined) {
    console.error("usage: node build.mjs --out DIR");
    process.exit(2);
  }
  return resolve(argv[at + 1]);
}

function pageNames() {
  return readdirSync(join(web, "pages"))
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => basename(name, ".tsx"));
}

/* One page: its script, its style, and chunks for what it loads later. Pages share nothing, so that each
   is one script to fetch: people open one of them. */
async function bundle(out, page) {
  const result = await build({
    absWorkingDir: web,
    entryPoints: [join(web, "pages", `${page}.tsx`)],
    outdir: join(out, "assets"),
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["chrome94", "firefox93", "safari15"],
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    plugins: [words(page), apart],
    metafile: true,
    logLevel: "warning",
  });
  return result.metafile.outputs;
}

function compress(folder) {
  for (const name of readdirSync(folder)) {
    const plain = readFileSync(join(folder, name));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(plain, { params }));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(plain, { level: 9 }));
  }
}

const address = (output) => `/assets/${basename(output)}`;

/* The tags that load a page: its style first, then its script and the chunks that this imports. */
function pageTags(outputs, page) {
  const [script, info] = Object.entries(outputs).find(
    ([, output]) => output.entryPoint === `pages/${page}.tsx`,
  );
  const chunks = info.imports.filter((each) => each.kind === "import-statement");
  const styles = info.cssBundle === undefined ? [] : [info.cssBundle];
  return [
    ...styles.map((style) => `<link rel="stylesheet" href="${address(style)}">`),
    ...chunks.map((chunk) => `<link rel="modulepreload" href="${address(chunk.path)}">`),
    `<script type="module" src="${address(script)}"></script>`,
  ].join("\n");
}

function writeShell(out, outputs, page) {
  const shell = readFileSync(join(web, "shell/page.html"), "utf8");
  writeFileSync(
    join(out, "shell", `${page}.html`),
    shell.replace("{{assets}}", () => pageTags(outputs, page)),
  );
}

function copyTexts(out, page) {
  const folder = join(web, "pages", page);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((each) => extname(each) === ".html")) {
    copyFileSync(join(folder, name), join(out, "shell", `${page}.${name}`));
  }
}

function copyOthers(out) {
  for (const name of readdirSync(join(web, "shell")).filter((each) => extname(each) !== ".html")) {
    copyFileSync(join(web, "shell", name), join(out, name));
  }
}

const out = outFolder(process.argv);
rmSync(join(out, "assets"), { recursive: true, force: true });
rmSync(join(out, "shell"), { recursive: true, force: true });
mkdirSync(join(out, "shell"), { recursive: true });
for (const page of pageNames()) {
  writeShell(out, await bundle(out, page), page);
  copyTexts(out, page);
}
compress(join(out, "assets"));
copyOthers(out);
