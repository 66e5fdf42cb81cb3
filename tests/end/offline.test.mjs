// Dead Wi-Fi, a server that is gone, a reload, a second tab: what was typed and tapped is kept, and
// arrives exactly once.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { sleep, until } from "../lib/bounded.mjs";
import { Browser, untroubled } from "../lib/browser.mjs";
import { Audience, ready } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";

// What a browser itself writes on its console when a connection fails.
const expected = /ERR_|WebSocket connection|Failed to load resource|net::/;
let server, browser, event, phone, anna;

before(async () => {
  server = await Server.start();
  event = await server.event({ release: 1 });
  await event.fill(["Steht schon da?"]);
  browser = await Browser.launch();
  phone = await browser.person();
  anna = await Audience.visit(phone, event, { expected });
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  await phone.setOffline(false);
  if (!server.alive) {
    await server.restart();
  }
});

async function once(text) {
  await event.snapshotWhere(
    ({ questions }) => questions.some((each) => each.text === text),
    `“${text}” arrives`,
    undefined,
    25,
  );
  await sleep(1500);
  const { questions } = await event.snapshot();
  assert.equal(questions.filter((each) => each.text === text).length, 1, `“${text}” is there once`);
}

test("offline: asked and voted, sent when the network is back", { timeout: 60_000 }, async () => {
  await phone.setOffline(true);
  await anna.ask("Getippt ohne Netz?");
  await anna.says("audience.own.offline");
  await anna.vote("Steht schon da?");
  assert.ok(await anna.voted("Steht schon da?"), "the tap counts at once");
  assert.ok((await anna.page.getByRole("status").filter({ visible: true }).count()) > 0);
  await sleep(1000);
  assert.equal((await event.snapshot()).questions.length, 1, "nothing left the phone");
  await phone.setOffline(false);
  await once("Getippt ohne Netz?");
  await event.snapshotWhere(
    ({ questions }) => questions.find(({ n }) => n === 1).votes === 1,
    "the vote",
  );
});

test(
  "the server is gone, the page is loaded anew: sent exactly once",
  { timeout: 60_000 },
  async () => {
    await server.stop();
    await anna.ask("Getippt ohne Server?");
    await anna.says("audience.own.offline");
    await server.restart();
    await anna.page.reload();
    await ready(anna.page);
    await once("Getippt ohne Server?");
  },
);

test("the connection dies before the answer: sent exactly once", { timeout: 60_000 }, async () => {
  await anna.openAsk();
  await anna.field().fill("Ohne Antwort geblieben?");
  await anna.button("audience.ask.send").click({ noWaitAfter: true });
  await server.kill();
  await server.restart();
  await once("Ohne Antwort geblieben?");
});

test(
  "a restart with a bye: every phone is back soon, nothing is missed",
  { timeout: 60_000 },
  async () => {
    const bert = await Audience.visit(await browser.person(), event, { expected });
    const member = await phone.storageState();
    await server.stop();
    await server.restart();
    await event.fill(["Kam während der Pause?"]);
    await bert.sees("Kam während der Pause?", 20);
    await anna.sees("Kam während der Pause?", 20);
    assert.ok(member.origins.length > 0, "the phone keeps its own things");
    await bert.page.close();
  },
);

test(
  "a second tab knows the same questions and votes, and sends nothing twice",
  { timeout: 60_000 },
  async () => {
    const tab = await Audience.visit(phone, event, { expected });
    await tab.sees("Steht schon da?");
    assert.ok(await tab.voted("Steht schon da?"));
    await phone.setOffline(true);
    await anna.ask("In zwei Fenstern?");
    await sleep(500);
    await phone.setOffline(false);
    await once("In zwei Fenstern?");
    await until(
      () => tab.page.getByText(tab.t("audience.own.edit")).first().isVisible(),
      "the other tab marks it as its own",
    );
    await tab.vote("Steht schon da?");
    await event.snapshotWhere(
      ({ questions }) => questions.find(({ n }) => n === 1).votes === 0,
      "taken back in the other tab",
    );
    await until(async () => !(await anna.voted("Steht schon da?")), "and in this one");
    untroubled(anna.page, tab.page);
  },
);

test("a draft outlives a reload", { timeout: 30_000 }, async () => {
  await anna.openAsk();
  await anna.field().fill("Noch nicht gesendet");
  await sleep(600);
  await anna.page.reload();
  await ready(anna.page);
  await anna.openAsk();
  assert.equal(await anna.field().inputValue(), "Noch nicht gesendet");
});
