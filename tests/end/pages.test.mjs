// Every page as people get it: nothing foreign, no cookie, no complaint in the console, the policy
// kept; readable without JavaScript, usable by keys alone, and on plain http in a local network.
import assert from "node:assert/strict";
import os from "node:os";
import { after, before, describe, test } from "node:test";
import { Browser, cookieless, desk, untroubled, visit } from "../lib/browser.mjs";
import { CardKey } from "../lib/cards.mjs";
import { bearer, request } from "../lib/http.mjs";
import { Seed } from "../lib/keys.mjs";
import { Audience, Moderator, ready } from "../lib/people.mjs";
import { Server } from "../lib/server.mjs";
import { addresses, alone, eventWith, notFound, sentence } from "../lib/showcase.mjs";
import { words } from "../lib/words.mjs";

let server, browser;
const events = {}; // by how many questions they have

before(async () => {
  server = await Server.start();
  for (const count of [0, 3, 300]) {
    events[count] = await eventWith(server, count);
  }
  browser = await Browser.launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

describe("every page", () => {
  test("keeps its policy, asks nobody else, sets no cookie, complains about nothing", async () => {
    for (const count of [0, 3]) {
      const person = await browser.person();
      for (const [name, address] of Object.entries({
        ...addresses(events[count]),
        ...alone(server, events[count]),
      })) {
        const page = await visit(person, address, { expected: notFound });
        await ready(page);
        untroubled(page);
        assert.ok(page.sent.length >= 1, name);
        assert.doesNotMatch(page.url(), /#k=/, `${name}: the key leaves the address bar`);
        await page.close();
      }
      await cookieless(person);
      await person.close();
    }
  });
  test("an inline script would be stopped", async () => {
    const person = await browser.person();
    const page = await visit(person, events[3].links.audience, {
      expected: /policy|Content Security/i,
    });
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      try {
        script.textContent = "globalThis.ran = true";
        document.body.append(script);
      } catch {
        // Trusted Types stop it even earlier.
      }
      return globalThis.ran === true;
    });
    assert.equal(ran, false);
    await person.close();
  });
  test("a text is text, whatever it holds", async () => {
    const event = await server.event({ hashtag: "Spitze", title: "<img src=x onerror=alert(1)>" });
    const texts = [
      "<script>globalThis.ran = true</script>",
      '<img src=x onerror="globalThis.ran = true">',
      '"><b>fett</b>',
      "'; DROP TABLE questions; --",
      "{{7*7}} ${7*7} <!--",
      "</textarea></title></script><h1>",
    ];
    const numbers = await event.fill(texts);
    await event.move(numbers[0], "listed", "answered", { answer: texts[1] });
    await event.move(numbers[1], "listed", "answering");
    const person = await browser.person();
    for (const [name, address] of Object.entries({
      ...addresses(event),
      question: `${event.url}/q/${numbers[2]}`,
    })) {
      const page = await visit(person, address);
      await ready(page);
      assert.equal(await page.evaluate(() => globalThis.ran), undefined, name);
      assert.equal(await page.locator('img[src="x"]').count(), 0, name);
      untroubled(page);
      await page.close();
    }
    await person.close();
  });
  test("fits a narrow phone and a zoomed desk without scrolling sideways", async () => {
    for (const viewport of [
      { width: 320, height: 568 },
      { width: 640, height: 400 },
    ]) {
      const person = await browser.person({ viewport });
      for (const [name, address] of Object.entries({
        ...addresses(events[300]),
        ...alone(server, events[0]),
      })) {
        if (name === "stage") {
          continue; // made for a projector
        }
        const page = await visit(person, address, { expected: notFound });
        await ready(page);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wider <= 0, `${name} at ${viewport.width}: ${wider} pixels too wide`);
        await page.close();
      }
      await person.close();
    }
  });
});

