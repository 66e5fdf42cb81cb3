// The far servers of the other tests run here and do what those rely on; Raute is not in it.
import assert from "node:assert/strict";
import http from "node:http";
import { Resolver } from "node:dns/promises";
import { after, before, test } from "node:test";
import { Browser } from "../lib/browser.mjs";
import { until } from "../lib/bounded.mjs";
import { Dns } from "../lib/dns.mjs";
import { bearer, request } from "../lib/http.mjs";
import { Pds, posts } from "../lib/pds.mjs";
import { signInAndConsent } from "../lib/pds_consent.mjs";
import { Snac } from "../lib/snac.mjs";

const fields = (values) => new URLSearchParams(values).toString();
const form = { "content-type": "application/x-www-form-urlencoded" };
const challenge = "A".repeat(43);

// Where people are sent back to.
let callback;
let browser;
const came = [];
const home = http.createServer((asked, answer) => {
  came.push(new URL(asked.url, callback));
  answer.end("back");
});

before(async () => {
  browser = await Browser.launch();
  await new Promise((resolve) => home.listen(0, "127.0.0.1", resolve));
  callback = `http://127.0.0.1:${home.address().port}/oauth/callback`;
});
after(async () => {
  await browser.close();
  home.closeAllConnections();
  home.close();
});

// The answer that a person brings back from `address`.
async function walk(address, act) {
  const context = await browser.person();
  const page = await context.newPage();
  await page.goto(address);
  came.length = 0;
  await act(page);
  const { searchParams } = await until(() => came[0], "the person is back");
  await context.close();
  return Object.fromEntries(searchParams);
}

test("a PDS: app password, post, read back, revoked; the consent page", async () => {
  const pds = await Pds.start();
  const vera = await pds.account("vera");
  const password = await pds.appPassword(vera);
  assert.match(password, /^[a-z0-9]{4}(-[a-z0-9]{4}){3}$/);
  const body = { identifier: vera.handle, password };
  const session = await pds.call("com.atproto.server.createSession", { body });
  const rkey = "3l2aaaaaaaa22";
  const record = { $type: posts, text: "Wann?", createdAt: new Date().toISOString() };
  await pds.call("com.atproto.repo.createRecord", {
    token: `Bearer ${session.accessJwt}`,
    body: { repo: vera.did, collection: posts, rkey, record },
  });
  assert.equal((await pds.record(vera, rkey)).value.text, "Wann?");
  assert.equal((await pds.records(vera)).length, 1);
  assert.equal(await pds.record(vera, "3l2aaaaaaaa23"), undefined);
  await pds.revokeAppPassword(vera);
  await assert.rejects(pds.call("com.atproto.server.createSession", { body }), /401/);

  const scope = "atproto repo:app.bsky.feed.post?action=create&action=delete";
  const client_id = `http://localhost?${fields({ redirect_uri: callback, scope })}`;
  const pushed = await request(`${pds.url}/oauth/par`, {
    method: "POST",
    headers: form,
    body: fields({
      ...{ client_id, scope, redirect_uri: callback, response_type: "code", state: "s" },
      ...{ code_challenge: challenge, code_challenge_method: "S256", login_hint: vera.handle },
    }),
  });
  assert.equal(pushed.status, 201, pushed.text);
  const { request_uri } = pushed.json;
  const there = `${pds.url}/oauth/authorize?${fields({ client_id, request_uri })}`;
  const { code, ...rest } = await walk(there, (page) => signInAndConsent(page, vera));
  assert.match(code, /^cod-/);
  assert.deepEqual(rest, { state: "s", iss: pds.url });
  await pds.stop();
});

test("snac: log-in page, post, edit, hashtag; what it cannot do", async () => {
  const snac = await Snac.start();
  const vera = await snac.account("vera");
  const token = await snac.token(vera);
  const call = (method, where, values) =>
    request(snac.url + where, {
      method,
      headers: { ...bearer(token), ...(values && form) },
      body: values && fields(values),
    });
  const posted = await call("POST", "/api/v1/statuses", { status: "Wann? #Raute" });
  const { id, uri } = posted.json;
  const reply = { status: "Gleich.", in_reply_to_id: id };
  assert.equal((await call("POST", "/api/v1/statuses", reply)).status, 200);
  const thread = await snac.context(id, token);
  assert.deepEqual(thread.descendants.map(({ text }) => text), ["Gleich."]);
  assert.equal((await call("PUT", `/api/v1/statuses/${id}`, { status: "Wo?" })).status, 200);
  assert.equal((await snac.status(id, token)).text, "Wo?");
  assert.deepEqual((await snac.tagged("Raute")).map((status) => status.uri), [uri]);
  assert.equal((await snac.statuses(token)).find((status) => status.uri === uri).text, "Wo?");
  assert.equal((await call("DELETE", `/api/v1/statuses/${id}`)).status, 404);
  assert.equal((await call("GET", "/api/v2/instance")).status, 404);

  const made = await call("POST", "/api/v1/apps", {
    ...{ client_name: "Raute", redirect_uris: callback, scopes: "profile write:statuses" },
  });
  const { client_id } = made.json;
  const wish = { response_type: "code", client_id, redirect_uri: callback, state: "s" };
  const there = `${snac.url}/oauth/authorize?${fields(wish)}`;
  const { code, ...rest } = await walk(there, (page) => Snac.signIn(page, vera));
  assert.match(code, /^[0-9a-f]+$/);
  assert.deepEqual(rest, { state: "s" });
  await snac.stop();
});

test("the name server: what is in its table, and nothing else", async () => {
  const far = { A: ["127.0.0.1", "10.0.0.1"], AAAA: ["::1", "fe80::1:2"], TXT: ["x".repeat(300)] };
  const dns = await Dns.start({ "far.test": far, "_atproto.vera.test": { TXT: ["did=a", "b"] } });
  const resolver = new Resolver();
  resolver.setServers([dns.server]);
  assert.deepEqual(await resolver.resolve4("far.test"), far.A);
  assert.deepEqual(await resolver.resolve6("far.test"), far.AAAA);
  assert.deepEqual(await resolver.resolveTxt("_atproto.vera.test"), [["did=a"], ["b"]]);
  assert.equal((await resolver.resolveTxt("FAR.test"))[0].join(""), far.TXT[0]);
  await assert.rejects(resolver.resolve4("none.test"), { code: "ENOTFOUND" });
  await assert.rejects(resolver.resolve4("_atproto.vera.test"), { code: "ENODATA" });
  assert.equal(dns.asked.at(-1), "_atproto.vera.test A");
  await dns.stop();
});
