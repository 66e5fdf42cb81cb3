// A scripted event with known participants; then whoever took the disk: the database raw and through
// sqlite3, the logs, exports, a backup. Nothing there joins two questions, a question and a vote, or
// either to a connection. The same matcher finds a planted order, so it could have found a real one.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { random, releaseOver } from "../lib/bounded.mjs";
import { unb64 } from "../lib/keys.mjs";
import { correlation, lying, suspicion } from "../lib/matcher.mjs";
import { ballotOf } from "../lib/secrets.mjs";
import { run, scratch, Server } from "../lib/server.mjs";

const members = 8;
const each = 3; // questions of one member, asked one after the other
const rounds = 6;
const seed = Number(process.env.RAUTE_SEED ?? Date.now() % 1_000_000);
const dice = random(seed);
const found = 6; // standard deviations: a tell
const chance = 5; // fewer: chance

let server, event, people, duringScript;
const asked = []; // {question, author, round, text, earlier, withdrawn, number} in the order of asking
const votes = []; // {author, number} in the order of voting
const signatures = [];
const files = {}; // name → bytes, of whatever leaves or stays

const address = (author) => `198.51.100.${author + 17}`;
const agent = (author) => `Kennzeichnender-Browser/${author}.${author}`;
const unique = (what) =>
  `${what} ${Array.from({ length: 12 }, () => "abcdefghijklmnop"[dice(16)]).join("")}`;

async function askRound(round) {
  const first = people[0];
  await releaseOver(2);
  for (let author = 0; author < members; author++) {
    for (let nth = 0; nth < each; nth++) {
      const question = people[author].seed.question();
      const text = unique(`Frage Runde${round}`);
      const command = question.ask({ text });
      signatures.push(command.sig);
      await people[author].command(command);
      asked.push({ question, author, round, text });
    }
  }
  const mine = asked.filter((entry) => entry.round === round);
  await first.until(
    () => mine.every(({ question }) => first.byTag(question.tag)),
    "the release",
    15,
  );
  // Whoever watches knows which questions came together; nothing may tell more.
  for (const entry of mine) {
    const came = ({ changes }) => changes.some(({ tag }) => tag === entry.question.tag);
    entry.release = first.frames.find(came).seq;
  }
}

async function changeSome() {
  for (const entry of asked.filter((_, at) => at % 9 === 0)) {
    entry.earlier = entry.text;
    entry.text = unique("Umformuliert");
    const command = entry.question.edit(1, entry.text);
    signatures.push(command.sig);
    await people[entry.author].command(command);
  }
  for (const entry of asked.filter((_, at) => at % 9 === 4)) {
    entry.withdrawn = true;
    const command = entry.question.withdraw(1);
    signatures.push(command.sig);
    await people[entry.author].command(command);
  }
  const [edited] = asked;
  await people[0].until(
    () => people[0].byTag(edited.question.tag)?.text === edited.text,
    "the edits are shown",
    15,
  );
}

async function voteSome() {
  const open = asked.filter(({ withdrawn }) => !withdrawn);
  for (let author = 0; author < members; author++) {
    const mine = new Set();
    while (mine.size < 10) {
      mine.add(people[author].byTag(open[dice(open.length)].question.tag).n);
    }
    for (const number of mine) {
      await people[author].vote(number);
      votes.push({ author, number });
    }
  }
}

before(async () => {
  server = await Server.start({ args: ["--proxy", "127.0.0.1", "--threads", "2"] });
  event = await server.event({ title: "Wer war es", release: 2 });
  people = await Promise.all(
    Array.from({ length: members }, (_, author) =>
      event.join({ headers: { "x-forwarded-for": address(author), "user-agent": agent(author) } }),
    ),
  );
  const before = server.log.length;
  for (let round = 0; round < rounds; round++) {
    await askRound(round);
  }
  await changeSome();
  await voteSome();
  duringScript = server.log.slice(before);
  asked.forEach((entry) => (entry.number = people[0].byTag(entry.question.tag)?.n));
  for (const format of ["json", "csv", "markdown"]) {
    files[`export.${format}`] = Buffer.from(
      (await server.command(["export", event.slug, "--format", format])).out,
    );
  }
  files["snapshot"] = Buffer.from(JSON.stringify(await event.staff));
  files["keys"] = Buffer.from(JSON.stringify(await event.publicKeys()));
  await Promise.all(people.map((person) => person.close()));
  await server?.stop();
  const backup = path.join(scratch(), "backup.sqlite");
  await server.command(["backup", backup]);
  files["backup"] = readFileSync(backup);
  for (const entry of readdirSync(server.data, { recursive: true })) {
    const file = path.join(server.data, entry);
    if (statSync(file).isFile()) {
      files[entry] = readFileSync(file);
    }
  }
  files["log"] = Buffer.from(server.log);
});
after(() => server?.stop());

