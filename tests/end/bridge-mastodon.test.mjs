// The bridge and Mastodon, as our strict server has it: log-in, posts and what becomes of them, and
// servers that cannot or do not do all of it. Requests are compared with those of independent clients.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { mastodonLength } from "../lib/count.mjs";
import { bearer, request as ask } from "../lib/http.mjs";
import { Mastodon } from "../lib/mastodon.mjs";
import { lives, script } from "../lib/mastodon_clients.mjs";
import { normalForm } from "../lib/normal.mjs";
import { askApproved, logIn, outwardServer, pendingAgain, post, promptEvent } from "../lib/outward.mjs";

const SCOPES = "profile read:statuses write:statuses";
const open = [];
after(() => Promise.all(open.map((each) => each.stop())));

// A far server, ours, and an event with an account there.
async function connected(options, settings) {
  const far = await Mastodon.start(options);
  const server = await outwardServer({ peers: [far.url] });
  open.push(server, far);
  const event = await promptEvent(server, { language: "de", ...settings });
  const account = await connect(event, far);
  return { far, server, event, account };
}

const connect = (event, far) =>
  logIn(event, { network: "mastodon", server: far.url }, (url) => far.approve(url));
const tail = (event, n) => `#NetzwerkenHRO ${event.url}/q/${n}`;

describe("one question's way", () => {
  let far, server, event, account, asker, question, n;
  before(async () => {
    ({ far, server, event, account } = await connected());
  });

  test("the account is shown as its server has it", async () => {
    const [shown] = (await event.staff).accounts;
    assert.deepEqual(
      { ...shown },
      {
        id: account,
        network: "mastodon",
        name: `@saal@${far.host}`,
        url: `${far.url}/@saal`,
        limit: 500,
        link: 23,
        state: "connected",
        server: far.url,
        avatar: true,
      },
    );
    const picture = await ask(`${event.url}/accounts/${account}/avatar`, {
      headers: bearer(event.keys.organiser),
    });
    assert.equal(picture.status, 200);
    assert.equal(picture.headers["content-type"], "image/png");
  });

  test("as few rights as may be, by PKCE", () => {
    const [app] = [...far.apps.values()];
    assert.equal(app.name, "Raute");
    assert.deepEqual(app.redirects, [`${server.url}/oauth/callback`]);
    assert.equal(app.scopes.join(" "), SCOPES);
    const [asked] = far.calls("GET /oauth/authorize");
    assert.equal(asked.query.scope, SCOPES);
    assert.equal(asked.query.code_challenge_method, "S256");
    assert.equal(far.calls("POST /oauth/token")[0].fields.code_verifier.length, 43);
  });

  test("approved: it is out there, publicly, in its language, under a key", async () => {
    ({ asker, question, n } = await askApproved(event, "Wie geht es weiter?"));
    const row = await post(event, n, { state: "sent" });
    const [status] = far.statuses;
    assert.equal(status.text, `Wie geht es weiter?\n\n${tail(event, n)}`);
    assert.equal(status.visibility, "public");
    assert.equal(status.language, "de");
    assert.equal(status.spoiler, "");
    assert.match(status.key, /^[\w-]{22}$/);
    assert.deepEqual(status.tags, ["NetzwerkenHRO"]);
    assert.equal(row.url, `${far.url}/@saal/${status.id}`);
    const { questions } = await event.snapshotWhere(
      (snapshot) => snapshot.questions.find((each) => each.n === n)?.posts,
      "everybody finds the post",
    );
    assert.deepEqual(questions[0].posts, [{ account, url: row.url }]);
  });

  test("a warning of the moderator stands in front of it, and goes again", async () => {
    await event.moderate("warn", { n, text: "Zahlen" });
    await until(() => far.statuses[0].spoiler === "Zahlen", "the warning");
    assert.equal(far.statuses[0].sensitive, true);
    await post(event, n, { state: "sent" });
    await event.moderate("warn", { n });
    await until(() => far.statuses[0].spoiler === "", "no warning");
    assert.equal(far.statuses[0].sensitive, false);
    await post(event, n, { state: "sent" });
  });

  test("edited after its approval, not before", async () => {
    const { id } = far.statuses[0];
    await asker.edit(question, 1, "Wie geht es nun weiter?");
    await pendingAgain(asker, n, 1);
    assert.ok(far.statuses[0].text.startsWith("Wie geht es weiter?"));
    await event.move(n, "pending", "listed");
    await until(() => far.statuses[0].text.startsWith("Wie geht es nun weiter?"), "the edit");
    assert.equal(far.statuses[0].id, id, "the same post");
    assert.equal(far.statuses[0].language, "de");
    await post(event, n, { state: "sent" });
  });

  test("asked openly, and answered: replies in its thread", async () => {
    await event.moderate("open", { n, on: true });
    await post(event, n, { state: "sent" }, { kind: "open" });
    await event.move(n, "listed", "answered", { answer: "Mit @anna@example.social reden." });
    await post(event, n, { state: "sent" }, { kind: "answer" });
    const [root, call, answer] = far.statuses;
    assert.match(
      call.text,
      /^Dafür war auf der Bühne keine Zeit\. Wer weiß eine Antwort\?\n\n#Netz/,
    );
    assert.equal(answer.text, `Mit @\u2060anna@\u2060example.social reden.\n\n${tail(event, n)}`);
    assert.deepEqual([call.inReplyTo, answer.inReplyTo], [root.id, root.id]);
    assert.deepEqual([call.visibility, answer.visibility], ["public", "public"]);
  });

  test("withdrawn: all of it is gone", async () => {
    await asker.withdraw(question, 2);
    await until(() => far.statuses.length === 0, "gone");
    assert.equal(far.deleted.length, 3);
    await asker.close();
  });

  test("a test post stays out of the hashtag, and is deleted", async () => {
    const { url, deleted } = await event.organise("account_test", { account });
    const last = far.deleted.at(-1);
    assert.equal(url, `${far.url}/@saal/${last.id}`);
    assert.equal(deleted, true);
    assert.deepEqual(last.tags, []);
    assert.ok(last.text.endsWith(event.url));
  });

  test("what fits here fits there", async () => {
    for (const text of ["ä".repeat(500), "👨‍👩‍👧‍👦".repeat(100), `${"Wort, ".repeat(80)}Ende`]) {
      const { asker: other, n: number } = await askApproved(event, text);
      await post(event, number, { state: "sent" });
      const { text: sent } = far.statuses.at(-1);
      assert.ok(mastodonLength(sent) <= 500);
      // A link to an address without a name counts more here than there.
      assert.ok(!sent.includes("…") || mastodonLength(sent) > 470, `${mastodonLength(sent)}`);
      await other.close();
    }
  });

  test("disconnected: the token is revoked", async () => {
    await event.organise("disconnect", { account });
    await until(() => [...far.tokens.values()].every(({ revoked }) => revoked), "revoked");
  });

  test("nothing was refused, and nothing was sent that the server does not know", () => {
    assert.deepEqual(
      far.requests.filter(({ status }) => status >= 400).map(({ method, path }) => [method, path]),
      [],
    );
    assert.deepEqual(
      far.requests.flatMap(({ ignored }) => ignored ?? []),
      [],
    );
  });
});

