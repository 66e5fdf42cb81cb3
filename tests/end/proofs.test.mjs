// Whose an account is, shown in three ways at real servers: by logging in there (a snac, a Bluesky
// PDS), by a link back, by a post with the question's code. And lists to take home, on the PDS.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { sha512 } from "@noble/hashes/sha2.js";
import { until } from "../lib/bounded.mjs";
import { Browser } from "../lib/browser.mjs";
import { CardKey, label, minuteNow } from "../lib/cards.mjs";
import { Dns } from "../lib/dns.mjs";
import { request } from "../lib/http.mjs";
import { b64, text, unb64 } from "../lib/keys.mjs";
import { outwardServer, promptEvent } from "../lib/outward.mjs";
import { Pds, posts } from "../lib/pds.mjs";
import { signInAndConsent } from "../lib/pds_consent.mjs";
import { run } from "../lib/server.mjs";
import { Snac } from "../lib/snac.mjs";

const sentence = "Wer möchte eine Fahrgemeinschaft nach Rostock?";
let pds, snac, dns, browser, site, server, event;
let vera, anna, eva; // Vera: card of all tests, at both servers; Eva: a stranger at both
let client, card, says, question, name; // of Vera: one of her phones; her name at snac

// A web page of somebody's own.
async function pageStart() {
  const page = { body: "", status: 200 };
  page.http = http.createServer((_, answer) => {
    answer.writeHead(page.status, { "content-type": "text/html", ...page.headers });
    answer.end(page.body);
  });
  await new Promise((resolve) => page.http.listen(0, "127.0.0.1", resolve));
  page.url = `http://127.0.0.1:${page.http.address().port}`;
  return page;
}

async function handleOf(account) {
  dns.names[`_atproto.${account.handle}`] = { TXT: [`did=${account.did}`] };
  return account;
}

before(async () => {
  [pds, snac, browser, dns, site] = await Promise.all([
    ...[Pds.start(), Snac.start(), Browser.launch(), Dns.start(), pageStart()],
  ]);
  vera = await handleOf(await pds.account("vera"));
  eva = await handleOf(await pds.account("eva"));
  anna = { vera: await snac.account("vera"), eva: await snac.account("eva") };
  server = await outwardServer({
    peers: [pds.url, pds.plc, snac.url, site.url],
    args: ["--plc-url", pds.plc, "--dns", dns.server],
  });
  event = await promptEvent(server, { moderation: "after" });
  client = await event.join();
  card = new CardKey((await event.snapshot()).event.id);
  name = `vera@${snac.host}`;
  says = { name: "Vera", web: site.url, accounts: [name, vera.handle], lists: true };
  await client.command(card.publish(says));
  question = await client.ask(sentence);
  question.n = (await client.released(question)).n;
  await client.command(card.claim(question, sentence));
  await client.close();
});
// Commands of people are rated.
beforeEach(async () => {
  client = await event.join();
});
afterEach(() => client.close());
after(async () => {
  await browser?.close();
  await server?.stop();
  site?.http.close();
  await Promise.all([pds?.stop(), snac?.stop(), dns?.stop()]);
});

const people = async () => (await request(`${event.url}/people.json`)).json.cards;
const mark = async (account) => {
  const shown = (await people()).find(({ key }) => key === card.card);
  return account === "" ? shown.mark : shown.accounts.find((each) => each.name === account).mark;
};
const marked = (account, wanted) =>
  until(async () => (await mark(account)) === wanted, `${account} is marked ${wanted}`);

// What a person's browser brings back from the page where they agree.
async function consent(address, agree) {
  const context = await browser.person();
  const page = await context.newPage();
  await page.route(`${server.url}/oauth/callback?*`, (route) => route.fulfill({ body: "back" }));
  await page.goto(address);
  await agree(page);
  const { searchParams } = new URL(page.url());
  await context.close();
  return Object.fromEntries(searchParams);
}

async function ownBegin(account, members = { purpose: "prove" }) {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const begin = { cmd: "own_login", card: card.card, account, challenge, ...members };
  return { ...(await client.command(begin)), verifier };
}
const finishing = ({ state, verifier }, { code, iss }) => ({
  ...{ cmd: "own_finish", state, code, verifier },
  ...(iss && { issuer: iss }),
});

// ---- by logging in

test("a snac: who logs in must be the account on the card", { timeout: 60_000 }, async () => {
  const wrong = await ownBegin(name);
  const eve = await consent(wrong.url, (page) => Snac.signIn(page, anna.eva));
  await client.refused(finishing(wrong, eve), "bad_account");
  assert.equal(await mark(name), undefined);

  const login = await ownBegin(name);
  const came = await consent(login.url, (page) => Snac.signIn(page, anna.vera));
  assert.equal(came.state, login.state);
  await client.refused({ ...finishing(login, came), verifier: wrong.verifier }, "refused");
  assert.deepEqual(await client.command(finishing(login, came)), { account: name });
  await marked(name, "login");
  await client.refused(finishing(login, came), "expired");
});

