// A question leaves the room and comes back, in real browsers, on a real Bluesky PDS and a real snac:
// the organiser connects both accounts, somebody asks under the hashtag, it is approved, and withdrawn.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { Browser, untroubled, visit } from "../lib/browser.mjs";
import { Dns } from "../lib/dns.mjs";
import { outwardServer, promptEvent } from "../lib/outward.mjs";
import { Pds } from "../lib/pds.mjs";
import { signInAndConsent } from "../lib/pds_consent.mjs";
import { Audience, Moderator, Organiser, ready, Stage } from "../lib/people.mjs";
import { Snac } from "../lib/snac.mjs";
import { words } from "../lib/words.mjs";

const t = words("de");
const text = "Wie bleiben wir nach dem Abend in Verbindung?";
let pds, snac, dns, server, browser, event;
let vera, hro, token; // the event's accounts; a reader's token at snac
let organiser, anna, moderator, stage;

before(async () => {
  [pds, snac, browser] = await Promise.all([Pds.start(), Snac.start(), Browser.launch()]);
  vera = await pds.account("vera");
  hro = await snac.account("hro");
  dns = await Dns.start({ "_atproto.vera.test": { TXT: [`did=${vera.did}`] } });
  server = await outwardServer({
    peers: [pds.url, pds.plc, snac.url],
    args: ["--plc-url", pds.plc, "--dns", dns.server],
  });
  event = await promptEvent(server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await Promise.all([pds?.stop(), snac?.stop(), dns?.stop()]);
});

const network = (name) => organiser.page.getByText(name, { exact: true }).first();
// Back from the far server: the account stands in the list.
async function connected(name) {
  await organiser.page.waitForURL(/\/e\/[a-z0-9]+\/organiser$/, { timeout: 30_000 });
  await ready(organiser.page);
  await organiser.page.getByRole("heading", { name }).waitFor({ timeout: 15_000 });
}

describe("the organiser connects the accounts", () => {
  before(async () => {
    organiser = await Organiser.visit(await browser.person(), event, {
      expected: /another host|localhost|127\.0\.0\.1/,
    });
  });

  test("Mastodon, by logging in at a snac", { timeout: 60_000 }, async () => {
    const { page } = organiser;
    await network("Mastodon").click();
    await page
      .getByRole("textbox", { name: t("organiser.connect.mastodon.server") })
      .fill(snac.url);
    await organiser.button("organiser.connect.log_in").click();
    await page.waitForURL((url) => url.origin === snac.url);
    await Snac.signIn(page, hro);
    await connected(/@hro@/);
    assert.ok(!/code|state/.test(page.url()), "nothing of the log-in stays in the address");
    token = await snac.token(hro);
  });

  test("Bluesky, by OAuth at its own server", { timeout: 90_000 }, async () => {
    const { page } = organiser;
    await network("Bluesky").click();
    await page
      .getByRole("textbox", { name: t("organiser.connect.bluesky.handle") })
      .fill(`@${vera.handle}`);
    await organiser.button("organiser.connect.bluesky.log_in").click();
    await page.waitForURL((url) => url.origin === pds.url, { timeout: 30_000 });
    await signInAndConsent(page, vera);
    await connected(/@vera\.test/);
  });

  test("a test post on each, and its deletion", { timeout: 60_000 }, async () => {
    const { page } = organiser;
    for (const [name, said] of [
      [/@hro@/, "organiser.test.emptied"],
      [/@vera\.test/, "organiser.test.deleted"],
    ]) {
      const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });
      await row.getByRole("button", { name: t.like("organiser.test").source.slice(4, -4) }).click();
      await row.getByText(t(said)).waitFor({ timeout: 20_000 });
    }
    assert.deepEqual(await pds.records(vera), []);
    assert.ok((await snac.statuses(token)).every((status) => !status.text.includes("#")));
  });
});

const onSnac = async () =>
  (await snac.statuses(token)).find((status) => status.text?.startsWith(text));

test("asked under the hashtag: nothing leaves before approval", { timeout: 60_000 }, async () => {
  anna = await Audience.visit(await browser.person(), event);
  moderator = await Moderator.visit(await browser.person(), event);
  stage = await Stage.visit(await browser.person(), event);
  await anna.openAsk();
  await anna.field().fill(text);
  await anna.page.getByRole("radio", { name: t("audience.degree.1") }).check();
  await anna.page.getByText("#NetzwerkenHRO").first().waitFor();
  await anna.button("audience.ask.send").click();
  await moderator.has("incoming", text);
  assert.deepEqual(await pds.records(vera), []);
  assert.equal(await onSnac(), undefined);
});

