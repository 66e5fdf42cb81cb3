// Who wants to be seen is, exactly as far as they want, and everybody else stays unnamed: cards, claims,
// interest, another device and tickets, in several browsers.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { after, afterEach, before, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { Browser, cookieless, desk, untroubled, visit } from "../lib/browser.mjs";
import { bearer, request } from "../lib/http.mjs";
import { Audience, Moderator, Organiser, People, Stage } from "../lib/people.mjs";
import { raute, scratch, Server } from "../lib/server.mjs";
import { peopleAt, personSays } from "../lib/showcase.mjs";
import { words } from "../lib/words.mjs";

const t = words("de");
const folder = scratch();
let server, browser;
let contexts = [];
let local; // a server in the local network

before(async () => {
  server = await Server.start();
  browser = await Browser.launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Whatever a test looks at: nobody else is asked, no cookie is set, no page complains.
afterEach(async () => {
  const browsers = contexts;
  contexts = [];
  for (const context of browsers) {
    untroubled(...context.pages());
    await cookieless(context);
    await context.close();
  }
  await local?.stop(); // once nobody is there: a page would miss it
  local = undefined;
});

async function person(options) {
  const context = await browser.person(options);
  contexts.push(context);
  return context;
}
const audience = async (event, options) => Audience.visit(await person(), event, options);

// Somebody whose clock the test can put forward.
async function patient(event, options) {
  const context = await person();
  await context.clock.install();
  return Audience.visit(context, event, options);
}

// Two in the room, the desk, the stage, the page of people.
const everybody = (event) =>
  Promise.all(
    [Audience, Audience, Moderator, Stage, People].map(async (role) =>
      role.visit(await person(), event),
    ),
  );

async function exported(event, format = "json") {
  const answer = await request(`${event.url}/export?format=${format}`, {
    headers: bearer(event.keys.organiser),
  });
  assert.equal(answer.status, 200, answer.text);
  return answer;
}
// What `raute verify` finds: 0 nothing wrong.
async function verified(event) {
  const file = path.join(folder, `${event.slug}.json`);
  writeFileSync(file, (await exported(event)).text);
  const { code, out } = await raute(["verify", file]);
  assert.equal(code, 0, out);
  return out;
}

const appears = (places) =>
  Promise.all(Object.values(places).map((place) => place.waitFor({ state: "visible" })));

// Every place must be rid of it; says how long after the browser has told the server, which should be within a
// second where nothing else keeps the machine busy.
async function goneFrom(places, visitor, cmd, button) {
  const left = visitor.page.socket
    .waitForEvent("framesent", ({ payload }) => payload.includes(`"${cmd}"`))
    .then(() => performance.now());
  const gone = Object.entries(places).map(async ([name, place]) => {
    await place.waitFor({ state: "hidden" });
    return [name, performance.now()];
  });
  await button.click();
  const since = await left;
  const took = (await Promise.all(gone)).map(([name, at]) => `${name} ${Math.round(at - since)} ms`);
  console.log(`gone after: ${took.join(", ")}`);
}

// Asked without a name, shown with one, and without one again, on every screen there is.
async function nameAndUnname(event) {
  const text = "Wer baut mit an einem Freifunknetz am Hafen?";
  const name = "Ännchen vom Hafen";
  const [anna, bert, moderator, stage, people] = await everybody(event);
  await anna.ask(text);
  await moderator.press(text, "a");
  await bert.sees(text);
  await moderator.press(text, "n");
  await stage.isAnswering(text);
  const anonymous = (await exported(event)).json;
  assert.deepEqual([anonymous.cards, anonymous.claims], [[], []]);
  const link = await visit(await person(), `${event.url}/q/1`);
  assert.equal(await link.getByText(t("html.question.by")).count(), 0);

  await anna.row(text).getByRole("button", { name: t("audience.claim"), exact: true }).click();
  const sheet = anna.dialog("person.claim");
  const says = { name, line: "Ich habe noch drei Antennen.", accounts: ["@Anna@example.social"] };
  await anna.writeCard(sheet, says, "person.claim.made_on");
  for (const said of ["seen", "alone", "more", "back"]) {
    await anna.says(`person.claim.${said}`);
  }
  await bert.seesNot(name);
  await sheet.getByRole("button", { name: t("person.claim.do"), exact: true }).click();
  const places = {
    own: anna.askedBy(text, name),
    list: bert.askedBy(text, name),
    stage: stage.askedBy(text, name),
    moderator: moderator.askedBy(text, name),
    people: people.person(name).getByText(text),
  };
  await appears(places);
  await until(async () => {
    await link.reload();
    return link.getByText(`${t("html.question.by")} ${name}`).isVisible();
  }, "the permalink has the name");
  const made = (await exported(event)).json;
  assert.deepEqual(
    made.claims.map(({ n }) => n),
    [1],
  );
  assert.equal(made.cards[0].name, name);
  assert.ok((await exported(event, "csv")).text.includes(name));
  await verified(event);

  const unlink = await anna.openUnlink(text, name);
  await goneFrom(places, anna, "unclaim", unlink);
  await anna.says("person.claim.unlinked");
  for (const visitor of [bert, stage, moderator]) {
    await visitor.sees(text);
  }
  await until(
    async () => {
      await link.reload();
      return (await link.getByText(name).count()) === 0 && (await link.getByText(text).isVisible());
    },
    "the permalink is rid of it",
    3,
  );
  const unlinked = (await exported(event)).json;
  assert.deepEqual([unlinked.claims, unlinked.cards.length], [[], 1]);
  assert.ok(!(await exported(event, "csv")).text.includes(name));
  await verified(event);
}

// Own questions on another device: by the words, and by the link.
async function twoDevices(event) {
  const texts = ["Wer hat noch einen Schlüssel?", "Wo ist der Kaffee?"];
  const first = await audience(event);
  for (const text of texts) {
    await first.ask(text);
    await first.sees(text);
  }
  await event.snapshotWhere(({ questions }) => questions.length === 2, "both are there");
  await first.page.reload();
  assert.deepEqual((await first.mine(2)).sort(), texts.toSorted());
  const { typed, link } = await first.giveDevice();
  assert.equal(typed.split(" ").length, 24);
  assert.match(link, /#s=[\w-]{43}$/);

  const second = await patient(event);
  await second.ask("Das war vom zweiten Gerät");
  await second.typeWords(typed);
  await second.says("person.device.here.one");
  await second.takeOver();
  await second.says("person.device.found.many", { n: 2 });
  await second.close("audience.menu.device");
  assert.deepEqual((await second.mine(3)).sort(), [...texts, "Das war vom zweiten Gerät"].sort());
  await second.withdraw(texts[1]);
  await second.page.clock.fastForward(10_000); // so long there is a way back
  await first.seesNot(texts[1]);
  await second.claim(texts[0], { name: "Zwei Geräte" });
  await first.askedBy(texts[0], "Zwei Geräte").waitFor();
  const known = first.row(texts[0]).getByRole("button", {
    name: t("audience.claim.made", { name: "Zwei Geräte" }),
  });
  await known.waitFor();

  const third = await audience(event, { address: link });
  assert.equal(new URL(third.page.url()).hash, "", "the address bar is clean");
  await third.says("person.device.linked");
  await third.takeOver();
  const found = `${t("person.device.found.one")} ${t("person.device.found.card")}`;
  await third.page.getByText(found, { exact: true }).waitFor();
  await third.close("audience.menu.device");
  await third.page.reload();
  assert.deepEqual(await third.mine(1), [texts[0]]);
}

const shown = { moderation: "before", release: 1 };

test("asked without a name, shown with one, and without one again", { timeout: 60_000 }, async () => {
  await nameAndUnname(await server.event({ hashtag: "Gezeigt", ...shown }));
});

test("as me: the name comes by itself, and back after an edit", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Selbst", ...shown });
  const watcher = await event.join();
  const anna = await audience(event);
  const bert = await audience(event);
  await anna.keepCard({ name: "Selbst" });
  await anna.askAsMe("Wer geht mit an den Strand?");
  const pending = await event.snapshotWhere(({ questions }) => questions[0], "asked");
  await event.move(pending.questions[0].n, "pending", "listed");
  await bert.sees("Wer geht mit an den Strand?");
  await bert.askedBy("Wer geht mit an den Strand?", "Selbst").waitFor();

  const edited = "Wer geht morgen mit an den Strand?";
  await anna.row("an den Strand").getByText(t("parts.asked_by", { name: "Selbst" })).waitFor();
  await anna.edit("Wer geht mit an den Strand?", edited);
  await bert.seesNot("an den Strand");
  await event.move(1, "pending", "listed");
  await bert.sees(edited);
  await bert.askedBy(edited, "Selbst").waitFor();
  const versions = watcher.frames
    .flatMap(({ changes }) => changes)
    .filter(({ k, n, text }) => k === "question" && n === 1 && text === edited)
    .map(({ card }) => card?.name);
  assert.deepEqual([versions[0], versions.at(-1)], [undefined, "Selbst"], "signed after it was shown");
  await verified(event);
  await watcher.close();
});

test("a card is edited, deleted, brought back, taken away", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Karte" });
  const text = "Wer kennt sich mit Funk aus?";
  const [anna, bert, moderator, stage, people] = await everybody(event);
  await anna.ask(text);
  await moderator.press(text, "n");
  await stage.isAnswering(text);
  await anna.claim(text, { name: "Funkerin" });
  const places = (name) => ({
    list: bert.askedBy(text, name),
    stage: stage.askedBy(text, name),
    moderator: moderator.askedBy(text, name),
    people: people.person(name).getByText(text),
  });
  await appears(places("Funkerin"));

  await anna.keepCard({ name: "Funkerin aus Warnemünde" });
  const now = places("Funkerin aus Warnemünde");
  await appears(now);
  await bert.seesNot(/Funkerin$/);

  await moderator.card("Funkerin aus Warnemünde", "hide");
  await Promise.all(Object.values(now).map((each) => each.waitFor({ state: "hidden" })));
  await anna.row(text).getByRole("button", { name: t("audience.claim.off"), exact: true }).waitFor();
  await anna.menu("audience.menu.card");
  await anna.says("person.card.hidden");
  await anna.close("person.card");
  await moderator.undo();
  await appears(now);

  await anna.menu("audience.menu.card");
  await anna.says("person.card.delete.says");
  const remove = anna
    .dialog("person.card")
    .getByRole("button", { name: t("person.card.delete"), exact: true });
  await goneFrom(now, anna, "card_delete", remove);
  await anna.says("person.card.deleted");
  const { cards, claims } = (await exported(event)).json;
  assert.deepEqual([cards, claims], [[], []]);
  await people.says("people.none");
  await anna.undo();
  await people.sees("Funkerin aus Warnemünde");
  await appears(now);
  await verified(event);
});

test("who shares an interest meets, from three on; nobody else sees", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Treff" });
  const text = "Wer will einen Stammtisch?";
  const [n] = await event.fill([text]);
  const names = ["Ada", "Bo", "Cem"];
  const sheets = [];
  const [outsider, ...members] = await Promise.all(["", ...names].map(() => audience(event)));
  for (const [at, member] of members.entries()) {
    sheets.push(await member.interest(text, { name: names[at], shown: false }, 2));
  }
  await outsider.row(text).getByText(t("audience.interest.count", { n: 3 })).waitFor();
  await outsider.interestButton(text).click();
  await outsider.says("person.interest.make");
  const look = (sheet, key = "again") =>
    sheet.getByRole("button", { name: t(`person.interest.${key}`), exact: true }).click();
  const named = (sheet, name) => sheet.getByRole("article").getByRole("heading", { name, exact: true });
  for (const [at, sheet] of sheets.entries()) {
    await look(sheet);
    for (const other of names.filter((_, each) => each !== at)) {
      await named(sheet, other).waitFor();
    }
    assert.equal(await sheet.getByRole("article").count(), 2);
  }
  for (const name of names) {
    assert.equal(await outsider.page.getByText(name, { exact: true }).count(), 0, name);
  }
  assert.deepEqual((await request(`${event.url}/people.json`)).json.cards, [], "shown to nobody else");

  await look(sheets[0], "leave");
  await members[0].says("person.interest.left");
  for (const sheet of sheets.slice(1)) {
    await look(sheet);
    await sheet.getByText(t("person.interest.few")).waitFor();
    assert.equal(await sheet.getByRole("article").count(), 0);
  }
  await outsider.close("person.interest");
  await event.snapshotWhere(({ questions }) => !questions.find((each) => each.n === n).interest, "too few");
});

