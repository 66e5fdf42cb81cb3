// A scripted evening of which everything is known: 30 people come by ticket, ask 60 questions and 3 that
// they withdraw, and vote 400 times, each person in bursts and one after the other. 13 say "that was me"
// once, and 3 of them take it back; 6 others are interested in 2 questions, by cards that are not shown.
// Then all that an organiser with the disk gets hold of. The order is the one that tells most: whoever
// bought a ticket first comes first in everything.
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { releaseOver } from "./bounded.mjs";
import { CardKey } from "./cards.mjs";
import { request } from "./http.mjs";
import { Seed, unb64 } from "./keys.mjs";
import { passCommand, passesOf, seatsOf } from "./passes.mjs";
import { ballotOf, requestOf, sealedOf, ticketOf } from "./secrets.mjs";
import { run, scratch, Server } from "./server.mjs";

const people = 30;
const each = 2; // questions of one person
const rounds = 2;
const votes = 400;
const claims = 13;
const regrets = 3; // claims taken back, and as many questions withdrawn
const interested = 6; // people, in so many questions each:
const interests = 2;
const release = 1; // seconds
const turn = (author) => Math.floor((author * rounds) / people);

function shuffle(list, dice) {
  for (let at = list.length - 1; at > 0; at--) {
    const other = dice(at + 1);
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}

class Evening {
  async open(dice) {
    this.dice = dice;
    this.server = await Server.start({ args: ["--threads", "2"] });
    this.event = await this.server.event({ title: "Ein Abend", release });
    await this.event.settle({ admission: "tickets" });
    const { id } = (await this.event.snapshot()).event;
    this.id = id;
    this.folder = scratch();
    this.tickets = [];
    this.questions = [];
    this.votes = [];
    this.frames = []; // [ms, text] as one phone gets them
    this.watcher = await this.event.join();
    this.watcher.socket.on("message", (text) => this.frames.push([Date.now(), `${text}`]));
  }

  async admit() {
    const { codes } = await this.event.organise("tickets", { count: people, seats: 1 });
    shuffle(codes, this.dice);
    this.order = shuffle([...codes.keys()], this.dice); // who does what
    const buyers = [];
    for (const [author, code] of codes.entries()) {
      const seats = seatsOf(new Seed(this.id));
      const buyer = await this.event.join();
      const answer = await buyer.command(passCommand(code, seats));
      buyers.push({ seats, answer, passKey: buyer.passKey });
      this.tickets.push({ code, author, seats });
      buyer.socket.close();
    }
    this.hasty = this.next(regrets);
    this.members = [];
    for (const { seats, answer, passKey } of buyers) {
      const [pass] = passesOf(seats, answer, passKey);
      this.members.push(await this.event.join({ pass }));
    }
  }

  // So many people who have nothing to do yet, as they came.
  next(count) {
    return this.order.splice(0, count).sort((a, b) => a - b);
  }

  async ask(round) {
    await releaseOver(release);
    const asked = [];
    for (const [author, member] of this.members.entries()) {
      for (let nth = 0; turn(author) === round && nth < each + (this.hasty.includes(author) ? 1 : 0); nth++) {
        const letters = Array.from({ length: 8 + this.dice(40) }, () => "abcdefgh"[this.dice(8)]);
        const text = `Frage ${letters.join("")}?`;
        asked.push({ question: await member.ask(text), author, text });
      }
    }
    const all = () => asked.every(({ question }) => this.watcher.byTag(question.tag));
    await this.watcher.until(all, "the release", 20);
    for (const entry of asked) {
      const came = ({ changes }) => changes.some(({ tag }) => tag === entry.question.tag);
      entry.release = this.watcher.frames.find(came).seq;
      entry.number = this.watcher.byTag(entry.question.tag).n;
    }
    this.questions.push(...asked);
  }

  async vote(round) {
    for (const [author, member] of this.members.entries()) {
      if (turn(author) !== round) {
        continue;
      }
      const many = Math.floor(votes / people) + (author < votes % people ? 1 : 0);
      for (const { number } of shuffle([...this.questions], this.dice).slice(0, many)) {
        await member.vote(number);
        this.votes.push({ author, number });
      }
    }
  }

  async claim() {
    this.cards = [];
    for (const author of this.next(claims)) {
      const card = new CardKey(this.id);
      const own = this.questions.filter((entry) => entry.author === author);
      const entry = own[this.dice(own.length)];
      const member = this.members[author];
      const claim = card.claim(entry.question, entry.text);
      await member.command(card.publish({ name: `Name ${author}` }));
      await member.command(claim);
      entry.fate = "claimed";
      this.cards.push({ author, card, entry, claim });
    }
  }

  async wish() {
    const numbers = shuffle(
      this.questions.filter(({ fate }) => fate !== "withdrawn").map(({ number }) => number),
      this.dice,
    ).slice(0, interests);
    this.wishes = [];
    for (const author of this.next(interested)) {
      const card = new CardKey(this.id);
      const member = this.members[author];
      await member.command(card.publish({ name: `Name ${author}`, shown: false }));
      for (const number of numbers) {
        await member.command(card.interest(number, 1 + this.dice(2)));
      }
      this.wishes.push({ author, card: unb64(card.card), numbers });
    }
  }

  async regret() {
    for (const { author, card, entry } of shuffle([...this.cards], this.dice).slice(0, regrets)) {
      const by = ["card", "question"][this.dice(2)];
      await this.members[author].command(card.unclaim(entry.question, 2, by));
      entry.fate = "unclaimed";
    }
    for (const author of this.hasty) {
      const own = this.questions.filter((entry) => entry.author === author && !entry.fate);
      const entry = own[this.dice(own.length)];
      await this.members[author].withdraw(entry.question);
      entry.fate = "withdrawn";
    }
  }

  // The folder as it lies there while the server runs, and the same once its log is folded in.
  async seize() {
    this.running = path.join(this.folder, "running.sqlite");
    const from = path.join(this.server.data, "raute.sqlite");
    for (const end of ["", "-wal"]) {
      if (existsSync(from + end)) {
        copyFileSync(from + end, this.running + end);
      }
    }
    this.log = readFileSync(`${this.running}-wal`);
    await run("sqlite3", [this.running, "PRAGMA wal_checkpoint(TRUNCATE)"]);
  }

  async backup(name) {
    const file = path.join(this.folder, `${name}.sqlite`);
    await this.server.command(["backup", file]);
    return file;
  }

  // Which of all that the adversary has, hold a half of the event's secret: none, for it lies apart.
  withSecret(secret) {
    const { data } = this.server;
    const files = readdirSync(data, { recursive: true })
      .filter((name) => !name.startsWith(`secrets${path.sep}`))
      .map((name) => path.join(data, name))
      .filter((file) => statSync(file).isFile());
    const halves = [secret.subarray(0, 32), secret.subarray(32)];
    return [...files, this.running, this.earlier, this.copy].filter((file) => {
      const bytes = readFileSync(file);
      return halves.some((half) => bytes.includes(half));
    });
  }

  async leave() {
    const { event, server } = this;
    const secret = readFileSync(path.join(server.data, "secrets", this.id));
    this.texts = { log: server.log };
    for (const format of ["json", "csv", "markdown"]) {
      const { out } = await server.command(["export", event.slug, "--format", format]);
      this.texts[`export.${format}`] = out;
    }
    this.texts.snapshot = JSON.stringify(await event.staff);
    for (const page of ["keys", "people.json", "people", ""]) {
      this.texts[`page ${page}`] = (await request(`${event.url}/${page}`.replace(/\/$/, ""))).text;
    }
    const tokens = this.members.map(({ member }) => unb64(member));
    this.votes.forEach((vote) => (vote.ballot = ballotOf(secret, tokens[vote.author], vote.number)));
    for (const ticket of this.tickets) {
      ticket.hash = ticketOf(secret, ticket.code);
      ticket.request = requestOf(
        secret,
        ticket.seats.map(({ blinded }) => blinded),
      );
    }
    this.sealed = this.wishes.flatMap(({ author, card, numbers }) =>
      [undefined, ...numbers].map((number) => ({ author, name: sealedOf(secret, card, number) })),
    );
    await Promise.all([this.watcher, ...this.members].map((client) => client.close()));
    this.texts.log = server.log;
    await server.stop();
    this.database = path.join(this.folder, "database.sqlite");
    copyFileSync(path.join(server.data, "raute.sqlite"), this.database);
    this.copy = await this.backup("last");
    this.forgotten = readFileSync(path.join(server.data, "forgotten", this.id));
    this.betrayed = this.withSecret(secret);
    rmSync(server.data, { recursive: true });
  }
}

export async function evening(dice) {
  const one = new Evening();
  await one.open(dice);
  try {
    await one.admit();
    for (let round = 0; round < rounds; round++) {
      await one.ask(round);
      await one.vote(round);
      one.earlier ??= await one.backup("earlier");
    }
    await one.claim();
    await one.regret();
    await one.wish();
    await one.seize();
    await one.leave();
  } finally {
    await one.server.stop();
  }
  return one;
}
