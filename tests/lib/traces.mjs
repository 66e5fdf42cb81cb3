// What of an evening's questions, ballots, tickets, cards and interests lies where: for every artefact,
// and for every column of every table, where each of them stands. Numbers only; lib/guesses.mjs makes
// guesses of them.
import { copyFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { blake2b } from "@noble/hashes/blake2.js";
import { label } from "./cards.mjs";
import { b64, u32, unb64 } from "./keys.mjs";
import { places as placesOf, shuffled } from "./matcher.mjs";
import { grouped, standings } from "./measures.mjs";
import { run } from "./server.mjs";

const pageBytes = 4096;
const plantedShare = 30; // of a hundred ballots

// Everything that may be told apart, by kind: {kind, author, about (a question's number), look (all that
// everybody may know), fate and carded (of a question: what became of it; whether it ever had a card),
// needle (its bytes in a file), words (what stands for it in a text), bytes, hash (in the forgotten file)}.
export async function thingsOf(evening) {
  const { questions, votes, tickets, cards, id } = evening;
  const event = unb64(id);
  const claimOf = new Map(cards.map(({ entry, claim }) => [entry, claim]));
  const all = [
    ...questions.map((entry) => {
      const { question, author, number, release, fate = "", text } = entry;
      const withdrawn = fate === "withdrawn";
      const forgotten = withdrawn ? question.bytes : unb64(claimOf.get(entry)?.sig ?? "");
      return {
        ...{ kind: "question", author, about: number, look: `${release} ${fate}`, fate },
        ...{ carded: claimOf.has(entry), needle: question.bytes, hash: forgottenHash(event, forgotten) },
        ...{ words: [question.key, question.tag, text] },
        bytes: { key: question.bytes, salt: question.saltBytes },
      };
    }),
    ...votes.map(({ author, number, ballot }) => ({
      ...{ kind: "ballot", author, about: number, needle: ballot, words: [] },
      bytes: { ballot },
    })),
    ...tickets.map(({ author, hash, request }) => ({
      ...{ kind: "ticket", author, needle: request, words: [], bytes: { hash, request } },
    })),
    ...cards.map(({ author, card: { card }, entry }) => ({
      ...{ kind: "card", author, look: entry.fate, needle: unb64(card) },
      ...{ words: [card, b64(unb64(card).subarray(0, 8))], bytes: { card: unb64(card) } },
    })),
    ...(await sealedThings(evening)),
  ].map((thing) => ({ look: "", ...thing }));
  return grouped(all, ({ kind }) => kind);
}

// Cards that are not shown, and interests: rows of two tables, and nothing else is known of them.
async function sealedThings({ database, sealed }) {
  const rows = [...(await tablesOf(database))].flatMap(([table, list]) =>
    list.filter((row) => "sealed" in row).map((row) => ({ ...row, table })),
  );
  const byName = new Map(rows.map((row) => [row.name, row]));
  return sealed.map(({ author, name }) => {
    const row = byName.get(name.toString("hex").toUpperCase());
    const bytes = Buffer.from(row.sealed, "hex");
    return {
      ...{ kind: "sealed", author, look: row.table, needle: name, words: [] },
      bytes: { name, nonce: bytes.subarray(0, 24), text: bytes.subarray(24), tag: bytes.subarray(-16) },
    };
  });
}

const forgottenHash = (event, ...parts) =>
  Buffer.from(blake2b(Buffer.concat([label("raute.1/forgotten"), event, ...parts]), { dkLen: 16 }));
const hashesOf = (file) =>
  Array.from({ length: file.length / 16 }, (_, at) => file.toString("hex", 16 * at, 16 * at + 16));

async function sql(file, query) {
  const { out, err } = await run("sqlite3", ["-readonly", "-json", file], { input: query });
  if (err) {
    throw new Error(err);
  }
  return out;
}

// Every table with all its rows, blobs as hex.
async function tablesOf(file) {
  const columns = JSON.parse(
    await sql(
      file,
      "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p" +
        " WHERE m.type = 'table'",
    ),
  );
  const tables = grouped(columns, ({ t }) => t);
  const queries = [...tables].map(([table, list]) => {
    const cells = list.map(({ c }) => `iif(typeof("${c}") = 'blob', hex("${c}"), "${c}") AS "${c}"`);
    return `SELECT '${table}' AS "of table", ${cells} FROM "${table}";`;
  });
  const out = await sql(file, queries.join("\n"));
  const rows = out.split(/^(?=\[)/m).flatMap((part) => JSON.parse(part || "[]"));
  return grouped(rows, (row) => row["of table"]);
}

// Which things a row is about: those whose bytes it has, and the question that it numbers.
function ownersOf(row, byHex, byNumber) {
  const own = Object.values(row).map((value) => byHex.get(value));
  return new Set([...own, byNumber.get(row.number)].filter(Boolean));
}

async function rowPlaces(file, things, places) {
  const byHex = new Map(things.map((thing) => [thing.needle.toString("hex").toUpperCase(), thing]));
  const byNumber = new Map(
    things.filter(({ kind }) => kind === "question").map((thing) => [thing.about, thing]),
  );
  for (const [table, rows] of await tablesOf(file)) {
    rows.forEach((row, at) => {
      for (const owner of ownersOf(row, byHex, byNumber)) {
        for (const [column, value] of Object.entries({ ...row, row: at })) {
          if (column !== "of table" && value !== null) {
            places.put(owner, `${table}.${column}`, value);
          }
        }
      }
    });
  }
}

// Where a thing's bytes stand first in a file, in which page, and as which of its page's.
function filePlaces(bytes, things, places, name) {
  const filled = new Map();
  for (const [at, thing] of placesOf(
    bytes,
    things.map((each) => [each, each.needle]),
  )) {
    if (!places.has(thing, name)) {
      const page = Math.floor(at / pageBytes);
      const before = filled.get(`${page} ${thing.kind}`) ?? 0;
      filled.set(`${page} ${thing.kind}`, before + 1);
      places.put(thing, name, at);
      places.put(thing, `${name}: page`, page);
      places.put(thing, `${name}: in the page`, at % pageBytes);
      places.put(thing, `${name}: of its page`, before);
    }
  }
}

// Name → value, of every thing.
class Places {
  constructor() {
    this.all = new Map();
  }
  has(thing, name) {
    return this.all.get(name)?.has(thing) ?? false;
  }
  put(thing, name, value) {
    this.all.set(name, (this.all.get(name) ?? new Map()).set(thing, value));
  }
}

async function databasePlaces(file, name, things, places = new Places()) {
  filePlaces(readFileSync(file), things, places, name);
  await rowPlaces(file, things, places);
  return places;
}

function textPlaces(texts, things, places) {
  for (const [name, text] of Object.entries(texts)) {
    const bytes = Buffer.from(text);
    for (const thing of things) {
      thing.words.forEach((word, at) => {
        const found = bytes.indexOf(word);
        if (found >= 0) {
          places.put(thing, `${name}: ${["key", "tag", "text"][at]}`, found);
        }
      });
    }
  }
}

// Where its hash stands among those of what was withdrawn and taken back.
function forgottenPlaces(file, things, places) {
  const hashes = hashesOf(file);
  for (const thing of things.filter(({ hash }) => hash)) {
    const at = hashes.indexOf(thing.hash.toString("hex"));
    if (at >= 0) {
      places.put(thing, "forgotten: row", at);
    }
  }
}

// When a phone that listened saw it: a question's release, and the total that a vote made.
function framePlaces({ frames, votes }, things, places) {
  const ballots = things.filter(({ kind }) => kind === "ballot");
  const counted = new Map();
  const waiting = votes.map(({ number }, at) => {
    counted.set(number, (counted.get(number) ?? 0) + 1);
    return { thing: ballots[at], number, total: counted.get(number) };
  });
  const byTag = new Map(
    things.filter(({ kind }) => kind === "question").map((thing) => [thing.words[1], thing]),
  );
  frames.forEach(([ms, text], at) => {
    for (const { k: kind, tag, v } of JSON.parse(text).changes ?? []) {
      const question = kind === "question" && byTag.get(tag);
      if (question && !places.has(question, "frame")) {
        places.put(question, "frame", at);
      }
      for (const [number, total] of kind === "votes" ? v : []) {
        for (const vote of waiting) {
          if (vote.number === number && vote.total <= total && !places.has(vote.thing, "frame")) {
            places.put(vote.thing, "frame", at);
            places.put(vote.thing, "frame: ms", Math.floor(ms / 50));
          }
        }
      }
    }
  });
}

// A copy with one table more, which has rows in the order in which everything came in.
async function planted(file, things, name) {
  const copy = path.join(path.dirname(file), `${name}.sqlite`);
  copyFileSync(file, copy);
  const rows = things.map(({ needle }) => `(X'${needle.toString("hex")}')`);
  const made = await run("sqlite3", [copy], {
    input: `CREATE TABLE planted (key BLOB); INSERT INTO planted VALUES ${rows.join(",")};`,
  });
  if (made.code !== 0) {
    throw new Error(made.err);
  }
  return copy;
}

// Ballots of which only some lie as they came.
function blurred(ballots, dice) {
  const rest = [...ballots.keys()].filter(() => dice(100) >= plantedShare);
  const mixed = shuffled(rest, dice);
  const order = [...ballots];
  rest.forEach((at, nth) => (order[at] = ballots[mixed[nth]]));
  return order;
}

// name → places: what must tell nothing, what is known to tell something, and what surely does.
export async function tracesOf(evening, dice) {
  const kinds = await thingsOf(evening);
  const things = [...kinds.values()].flat();
  const afterwards = await databasePlaces(evening.database, "database", things);
  await databasePlaces(evening.copy, "backup", things, afterwards);
  textPlaces(evening.texts, things, afterwards);
  forgottenPlaces(evening.forgotten, things, afterwards);
  const log = new Places();
  filePlaces(evening.log, things, log, "log");
  const copies = new Places();
  filePlaces(readFileSync(evening.earlier), things, copies, "earlier backup");
  const frames = new Places();
  framePlaces(evening, things, frames);
  const running = await databasePlaces(evening.running, "pages", things);
  const plant = await planted(evening.database, things, "planted");
  const weakly = await planted(evening.database, blurred(kinds.get("ballot"), dice), "weakly");
  const traces = {
    ...{ afterwards, running, log, copies, frames },
    planted: await databasePlaces(plant, "planted file", things),
    weakly: await databasePlaces(weakly, "planted file", things),
  };
  const all = Object.entries(traces).map(([name, places]) => [name, standings(kinds, places)]);
  return { kinds, traces: new Map(all), takenBack: await takenBack(evening) };
}

// Claims that were taken back have their hashes in the forgotten file: whose they were is tried with all
// questions, cards and revisions that are still there, and by whoever has kept the claims themselves.
async function takenBack({ database, forgotten, cards, id }) {
  const hashes = new Set(hashesOf(forgotten));
  const found = (...parts) => hashes.has(forgottenHash(unb64(id), ...parts).toString("hex"));
  const tables = await tablesOf(database);
  const bytes = (hex) => Buffer.from(hex, "hex");
  const tried = tables.get("questions").flatMap(({ key, rev }) =>
    tables.get("cards").flatMap(({ key: card }) =>
      Array.from({ length: rev + 1 }, (_, at) => found(bytes(key), bytes(card), u32(at))),
    ),
  );
  const kept = cards.map(({ claim }) => found(unb64(claim.sig)));
  const count = (list) => list.filter(Boolean).length;
  const real = cards.filter(({ entry }) => entry.fate === "unclaimed").length;
  return { real, tried: count(tried), kept: count(kept) };
}
