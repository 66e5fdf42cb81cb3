// Accounts and posts in the protocol, with the tests' own Mastodon server at the other end: what each
// view is told of them, frames laid over a snapshot, and that everybody is told nothing else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { challengeOf, secret } from "../lib/consent.mjs";
import { request } from "../lib/http.mjs";
import { Mastodon } from "../lib/mastodon.mjs";
import { Server } from "../lib/server.mjs";
import { stateOf } from "../lib/view.mjs";

let server, far;

before(async () => {
  far = await Mastodon.start();
  const peer = new URL(far.url).host;
  server = await Server.start({ args: ["--threads", "2", "--allow-peer", peer] });
});
after(async () => {
  await server?.stop();
  await far?.stop();
});

// The organiser agrees at the far server, and comes back with a code.
async function connected(event) {
  const verifier = secret();
  const challenge = challengeOf(verifier);
  const { url, state } = await event.organise("connect", {
    network: "mastodon",
    server: far.url,
    challenge,
  });
  const back = new URL(await far.approve(url));
  assert.equal(back.origin + back.pathname, `${server.url}/oauth/callback`);
  assert.equal(back.searchParams.get("state"), state);
  const finish = { state, code: back.searchParams.get("code"), verifier };
  return { ...(await event.organise("connect_finish", finish)), finish };
}

test("accounts and posts: frames over a snapshot, and what everybody is told of them", async () => {
  const event = await server.event({ hashtag: "Hinaus", publish: "all", publish_delay: 0 });
  const witnesses = { public: await event.join(), staff: await event.joinStaff("organiser") };
  const { public: guest, staff } = witnesses;
  assert.deepEqual(
    [staff.view.offers, staff.view.left, staff.view.accounts],
    [["mastodon", "bluesky"], [], []],
  );
  assert.deepEqual([guest.view.offers, guest.view.left], [undefined, undefined]);

  const { account, finish } = await connected(event);
  const late = await event.post({ cmd: "connect_finish", ...finish }, event.keys.organiser);
  assert.deepEqual([late.status, late.error.code], [410, "expired"]);
  await guest.until((view) => view.accounts.length === 1, "everybody knows the account");
  const members = ["id", "network", "name", "url", "limit", "link"];
  assert.deepEqual(Object.keys(guest.view.accounts[0]), members);
  await staff.until((view) => view.accounts[0]?.state === "connected", "staff sees it connected");

  const out = await guest.ask("Geht das hinaus?", { degree: 1 });
  const room = await guest.ask("Bleibt das hier?");
  const { n } = await guest.released(out);
  await guest.until(() => guest.byTag(out.tag).posts?.length === 1, "everybody has the link");
  const [{ account: where, url }] = guest.byTag(out.tag).posts;
  assert.deepEqual([where, url], [account, `${far.url}/@saal/${far.statuses.at(-1).id}`]);
  await staff.until((view) => view.questions.get(n)?.posts?.[0].state === "sent", "staff sees it sent");
  assert.deepEqual(staff.view.questions.get(n).posts, [
    { account, kind: "question", state: "sent", act: "post", url },
  ]);
  assert.equal((await guest.released(room)).posts, undefined);
  const page = await request(`${event.url}/q/${n}`, { headers: { "accept-language": "en" } });
  assert.match(page.text, /Also on Mastodon:/);
  assert.ok(page.text.includes(`href="${url}"`));

  await event.moderate("warn", { n, text: "Achtung" });
  await event.moderate("publish", { n, rev: 0 });
  await staff.until((view) => view.questions.get(n).warning === "Achtung", "staff sees it");
  await guest.command(out.degree(1, 0));
  await staff.until((view) => view.questions.get(n).posts?.[0].state === "deleted", "taken back");
  await guest.command(out.degree(2, 1));
  await staff.until((view) => view.questions.get(n).posts?.[0].state === "sent", "out again");
  await guest.withdraw(out, 3);
  await guest.until((view) => !view.questions.has(n), "withdrawn");
  await until(() => far.statuses.length === 0, "and gone from there");
  await event.organise("disconnect", { account });
  await guest.until((view) => view.accounts.length === 0, "nobody hears of it any more");

  for (const [name, witness] of Object.entries(witnesses)) {
    assert.ok(!witness.view.gap && !witness.resync, name);
    const key = name === "staff" ? event.keys.organiser : undefined;
    const same = ({ seq }) => seq >= witness.view.seq;
    const snapshot = await event.snapshotWhere(same, "the snapshot of now", key);
    await witness.until(({ seq }) => seq >= snapshot.seq, "its frames");
    assert.deepEqual(witness.view.state, stateOf(snapshot), name);
  }
  const told = guest.frameTexts.join() + JSON.stringify(await event.snapshot());
  assert.doesNotMatch(
    told,
    /"(kind|act|trouble|due|dropped|approved|warning|server|left|offers|keeps)"|Achtung/,
  );
  await guest.close();
  await staff.close();
});
test("a test post, and its deletion", async () => {
  const event = await server.event({ hashtag: "Probepost" });
  const { account } = await connected(event);
  const before = far.deleted.length;
  const { url, deleted } = await event.organise("account_test", { account });
  assert.deepEqual([deleted, url], [true, `${far.url}/@saal/${far.deleted.at(-1).id}`]);
  assert.equal(far.deleted.length, before + 1);
});
test("an account's picture: as it came, and harmless", async () => {
  const event = await server.event({ hashtag: "Bilder" });
  const { account } = await connected(event);
  const picture = await request(`${event.url}/accounts/${account}/avatar`);
  assert.equal(picture.status, 200);
  assert.match(picture.headers["content-type"], /^image\/(png|gif|jpeg|webp)$/);
  assert.equal(picture.headers["content-security-policy"], "default-src 'none'; sandbox");
  assert.equal(picture.headers["x-content-type-options"], "nosniff");
  assert.equal(picture.headers["cache-control"], "public, max-age=300");
  const { status } = await request(`${event.url}/accounts/${account + 1}/avatar`);
  assert.equal(status, 404);
});
