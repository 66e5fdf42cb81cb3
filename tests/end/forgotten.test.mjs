// What people take back is gone: a card deleted, unpublished or changed, a claim unlinked, an interest, a
// ticket, a question with its claim. Unique words and keys are looked for, as text, as bytes and in base64,
// in every file of a server at rest, its copies, exports and log; after the retention nothing personal is
// left, secrets and hashes of what was forgotten included.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { CardKey, minuteNow } from "../lib/cards.mjs";
import { request } from "../lib/http.mjs";
import { Seed, unb64 } from "../lib/keys.mjs";
import { passCommand, passesOf, seatsOf } from "../lib/passes.mjs";
import { ballotOf, requestOf, ticketOf } from "../lib/secrets.mjs";
import { run, scratch, Server } from "../lib/server.mjs";

const names = ["anna", "ben", "carla", "dora", "emil"];
const people = {}; // name → {client, card, question, words, …}
const gone = []; // [what, needle]: nowhere any more
const day = 1440;
let server, event, id, secret, earlier;

let made = 0;
const word = (what) => `${what}${(made++).toString(36)}zzyzx${Math.random().toString(36).slice(2, 10)}`;

// All that a card says, and the same as a list of what to look for.
const saying = () => {
  const [name, line, web, account] = ["Name", "Zeile", "seite", "konto"].map(word);
  return {
    ...{ name, line, web: `https://${web.toLowerCase()}.example/` },
    accounts: [`${account.toLowerCase()}@example.social`],
  };
};
const wordsOf = ({ name, line, web, accounts }) => [name, line, web, ...accounts];

// Bytes are looked for as they are, their beginning too, and as text.
function forms(bytes) {
  const [start, rest] = [bytes.subarray(0, 8), bytes.subarray(8, 24)];
  const hex = bytes.toString("hex");
  return [
    start,
    rest,
    bytes.toString("base64url").slice(0, 11),
    hex.slice(0, 16),
    hex.slice(0, 16).toUpperCase(),
  ];
}

const named = (what, ...needles) => needles.map((needle) => [what, needle]);
const ofKey = (what, key) => named(what, ...forms(unb64(key)));
const ofSigned = ({ sig, card_sig: second }) =>
  [sig, second].filter(Boolean).flatMap((each) => ofKey("a signature", each));
const ofCard = (card, ...says) => [
  ...ofKey("a card's key", card.card),
  ...says.flatMap((each) => named("a card's word", ...wordsOf(each))),
];

async function come(name, code) {
  const seats = seatsOf(new Seed(id));
  const buyer = await event.join();
  const [pass] = passesOf(seats, await buyer.command(passCommand(code, seats)), buyer.passKey);
  await buyer.close();
  const client = await event.join({ pass });
  people[name] = { client, pass, code, seats, card: new CardKey(id) };
}

async function ask(name) {
  const person = people[name];
  person.words = word("Frage");
  person.question = await person.client.ask(person.words);
  person.n = (await person.client.released(person.question)).n;
}

async function publish(name, rev, shown = true, says = saying()) {
  const { client, card } = people[name];
  const command = card.publish({ rev, ...says, shown });
  await client.command(command);
  return { says, command };
}

async function claim(name) {
  const { client, card, question, words } = people[name];
  const command = card.claim(question, words);
  await client.command(command);
  return command;
}

// Every file of the data folder, and all that leaves it. Nobody writes meanwhile.
async function everything() {
  const files = { log: Buffer.from(server.log) };
  const copy = path.join(scratch(), "copy.sqlite");
  const copied = await server.command(["backup", copy, "--with-secrets"]);
  assert.equal(copied.code, 0, copied.err);
  for (const folder of [server.data, path.dirname(copy)]) {
    for (const entry of readdirSync(folder, { recursive: true })) {
      const file = path.join(folder, entry);
      if (statSync(file).isFile()) {
        files[`${path.basename(folder)}/${entry}`] = readFileSync(file);
      }
    }
  }
  for (const format of ["json", "csv", "markdown"]) {
    const { out } = await server.command(["export", event.slug, "--format", format]);
    files[`export.${format}`] = Buffer.from(out);
  }
  return files;
}

