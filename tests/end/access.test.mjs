// axe-core finds nothing on any page: in both looks and languages, however many questions there are.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible } from "../lib/axe.mjs";
import { Browser, desk, phone, projector, visit } from "../lib/browser.mjs";
import { ready } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";
import { addresses, alone, eventWith, notFound, peopleAt } from "../lib/showcase.mjs";
import { words } from "../lib/words.mjs";

const sizes = {
  ...{ moderator: [desk, phone], organiser: [desk], stage: [projector] },
  people: [phone, desk],
};
let server, browser;

before(async () => {
  server = await Server.start();
  browser = await Browser.launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

// Chosen so that each page is seen in each language, look and width, and with each number of
// questions, but not in every combination.
for (const [count, language] of [
  [0, "de"],
  [0, "en"],
  [3, "de"],
  [3, "en"],
  [300, "de"],
]) {
  test(`${count} questions, ${language}`, { timeout: 120_000 }, async () => {
    const event = await eventWith(server, count);
    const pages = { ...addresses(event), ...(count ? {} : alone(server, event)) };
    const person = await browser.person({ language, bypassCSP: true });
    for (const [name, address] of Object.entries(pages)) {
      const page = await visit(person, address, { expected: notFound });
      for (const viewport of (sizes[name] ?? [phone]).slice(0, count > 3 ? 1 : 2)) {
        const where = `${name}, ${language}, ${viewport.width} wide, ${count} questions`;
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
        await ready(page);
        await accessible(page, `${where}, light`);
        if (count <= 3) {
          await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
          await accessible(page, `${where}, dark`, { coloursOnly: true });
        }
      }
      assert.equal(await page.getAttribute("html", "lang"), language, name);
      await page.close();
    }
    await person.close();
  });
}

// With cards: who asked stands on the stage, on a question's page and in the lists.
for (const [count, language] of [
  [3, "de"],
  [3, "en"],
  [300, "en"],
]) {
  test(`${count} people, ${language}`, { timeout: 120_000 }, async () => {
    const event = await server.event({
      title: "Mit Leuten",
      hashtag: `Leute${count}${language}`,
      release: 1,
    });
    await peopleAt(event, count);
    await event.move(1, "listed", "answering");
    const { stage } = event.links;
    const question = `${event.url}/q/1`;
    const person = await browser.person({ language, bypassCSP: true });
    for (const [name, address] of Object.entries({
      people: `${event.url}/people`,
      stage,
      question,
    })) {
      const page = await visit(person, address);
      for (const viewport of (sizes[name] ?? [phone]).slice(0, count > 3 ? 1 : 2)) {
        const where = `${name}, ${language}, ${viewport.width} wide, ${count} people`;
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
        await ready(page);
        await accessible(page, `${where}, light`);
        await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
        await accessible(page, `${where}, dark`, { coloursOnly: true });
      }
      await page.close();
    }
    await person.close();
  });
}

test("following: the sheet, and what it says when it fails", async () => {
  const t = words("de");
  const event = await server.event({ title: "Folgen", hashtag: "Folgen" });
  await peopleAt(event, 1);
  const person = await browser.person({ bypassCSP: true });
  const page = await visit(person, `${event.url}/people`);
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: t.like("people.follow.of") }).click();
  await page.getByRole("button", { name: t("people.follow.go") }).click();
  await page.getByText(t("people.follow.refused.typed")).waitFor();
  await accessible(page, "the sheet for following, light");
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "the sheet for following, dark", { coloursOnly: true });
  await person.close();
});

test("a link without its key says so", async () => {
  const event = await eventWith(server, 0);
  const person = await browser.person({ bypassCSP: true });
  for (const role of ["moderator", "stage", "organiser"]) {
    const page = await visit(person, `${event.url}/${role}`);
    await ready(page);
    await accessible(page, `${role} without a key`);
    await page.close();
  }
  await person.close();
});