test("own questions on another device", { timeout: 60_000 }, async () => {
  await twoDevices(await server.event({ hashtag: "Geräte" }));
});

test("an event with tickets", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Einlass" });
  const [n] = await event.fill(["Wer darf hier abstimmen?"]);
  const organiser = await Organiser.visit(await person({ viewport: desk }), event);
  await organiser.admitWithTickets();
  const [alone] = await organiser.makeTickets(1, 1);
  const [pair] = await organiser.makeTickets(1, 2);
  await event.snapshotWhere((snapshot) => snapshot.event.seats === 3, "how many may come in is public");

  const reader = await audience(event);
  await reader.sees("Wer darf hier abstimmen?");
  await reader.says("audience.gate");
  assert.equal(await reader.button("audience.ask").filter({ visible: true }).count(), 0);

  // Whoever came in by a ticket asks and votes, but not before a while.
  const takesPart = async (visitor, text) => {
    await visitor.says("person.ticket.waits");
    await visitor.close("person.ticket.title");
    await visitor.ask(text);
    await visitor.vote("Wer darf hier abstimmen?");
    await visitor.says("audience.gate.waits");
  };
  const votes = (snapshot) => snapshot.questions.find((each) => each.n === n).votes;
  const arrived = async (count, text) => {
    const there = (snapshot) =>
      votes(snapshot) === count && snapshot.questions.some((each) => each.text === text);
    await event.snapshotWhere(there, `the vote and “${text}”`);
  };

  const member = await patient(event, { address: alone.link });
  assert.equal(new URL(member.page.url()).hash, "", "the address bar is clean");
  await member.useTicket();
  await takesPart(member, "Ist hier noch frei?");
  assert.equal(votes(await event.snapshot()), 0, "nothing left yet");
  await member.page.clock.fastForward(41_000);
  await arrived(1, "Ist hier noch frei?");
  await reader.sees("Ist hier noch frei?");

  const late = await audience(event, { address: alone.link });
  await late.useTicket();
  await late.says("person.ticket.ticket_used");

  const host = await audience(event, { address: pair.link });
  await host.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await host.useTicket();
  await host.says("person.ticket.spare.one");
  await host.button("person.ticket.hand").click();
  const label = `${t("parts.copy")}: ${t("person.ticket.seat")}`;
  await host.page.getByRole("button", { name: label, exact: true }).click();
  const handed = await host.page.evaluate(() => navigator.clipboard.readText());
  const guest = await patient(event, { address: handed });
  assert.equal(new URL(guest.page.url()).hash, "", "the address bar is clean");
  await guest.says("person.ticket.handed");
  await guest.useTicket();
  await takesPart(guest, "Danke für den Platz, wer singt?");
  await guest.page.clock.fastForward(41_000);
  await arrived(2, "Danke für den Platz, wer singt?");
});

