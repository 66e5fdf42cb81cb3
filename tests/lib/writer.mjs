// One who changes an event at random, in small steps and in bursts whose frames are large.
import assert from "node:assert/strict";
import { sleep } from "./bounded.mjs";
import { Seed } from "./keys.mjs";

// All texts together stay below what fits into one frame, or everybody would be told to resync.
const QUESTIONS_MAX = 70;
const QUESTION_BYTES = 2900;
const ANSWER_BYTES = 5900;
// What may be said of a step that somebody else has overtaken.
const OVERTAKEN = ["stale", "closed", "unknown", "gone", "bad_value", "busy", "too_often"];

const LETTERS = ["a", "o ", "ü", "ß ", "→", "字 ", "🙂 ", "z\u0308", '"', "\\", "<b> "];

const moves = {
  listed: ["hidden", "answering", "answered", "declined"],
  answering: ["listed", "answered"],
  answered: ["answered", "answered", "listed", "hidden"],
  declined: ["listed"],
  hidden: ["listed", "answered"],
  pending: ["listed"],
};

// How often each step is taken.
const calm = { ask: 6, votes: 6, move: 6, pin: 3, revise: 2, settle: 2 };
const stormy = { ...calm, asks: 2, answers: 3, talks: 2 };

export class Writer {
  // `dice(below)` decides everything.
  static async start(event, dice) {
    const writer = new Writer();
    const { event: settings } = await event.snapshot();
    const joins = Array.from({ length: 8 }, () => event.post({ cmd: "join" }));
    const members = (await Promise.all(joins)).map(({ ok }) => ok.member);
    Object.assign(writer, { event, dice, members, seed: new Seed(settings.id) });
    Object.assign(writer, { asked: [], questions: new Map(), commands: 0, last: 0 });
    return writer;
  }

  // A calm third, in which nobody who reads may be too slow; then the storm, with large frames; in
  // the end late totals. Everything is answered when it returns.
  async write(seconds) {
    await this.#steps(calm, seconds / 3);
    await this.#large();
    await this.#steps(stormy, (seconds * 2) / 3);
    await this.#large();
    await this.#late();
  }

  // Long texts use up what totals may leave with; then many are moved, and a title, which does not
  // wait: the very last frame has no seq of its own.
  async #late() {
    const key = this.event.keys.organiser;
    await this.#command({ cmd: "settings", release: 0 }, key);
    await this.#wipe();
    const asked = (await this.#ask(30, false)).filter(({ ok }) => ok).length;
    let questions = [];
    while (questions.length < asked) {
      await sleep(500); // snapshots are up to a second old
      ({ questions } = await this.event.staff);
    }
    await this.#ask(5, true);
    await Promise.all(
      questions.map(({ n }) => this.#command({ cmd: "vote", n }, this.#one(this.members))),
    );
    await this.#command({ cmd: "settings", title: "Ende" }, key);
  }

  async #steps(weights, seconds) {
    const steps = {
      ask: () => this.#ask(1 + this.dice(3), false),
      asks: () => this.#ask(5 + this.dice(9), true),
      votes: () => this.#votes(),
      move: () => this.#move(1 + this.dice(3), false),
      answers: () => this.#move(8, true),
      pin: () => this.#pin(),
      revise: () => this.#revise(),
      settle: () => this.#settle(),
      talks: () => this.#talks(),
    };
    const names = Object.entries(weights).flatMap(([name, weight]) => Array(weight).fill(name));
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      await steps[this.#one(names)]();
      if (this.dice(3) === 0) {
        await sleep(this.dice(200));
      }
    }
  }