test("its requests look like those of masto and megalodon", { timeout: 60_000 }, async () => {
  const { far, server, event, account } = await connected();
  const { asker, question, n } = await askApproved(event, "Wie geht es?");
  await post(event, n, { state: "sent" });
  await event.moderate("warn", { n, text: script.warning });
  await until(() => far.statuses[0].spoiler, "the warning");
  await post(event, n, { state: "sent" });
  const { text: edited } = far.statuses[0];
  await event.move(n, "listed", "answered", { answer: "Gut." });
  await post(event, n, { state: "sent" }, { kind: "answer" });
  const { text: reply } = far.statuses[1];
  await asker.withdraw(question);
  await until(() => far.statuses.length === 0, "gone");
  await event.organise("disconnect", { account });
  await until(() => far.calls("POST /oauth/revoke").length > 0, "revoked");

  const ours = far.requests.filter(({ page }) => !page);
  const mine = new Map(ours.map((each) => [keyOf(normalForm(each)), normalForm(each)]));
  const same = {
    ...script,
    ...{ back: `${server.url}/oauth/callback`, website: server.url, scopes: SCOPES },
    ...{ text: edited, edited, reply },
  };
  for (const [name, live] of Object.entries(lives)) {
    const other = await Mastodon.start();
    open.push(other);
    await live(other, same);
    const theirs = other.requests.filter(({ page }) => !page).map(normalForm);
    const seen = new Set();
    for (const each of theirs.filter((form) => MOST.includes(keyOf(form)))) {
      const own = structuredClone(mine.get(keyOf(each)));
      seen.add(keyOf(own));
      if (name === "megalodon") {
        // has none of them
        delete own.headers["idempotency-key"];
        delete own.fields.code_verifier;
        if (own.method === "PUT") {
          delete own.fields.language;
        }
      } else if (own.fields.in_reply_to_id) {
        // was written without one
        delete own.headers["idempotency-key"];
      }
      if (own.path === "/api/v1/statuses" && !own.fields.in_reply_to_id) {
        // ours had no warning yet
        Object.assign(own.fields, { spoiler_text: script.warning, sensitive: "true" });
      }
      if (each.fields.in_reply_to_id) {
        // the warning is before the whole thread with us
        delete own.fields.spoiler_text;
        delete own.fields.sensitive;
      }
      assert.deepEqual(own, each, `${name}: ${keyOf(each)}`);
    }
    assert.deepEqual([...seen].sort(), [...MOST].sort(), name);
  }
});