const found = (files, needle) => Object.keys(files).filter((name) => files[name].indexOf(needle) >= 0);

function nowhere(files, needles) {
  const left = needles.flatMap(([what, needle]) => {
    const where = found(files, needle);
    return where.length > 0 ? [`${what} ${needle.toString("latin1")} in ${where}`] : [];
  });
  assert.deepEqual(left, []);
}

const rows = async (table) =>
  Number(
    (
      await run("sqlite3", [
        "-readonly",
        path.join(server.data, "raute.sqlite"),
        `SELECT count(*) FROM ${table}`,
      ])
    ).out,
  );
const cards = async () => (await request(`${event.url}/people.json`)).json.cards;

before(async () => {
  server = await Server.start({ args: ["--threads", "2"] });
  event = await server.event({ title: "Vergessen", hashtag: "Vergessen" });
  await event.settle({ admission: "tickets" });
  ({ id } = (await event.snapshot()).event);
  secret = readFileSync(path.join(server.data, "secrets", id));
  const { codes } = await event.organise("tickets", { count: names.length, seats: 1 });
  for (const [at, name] of names.entries()) {
    await come(name, codes[at]);
    await ask(name);
  }
  for (const { client } of Object.values(people)) {
    await client.vote(people.emil.n);
  }
});
after(() => server?.stop());

test("no code, pass or member is stored, from the beginning", async () => {
  for (const { code, pass, seats, client } of Object.values(people)) {
    gone.push(
      ...named("a code", code, code.replaceAll("-", "")),
      ...ofKey("a nonce", pass.nonce),
      ...ofKey("an output", pass.output),
      ...named("an element", ...forms(Buffer.from(seats[0].blinded))),
      ...ofKey("a member", client.member),
    );
  }
  nowhere(await everything(), gone);
});

test("what is deleted, unpublished, changed or unlinked", { timeout: 60_000 }, async () => {
  const { anna, ben, carla, dora, emil } = people;
  // Anna: two versions of a card, a claim, an interest; unlinked, taken back, deleted.
  const first = await publish("anna", 1);
  const second = await publish("anna", 2);
  const annas = await claim("anna");
  // Ben: published, claimed, then shown to nobody. Carla: never published. Both are interested.
  const bens = [await publish("ben", 1), await claim("ben")];
  const kept = await publish("carla", 1, false);
  // Dora withdraws what she has claimed. Emil stays.
  const doras = [await publish("dora", 1), await claim("dora")];
  emil.says = (await publish("emil", 1)).says;
  emil.claim = await claim("emil");
  for (const { client, card } of [anna, ben, carla, emil]) {
    await client.command(card.interest(emil.n, 2));
  }
  const full = await server.command(["backup", (earlier = path.join(scratch(), "earlier.sqlite"))]);
  assert.equal(full.code, 0);

  const there = await everything();
  const shown = [...ofCard(anna.card, second.says), ...ofSigned(annas), ...ofCard(ben.card, bens[0].says)];
  for (const [what, needle] of shown.filter(
    ([, each]) => typeof each !== "string" || each.includes("zzyzx"),
  )) {
    assert.ok(found(there, needle).length > 0, `the search would not find ${what}`);
  }
  const sealed = [...ofCard(carla.card, kept.says), ...ofSigned(kept.command)];
  nowhere(there, sealed);

  await anna.client.command(anna.card.unclaim(anna.question, 2));
  await anna.client.command(anna.card.interest(emil.n, 0));
  await anna.client.command(anna.card.remove(3));
  const hiding = await publish("ben", 2, false, bens[0].says);
  await dora.client.withdraw(dora.question, 2);
  await dora.client.command(dora.card.remove(2));
  await carla.client.command(carla.card.interest(emil.n, 0));
  await carla.client.command(carla.card.remove(2));
  gone.push(
    ...ofCard(anna.card, first.says, second.says),
    ...[first.command, second.command, annas].flatMap(ofSigned),
    ...ofCard(ben.card, bens[0].says),
    ...[bens[0].command, bens[1], hiding.command].flatMap(ofSigned),
    ...sealed,
    ...ofCard(dora.card, doras[0].says),
    ...[doras[0].command, doras[1]].flatMap(ofSigned),
    ...named("a withdrawn text", dora.words),
    ...ofKey("a withdrawn key", dora.question.key),
    ...ofKey("a withdrawn salt", dora.question.salt),
  );
  await until(async () => (await cards()).every(({ key }) => key === emil.card.card), "only Emil is seen");
  const page = (await request(`${event.url}/people`)).text + (await request(event.url)).text;
  assert.deepEqual(
    gone.filter(([, needle]) => typeof needle === "string" && page.includes(needle)),
    [],
  );
  await Promise.all(Object.values(people).map(({ client }) => client.close()));
  await server.stop();
  nowhere(await everything(), gone);
  assert.deepEqual([await rows("cards"), await rows("kept_cards"), await rows("claims")], [1, 1, 1]);
  assert.equal(await rows("interests"), 2, "Ben's and Emil's");
});

