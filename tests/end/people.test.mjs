// The page of people: who shows themselves is there within a second and gone within a second; following
// leads to one's own server; whom one takes home is known to nobody else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { Browser, cookieless, desk, phone, untroubled, visit } from "../lib/browser.mjs";
import { CardKey } from "../lib/cards.mjs";
import { b64, u32, unb64 } from "../lib/keys.mjs";
import { Mastodon } from "../lib/mastodon.mjs";
import { outwardServer } from "../lib/outward.mjs";
import { ready } from "../lib/people.mjs";
import { peopleAt, personSays, sentence } from "../lib/showcase.mjs";
import { Snac } from "../lib/snac.mjs";
import { words } from "../lib/words.mjs";

const t = words("de");
const PEOPLE = 6;
let server, browser, home, snac, event, cards;

before(async () => {
  [home, snac, browser] = await Promise.all([Mastodon.start(), Snac.start(), Browser.launch()]);
  server = await outwardServer({ peers: [home.url, snac.url] });
  event = await open("Leute");
  cards = await peopleAt(event, PEOPLE);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await Promise.all([home?.stop(), snac?.stop()]);
});

const open = (hashtag) =>
  server.event({ hashtag, title: `Abend, ${hashtag}; "laut"`, moderation: "after", release: 1 });
const tagOf = (card) => b64(unb64(card.card).subarray(0, 8));
const removal = (card, rev = 2) => ({
  ...{ cmd: "card_delete", card: card.card, rev },
  sig: card.sign("card-delete", [unb64(card.card), u32(rev)]),
});

async function reader(at = event, { path = "", ...options } = {}) {
  const person = await browser.person(options);
  const page = await visit(person, `${at.url}/people${path}`);
  await ready(page);
  return page;
}
const row = (page, name) => page.getByRole("listitem").filter({ hasText: name }).first();
const tick = (page, name) => page.getByRole("checkbox", { name: t("people.tick.of", { name }) });
const button = (page, key, values) => page.getByRole("button", { name: t.like(key, values) });
const follow = (page, role, account) =>
  page.getByRole(role, { name: t("people.follow.of", { account }), exact: true });
const search = (page) => page.getByRole("searchbox");
const visible = (locator, what) => until(() => locator.isVisible(), what);
const names = (page) => page.getByRole("heading", { level: 3 }).allTextContents();

async function saved(page, key) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: new RegExp(`^${t(key)}`) }).click(),
  ]);
  const content = readFileSync(await download.path(), "utf8");
  return { name: download.suggestedFilename(), content };
}

test("everybody who shows themselves, with accounts, questions and how sure that is", async () => {
  const page = await reader();
  assert.deepEqual((await names(page)).sort(), cards.map((_, n) => personSays(n).name).sort());
  const first = row(page, personSays(0).name);
  await first.scrollIntoViewIfNeeded();
  for (const text of [personSays(0).line, sentence(0), t("parts.mark.none")]) {
    await visible(first.getByText(text).first(), text);
  }
  const bluesky = follow(page, "link", personSays(0).accounts[1]);
  const profile = `https://bsky.app/profile/${personSays(0).accounts[1]}`;
  assert.equal(await bluesky.getAttribute("href"), profile);
  untroubled(page);
  await cookieless(page.context());
});

test("cards come and go while one looks, and nothing moves unasked", async () => {
  const own = await open("Kommen");
  const [first, second] = await peopleAt(own, 2);
  const page = await reader(own);
  const third = new CardKey((await own.snapshot()).event.id);
  const { member } = (await own.post({ cmd: "join" })).ok;
  assert.ok((await own.post(third.publish({ name: "Nachzüglerin" }), member)).ok);
  await visible(
    button(page, "people.fresh.one", { n: 1 }),
    "a strip says that there is a new card",
  );
  assert.equal(await page.getByText("Nachzüglerin").count(), 0);
  await button(page, "people.fresh.one", { n: 1 }).click();
  await visible(page.getByText("Nachzüglerin"), "the new card");

  const said = performance.now();
  assert.ok((await own.post(removal(first), member)).ok);
  await until(async () => !(await names(page)).includes(personSays(0).name), "the card goes", 2);
  assert.ok(performance.now() - said < 1500, `gone after ${performance.now() - said} ms`);
  assert.ok(await page.getByText(t("people.gone")).isVisible(), "its place stays");
  await own.moderate("card_hide", { card: second.card, on: true });
  await until(async () => (await names(page)).length === 1, "a hidden card goes too");
  await own.moderate("card_hide", { card: second.card, on: false });
  await until(async () => (await names(page)).length === 2, "and comes back to its place");
  untroubled(page);
});

