// The tests' own Mastodon server understands what independent clients send, they understand what it
// answers, and it refuses what the documentation says is refused.
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { detector } from "megalodon";
import { challengeOf, secret } from "../lib/consent.mjs";
import { mastodonLength, tagKey, tagsIn } from "../lib/count.mjs";
import { request as ask } from "../lib/http.mjs";
import { Mastodon } from "../lib/mastodon.mjs";
import { authorizeUrl as addressOf, lives, script } from "../lib/mastodon_clients.mjs";
import { normalForm } from "../lib/normal.mjs";

const { back: BACK, scopes: SCOPES, website: WEBSITE } = script;
const servers = [];
let server;

async function start(options) {
  server = await Mastodon.start(options);
  servers.push(server);
  return server;
}

beforeEach(() => start());
after(() => Promise.all(servers.map((each) => each.stop())));

const agent = { "user-agent": "test" };
const form = (fields) => new URLSearchParams(fields).toString();

// One request as form, with a token that may do what is usual unless another one is given.
function call(method, path, { fields, token, headers, json } = {}) {
  const type = json ? "application/json" : "application/x-www-form-urlencoded";
  return ask(`${server.url}${path}`, {
    method,
    headers: {
      ...agent,
      ...(token && { authorization: `Bearer ${token}` }),
      ...((fields || json) && { "content-type": type }),
      ...headers,
    },
    body: json ? JSON.stringify(json) : fields && form(fields),
  });
}

const post = (token, fields, headers) =>
  call("POST", "/api/v1/statuses", { token, fields, headers });

const authorizeUrl = (clientId, more) => addressOf(server, script, clientId, more);

async function registered(more = {}) {
  const fields = {
    client_name: "Raute",
    redirect_uris: BACK,
    scopes: SCOPES,
    website: WEBSITE,
    ...more,
  };
  return (await call("POST", "/api/v1/apps", { fields })).json;
}

const html = (text) =>
  `<p>${text} <a href="${server.url}/tags/horsaal" class="mention hashtag" rel="tag">#<span>Hörsaal</span></a></p>`;

const sent = {};
for (const [name, live] of Object.entries(lives)) {
  test(`${name}: from registration to deletion`, { timeout: 30_000 }, async () => {
    const { again, ...seen } = await live(server, script);
    assert.notEqual(again, false);
    assert.deepEqual(seen, {
      limit: 500,
      me: "saal",
      content: html("Wie geht es?"),
      warning: "Achtung",
      language: "de",
      parent: true,
      edited: html("Wie geht es euch?"),
      thread: ["<p>Gut.</p>"],
      timeline: [html("Wie geht es euch?")],
      gone: "Gut.",
    });
    assert.equal(server.statuses.length, 1);
    assert.ok([...server.tokens.values()].every((grant) => grant.revoked));
    const refused = server.requests.filter((each) => each.status >= 400);
    assert.deepEqual(refused, []);
    const ignored = server.requests.flatMap((each) => each.ignored ?? []);
    assert.deepEqual(ignored, []);
    const forms = server.requests.filter((each) => !each.page).map(normalForm);
    sent[name] = new Map(
      forms.map((each) => [
        `${each.method} ${each.path} ${each.fields.in_reply_to_id ?? ""}`,
        each,
      ]),
    );
  });
}

test("in normal form the two clients send the same", () => {
  const both = [...sent.masto.keys()].filter((key) => sent.megalodon.has(key));
  assert.deepEqual(both, [
    "POST /api/v1/apps ",
    "POST /oauth/token ",
    "GET /api/v1/accounts/verify_credentials ",
    "POST /api/v1/statuses ",
    "POST /api/v1/statuses *",
    "PUT /api/v1/statuses/* ",
    "GET /api/v1/statuses/*/context ",
    "GET /api/v1/timelines/tag/h%C3%B6rsaal ",
    "DELETE /api/v1/statuses/* ",
    "POST /oauth/revoke ",
  ]);
  for (const key of both) {
    const [one, other] = [sent.masto.get(key), sent.megalodon.get(key)];
    // What megalodon cannot do.
    delete one.headers["idempotency-key"];
    delete one.fields.code_verifier;
    if (key.startsWith("PUT")) {
      delete one.fields.language;
    }
    assert.deepEqual(one, other, key);
  }
});

test("megalodon takes it for Mastodon", async () => {
  assert.equal(await detector(server.url), "mastodon");
});