test("an earlier copy brings nothing back", async () => {
  const old = readFileSync(earlier);
  assert.ok(
    gone.some(([, needle]) => old.indexOf(needle) >= 0),
    "the copy has what was deleted since",
  );
  copyFileSync(earlier, path.join(server.data, "raute.sqlite"));
  await server.restart();
  const back = (await cards()).map(({ key }) => key);
  assert.ok(!back.includes(people.anna.card.card) && !back.includes(people.dora.card.card));
  assert.ok(back.includes(people.emil.card.card));
  const { questions } = await event.staff;
  assert.deepEqual(
    [people.anna, people.dora, people.emil].map(
      ({ n }) => questions.find((each) => each.n === n)?.card?.name,
    ),
    [undefined, undefined, people.emil.says.name],
  );
  assert.ok(!questions.some(({ n }) => n === people.dora.n), "the withdrawn question");
  // What was only hidden is as the copy says; its owner hides it again.
  await event.post(people.ben.card.publish({ rev: 2, name: "Ben", shown: false }), people.ben.client.member);
  await until(async () => (await cards()).length === 1, "only Emil is seen");
  await server.stop();
  nowhere(await everything(), gone);
});

test("a day after the end no ballot and no ticket is left", async () => {
  const tickets = Object.values(people).flatMap(({ code, seats, client }) => [
    ticketOf(secret, code),
    requestOf(
      secret,
      seats.map(({ blinded }) => blinded),
    ),
    ballotOf(secret, unb64(client.member), people.emil.n),
  ]);
  const before = await everything();
  tickets.forEach((needle) => assert.ok(found(before, needle).length > 0, "the search finds them"));
  await server.restart();
  await event.settle({ start: minuteNow() - 3 * day, end: minuteNow() - day - 5 });
  await until(async () => (await rows("ballots")) === 0, "the event is closed");
  await server.stop();
  const files = await everything();
  nowhere(files, [...gone, ...tickets.map((needle) => ["a ticket or ballot", needle])]);
  nowhere(files, named("the live secret", secret.subarray(0, 16), secret.subarray(16, 32)));
  assert.ok(found(files, people.emil.says.name).length > 0, "cards stay until the retention is over");
  assert.ok(found(files, secret.subarray(32, 64)).length > 0, "and what seals them");
});

test("after the retention nothing is left", async () => {
  const { emil } = people;
  const forgotten = readFileSync(path.join(server.data, "forgotten", id));
  assert.ok(forgotten.length >= 16 * 3);
  await server.restart();
  await event.settle({ retention: 1 });
  await until(async () => (await request(event.url)).status === 404, "the event is gone");
  await server.stop();
  const files = await everything();
  const questions = Object.values(people).flatMap(({ question, words }) => [
    ...named("a text", words),
    ...ofKey("a key", question.key),
  ]);
  nowhere(files, [
    ...gone,
    ...questions,
    ...ofCard(emil.card, emil.says),
    ...ofSigned(emil.claim),
    ...named("the slug", event.slug),
    ...named("the event", unb64(id), id),
    ...named("the secret", secret.subarray(32, 48), secret.subarray(48, 64)),
    ...named("what was forgotten", forgotten.subarray(0, 16), forgotten.subarray(-16)),
  ]);
  for (const folder of ["secrets", "forgotten"]) {
    assert.deepEqual(readdirSync(path.join(server.data, folder)), [], folder);
  }
});