test("a PDS: with no right but to say who it is", { timeout: 90_000 }, async () => {
  const login = await ownBegin(vera.handle);
  const came = await consent(login.url, (page) => signInAndConsent(page, vera));
  const client_id = new URL(new URL(login.url).searchParams.get("client_id"));
  assert.equal(client_id.searchParams.get("scope"), "atproto");
  assert.deepEqual(await client.command(finishing(login, came)), { account: vera.handle });
  await marked(vera.handle, "login");
});

// Days later; no token is left by then.
test("a log-in is looked at again, and lost with the name", { timeout: 60_000 }, async () => {
  const sql = async (query) =>
    (await run("sqlite3", [path.join(server.data, "raute.sqlite"), query])).out.trim();
  const age = async () => {
    await server.stop();
    await sql("UPDATE proofs SET minute = minute - 2 * 1440");
    await server.restart();
  };
  const looked = async () => Number(await sql("SELECT min(minute) FROM proofs")) > minuteNow() - 60;
  await age();
  await until(looked, "both accounts are looked at again", 30);
  assert.deepEqual([await mark(name), await mark(vera.handle)], ["login", "login"]);

  dns.names[`_atproto.${vera.handle}`] = { TXT: [`did=${eva.did}`] };
  await age();
  await marked(vera.handle, undefined);
  await until(looked, "the other one is as it was", 30);
  assert.equal(await mark(name), "login");
  await handleOf(vera);
});

test("an account that is not on the card, or no account", async () => {
  const begin = { cmd: "own_login", card: card.card, purpose: "prove", challenge: b64(randomBytes(32)) };
  await client.refused({ ...begin, account: eva.handle }, "bad_account");
  const other = new CardKey((await event.snapshot()).event.id);
  await client.refused({ ...begin, card: other.card, account: vera.handle }, "unknown");
});

test("posted under the own account, once", { timeout: 90_000 }, async () => {
  const post = { purpose: "post", n: question.n };
  const atSnac = await ownBegin(name, post);
  const came = await consent(atSnac.url, (page) => Snac.signIn(page, anna.vera));
  const { url } = await client.command(finishing(atSnac, came));
  const token = await snac.token(anna.vera);
  const [status] = await snac.statuses(token);
  assert.equal(url, status.url);
  assert.ok(status.text.startsWith(sentence), status.text);
  assert.ok(status.text.includes(`${server.url}/e/${event.slug}/q/${question.n}`));

  const atPds = await ownBegin(vera.handle, post);
  const back = await consent(atPds.url, (page) => signInAndConsent(page, vera));
  const answer = await client.command(finishing(atPds, back));
  const [record] = await pds.records(vera);
  assert.equal(answer.url, record.uri.replace("at://", "https://bsky.app/profile/").replace(posts, "post"));
  assert.ok(record.value.text.startsWith(sentence));
  assert.equal((await pds.records(vera)).length, 1);
});

// ---- by a link back

test("a web page that links back, and one that does not", { timeout: 30_000 }, async () => {
  const prove = { cmd: "prove", card: card.card, account: "", kind: "link" };
  const target = `${server.url}/e/${event.slug}/people/${b64(unb64(card.card).subarray(0, 8))}`;
  for (const body of ["", `<a href="${target}">`, `<a rel="me" href="${target}x">`]) {
    site.body = body;
    await client.refused(prove, "bad_code");
  }
  const link = `<p><a rel="nofollow me" href="${target}">`;
  for (const type of ["text/plain", "application/octet-stream"]) {
    Object.assign(site, { body: link, headers: { "content-type": type } });
    await client.refused(prove, "bad_code");
  }
  Object.assign(site, { body: "x".repeat(3_000_000), headers: {} });
  await client.refused(prove, "bad_server");
  Object.assign(site, { status: 302, headers: { location: "http://127.0.0.1:1/" }, body: "" });
  await client.refused(prove, "bad_server");
  Object.assign(site, { status: 200, headers: {}, body: link });
  assert.deepEqual(await client.command(prove), { mark: "link" });
  await marked("", "link");
  await client.refused({ ...prove, account: vera.handle }, "bad_account");
});

// ---- by a post

// What is on the card anew has no mark yet.
async function forget() {
  await client.command(card.publish({ ...says, rev: 2, accounts: [] }));
  await client.command(card.publish({ ...says, rev: 3 }));
  await marked(name, undefined);
  await marked(vera.handle, undefined);
}

