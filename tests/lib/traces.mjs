// What of an evening's questions, ballots and tickets lies where: for every artefact, and for every
// column of every table, where each of them stands. Numbers only; lib/matcher.mjs makes guesses of them.
import { copyFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { places as placesOf } from "./matcher.mjs";
import { run } from "./server.mjs";

const pageBytes = 4096;

// Everything that may be told apart: {kind, author, about (a question's number), when (which release),
// claimed, needle (its bytes in a file), words (what stands for it in a text), bytes}.
export function thingsOf({ questions, votes, tickets }) {
  return [
    ...questions.map(({ question, author, number, release, claimed = false, text }) => ({
      ...{ kind: "question", author, about: number, when: release, claimed },
      ...{ needle: question.bytes, words: [question.key, question.tag, text] },
      bytes: { key: question.bytes, salt: question.saltBytes },
    })),
    ...votes.map(({ author, number, ballot }) => ({
      ...{ kind: "ballot", author, about: number, needle: ballot, words: [] },
      bytes: { ballot },
    })),
    ...tickets.map(({ author, hash, request }) => ({
      ...{ kind: "ticket", author, needle: request, words: [], bytes: { hash, request } },
    })),
  ];
}

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

function grouped(list, nameOf) {
  const groups = new Map();
  for (const each of list) {
    groups.set(nameOf(each), [...(groups.get(nameOf(each)) ?? []), each]);
  }
  return groups;
}

// Which thing a row is about: the one whose bytes it has, or the question that it numbers.
function ownerOf(row, byHex, byNumber) {
  for (const value of Object.values(row)) {
    if (byHex.has(value)) {
      return byHex.get(value);
    }
  }
  return byNumber.get(row.number);
}

async function rowPlaces(file, things, places) {
  const byHex = new Map(things.map((thing) => [thing.needle.toString("hex").toUpperCase(), thing]));
  const byNumber = new Map(
    things.filter(({ kind }) => kind === "question").map((thing) => [thing.about, thing]),
  );
  for (const [table, rows] of await tablesOf(file)) {
    rows.forEach((row, at) => {
      const owner = ownerOf(row, byHex, byNumber);
      for (const [column, value] of Object.entries({ ...row, row: at })) {
        if (owner && column !== "of table" && value !== null) {
          places.put(owner, `${table}.${column}`, value);
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
async function planted(file, things) {
  const copy = path.join(path.dirname(file), "planted.sqlite");
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

// name → places: what must tell nothing, what is known to tell something, and what surely does.
export async function tracesOf(evening) {
  const things = thingsOf(evening);
  const afterwards = await databasePlaces(evening.database, "database", things);
  await databasePlaces(evening.copy, "backup", things, afterwards);
  textPlaces(evening.texts, things, afterwards);
  const log = new Places();
  filePlaces(evening.log, things, log, "log");
  const copies = new Places();
  filePlaces(readFileSync(evening.earlier), things, copies, "earlier backup");
  const frames = new Places();
  framePlaces(evening, things, frames);
  const running = await databasePlaces(evening.running, "pages", things);
  const plant = await databasePlaces(await planted(evening.database, things), "planted file", things);
  return { things, traces: { afterwards, planted: plant, running, log, copies, frames } };
}
