// Trying to be somebody else: altered and moved signatures, keys that are no good, what was signed for
// another event or question, names that look like others, marks that nobody has earned or that no longer
// hold. What one message alone can show is in the case files (cases.test.mjs).
import assert from "node:assert/strict";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { until } from "../lib/bounded.mjs";
import { CardKey, cardFields, claimFields, minuteNow, textHash } from "../lib/cards.mjs";
import { request } from "../lib/http.mjs";
import { b64, Seed, unb64 } from "../lib/keys.mjs";
import { outwardServer } from "../lib/outward.mjs";
import { passCommand, passesOf, seatsOf } from "../lib/passes.mjs";
import { run } from "../lib/server.mjs";

const words = "Wer kommt mit nach Warnemünde?";
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
let server, event, other, site, id, otherId;

before(async () => {
  site = { body: "" };
  site.http = http.createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html" });
    answer.end(site.body);
  });
  await new Promise((resolve) => site.http.listen(0, "127.0.0.1", resolve));
  site.url = `http://127.0.0.1:${site.http.address().port}/anna`;
  server = await outwardServer({ peers: [site.url] });
  event = await server.event({ title: "Hier" });
  other = await server.event({ title: "Dort", hashtag: "Dort" });
  ({ id } = (await event.snapshot()).event);
  otherId = (await other.snapshot()).event.id;
});
after(async () => {
  site?.http.close();
  await server?.stop();
});

async function asked(where = event, question = new Seed(id).question()) {
  const client = await where.join();
  await client.command(question.ask({ text: words }));
  question.n = (await client.released(question)).n;
  return { client, question };
}

const people = async () => (await request(`${event.url}/people.json`)).json.cards;
const shown = async (card) => (await people()).find(({ key }) => key === card.card);

// The second signature that verifies where S is not checked to be below the group's order.
function malleable(sig) {
  const bytes = unb64(sig);
  const low = [...bytes.subarray(32)].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let high = low + order;
  for (let at = 32; at < 64; at++, high >>= 8n) {
    bytes[at] = Number(high & 255n);
  }
  return b64(bytes);
}

// The same bytes for a decoder that ignores the bits that are left over.
const strayed = (text) => text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) | 1];

test("a second form of a signature, of a key, of any bytes", async () => {
  const { client, question } = await asked();
  const card = new CardKey(id);
  await client.command(card.publish({ name: "Zweitform" }));
  const messages = [
    [new Seed(id).question().ask({ text: "Und diese?" }), ["sig"]],
    [card.publish({ rev: 2, name: "Anders" }), ["sig"]],
    [card.claim(question, words), ["sig", "card_sig"]],
    [card.interest(question.n, 2), ["sig"]],
    [card.remove(2), ["sig"]],
    [card.unclaim(question, 1), ["sig"]],
  ];
  for (const [message, signatures] of messages) {
    for (const member of signatures) {
      const { [member]: sig } = message;
      const fresh = await event.join(); // rated commands
      await fresh.refused({ ...message, [member]: malleable(sig) }, "bad_signature");
      await fresh.refused({ ...message, [member]: b64(Buffer.alloc(64)) }, "bad_signature");
      await fresh.refused({ ...message, [member]: strayed(sig) }, "bad_encoding");
      await fresh.refused({ ...message, [member]: `${sig}==` }, "bad_encoding");
      await fresh.refused({ ...message, card: strayed(card.card) }, "bad_encoding", "bad_message");
      await fresh.close();
    }
  }
  assert.equal((await shown(card)).name, "Zweitform");
  await client.close();
});

