// Questions on the AT Protocol: the bridge and a real PDS, from log-in to farewell. What it does when
// answers get lost is checked at what lies on the PDS then.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { promisify } from "node:util";
import { sleep, until } from "../lib/bounded.mjs";
import { Browser } from "../lib/browser.mjs";
import { Dns } from "../lib/dns.mjs";
import { Pds, posts } from "../lib/pds.mjs";
import { signInAndConsent } from "../lib/pds_consent.mjs";
import { Front } from "../lib/pds_front.mjs";
import { Server } from "../lib/server.mjs";

const sentence = "Wie grün ist „KI“ wirklich? 🌱";
const passwords = new Set();
let pds;
let front;
let dns;
let server;

before(async () => {
  pds = await Pds.start();
  front = await Front.start(pds);
  dns = await Dns.start();
  server = await Server.start({
    args: [
      ...front.peers.flatMap((peer) => ["--allow-peer", peer]),
      ...["--plc-url", front.plc, "--dns", dns.server],
    ],
  });
});
afterEach(() => front.reset());
after(async () => {
  await server.stop();
  await Promise.all([front.stop(), dns.stop(), pds.stop()]);
});

// ---- people and events

async function person(name) {
  const account = await pds.account(name);
  dns.names[`_atproto.${account.handle}`] = { TXT: [`did=${account.did}`] };
  return account;
}

async function passwordOf(account, name) {
  const password = await pds.appPassword(account, name);
  passwords.add(password);
  return password;
}

async function eventOf(settings = {}) {
  const event = await server.event({
    ...{ language: "de", publish: "all", publish_delay: 0 },
    ...settings,
  });
  event.moderator = await event.joinStaff();
  event.asker = await event.join();
  return event;
}

const connect = (event, account, password) =>
  event.organise("connect_password", { network: "bluesky", server: account.handle, password });

const refusedWith = async (code, event, cmd, members) => {
  const { error } = await event.post({ cmd, ...members }, event.keys.organiser);
  assert.equal(error?.code, code, JSON.stringify(error));
};

// An event with an account of its own.
async function published(name, settings) {
  const account = await person(name);
  const event = await eventOf(settings);
  await connect(event, account, await passwordOf(account));
  return { account, event };
}

// Asks under the hashtag; answers with the question's key and number.
async function ask(event, text = sentence) {
  const key = await event.asker.ask(text, { degree: 1 });
  const { n } = await event.asker.released(key);
  return { key, n };
}

const rowOf = (event, n, kind = "question") =>
  event.moderator.view.questions.get(n)?.posts?.find((post) => post.kind === kind);

const stands = (event, n, state, kind = "question", seconds = 15) =>
  event.moderator.until(
    () => {
      const row = rowOf(event, n, kind);
      return (state === undefined ? !row : row?.state === state) && (row ?? true);
    },
    `the ${kind} ${n} is ${state}`,
    seconds,
  );

const rkeyOf = (record) => record.uri.split("/").pop();
const textsOf = async (account) =>
  (await pds.records(account)).map(({ value }) => value.text.split("\n")[0]);

async function only(account) {
  const records = await pds.records(account);
  assert.equal(records.length, 1, JSON.stringify(records));
  return records[0];
}

// ---- log-in by app password

