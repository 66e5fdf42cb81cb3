// raute verify: anybody can check who asked what, with the export alone.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { CardKey } from "../lib/cards.mjs";
import { Seed } from "../lib/keys.mjs";
import { raute, scratch, Server } from "../lib/server.mjs";
import { until } from "../lib/bounded.mjs";

const folder = scratch();
const words = ["Wie finden wir uns wieder?", "Welche Netze bleiben offen?", "Wer war das?"];
let server, good;

// Two cards, three questions, two of them claimed.
before(async () => {
  server = await Server.start();
  const event = await server.event({ title: "Netze", hashtag: "Netze" });
  await event.settle({ moderation: "after", release: 0 });
  const { id } = (await event.snapshot()).event;
  const seed = new Seed(id);
  const asker = (await event.post({ cmd: "join" })).ok.member;
  const say = async (message) => {
    const { ok, error } = await event.post(message, asker);
    assert.deepEqual(ok, {}, JSON.stringify(error));
  };
  const questions = words.map(() => seed.question());
  for (const [at, question] of questions.entries()) {
    await say(question.ask({ text: words[at] }));
  }
  const numbered = ({ keys }) => keys.length === questions.length;
  await until(async () => numbered({ keys: await event.publicKeys() }), "three numbers");
  const anna = new CardKey(id);
  const ben = new CardKey(id);
  await say(anna.publish({ name: "Anna", line: "Netze", accounts: ["anna@example.social"] }));
  await say(ben.publish({ name: "Ben", web: "https://ben.example/" }));
  await say(anna.claim(questions[0], words[0]));
  await say(ben.claim(questions[1], words[1]));
  const { out, code } = await raute(["export", event.slug, "--data", server.data]);
  assert.equal(code, 0);
  good = JSON.parse(out);
});
after(() => server?.stop());

async function verify(text, { lang = "en_GB.UTF-8" } = {}) {
  const file = path.join(folder, "export.json");
  writeFileSync(file, text);
  return raute(["verify", file], { env: { LC_ALL: lang } });
}

async function finds(change, pattern) {
  const changed = structuredClone(good);
  change(changed);
  const { code, out } = await verify(JSON.stringify(changed));
  assert.equal(code, 1, out);
  assert.match(out, pattern);
  assert.match(out.trimEnd().split("\n").at(-1), /wrong: [1-9]/);
}

const claimOf = (made, words) => {
  const { key } = made.questions.find(({ text }) => text === words);
  return made.claims.find((claim) => claim.key === key);
};

test("what is right is said to be right, one sentence each", async () => {
  const { code, out } = await verify(JSON.stringify(good));
  assert.equal(code, 0, out);
  const lines = out.trimEnd().split("\n");
  assert.equal(lines.length, 5, out);
  assert.equal(lines.filter((line) => line.includes(": right.")).length, 4, out);
  assert.match(out, /Welche Netze bleiben offen\?”: right\. Asked by “Ben”/);
  assert.match(lines.at(-1), /Cards: 2, claims: 2\.$/);
});

test("in German where LANG says so, and from standard input", async () => {
  const { code, out } = await verify(JSON.stringify(good), { lang: "de_DE.UTF-8" });
  assert.equal(code, 0);
  assert.match(out, /Gefragt von „Anna“/);
  const piped = await raute(["verify", "-"], { input: JSON.stringify(good) });
  assert.equal(piped.code, 0, piped.err);
});

test("another name, line, account or consent on a card", async () => {
  const anna = (made) => made.cards.find(({ name }) => name === "Anna");
  await finds((made) => (anna(made).name = "Anne"), /Card “Anne”: wrong/);
  await finds((made) => delete anna(made).line, /Card “Anna”: wrong/);
  await finds((made) => (anna(made).accounts[0].name = "eve@example.social"), /Card “Anna”: wrong/);
  await finds((made) => (anna(made).lists = true), /Card “Anna”: wrong/);
  await finds((made) => (anna(made).rev = 2), /Card “Anna”: wrong/);
});

test("another text of a question", async () => {
  const first = (made) => made.questions.find(({ text }) => text === words[0]);
  await finds((made) => (first(made).text = "Wer kommt mit?"), /signed for another text/);
});

test("claims that were swapped, moved, copied or altered", async () => {
  await finds((made) => {
    const [a, b] = [claimOf(made, words[0]), claimOf(made, words[1])];
    [a.card, b.card] = [b.card, a.card];
  }, /signatures of the claim do not fit/);
  await finds((made) => {
    const [a, b] = [claimOf(made, words[0]), claimOf(made, words[1])];
    [a.n, b.n] = [b.n, a.n];
  }, /about another question/);
  await finds((made) => {
    const third = made.questions.find(({ text }) => text === words[2]);
    Object.assign(claimOf(made, words[0]), { n: third.n, key: third.key });
  }, /signatures of the claim do not fit/);
  await finds((made) => made.claims.push(made.claims[0]), /claimed twice/);
  await finds((made) => {
    const claim = claimOf(made, words[0]);
    [claim.sig, claim.card_sig] = [claim.card_sig, claim.sig];
  }, /signatures of the claim do not fit/);
});

test("the same under the name of another event", async () => {
  await finds((made) => (made.event.id = "AAECAwQFBgcICQoLDA0ODw"), /wrong: 4/);
});

test("a card that is missing, a question that is missing", async () => {
  await finds((made) => (made.cards = []), /card that is not there/);
  await finds((made) => (made.questions = []), /its text is not in this file/);
});

test("what cannot be read is not judged", async () => {
  const whole = JSON.stringify(good);
  for (const text of ["", "{}", "[]", whole.slice(0, -2), whole.slice(0, 100), "no JSON"]) {
    const { code, out, err } = await verify(text);
    assert.equal(code, 2, text.slice(0, 20));
    assert.equal(out, "");
    assert.match(err, /export/);
  }
  const missing = await raute(["verify", path.join(folder, "nobody")]);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /nobody/);
});