test("logging in: whoever is not exact stays out", async () => {
  const reasons = [
    [{ redirect_uris: "nowhere" }, /Redirect URI must be an absolute URI/],
    [{ redirect_uris: `${BACK}#x` }, /fragment/],
    [{ scopes: "write:everything" }, /Scopes/],
    [{ client_name: "" }, /name can't be blank/],
    [{ website: "javascript:1" }, /website/],
  ];
  server.options.limits.apps = [20, 600];
  for (const [wrong, reason] of reasons) {
    assert.match((await registered(wrong)).error, reason);
  }
  const json = { client_name: "Raute", redirect_uris: [BACK, `${BACK}/2`], scopes: SCOPES };
  const listed = await call("POST", "/api/v1/apps", { json });
  assert.deepEqual(listed.json.redirect_uris, [BACK, `${BACK}/2`]);

  const app = await registered();
  const verifier = secret(48);
  const pkce = { code_challenge: challengeOf(verifier), code_challenge_method: "S256" };
  for (const wrong of [
    { client_id: "x" },
    { redirect_uri: `${BACK}/` },
    { response_type: "token" },
    { scope: "write" },
    { code_challenge_method: "plain", code_challenge: verifier },
    { code_challenge: "short", code_challenge_method: "S256" },
  ]) {
    const answer = await ask(authorizeUrl(app.client_id, { ...pkce, ...wrong }), {
      headers: agent,
    });
    assert.ok(answer.status === 400 || answer.status === 401, JSON.stringify(wrong));
  }
  const denied = await server.approve(authorizeUrl(app.client_id, { ...pkce, state: "7" }), {
    deny: true,
  });
  assert.equal(denied.searchParams.get("error"), "access_denied");
  assert.equal(denied.searchParams.get("state"), "7");

  const grant = {
    grant_type: "authorization_code",
    client_id: app.client_id,
    client_secret: app.client_secret,
    redirect_uri: BACK,
    code_verifier: verifier,
  };
  const code = async () =>
    (await server.approve(authorizeUrl(app.client_id, pkce))).searchParams.get("code");
  const token = (fields) => call("POST", "/oauth/token", { fields });
  for (const [wrong, error] of [
    [{ client_secret: "x" }, "invalid_client"],
    [{ redirect_uri: `${BACK}/` }, "invalid_grant"],
    [{ code_verifier: secret(48) }, "invalid_grant"],
    [{ grant_type: "password" }, "unsupported_grant_type"],
    [{ code: "x" }, "invalid_grant"],
  ]) {
    const answer = await token({ ...grant, code: await code(), ...wrong });
    assert.equal(answer.json.error, error, JSON.stringify(wrong));
  }
  const { code_verifier: _, ...without } = grant;
  assert.equal((await token({ ...without, code: await code() })).json.error, "invalid_request");
  const late = await code();
  server.pass(601);
  assert.equal((await token({ ...grant, code: late })).json.error, "invalid_grant");
  const good = await code();
  const answer = await token({ ...grant, code: good });
  assert.equal(answer.json.scope, SCOPES);
  assert.equal((await token({ ...grant, code: good })).json.error, "invalid_grant");
  const bearer = answer.json.access_token;
  const other = await registered();
  const revoke = (of, what) =>
    call("POST", "/oauth/revoke", {
      fields: { client_id: of.client_id, client_secret: of.client_secret, token: what },
    });
  assert.equal((await revoke(other, bearer)).status, 403);
  assert.equal((await post(bearer, { status: "a" })).status, 200);
  assert.equal((await revoke(app, bearer)).status, 200);
  assert.equal((await revoke(app, bearer)).status, 200);
  assert.equal((await post(bearer, { status: "b" })).json.error, "The access token was revoked");
});

test("an older server", async () => {
  await start({ older: true, without: ["GET /api/v2/instance"] });
  assert.equal((await call("GET", "/.well-known/oauth-authorization-server")).status, 404);
  assert.equal((await call("GET", "/api/v2/instance")).status, 404);
  assert.equal(
    (await call("GET", "/api/v1/instance")).json.configuration.statuses.max_characters,
    500,
  );
  assert.match((await registered()).error, /Scopes/);
  assert.ok((await registered({ scopes: "write:statuses read:accounts" })).client_id);
});

test("tokens, scopes, names", async () => {
  const token = server.token();
  const verify = "/api/v1/accounts/verify_credentials";
  assert.equal((await call("GET", verify, { token })).json.username, "saal");
  assert.deepEqual((await call("GET", verify, { token: "x" })).json, {
    error: "The access token is invalid",
  });
  assert.equal((await call("GET", verify)).status, 401);
  const reader = server.token("read");
  assert.equal((await call("GET", verify, { token: reader })).status, 200);
  const refused = await post(reader, { status: "a" });
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.json, { error: "This action is outside the authorized scopes" });
  // A token that may not read reads less than no token.
  const { id } = (await post(token, { status: "a" })).json;
  assert.equal((await call("GET", `/api/v1/statuses/${id}`, { token })).status, 403);
  assert.equal((await call("GET", `/api/v1/statuses/${id}`)).status, 200);
  assert.equal((await post(token, { status: "a" }, { "user-agent": "" })).status, 403);
  server.suspend();
  assert.deepEqual((await post(token, { status: "a" })).json, {
    error: "Your login is currently disabled",
  });
  server.suspend(false);
  server.revokeTokens();
  assert.equal((await post(token, { status: "a" })).status, 401);
  const { avatar } = (await call("GET", verify, { token: server.token() })).json;
  assert.equal((await ask(avatar, { headers: agent })).headers["content-type"], "image/png");
});

