// Whose an account is, shown on our pages and on those of people's own servers: they log in at a real snac
// and a real Bluesky PDS, link back, post from their account or by hand. Where that goes wrong they are
// told, and there is a way on.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { Browser, untroubled } from "../lib/browser.mjs";
import { Dns } from "../lib/dns.mjs";
import { request } from "../lib/http.mjs";
import { outwardServer, promptEvent } from "../lib/outward.mjs";
import { Owner } from "../lib/own.mjs";
import { Pds } from "../lib/pds.mjs";
import { signInAndConsent } from "../lib/pds_consent.mjs";
import { People, ready } from "../lib/people.mjs";
import { Snac } from "../lib/snac.mjs";
import { words } from "../lib/words.mjs";

const t = words("de");
const asked = {
  anna: "Wer baut mit an einem Verteiler für alle Vereine?",
  clara: "Wo trifft sich die Nachbarschaft im Winter?",
};
let pds, snac, dns, site, browser, server, event;
let dora; // her account at the PDS
let anna; // her phone: two tests
const atSnac = {}; // name → account

// A web page of somebody's own.
async function siteStart() {
  const own = { body: "" };
  own.http = http.createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "text/html" });
    answer.end(own.body);
  });
  await new Promise((resolve) => own.http.listen(0, "127.0.0.1", resolve));
  own.url = `http://127.0.0.1:${own.http.address().port}/`;
  return own;
}

before(async () => {
  [pds, snac, site, browser] = await Promise.all([
    ...[Pds.start(), Snac.start(), siteStart(), Browser.launch()],
  ]);
  dora = await pds.account("dora");
  for (const name of ["anna", "berta", "clara", "emil", "fred"]) {
    atSnac[name] = await snac.account(name);
  }
  dns = await Dns.start({ [`_atproto.${dora.handle}`]: { TXT: [`did=${dora.did}`] } });
  server = await outwardServer({
    peers: [pds.url, pds.plc, snac.url, site.url],
    args: ["--plc-url", pds.plc, "--dns", dns.server],
  });
  event = await promptEvent(server, { moderation: "after" });
});
after(async () => {
  await browser?.close();
  await server?.stop();
  site?.http.close();
  await Promise.all([pds?.stop(), snac?.stop(), dns?.stop()]);
});

const named = (name) => `${name}@${snac.host}`;
const onCard = (name) => `@${named(name)}`;
// Their own servers are other hosts, and their pages none of ours.
const elsewhere = () => new RegExp([snac.host, new URL(pds.url).host, "Permissions-Policy"].join("|"));

async function arrive({ expected = elsewhere() } = {}) {
  const context = await browser.person();
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  return Owner.visit(context, event, { expected });
}
const refusedToo = (status) =>
  new RegExp(`${elsewhere().source}|status of ${status} .*/e/${event.slug}/commands`);

// ---- by logging in

