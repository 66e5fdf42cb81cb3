import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test, { beforeEach } from "node:test";
import { challengeOf, newVerifier } from "../../web/core/challenge";
import {
  beginLogin,
  beginOwnLogin,
  forgetLogin,
  forgetLoginsOf,
  keepLogin,
  loginAddress,
  pendingLogins,
  takeFinished,
  type Login,
  type OwnLogin,
} from "../../web/core/login";
import { eventStore, keepRoleKey, memoryStore, store } from "../../web/core/storage";
import { comeBack, mayBePosted, type Outcome } from "../../web/pages/callback/way_back";

const NOW = 1_800_000_000_000;
const STATE = "S".repeat(22);
const KEY = "k".repeat(22);
const VERIFIER = "v".repeat(43);
const login: Login = {
  kind: "event",
  state: STATE,
  verifier: VERIFIER,
  slug: "hro",
  network: "mastodon",
  server: "example.social",
  time: NOW,
};

test("a challenge is the SHA-256 of the verifier's letters: the example of RFC 7636, and what node says", () => {
  assert.equal(
    challengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  );
  const { verifier, challenge } = newVerifier();
  assert.match(verifier, /^[\w-]{43}$/);
  assert.equal(challenge, createHash("sha256").update(verifier).digest("base64url"));
  assert.notEqual(newVerifier().verifier, verifier);
});

test("a log-in is kept for 15 minutes; afterwards it is forgotten, and nothing else is", () => {
  const base = memoryStore();
  base.set("raute/login/key/organiser", KEY); /* of an event whose slug is "login" */
  assert.equal(keepLogin(login, base), true);
  assert.deepEqual(pendingLogins(NOW + 15 * 60_000 - 1, base), [login]);
  assert.deepEqual(pendingLogins(NOW + 15 * 60_000, base), []);
  assert.deepEqual(base.keys(), ["raute/login/key/organiser"]);
});

test("the latest log-in comes first; broken ones and ones from the future are dropped", () => {
  const base = memoryStore();
  const later = { ...login, state: "L".repeat(22), time: NOW + 1 };
  keepLogin(login, base);
  keepLogin(later, base);
  base.set(`raute/login/${"B".repeat(22)}`, "{");
  base.set(`raute/login/${"N".repeat(22)}`, JSON.stringify({ ...login, network: "elsewhere" }));
  keepLogin({ ...login, state: "F".repeat(22), time: NOW + 99 }, base);
  assert.deepEqual(pendingLogins(NOW + 2, base), [later, login]);
  assert.equal(base.keys().length, 2);
});

test("an event that is forgotten takes its log-ins along, and no other's", () => {
  const base = memoryStore();
  const other = { ...login, state: "O".repeat(22), slug: "other" };
  keepLogin(login, base);
  keepLogin(other, base);
  forgetLoginsOf("hro", NOW + 1, base);
  assert.deepEqual(pendingLogins(NOW + 1, base), [other]);
});

test("a state that is none of ours is not kept", () => {
  const base = memoryStore();
  for (const state of ["", "x", "../../key/organiser", "S".repeat(23)]) {
    assert.equal(keepLogin({ ...login, state }, base), false);
  }
  assert.deepEqual(base.keys(), []);
});

test("a browser is sent to https, or to http on its own machine, and nowhere else", () => {
  const good = [
    "https://example.social/oauth/authorize?a=b",
    "http://127.0.0.1:3000/oauth/authorize",
    "http://localhost:2583/",
    "http://[::1]:2583/",
  ];
  const bad = [
    "http://example.social/",
    "http://127.0.0.1.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//example.social",
    "",
    undefined,
    7,
  ];
  good.forEach((url) => assert.equal(loginAddress(url), url));
  bad.forEach((url) => assert.equal(loginAddress(url), null));
});

/* ---- the way back */

interface Sent {
  url: string;
  authorization: string;
  body: Record<string, unknown>;
}

const sent: Sent[] = [];
let answer: () => object = () => ({});

beforeEach(() => {
  sent.length = 0;
  store()
    .keys()
    .forEach((key) => store().remove(key));
  globalThis.fetch = (async (url: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    const body = JSON.parse(String(init.body)) as Record<string, unknown>;
    sent.push({ url, authorization: headers["Authorization"] ?? "", body });
    return new Response(JSON.stringify({ id: 0, ...answer() }));
  }) as typeof fetch;
});

function begun(): void {
  keepLogin(login);
  keepRoleKey("hro", "organiser", KEY);
}

function failed(outcome: Outcome): Extract<Outcome, { kind: "failed" }> {
  assert.ok(outcome.kind === "failed");
  return outcome;
}

