// Every command of moderators and organisers, its undo, and what each refuses.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { bearer, request } from "../lib/http.mjs";
import { Server } from "../lib/server.mjs";

let server, event, member, numbers;

before(async () => {
  server = await Server.start({ args: ["--threads", "2"] });
  event = await server.event({ hashtag: "Befehle" });
  numbers = await event.fill(["A?", "B?", "C?", "D?", "E?", "F?"]);
  member = await event.join();
});
after(() => server?.stop());

const question = (n) => member.view.questions.get(n);
const state = (n, wanted) => member.until(() => question(n)?.state === wanted, `${n} is ${wanted}`);

test("a vote is one vote, and can be taken back", async () => {
  const [n] = numbers;
  const other = await event.join();
  await member.vote(n);
  await member.vote(n);
  await other.vote(n);
  await member.until(() => question(n).votes === 2, "two votes");
  await member.unvote(n);
  await member.unvote(n);
  await member.until(() => question(n).votes === 1, "one vote");
  await other.close();
});

test("now, answered, another now ends it, and every undo", async () => {
  const [a, b, c] = numbers;
  await event.move(a, "listed", "answering");
  await state(a, "answering");
  await event.move(b, "listed", "answering");
  await state(b, "answering");
  await state(a, "answered");
  await event.move(a, "answered", "listed");
  await event.move(b, "answering", "answered", { answer: "Nein." });
  await member.until(() => question(b).answer === "Nein.", "the answer");
  await event.move(b, "answered", "answered", { answer: "Doch." });
  await member.until(() => question(b).answer === "Doch.", "another answer");
  await event.move(b, "answered", "answering");
  await event.move(b, "answering", "listed");
  await event.move(c, "listed", "hidden");
  await state(c, "hidden");
  assert.equal(question(c).text, undefined);
  await event.move(c, "hidden", "listed");
  await state(c, "listed");
  assert.equal(question(c).text, "C?");
});

test("stale: two moderators, one is faster", async () => {
  const [, , , d] = numbers;
  await event.move(d, "listed", "hidden");
  await event.move(d, "listed", "hidden");
  const late = await event.post(
    { cmd: "move", n: d, from: "listed", to: "answering" },
    event.keys.moderator,
  );
  assert.deepEqual([late.status, late.error.code], [409, "stale"]);
  await event.move(d, "hidden", "listed");
});

test("moves that are none", async () => {
  const [, , , , e] = numbers;
  const wrong = [
    { n: e, from: "pending", to: "hidden" },
    { n: e, from: "listed", to: "declined" },
    { n: e, from: "listed", to: "declined", reason: "boring" },
    { n: e, from: "listed", to: "listed" },
    { n: e, from: "listed", to: "gone" },
    { n: e, from: "listed", to: "hidden", reason: "rude" },
    { n: e, from: "listed", to: "hidden", answer: "Nein." },
  ];
  for (const move of wrong) {
    const { error } = await event.post({ cmd: "move", ...move }, event.keys.moderator);
    assert.match(error?.code ?? "ok", /^bad_(message|value)$|^stale$/, JSON.stringify(move));
  }
});

test("what is being answered or was cannot be edited", async () => {
  const asker = await event.join();
  const own = await asker.ask("Noch änderbar?");
  const { n } = await asker.released(own);
  await event.move(n, "listed", "answering");
  await asker.refused(own.edit(1, "Zu spät?"), "closed");
  await event.move(n, "answering", "answered");
  await asker.refused(own.edit(1, "Zu spät?"), "closed");
  await asker.withdraw(own);
  await asker.until((view) => !view.questions.has(n), "but it can be withdrawn");
  await asker.close();
});

test("its asker decides how far a question goes, also later", async () => {
  const asker = await event.join();
  const own = await asker.ask("Wie weit?", { degree: 1 });
  const { n, degree } = await asker.released(own);
  assert.equal(degree, 1);
  await asker.command(own.degree(1, 0));
  await member.until(() => question(n).degree === undefined, "in the room again");
  await event.move(n, "listed", "hidden");
  await asker.command(own.degree(2, 2));
  await asker.refused(own.degree(2, 1), "stale");
  await event.move(n, "hidden", "listed");
  await member.until(() => question(n)?.degree === 2, "as me");
  await asker.withdraw(own, 3);
  await asker.close();
});

test("approved for outside is the text that was read", async () => {
  const asker = await event.join();
  const own = await asker.ask("Vorher?", { degree: 1 });
  const { n } = await asker.released(own);
  const moderator = await event.joinStaff();
  const seen = () => moderator.view.questions.get(n);
  await event.moderate("publish", { n, rev: 0 });
  await moderator.until(() => seen().approved, "approved");
  await asker.edit(own, 1, "Nachher?");
  await moderator.until(() => seen().text === "Nachher?", "edited");
  assert.equal(seen().approved, undefined);
  const late = await event.post({ cmd: "publish", n, rev: 0 }, event.keys.moderator);
  assert.deepEqual([late.status, late.error.code], [409, "stale"]);
  await event.moderate("warn", { n, text: "Achtung" });
  await moderator.until(() => seen().warning === "Achtung", "the warning");
  await event.moderate("warn", { n });
  await moderator.until(() => seen().warning === undefined, "no warning");
  assert.equal(question(n).warning, undefined);
  await asker.withdraw(own, 2);
  await asker.close();
  await moderator.close();
});