  // What leaves together is one frame: long texts at a release, long answers in one batch.
  async #large() {
    await this.#command({ cmd: "settings", release: 1 }, this.event.keys.organiser);
    await this.#ask(14, true);
    await sleep(1100);
    await this.#move(9, true);
  }

  async #command(command, key) {
    const answer = await this.event.post(command, key);
    this.commands++;
    const fine = answer.ok ?? OVERTAKEN.includes(answer.error?.code);
    assert.ok(fine, `${command.cmd}: ${JSON.stringify(answer)}`);
    return answer;
  }

  #times(count, make) {
    return Promise.all(Array.from({ length: count }, (_, at) => make(at)));
  }

  #one(list) {
    return list[this.dice(list.length)];
  }

  #text(bytes) {
    let text = "Wozu";
    while (Buffer.byteLength(text) < bytes - 8 && text.length < bytes) {
      text += this.#one(LETTERS);
    }
    return `${text.trim().normalize()}?`;
  }

  // Many bytes in few graphemes: families have 25 bytes.
  #long(bytes) {
    const family = "👨‍👩‍👧‍👦";
    const each = Buffer.byteLength(family);
    return `${family.repeat(Math.floor(bytes / each) - 1)} ${this.dice(1_000_000)}`;
  }

  async #ask(count, long) {
    if (this.asked.length + count > QUESTIONS_MAX) {
      await this.#wipe();
      return [];
    }
    return this.#times(count, () => {
      const question = this.seed.question();
      const text = long ? this.#long(QUESTION_BYTES) : this.#text(10 + this.dice(300));
      this.asked.push({ question, rev: 0 });
      return this.#command(question.ask({ text }), this.#one(this.members));
    });
  }

  async #wipe() {
    await this.#command({ cmd: "wipe" }, this.event.keys.organiser);
    this.asked = [];
  }

  // Old news is fine: what has changed meanwhile is refused as stale.
  async #look() {
    if (Date.now() - this.last > 500) {
      this.known = (await this.event.staff).questions;
      this.last = Date.now();
    }
    return this.known;
  }

  async #votes() {
    const questions = await this.#look();
    await this.#times(Math.min(questions.length, 8), () => {
      const cmd = this.dice(4) ? "vote" : "unvote";
      return this.#command({ cmd, n: this.#one(questions).n }, this.#one(this.members));
    });
  }

  async #move(count, long) {
    const questions = await this.#look();
    await this.#times(Math.min(count, questions.length), async () => {
      const question = this.#one(questions);
      const to = long ? "answered" : this.#one(moves[question.state]);
      const more = {
        ...(to === "declined" ? { reason: "off_topic" } : {}),
        ...(to === "answered" && (long || this.dice(2))
          ? { answer: long ? this.#long(ANSWER_BYTES) : this.#text(200) }
          : {}),
      };
      const { n, state: from } = question;
      const { ok } = await this.#command(
        { cmd: "move", n, from, to, ...more },
        this.event.keys.moderator,
      );
      question.state = ok ? to : question.state;
    });
  }

  async #pin() {
    const questions = await this.#look();
    if (questions.length) {
      const { n } = this.#one(questions);
      await this.#command({ cmd: "pin", n, on: this.dice(2) === 0 }, this.event.keys.moderator);
    }
  }

  async #revise() {
    if (this.asked.length) {
      const own = this.#one(this.asked);
      const rev = own.rev + 1;
      const command = this.dice(3)
        ? own.question.edit(rev, this.#text(400))
        : own.question.withdraw(rev);
      const { ok } = await this.#command(command, this.#one(this.members));
      own.rev = ok ? rev : own.rev;
    }
  }

  async #settle() {
    const settings = this.#one([
      { title: `Titel ${this.dice(1000)}` },
      { hashtags: ["Eins", `Zwei${this.dice(10)}`] },
      { release: this.dice(2) },
    ]);
    await this.#command({ cmd: "settings", ...settings }, this.event.keys.organiser);
  }

  async #talks() {
    const { talks, current } = await this.event.snapshot();
    const key = this.event.keys.organiser;
    const { id: talk } = this.#one(talks);
    const title = `${this.dice(1000)} ${this.#text(20 + this.dice(80))}`;
    const command = this.#one([
      { cmd: "talk_add", title: `Vortrag ${1 + this.dice(8)}` },
      { cmd: "talk_rename", talk, title },
      { cmd: "talk_order", order: talks.map(({ id }) => id).reverse() },
      { cmd: "talk_select", from: current, to: talk },
      { cmd: "talk_open", talk: talks.at(-1).id, open: this.dice(2) === 0 },
    ]);
    await this.#command(command, key);
  }
}
