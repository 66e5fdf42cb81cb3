// An independent client of the browser protocol, written from server/wire/README.md.
import assert from "node:assert/strict";
import WebSocket from "ws";
import { until, within } from "./bounded.mjs";
import { bearer, request } from "./http.mjs";
import { padded, Seed } from "./keys.mjs";
import { View } from "./view.mjs";

export class Refused extends Error {
  constructor(command, error) {
    super(`${command.cmd}: ${error.code}: ${error.message}`);
    Object.assign(this, error);
  }
}

// An open socket that has said nothing yet.
export async function connect(
  event,
  { origin = event.server.url, protocol = "raute.1", headers = {} } = {},
) {
  const socket = new WebSocket(`${event.url.replace("http", "ws")}/live`, protocol, {
    headers: { ...headers, ...(origin ? { origin } : {}) },
    perMessageDeflate: false,
  });
  const opened = new Promise((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
  });
  await within(10, opened, "the socket opens");
  socket.on("error", () => {});
  return socket;
}

export class Client {
  // role and key for staff and stage; member: a token from before; pass: {nonce, output} of a gated
  // event; since: false joins without.
  static async join(event, options = {}) {
    const client = new Client(event, options);
    const { snapshot, socket } = await client.#open();
    client.socket = socket;
    client.view = new View(snapshot);
    await client.#join(options.since === false ? undefined : client.view.seq);
    return client;
  }

  constructor(event, { role, key, member, pass, seed, language, headers } = {}) {
    Object.assign(this, { event, role, key, member, pass, language, headers });
    this.nextId = 1;
    this.waiting = new Map();
    this.frames = [];
    this.frameTexts = [];
    this.trouble = undefined;
    this.seed = seed;
  }

  async #open() {
    const staff = this.role === "moderator" || this.role === "organiser";
    const headers = { ...this.headers, ...(staff ? bearer(this.key) : {}) };
    const answer = await request(`${this.event.url}/snapshot`, { headers });
    assert.equal(answer.status, 200, answer.text);
    const snapshot = answer.json;
    this.seed ??= new Seed(snapshot.event.id);
    const socket = await connect(this.event, { headers: this.headers });
    this.closed = new Promise((resolve) => socket.on("close", (code) => resolve(code)));
    socket.on("message", (bytes) => this.#message(bytes.toString()));
    socket.on("close", () => this.#fail(new Error("the connection is closed")));
    return { snapshot, socket };
  }

  async #join(since) {
    const { role, key, member, language } = this;
    const pass = member ? {} : this.pass;
    const answer = await this.command({ cmd: "join", role, key, member, ...pass, language, since });
    this.member = answer.member ?? this.member;
    this.minute = answer.minute;
    this.passKey = answer.pass_key;
    if (answer.resync && since !== undefined) {
      throw new Error(`join since ${since} was answered with resync`);
    }
    return answer;
  }

  #message(text) {
    const message = JSON.parse(text);
    if ("id" in message) {
      // What was no message has no id: the answer then is for the oldest.
      const id = message.id ?? this.waiting.keys().next().value;
      const { resolve } = this.waiting.get(id) ?? assert.fail(`an answer to nothing: ${text}`);
      this.waiting.delete(id);
      resolve(message);
    } else if ("changes" in message) {
      this.frames.push(message);
      this.frameTexts.push(text);
      this.view.apply(message);
    } else if ("bye" in message) {
      this.bye = message.bye;
    } else if (message.resync) {
      this.resync = true;
    } else {
      this.trouble = new Error(`a message of an unknown kind: ${text}`);
    }
  }

  #fail(error) {
    this.waiting.forEach(({ reject }) => reject(error));
    this.waiting.clear();
  }

  // The whole answer, ok or error.
  async try(command) {
    if (this.socket.readyState !== this.socket.OPEN) {
      throw new Error("the connection is closed");
    }
    const id = this.nextId++;
    const answered = new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    answered.catch(() => {});
    this.socket.send(padded(JSON.stringify({ ...command, id })));
    return within(15, answered, `the answer to ${command.cmd}`);
  }

  // What `ok` says; throws Refused.
  async command(command) {
    const answer = await this.try(command);
    if (answer.error) {
      throw new Refused(command, answer.error);
    }
    return answer.ok;
  }

  async refused(command, ...codes) {
    const answer = await this.try(command);
    const said = `${command.cmd}: ${JSON.stringify(answer)}, not ${codes.join(" or ")}`;
    assert.ok(codes.includes(answer.error?.code), said);
    assert.ok(answer.error.message.length > 5, "a refusal has a sentence");
  }

  // Returns the question's key once it is acknowledged; its number comes with the release.
  async ask(text, members = {}) {
    const question = this.seed.question();
    await this.command(question.ask({ text, ...members }));
    return question;
  }
  async edit(question, rev, text) {
    await this.command(question.edit(rev, text));
  }
  async withdraw(question, rev = 1) {
    await this.command(question.withdraw(rev));
  }
  async vote(n) {
    await this.command({ cmd: "vote", n });
  }
  async unvote(n) {
    await this.command({ cmd: "unvote", n });
  }

  byTag(tag) {
    return [...this.view.questions.values()].find((question) => question.tag === tag);
  }

  // The released question as this view shows it.
  released(question) {
    return this.until(() => this.byTag(question.tag), "the question is released");
  }

  async until(wanted, what, seconds) {
    return until(
      () => {
        if (this.trouble) {
          throw this.trouble;
        }
        return wanted(this.view);
      },
      what,
      seconds,
    );
  }

  async close() {
    this.socket.close();
    await within(10, this.closed, "the socket closes");
  }
}