const sql = async (file, query) =>
  JSON.parse((await run("sqlite3", ["-readonly", "-json", file, query])).out || "[]");
const database = () => path.join(server.data, "raute.sqlite");

function absent(needle, what, where = files) {
  for (const [name, bytes] of Object.entries(where)) {
    assert.ok(bytes.indexOf(needle) < 0, `${what} in ${name}`);
  }
}

test("no member, no address, no browser, no signature", () => {
  for (const { member } of people) {
    const token = unb64(member);
    for (const part of [token.subarray(0, 16), token.subarray(16)]) {
      absent(part, "a member token");
      absent(part.toString("hex"), "a member token in hex");
      absent(part.toString("base64").slice(0, 20), "a member token in base64");
    }
    absent(member.slice(0, 20), "a member token");
    absent(member.slice(-20), "a member token");
  }
  for (let author = 0; author < members; author++) {
    absent(address(author), "an address");
    absent(Buffer.from(address(author).split(".").map(Number)), "an address in bytes");
  }
  absent("Kennzeichnender-Browser", "a user agent");
  for (const signature of signatures) {
    absent(signature.slice(0, 40), "a signature");
    absent(unb64(signature).subarray(0, 32), "a signature");
    absent(unb64(signature).subarray(32), "a signature");
  }
});

test("the log says nothing of what people do", () => {
  assert.equal(duringScript, "", "no line while they asked and voted");
  const { log } = files;
  for (const { text, question } of asked) {
    absent(text, "a text", { log });
    absent(question.key.slice(0, 20), "a key", { log });
  }
  absent(event.slug, "the slug", { log });
});

test("what was edited or withdrawn is gone", () => {
  for (const { earlier, withdrawn, text, question } of asked) {
    if (earlier) {
      absent(earlier.slice(-12), "an earlier text");
    }
    if (withdrawn) {
      absent(text.slice(-12), "a withdrawn text");
      absent(question.bytes, "a withdrawn key");
      absent(question.bytes.subarray(0, 8), "a withdrawn tag");
      absent(question.saltBytes, "a withdrawn salt");
    }
  }
  for (const name of Object.keys(files).filter((each) => each.endsWith("-wal"))) {
    assert.equal(files[name].length, 0, "the write-ahead log is empty");
  }
});

test("no time of asking", async () => {
  const now = Date.now();
  const tables = await sql(database(), "SELECT name FROM sqlite_master WHERE type = 'table'");
  for (const { name } of tables) {
    for (const row of await sql(database(), `SELECT * FROM "${name}"`)) {
      for (const [column, value] of Object.entries(row)) {
        if (typeof value === "number") {
          for (const unit of [1, 1e3, 1e6]) {
            assert.ok(
              Math.abs(value * unit - now) > 86_400_000,
              `${name}.${column} is a time: ${value}`,
            );
          }
        }
      }
    }
  }
  const minutes = await sql(database(), "SELECT DISTINCT minute FROM questions");
  minutes.forEach(({ minute }) => assert.ok(Math.abs(minute - now / 60_000) < 10));
});

test("ballots are what the rules say, and name no question", async () => {
  const columns = await sql(database(), "SELECT name FROM pragma_table_info('ballots')");
  assert.deepEqual(
    columns.map(({ name }) => name),
    ["event", "ballot"],
  );
  const rows = await sql(database(), "SELECT hex(ballot) AS ballot FROM ballots");
  const [name] = Object.keys(files).filter((each) => each.startsWith(`secrets${path.sep}`));
  const expected = votes.map(({ author, number }) =>
    ballotOf(files[name], unb64(people[author].member), number).toString("hex").toUpperCase(),
  );
  assert.deepEqual(rows.map(({ ballot }) => ballot).sort(), expected.sort());
  absent(files[name].subarray(0, 32), "the secret", {
    backup: files.backup,
    database: files["raute.sqlite"],
  });
});

function releases() {
  const lists = new Map();
  for (const entry of standing()) {
    lists.set(entry.release, [...(lists.get(entry.release) ?? []), entry]);
  }
  return [...lists.values()];
}
const circles = () => releases().map((list) => list.map(({ question }) => question.key));
const standing = () => asked.filter(({ withdrawn }) => !withdrawn);
const authors = () => new Map(standing().map(({ question, author }) => [question.key, author]));