test("keys of small and mixed order", async () => {
  const { Point } = ed25519;
  const torsion = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
  const client = await event.join();
  const { question } = await asked();
  let point = torsion;
  for (let at = 0; at < 8; at++, point = point.add(torsion)) {
    const card = new CardKey(id);
    const small = b64(point.toBytes());
    const mixed = at === 7 ? small : b64(Point.fromBytes(unb64(card.card)).add(point).toBytes());
    for (const key of [small, mixed]) {
      const fresh = await event.join();
      const says = { card: key, rev: 1, name: "Niemand", accounts: [], lists: false };
      const sig = card.sign("card", cardFields(says));
      await fresh.refused({ cmd: "card", ...says, shown: true, sig }, "bad_key");
      // A signature of zeroes over the neutral point is right for whoever forgets to look.
      const zero = b64(Buffer.from([1, ...Buffer.alloc(63)]));
      await fresh.refused({ cmd: "card", ...says, shown: true, sig: zero }, "bad_key");
      const claims = { key: question.key, card: key, rev: 1, minute: minuteNow() };
      const hash = textHash(unb64(id), words);
      await fresh.refused({ cmd: "claim", ...claims, hash, sig: zero, card_sig: zero }, "bad_signature");
      await fresh.close();
    }
  }
  await client.close();
});

test("what was signed for another event or another question", async () => {
  const { client, question } = await asked();
  const second = (await asked()).question;
  const card = new CardKey(id);
  await client.command(card.publish({ name: "Vonhier" }));
  const there = Object.assign(Object.create(question), { event: unb64(otherId) });
  const away = (await asked(other, there)).client; // the same key asks the same there
  const same = new CardKey(otherId, card.secret);
  await away.command(same.publish({ name: "Vonhier" }));
  const claim = card.claim(question, words);
  for (const message of [claim, card.publish({ rev: 2, name: "Neu" }), card.interest(there.n, 2)]) {
    await away.refused(message, "bad_signature");
  }
  await client.refused({ ...claim, key: second.key }, "bad_signature");
  await client.refused({ ...claim, sig: claim.card_sig, card_sig: claim.sig }, "bad_signature");
  await client.refused({ ...claim, sig: card.claim(second, words).sig }, "bad_signature");
  await client.command(claim);
  await client.command(card.unclaim(question, 2));
  await client.refused(claim, "gone");
  await client.refused(card.claim(question, words, 2), "stale");
  await client.command(card.claim(question, words, 3));
  await Promise.all([client.close(), away.close()]);
});

test("two cards for one question at the same moment: one of them", async () => {
  for (let turn = 0; turn < 5; turn++) {
    const { client, question } = await asked();
    const second = await event.join();
    const cards = [new CardKey(id), new CardKey(id)];
    for (const [at, who] of [client, second].entries()) {
      await who.command(cards[at].publish({ name: `Gleichzeitig ${turn}.${at}` }));
    }
    const answers = await Promise.all(
      [client, second].map((who, at) => who.try(cards[at].claim(question, words))),
    );
    const codes = answers.map(({ ok, error }) => error?.code ?? (ok ? "ok" : "")).sort();
    assert.deepEqual(codes, ["already_claimed", "ok"]);
    await Promise.all([client.close(), second.close()]);
  }
});

test("a question's key is needed, a shown card is not enough", async () => {
  const { client, question } = await asked();
  const mallory = new CardKey(id);
  await client.command(mallory.publish({ name: "Mallory" }));
  const says = { key: question.key, card: mallory.card, rev: 1, minute: minuteNow() };
  const full = { ...says, hash: textHash(unb64(id), words) };
  const sig = mallory.sign("claim-question", claimFields(full));
  const card_sig = mallory.sign("claim-card", claimFields(full));
  await client.refused({ cmd: "claim", ...full, sig, card_sig }, "bad_signature");
  await client.close();
});

test("a code and a pass of another event", async () => {
  await event.settle({ admission: "tickets" });
  await other.settle({ admission: "tickets" });
  const [code] = (await event.organise("tickets", { count: 1, seats: 1 })).codes;
  const seats = seatsOf(new Seed(id));
  const [here, there] = [await event.join(), await other.join()];
  await there.refused(passCommand(code, seats), "bad_ticket");
  const answer = await here.command(passCommand(code, seats));
  assert.throws(() => passesOf(seats, answer, there.passKey), "the proof is for one key alone");
  const [pass] = passesOf(seats, answer, here.passKey);
  await there.refused({ cmd: "join", ...pass }, "bad_pass");
  const wrong = unb64(pass.output);
  wrong[63] ^= 1;
  await here.refused({ cmd: "join", ...pass, output: b64(wrong) }, "bad_pass");
  await here.command({ cmd: "join", ...pass });
  await event.settle({ admission: "open" });
  await other.settle({ admission: "open" });
  await Promise.all([here.close(), there.close()]);
});

