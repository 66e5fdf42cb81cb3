// Events with few and many questions in every state, and the addresses of all their pages.

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
