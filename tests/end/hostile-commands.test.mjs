// Well-formed commands that nobody may give: of another role, with a wrong signature, about what is
// not there. Each gets its code, and the next client notices nothing.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { Bare } from "../lib/frames.mjs";
import { b64, Seed, unb64 } from "../lib/keys.mjs";
import { Server } from "../lib/server.mjs";

let server, event, other, first;

before(async () => {
  server = await Server.start();
  event = await server.event();
  other = await server.event({ hashtag: "Nebenan" });
  [first] = await event.fill(["Bleibt diese Frage unberührt?"]);
  await other.fill(Array.from({ length: 5 }, (_, n) => `Frage nebenan ${n}`));
});
after(() => server?.stop());
afterEach(() => server.healthy(event));

describe("who may not", () => {
  test("nothing goes before joining", async () => {
    const bare = await Bare.open(event);
    const answer = await bare.say({ cmd: "vote", id: 1, n: first });
    assert.equal(answer.error.code, "not_joined");
    bare.close();
  });
  test("a role without its key, or with another one", async () => {
    const keyOf = { ...event.keys };
    const cases = [
      { role: "moderator", key: undefined },
      { role: "moderator", key: keyOf.organiser },
      { role: "moderator", key: keyOf.stage },
      { role: "organiser", key: keyOf.moderator },
      { role: "stage", key: b64(new Uint8Array(16)) },
      { role: "moderator", key: other.keys.moderator },
    ];
    for (const { role, key } of cases) {
      const bare = await Bare.open(event);
      const answer = await bare.say({ cmd: "join", id: 1, role, ...(key ? { key } : {}) });
      assert.match(answer.error.code, /^forbidden$|^bad_message$/, `${role} with ${key}`);
      bare.close();
    }
  });
  test("an unknown role", async () => {
    const bare = await Bare.open(event);
    const { error } = await bare.say({ cmd: "join", id: 2, role: "king" });
    assert.match(error.code, /^bad_message$|^bad_value$/);
    bare.close();
  });
  test("a member token that was made up, or belongs to another event", async () => {
    const elsewhere = await other.join();
    for (const member of [elsewhere.member, b64(new Uint8Array(32))]) {
      const bare = await Bare.open(event);
      const answer = await bare.say({ cmd: "join", id: 1, member });
      assert.equal(answer.error.code, "forbidden");
      bare.close();
    }
    elsewhere.close();
  });
  test("commands of another role", async () => {
    const audience = await event.join();
    const moderator = await event.joinStaff("moderator");
    const stage = await event.joinStaff("stage");
    const question = audience.seed.question();
    const staffOnly = [
      { cmd: "move", n: first, from: "listed", to: "hidden" },
      { cmd: "pin", n: first, on: true },
      { cmd: "talk_select", from: 1, to: 1 },
      { cmd: "talk_open", talk: 1, open: false },
    ];
    const organiserOnly = [
      { cmd: "talk_add", title: "Noch einer" },
      { cmd: "talk_rename", talk: 1, title: "Anders" },
      { cmd: "talk_order", order: [1] },
      { cmd: "settings", title: "Anders" },
      { cmd: "link", role: "moderator" },
      { cmd: "wipe" },
      { cmd: "delete", slug: event.slug },
    ];
    for (const command of [...staffOnly, ...organiserOnly]) {
      await audience.refused(command, "forbidden");
      await stage.refused(command, "forbidden");
    }
    for (const command of [
      ...organiserOnly,
      question.ask({ text: "Darf ich?" }),
      { cmd: "vote", n: first },
    ]) {
      await moderator.refused(command, "forbidden");
    }
    await stage.refused(question.ask({ text: "Darf ich?" }), "forbidden");
    await stage.refused({ cmd: "vote", n: first }, "forbidden");
    for (const client of [audience, moderator, stage]) {
      await client.close();
    }
  });
  test("the same by POST", async () => {
    const audience = await event.join();
    const cases = [
      [{ cmd: "wipe" }, undefined, "not_joined"],
      [{ cmd: "wipe" }, event.keys.moderator, "forbidden"],
      [{ cmd: "wipe" }, other.keys.organiser, "forbidden"],
      [{ cmd: "wipe" }, audience.member, "forbidden"],
      [{ cmd: "wipe" }, "no-key", "forbidden"],
      [{ cmd: "vote", n: first }, undefined, "not_joined"],
    ];
    for (const [command, key, code] of cases) {
      const { error, status } = await event.post(command, key);
      assert.equal(error?.code, code, JSON.stringify(command));
      assert.equal(status, code === "forbidden" ? 403 : 400);
    }
    await audience.close();
  });
});