test("who did something last comes first", async () => {
  const own = await open("Reihe");
  const all = await peopleAt(own, 4);
  const context = await browser.person();
  const wanted = [2, 0, 3, 1]; // the last first; their minutes would take too long to pass
  await context.route("**/people.json", async (route) => {
    const answer = await (await route.fetch()).json();
    for (const card of answer.cards) {
      card.minute -= 1 + wanted.findIndex((n) => all[n].card === card.key);
    }
    await route.fulfill({ json: answer });
  });
  const page = await visit(context, `${own.url}/people`);
  await ready(page);
  const shown = (order) => order.map((n) => personSays(n).name);
  assert.deepEqual(await names(page), shown(wanted));
  const { member } = (await own.post({ cmd: "join" })).ok;
  const line = "Eben erst geschrieben";
  assert.ok((await own.post(all[3].publish({ ...personSays(3), line, rev: 2 }), member)).ok);
  await visible(page.getByText(line), "the card says something else");
  assert.deepEqual(await names(page), shown(wanted), "nothing moves unasked");
  await search(page).fill("e");
  await search(page).fill("");
  await until(async () => `${await names(page)}` === `${shown([3, 2, 0, 1])}`, "now it comes first");
  untroubled(page);
});

test("an event without people says that this is fine", async () => {
  const own = await open("Leer");
  const page = await reader(own);
  assert.ok(await page.getByText(t("people.none")).isVisible());
  assert.equal(await button(page, "people.home.vcard").count(), 0);
  await peopleAt(own, 1);
  await until(async () => (await names(page)).length === 1, "the first card comes by itself");
  const link = page.getByRole("link", { name: t("people.join.go") });
  assert.equal(await link.getAttribute("href"), `/e/${own.slug}#card`);
});

test("search: name, sentence, account, question, without minding accents", async () => {
  const page = await reader();
  for (const [typed, found] of [
    ["annchen", [4]],
    ["@person3@example.social", [3]],
    ["antennas list", [1, 4]],
    ["merken netzwerk", [0, 3]],
    [`#${await number(3)} Frage`, [3]],
  ]) {
    await search(page).fill(typed);
    const wanted = found.map((n) => personSays(n).name).sort();
    await until(
      async () => `${(await names(page)).sort()}` === `${wanted}`,
      `“${typed}” finds ${wanted}`,
    );
  }
  await search(page).fill("gibt es nicht");
  await visible(page.getByText(t("people.found.none")), "nobody is found, and that is said");
  await search(page).fill("");
  await until(async () => (await names(page)).length === PEOPLE, "everybody again");
});

async function number(n) {
  const { questions } = await event.snapshot();
  return questions.find(({ text }) => text === sentence(n)).n;
}

test("a link leads to one card; its own address does too", async () => {
  const [card] = cards.slice(-1);
  for (const path of [`#${tagOf(card)}`, `/${tagOf(card)}`]) {
    const page = await reader(event, { path, viewport: { width: 360, height: 500 } });
    const place = page.locator("[data-here]");
    assert.match(await place.textContent(), new RegExp(personSays(PEOPLE - 1).name));
    await until(
      () => place.evaluate((element) => element === document.activeElement && scrollY > 0),
      "the card has the focus, and stands in the window",
    );
    await page.close();
  }
  const lost = await reader(event, { path: "#AAAAAAAAAAA" });
  assert.ok(await lost.getByText(t("people.gone.link")).isVisible());
});