test("who may connect: forms of passwords, handles by DNS, documents that contradict", async () => {
  const vera = await person("vera");
  const event = await eventOf();
  const password = await passwordOf(vera);
  const by = (members) => ({ network: "bluesky", server: vera.handle, password, ...members });
  const refused = (code, members) => refusedWith(code, event, "connect_password", by(members));

  await refused("refused", { password: vera.password });
  assert.equal(front.of("server.createSession").length, 0, "the own password never leaves");
  await refused("refused", { password: "aaaa-bbbb-cccc-dddd" });
  await refused("bad_server", { server: "nobody.test" });
  await refused("bad_server", { server: "localhost" });
  await refused("bad_server", { server: "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa" });

  dns.names["_atproto.two.test"] = { TXT: [`did=${vera.did}`, `did=did:plc:${"a".repeat(24)}`] };
  dns.names["_atproto.other.test"] = { TXT: [`did=${vera.did}`] };
  await refused("bad_server", { server: "two.test" });
  await refused("bad_server", { server: "other.test" }); // her document does not name it
  const lies = {
    "somebody else's": (document) => ({ ...document, id: `did:plc:${"a".repeat(24)}` }),
    "of no handle": (document) => ({ ...document, alsoKnownAs: [] }),
    "of no PDS": (document) => ({ ...document, service: [] }),
    "of a private PDS": (document) => ({
      ...document,
      service: [{ ...document.service[0], serviceEndpoint: "http://127.0.0.1:1" }],
    }),
  };
  for (const lie of Object.values(lies)) {
    front.documents.set(vera.did, lie);
    await refused("bad_server");
  }
  front.documents.clear();
  assert.equal((await event.staff).accounts.length, 0);

  assert.deepEqual(await event.organise("connect_password", by({ server: vera.did })), {
    account: 1,
  });
  assert.ok(dns.asked.includes(`_atproto.${vera.handle} TXT`));
  assert.deepEqual(await connect(event, { handle: "@VERA.test" }, password), { account: 1 });
  const [{ state, name, url, limit, network, ...rest }] = (
    await event.snapshotWhere(
      ({ accounts }) => accounts.length,
      "the account",
      event.keys.organiser,
    )
  ).accounts;
  assert.deepEqual([state, name, limit, network], ["connected", "@vera.test", 300, "bluesky"]);
  assert.equal(url, `https://bsky.app/profile/${vera.did}`);
  assert.equal(rest.server, front.url);
});

// ---- a post and what becomes of it

const bytesOf = (text, { byteStart, byteEnd }) =>
  Buffer.from(text).subarray(byteStart, byteEnd).toString();