// What all three ask for. (The limits are public: we ask for them without a token.)
const MOST = [
  ...["POST /api/v1/apps", "POST /oauth/token", "POST /oauth/revoke"],
  ...["GET /api/v1/accounts/verify_credentials", "POST /api/v1/statuses"],
  ...["POST /api/v1/statuses *", "PUT /api/v1/statuses/*", "DELETE /api/v1/statuses/*"],
];
const keyOf = ({ method, path, fields }) => `${method} ${path}${fields.in_reply_to_id ? " *" : ""}`;
const all = ({ questions }, n) => questions.find((each) => each.n === n);

test("a server from before 4.3: no discovery, another scope", async () => {
  const { far, event } = await connected({ older: true });
  assert.equal(
    [...far.apps.values()][0].scopes.join(" "),
    "read:accounts read:statuses write:statuses",
  );
  const { n } = await askApproved(event, "Geht das auch hier?");
  await post(event, n, { state: "sent" });
  assert.equal(far.statuses.length, 1);
});

test("a server with other limits", async () => {
  const { far, event } = await connected({ maxCharacters: 100, perUrl: 40 });
  const [{ limit, link }] = (await event.staff).accounts;
  assert.deepEqual([limit, link], [100, 40]);
  const { n } = await askApproved(event, "Was passt hier, wo so wenig passt? ".repeat(8).trim());
  await post(event, n, { state: "sent" });
  const [{ text }] = far.statuses;
  assert.match(text, /^Was passt hier, .*…\n\n#NetzwerkenHRO http/s);
  assert.ok(mastodonLength(text, { perUrl: 40 }) > 95);
});

test("limits from the older document, or none", async () => {
  const without = ["GET /api/v2/instance"];
  const older = await connected({ without, maxCharacters: 333 });
  assert.equal((await older.event.staff).accounts[0].limit, 333);
  const none = await connected({ without: [...without, "GET /api/v1/instance"], perUrl: 5 });
  const [{ limit, link }] = (await none.event.staff).accounts;
  assert.deepEqual([limit, link], [500, 23]);
});

test("a server that deletes nothing: emptied, and said so", async () => {
  const { far, event, account } = await connected({ without: ["DELETE /api/v1/statuses/:id"] });
  const { asker, question, n } = await askApproved(event, "Wer nimmt das zurück?");
  await event.moderate("warn", { n, text: "Achtung" });
  await post(event, n, { state: "sent" });
  await until(() => far.statuses[0].spoiler === "Achtung", "the warning");
  await post(event, n, { state: "sent" });
  await asker.withdraw(question);
  await until(() => far.statuses[0].text === "–", "emptied");
  assert.equal(far.statuses[0].spoiler, "");
  await post(event, n, { state: "deleted", emptied: true });
  const [shown] = (await event.staff).accounts;
  assert.equal(shown.keeps, true);
  assert.equal(shown.id, account);
});

test("a server that edits nothing: replaced", async () => {
  const { far, event } = await connected({ without: ["PUT /api/v1/statuses/:id"] });
  const { asker, question, n } = await askApproved(event, "Wer ändert das?");
  await post(event, n, { state: "sent" });
  await asker.edit(question, 1, "Wer ändert das hier?");
  await pendingAgain(asker, n, 1);
  await event.move(n, "pending", "listed");
  await until(() => far.statuses[0]?.text.startsWith("Wer ändert das hier?"), "replaced");
  assert.equal(far.statuses.length, 1);
  await post(event, n, { state: "sent", url: `${far.url}/@saal/${far.statuses[0].id}` });
});

for (const repeatsPosts of [false, true]) {
  const kind = repeatsPosts ? "forgets Idempotency-Keys" : "keeps them";
  test(`an answer that is lost, at a server that ${kind}: one post`, async () => {
    const { far, event } = await connected({ repeatsPosts });
    far.fail.lose(1, { when: "POST /api/v1/statuses" });
    const { n } = await askApproved(event, "Kommt das zweimal an?");
    const row = await post(event, n, { state: "sent" }, { seconds: 30 });
    assert.equal(far.statuses.length, 1);
    assert.ok(row.url.endsWith(far.statuses[0].id));
    assert.equal(far.calls("POST /api/v1/statuses").length, 1, "it was looked for first");

    far.fail.lose(1, { when: "POST /api/v1/statuses" });
    await event.moderate("open", { n, on: true });
    await post(event, n, { state: "sent" }, { kind: "open", seconds: 30 });
    assert.equal(far.statuses.length, 2, "a reply is found in its thread");

    far.fail.lose(1, { when: "POST /api/v1/statuses" });
    await event.move(n, "listed", "answered", { answer: "Nein." });
    await post(event, n, { state: "sent" }, { kind: "answer", seconds: 30 });
    assert.equal(far.statuses.length, 3, "and not taken for another one");
    assert.ok(all(await event.staff, n).posts.every(({ state }) => state === "sent"));
  });
}

test("never sent, though it may seem so: looked for, then sent once", async () => {
  const { far, event } = await connected();
  far.hears("saalgast", `Abgeschrieben: ${event.url}/q/1 #NetzwerkenHRO`);
  far.fail.drop(1, { when: "POST /api/v1/statuses" });
  const { n } = await askApproved(event, "Kommt das an?");
  await post(event, n, { state: "sent" }, { seconds: 30 });
  const own = far.statuses.filter(({ account }) => account === far.account);
  assert.equal(own.length, 1);
  const keys = far.calls("POST /api/v1/statuses").map(({ headers }) => headers["idempotency-key"]);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1], "the same key");
});

