// Events with tickets: a code makes members that nobody can tell apart, each with one vote. Seen from the
// protocol; then in the browser, from the organiser's codes to the vote of somebody who got one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { accessible } from "../lib/axe.mjs";
import { until } from "../lib/bounded.mjs";
import { Browser, phone, untroubled } from "../lib/browser.mjs";
import { Seed } from "../lib/keys.mjs";
import { passCommand, passesOf, seatsOf } from "../lib/passes.mjs";
import { Audience, Moderator, Organiser } from "../lib/people.mjs";
import { CardKey } from "../lib/cards.mjs";
import { Server } from "../lib/server.mjs";

const sentence = "Wer möchte eine Fahrgemeinschaft nach Rostock?";
let server, event, id, n, guest; // guest: came with nothing

before(async () => {
  server = await Server.start();
});
beforeEach(async () => {
  event = await server.event({ moderation: "after", release: 0 });
  id = (await event.snapshot()).event.id;
  [n] = await event.fill([sentence]);
  await event.settle({ admission: "tickets" });
  guest = await event.join();
  await guest.until(() => guest.view.questions.has(n), "the question is there");
});
afterEach(() => guest.close());
after(() => server?.stop());

const codes = async (count, seats = 1) => (await event.organise("tickets", { count, seats })).codes;
const votes = () => guest.view.questions.get(n).votes;
const refusedAs = ({ error }, code) => assert.equal(error?.code, code);

async function buy(code, seed = new Seed(id), count = 1) {
  const seats = seatsOf(seed, count);
  return passesOf(seats, await guest.command(passCommand(code, seats)), guest.passKey);
}

// ---- the protocol

test("without a ticket everything can be read, and nothing said", async () => {
  assert.equal(guest.member, undefined);
  assert.equal(guest.view.questions.get(n).text, sentence);
  const question = guest.seed.question();
  await guest.refused(question.ask({ text: "Und ich?" }), "members_only");
  await guest.refused({ cmd: "vote", n }, "members_only");
});

test("who was in before the gate stays in", async () => {
  await event.settle({ admission: "open" });
  const early = await event.join();
  await event.settle({ admission: "tickets" });
  const again = await event.join({ member: early.member });
  await again.vote(n);
  await guest.until(() => votes() === 1, "the vote counts");
  await Promise.all([early.close(), again.close()]);
});

test("codes are for gated events, and how many people they let in is public", async () => {
  const seats = async (wanted) =>
    event.snapshotWhere((snapshot) => snapshot.event.seats === wanted, `${wanted} seats`);
  await seats(0);
  await codes(3, 2);
  await seats(6);
  const open = await server.event();
  const asked = await open.post({ cmd: "tickets", count: 1, seats: 1 }, open.keys.organiser);
  refusedAs(asked, "bad_value");
  refusedAs(
    await event.post({ cmd: "tickets", count: 1, seats: 1 }, event.keys.moderator),
    "forbidden",
  );
});

test("one person, one vote, however often they come", async () => {
  const [code] = await codes(1);
  const [pass] = await buy(code);
  const phones = [await event.join({ pass }), await event.join({ pass })];
  assert.equal(phones[0].member, phones[1].member);
  await Promise.all(phones.map((client) => client.vote(n)));
  await guest.until(() => votes() === 1, "one vote");
  await phones[1].unvote(n);
  await guest.until(() => votes() === 0, "and the same one is taken back");
  await Promise.all(phones.map((client) => client.close()));
});

test("a code for three makes three members", async () => {
  const [code] = await codes(1, 3);
  const passes = await buy(code, new Seed(id), 3);
  const members = await Promise.all(passes.map((pass) => event.join({ pass })));
  assert.equal(new Set(members.map(({ member }) => member)).size, 3);
  await Promise.all(members.map((client) => client.vote(n)));
  await guest.until(() => votes() === 3, "three votes");
  await Promise.all(members.map((client) => client.close()));
});

test("a code is used once; the same browser may ask again", async () => {
  const [code] = await codes(1);
  const seed = new Seed(id);
  const first = await buy(code, seed);
  assert.deepEqual(await buy(code.toLowerCase().replaceAll("-", " "), seed), first);
  const other = seatsOf(new Seed(id));
  await guest.refused(passCommand(code, other), "ticket_used");
  await guest.refused(passCommand("0000-0000-0000-0000", other), "bad_ticket");
  const [pair] = await codes(1, 2);
  await guest.refused(passCommand(pair, other), "bad_ticket");
});

test("a pass that this server did not sign for this event makes no member", async () => {
  const [code] = await codes(1);
  const [pass] = await buy(code);
  const other = await server.event();
  await other.settle({ admission: "tickets" });
  await assert.rejects(other.join({ pass }), { code: "bad_pass" });
  const output = `${pass.output[0] === "A" ? "B" : "A"}${pass.output.slice(1)}`;
  await assert.rejects(event.join({ pass: { ...pass, output } }), { code: "bad_pass" });
});

