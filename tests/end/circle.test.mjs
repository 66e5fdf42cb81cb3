// What was shown is taken back: out of the sheets of those who met, without a seat, and from a device that
// others use too.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Browser, cookieless, untroubled } from "../lib/browser.mjs";
import { CardKey } from "../lib/cards.mjs";
import { Audience, People } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const t = words("de");
let server, browser;
let contexts = [];

before(async () => {
  server = await Server.start();
  browser = await Browser.launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  for (const context of contexts.splice(0)) {
    untroubled(...context.pages());
    await cookieless(context);
    await context.close();
  }
});

async function person() {
  const context = await browser.person();
  contexts.push(context);
  return context;
}
const audience = async (event, options) => Audience.visit(await person(), event, options);

async function deleteCard(visitor) {
  await visitor.menu("audience.menu.card");
  await visitor
    .dialog("person.card")
    .getByRole("button", { name: t("person.card.delete"), exact: true })
    .click();
  await visitor.says("person.card.deleted");
}

test("who left the circle leaves the open sheets of the others by themselves", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Kreis" });
  const text = "Wer will einen Stammtisch?";
  const [n] = await event.fill([text]);
  const dora = new CardKey((await event.snapshot()).event.id);
  const { member } = (await event.post({ cmd: "join" })).ok;
  const does = async (command) => {
    const answer = await event.post(command, member);
    assert.ok(answer.ok, JSON.stringify(answer));
  };
  await does(dora.publish({ name: "Dora" }));
  await does(dora.interest(n, 2));
  const members = await Promise.all([1, 2, 3].map(() => audience(event)));
  const [ada, bo, cem] = members;
  const sheets = [];
  for (const [at, name] of ["Ada", "Bo", "Cem"].entries()) {
    sheets.push(await members[at].interest(text, { name, shown: false }, 2));
  }
  const meets = async (sheet, names) => {
    for (const name of names) {
      await sheet.getByRole("article").getByRole("heading", { name, exact: true }).waitFor();
    }
    assert.equal(await sheet.getByRole("article").count(), names.length);
  };
  for (const [sheet, others] of [
    [sheets[0], ["Bo", "Cem"]],
    [sheets[1], ["Ada", "Cem"]],
  ]) {
    await sheet.getByRole("button", { name: t("person.interest.again"), exact: true }).click();
    await meets(sheet, [...others, "Dora"]);
  }

  await does(dora.remove(2));
  for (const sheet of sheets.slice(0, 2)) {
    await sheet.getByRole("heading", { name: "Dora", exact: true }).waitFor({ state: "detached" });
    assert.equal(await sheet.getByRole("article").count(), 2, "the others stay");
    await sheet.getByText(t("person.interest.count", { n: 3 })).waitFor();
  }
  await cem.close("person.interest");
  await deleteCard(cem);
  for (const [visitor, sheet] of [
    [ada, sheets[0]],
    [bo, sheets[1]],
  ]) {
    await sheet.getByRole("article").first().waitFor({ state: "detached" });
    assert.equal(await sheet.getByRole("article").count(), 0);
    await visitor.says("person.interest.changed");
  }
});

test("a card is deleted without a seat, from another device", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Ohneplatz" });
  const text = "Wer kann löten?";
  const first = await audience(event);
  await first.ask(text);
  await first.claim(text, { name: "Lötfrau" });
  const people = await People.visit(await person(), event);
  await people.person("Lötfrau").getByText(text).waitFor();
  await event.settle({ admission: "tickets" });
  const { link } = await first.giveDevice();

  const second = await audience(event, { address: link });
  await second.takeOver();
  await second.page
    .getByText(`${t("person.device.found.one")} ${t("person.device.found.card")}`, { exact: true })
    .waitFor();
  await second.close("audience.menu.device");
  await second.says("audience.gate");
  await deleteCard(second);
  await people.seesNot("Lötfrau");
  await first.askedBy(text, "Lötfrau").waitFor({ state: "hidden" });
});

// What every tab of this browser knows of the event: [key, value].
const keptAt = (visitor, id) =>
  visitor.page.evaluate(
    (event) => Object.entries(localStorage).filter(([key]) => key.includes(event)),
    id,
  );
async function turn(visitor, on) {
  await visitor.button("audience.menu").click();
  const box = visitor
    .dialog("audience.menu.title")
    .getByRole("checkbox", { name: t("audience.tab"), exact: true });
  assert.equal(await box.isChecked(), !on);
  await box.setChecked(on);
  await visitor.close("audience.menu.title");
}

test("a shared device remembers until the tab is closed", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Bibliothek" });
  await event.fill(["Wem gehört das Gerät?"]);
  const { id } = (await event.snapshot()).event;
  const context = await person();
  const anna = await Audience.visit(context, event);
  const text = "Bleibt das hier liegen?";
  await anna.ask(text);
  await anna.claim(text, { name: "Gästin" });
  await anna.askedBy(text, "Gästin").waitFor();
  await turn(anna, true);
  assert.deepEqual(await keptAt(anna, id), []);
  await anna.vote("Wem gehört das Gerät?");
  await anna.ask("Und das?");
  await anna.sees("Und das?");
  await anna.page.reload();
  assert.deepEqual((await anna.mine(2)).sort(), [text, "Und das?"].sort());
  assert.ok(await anna.voted("Wem gehört das Gerät?"));

  const beside = await Audience.visit(context, event);
  await beside.sees(text);
  assert.equal(await beside.page.getByText(t("audience.own"), { exact: true }).count(), 0);
  await beside.page.close();
  await anna.page.close();

  const next = await Audience.visit(context, event);
  await next.sees(text);
  assert.equal(await next.page.getByText(t("audience.own"), { exact: true }).count(), 0);
  const kept = await keptAt(next, id);
  assert.deepEqual(kept.map(([key]) => key.split("/").at(-1)).sort(), ["member", "until"]);
  assert.equal(await next.page.evaluate(() => sessionStorage.length), 0);
});

test("a shared device that is one’s own again", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Zurück" });
  const context = await person();
  const anna = await Audience.visit(context, event);
  await turn(anna, true);
  await anna.ask("Komme ich wieder?");
  await anna.sees("Komme ich wieder?");
  await turn(anna, false);
  await anna.page.close();
  const again = await Audience.visit(context, event);
  assert.deepEqual(await again.mine(1), ["Komme ich wieder?"]);
});