test("following from the fediverse: one's own server is asked once, by ours", async () => {
  const page = await reader();
  const name = personSays(0).accounts[0];
  await follow(page, "button", name).click();
  const field = page.getByRole("textbox", { name: t("people.follow.label") });
  await field.fill("nirgends");
  await button(page, "people.follow.go").click();
  await visible(page.getByText(t("people.follow.refused.typed")), "what was typed is no server");
  await field.fill("127.0.0.1:1");
  await button(page, "people.follow.go").click();
  await visible(page.getByText(t("people.follow.refused.server")), "there is no such server");
  await field.fill(home.host);
  await button(page, "people.follow.go").click();
  const there = page.getByRole("link", { name: t("people.follow.there", { server: home.host }) });
  await visible(there, "the way to one's own server");
  assert.ok(await there.evaluate((element) => element === document.activeElement));
  const wanted = `${home.url}/authorize_interaction?uri=${encodeURIComponent(name)}`;
  assert.equal(await there.getAttribute("href"), wanted);
  const [popup] = await Promise.all([page.context().waitForEvent("page"), there.click()]);
  await popup.getByRole("heading", { name: `Follow ${name}?` }).waitFor();
  assert.equal(await popup.evaluate(() => opener), null);
  await popup.close();

  const asked = home.calls("GET /.well-known/webfinger").length;
  assert.equal(asked, 1);
  await page.reload();
  await ready(page);
  for (const n of [1, 3]) {
    const [account] = personSays(n).accounts;
    const link = follow(page, "link", account);
    const address = `${home.url}/authorize_interaction?uri=${encodeURIComponent(account)}`;
    assert.equal(await link.getAttribute("href"), address);
  }
  assert.equal(home.calls("GET /.well-known/webfinger").length, asked, "nobody was asked again");
  assert.ok(
    page.trouble.every((what) => /status of 4/.test(what)),
    page.trouble.join(),
  );
});

test("the tick list stays in this browser, through a reload", async () => {
  const page = await reader();
  await tick(page, personSays(1).name).check();
  await tick(page, personSays(5).name).check();
  await tick(page, personSays(5).name).uncheck();
  page.sent.length = 0;
  const other = await page.context().newPage();
  await other.goto(page.url());
  await tick(other, personSays(1).name).waitFor();
  await tick(page, personSays(3).name).check();
  await until(() => tick(other, personSays(3).name).isChecked(), "another tab knows it too");
  assert.deepEqual(page.sent, [], "no request tells of it");
  await page.reload();
  await ready(page);
  for (const [n, on] of [
    [1, true],
    [3, true],
    [5, false],
  ]) {
    assert.equal(await tick(page, personSays(n).name).isChecked(), on, personSays(n).name);
  }
  await page.getByRole("radio", { name: t("people.home.only", { n: 2 }) }).check();
  const { content } = await saved(page, "people.home.mastodon");
  const wanted = [1, 3].map((n) => personSays(n).accounts[0]).sort();
  assert.deepEqual(
    content
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split(",")[0])
      .sort(),
    wanted,
  );
  untroubled(page);
});

test("a list that a server of the fediverse imports", async () => {
  const own = await open("Einlesen");
  const id = (await own.snapshot()).event.id;
  const { member } = (await own.post({ cmd: "join" })).ok;
  const [vera, ...known] = await Promise.all(
    ["vera", "eva", "ida"].map((name) => snac.account(name)),
  );
  for (const { name } of known) {
    const accounts = [`${name}@${snac.host}`, `${name}.example.social`];
    assert.ok((await own.post(new CardKey(id).publish({ name, accounts }), member)).ok);
  }
  const { name, content } = await saved(await reader(own), "people.home.mastodon");
  assert.equal(name, `following_accounts_${own.slug}.csv`);
  const [head, ...lines] = content.split("\n").slice(0, -1);
  assert.equal(head, "Account address,Show boosts,Notify on new posts,Languages");
  for (const line of lines) {
    assert.match(line, /^[a-z]+@127\.0\.0\.1:\d+,true,false,$/);
  }
  const followed = await snac.importFollows(vera, content);
  assert.deepEqual(followed.sort(), known.map((each) => `${snac.url}/${each.name}`).sort());
});

// RFC 6350, read by nothing of ours: lines unfolded, then names, parameters and values.
function contacts(file) {
  const lines = file.replace(/\r\n[ \t]/g, "").split("\r\n");
  assert.equal(lines.pop(), "");
  const found = [];
  for (const line of lines) {
    const [, name, , value] = /^([A-Z-]+)((?:;[A-Z]+=[^:;]*)*):(.*)$/.exec(line);
    if (name === "BEGIN") {
      found.push([]);
    }
    found.at(-1).push([name, value.replace(/\\([nN\\,;])/g, (_, c) => (/n/i.test(c) ? "\n" : c))]);
  }
  return found;
}