test("with another key than the tickets say, the browser's proof fails", async () => {
  const other = await server.event();
  await other.settle({ admission: "tickets" });
  const stranger = await other.join();
  const [code] = await codes(1);
  const seats = seatsOf(new Seed(id));
  const answer = await guest.command(passCommand(code, seats));
  assert.throws(() => passesOf(seats, answer, stranger.passKey));
  assert.equal(passesOf(seats, answer, guest.passKey).length, 1);
  await stranger.close();
});

// ---- in the browser

test("from the organiser's codes to a vote", { timeout: 150_000 }, async () => {
  const browser = await Browser.launch();
  try {
    const person = await browser.person({ acceptDownloads: true, bypassCSP: true });
    const organiser = await Organiser.visit(person, event);
    const { page, t } = organiser;
    await page.getByLabel(t("organiser.tickets.count")).fill("2");
    await organiser.button("organiser.tickets.make").click();
    await organiser.says("organiser.tickets.once");
    await organiser.says("organiser.tickets.given.many", { n: 2 });
    await accessible(page, "the organiser's codes");

    const save = page.getByRole("button", { name: t("organiser.tickets.csv") });
    const [file] = await Promise.all([page.waitForEvent("download"), save.click()]);
    const lines = readFileSync(await file.path(), "utf8").split("\r\n");
    assert.equal(lines[0], "code,seats,link");
    assert.equal(lines.length, 4);
    assert.equal(lines[3], "");
    const [code, seats, link] = lines[1].split(",");
    assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-?){4}$/);
    assert.equal(seats, "1");
    assert.match(link, /#t=[0-9A-Z]{16}&p=[\w-]{22}$/);

    // As many tickets on paper as there are codes; then the poster for the door again.
    await page.evaluate(() => (window.print = () => (window.printed = true)));
    await page.getByRole("button", { name: t("organiser.tickets.print") }).click();
    await page.waitForFunction(() => window.printed === true);
    await page.emulateMedia({ media: "print" });
    assert.equal(
      await page
        .getByText(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/)
        .filter({ visible: true })
        .count(),
      2,
    );
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    await until(
      async () => (await page.getByText(code).filter({ visible: true }).count()) === 0,
      "no ticket",
    );
    await page.emulateMedia({ media: "screen" });

    // A link whose key is another: the browser stops, and the code stays good.
    const [good, , second] = lines[2].split(",");
    await stopped(browser, second.replace(/p=[\w-]{22}/, "p=AAAAAAAAAAAAAAAAAAAAAA"));
    assert.equal((await buy(good)).length, 1);

    const visitor = await arrives(browser, link);
    await visitor.button("person.ticket.use").click();
    await until(
      () => visitor.page.getByText(t("person.ticket.waits").slice(0, 30)).first().isVisible(),
      "the ticket is taken",
    );
    await visitor.page.keyboard.press("Escape");
    await visitor.vote(sentence);
    await guest.until(() => votes() === 1, "the vote counts, some time later", 60);
    untroubled(page, visitor.page);

    // The same code in another browser.
    const late = await arrives(browser, link);
    await late.button("person.ticket.use").click();
    await late.says("person.ticket.ticket_used");
  } finally {
    await browser.close();
  }
});

async function arrives(browser, address) {
  const context = await browser.person({ viewport: phone });
  const visitor = await Audience.visit(context, event, { address, expected: /status of 4\d\d/ });
  assert.equal(new URL(visitor.page.url()).hash, "", "the code has left the address");
  await visitor.button("person.ticket.use").waitFor();
  return visitor;
}

async function stopped(browser, address) {
  const visitor = await arrives(browser, address);
  await visitor.button("person.ticket.use").click();
  await visitor.says("person.ticket.other_key");
  await visitor.page.context().close();
}

// ---- and the moderator's hand on cards, which is no gate but stands at one

test("a card is taken away and given back", { timeout: 60_000 }, async () => {
  await event.settle({ admission: "open" });
  const member = await event.join();
  const card = new CardKey(id);
  const question = await member.ask("Wie bleibt das barrierefrei?");
  await member.released(question);
  await member.command(card.publish({ name: "Vera Lindström" }));
  await member.command(card.claim(question, "Wie bleibt das barrierefrei?"));
  const by = () => member.byTag(question.tag).card?.name;
  await member.until(() => by() === "Vera Lindström", "everybody sees who asked");
  const browser = await Browser.launch();
  try {
    const moderator = await Moderator.visit(await browser.person({ bypassCSP: true }), event);
    const { page, t } = moderator;
    const named = (key) => page.getByRole("button", { name: new RegExp(`^${t(key)}.*Vera`) });
    await moderator.row("barrierefrei").getByText("barrierefrei").first().click();
    await page
      .getByRole("button", { name: t("parts.asked_by", { name: "Vera Lindström" }) })
      .click();
    await named("moderator.card.hide").click();
    await member.until(() => by() === undefined, "nobody sees who asked");
    await moderator.says("moderator.card.is_hidden");
    await accessible(page, "the people behind the desk");
    await named("moderator.card.show").click();
    await member.until(() => by() === "Vera Lindström", "it is back");
    await page.keyboard.press("Escape");
    await until(
      () => page.evaluate(() => document.activeElement.closest("[data-n]") !== null),
      "the row has the focus again",
    );
    untroubled(page);
  } finally {
    await browser.close();
    await member.close();
  }
});
