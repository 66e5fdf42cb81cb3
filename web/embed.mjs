// Prints the C source that embeds the built pages: node web/embed.mjs build/web > build/gen/assets.c
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const types = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json",
};

const root = process.argv[2];
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !/(^\.|\.(br|gz)$)/.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();

// Shells are read by the server by name; everything else is an address.
function address(file) {
  const path = relative(root, file).split(sep).join("/");
  return path.startsWith("shell/") ? path : `/${path}`;
}

function embedded(symbol, file) {
  return `__asm__(".pushsection .rodata\\n${symbol}:\\n.incbin \\"${file}\\"\\n.byte 0\\n.popsection\\n");\nextern const unsigned char ${symbol}[];`;
}

const out = ['#include "wire/asset.h"', ""];
const rows = files
  .map((file, index) => {
    const bytes = readFileSync(file);
    const etag = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
    const row = { path: address(file), type: types[file.split(".").pop()] ?? "application/octet-stream" };
    const variants = { plain: file, gzip: `${file}.gz`, brotli: `${file}.br` };
    for (const [name, variant] of Object.entries(variants)) {
      const there = existsSync(variant);
      if (there) out.push(embedded(`asset_${index}_${name}`, variant));
      row[name] = there ? `asset_${index}_${name}` : "0";
      row[`${name}_length`] = there ? readFileSync(variant).length : 0;
    }
    return { ...row, etag: `\\"${etag}\\"` };
  })
  .sort((a, b) => (a.path < b.path ? -1 : 1));

out.push("", "const struct asset assets[] = {");
for (const row of rows) {
  out.push(
    `    {.path = "${row.path}", .type = "${row.type}", .etag = "${row.etag}",`,
    `     .plain = ${row.plain}, .plain_length = ${row.plain_length},`,
    `     .gzip = ${row.gzip}, .gzip_length = ${row.gzip_length},`,
    `     .brotli = ${row.brotli}, .brotli_length = ${row.brotli_length}},`,
  );
}
out.push("};", `const size_t asset_count = ${rows.length};`, "");
process.stdout.write(out.join("\n"));
