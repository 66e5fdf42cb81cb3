// Events with few and many questions in every state, with few and many people, and the addresses of all
// their pages.
import assert from "node:assert/strict";
import { CardKey } from "./cards.mjs";

export const sentence = (n) =>
  `Frage ${n}: Woran merken wir in ${n + 1} Jahren, dass es ein Netzwerk geworden ist?`;

export async function eventWith(server, count) {
  const event = await server.event({ title: `Mit ${count} Fragen`, hashtag: `Fragen${count}` });
  const numbers = await event.fill(Array.from({ length: count }, (_, n) => sentence(n)));
  if (count >= 3) {
    await event.move(numbers[0], "listed", "answering");
    await event.move(numbers[1], "listed", "answered", {
      answer: "An den Telefonnummern, die angerufen werden.",
    });
    await event.moderate("pin", { n: numbers[2], on: true });
  }
  if (count > 10) {
    await event.move(numbers[3], "listed", "hidden");
    await event.move(numbers[4], "listed", "pending");
    await event.move(numbers[4], "pending", "declined", { reason: "unclear" });
    await event.move(numbers[5], "listed", "pending");
  }
  event.number = numbers[0];
  return event;
}

const NAMES = [
  "Netzflickerin",
  "Hafenlicht",
  "Warnow Radio Club",
  "Möwe vom Stadthafen",
  "Ännchen",
  "دریا",
];
const LINES = [
  "Ich suche Vereine, die gemeinsam einen Server betreiben wollen.",
  "We build antennas and would like to build a mailing-list-free club.",
  "Neu in der Stadt. Wo trifft man sich?",
];
const BUCKET = 10; // cards and claims of one member at once

// What the card of the person with this number says.
export const personSays = (n) => ({
  name: n < NAMES.length ? NAMES[n] : `${NAMES[n % NAMES.length]} ${n}`,
  ...(n % 4 !== 3 && { line: LINES[n % LINES.length] }),
  ...(n % 5 === 0 && { web: `https://person${n}.example/` }),
  accounts: [
    ...(n % 3 !== 2 ? [`person${n}@example.social`] : []),
    ...(n % 3 !== 1 ? [`person${n}.example.social`] : []),
  ],
});

// So many people show themselves; every third of the first ones has asked a question. Answers with
// their keys.
export async function peopleAt(event, count) {
  const { id } = (await event.snapshot()).event;
  const cards = Array.from({ length: count }, () => new CardKey(id));
  for (let at = 0; at < count; at += BUCKET) {
    const { ok } = await event.post({ cmd: "join" });
    for (const [n, card] of cards.slice(at, at + BUCKET).entries()) {
      const answer = await event.post(card.publish(personSays(at + n)), ok.member);
      assert.ok(answer.ok, JSON.stringify(answer));
    }
  }
  const asker = await event.join();
  for (let n = 0; n < Math.min(count, 9); n += 3) {
    const question = await asker.ask(sentence(n));
    await asker.released(question);
    await asker.command(cards[n].claim(question, sentence(n)));
  }
  asker.close();
  return cards;
}

// name → address; roles' links carry their keys.
export function addresses(event) {
  const { audience, moderator, stage, organiser } = event.links;
  const question = event.number ? { question: `${event.url}/q/${event.number}` } : {};
  return { audience, moderator, stage, organiser, ...question };
}

// Those that belong to no event, or to nobody.
export function alone(server, event) {
  return {
    start: server.url,
    create: `${server.url}/${/#k=[\w-]{22}/.exec(server.log)[0]}`,
    missing: `${event.url}/q/99999`,
    people: `${event.url}/people`,
    privacy: `${server.url}/privacy`,
  };
}

// What a browser itself says of the page that is missing.
export const notFound = /status of 404/;
