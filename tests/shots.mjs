// Screenshots of every page, for README and for looking at: `make shots` writes tests/shots/*.png,
// `node tests/shots.mjs people claim` these two alone. The evening in them is invented.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { sleep } from "./lib/bounded.mjs";
import { Browser, desk, phone, projector, visit } from "./lib/browser.mjs";
import { CardKey } from "./lib/cards.mjs";
import { Mastodon } from "./lib/mastodon.mjs";
import { logIn, outwardServer } from "./lib/outward.mjs";
import { Audience, ready } from "./lib/people.mjs";
import { shrunk } from "./lib/png.mjs";
import { root } from "./lib/server.mjs";
import { words } from "./lib/words.mjs";
import { X } from "./lib/x.mjs";

const folder = path.join(root, "tests/shots");
const only = process.argv.slice(2);

// [text, votes, what became of it]
const evening = [
  [
    "Wie finden wir uns nach heute Abend wieder, ohne dass alle im selben großen Netzwerk ein Konto brauchen?",
    34,
    "answering",
  ],
  ["Ich habe Dutzende Visitenkarten und rufe niemanden an. Wie wird daraus ein Netzwerk?", 29],
  [
    "Was kostet es einen kleinen Verein wirklich, seine eigene Seite selbst zu betreiben: Geld, Zeit, Nerven?",
    21,
  ],
  [
    "Which of these networks will still be around in five years, and how would we notice early if not?",
    17,
  ],
  ["Gibt es in Rostock einen Stammtisch, zu dem man einfach dazukommen kann?", 26, "pinned"],
  ["Wer moderiert eigentlich, wenn aus zwanzig Leuten zweihundert werden?", 12],
  ["Stehen die Folien später irgendwo?", 9, "written"],
  ["Wie überzeuge ich meine Chefin, dass offene Netzwerke keine Spielerei sind?", 14],
  ["Wie fängt man an, wenn man niemanden kennt und nicht gern auf Bühnen steht?", 8],
  ["Kann man hier auch als Ein-Frau-Betrieb mitmachen?", 6],
  ["Welche drei Konten sollte man an der Küste unbedingt lesen?", 4],
  ["Wann gibt es Kuchen?", 3, "declined"],
  ["Darf ich die Frage auch auf Platt stellen?", 5, "answered"],
  ["Was passiert mit unseren Daten, wenn der Saal leer ist?", 0, "pending"],
  ["Habt ihr euch je über eine Veranstaltung gefunden und dann zusammen gearbeitet?", 0, "pending"],
  ["Wie viel Technik braucht ein gutes Gespräch?", 0, "pending"],
];

// Who shows themselves, with the places of their questions in the evening.
const shownPeople = [
  [
    {
      name: "Warnow Radio Club",
      line: "Wir bauen Antennen und suchen Dächer am Stadthafen.",
      accounts: ["radio.example.org"],
      web: "https://radio.example.org/",
    },
    [9],
  ],
  [{ name: "دریا", line: "Neu in der Stadt, gelernte Setzerin.", accounts: ["darya@example.net"] }, [8]],
  [
    {
      name: "Möwe vom Stadthafen",
      line: "Sammelt Leute, die einen gemeinsamen Kalender wollen.",
      accounts: ["moewe.example.com", "moewe@example.net"],
    },
    [],
  ],
  [
    { name: "Netzflickerin", line: "Ich suche Vereine, die zusammen einen Server betreiben wollen." },
    [4, 1],
  ],
];

// Whoever has no account of an invented server has one at the far server, and logs in there.
async function introduce(event, asked, numbers, far) {
  const { id } = (await event.snapshot()).event;
  const account = `netzflickerin@${far.host}`;
  for (const [says, places] of shownPeople) {
    const person = await event.join();
    const card = new CardKey(id);
    const { accounts = [account] } = says;
    await person.command(card.publish({ ...says, accounts }));
    for (const at of places) {
      await person.command(card.claim(asked[at], evening[at][0]));
    }
    if (accounts.includes(account)) {
      await proveAccount(person, card.card, account, far);
    }
    await person.close();
  }
  await event.snapshotWhere(
    ({ questions }) => questions.find(({ n }) => n === numbers[4]).card?.mark === "login",
    "the names under the questions",
  );
}

async function proveAccount(person, card, account, far) {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const login = { cmd: "own_login", card, account, purpose: "prove", challenge };
  const { url, state } = await person.command(login);
  const { searchParams: back } = await far.approve(url);
  const issuer = back.get("iss");
  const code = back.get("code");
  await person.command({ cmd: "own_finish", state, code, verifier, ...(issuer && { issuer }) });
}

async function fill(event) {
  const people = await Promise.all(Array.from({ length: 34 }, () => event.join()));
  const asked = [];
  for (const [at, [text]] of evening.entries()) {
    asked.push(await people[at % people.length].ask(text, { degree: at % 3 === 1 ? 1 : 0 }));
  }
  const numbers = await Promise.all(
    asked.map(async (question) => (await people[0].released(question)).n),
  );
  for (const [at, [, votes, fate]] of evening.entries()) {
    const n = numbers[at];
    if (fate === "pending") {
      continue;
    }
    if (fate === "declined") {
      await event.move(n, "pending", "declined", { reason: "off_topic" });
      continue;
    }
    await event.move(n, "pending", "listed");
    await Promise.all(people.slice(0, votes).map((person) => person.vote(n)));
    if (fate === "pinned") {
      await event.moderate("pin", { n, on: true });
    } else if (fate === "answered") {
      await event.move(n, "listed", "answered");
    } else if (fate === "written") {
      await event.move(n, "listed", "answered", {
        answer:
          "Ja. Sie liegen ab morgen früh auf der Seite der Veranstaltung, frei zum Weitergeben.",
      });
    }
  }
  await event.move(numbers[0], "listed", "answering");
  await event.settle({ release: 1 });
  await people[0].released(await people[0].ask("Wer bringt die Stühle zurück?")); // a release says how many are here
  await sleep(2500);
  return { asked, numbers };
}

