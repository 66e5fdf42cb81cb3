// The tests' own server of X's API, and the faults that all far servers can be told to have.
import assert from "node:assert/strict";
import http from "node:http";
import { after, beforeEach, test } from "node:test";
import { sleep, until } from "../lib/bounded.mjs";
import { challengeOf, secret } from "../lib/consent.mjs";
import { tweetWeight } from "../lib/count.mjs";
import { request as ask } from "../lib/http.mjs";
import { X } from "../lib/x.mjs";

const BACK = "http://127.0.0.1:9/oauth/callback";
const SCOPES = "tweet.read tweet.write users.read offline.access";
const servers = [];
let server;

async function start(options) {
  server = await X.start(options);
  servers.push(server);
}

beforeEach(() => start());
after(() => Promise.all(servers.map((each) => each.stop())));

const form = (fields) => new URLSearchParams(fields).toString();

function call(method, path, { token, json, fields, headers = {} } = {}) {
  const type = json ? "application/json" : "application/x-www-form-urlencoded";
  return ask(`${server.url}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...((json || fields) && { "content-type": type }),
      ...headers,
    },
    body: json ? JSON.stringify(json) : fields && form(fields),
  });
}

const tweet = (token, json) => call("POST", "/2/tweets", { token, json });

function authorizeUrl(verifier, more = {}) {
  const query = {
    response_type: "code",
    client_id: "operator",
    redirect_uri: BACK,
    scope: SCOPES,
    state: "s",
    code_challenge: challengeOf(verifier),
    code_challenge_method: "S256",
    ...more,
  };
  return `${server.url}/i/oauth2/authorize?${form(query)}`;
}

async function coded(verifier) {
  const back = await server.approve(authorizeUrl(verifier));
  assert.equal(back.searchParams.get("state"), "s");
  return back.searchParams.get("code");
}

const basic = (id, key) => ({
  authorization: `Basic ${Buffer.from(`${id}:${key}`).toString("base64")}`,
});

for (const clientSecret of [undefined, "hush"]) {
  test(`logging in as a ${clientSecret ? "confidential" : "public"} client`, async () => {
    await start({ clientSecret });
    const own = clientSecret
      ? { fields: {}, headers: basic("operator", clientSecret) }
      : { fields: { client_id: "operator" }, headers: {} };
    const token = (fields, { headers } = own) =>
      call("POST", "/2/oauth2/token", { fields: { ...own.fields, ...fields }, headers });
    const verifier = secret(48);
    const grant = { grant_type: "authorization_code", redirect_uri: BACK, code_verifier: verifier };
    for (const wrong of [
      { redirect_uri: `${BACK}/` },
      { code_verifier: secret(48) },
      { grant_type: "password" },
    ]) {
      const answer = await token({ ...grant, code: await coded(verifier), ...wrong });
      assert.equal(answer.json.error, "invalid_request", JSON.stringify(wrong));
    }
    const stranger = { headers: clientSecret ? {} : basic("operator", "x") };
    assert.notEqual((await token({ ...grant, code: await coded(verifier) }, stranger)).status, 200);
    const late = await coded(verifier);
    server.pass(31);
    assert.equal((await token({ ...grant, code: late })).status, 400);

    const first = (await token({ ...grant, code: await coded(verifier) })).json;
    assert.equal(first.expires_in, 7200);
    assert.equal((await tweet(first.access_token, { text: "a" })).status, 201);
    server.pass(7201);
    assert.equal((await tweet(first.access_token, { text: "b" })).status, 401);
    const refresh = { grant_type: "refresh_token", refresh_token: first.refresh_token };
    const second = (await token(refresh)).json;
    assert.equal((await token(refresh)).status, 400);
    assert.equal((await tweet(second.access_token, { text: "b" })).status, 201);
    const fields = { ...own.fields, token: second.refresh_token };
    assert.equal(
      (await call("POST", "/2/oauth2/revoke", { fields, headers: own.headers })).status,
      200,
    );
    assert.equal((await tweet(second.access_token, { text: "c" })).status, 401);
  });
}

test("the authorize page wants everything exact", async () => {
  await start({ redirects: [BACK] });
  const verifier = secret(48);
  for (const wrong of [
    { client_id: "x" },
    { redirect_uri: `${BACK}?a` },
    { response_type: "token" },
    { scope: "write:statuses" },
    { state: "" },
    { code_challenge_method: "plain" },
    { code_challenge: "x" },
  ]) {
    assert.equal((await ask(authorizeUrl(verifier, wrong))).status, 400, JSON.stringify(wrong));
  }
  const denied = await server.approve(authorizeUrl(verifier), { deny: true });
  assert.equal(denied.searchParams.get("error"), "access_denied");
});

test("posts: text, replies, duplicates, deletion", async () => {
  const token = server.token();
  const me = (await call("GET", "/2/users/me?user.fields=profile_image_url", { token })).json.data;
  assert.equal(me.username, "saal");
  assert.equal((await ask(me.profile_image_url)).headers["content-type"], "image/png");

  const made = await tweet(token, { text: "Was & wer? #saal https://event.example/e/abc" });
  assert.equal(made.status, 201);
  const { id, text } = made.json.data;
  assert.match(text, /^Was &amp; wer\? #saal https:\/\/t\.co\/[a-z0-9]{10}$/);
  const shown = (
    await call("GET", `/2/tweets/${id}?tweet.fields=entities,referenced_tweets`, { token })
  ).json.data;
  const [url] = shown.entities.urls;
  assert.equal([...shown.text].slice(url.start, url.end).join(""), url.url);
  assert.equal(url.expanded_url, "https://event.example/e/abc");

  const twice = await tweet(token, { text: server.tweets[0].text });
  assert.equal(twice.status, 403);
  assert.match(twice.headers["content-type"], /problem\+json/);
  assert.match(twice.json.detail, /duplicate content/);
  const reply = await tweet(token, { text: "Ja.", reply: { in_reply_to_tweet_id: id } });
  assert.equal(reply.status, 201);
  assert.equal(server.tweets[1].conversation, id);
  const stranger = server.hears("gast", "Hallo #saal");
  assert.equal(
    (await tweet(token, { text: "Hallo", reply: { in_reply_to_tweet_id: stranger.id } })).status,
    403,
  );
  assert.equal(
    (await tweet(token, { text: "Ja?", reply: { in_reply_to_tweet_id: "1" } })).status,
    403,
  );
  for (const wrong of [
    {},
    { text: "" },
    { text: 1 },
    { text: "a", status: "b" },
    { text: "a", reply: {} },
  ]) {
    assert.equal((await tweet(token, wrong)).status, 400, JSON.stringify(wrong));
  }
  assert.equal((await call("POST", "/2/tweets", { token, fields: { text: "a" } })).status, 400);

  const list = await call("GET", `/2/users/${me.id}/tweets?max_results=5`, { token });
  assert.deepEqual(
    list.json.data.map((each) => each.id),
    [reply.json.data.id, id],
  );
  assert.equal((await call("DELETE", `/2/tweets/${stranger.id}`, { token })).status, 403);
  assert.deepEqual((await call("DELETE", `/2/tweets/${id}`, { token })).json, {
    data: { deleted: true },
  });
  assert.equal((await call("DELETE", `/2/tweets/${id}`, { token })).status, 404);
  assert.equal(
    (await call("GET", `/2/tweets/${id}`, { token })).json.errors[0].title,
    "Not Found Error",
  );

  assert.equal((await tweet(server.token("tweet.read users.read"), { text: "x" })).status, 403);
  assert.equal((await tweet("x", { text: "x" })).status, 401);
  server.suspend();
  assert.match((await tweet(token, { text: "x" })).json.detail, /suspended/);
});

test("weights", async () => {
  const weights = {
    "Grüße – “ja”": 12,
    "👾": 2,
    "🙋🏽": 2,
    "👨‍👩‍👧‍👦": 2,
    日本: 4,
    "cafe\u0301": 4,
    "https://a.example/very/long/path?x=y.": 24,
    "see event.org/x, ok": 31,
    "€": 2,
    "…": 2,
  };
  for (const [text, weight] of Object.entries(weights)) {
    assert.equal(tweetWeight(text), weight, text);
  }
  const token = server.token();
  assert.equal((await tweet(token, { text: "ä".repeat(280) })).status, 201);
  assert.match((await tweet(token, { text: "ä".repeat(281) })).json.detail, /too long/);
  assert.equal((await tweet(token, { text: "日".repeat(140) })).status, 201);
  assert.equal((await tweet(token, { text: "日".repeat(141) })).status, 400);
});

test("limits in epoch seconds", async () => {
  await start({ limits: { create: [1, 900] } });
  const token = server.token();
  const first = await tweet(token, { text: "a" });
  assert.equal(first.headers["x-rate-limit-remaining"], "0");
  assert.ok(Math.abs(Number(first.headers["x-rate-limit-reset"]) - Date.now() / 1000 - 900) < 5);
  const second = await tweet(token, { text: "b" });
  assert.equal(second.status, 429);
  assert.equal(second.json.title, "Too Many Requests");
  server.pass(901);
  assert.equal((await tweet(token, { text: "b" })).status, 201);
});

test("faults", { timeout: 30_000 }, async () => {
  const token = server.token();
  let n = 0;
  const another = () => tweet(token, { text: `post ${n++}` });
  const broken = async (kind) => {
    const before = server.tweets.length;
    await assert.rejects(another(), undefined, kind);
    return server.tweets.length - before;
  };

  server.fail.next(500, 2);
  assert.deepEqual(
    [(await another()).status, (await another()).status, (await another()).status],
    [500, 500, 201],
  );
  server.fail.next(503, 1, { seconds: 7 });
  assert.equal((await another()).headers["retry-after"], "7");
  server.fail.next(429, 1, { seconds: 7 });
  const over = await another();
  assert.equal(over.status, 429);
  assert.ok(Math.abs(Number(over.headers["x-rate-limit-reset"]) - Date.now() / 1000 - 7) < 3);
  server.fail.limit(0.2);
  assert.equal((await another()).status, 429);
  await until(async () => (await another()).status === 201, "the limit is over", 5);

  server.fail.cut();
  assert.equal(await broken("cut"), 1);
  server.fail.lose();
  assert.equal(await broken("lose"), 1);
  server.fail.drop();
  assert.equal(await broken("drop"), 0);
  server.fail.redirect("http://127.0.0.1:1/", 1, { when: "POST /2/tweets" });
  assert.equal((await call("GET", "/2/users/me", { token })).status, 200);
  assert.equal((await another()).headers.location, "http://127.0.0.1:1/");
  server.fail.delay(200);
  const began = Date.now();
  assert.equal((await another()).status, 201);
  assert.ok(Date.now() - began >= 190);

  server.fail.hang();
  await assert.rejects(ask(`${server.url}/2/users/me`, { seconds: 0.3 }));
  server.fail.endless();
  const endless = await new Promise((resolve) => http.get(`${server.url}/2/users/me`, resolve));
  let bytes = 0;
  for await (const part of endless) {
    bytes += part.length;
    if (bytes > 1 << 20) {
      break;
    }
  }
  assert.ok(bytes > 1 << 20);

  // Two requests on one kept connection.
  const kept = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const on = () =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      const sent = http.get(`${server.url}/2/users/me`, { agent: kept, headers }, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode));
      });
      sent.on("error", reject);
    });
  server.fail.stale();
  assert.equal(await on(), 200);
  await sleep(20);
  await assert.rejects(on(), { code: "ECONNRESET" });
  assert.equal(server.requests.at(-1).fault, "stale");
  server.fail.close();
  assert.equal(await on(), 200);
  const before = server.requests.at(-1).connection;
  await sleep(50);
  assert.equal(await on(), 200);
  assert.notEqual(server.requests.at(-1).connection, before);
  kept.destroy();

  const { port } = server;
  await server.down();
  await assert.rejects(another());
  await server.up();
  assert.equal(server.port, port);
  assert.equal((await another()).status, 201);
});