test("look-alikes are marked, unearned marks are not shown", { timeout: 120_000 }, async () => {
  const client = await event.join();
  const [anna, mallory, eve, paul] = Array.from({ length: 4 }, () => new CardKey(id));
  const annas = { name: "Anna Paar", web: site.url, accounts: ["anna.paar@example.social"] };
  await client.command(anna.publish(annas));
  await client.command(mallory.publish({ name: "Аnnа Раar", accounts: ["mallory@example.org"] }));
  await client.command(eve.publish({ name: "@anna.paar@example.social" }));
  await client.command(paul.publish({ name: "Paul", accounts: ["anna.paar.fan@example.social"] }));
  const alike = async () =>
    Promise.all([mallory, eve, paul].map(async (card) => (await shown(card)).alike ?? false));
  await until(async () => (await shown(paul)) !== undefined, "Paul is seen");
  assert.deepEqual(await alike(), [true, true, false], "whoever comes later");

  // Nobody gives themselves a mark.
  const marked = { ...paul.publish({ rev: 2, name: "Paul" }), mark: "login" };
  await client.refused(marked, "bad_message");
  const inside = [{ name: "anna.paar@example.social", mark: "login" }];
  await client.refused({ ...paul.publish({ rev: 2, name: "Paul" }), accounts: inside }, "bad_message");
  await client.close();

  // Anna's page links back to her card: that is hers, and no proof for a card that names the same page.
  const late = await event.join();
  const page = (card) => `${server.url}/e/${event.slug}/people/${b64(unb64(card.card).subarray(0, 8))}`;
  site.body = `<a rel="me" href="${page(anna)}">`;
  const prove = (card) => ({ cmd: "prove", card: card.card, account: "", kind: "link" });
  await late.command(
    mallory.publish({ rev: 2, name: "Аnnа Раar", web: site.url, accounts: ["mallory@example.org"] }),
  );
  await late.refused(prove(mallory), "bad_code");
  assert.deepEqual(await late.command(prove(anna)), { mark: "link" });
  await until(async () => (await shown(anna)).mark === "link", "the mark is shown");
  assert.deepEqual(await alike(), [true, true, false], "a page of one's own shows no name");
  const accounts = async () => (await people()).flatMap((card) => card.accounts.filter(({ mark }) => mark));
  assert.deepEqual(await accounts(), [], "the page says nothing of the account");
  assert.deepEqual(
    (await people()).filter(({ mark }) => mark).map(({ key }) => key),
    [anna.card],
  );

  // Another page on the card: the mark was for the one before.
  await late.command(anna.publish({ rev: 2, ...annas, web: `${site.url}/2` }));
  await until(async () => (await shown(anna)).mark === undefined, "the mark goes with its page");
  await late.command(anna.publish({ rev: 3, ...annas }));
  assert.equal((await shown(anna)).mark, undefined, "and does not come back by itself");
  await late.command(prove(anna));
  await until(async () => (await shown(anna)).mark === "link", "the mark is shown again");
  await late.close();

  // Days later it is looked at again: first the page links back still, then no longer.
  const file = path.join(server.data, "raute.sqlite");
  const sql = async (query) => (await run("sqlite3", [file, query])).out.trim();
  const age = async () => {
    await server.stop();
    await sql("UPDATE proofs SET minute = minute - 2 * 1440");
    await server.restart();
  };
  await age();
  const looked = async () => Number(await sql("SELECT minute FROM proofs")) > minuteNow() - 60;
  await until(looked, "the page is looked at again", 30);
  assert.equal((await shown(anna)).mark, "link");
  site.body = "<p>Nothing here any more.";
  await age();
  await until(async () => (await shown(anna)).mark === undefined, "the mark is lost", 30);
  assert.equal(await sql("SELECT count(*) FROM proofs"), "0");
});