describe("signatures", () => {
  let asker, question;
  before(async () => {
    asker = await event.join();
    question = asker.seed.question();
  });
  after(() => asker.close());

  test("a wrong one", async () => {
    const ask = question.ask({ text: "Echt?" });
    const bytes = unb64(ask.sig);
    for (const at of [0, 31, 32, 63]) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1;
      await asker.refused({ ...ask, sig: b64(changed) }, "bad_signature");
    }
    await asker.refused({ ...ask, sig: b64(new Uint8Array(64)) }, "bad_signature");
  });
  test("one that signed something else", async () => {
    const ask = question.ask({ text: "Echt?" });
    const stranger = asker.seed.question();
    for (const changed of [
      { text: "Unecht?" },
      { degree: 1 },
      { salt: stranger.salt },
      { key: stranger.key },
      { sig: question.edit(1, "Echt?").sig },
    ]) {
      await asker.refused({ ...ask, ...changed }, "bad_signature");
    }
  });
  test("one from another event", async () => {
    const { event: there } = await other.snapshot();
    const elsewhere = new Seed(there.id, asker.seed.seed);
    await asker.refused(elsewhere.question().ask({ text: "Echt?" }), "bad_signature");
  });
  test("S + L, which some libraries take", async () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const ask = question.ask({ text: "Echt?" });
    const bytes = unb64(ask.sig);
    let sum = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString("hex")}`) + order;
    for (let at = 32; at < 64; at++, sum >>= 8n) {
      bytes[at] = Number(sum & 255n);
    }
    await asker.refused({ ...ask, sig: b64(bytes) }, "bad_signature");
  });
  test("keys that are no points of the prime-order group", async () => {
    const hex = [
      "00".repeat(32), // order 4
      `01${"00".repeat(31)}`, // the identity
      `ec${"ff".repeat(30)}7f`, // order 2
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", // order 8
      `ed${"ff".repeat(30)}7f`, // not canonical: p itself
      "ff".repeat(32),
      `02${"00".repeat(31)}`, // not on the curve
    ];
    for (const key of hex) {
      const ask = { ...question.ask({ text: "Echt?" }), key: b64(Buffer.from(key, "hex")) };
      await asker.refused(ask, "bad_key");
    }
  });
  test("replayed", async () => {
    const fresh = asker.seed.question();
    const ask = fresh.ask({ text: "Einmal gefragt" });
    await asker.command(ask);
    const { n } = await asker.released(fresh);
    const stranger = await event.join();
    assert.ok((await stranger.try(ask)).ok, "again is once, whoever sends it");
    const edit = fresh.edit(1, "Einmal geändert");
    await asker.command(edit);
    await stranger.command(edit);
    await asker.command(fresh.edit(2, "Zweimal geändert"));
    await stranger.refused(edit, "stale");
    await asker.until(
      (view) => view.questions.get(n)?.text === "Zweimal geändert",
      "the last edit stands",
    );
    assert.equal(
      [...asker.view.questions.values()].filter(({ tag }) => tag === fresh.tag).length,
      1,
    );
    await asker.refused(fresh.edit(9, "Zu weit voraus"), "stale");
    await asker.withdraw(fresh, 3);
    await stranger.command(fresh.withdraw(3));
    await stranger.refused(ask, "gone");
    await stranger.refused(edit, "gone");
    await stranger.refused({ cmd: "vote", n }, "unknown", "gone");
    await stranger.close();
  });
  test("base64 that is not exact", async () => {
    const ask = question.ask({ text: "Echt?" });
    const spoiled = {
      "with padding": { salt: `${ask.salt}==` },
      "too short": { salt: ask.salt.slice(0, -1) },
      "too long": { salt: `${ask.salt}AA` },
      "of the other alphabet": { salt: "+/+/+/+/+/+/+/+/+/+/+w" },
      "with stray bits": { salt: `${"A".repeat(21)}B` },
      "with a space": { salt: ` ${ask.salt.slice(1)}` },
      empty: { sig: "" },
      "as long as a key": { sig: ask.key },
    };
    for (const [name, changed] of Object.entries(spoiled)) {
      const { error } = await asker.try({ ...ask, ...changed });
      assert.equal(error?.code, "bad_encoding", name);
    }
  });
});

describe("texts", () => {
  const bad = {
    empty: "",
    "only spaces": "   ",
    "a space in front": " Warum?",
    "a space behind": "Warum? ",
    "two spaces": "Warum  nicht?",
    "a line break": "Warum\nnicht?",
    "a tab": "Warum\tnicht?",
    "a no-break space": "Warum\u00a0nicht?",
    "not NFC": "Wa\u0308re das gut?",
    "a control character": "Warum\u0007?",
    "a C1 control": "Warum\u0085?",
    DEL: "Warum\u007f?",
    "a direction override": "Warum \u202enicht?",
    "a direction isolate": "Warum \u2066nicht\u2069?",
  };
  test("not in normal form", async () => {
    const asker = await event.join();
    for (const [name, text] of Object.entries(bad)) {
      const { error } = await asker.try(asker.seed.question().ask({ text }));
      assert.equal(error?.code, "bad_text", name);
    }
    await asker.close();
  });
  test("too long", async () => {
    const asker = await event.join();
    const family = "👩‍👩‍👧‍👦";
    await asker.refused(asker.seed.question().ask({ text: "x".repeat(501) }), "too_long");
    await asker.refused(asker.seed.question().ask({ text: family.repeat(121) }), "too_long");
    const longest = await asker.ask("ü".repeat(500));
    const families = await asker.ask(family.repeat(120));
    await asker.withdraw(longest);
    await asker.withdraw(families);
    await asker.close();
  });
});

describe("what is not there", () => {
  test("a question of another event, or of none", async () => {
    const member = await event.join();
    const highest = Math.max(...(await event.publicKeys()).map(([n]) => n), 0);
    for (const n of [highest + 1000, 4294967295]) {
      await member.refused({ cmd: "vote", n }, "unknown");
      await member.refused({ cmd: "unvote", n }, "unknown");
    }
    const { event: there } = await other.snapshot();
    const foreign = new Seed(there.id).question();
    await member.refused(foreign.edit(1, "Fremd"), "bad_signature");
    const own = member.seed.question();
    await member.refused(own.edit(1, "Nie gefragt"), "unknown");
    await member.refused(own.withdraw(1), "unknown");
    await member.refused(own.ask({ text: "In welchem Vortrag?", talk: 77 }), "unknown");
    await member.close();
  });
  test("a vote next door does not count here", async () => {
    const before = (await event.snapshot()).questions.map(({ n, votes }) => [n, votes]);
    const member = await other.join();
    await member.vote(1);
    await member.until((view) => view.questions.get(1).votes === 1, "the vote counts there");
    const now = new Map((await event.snapshot()).questions.map(({ n, votes }) => [n, votes]));
    before.forEach(([n, votes]) => assert.equal(now.get(n), votes));
    await member.close();
  });
  test("a closed talk", async () => {
    const { talk } = await event.organise("talk_add", { title: "Schon vorbei" });
    const member = await event.join();
    const early = await member.ask("Noch schnell?", { talk });
    const { n } = await member.released(early);
    await event.moderate("talk_open", { talk, open: false });
    await member.refused(member.seed.question().ask({ text: "Zu spät?", talk }), "closed");
    await member.refused({ cmd: "vote", n }, "closed");
    await event.moderate("talk_open", { talk, open: true });
    await member.vote(n);
    await member.close();
  });
});