test("talks: add, rename, order, select, close", async () => {
  const { talk } = await event.organise("talk_add", { title: "Zweiter" });
  await event.organise("talk_rename", { talk, title: "Zweiter Vortrag" });
  await event.organise("talk_order", { order: [talk, 1] });
  await event.moderate("talk_select", { from: 1, to: talk });
  await member.until(
    ({ talks, current }) =>
      talks[0].id === talk && talks[0].title === "Zweiter Vortrag" && current === talk,
    "all of it",
  );
  const late = await event.post({ cmd: "talk_select", from: 1, to: 1 }, event.keys.moderator);
  assert.ok(late.error?.code === "stale" || late.ok, JSON.stringify(late));
  const own = await member.ask("Im zweiten?", { talk });
  assert.equal((await member.released(own)).talk, talk);
  for (const order of [[1], [1, 1], [1, talk, 99], []]) {
    const { error } = await event.post({ cmd: "talk_order", order }, event.keys.organiser);
    assert.ok(error, JSON.stringify(order));
  }
  await event.moderate("talk_select", { from: talk, to: 1 });
});

test("a new link ends the old one at once", async () => {
  const moderator = await event.joinStaff("moderator");
  const { link } = await event.organise("link", { role: "moderator" });
  await until(() => moderator.bye === "forbidden", "the old one is told");
  await moderator.closed;
  assert.equal(
    (await request(`${event.url}/snapshot`, { headers: bearer(event.keys.moderator) })).status,
    403,
  );
  event.keys.moderator = /#k=([\w-]{22})$/.exec(link)[1];
  await (await event.joinStaff("moderator")).close();
});

test("settings, their ranges", async () => {
  await event.settle({
    title: "Neuer Titel",
    hashtags: ["Eins", "Zwei"],
    language: "en",
    retention: 7,
    publish: "all",
    publish_delay: 0,
    offset: -210,
  });
  await member.until(
    ({ event: shown }) =>
      shown.title === "Neuer Titel" &&
      shown.hashtags.length === 2 &&
      shown.language === "en" &&
      shown.publish === "all" &&
      shown.publish_delay === 0 &&
      shown.offset === -210,
    "all see it",
  );
  const now = Math.floor(Date.now() / 60_000);
  const wrong = [
    { release: 61 },
    { release: -1 },
    { ask_burst: 0 },
    { ask_burst: 21 },
    { ask_seconds: 3601 },
    { retention: 366 },
    { retention: -1 },
    { moderation: "never" },
    { publish: "some" },
    { publish_delay: 3601 },
    { offset: 841 },
    { offset: -841 },
    { start: now, end: now - 1 },
    { start: now, end: now + 31 * 1440 },
    { hashtags: [] },
    { title: "" },
    { language: "fr" },
  ];
  for (const settings of wrong) {
    const { error } = await event.post({ cmd: "settings", ...settings }, event.keys.organiser);
    assert.match(error?.code ?? "ok", /^bad_|^too_long$/, JSON.stringify(settings));
  }
});

test("after the end nothing is taken", async () => {
  const over = await server.event({ hashtag: "Vorbei" });
  const guest = await over.join();
  const [n] = [(await guest.released(await guest.ask("Vor dem Ende?"))).n];
  const now = Math.floor(Date.now() / 60_000);
  await over.settle({ start: now - 100, end: now - 50 });
  await guest.refused(guest.seed.question().ask({ text: "Danach?" }), "closed");
  await guest.refused({ cmd: "vote", n }, "closed");
  await over.snapshotWhere(({ questions }) => questions.length === 1, "reading goes on");
  await guest.close();
});

test("wipe: all questions and votes, numbers go on; then delete", async () => {
  const passing = await server.event({ hashtag: "Probe" });
  const guest = await passing.join();
  const [first] = await passing.fill(["Probe eins?"]);
  await guest.vote(first);
  await passing.organise("wipe");
  await guest.until((view) => view.questions.size === 0, "all is gone");
  const [next] = await passing.fill(["Ernst eins?"]);
  assert.ok(next > first, "numbers go on");
  await guest.until((view) => view.questions.get(next)?.votes === 0, "without votes");
  const refused = await passing.post({ cmd: "delete", slug: "andere" }, passing.keys.organiser);
  assert.ok(refused.error);
  await passing.organise("delete", { slug: passing.slug });
  await until(() => guest.bye === "deleted", "the guest is told");
  assert.equal((await request(passing.url)).status, 404);
  assert.equal((await request(`${passing.url}/snapshot`)).status, 404);
});