const refusal = (code: string) => ({ error: { code, message: code } });
const back = (query: string) => comeBack(query, NOW + 1000);

test("code, state and iss go to our server with the verifier and the organiser's key, and nowhere else", async () => {
  begun();
  answer = () => ({ ok: { account: 3 } });
  const outcome = await back(`?code=a%2Fb%20c&state=${STATE}&iss=https%3A%2F%2Fbsky.social`);
  assert.deepEqual(outcome, { kind: "leaving", address: "/e/hro/organiser#connected=3" });
  assert.deepEqual(sent, [
    {
      url: "/e/hro/commands",
      authorization: `Bearer ${KEY}`,
      body: {
        cmd: "connect_finish",
        id: 0,
        state: STATE,
        code: "a/b c",
        verifier: VERIFIER,
        issuer: "https://bsky.social",
      },
    },
  ]);
  assert.deepEqual(pendingLogins(NOW + 1000), []);
});

test("without iss there is no issuer", async () => {
  begun();
  answer = () => ({ ok: { account: 3 } });
  await back(`?code=x&state=${STATE}`);
  assert.equal("issuer" in (sent[0]?.body ?? {}), false);
});

test("nobody comes back: nothing is sent, and the way back is to the event that waits", async () => {
  assert.deepEqual(await back(""), { kind: "failed", why: "nothing", login: null });
  begun();
  assert.deepEqual(await back(""), { kind: "failed", why: "nothing", login });
  assert.equal(failed(await back(`?code=x&state=${"T".repeat(22)}`)).why, "unknown");
  assert.equal(failed(await back(`?error=access_denied&state=${"T".repeat(22)}`)).why, "unknown");
  assert.equal(failed(await comeBack(`?code=x&state=${STATE}`, NOW + 15 * 60_000)).why, "unknown");
  assert.deepEqual(sent, []);
});

test("who says no is told so, and the log-in is over", async () => {
  begun();
  assert.deepEqual(await back(`?error=access_denied&state=${STATE}`), {
    kind: "failed",
    why: "denied",
    login,
  });
  assert.deepEqual(pendingLogins(NOW + 1000), []);
  keepLogin(login);
  assert.equal(failed(await back(`?error=server_error&state=${STATE}`)).why, "declined");
  keepLogin(login);
  assert.equal(failed(await back(`?state=${STATE}`)).why, "declined");
  assert.equal(failed(await back(`?state=${STATE}&code=${"x".repeat(2049)}`)).why, "declined");
  assert.deepEqual(sent, []);
});

test("without the organiser's key, or with one that was replaced, nothing can be finished", async () => {
  keepLogin(login);
  assert.equal(failed(await back(`?code=x&state=${STATE}`)).why, "no_key");
  assert.deepEqual(sent, []);
  keepRoleKey("hro", "organiser", KEY);
  answer = () => refusal("forbidden");
  assert.equal(failed(await back(`?code=x&state=${STATE}`)).why, "no_key");
});

test("what has not reached our server is sent again, with the very same words", async () => {
  begun();
  globalThis.fetch = () => Promise.reject(new Error("no net"));
  const first = failed(await back(`?code=x&state=${STATE}`));
  assert.equal(first.refusal?.code, "offline");
  assert.deepEqual(pendingLogins(NOW + 1000), [login]);
  const bodies: unknown[] = [];
  globalThis.fetch = (async (_: string, init: RequestInit) => {
    bodies.push(JSON.parse(String(init.body)));
    return new Response(JSON.stringify({ id: 0, ok: { account: 1 } }));
  }) as typeof fetch;
  const second = await first.again?.();
  assert.deepEqual(second, { kind: "leaving", address: "/e/hro/organiser#connected=1" });
  assert.deepEqual(bodies, [{ cmd: "connect_finish", id: 0, state: STATE, code: "x", verifier: VERIFIER }]);
});

test("a code is good for one try: after it the log-in begins anew, at the same server", async () => {
  for (const code of ["unreachable", "refused", "expired"] as const) {
    begun();
    answer = () => refusal(code);
    const first = failed(await back(`?code=x&state=${STATE}`));
    assert.equal(first.why, code);
    assert.deepEqual(pendingLogins(NOW + 1000), []);
    const state = "A".repeat(22);
    answer = () => ({ ok: { url: "https://example.social/oauth/authorize?x=y", state } });
    const second = await first.again?.();
    assert.deepEqual(second, { kind: "leaving", address: "https://example.social/oauth/authorize?x=y" });
    const body = sent.at(-1)?.body ?? {};
    const [kept] = pendingLogins(Date.now());
    assert.deepEqual([body.cmd, body.network, body.server], ["connect", "mastodon", "example.social"]);
    assert.equal(kept?.state, state);
    assert.equal(challengeOf(kept?.verifier ?? ""), body.challenge);
    forgetLogin(state);
  }
});

