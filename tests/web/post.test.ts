import assert from "node:assert/strict";
import test from "node:test";
import { composePost, postLength } from "../../web/core/post";
import type { Network } from "../../web/core/protocol";
import { readCases } from "./cases";

interface Case {
  name: string;
  network: Network;
  limit: number;
  link: number;
  kind: string;
  text: string;
  warning?: string;
  hashtags: string[];
  url: string;
  expect: { text: string; count: number };
}

/* Answers and calls to the hashtag are the bridge's alone. */
const questions = readCases<Case[]>("posts.json").filter(({ kind }) => kind === "question");

for (const { name, network, limit, link, expect, ...source } of questions) {
  test(`post: ${name}`, () => {
    const { text, count, lead, tail } = composePost(source, { network, limit, link });
    assert.equal(text, expect.text);
    assert.equal(count, expect.count);
    assert.equal(`${lead}\n\n${tail}`, text);
  });
}

test("a case for each network, cut and uncut", () => {
  for (const network of ["mastodon", "bluesky", "x"]) {
    const of = questions.filter((each) => each.network === network);
    assert.ok(
      of.some(({ expect }) => expect.text.includes("…\n\n")),
      network,
    );
    assert.ok(
      of.some(({ text, expect }) => expect.text.startsWith(text)),
      network,
    );
  }
});

test("a link ends before the punctuation of its sentence", () => {
  const place = { network: "mastodon", limit: 500, link: 23 } as const;
  assert.equal(postLength(place, "https://example.org/?a=b."), 24);
  assert.equal(postLength(place, "HTTPS://EXAMPLE.ORG und http://a.example)"), 23 + 5 + 23 + 1);
  assert.equal(postLength({ ...place, link: 0 }, "https://example.org"), 19);
});
