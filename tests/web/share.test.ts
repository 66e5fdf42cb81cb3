import assert from "node:assert/strict";
import test from "node:test";
import { hashtagProblem } from "../../web/core/hashtag";
import { postLength } from "../../web/core/post";
import {
  forgetInstance,
  instanceHost,
  keepInstance,
  keptInstance,
  SHARE_TARGETS,
  shareAddress,
  sharedText,
} from "../../web/core/share";
import { memoryStore } from "../../web/core/storage";
import { leaves, previewGroups } from "../../web/pages/audience/preview";
import { modelFromSnapshot } from "../../web/core/state";
import { parseSnapshot } from "../../web/core/protocol";
import { EVENT, questionOf, snapshotOf } from "./cases";

const shared = {
  text: "Wer zahlt & wie viel?",
  hashtags: ["NetzwerkenHRO", "Küste"],
  url: "https://raute.example/e/hro/q/17",
  title: "Netzwerken in Rostock",
};
const whole = "Wer zahlt & wie viel?\n\n#NetzwerkenHRO #Küste https://raute.example/e/hro/q/17";

test("each network's own form, filled in with text, hashtags and link", () => {
  const filled = (target: "mastodon" | "bluesky" | "threads" | "x"): [string, string | null] => {
    const url = new URL(shareAddress(target, shared, "hachyderm.io") ?? "");
    return [url.origin + url.pathname, url.searchParams.get("text")];
  };
  assert.deepEqual(filled("mastodon"), ["https://hachyderm.io/share", whole]);
  assert.deepEqual(filled("bluesky"), ["https://bsky.app/intent/compose", whole]);
  assert.deepEqual(filled("threads"), ["https://www.threads.net/intent/post", whole]);
  assert.deepEqual(filled("x"), ["https://x.com/intent/tweet", whole]);
  const linkedin = new URL(shareAddress("linkedin", shared, null) ?? "");
  assert.deepEqual([...linkedin.searchParams], [["url", shared.url]]);
  const mail = new URL(shareAddress("mail", shared, null) ?? "");
  assert.equal(mail.protocol, "mailto:");
  assert.equal(mail.searchParams.get("subject"), shared.title);
  assert.equal(mail.searchParams.get("body"), whole.replaceAll("\n", "\r\n"));
});

test("without a server there is no Mastodon link; no other needs one", () => {
  const without = SHARE_TARGETS.filter((target) => shareAddress(target, shared, null) === null);
  assert.deepEqual(without, ["mastodon"]);
});

