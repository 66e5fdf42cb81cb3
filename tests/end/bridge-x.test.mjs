// The bridge and X, as our strict server has it: log-in, posts, replies, what X cannot do, limits.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { tweetWeight } from "../lib/count.mjs";
import { askApproved, logIn, outwardServer, pendingAgain, post, promptEvent } from "../lib/outward.mjs";
import { Server } from "../lib/server.mjs";
import { X } from "../lib/x.mjs";

const options = (x) => ["--x-url", x.url, "--x-client-id", "operator"];
const start = (x, args = options(x)) => outwardServer({ peers: [x.url], args });
const connectX = (event, x) => logIn(event, { network: "x" }, (url) => x.approve(url));

describe("a public client", () => {
  let x, server, event, account;
  before(async () => {
    x = await X.start();
    server = await start(x);
    event = await promptEvent(server);
    account = await connectX(event, x);
  });
  after(async () => {
    await server?.stop();
    await x?.stop();
  });

  test("the account is shown as X has it", async () => {
    const { accounts, offers } = await event.staff;
    assert.ok(offers.includes("x"));
    const [shown] = accounts;
    assert.equal(shown.id, account);
    assert.equal(shown.network, "x");
    assert.equal(shown.name, "@saal");
    assert.equal(shown.limit, 280);
    assert.equal(shown.link, 23);
    assert.equal(shown.state, "connected");
    const [asked] = x.calls((request) => request.path === "/i/oauth2/authorize");
    assert.deepEqual(asked.query.scope.split(" ").sort(), [
      ...["offline.access", "tweet.read", "tweet.write", "users.read"],
    ]);
  });

  test("posted, answered in its thread, replaced when edited, deleted", async () => {
    const text = "Was kostet das?";
    const { asker, question, n } = await askApproved(event, text);
    const row = await post(event, n, { state: "sent" });
    const [tweet] = x.tweets;
    assert.equal(tweet.text, `${text}\n\n#NetzwerkenHRO ${event.url}/q/${n}`);
    assert.ok(row.url.endsWith(tweet.id));

    await asker.edit(question, 1, "Was kostet das wirklich?");
    await pendingAgain(asker, n, 1);
    await event.move(n, "pending", "listed");
    await until(() => x.tweets[0]?.text.startsWith("Was kostet das wirklich?"), "replaced");
    assert.equal(x.tweets.length, 1);

    await post(event, n, { state: "sent" });
    await event.move(n, "listed", "answered", { answer: "Zwanzig Cent." });
    await post(event, n, { state: "sent" }, { kind: "answer" });
    const reply = x.tweets.find(({ text: said }) => said.startsWith("Zwanzig Cent."));
    assert.equal(reply.inReplyTo, x.tweets.find(({ inReplyTo }) => !inReplyTo).id);

    await asker.withdraw(question, 2);
    await until(() => x.tweets.length === 0, "withdrawn: all of it is deleted");
    await asker.close();
  });

  test("what fits here fits there, and little is given away", async () => {
    for (const text of ["ä".repeat(500), "今晚".repeat(200), "👨‍👩‍👧‍👦".repeat(100), "🇩🇪 ".repeat(150).trim()]) {
      const { asker, n } = await askApproved(event, text);
      await post(event, n, { state: "sent" });
      const tweet = x.tweets.at(-1);
      assert.ok(tweetWeight(tweet.text) <= 280, `${tweetWeight(tweet.text)}`);
      // A link to an address without a name counts more here than there.
      const cut = tweet.text.includes("…");
      assert.ok(!cut || tweetWeight(tweet.text) >= 250, `${tweetWeight(tweet.text)} of 280 used`);
      await asker.close();
    }
  });

  test("an answer that was lost: the post is found, not made twice", async () => {
    const before = x.tweets.length;
    x.fail.lose(1, { when: "POST /2/tweets" });
    const { n } = await askApproved(event, "Kommt das zweimal an?");
    await post(event, n, { state: "sent" }, { seconds: 30 });
    assert.equal(x.tweets.length, before + 1);
  });

  test("429 with its reset time: waits as long, then goes", async () => {
    x.fail.limit(3, { when: "POST /2/tweets" });
    const from = x.calls("POST /2/tweets").length;
    const { n } = await askApproved(event, "Und jetzt?");
    const waiting = await post(event, n, { trouble: "limited" });
    assert.equal(waiting.state, "sending");
    await post(event, n, { state: "sent" }, { seconds: 30 });
    const tries = x.calls("POST /2/tweets").slice(from);
    assert.equal(tries.length, 2, "one refused, one taken");
  });

  test("an expired access token is renewed, once", async () => {
    x.pass(7201);
    const { n } = await askApproved(event, "Zwei Stunden später");
    await post(event, n, { state: "sent" });
    assert.equal(
      x.calls("POST /2/oauth2/token").filter(({ fields }) => fields.grant_type === "refresh_token")
        .length,
      1,
    );
  });

  test("thrown out: the account waits for a new log-in, and so does the question", async () => {
    x.revokeTokens();
    const { n } = await askApproved(event, "Wartet das?");
    await event.snapshotWhere(
      ({ accounts }) => accounts[0].state === "expired",
      "the account expires",
      event.keys.organiser,
    );
    await post(event, n, { state: "ready", trouble: "login" });
    assert.equal(await connectX(event, x), account, "the same account again");
    await post(event, n, { state: "sent" });
  });

  test("disconnected: revoked at X", async () => {
    await event.organise("disconnect", { account });
    await until(() => x.calls("POST /2/oauth2/revoke").length > 0, "revoked");
  });
});

test("a confidential client says its secret by HTTP Basic", async () => {
  const x = await X.start({ clientSecret: "ganz geheim" });
  const server = await start(x, [...options(x), "--x-client-secret", "ganz geheim"]);
  const event = await promptEvent(server);
  await connectX(event, x);
  const { url, deleted } = await event.organise("account_test", { account: 1 });
  assert.ok(url && deleted);
  assert.equal(x.tweets.length, 0);
  assert.equal(x.deleted.length, 1);
  assert.ok(!x.deleted[0].text.includes("#"), "a test stays out of the hashtag");
  await server.stop();
  await x.stop();
});

test("without a client id X is not there", async () => {
  const server = await Server.start();
  const event = await promptEvent(server);
  const challenge = "A".repeat(43);
  const { offers } = await event.staff;
  assert.ok(!offers.includes("x"));
  const answer = await event.post({ cmd: "connect", network: "x", challenge }, event.keys.organiser);
  assert.equal(answer.error.code, "not_configured");
  await server.stop();
});