test("at a snac: said on the way back, on the card, under the question, among the people", {
  timeout: 90_000,
}, async () => {
  anna = await arrive();
  await anna.ask(asked.anna);
  await anna.sees(asked.anna);
  await anna.claim(asked.anna, { name: "Anna", accounts: [named("anna")] });
  await anna.askedBy(asked.anna, "Anna").waitFor();
  await anna.isMarked("none", anna.row(asked.anna));

  await anna.openCard();
  await anna.isMarked("none", anna.proof(onCard("anna")));
  await anna.leave(anna.way("login", onCard("anna")), snac.url);
  await Snac.signIn(anna.page, atSnac.anna);
  await anna.isBack(event);
  await anna.says("person.back.proven.says", { account: named("anna") });
  await anna.says("person.back.revoked");
  await anna.dialog("person.back.proven").getByRole("button", { name: t("person.back.card") }).click();
  await anna.isMarked("login", anna.proof(onCard("anna")));
  await anna.close("person.card");
  await anna.isMarked("login", anna.row(asked.anna));

  await anna.askedBy(asked.anna, "Anna").click();
  await anna.page.waitForURL(/\/people#/);
  const people = People.at(anna.page);
  await anna.isMarked("login", people.person("Anna"));
  await people.person("Anna").getByRole("link", { name: asked.anna }).click();
  const by = `${t("html.question.by")} Anna (${t("html.proof.login")})`;
  await anna.page.getByText(by, { exact: true }).waitFor();
  untroubled(anna.page);
});

test("at a Bluesky PDS: who says no there has lost nothing, and can say yes", {
  timeout: 120_000,
}, async () => {
  const phone = await arrive();
  await phone.keepCard({ name: "Dora", accounts: [dora.handle] });
  await phone.openCard();
  await phone.leave(phone.way("login", `@${dora.handle}`), pds.url);
  await signInAndConsent(phone.page, dora, { deny: true });
  await phone.isStopped("own.denied");
  await phone.page.getByRole("link", { name: t("callback.own.back"), exact: true }).click();
  await phone.isBack(event);
  await phone.openCard();
  await phone.isMarked("none", phone.proof(dora.handle));
  const links = await phone.way("link", `@${dora.handle}`).count();
  assert.equal(links, 0, "Bluesky's profiles cannot link back");

  await phone.leave(phone.way("login", `@${dora.handle}`), pds.url);
  await signInAndConsent(phone.page, dora);
  await phone.isBack(event);
  await phone.says("person.back.proven.says", { account: dora.handle });
  await phone.dialog("person.back.proven").getByRole("button", { name: t("person.back.close") }).click();
  await phone.openCard();
  await phone.isMarked("login", phone.proof(dora.handle));
  untroubled(phone.page);
});

test("as somebody else: told so, and the right account goes", { timeout: 60_000 }, async () => {
  const phone = await arrive({ expected: refusedToo(400) });
  await phone.keepCard({ name: "Emil", accounts: [named("emil")] });
  await phone.openCard();
  await phone.leave(phone.way("login", onCard("emil")), snac.url);
  await Snac.signIn(phone.page, atSnac.fred);
  await phone.isStopped("bad_account", { account: named("emil") });
  await phone.leave(phone.button("callback.again"), snac.url);
  await Snac.signIn(phone.page, atSnac.emil);
  await phone.isBack(event);
  await phone.says("person.back.proven.says", { account: named("emil") });
  untroubled(phone.page);
});

test("at a server that is down: said on the card, and on the way back", {
  timeout: 120_000,
}, async () => {
  const phone = await arrive({ expected: refusedToo(502) });
  const { page } = phone;
  await phone.keepCard({ name: "Fred", accounts: [named("fred")] });
  await phone.openCard();
  await snac.stop();
  await phone.way("login", onCard("fred")).click();
  await phone.says("refusal.unreachable");
  await snac.serve();

  const finishing = ({ pathname }) => pathname === `/e/${event.slug}/commands`;
  await page.route(finishing, async (route) => {
    if (route.request().postData().includes('"own_finish"')) {
      await snac.stop();
    }
    await route.continue();
  });
  await phone.leave(phone.way("login", onCard("fred")), snac.url);
  await Snac.signIn(page, atSnac.fred);
  await phone.isStopped("own.unreachable");
  await page.unroute(finishing);
  await snac.serve();
  await phone.leave(phone.button("callback.again"), snac.url);
  await Snac.signIn(page, atSnac.fred);
  await phone.isBack(event);
  await phone.says("person.back.proven.says", { account: named("fred") });
  untroubled(page);
});

// ---- by a link back

// On snac's own page for it.
async function linkFromSnac({ name, password }, address) {
  const context = await browser.person({ httpCredentials: { username: name, password } });
  const page = await context.newPage();
  await page.goto(`${snac.url}/${name}/admin`);
  await page.locator("details").filter({ has: page.locator('[name="metadata"]') }).locator("summary").click();
  const form = page.locator("form").filter({ has: page.locator('[name="metadata"]') });
  await form.locator('[name="metadata"]').fill(`Raute=${address}`);
  await form.locator('input[type="submit"]').click();
  await context.close();
}

test("a profile at snac and a web page that link to the card", { timeout: 60_000 }, async () => {
  const phone = await arrive({ expected: refusedToo(400) });
  await phone.keepCard({ name: "Berta", accounts: [named("berta")], web: site.url });
  await phone.openCard();
  for (const [name, link] of [
    [onCard("berta"), (address) => linkFromSnac(atSnac.berta, address)],
    [site.url, (address) => (site.body = `<a rel="me" href="${address}">Meine Fragen</a>`)],
  ]) {
    const place = phone.proof(name);
    await phone.way("link", name).click();
    const address = await phone.copy(place, "person.proof.address");
    assert.ok((await place.innerText()).includes(address), "what is copied stands there");
    assert.ok(address.startsWith(`${event.url}/people/`), address);
    assert.equal((await request(address)).status, 200, "the link leads somewhere");
    assert.equal(await phone.look(name), t("person.proof.missing"));
    await phone.isMarked("none", place);
    await link(address);
    assert.equal(await phone.look(name), t("person.proof.found"));
    await phone.isMarked("link", place);
  }
  untroubled(phone.page);
});

// ---- by a post

test("posted from the own account: exactly what was shown, and where it is", {
  timeout: 60_000,
}, async () => {
  await anna.page.goto(event.links.audience);
  await ready(anna.page);
  const sheet = await anna.openPost(asked.anna, "Anna");
  const shown = await sheet.getByRole("blockquote").getByRole("paragraph").allInnerTexts();
  await anna.leave(sheet.getByRole("button", { name: t("person.post.go"), exact: true }), snac.url);
  await Snac.signIn(anna.page, atSnac.anna);
  await anna.isBack(event);
  await anna.says("person.back.posted.says", { account: named("anna") });
  const done = anna.dialog("person.back.posted");
  const there = await done.getByRole("link", { name: t("person.back.see") }).getAttribute("href");

  const [status, ...more] = await snac.statuses(await snac.token(atSnac.anna));
  assert.deepEqual(more, [], "once");
  assert.equal(there, status.url);
  assert.equal(status.text, shown.join("\n\n"));
  assert.equal(shown[0], asked.anna);
  assert.match(shown[1], new RegExp(`^#NetzwerkenHRO ${event.url}/q/\\d+$`));
  assert.equal(status.visibility, "public");
  const { text } = await request(there);
  assert.ok(text.includes(asked.anna), "everybody can read it there");
  untroubled(anna.page);
});

test("posted by hand with the link that can be found, and its address pasted", {
  timeout: 60_000,
}, async () => {
  const phone = await arrive({ expected: refusedToo(400) });
  await phone.keepCard({ name: "Clara", accounts: [named("clara")] });
  await phone.ask(asked.clara);
  await phone.sees(asked.clara);
  let sheet = await phone.openShare(asked.clara);
  const bare = await phone.copy(sheet, "share.text");
  await sheet.getByRole("radio", { name: named("clara"), exact: true }).check();
  await phone.says("person.found.code", { account: named("clara") });
  const text = await phone.copy(sheet, "share.text");
  assert.notEqual(text, bare);
  await phone.close("share.title"); // away to the own server, and back

  const other = await snac.toot(atSnac.clara, bare);
  const own = await snac.toot(atSnac.clara, text);
  sheet = await phone.openShare(asked.clara);
  await sheet.getByRole("radio", { name: named("clara"), exact: true }).check();
  assert.equal(await phone.copy(sheet, "share.text"), text, "the link is the same");
  await phone.paste(sheet, "irgendwo");
  await phone.says("person.found.no_address");
  await phone.paste(sheet, other);
  await phone.says("refusal.bad_code");
  await phone.paste(sheet, own);
  await phone.says("person.found.shown", { account: named("clara") });
  await phone.close("share.title");
  await phone.askedBy(asked.clara, "Clara").waitFor();
  await phone.isMarked("post", phone.row(asked.clara));
  await phone.openCard();
  await phone.isMarked("post", phone.proof(onCard("clara")));
  untroubled(phone.page);
});
