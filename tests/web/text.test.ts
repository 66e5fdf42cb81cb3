import assert from "node:assert/strict";
import test from "node:test";
import { slugOfPage, slugOfTyped } from "../../web/core/address";
import { fromBase64, toBase64 } from "../../web/core/encode";
import { countGraphemes, normalText, padMessage, utf8 } from "../../web/core/text";
import { readCases } from "./cases";

interface TextCase {
  name: string;
  raw: string;
  normal: string | null;
  graphemes: number;
}
const cases = readCases<TextCase[]>("text.json");

for (const { name, raw, normal, graphemes } of cases) {
  test(`normal form: ${name}`, () => {
    const made = normalText(raw);
    assert.equal(made, normal ?? "");
    assert.equal(normalText(made), made, "the normal form's normal form is itself");
    assert.equal(countGraphemes(made), graphemes);
  });
}

test("without Intl.Segmenter the counter is near enough", () => {
  const close = cases.filter(
    ({ normal, graphemes }) => Math.abs(countGraphemes(normal ?? "", false) - graphemes) <= 1,
  );
  assert.ok(close.length >= cases.length * 0.95, `${close.length} of ${cases.length}`);
  assert.equal(countGraphemes("Wie finden wir uns wieder?", false), 26);
});

test("lone surrogates become something that can be sent", () => {
  assert.equal(normalText("a\ud800b"), "a\ufffdb");
});

test("padding fills up to the next multiple, in bytes", () => {
  for (const json of ["{}", "ä".repeat(600), "x".repeat(1024), "x".repeat(1025)]) {
    const padded = padMessage(json, 1024);
    assert.equal(utf8(padded).length % 1024, 0);
    assert.equal(padded.trimEnd(), json);
    assert.ok(utf8(padded).length - utf8(json).length < 1024);
  }
});

test("base64url there and back, of exact length only", () => {
  for (const length of [0, 1, 2, 3, 8, 16, 32, 64]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + 250) % 256);
    const encoded = toBase64(bytes);
    assert.equal(encoded, Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(fromBase64(encoded, length), bytes);
    assert.equal(fromBase64(encoded, length + 1), null);
  }
  assert.equal(fromBase64("AB", 1), null, "stray bits");
  assert.equal(fromBase64("A+", 1), null, "other alphabet");
  assert.equal(fromBase64("AA==", 1), null, "padding");
  assert.equal(fromBase64("AAAA", 2), null, "too long");
});

test("a code is found in whatever was typed", () => {
  const typed: [string, string][] = [
    ["hro", "hro"],
    [" HRO ", "hro"],
    ["#NetzwerkenHRO", "netzwerkenhro"],
    ["https://raute.example/hro", "hro"],
    ["raute.example/e/hro", "hro"],
    ["raute.example/e/hro?x=1", "hro"],
    ["ab", ""],
    ["", ""],
  ];
  for (const [input, slug] of typed) {
    assert.equal(slugOfTyped(input), slug, input);
  }
  assert.equal(slugOfPage("/e/hro/moderator"), "hro");
  assert.equal(slugOfPage("/hro"), "");
});