test("an address that is none to log in at is not gone to, and nothing is kept", async () => {
  const state = "A".repeat(22);
  for (const ok of [
    { url: "javascript:alert(1)", state },
    { state },
    { url: "https://x.example/", state: "x" },
  ]) {
    answer = () => ({ ok });
    assert.deepEqual(await beginLogin("hro", KEY, "mastodon", "x.example"), {
      ok: false,
      code: "bad_server",
      message: "",
    });
  }
  assert.deepEqual(pendingLogins(Date.now()), []);
});

test("what another try would not change offers none", async () => {
  for (const code of ["full", "closed", "bad_value"]) {
    begun();
    answer = () => refusal(code);
    const outcome = failed(await back(`?code=x&state=${STATE}`));
    assert.deepEqual([outcome.why, outcome.refusal?.code, outcome.again], ["other", code, undefined]);
    assert.deepEqual(pendingLogins(NOW + 1000), []);
  }
});

/* ---- a person's own */

const EVENT = "E".repeat(22);
const MEMBER = "m".repeat(43);
const own: OwnLogin = {
  kind: "own",
  state: STATE,
  verifier: VERIFIER,
  slug: "hro",
  time: NOW,
  event: EVENT,
  card: "c".repeat(43),
  account: "anna@example.social",
  purpose: "post",
  n: 17,
  done: null,
};

test("a person's log-in begins with what is to be shown or posted, and the member's token", async () => {
  const address = "https://example.social/oauth/authorize?x=y";
  answer = () => ({ ok: { url: address, state: STATE } });
  const event = { id: EVENT, slug: "hro" };
  const { card, account } = own;
  assert.equal(await beginOwnLogin(event, MEMBER, { card, account, purpose: "post", n: 17 }), address);
  const [kept] = pendingLogins(Date.now());
  assert.ok(kept?.kind === "own");
  const challenge = challengeOf(kept.verifier);
  assert.deepEqual(sent.at(-1), {
    url: "/e/hro/commands",
    authorization: `Bearer ${MEMBER}`,
    body: { cmd: "own_login", id: 0, card, account, purpose: "post", n: 17, challenge },
  });
  await beginOwnLogin(event, null, { card, account, purpose: "prove", n: null });
  assert.equal(sent.at(-1)?.authorization, "");
  assert.equal("n" in (sent.at(-1)?.body ?? {}), false);
});

test("its way back leads to the event, which is told once what came of it", async () => {
  keepLogin(own);
  eventStore(EVENT).set("member", MEMBER);
  answer = () => ({ ok: { account: own.account, url: "https://example.social/@anna/1", revoked: false } });
  assert.deepEqual(await back(`?code=x&state=${STATE}`), { kind: "leaving", address: "/e/hro" });
  const { authorization, body } = sent[0] ?? { authorization: "", body: {} };
  assert.equal(authorization, `Bearer ${MEMBER}`);
  assert.deepEqual(body, { cmd: "own_finish", id: 0, state: STATE, code: "x", verifier: VERIFIER });
  assert.equal(takeFinished("F".repeat(22), NOW + 1000), null);
  const done = { url: "https://example.social/@anna/1", revoked: false };
  assert.deepEqual(takeFinished(EVENT, NOW + 1000), { ...own, done });
  assert.equal(takeFinished(EVENT, NOW + 1000), null);
});

test("what may have been posted without an answer is told: not what was not even tried", async () => {
  eventStore(EVENT).set("member", MEMBER);
  for (const [code, may] of [
    ["unreachable", true],
    ["busy", true],
    ["too_often", false],
    ["bad_account", false],
  ] as const) {
    for (const purpose of ["post", "prove"] as const) {
      keepLogin({ ...own, purpose });
      answer = () => refusal(code);
      const outcome = failed(await back(`?code=x&state=${STATE}`));
      assert.equal(mayBePosted(outcome), may && purpose === "post", `${code} ${purpose}`);
    }
  }
});

test("who logs in as somebody else is told so, and may begin anew", async () => {
  keepLogin(own);
  answer = () => refusal("bad_account");
  const outcome = failed(await back(`?code=x&state=${STATE}`));
  assert.equal(outcome.why, "bad_account");
  assert.equal(outcome.login?.kind, "own");
  answer = () => ({ ok: { url: "https://example.social/a", state: STATE } });
  assert.deepEqual(await outcome.again?.(), { kind: "leaving", address: "https://example.social/a" });
  assert.deepEqual([sent.at(-1)?.body.cmd, sent.at(-1)?.body.n], ["own_login", 17]);
});