describe("without JavaScript", () => {
  let person;
  before(async () => {
    person = await browser.person({ javaScriptEnabled: false });
  });
  after(() => person.close());

  test("the list can be read", async () => {
    const page = await visit(person, events[3].links.audience);
    for (const n of [0, 1, 2]) {
      assert.ok(await page.getByText(sentence(n)).first().isVisible());
    }
    const hint = page.locator("noscript p").filter({ hasText: words("de")("html.list.no_script") });
    assert.ok(await hint.isVisible(), "what needs JavaScript is said");
    untroubled(page);
  });
  test("so can a question, with its answer, and a way back", async () => {
    const event = events[3];
    const page = await visit(person, `${event.url}/q/2`);
    await page
      .getByRole("link", { name: words("de")("html.question.back") })
      .first()
      .click();
    assert.equal(new URL(page.url()).pathname, `/e/${event.slug}`);
  });
  test("its OpenGraph data: what a preview shows, and nothing personal", async () => {
    const event = events[3];
    const { questions } = await event.snapshot();
    const { n, text } = questions.find(({ state }) => state === "answering");
    const html = (await request(`${event.url}/q/${n}`)).text;
    const meta = Object.fromEntries(
      [...html.matchAll(/<meta property="og:([\w:]+)" content="([^"]*)"/g)].map(
        ([, name, value]) => [name, value],
      ),
    );
    assert.ok(
      `${meta.title} ${meta.description}`.includes(text.slice(0, 40)),
      JSON.stringify(meta),
    );
    assert.equal(meta.url, `${event.url}/q/${n}`);
    const list = (await request(event.url)).text;
    assert.match(list, /<meta property="og:title" content="[^"]*Mit 3 Fragen/);
  });
  test("a question that is not shown is not there", async () => {
    const event = events[300];
    const { questions } = await event.staff;
    for (const { n } of questions.filter(({ state }) =>
      ["pending", "declined", "hidden"].includes(state),
    )) {
      assert.equal((await request(`${event.url}/q/${n}`)).status, 404);
    }
  });
});