test("the same over plain http in a local network", { timeout: 90_000 }, async (test_) => {
  const lan = Object.values(os.networkInterfaces())
    .flat()
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  if (!lan) {
    test_.diagnostic("this machine has no address but loopback: nothing to test here");
    return;
  }
  local = await Server.start({ host: lan });
  const event = await local.event({ hashtag: "Halle", ...shown });
  const page = await visit(await person(), event.links.audience);
  assert.equal(await page.evaluate(() => Boolean(globalThis.crypto?.subtle)), false);
  await nameAndUnname(event);
  await twoDevices(await local.event({ hashtag: "Hallengeräte" }));
});

test("the page of people: taken home, all or some", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Heim" });
  await peopleAt(event, 6);
  const people = await People.visit(await person({ viewport: desk }), event);
  const accounts = Array.from({ length: 6 }, (_, n) => personSays(n).accounts[0]);
  const expected = (names) => names.map((name) => [name, "true", "false", ""]).sort();
  const followed = async () => {
    const { name, text } = await people.takeHome("mastodon");
    assert.match(name, /^following_accounts_.*\.csv$/);
    const [head, ...lines] = text.trimEnd().split("\n").map((line) => line.split(","));
    assert.deepEqual(head, ["Account address", "Show boosts", "Notify on new posts", "Languages"]);
    return lines.sort();
  };
  assert.deepEqual(await followed(), expected(accounts.filter((each) => each.includes("@"))));
  await people.tick(personSays(3).name);
  await people.page.getByRole("radio", { name: t("people.home.only", { n: 1 }), exact: true }).check();
  assert.deepEqual(await followed(), expected([personSays(3).accounts[0]]));
  await people.page.reload();
  const tick = people.person(personSays(3).name).getByRole("checkbox");
  assert.ok(await tick.isChecked(), "kept in this browser");
});