// Every order in which one database shows its questions: raw bytes, and each table by each column.
async function orders(file) {
  const bytes = readFileSync(file);
  const list = standing();
  const all = {
    "keys in the raw file": lying(
      bytes,
      list.map(({ question }) => [question.key, question.bytes]),
    ),
    "salts in the raw file": lying(
      bytes,
      list.map(({ question }) => [question.key, question.saltBytes]),
    ),
    "texts in the raw file": lying(
      bytes,
      list.map(({ question, text }) => [question.key, Buffer.from(text)]),
    ),
  };
  const byHex = new Map(
    list.map(({ question }) => [question.bytes.toString("hex").toUpperCase(), question.key]),
  );
  const tables = await sql(file, "SELECT name FROM sqlite_master WHERE type = 'table'");
  for (const { name } of tables) {
    const columns = (await sql(file, `SELECT name FROM pragma_table_info('${name}')`)).map(
      (column) => column.name,
    );
    if (!columns.includes("key")) {
      continue;
    }
    for (const order of ["", ...columns.map((column) => `ORDER BY "${column}"`)]) {
      const rows = await sql(file, `SELECT hex(key) AS key FROM "${name}" ${order}`);
      all[`${name} ${order}`] = rows.map(({ key }) => byHex.get(key)).filter(Boolean);
    }
  }
  return all;
}

function suspects(all) {
  return Object.entries(all)
    .filter(([, sequence]) => sequence.length > 1)
    .map(([name, sequence]) => [name, suspicion(sequence, circles(), authors(), dice)]);
}

test(`no order tells which questions have one asker (seed ${seed})`, async (t) => {
  const backup = path.join(scratch(), "copy.sqlite");
  await server.command(["backup", backup]);
  const all = {
    ...(await orders(database())),
    ...Object.fromEntries(
      Object.entries(await orders(backup)).map(([k, v]) => [`backup: ${k}`, v]),
    ),
  };
  for (const name of ["keys", "snapshot", "export.json"]) {
    all[name] = lying(
      files[name],
      standing().map(({ question, text }) => [question.key, name === "keys" ? question.key : text]),
    );
  }
  assert.ok(Object.keys(all).length > 20);
  for (const [name, deviations] of suspects(all)) {
    assert.ok(deviations < chance, `${name}: ${deviations.toFixed(1)} deviations from chance`);
  }
  // Weighed by size; by chance its standard deviation is one over the root of all weights.
  let [sum, weights] = [0, 0];
  for (const list of releases().filter(({ length }) => length > 3)) {
    const byNumber = [...list].sort((a, b) => a.number - b.number);
    sum += correlation(list, byNumber) * (list.length - 1);
    weights += list.length - 1;
  }
  const rho = sum / weights;
  t.diagnostic(`asking against numbers: rank correlation ${rho.toFixed(2)}, ${weights} weights`);
  assert.ok(
    weights > 40 && Math.abs(rho) < chance / Math.sqrt(weights),
    "numbers follow the asking",
  );
});

test("the matcher finds a planted order", async () => {
  const planted = path.join(scratch(), "planted.sqlite");
  copyFileSync(database(), planted);
  const rows = standing().map(({ question }) => `(X'${question.bytes.toString("hex")}')`);
  const made = await run("sqlite3", [
    planted,
    `CREATE TABLE planted (key BLOB); INSERT INTO planted VALUES ${rows.join(",")}`,
  ]);
  assert.equal(made.code, 0, made.err);
  const told = new Map(suspects(await orders(planted)));
  assert.ok(told.get("planted ") > found, `rows: ${told.get("planted ")}`);
  assert.ok(told.get("keys in the raw file") > found, `raw: ${told.get("keys in the raw file")}`);
  const [list] = releases();
  assert.equal(correlation(list, list), 1);
});

test("a backup does not tell which ballots have one voter, or one question", () => {
  const [name] = Object.keys(files).filter((each) => each.startsWith(`secrets${path.sep}`));
  const ballots = votes.map(({ author, number }, at) => [
    at,
    ballotOf(files[name], unb64(people[author].member), number),
  ]);
  const sequence = lying(files.backup, ballots);
  assert.equal(sequence.length, votes.length);
  const everyone = [votes.map((_, at) => at)];
  for (const tell of ["author", "number"]) {
    const by = new Map(votes.map((vote, at) => [at, vote[tell]]));
    assert.ok(suspicion(sequence, everyone, by, dice) < chance, `ballots lie by ${tell}`);
    const grouped = votes.map((_, at) => at).sort((a, b) => by.get(a) - by.get(b));
    assert.ok(suspicion(grouped, everyone, by, dice) > found, "the matcher would have seen it");
  }
});
