// Accessibility as axe-core sees it: no violation of WCAG 2.2 A and AA nor of its best practices.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The page's context needs bypassCSP.
export async function accessible(page, where) {
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const run = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return run.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes
        .slice(0, 3)
        .map((node) => `${node.html.slice(0, 200)} — ${node.any[0]?.message ?? ""}`),
    }));
  });
  assert.deepEqual(violations, [], `axe on ${where}`);
}