describe("what anonymous means", () => {
  const privacy = (query = "", headers = {}) =>
    request(`${server.url}/privacy${query}`, { headers });

  test("is said in the reader's language, or in the one asked for", async () => {
    const title = (language) => `<h1>${words(language)("html.privacy.title")}</h1>`;
    const german = await privacy("", { "accept-language": "de-DE" });
    assert.equal(german.status, 200);
    assert.ok(german.text.includes('<html lang="de">') && german.text.includes(title("de")));
    assert.match(german.headers["content-security-policy"], /default-src 'none'/);
    assert.equal(german.headers["cache-control"], "no-cache");
    const { etag } = german.headers;
    const known = await privacy("", { "accept-language": "de-DE", "if-none-match": etag });
    assert.equal(known.status, 304);
    assert.ok((await privacy("", { "accept-language": "fr" })).text.includes(title("en")));
    const asked = await privacy("?language=en", { "accept-language": "de" });
    assert.ok(asked.text.includes('<html lang="en">') && asked.text.includes(title("en")));
    const strange = await privacy("?language=klingon", { "accept-language": "de" });
    assert.ok(strange.text.includes(title("de")));
  });
  test("says the same in both", async () => {
    const outline = async (language) =>
      [...(await privacy(`?language=${language}`)).text.matchAll(/<(h2 id="\w+|li\b|dt\b|p\b)/g)].map(
        ([, part]) => part,
      );
    assert.deepEqual(await outline("de"), await outline("en"));
    assert.ok((await outline("de")).filter((part) => part.startsWith("h2")).length >= 8);
  });
  test("is a link away from every page of the server's", async () => {
    for (const path of ["", "/q/1", "/people", "/q/99999"]) {
      const { text } = await request(`${events[3].url}${path}`);
      assert.ok(text.includes('href="/privacy"'), path);
    }
  });
});

describe("people", () => {
  const says = {
    name: "Ännchen <b>",
    line: "Suche Mitstreiter.",
    web: "https://anna.example/",
    accounts: ["anna@example.social", "anna.example.social"],
  };
  const get = (path, headers) => request(`${event.url}${path}`, { headers });
  let event, card, tag, member, question;

  // By POST, so that nothing but the server has to know of people.
  const must = async (command) => {
    const answer = await event.post(command, member);
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.ok;
  };

  before(async () => {
    event = await server.event({ title: "Mit Leuten", hashtag: "Leute" });
    ({ member } = await must({ cmd: "join" }));
    const { id } = (await event.snapshot()).event;
    question = new Seed(id).question();
    await must(question.ask({ text: "Wer macht mit?" }));
    await event.snapshotWhere(({ questions }) => questions.length === 1, "the question is shown");
    card = new CardKey(id);
    tag = Buffer.from(card.card, "base64url").subarray(0, 8).toString("base64url");
    await must(card.publish(says));
    await must(card.claim(question, "Wer macht mit?"));
  });

  test("as JSON: cached like the snapshot, the same bytes for everybody", async () => {
    const first = await get("/people.json");
    assert.equal(first.status, 200);
    assert.equal(first.headers["cache-control"], "public, max-age=1");
    const { etag } = first.headers;
    assert.equal((await get("/people.json", { "if-none-match": etag })).status, 304);
    const { seq, cards } = first.json;
    await event.snapshotWhere((snapshot) => snapshot.seq === seq, "the snapshot is as new");
    assert.deepEqual(cards[0].questions, [1]);
    assert.equal(cards[0].tag, tag);
    const staff = await get("/people.json", bearer(event.keys.moderator));
    assert.equal(staff.headers["cache-control"], "private, no-store");
    assert.equal((await get("/people.json", bearer("A".repeat(22)))).status, 403);
  });
  test("as a page, read without JavaScript", async () => {
    const person = await browser.person({ javaScriptEnabled: false });
    const page = await visit(person, `${event.url}/people`);
    assert.ok(await page.getByText(says.line).isVisible());
    await page.getByRole("link", { name: says.name }).click();
    assert.equal(new URL(page.url()).pathname, `/e/${event.slug}/people/${tag}`);
    await page.getByRole("link", { name: "Wer macht mit?" }).click();
    await page.getByRole("link", { name: says.name }).click();
    for (const [name, href] of [
      ["@anna@example.social", "https://example.social/@anna"],
      ["@anna.example.social", "https://bsky.app/profile/anna.example.social"],
      [says.web, says.web],
    ]) {
      const link = page.getByRole("link", { name, exact: true });
      assert.equal(await link.getAttribute("href"), href);
      assert.equal(await link.getAttribute("rel"), "me nofollow noopener");
    }
    untroubled(page);
    await person.close();
  });
  test("previews show the event and nobody in it; search engines are sent away", async () => {
    for (const path of ["/people", `/people/${tag}`, "/q/1", ""]) {
      const { text } = await get(path);
      const head = text.slice(0, text.indexOf("</head>"));
      assert.match(head, /og:title/);
      assert.doesNotMatch(head, /nnchen|anna|Mitstreiter/, path);
      assert.equal(/noindex/.test(head), path.startsWith("/people"), path);
    }
  });
  test("who is not public is not there", async () => {
    for (const path of ["AAAAAAAAAAA", "AAAAAAAAAAB", "x", `${tag}=`]) {
      assert.equal((await get(`/people/${path}`)).status, 404, path);
    }
    assert.equal((await request(`${server.url}/e/nirgends/people`)).status, 404);
    assert.equal((await request(`${server.url}/e/nirgends/people.json`)).status, 404);
    await event.moderate("card_hide", { card: card.card, on: true });
    assert.equal((await get(`/people/${tag}`)).status, 404);
    assert.doesNotMatch((await get("/q/1")).text, /nnchen/);
  });
  test("following needs a server to ask, and an event", async () => {
    assert.equal((await get("/follow")).json.error.code, "bad_value");
    assert.equal((await get("/follow?server=")).json.error.code, "bad_value");
    assert.equal((await get("/follow?server=127.0.0.1")).json.error.code, "bad_server");
    const nowhere = await request(`${server.url}/e/nirgends/follow?server=a.example`);
    assert.equal(nowhere.status, 404);
  });
});

test("by keys alone: ask, vote, moderate", { timeout: 60_000 }, async () => {
  const event = await server.event({ hashtag: "Tasten", moderation: "before" });
  const [asking, moderating] = [await browser.person(), await browser.person({ viewport: desk })];
  const asker = await Audience.visit(asking, event);
  const moderator = await Moderator.visit(moderating, event);
  await asker.keysAsk("Geht das ohne Maus?");
  await moderator.sees("Geht das ohne Maus?");
  await moderator.page.keyboard.press("j");
  await moderator.page.keyboard.press("a");
  await asker.sees("Geht das ohne Maus?");
  const other = await Audience.visit(await browser.person(), event);
  await other.sees("Geht das ohne Maus?");
  await other.keysVote("Geht das ohne Maus?");
  await event.snapshotWhere(({ questions }) => questions[0].votes === 1, "the vote counts");
  untroubled(asker.page, moderator.page, other.page);
  await asking.close();
  await moderating.close();
});

test("plain http on the local network", { timeout: 60_000 }, async (t) => {
  const lan = Object.values(os.networkInterfaces())
    .flat()
    .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
  if (!lan) {
    t.diagnostic("this machine has no address but loopback: nothing to test here");
    return;
  }
  const local = await Server.start({ host: lan });
  const event = await local.event({ hashtag: "Halle" });
  const person = await browser.person();
  const asker = await Audience.visit(person, event);
  const [secure, subtle] = await asker.page.evaluate(() => [
    isSecureContext,
    Boolean(globalThis.crypto?.subtle),
  ]);
  assert.deepEqual([secure, subtle], [false, false], "a browser without the extras");
  await asker.ask("Geht das auch ohne Internet?");
  const other = await Audience.visit(await browser.person(), event);
  await other.sees("Geht das auch ohne Internet?");
  await other.vote("Geht das auch ohne Internet?");
  await event.snapshotWhere(({ questions }) => questions[0]?.votes === 1, "the vote counts");
  untroubled(asker.page, other.page);
  await person.close();
  await local.stop();
});
