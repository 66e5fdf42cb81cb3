// Accessibility as axe-core sees it: no violation of WCAG 2.2 A and AA nor of its best practices.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The page's context needs bypassCSP. In the dark only colours differ from the light.
export async function accessible(page, where, { coloursOnly = false } = {}) {
  await page.evaluate(source);
  const rules = coloursOnly ? ["color-contrast", "link-in-text-block"] : undefined;
  const violations = await page.evaluate(async (runOnly) => {
    const run = await globalThis.axe.run(document, { resultTypes: ["violations"], runOnly });
    return run.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes
        .slice(0, 3)
        .map((node) => `${node.html.slice(0, 200)} — ${node.any[0]?.message ?? ""}`),
    }));
  }, rules);
  assert.deepEqual(violations, [], `axe on ${where}`);
}
