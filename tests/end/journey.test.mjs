// One evening in real browsers: an event is created, handed out, asked at, voted in, moderated, shown.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { sleep, until } from "../lib/bounded.mjs";
import { Browser, cookieless, desk, untroubled, visit } from "../lib/browser.mjs";
import { Event } from "../lib/event.mjs";
import { Audience, Moderator, Organiser, ready, Stage } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";
import { words } from "../lib/words.mjs";

const t = words("de");
let server, browser, event, anna, bert, moderator, second, stage;
const contexts = [];

async function person(options) {
  const context = await browser.person(options);
  contexts.push(context);
  return context;
}

before(async () => {
  server = await Server.start();
  browser = await Browser.launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const question = "Wie wird aus Kontakten ein Netzwerk?";
const shownTo = async (visitor, text) =>
  (await visitor.page.getByText(text).filter({ visible: true }).count()) > 0;

test(
  "the start page: with the create key, an event; then its links",
  { timeout: 30_000 },
  async () => {
    const organising = await person({ viewport: desk });
    const page = await visit(organising, `${server.url}/${/#k=[\w-]{22}/.exec(server.log)[0]}`);
    await ready(page);
    await page
      .getByRole("textbox", { name: t("start.create.title") })
      .fill("Digital vernetzt in Rostock");
    await page.getByRole("textbox", { name: t("start.create.hashtag") }).fill("NetzwerkenHRO");
    await page.getByRole("button", { name: t("start.create.go") }).click();
    await page.waitForURL(/\/e\/netzwerkenhro\/organiser$/);
    await ready(page);
    for (const role of ["audience", "moderator", "stage", "organiser"]) {
      assert.ok(
        await page
          .getByText(t(`organiser.role.${role}`))
          .first()
          .isVisible(),
        role,
      );
    }
    await organising.grantPermissions(["clipboard-read", "clipboard-write"]);
    const copied = async (role) => {
      const name = new RegExp(`${t("parts.copy")}.*${t(`organiser.role.${role}`)}`);
      await page.getByRole("button", { name }).click();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const links = { slug: "netzwerkenhro" };
    for (const role of ["audience", "moderator", "stage", "organiser"]) {
      links[role] = await copied(role);
    }
    assert.equal(links.audience, `${server.url}/netzwerkenhro`);
    event = new Event(server, links);
    await event.settle({ release: 1, moderation: "before", ask_burst: 20, ask_seconds: 0 });
    untroubled(page);
  },
);

test("everybody comes in", { timeout: 30_000 }, async () => {
  anna = await Audience.visit(await person(), event);
  bert = await Audience.visit(await person({ language: "en" }), event, { language: "en" });
  moderator = await Moderator.visit(await person(), event);
  second = await Moderator.visit(await person(), event);
  stage = await Stage.visit(await person(), event);
  assert.equal(new URL(moderator.page.url()).hash, "", "the key left the address bar");
  await anna.says("audience.empty");
  await bert.says("audience.empty");
});

test("the short address and the code lead there", async () => {
  const page = await visit(await person(), `${server.url}/netzwerkenhro`);
  assert.equal(new URL(page.url()).pathname, "/e/netzwerkenhro");
  await page.goto(server.url);
  await ready(page);
  await page.getByRole("textbox").first().fill("netzwerkenhro");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/e\/netzwerkenhro$/);
  await page.close();
});

test(
  "asked: pending with the moderator at once, nobody else reads it",
  { timeout: 30_000 },
  async () => {
    await anna.ask(question);
    await moderator.has("incoming", question);
    await second.has("incoming", question);
    await anna.says("audience.own.pending");
    assert.ok(await shownTo(anna, question), "its asker sees it");
    await sleep(1500);
    for (const visitor of [bert, stage]) {
      assert.equal(await shownTo(visitor, question), false, `not for the ${visitor.role}`);
    }
  },
);

test("approved by a key: on every screen", { timeout: 30_000 }, async () => {
  await moderator.press(question, "a");
  await bert.sees(question);
  await stage.sees(question);
  await second.has("list", question);
  await anna.sees(question);
});

test("two phones vote; one takes it back and gives it again", { timeout: 30_000 }, async () => {
  await anna.vote(question);
  await bert.vote(question);
  await event.snapshotWhere(({ questions }) => questions[0].votes === 2, "two votes");
  assert.ok(await bert.voted(question));
  await bert.vote(question);
  await event.snapshotWhere(({ questions }) => questions[0].votes === 1, "one vote");
  await bert.vote(question);
  await event.snapshotWhere(({ questions }) => questions[0].votes === 2, "two votes again");
  const named = await until(async () => {
    const name = await anna.voteButton(question).getAttribute("aria-label");
    return name.includes(t("parts.votes.many", { n: 2 })) && name;
  }, "the number on the phone");
  assert.match(named, /1/);
});

test("now: large on the stage, on top on phones", { timeout: 30_000 }, async () => {
  await moderator.press(question, "n");
  await stage.isAnswering(question);
  for (const visitor of [anna, bert]) {
    const place = visitor.page.getByRole("region", { name: visitor.t("parts.now") });
    await until(() => place.getByText(question).isVisible(), "on top");
  }
});

test("answered with a text", { timeout: 30_000 }, async () => {
  await moderator.press(question, "w");
  await moderator.page.keyboard.type("Indem man sich wiedersieht.");
  await moderator.page.keyboard.press("Control+Enter");
  await anna.sees("Indem man sich wiedersieht.");
  await bert.sees("Indem man sich wiedersieht.");
  await second.has("done", question);
});

test("declined with a reason: its asker is told", { timeout: 40_000 }, async () => {
  const off = "Wann gibt es Kuchen?";
  await anna.ask(off);
  await moderator.press(off, "1");
  await anna.says("audience.own.declined", { reason: t("audience.reason.off_topic") });
  await sleep(500);
  assert.equal(await shownTo(bert, off), false);
  await second.has("done", off);
});

test("undo: back where it was, on every screen", { timeout: 40_000 }, async () => {
  await moderator.page.keyboard.press("u");
  await moderator.has("incoming", "Wann gibt es Kuchen?");
  await second.has("incoming", "Wann gibt es Kuchen?");
  await anna.says("audience.own.pending");
  await second.press("Wann gibt es Kuchen?", "a");
  await bert.sees("Wann gibt es Kuchen?");
});

test("edited: pending again, then shown anew", { timeout: 40_000 }, async () => {
  await anna.edit("Wann gibt es Kuchen?", "Wann gibt es Kaffee und Kuchen?");
  await moderator.has("incoming", "Wann gibt es Kaffee und Kuchen?");
  await until(async () => !(await shownTo(stage, "Kuchen?")), "away from the stage");
  await moderator.press("Wann gibt es Kaffee und Kuchen?", "a");
  await bert.sees("Wann gibt es Kaffee und Kuchen?");
});

test("pinned, hidden, restored", { timeout: 40_000 }, async () => {
  const text = "Wann gibt es Kaffee und Kuchen?";
  await moderator.press(text, "p");
  await until(
    () => bert.row(text).getByText(bert.t("audience.pinned")).isVisible(),
    "pinned on phones",
  );
  await moderator.press(text, "h");
  await bert.seesNot(text);
  await stage.seesNot(text);
  await moderator.page.keyboard.press("u");
  await bert.sees(text);
  await stage.sees(text);
});

test("withdrawn: gone everywhere", { timeout: 40_000 }, async () => {
  const text = "Wann gibt es Kaffee und Kuchen?";
  await anna.withdraw(text);
  await stage.seesNot(text, 20);
  await bert.seesNot(text, 20);
  const { questions } = await event.snapshotWhere(
    ({ questions: all }) => all.length === 1,
    "one is left",
  );
  assert.equal(questions[0].text, question);
});

test("a closed talk takes nothing; opened, it does", { timeout: 40_000 }, async () => {
  await moderator.button("moderator.pause").first().click();
  await anna.says("audience.closed");
  await bert.says("audience.closed");
  assert.equal(
    await anna
      .button("audience.ask")
      .first()
      .isVisible()
      .catch(() => false),
    false,
  );
  await moderator.button("moderator.resume").first().click();
  await until(() => anna.button("audience.ask").first().isVisible(), "open again");
});

test("another talk: phones and stage follow", { timeout: 40_000 }, async () => {
  const { talk } = await event.organise("talk_add", { title: "Was nach dem Händedruck kommt" });
  await event.moderate("talk_select", { from: 1, to: talk });
  await anna.sees("Was nach dem Händedruck kommt");
  await stage.seesNot(question);
  await anna.ask("Und was kommt nach dem Händedruck?");
  await moderator.press("Und was kommt nach dem Händedruck?", "a");
  await stage.sees("Und was kommt nach dem Händedruck?");
  await stage.sees("Was nach dem Händedruck kommt");
});

test(
  "the organiser’s page: a setting is kept, a new link ends the old",
  { timeout: 40_000 },
  async () => {
    const organiser = await Organiser.visit(await person(), event);
    const title = organiser.page.getByRole("textbox", {
      name: t("organiser.field.title"),
      exact: true,
    });
    await title.fill("Digital vernetzt, zweiter Abend");
    await title.press("Enter");
    await organiser.says("organiser.saved");
    await event.snapshotWhere(
      ({ event: shown }) => shown.title === "Digital vernetzt, zweiter Abend",
      "the title",
    );
    const { link } = await event.organise("link", { role: "moderator" });
    await second.says("parts.ended.forbidden");
    await moderator.says("parts.ended.forbidden");
    event.links.moderator = link;
    moderator = await Moderator.visit(await person(), event);
    untroubled(organiser.page);
  },
);

describe("at the end", () => {
  test("deleted: everybody is told", { timeout: 30_000 }, async () => {
    await event.organise("delete", { slug: event.slug });
    for (const visitor of [anna, bert, moderator]) {
      await visitor.says("parts.ended.deleted");
    }
  });
  test("nobody’s page complained, no cookie was set", async () => {
    untroubled(anna.page, bert.page, moderator.page, stage.page);
    await cookieless(...contexts);
  });
});