test("withdrawn while nobody knows whether it is out there", async () => {
  const { far, event } = await connected();
  far.fail.lose(1, { when: "POST /api/v1/statuses" });
  far.fail.next(503, 1, { when: (request) => request.path.endsWith("/statuses"), seconds: 5 });
  const { asker, question, n } = await askApproved(event, "Bleibt das?");
  await until(() => far.statuses.length === 1, "it arrives");
  await asker.withdraw(question);
  await until(() => far.statuses.length === 0, "deleted without an id", 30);
  assert.equal(all(await event.staff, n), undefined);
});

test("gone by itself: an edit says so, a deletion is content", async () => {
  const { far, event } = await connected();
  const { asker, question, n } = await askApproved(event, "Wer hat das gelöscht?");
  await post(event, n, { state: "sent" });
  far.statuses.length = 0;
  await event.moderate("warn", { n, text: "Achtung" });
  await post(event, n, { state: "failed", trouble: "missing" });
  await asker.withdraw(question);
  await event.snapshotWhere(
    (snapshot) => !all(snapshot, n) && !snapshot.left?.length,
    "nothing is left of it",
    event.keys.moderator,
  );
});

test("no server: said at once, and nobody is asked who may not be asked", async () => {
  const far = await Mastodon.start();
  const server = await outwardServer({ peers: [far.url] });
  open.push(server, far);
  const event = await promptEvent(server);
  const said = async (typed) => {
    const challenge = "A".repeat(43);
    const command = { cmd: "connect", network: "mastodon", server: typed, challenge };
    return (await event.post(command, event.keys.organiser)).error.code;
  };
  for (const typed of ["http://192.0.2.1", "ftp://example.org", "localhost", "a b", "[::1]"]) {
    assert.equal(await said(typed), "bad_server", typed);
  }
  far.fail.next(404, 1, { when: "POST /api/v1/apps" });
  assert.equal(await said(far.url), "bad_server", "no Mastodon API");
  await far.down();
  assert.equal(await said(far.url), "unreachable");
  await far.up();
});

test("logging in: denied, forged, repeated", async () => {
  const far = await Mastodon.start();
  const server = await outwardServer({ peers: [far.url] });
  open.push(server, far);
  const event = await promptEvent(server);
  await assert.rejects(
    logIn(event, { network: "mastodon", server: far.url }, async (url) => {
      const back = await far.approve(url);
      back.searchParams.set("code", "forged");
      return back;
    }),
    /refused/,
  );
  await connect(event, far);
  await connect(event, far);
  assert.equal((await event.staff).accounts.length, 1, "the same account again");
  assert.equal(far.apps.size, 2, "one application for each log-in that went well");
});