test("contacts for an address book", async () => {
  const { name, content } = await saved(await reader(), "people.home.vcard");
  assert.equal(name, `${event.slug}.vcf`);
  assert.ok(
    content.split("\r\n").every((line) => Buffer.byteLength(line) <= 75 && !line.includes("\n")),
  );
  const all = contacts(content);
  assert.equal(all.length, PEOPLE);
  for (const [n] of cards.entries()) {
    const { name: fn, line, web, accounts } = personSays(n);
    const card = all.find((each) => each.some(([key, value]) => key === "FN" && value === fn));
    assert.deepEqual(card[0], ["BEGIN", "VCARD"]);
    assert.deepEqual(card[1], ["VERSION", "4.0"]);
    assert.deepEqual(card.at(-1), ["END", "VCARD"]);
    const get = (key) => card.filter(([name]) => name === key).map(([, value]) => value);
    assert.equal(get("URL").length, accounts.length + (web ? 1 : 0));
    const note = get("NOTE")[0].split("\n");
    assert.equal(note.includes(line ?? ""), line !== undefined);
    assert.ok(accounts.every((account) => note.includes(`@${account} (${t("parts.mark.none")})`)));
    assert.equal(note.at(-1), `#Leute, Abend, Leute; "laut"`);
  }
});

test("a page to keep: it asks nobody, runs nothing and says it all", async () => {
  const own = await open("Seite");
  const id = (await own.snapshot()).event.id;
  const { member } = (await own.post({ cmd: "join" })).ok;
  const bad = '<script>document.title = "ran"</script><img src=x onerror="document.title = 1">';
  const says = { name: "<b>Eva</b>", line: bad, accounts: ["eva@example.social"] };
  assert.ok((await own.post(new CardKey(id).publish(says), member)).ok);
  const { name, content } = await saved(await reader(own), "people.home.page");
  assert.equal(name, `${own.slug}.html`);
  const page = await (await browser.person()).newPage();
  const sent = [];
  page.on("request", (request) => sent.push(request.url()));
  await page.setContent(content);
  assert.ok(await page.getByText(bad).isVisible());
  assert.ok(await page.getByRole("heading", { name: "<b>Eva</b>" }).isVisible());
  const link = page.getByRole("link", { name: "@eva@example.social" });
  assert.equal(await link.getAttribute("href"), "https://example.social/@eva");
  assert.equal(await page.title(), `${t("people.over")}: #Seite`);
  assert.deepEqual(sent, []);
});

test("without JavaScript everybody can be read", async () => {
  const person = await browser.person({ javaScriptEnabled: false });
  const page = await visit(person, `${event.url}/people`);
  for (const [n] of cards.entries()) {
    assert.ok(await page.getByRole("link", { name: personSays(n).name, exact: true }).isVisible());
  }
  const hint = page.locator("noscript p").filter({ hasText: t("html.people.no_script") });
  assert.ok(await hint.isVisible(), "what needs JavaScript is said");
  untroubled(page);
});

test("by keys alone: search, tick, follow, and the focus comes back", async () => {
  const page = await reader(event, { viewport: desk });
  await search(page).focus();
  await page.keyboard.type("annchen");
  await until(async () => (await names(page)).length === 1, "one card is left");
  await page.keyboard.press("Tab"); // the account
  await page.keyboard.press("Tab"); // follow
  const opener = follow(page, "button", personSays(4).accounts[0]);
  assert.ok(await opener.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await opener.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.ok(await tick(page, personSays(4).name).isChecked());
  untroubled(page);
});

test("three hundred: there at once, and searched while typing", { timeout: 120_000 }, async () => {
  const own = await open("Viele");
  await peopleAt(own, 300);
  const page = await reader(own, { viewport: phone });
  assert.equal((await names(page)).length, 300);
  const session = await page.context().newCDPSession(page);
  // Its own time, however busy the machine.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
  for (const typed of ["p", "pe", "person299", ""]) {
    const before = await spent();
    await search(page).evaluate(async (field, value) => {
      field.value = value;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }, typed);
    const took = Math.round((await spent()) - before);
    assert.ok(took < 400, `“${typed}” takes ${took} ms`);
  }
  assert.equal((await names(page)).length, 300);
  untroubled(page);
});
