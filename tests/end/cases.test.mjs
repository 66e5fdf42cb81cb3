// The case files of tests/protocol/ against the real server: each case says its message over a socket
// and then once more by POST. Refused twice is refused alike; done twice is done once.
// What the files' words mean stands in tests/unit/wire/cases.c.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { Event } from "../lib/event.mjs";
import { Bare, frame } from "../lib/frames.mjs";
import { bearer, request } from "../lib/http.mjs";
import { Seed, text, u32, unb64 } from "../lib/keys.mjs";
import { Server } from "../lib/server.mjs";

const cases = (name) =>
  JSON.parse(readFileSync(new URL(`../protocol/${name}.json`, import.meta.url)));
let server, createKey;

before(async () => {
  server = await Server.start({ args: ["--threads", "2"] });
  createKey = (await until(() => /#k=([\w-]{22})/.exec(server.log), "the create link"))[1];
});
after(() => server?.stop());

function create(body) {
  const headers = bearer(createKey);
  return request(`${server.url}/events`, { method: "POST", headers, body: JSON.stringify(body) });
}

// An event with two questions, and whoever speaks there.
class Place {
  static async open() {
    const place = new Place();
    const body = { title: "Netzwerken in Rostock", hashtags: ["NetzwerkenHRO"] };
    place.event = new Event(server, (await create(body)).json);
    place.sockets = new Map();
    place.questions = new Map();
    await place.event.settle({ moderation: "after", release: 0 });
    const { event } = await place.event.snapshot();
    place.seed = new Seed(event.id);
    const asker = (await place.event.post({ cmd: "join" })).ok.member;
    for (const [name, words] of [
      ["one", "Wie finden wir uns wieder?"],
      ["two", "Which networks will still be around?"],
    ]) {
      const { ok } = await place.event.post(place.named(name).ask({ text: words }), asker);
      assert.deepEqual(ok, {});
      const moderator = place.event.keys.moderator;
      const released = ({ questions }) => questions.some((each) => each.text === words);
      await place.event.snapshotWhere(released, "its release", moderator);
    }
    place.member = (await place.event.post({ cmd: "join" })).ok.member;
    return place;
  }

  named(name) {
    if (!this.questions.has(name)) {
      this.questions.set(name, this.seed.question());
    }
    return this.questions.get(name);
  }

  async socket(as) {
    if (!this.sockets.has(as)) {
      const bare = await Bare.open(this.event);
      this.sockets.set(as, bare);
      if (as !== "nobody") {
        const key = this.event.keys[as];
        const { ok } = await bare.say({ cmd: "join", id: 0, role: as, ...(key ? { key } : {}) });
        bare.bearer = key ?? ok.member;
      }
    }
    return this.sockets.get(as);
  }

  filled(value) {
    if (Array.isArray(value)) {
      return value.map((each) => this.filled(each));
    }
    if (value?.times !== undefined) {
      return value.repeat.repeat(value.times);
    }
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, this.filled(each)]),
      );
    }
    const [, word, name] = /^\$(\w+)(?::(\w+))?$/.exec(value) ?? [];
    const known = {
      key: () => this.named(name).key,
      salt: () => this.named(name).salt,
      member: () => this.member,
      slug: () => this.event.slug,
      organiser: () => this.event.keys.organiser,
      moderator: () => this.event.keys.moderator,
      stage: () => this.event.keys.stage,
    };
    return known[word]?.() ?? value;
  }

  signed(message, signer) {
    const [placed, how] = /^\$sign(?::(\w+))?$/.exec(message.sig) ?? [];
    if (!placed) {
      return message;
    }
    const degree = Number(message.degree) ^ (how === "degree" ? 1 : 0);
    const question = this.named(signer);
    const key = { ...question, sign: question.sign };
    key.secret = how === "key" ? this.named("another").secret : key.secret;
    key.event = how === "event" ? Buffer.from(key.event).fill(7, 0, 1) : key.event;
    const label = how === "label" ? ({ edit: "withdraw" }[message.cmd] ?? "edit") : message.cmd;
    const words = text(String(how === "text" ? "something else" : message.text));
    const number = (value) => u32(Number(value) >>> 0);
    const fields = {
      ask: () => [unb64(message.salt ?? ""), number(message.talk), Buffer.from([degree]), words],
      edit: () => [number(message.rev), words],
      withdraw: () => [number(message.rev)],
      degree: () => [number(message.rev), Buffer.from([degree])],
    };
    return { ...message, sig: key.sign(label, ...fields[label]()) };
  }

  // The bytes of a message, as the case file has it.
  bytes({ message, raw }) {
    if (message !== undefined) {
      const [, signer = "nobody"] = /^\$key:(\w+)$/.exec(message.key) ?? [];
      const whole = this.filled(message);
      return Buffer.from(JSON.stringify(message.sig ? this.signed(whole, signer) : whole));
    }
    if (raw.hex !== undefined) {
      return Buffer.from(raw.hex, "hex");
    }
    return Buffer.from((raw.text ?? this.filled(raw)).padEnd(raw.pad ?? 0));
  }

  async say({ as, ...said }) {
    const bare = await this.socket(as);
    const before = bare.answers.length;
    bare.send(frame(this.bytes(said)));
    await until(() => bare.answers.length > before || bare.over, "an answer");
    return bare.answers[before] ?? { error: { code: "closed the connection" } };
  }

  async post({ as, ...said }) {
    const { bearer: key } = await this.socket(as);
    const options = { method: "POST", headers: bearer(key), body: this.bytes(said) };
    return (await request(`${this.event.url}/commands`, options)).json;
  }

  close() {
    this.sockets.forEach((bare) => bare.close());
  }
}