const codeOf = (salt, account) =>
  b64(
    sha512(
      Buffer.concat([
        label("raute.1/code"),
        card.event,
        unb64(question.key),
        unb64(card.card),
        salt,
        text(account),
      ]),
    ).slice(0, 16),
  );
const linkWith = (code) => `${server.url}/e/${event.slug}/q/${question.n}#${code}`;

test("a post on snac with the code of the question", { timeout: 60_000 }, async () => {
  const salt = randomBytes(16);
  const prove = (url, members) => ({
    ...{ cmd: "prove", card: card.card, account: name, kind: "post", n: question.n },
    ...{ salt: b64(salt), url, ...members },
  });
  const good = await snac.toot(anna.vera, `${sentence} ${linkWith(codeOf(salt, name))}`);
  const bare = await snac.toot(anna.vera, `${sentence} ${server.url}/e/${event.slug}/q/${question.n}`);
  const stolen = await snac.toot(anna.eva, `${sentence} ${linkWith(codeOf(salt, name))}`);
  await client.refused(prove(bare), "bad_code");
  await client.refused(prove(stolen), "bad_account");
  await client.refused(prove(good, { salt: b64(randomBytes(16)) }), "bad_code");
  await client.refused(prove(`${site.url}/1`), "bad_account");
  await client.refused(prove(`${snac.url}/vera/p/1.1`), "bad_code");
  await client.refused(prove(good, { n: 999 }), "unknown");
  // Who has logged in loses that mark to no other.
  assert.deepEqual(await client.command(prove(good)), { mark: "login" });
  assert.equal(await mark(name), "login");
  await forget();
  assert.deepEqual(await client.command(prove(good)), { mark: "post" });
  await marked(name, "post");
});

test("a post on the PDS with the code of the question", { timeout: 60_000 }, async () => {
  const salt = randomBytes(16);
  const session = await pds.call("com.atproto.server.createSession", {
    body: { identifier: vera.handle, password: vera.password },
  });
  const write = async (words) =>
    pds.call("com.atproto.repo.createRecord", {
      token: `Bearer ${session.accessJwt}`,
      body: {
        ...{ repo: vera.did, collection: posts },
        record: { $type: posts, text: words, createdAt: new Date().toISOString() },
      },
    });
  const { uri } = await write(`${sentence} ${linkWith(codeOf(salt, vera.handle))}`);
  const other = await write(`${sentence} ${linkWith(b64(randomBytes(16)))}`);
  const page = (of, who = vera.handle) =>
    `https://bsky.app/profile/${who}/post/${of.split("/").pop()}`;
  const prove = (url) => ({
    ...{ cmd: "prove", card: card.card, account: vera.handle, kind: "post", n: question.n },
    ...{ salt: b64(salt), url },
  });
  await client.refused(prove(page(other.uri)), "bad_code");
  await client.refused(prove(page(uri, eva.handle)), "bad_account");
  await client.refused(prove("https://bsky.app/profile/x"), "bad_code");
  assert.deepEqual(await client.command(prove(page(uri))), { mark: "post" });
  await marked(vera.handle, "post");
});

// ---- to take home

test("a list on Bluesky, made once and kept up to date", { timeout: 60_000 }, async () => {
  const password = await pds.appPassword(eva);
  const { account } = await event.organise("connect_password", {
    ...{ network: "bluesky", server: eva.handle, password },
  });
  const { lists } = await event.organise("take_home", { account });
  const made = await pds.records(eva, "app.bsky.graph.list");
  assert.deepEqual(lists, [`https://bsky.app/profile/${eva.did}/lists/${made[0].uri.split("/").pop()}`]);
  const items = async () => (await pds.records(eva, "app.bsky.graph.listitem")).map(({ value }) => value);
  assert.deepEqual(
    (await items()).map(({ subject, list }) => [subject, list]),
    [[vera.did, made[0].uri]],
  );
  assert.deepEqual(await event.organise("take_home", { account }), { lists });
  assert.equal((await items()).length, 1);
  await client.command(card.publish({ ...says, rev: 4, lists: false }));
  assert.deepEqual(await event.organise("take_home", { account }), { lists: [] });
  assert.deepEqual(await items(), []);
  await event.organise("disconnect", { account });
});

// ---- to follow

test("where the people of a server follow others", { timeout: 30_000 }, async () => {
  const follow = (typed) => request(`${event.url}/follow?server=${encodeURIComponent(typed)}`);
  for (const account of [`eva@${snac.host}`, `@eva@${snac.host}`]) {
    assert.equal((await follow(account)).json.error.code, "bad_value"); // it would stand in logs
  }
  const answer = await follow(snac.host);
  if (answer.status === 200) {
    assert.match(answer.json.template, /\{uri\}/);
  } else {
    assert.equal(answer.json.error.code, "bad_server"); // snac says none
  }
  assert.equal((await follow("localhost")).json.error.code, "bad_server");
});