test("what is shared fits its network, and is never cut for mail and clipboard", () => {
  const long = { ...shared, text: "Äh, ".repeat(124) + "oder" };
  const text = (target: "mastodon" | "bluesky" | "x" | "threads"): string =>
    new URL(shareAddress(target, long, "a.example") ?? "").searchParams.get("text") ?? "";
  assert.ok(postLength({ network: "mastodon", limit: 500, link: 23 }, text("mastodon")) <= 500);
  assert.ok(postLength({ network: "x", limit: 280, link: 23 }, text("x")) <= 280);
  assert.ok([...text("bluesky")].length <= 300);
  assert.ok([...text("threads")].length <= 500);
  for (const target of ["mastodon", "bluesky", "x", "threads"] as const) {
    assert.match(text(target), /…\n\n#NetzwerkenHRO #Küste https:\/\/raute\.example\/e\/hro\/q\/17$/);
  }
  assert.ok(sharedText(long).startsWith(long.text));
});

test("a server's name in whatever people type for it", () => {
  for (const typed of [
    "mastodon.social",
    " Mastodon.Social ",
    "https://mastodon.social/",
    "http://mastodon.social/@anna?x",
    "@anna@mastodon.social",
    "anna@mastodon.social",
  ]) {
    assert.equal(instanceHost(typed), "mastodon.social", typed);
  }
  assert.equal(instanceHost("münster.im"), "xn--mnster-3ya.im");
  for (const typed of [
    "",
    "mastodon",
    "@anna",
    "mastodon.social:8080",
    "127.0.0.1",
    "[::1]",
    "0x7f.1",
    "a b.example",
    "javascript:alert(1)",
    "https://evil.example\\@mastodon.social:1",
    "-.example",
    `${"a".repeat(64)}.example`,
  ]) {
    assert.equal(instanceHost(typed), null, typed);
  }
});

test("the server is remembered in this browser, and only a sound one is read back", () => {
  const base = memoryStore();
  assert.equal(keptInstance(base), null);
  keepInstance("hachyderm.io", base);
  assert.equal(keptInstance(base), "hachyderm.io");
  assert.deepEqual(forgetInstance(base), [["raute/instance", "hachyderm.io"]]);
  assert.deepEqual([keptInstance(base), forgetInstance(base)], [null, []]);
  keepInstance("no server", base);
  assert.equal(keptInstance(base), null);
});

test("a hashtag that does not work: why, and one that does", () => {
  const said = (typed: string, title = ""): unknown => {
    const problem = hashtagProblem(typed, title);
    return problem && [problem.kind, problem.sign, problem.left, problem.proposal];
  };
  assert.deepEqual(said("KI-Tag"), ["ends", "-", "KI", "KITag"]);
  assert.deepEqual(said("#KI-Tag"), ["ends", "-", "KI", "KITag"]);
  assert.deepEqual(said("open-source.hro"), ["ends", "-", "open", "openSourceHro"]);
  assert.deepEqual(said("-x"), ["ends", "-", "", "x"]);
  assert.deepEqual(said("Fest\u{1f389}"), ["ends", "\u{1f389}", "Fest", "Fest"]);
  assert.deepEqual(said("Netzwerken an der Küste"), ["space", " ", "Netzwerken", "NetzwerkenAnDerKüste"]);
  assert.deepEqual(said("2026"), ["digits", "", "2026", null]);
  assert.deepEqual(said("2026", "Küsten-Treffen in Rostock"), ["digits", "", "2026", "KüstenTreffen2026"]);
  assert.deepEqual(said("__"), ["digits", "", "__", null]);
  assert.deepEqual(said("---"), ["ends", "-", "", null]);
  const long = `${"Wort".repeat(9)}Und${"Noch".repeat(3)}`;
  assert.deepEqual(said(long), ["long", "", long, `${"Wort".repeat(9)}Und`]);
  assert.equal((said("x".repeat(41)) as string[])[3], "x".repeat(40));
});

test("what works is left alone", () => {
  for (const typed of [
    "",
    " ",
    "#",
    "KITag",
    "#NetzwerkenHRO",
    "Küste",
    "26KI",
    "KI_Tag",
    "हिन्दी",
    "x".repeat(40),
  ]) {
    assert.equal(hashtagProblem(typed), null, typed);
  }
});

test("every proposal works", () => {
  for (const typed of ["a-b c.d", "1-2-a", "é\u0301-x y", `${"Ab".repeat(30)}-c`, "\u0301-a", "+49 Tage"]) {
    const proposal = hashtagProblem(typed)?.proposal;
    assert.ok(proposal, typed);
    assert.equal(hashtagProblem(proposal), null, proposal);
  }
});

const accounts = [
  { id: 1, network: "mastodon", name: "@hro@a.example", limit: 500, link: 23 },
  { id: 2, network: "mastodon", name: "@hro@b.example", limit: 500, link: 23 },
  { id: 3, network: "bluesky", name: "@hro.example", limit: 300, link: 0 },
];

test("the preview: one for all that read the same, and the number not known yet", () => {
  const snapshot = parseSnapshot(snapshotOf({ questions: [questionOf(9)], accounts }));
  assert.ok(snapshot !== null);
  const model = modelFromSnapshot(snapshot);
  const groups = previewGroups(model, "Warum?", null);
  assert.deepEqual(
    groups.map(({ accounts: each, post }) => [each.map(({ id }) => id), post.tail]),
    [
      [[1, 2], "#NetzwerkenHRO https://raute.example/e/hro/q/…"],
      [[3], "#NetzwerkenHRO raute.example/e/hro/q/…"],
    ],
  );
  const [known] = previewGroups(model, "Warum?", 9);
  assert.equal(known?.post.tail, "#NetzwerkenHRO https://raute.example/e/hro/q/9");
});

test("nothing leaves unapproved while moderation comes first, also where all may go", () => {
  const said = (event: object): string => {
    const snapshot = parseSnapshot(snapshotOf({ event: { ...EVENT, publish_delay: 0, ...event } }));
    assert.ok(snapshot !== null);
    return leaves(modelFromSnapshot(snapshot));
  };
  const approved = said({ publish: "approved" });
  const all = { publish: "all" };
  assert.equal(said({ ...all, moderation: "before" }), approved);
  assert.notEqual(said({ ...all, moderation: "after" }), approved);
});