test("a post, its facets by bytes, its card; an answer in its thread; edited, open, hidden", async () => {
  const { account, event } = await published("anna");
  const { key, n } = await ask(event);
  const row = await stands(event, n, "sent");
  const record = await only(account);
  const page = `${event.url}/q/${n}`;
  const shown = page.replace("http://", "");
  const { value } = record;
  assert.equal(value.text, `${sentence}\n\n#NetzwerkenHRO ${shown}`);
  assert.deepEqual(value.langs, ["de"]);
  assert.ok(Math.abs(Date.parse(value.createdAt) - Date.now()) < 60_000);
  assert.match(rkeyOf(record), /^[2-7a-z]{13}$/);
  assert.equal(row.url, `https://bsky.app/profile/${account.did}/post/${rkeyOf(record)}`);
  const facets = value.facets.map(({ index, features }) => [
    bytesOf(value.text, index),
    features[0].tag ?? features[0].uri,
  ]);
  assert.deepEqual(facets, [
    ["#NetzwerkenHRO", "NetzwerkenHRO"],
    [shown, page],
  ]);
  assert.deepEqual(value.embed, {
    $type: "app.bsky.embed.external",
    external: { uri: page, title: "Digital vernetzt", description: sentence },
  });
  await event.asker.until(
    ({ questions }) => questions.get(n).posts?.[0].url === row.url,
    "everybody sees where it is",
  );

  await event.move(n, "listed", "answered", { answer: "So grün wie sein Strom." });
  await stands(event, n, "sent", "answer");
  const [reply] = (await pds.records(account)).filter(({ value: { reply } }) => reply);
  const here = { uri: record.uri, cid: record.cid };
  assert.deepEqual(reply.value.reply, { root: here, parent: here });
  assert.match(reply.value.text, /^So grün wie sein Strom\.\n\n#NetzwerkenHRO /);
  assert.equal(reply.value.embed, undefined);

  await event.move(n, "answered", "listed");
  await stands(event, n, "deleted", "answer");
  await event.asker.edit(key, 1, "Wie grün ist KI?");
  await until(async () => (await textsOf(account))[0] === "Wie grün ist KI?", "it is replaced");
  const edited = await only(account);
  assert.notEqual(edited.uri, record.uri);
  await stands(event, n, "sent");

  await event.moderate("open", { n, on: true });
  await stands(event, n, "sent", "open");
  assert.equal((await pds.records(account)).length, 2);
  await event.asker.edit(key, 2, "Wie grün ist KI heute?");
  const thread = await until(async () => {
    const records = await pds.records(account);
    const top = records.find(({ value: { reply: of } }) => !of);
    const below = records.find(({ value: { reply: of } }) => of);
    return (
      records.length === 2 &&
      top.value.text.startsWith("Wie grün ist KI heute?") &&
      below.value.reply.parent.uri === top.uri &&
      below
    );
  }, "the thread hangs on the new post");
  assert.equal(thread.value.reply.root.uri, thread.value.reply.parent.uri);

  await event.move(n, "listed", "hidden");
  await until(async () => (await pds.records(account)).length === 0, "all of it is gone");
  await stands(event, n, "deleted");
});

test("withdrawn by its asker it is gone; a test post comes and goes", async () => {
  const { account, event } = await published("bert");
  const { key, n } = await ask(event);
  await stands(event, n, "sent");
  await event.asker.withdraw(key);
  await until(async () => (await pds.records(account)).length === 0, "it is gone");
  await event.moderator.until(({ left }) => left.length === 0, "nothing is left of it");

  const writes = () => front.calls.filter(({ body }) => body?.repo === account.did);
  const count = writes().length;
  const tested = await event.organise("account_test", { account: 1 });
  assert.equal(tested.deleted, true);
  assert.equal((await pds.records(account)).length, 0);
  const [made] = writes().slice(count);
  assert.ok(tested.url.endsWith(made.body.rkey));
  assert.ok(made.body.record.text.includes(event.url.replace("http://", "")));
  assert.ok(!made.body.record.text.includes("#"), "a test is not for the hashtag");
});

// ---- answers that never come

const methods = {
  post: "repo.createRecord",
  edit: "repo.applyWrites",
  delete: "repo.deleteRecord",
};
const swallow = (act) => {
  let times = 0;
  front.after = ({ method, body }) => method === methods[act] && Boolean(body) && ++times === 1;
  return until.bind(undefined, () => times > 0, `the PDS has done the ${act}`);
};

test("done there, but the answer is lost: found again, nothing doubled, nothing left", async () => {
  const { account, event } = await published("carl");
  const posted = swallow("post");
  const { key, n } = await ask(event);
  await posted();
  await stands(event, n, "sent");
  await only(account);

  const edited = swallow("edit");
  await event.asker.edit(key, 1, "Anders gefragt?");
  await edited();
  await stands(event, n, "sent");
  assert.match((await only(account)).value.text, /^Anders gefragt\?/);
  const rkey = rkeyOf(await only(account));
  await event.moderator.until(() => rowOf(event, n).url.endsWith(rkey), "its address is known");

  const twice = swallow("edit");
  await event.asker.edit(key, 2, "Noch einmal anders?");
  await twice();
  await event.asker.withdraw(key, 3); // before anybody knows how it went
  await until(async () => (await pds.records(account)).length === 0, "it is gone", 20);
  await event.moderator.until(({ left }) => left.length === 0, "nothing is left of it", 20);
});

test("kill -9 between send and note: one record, the right one; a deletion is finished", async () => {
  const { account, event } = await published("dora");
  const rejoin = async () => {
    await server.kill();
    front.reset();
    await server.restart();
    event.moderator = await event.joinStaff();
    event.asker = await event.join({ seed: event.asker.seed });
  };
  const kill = async (act, cause) => {
    const done = swallow(act);
    const came = await cause();
    await done();
    await rejoin();
    return came;
  };
  const { key, n } = await kill("post", () => ask(event));
  await stands(event, n, "sent");
  assert.deepEqual(await textsOf(account), [sentence]);
  assert.equal(
    front.of("repo.createRecord").filter(({ body }) => body.repo === account.did).length,
    1,
  );

  await kill("edit", () => event.asker.edit(key, 1, "Nach dem Absturz?"));
  await stands(event, n, "sent");
  assert.deepEqual(await textsOf(account), ["Nach dem Absturz?"]);

  await kill("delete", () => event.asker.withdraw(key, 2));
  await event.moderator.until(({ left }) => left.length === 0, "nothing is left of it");
  assert.deepEqual(await textsOf(account), []);
});

// ---- log-ins that end

// From now on the PDS says of this access token that it is over.
function expire(account) {
  const session = front
    .of("server.createSession")
    .findLast(({ answer }) => JSON.parse(answer).did === account.did);
  const over = `Bearer ${JSON.parse(session.answer).accessJwt}`;
  front.before = ({ token }) =>
    token === over ? { status: 400, json: { error: "ExpiredToken", message: "over" } } : undefined;
}

const accountIs = (event, state) =>
  event.moderator.until(({ accounts }) => accounts[0].state === state, `the account is ${state}`);

test("an expired session is renewed; a revoked password is told, and what waits goes later", async () => {
  const { account, event } = await published("emil");
  await sleep(1100); // in the same second the renewed token would be the old one
  expire(account);
  const first = await ask(event, "Geht es weiter?");
  await stands(event, first.n, "sent");
  const renewals = front.of("server.refreshSession").length;
  assert.ok(renewals > 0);
  const second = await ask(event, "Und noch einmal?");
  await stands(event, second.n, "sent");
  assert.equal(front.of("server.refreshSession").length, renewals, "renewed once");

  await pds.revokeAppPassword(account);
  front.before = ({ method, token }) =>
    method.startsWith("repo.") && token
      ? { status: 400, json: { error: "ExpiredToken" } }
      : undefined;
  const third = await ask(event, "Ohne Zugang?");
  await accountIs(event, "expired");
  assert.equal(rowOf(event, third.n).trouble, "login");
  front.reset();
  await connect(event, account, await passwordOf(account, "again"));
  await accountIs(event, "connected");
  await stands(event, third.n, "sent");
  assert.deepEqual((await textsOf(account)).sort(), [
    "Geht es weiter?",
    "Ohne Zugang?",
    "Und noch einmal?",
  ]);
});

test("a suspended account is told; once it may post again, what waited goes", async () => {
  const { account, event } = await published("fine");
  await pds.suspend(account);
  const { n } = await ask(event);
  await accountIs(event, "refused");
  assert.equal(rowOf(event, n).trouble, "forbidden");
  await pds.suspend(account, false);
  await connect(event, account, await passwordOf(account, "again"));
  await stands(event, n, "sent");
  assert.deepEqual(await textsOf(account), [sentence]);
});

test("disconnected, its session is over; what was posted stays", async () => {
  const { account, event } = await published("gina");
  const { n } = await ask(event);
  await stands(event, n, "sent");
  await event.organise("disconnect", { account: 1 });
  const ended = await until(() => front.of("server.deleteSession").at(-1), "the session is ended");
  await assert.rejects(
    pds.call("com.atproto.server.refreshSession", { token: ended.token }),
    /revoked|ExpiredToken/,
  );
  await event.moderator.until(
    ({ accounts }) => !accounts.some(({ state }) => state !== "left"),
    "the account has left",
  );
  await only(account);
});

// ---- OAuth

// What the PDS itself keeps of an account's granted log-ins.
async function grants({ did }) {
  const book = path.join(pds.peer.child.spawnargs[2], "account.sqlite");
  const { stdout } = await promisify(execFile)("sqlite3", [
    ...["-readonly", book],
    `select count(*) from token where did = '${did}'`,
  ]);
  return Number(stdout);
}

const secret = () => randomBytes(32).toString("base64url");
const hashed = (verifier) => createHash("sha256").update(verifier).digest("base64url");

// What a person's browser brings back from `address`.
async function consent(browser, address, account) {
  const context = await browser.person();
  const page = await context.newPage();
  await page.route(`${server.url}/oauth/callback?*`, (route) => route.fulfill({ body: "back" }));
  await page.goto(address);
  await signInAndConsent(page, account);
  const { searchParams } = new URL(page.url());
  await context.close();
  return Object.fromEntries(searchParams);
}

test("by OAuth: consent, post, edit, farewell; a code of somebody else is refused", async () => {
  const account = await person("hugo");
  front.direct.add(account.did); // proofs name the address that is asked
  const event = await eventOf();
  const verifier = secret();
  const begin = { network: "bluesky", server: account.handle, challenge: hashed(verifier) };
  const { url, state } = await event.organise("connect", begin);
  assert.ok(url.startsWith(`${pds.url}/oauth/authorize?client_id=http%3A%2F%2Flocalhost`));
  const browser = await Browser.launch();
  const came = await consent(browser, url, account).finally(() => browser.close());
  assert.deepEqual([came.state, came.iss], [state, pds.url]);
  const finish = { state, code: came.code, verifier, issuer: came.iss };
  await refusedWith("refused", event, "connect_finish", { ...finish, verifier: secret() });
  await refusedWith("expired", event, "connect_finish", { ...finish, state: state.slice(1) + "A" });
  assert.deepEqual(await event.organise("connect_finish", finish), { account: 1 });
  await refusedWith("expired", event, "connect_finish", finish);
  assert.equal(await grants(account), 1);

  const { key, n } = await ask(event);
  await stands(event, n, "sent");
  assert.deepEqual(await textsOf(account), [sentence]);
  await event.asker.edit(key, 1, "Mit den kleinsten Rechten?");
  await until(
    async () => (await textsOf(account))[0] === "Mit den kleinsten Rechten?",
    "it is replaced",
  );
  await stands(event, n, "sent");
  await event.asker.withdraw(key, 2);
  await until(async () => (await pds.records(account)).length === 0, "it is gone");
  await event.organise("disconnect", { account: 1 });
  await until(async () => (await grants(account)) === 0, "the log-in is ended there");

  const wrong = await event.organise("connect", begin);
  const mixed = { state: wrong.state, code: "cod-x", verifier, issuer: "http://localhost:1" };
  await refusedWith("refused", event, "connect_finish", mixed);
});

// ---- secrets

test("no token and no password lies in the data folder or in the log", async () => {
  const sessions = ["server.createSession", "server.refreshSession"].flatMap((method) =>
    front.of(method).map(({ answer }) => JSON.parse(answer)),
  );
  const needles = [
    ...passwords,
    ...sessions.flatMap(({ accessJwt, refreshJwt }) => [accessJwt, refreshJwt]).filter(Boolean),
  ];
  assert.ok(needles.length > 20);
  const files = await readdir(server.data, { recursive: true, withFileTypes: true });
  let read = 0;
  for (const file of files.filter((each) => each.isFile())) {
    const bytes = await readFile(path.join(file.parentPath ?? file.path, file.name));
    read += bytes.length;
    for (const needle of needles) {
      assert.ok(!bytes.includes(needle), `${file.name} has a secret`);
      assert.ok(!bytes.includes(needle.split(".").pop()), `${file.name} has a secret's signature`);
    }
  }
  assert.ok(read > 10_000);
  for (const needle of [...needles, ".test", "did:plc", posts]) {
    assert.ok(!server.log.includes(needle), "the log tells something");
  }
});