// first: addresses that this browser has been to before; home: the page stands at its public address.
async function shot(
  browser,
  server,
  name,
  address,
  { viewport, dark, home, first = [], act = () => {} },
) {
  if (only.length > 0 && !only.includes(name)) {
    return;
  }
  const person = await browser.person({
    viewport,
    dark,
    deviceScaleFactor: viewport === phone ? 2 : 1,
  });
  // The far servers of the pictures have a name.
  await person.route(/\/(snapshot|people\.json)$/, async (route) => {
    const response = await route.fetch();
    const text = [mastodon, ownServer].reduce(
      (told, { host }) => told.replaceAll(host, "example.social"),
      await response.text(),
    );
    const body = home ? text.replaceAll("https://raute.example", server.url) : text;
    await route.fulfill({ response, body });
  });
  const here = (link) => link.replace("https://raute.example", server.url);
  for (const link of first) {
    await (await visit(person, here(link), { expected: /./ })).close();
  }
  const page = await visit(person, here(address), {
    expected: /./,
  });
  await ready(page);
  await act(page);
  await sleep(400);
  const png = shrunk(await page.screenshot());
  writeFileSync(path.join(folder, `${name}.png`), png);
  console.log(`${name}.png ${Math.ceil(png.length / 1024)} KB`);
  await person.close();
}

const t = words("de");
const [mastodon, x] = [await Mastodon.start({ username: "hro" }), await X.start({ username: "hro" })];
const ownServer = await Mastodon.start({ username: "netzflickerin" });
const server = await outwardServer({
  peers: [mastodon.url, x.url, ownServer.url],
  args: [
    ...["--public-url", "https://raute.example"],
    ...["--x-url", x.url, "--x-client-id", "operator"],
  ],
});
const browser = await Browser.launch();
try {
  mkdirSync(folder, { recursive: true });
  const event = await server.event({
    title: "Digital vernetzt in Rostock",
    slug: "hro",
    moderation: "before",
    publish_delay: 0,
    language: "de",
  });
  await logIn(event, { network: "mastodon", server: mastodon.url }, (url) => mastodon.approve(url));
  await logIn(event, { network: "x" }, (url) => x.approve(url));
  await event.organise("talk_rename", { talk: 1, title: "Vom Kontakt zum Netzwerk" });
  await event.organise("talk_add", { title: "Was nach dem Händedruck kommt" });
  const { asked, numbers } = await fill(event);
  await introduce(event, asked, numbers, ownServer);
  const { links } = event;
  const create = /#k=[\w-]{22}/.exec(server.log)[0];
  await shot(browser, server, "start", `${server.url}/${create}`, { viewport: desk });
  await shot(browser, server, "audience", links.audience, { viewport: phone });
  await shot(browser, server, "audience-dark", links.audience, { viewport: phone, dark: true });
  await shot(browser, server, "moderator", links.moderator, {
    viewport: desk,
    act: (page) => page.keyboard.press("j"),
  });
  await shot(browser, server, "stage", links.stage, { viewport: projector });
  await shot(browser, server, "degree", links.audience, {
    viewport: { width: 390, height: 1180 },
    act: async (page) => {
      await page.getByRole("button", { name: t("audience.ask") }).first().click();
      await page.getByRole("textbox").first().fill("Wer kommt nächsten Monat wieder, und wer bringt jemanden mit?");
      await page.getByRole("radio", { name: t("audience.degree.1") }).check();
    },
  });
  const answered = evening.findIndex(([, , fate]) => fate === "written");
  await shot(browser, server, "question", `${links.audience}/q/${numbers[answered]}`, {
    viewport: phone,
  });
  await shot(browser, server, "organiser", links.organiser, {
    viewport: desk,
    first: [links.moderator, links.stage],
  });
  await shot(browser, server, "accounts", links.organiser, {
    viewport: { width: 1280, height: 1000 },
    home: true,
    first: [links.moderator, links.stage],
    act: (page) =>
      page.getByRole("heading", { name: t("organiser.accounts") }).evaluate((heading) => heading.scrollIntoView()),
  });
  await shot(browser, server, "people", `${event.url}/people`, {
    viewport: { width: 1280, height: 1480 },
  });
  await shot(browser, server, "claim", links.audience, {
    viewport: phone,
    act: async (page) => {
      const text = "Wer setzt im März mit mir einen kleinen Server auf?";
      const asker = Audience.at(page);
      await asker.ask(text);
      const mine = (question) => question.text === text;
      const staff = await event.snapshotWhere(
        ({ questions }) => questions.some(mine),
        "the question is asked",
        event.keys.moderator,
      );
      await event.move(staff.questions.find(mine).n, "pending", "listed");
      const offer = asker.row(text).getByRole("button", { name: t("audience.claim"), exact: true });
      await offer.click();
      const sheet = asker.dialog("person.claim");
      const says = { name: "Anke vom Speicher", line: "Ein alter Rechner und viel Kaffee sind schon da." };
      const accounts = ["anke@example.net"];
      await asker.writeCard(sheet, { ...says, accounts }, "person.claim.made_on");
      await sheet.getByRole("button", { name: t("person.claim.do"), exact: true }).waitFor();
    },
  });
} finally {
  await browser.close();
  await server.stop();
  await Promise.all([mastodon.stop(), x.stop(), ownServer.stop()]);
}