const codeOf = ({ ok, error }) => error?.code ?? (ok ? "ok" : "nothing");

// Who spoke before has ended the connection.
const ends = ({ before: earlier = [] }) =>
  earlier.some(({ message }) => ["delete", "link"].includes(message.cmd));

// Said again by POST it means something else, or cannot be said.
const onceOnly = (name, each) =>
  ["join", "delete", "link"].includes(name) || ends(each) || (each.raw?.times ?? 0) > 8192;

async function play(name, each) {
  const place = await Place.open();
  await place.socket(each.as);
  for (const earlier of each.before ?? []) {
    const answer = await place.say(earlier);
    assert.equal(codeOf(answer), "ok", `${each.name}: before: ${JSON.stringify(answer)}`);
  }
  const answer = await place.say(each);
  const mayHangUp = each.expect === "too_long" || ends(each);
  const hungUp = mayHangUp && codeOf(answer) === "closed the connection";
  assert.ok(hungUp || codeOf(answer) === each.expect, `${each.name}: ${JSON.stringify(answer)}`);
  for (const [member, value] of Object.entries(each.answer ?? {})) {
    const said = answer.ok[member];
    assert.ok(said !== undefined, `${each.name}: no ${member}`);
    if (value !== "$any") {
      assert.deepEqual(said, value, each.name);
    }
  }
  if (!onceOnly(name, each)) {
    assert.equal(codeOf(await place.post(each)), each.expect, `${each.name}, by POST`);
  }
  place.close();
}

for (const name of [
  ...["join", "ask", "edit", "withdraw", "degree", "vote", "unvote", "move", "pin", "publish"],
  ...["open", "warn", "post_retry", "post_drop", "settings", "talk_select", "talk_open"],
  ...["talk_add", "talk_rename", "talk_order", "connect", "connect_finish", "connect_password"],
  ...["account_test", "disconnect", "link", "wipe", "delete", "message"],
]) {
  test(name, { timeout: 120_000 }, async () => {
    const all = cases(name);
    assert.ok(all.length > 3);
    for (let at = 0; at < all.length; at += 8) {
      await Promise.all(all.slice(at, at + 8).map((each) => play(name, each)));
    }
  });
}

test("create", async () => {
  for (const { name, message, expect } of cases("create")) {
    const place = { filled: Place.prototype.filled };
    const answer = await create(place.filled(message));
    assert.equal(answer.json.error?.code ?? "ok", expect, name);
    assert.equal(answer.status === 201, expect === "ok", name);
  }
});