test("approved: the post is on the PDS and on snac", { timeout: 60_000 }, async () => {
  await moderator.press(text, "a");
  const record = await until(
    async () => (await pds.records(vera))[0],
    "the post is on the PDS",
    20,
  );
  const { value } = record;
  assert.ok(value.text.startsWith(text), value.text);
  assert.deepEqual(value.langs, ["de"]);
  const bytes = Buffer.from(value.text);
  for (const { index, features } of value.facets) {
    const part = bytes.subarray(index.byteStart, index.byteEnd).toString();
    const [{ tag, uri }] = features;
    if (tag !== undefined) {
      assert.equal(part, `#${tag}`);
    } else {
      assert.equal(uri, `${server.url}/e/${event.slug}/q/1`);
      assert.equal(part, uri.replace("http://", ""));
    }
  }
  const status = await until(onSnac, "the post is on snac", 20);
  assert.ok(status.text.startsWith(text), status.text);
  assert.equal(status.visibility, "public");
  const timeline = await snac.tagged(status.tags[0].name);
  assert.ok(timeline.some(({ uri }) => uri === status.uri), "the tag's timeline shows it");
});

test("everybody sees that it is out there", { timeout: 30_000 }, async () => {
  const row = moderator.row(text);
  for (const name of ["Mastodon", "Bluesky"]) {
    await row.getByText(new RegExp(name)).first().waitFor();
  }
  await stage.sees(text);
  await anna.sees(text);
  const links = async () =>
    anna.page.locator('a[href^="https://bsky.app/profile/"]').first().count();
  await until(links, "the asker finds the post");
});

test("answered in writing: a reply in both threads", { timeout: 60_000 }, async () => {
  await event.move(1, "listed", "answered", { answer: "Mit einem gemeinsamen Verteiler." });
  const reply = await until(
    async () => (await pds.records(vera)).find(({ value }) => value.reply),
    "the reply is on the PDS",
    20,
  );
  assert.match(reply.value.text, /^Mit einem gemeinsamen Verteiler\./);
  const top = (await pds.records(vera)).find(({ value }) => !value.reply);
  assert.equal(reply.value.reply.root.uri, top.uri);
  assert.equal(reply.value.reply.parent.cid, top.cid);
  const status = await onSnac();
  await until(
    async () =>
      (await snac.context(status.id, token)).descendants.some(({ text: said }) =>
        said?.startsWith("Mit einem gemeinsamen Verteiler."),
      ),
    "the reply is on snac",
    20,
  );
});

test(
  "withdrawn on the asker's phone: gone from the PDS, emptied on snac, and the moderator is told",
  { timeout: 60_000 },
  async () => {
    await event.move(1, "answered", "listed");
    await until(async () => (await pds.records(vera)).length === 1, "no answer, no reply", 20);
    await anna.withdraw(text);
    await until(async () => (await pds.records(vera)).length === 0, "the PDS has nothing", 30);
    await until(
      async () => (await snac.statuses(token)).every(({ text: said }) => !said?.includes("Verbindung")),
      "snac's post is empty",
      30,
    );
    const staff = await event.snapshotWhere(
      ({ left }) => left?.length === 2 && left.every(({ emptied }) => emptied),
      "what could only be emptied is told to the moderator",
      event.keys.moderator,
      20,
    );
    assert.ok(staff.left.every(({ n }) => n === 1));
    await moderator.page
      .getByText(t.like("moderator.left.emptied"))
      .or(moderator.page.getByText(t("moderator.left")))
      .first()
      .waitFor();
    untroubled(anna.page, moderator.page, stage.page);
  },
);

test("disconnected: the tokens are dead, the posts stay as they are", { timeout: 30_000 }, async () => {
  for (const { id } of (await event.staff).accounts) {
    await event.organise("disconnect", { account: id });
  }
  await event.snapshotWhere(
    ({ accounts }) => accounts.every(({ state }) => state === "left"),
    "both accounts left",
    event.keys.organiser,
    20,
  );
});