test("what a status may be", async () => {
  const token = server.token();
  const url = `${server.url}/e/${"x".repeat(100)}`;
  const most = `${"ä".repeat(476)} ${url}`;
  assert.equal(mastodonLength(most), 500);
  assert.equal((await post(token, { status: most })).status, 200);
  assert.equal((await post(token, { status: "👩‍👩‍👧‍👦".repeat(500) })).status, 200);
  const long = await post(token, { status: most, spoiler_text: "!" });
  assert.equal(long.status, 422);
  assert.deepEqual(long.json, { error: "Validation failed: Text character limit of 500 exceeded" });
  for (const wrong of [
    { status: " " },
    { status: "a", visibility: "everybody" },
    { status: "a", language: "deutsch" },
    { status: "a", sensitive: "perhaps" },
    { status: "a", scheduled_at: "2030-01-01" },
  ]) {
    assert.equal((await post(token, wrong)).status, 422, JSON.stringify(wrong));
  }
  assert.equal((await post(token, { status: "a", in_reply_to_id: "1" })).status, 404);
  assert.equal(
    (await call("POST", "/api/v1/statuses", { token, json: { status: 5 } })).status,
    422,
  );
  const bent = {
    ...agent,
    authorization: `Bearer ${token}`,
    "content-type": "application/x-www-form-urlencoded",
  };
  const bytes = await ask(`${server.url}/api/v1/statuses`, {
    method: "POST",
    headers: bent,
    body: "status=%ff",
  });
  assert.equal(bytes.status, 400);
  const warned = await call("POST", "/api/v1/statuses", {
    token,
    json: { status: "a <b> & c\nd\n\ne", spoiler_text: "w" },
  });
  assert.equal(warned.json.sensitive, true);
  assert.equal(warned.json.content, "<p>a &#60;b&#62; &#38; c<br />d</p><p>e</p>");
});

test("an Idempotency-Key is remembered for an hour, but not by every server", async () => {
  const token = server.token();
  const key = { "idempotency-key": "k" };
  const once = (await post(token, { status: "a" }, key)).json.id;
  assert.equal((await post(token, { status: "a" }, key)).json.id, once);
  server.pass(3601);
  assert.notEqual((await post(token, { status: "a" }, key)).json.id, once);
  await start({ repeatsPosts: true });
  const other = server.token();
  const first = (await post(other, { status: "a" }, key)).json.id;
  assert.notEqual((await post(other, { status: "a" }, key)).json.id, first);
});

test("timelines: what is public, in pages", async () => {
  const token = server.token("read write");
  for (let n = 0; n < 5; n++) {
    await post(token, { status: `${n} #Saal` });
  }
  await post(token, { status: "quiet #saal", visibility: "unlisted" });
  await post(token, { status: "secret #saal", visibility: "private" });
  server.hears("gast", "von außen #ＳＡＡＬ");
  const page = async (query) => (await call("GET", `/api/v1/timelines/tag/SAAL?${query}`)).json;
  const all = await page("");
  assert.equal(all.length, 6);
  assert.match(all[0].content, /von außen/);
  const ids = all.map((each) => each.id);
  assert.deepEqual(
    (await page("limit=2")).map((each) => each.id),
    ids.slice(0, 2),
  );
  assert.deepEqual(
    (await page(`limit=2&max_id=${ids[1]}`)).map((each) => each.id),
    ids.slice(2, 4),
  );
  assert.deepEqual(
    (await page(`limit=2&min_id=${ids[4]}`)).map((each) => each.id),
    ids.slice(2, 4),
  );
  const own = await call("GET", `/api/v1/accounts/${server.account.id}/statuses?limit=40`);
  assert.equal(own.json.length, 6);
  const mine = await call("GET", `/api/v1/accounts/${server.account.id}/statuses`, { token });
  assert.equal(mine.json.length, 7);
  assert.match(mine.headers.link, /rel="next"/);
});

test("hashtags as Mastodon takes them", () => {
  const tags = {
    "#KI-Tag": ["KI"],
    "#2026 #24c3 #a_b": ["24c3", "a_b"],
    "a#b (#c) #d. #e": ["d", "e"],
    "＃Straße\n#Müll": ["Straße", "Müll"],
    "#カ・ラ #_": ["カ・ラ"],
  };
  for (const [text, found] of Object.entries(tags)) {
    assert.deepEqual(tagsIn(text), found, text);
  }
  assert.equal(tagKey("ＭÜＬＬ"), "mull");
});

test("limits are told, and hold", async () => {
  await start({ limits: { statuses: [2, 60] } });
  const token = server.token();
  const answers = [];
  for (let n = 0; n < 3; n++) {
    answers.push(await post(token, { status: `${n}` }));
  }
  assert.deepEqual(
    answers.map((each) => each.status),
    [200, 200, 429],
  );
  assert.deepEqual(
    answers.map((each) => each.headers["x-ratelimit-remaining"]),
    ["1", "0", "0"],
  );
  const reset = answers[2].headers["x-ratelimit-reset"];
  assert.match(reset, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.ok(Math.abs(Date.parse(reset) - Date.now() - 60_000) < 5000);
  server.pass(61);
  assert.equal((await post(token, { status: "4" })).status, 200);
});
