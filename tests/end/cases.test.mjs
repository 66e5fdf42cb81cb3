// The case files of tests/protocol/ against the real server: each case says its message over a socket
// and then once more by POST. Refused twice is refused alike; done twice is done once.
// What the files' words mean stands in tests/unit/wire/cases.c.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { until } from "../lib/bounded.mjs";
import { Event } from "../lib/event.mjs";
import { Bare, frame } from "../lib/frames.mjs";
import { bearer, request } from "../lib/http.mjs";
import * as cards from "../lib/cards.mjs";
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

const number = (value) => u32(Number(value) >>> 0);
const bytes = (value) => unb64(typeof value === "string" ? value : "");
const words = (value) => text(String(value));
const degree = (value) => cards.u8(Number(value) & 255);

// Which messages are signed: by the card?, with which label (and what it is mixed up with), over what.
const signings = {
  ask: () => [
    false,
    "ask",
    "edit",
    (m) => [bytes(m.key), bytes(m.salt), number(m.talk), degree(m.degree), words(m.text)],
  ],
  edit: () => [false, "edit", "withdraw", (m) => [bytes(m.key), number(m.rev), words(m.text)]],
  withdraw: () => [false, "withdraw", "edit", (m) => [bytes(m.key), number(m.rev)]],
  degree: () => [
    false,
    "degree",
    "edit",
    (m) => [bytes(m.key), number(m.rev), degree(m.degree)],
  ],
  card: () => [
    true,
    "card",
    "card-delete",
    ({ name = "", accounts = [], rev = 0, ...m }) =>
      cards.cardFields({ ...m, name, rev, accounts: accounts.map(String) }),
  ],
  card_delete: () => [true, "card-delete", "withdraw", (m) => [bytes(m.card), number(m.rev)]],
  claim: (_, member) =>
    member === "sig"
      ? [false, "claim-question", "claim-card", claimed]
      : [true, "claim-card", "claim-question", claimed],
  unclaim: ({ by }) =>
    by === "card"
      ? [true, "unclaim-card", "unclaim-question", unclaimed]
      : [false, "unclaim-question", "unclaim-card", unclaimed],
  interest: () => [
    true,
    "interest",
    "card",
    (m) => [bytes(m.card), number(m.n), number(m.minute), degree(m.scope)],
  ],
};
const claimed = (m) => cards.claimFields({ ...m, rev: Number(m.rev) >>> 0, minute: Number(m.minute) >>> 0 });
const unclaimed = (m) => [bytes(m.key), bytes(m.card), number(m.rev)];

// An event with two questions, and whoever speaks there.
class Place {
  static async open() {
    const place = new Place();
    const body = { title: "Netzwerken in Rostock", hashtags: ["NetzwerkenHRO"] };
    place.event = new Event(server, (await create(body)).json);
    place.sockets = new Map();
    place.questions = new Map();
    place.cards = new Map();
    await place.event.settle({ moderation: "after", release: 0 });
    const { event } = await place.event.snapshot();
    place.id = event.id;
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

  card(name) {
    if (!this.cards.has(name)) {
      this.cards.set(name, new cards.CardKey(this.id));
    }
    return this.cards.get(name);
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
    const [, word, name] = /^\$(\w+)(?::(.+))?$/.exec(value) ?? [];
    const known = {
      card: () => this.card(name).card,
      minute: () => cards.minuteNow() + Number(name ?? 0),
      hash: () => cards.textHash(unb64(this.id), name),
      code: () => this.code,
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

  // The message with its signatures: by the question and the card that the case names.
  signed(message, { key = "$key:nobody", card = "$card:nobody" }) {
    const signed = { ...message };
    const question = this.named(key.split(":")[1] ?? "nobody");
    const owner = this.card(card.split(":")[1] ?? "nobody");
    for (const member of ["sig", "card_sig"]) {
      const [placed, wrong] = /^\$sign(?::(\w+))?$/.exec(message[member]) ?? [];
      const [byCard, label, other, layout] = signings[message.cmd]?.(message, member) ?? [];
      if (!placed || !layout) {
        continue;
      }
      const secret = wrong === "key" ? this.named("another").secret : (byCard ? owner : question).secret;
      const event = Buffer.from(unb64(this.id));
      event[0] ^= wrong === "event" ? 1 : 0;
      const known = ["key", "event", "label", undefined].includes(wrong);
      const meant = known ? message : { ...message, [wrong]: this.altered(message[wrong], wrong) };
      signed[member] = cards.signature(secret, wrong === "label" ? other : label, event, layout(meant));
    }
    return signed;
  }

  altered(value, member) {
    if (typeof value === "number") {
      return (value ^ 1) >>> 0;
    }
    if (typeof value === "boolean") {
      return !value;
    }
    if (Array.isArray(value)) {
      return ["another@example.org"];
    }
    return ["card", "hash"].includes(member) ? this.named("another").key : "something else";
  }

  // The bytes of a message, as the case file has it.
  bytes({ message, raw }) {
    if (message !== undefined) {
      return Buffer.from(JSON.stringify(this.signed(this.filled(message), message)));
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
    place.code = answer.ok.codes?.[0] ?? place.code;
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

// Each waits for a release and for snapshots: so many wait together.
describe("by socket and by POST", { concurrency: 4 }, () => {
  for (const name of [
    ...["card", "card_delete", "card_hide", "claim", "unclaim", "interest", "tickets", "pass"],
    ...["own_login", "own_finish", "prove", "take_home"],
    ...["join", "ask", "edit", "withdraw", "degree", "vote", "unvote", "move", "pin", "publish"],
    ...["open", "warn", "post_retry", "post_drop", "settings", "talk_select", "talk_open"],
    ...["talk_add", "talk_rename", "talk_order", "connect", "connect_finish", "connect_password"],
    ...["account_test", "disconnect", "link", "wipe", "delete", "message"],
  ]) {
    test(name, { timeout: 120_000 }, async () => {
      const all = cases(name);
      assert.ok(all.length > 3);
      for (let at = 0; at < all.length; at += 24) {
        await Promise.all(all.slice(at, at + 24).map((each) => play(name, each)));
      }
    });
  }
});

test("create", async () => {
  for (const { name, message, expect } of cases("create")) {
    const place = { filled: Place.prototype.filled };
    const answer = await create(place.filled(message));
    assert.equal(answer.json.error?.code ?? "ok", expect, name);
    assert.equal(answer.status === 201, expect === "ok", name);
  }
});