test("by keys alone: that was me", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Tastenkarte" });
  const anna = await audience(event);
  const text = "Geht auch das ohne Maus?";
  await anna.keysAsk(text);
  await anna.sees(text);
  const offer = anna.row(text).getByRole("button", { name: t("audience.claim"), exact: true });
  await offer.waitFor();
  const press = async (button) => {
    await anna.tabTo(button);
    await anna.page.keyboard.press("Enter");
  };
  await press(offer);
  const sheet = anna.dialog("person.claim");
  const name = sheet.getByRole("textbox", { name: t("person.card.name"), exact: true });
  await name.waitFor();
  await anna.tabTo(name);
  await anna.page.keyboard.type("Tastenfrau");
  await press(sheet.getByRole("button", { name: t("person.claim.made_on"), exact: true }));
  const show = sheet.getByRole("button", { name: t("person.claim.do"), exact: true });
  await show.waitFor();
  await press(show);
  await anna.askedBy(text, "Tastenfrau").waitFor();
  const focused = await anna.page.evaluate(() => document.activeElement?.textContent.trim());
  assert.equal(focused?.endsWith(t("audience.claim.made", { name: "Tastenfrau" })), true, focused);
});

test("forgotten here: nothing is left in this browser", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Vergessen" });
  await event.fill(["Was bleibt?"]);
  const { id } = (await event.snapshot()).event;
  const anna = await audience(event);
  const member = () => anna.page.evaluate((key) => localStorage.getItem(key), `raute/${id}/member`);
  const kept = () =>
    anna.page.evaluate(
      (prefix) =>
        Object.keys(localStorage)
          .filter((key) => key.startsWith(prefix))
          .map((key) => key.slice(prefix.length))
          .sort(),
      `raute/${id}/`,
    );
  await anna.sees("Was bleibt?");
  await anna.vote("Was bleibt?");
  await anna.ask("Vergesst ihr mich?");
  await anna.claim("Vergesst ihr mich?", { name: "Gleich weg" });
  await anna.askedBy("Vergesst ihr mich?", "Gleich weg").waitFor();
  for (const key of ["seed", "member", "own", "votes", "card"]) {
    assert.ok((await kept()).includes(key), key);
  }
  const before = await member();
  await anna.button("audience.menu").click();
  await anna.says("audience.stored.claims.one");
  await anna.says("audience.stored.first.shown");
  await anna.button("audience.as_me.change").click();
  await anna.close("person.card");
  await anna.forget();
  await anna.undo();
  assert.deepEqual(await anna.mine(1), ["Vergesst ihr mich?"], "there is a way back");
  await anna.forget();
  await until(async () => (await kept()).every((key) => key === "until"), "forgotten");
  await anna.page.reload();
  await anna.sees("Vergesst ihr mich?");
  assert.equal(await anna.page.getByText(t("audience.own"), { exact: true }).count(), 0);
  assert.deepEqual((await kept()).filter((key) => !["until", "member"].includes(key)), []);
  assert.notEqual(await member(), before, "another member, whom nothing ties to the one before");
});
