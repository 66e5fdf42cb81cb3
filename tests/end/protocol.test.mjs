// The protocol as its page has it, against the real server with two network threads: joining, frames
// and snapshots, resources and the same by POST; and the shared case files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { random, releaseOver, sleep, until } from "../lib/bounded.mjs";
import { Refused } from "../lib/client.mjs";
import { bearer, request } from "../lib/http.mjs";
import { b64, Seed, unb64 } from "../lib/keys.mjs";
import { ballotOf } from "../lib/secrets.mjs";
import { Server } from "../lib/server.mjs";
import { stateOf } from "../lib/view.mjs";

const cases = (name) =>
  JSON.parse(readFileSync(new URL(`../protocol/${name}.json`, import.meta.url)));
let server;

before(async () => {
  server = await Server.start({ args: ["--threads", "2"] });
});
after(() => server?.stop());

test("this client makes the bytes of the shared vectors", () => {
  const { seed, event, secret, member, ballots, questions } = cases("identity");
  const browser = new Seed(event, unb64(seed));
  for (const { salt, key, talk, degree, text, ask, edits } of questions) {
    const question = browser.question(unb64(salt));
    assert.equal(question.key, key);
    assert.equal(question.ask({ text, talk, degree }).sig, ask);
    for (const { rev, text: later, edit, withdraw } of edits) {
      assert.equal(question.edit(rev, later).sig, edit);
      assert.equal(question.withdraw(rev).sig, withdraw);
    }
  }
  for (const { number, ballot } of ballots) {
    assert.equal(b64(ballotOf(unb64(secret), unb64(member.token), number)), ballot);
  }
});

test("texts: what is in normal form is taken, the rest refused", async () => {
  const event = await server.event({ hashtag: "Texte" });
  const member = await event.join();
  const taken = [];
  for (const { name, raw, normal, graphemes } of cases("text")) {
    const question = member.seed.question();
    const { ok, error } = await member.try(question.ask({ text: raw }));
    const long = graphemes > 500 || Buffer.byteLength(raw) > 3000;
    const code =
      raw !== normal ? ["bad_text", "too_long", "bad_message"] : long ? ["too_long"] : [undefined];
    assert.ok(code.includes(error?.code), `${name}: ${JSON.stringify(error ?? ok)}`);
    if (ok) {
      taken.push([name, question, normal]);
    }
  }
  assert.ok(taken.length > 5);
  for (const [name, question, normal] of taken) {
    assert.equal((await member.released(question)).text, normal, name);
  }
  await member.close();
});

describe("joining", () => {
  let event;
  before(async () => {
    event = await server.event({ hashtag: "Joinen" });
  });

  test("a new member gets a token, an old one keeps it", async () => {
    const fresh = await event.join();
    assert.match(fresh.member, /^[\w-]{43}$/);
    assert.ok(Math.abs(fresh.minute - Date.now() / 60_000) < 2);
    const again = await event.join({ member: fresh.member });
    assert.equal(again.member, fresh.member);
    await fresh.close();
    await again.close();
  });
  test("without since, too old, or from the future: resync, on the same socket", async () => {
    const client = await event.join();
    for (const since of [undefined, client.view.seq + 1000]) {
      const answer = await client.command({ cmd: "join", member: client.member, since });
      assert.equal(answer.resync, true);
    }
    const { seq } = await event.snapshot();
    const answer = await client.command({ cmd: "join", member: client.member, since: seq });
    assert.equal(answer.resync, undefined);
    const question = await client.ask("Nach dem Wiederkommen?");
    await client.released(question);
    await client.close();
  });
  test("by since, the frames in between come", async () => {
    const early = await event.join();
    const snapshot = await event.snapshot();
    for (let n = 0; n < 5; n++) {
      await early.released(await early.ask(`Dazwischen ${n}?`));
    }
    const late = await event.join({ since: false }); // so that nothing comes before it says since when
    late.view.take(snapshot);
    await late.command({ cmd: "join", member: late.member, since: snapshot.seq });
    await late.until((view) => view.seq >= early.view.seq, "what was missed");
    await early.until((view) => view.seq >= late.view.seq, "and what came since");
    assert.ok(!late.view.gap);
    assert.deepEqual(late.view.state, early.view.state);
    await early.close();
    await late.close();
  });
  test("answers and refusals in the reader’s language", async () => {
    const [german, english] = await Promise.all([
      event.join({ language: "de" }),
      event.join({ language: "en" }),
    ]);
    const de = (await german.try({ cmd: "wipe" })).error.message;
    const en = (await english.try({ cmd: "wipe" })).error.message;
    assert.notEqual(de, en);
    await german.close();
    await english.close();
  });
});

describe("views", () => {
  test("frames over an early snapshot give the late snapshot, in both views", async () => {
    const event = await server.event({ hashtag: "Gleichheit", moderation: "before", release: 1 });
    const witnesses = {
      public: await event.join(),
      staff: await event.joinStaff("moderator"),
      stage: await event.joinStaff("stage"),
    };
    const people = await Promise.all(Array.from({ length: 6 }, () => event.join()));
    const dice = random(17);
    const staff = witnesses.staff;
    const asked = [];
    for (let round = 0; round < 4; round++) {
      for (const person of people) {
        asked.push({
          person,
          question: await person.ask(`Runde ${round}: ${dice(1000)}?`),
          rev: 0,
        });
      }
      await sleep(1200);
      for (const { n, state } of [...staff.view.questions.values()]) {
        const ways = {
          pending: ["listed", "listed", "declined"],
          listed: ["answering", "hidden", "answered", "listed"],
          answering: ["answered", "listed"],
          answered: ["listed"],
          declined: ["pending"],
          hidden: ["listed"],
        }[state];
        const to = ways[dice(ways.length)];
        if (to !== state) {
          await staff.try({
            cmd: "move",
            n,
            from: state,
            to,
            ...(to === "declined" ? { reason: "duplicate" } : {}),
            ...(to === "answered" && dice(2) ? { answer: "Ja." } : {}),
          });
        }
        await people[dice(people.length)].try({ cmd: "vote", n });
        await staff.try({ cmd: "pin", n, on: dice(3) === 0 });
      }
      const entry = asked[dice(asked.length)];
      await entry.person.try(entry.question.edit(++entry.rev, `Anders ${round}?`));
      const leaving = asked[dice(asked.length)];
      await leaving.person.try(leaving.question.withdraw(leaving.rev + 1));
      const { talk } = await event.organise("talk_add", { title: `Vortrag ${round}` });
      await event.organise("talk_order", {
        order: [talk, ...staff.view.talks.map(({ id }) => id).filter((id) => id !== talk)].sort(
          (a, b) => b - a,
        ),
      });
      await event.moderate("talk_open", { talk, open: round % 2 === 0 });
      await event.organise("settings", { title: `Gleichheit ${round}` });
    }
    await sleep(2500); // late vote totals, the last release
    for (const [name, witness] of Object.entries(witnesses)) {
      assert.ok(!witness.view.gap && !witness.resync, name);
      const snapshot = await event.snapshot(name === "staff" ? event.keys.moderator : undefined);
      assert.deepEqual(witness.view.state, stateOf(snapshot), name);
    }
    const texts = witnesses.public.frameTexts.join();
    for (const question of staff.view.questions.values()) {
      const seen = witnesses.public.view.questions.get(question.n);
      const shown = ["listed", "answering", "answered"].includes(question.state);
      assert.equal(seen.text, shown ? question.text : undefined);
      assert.equal(seen.state, question.state);
    }
    assert.doesNotMatch(texts, /"key"|"salt"|"sig"/);
    const mine = witnesses.public.frames.map(({ from, seq }) => [from, seq]);
    const theirs = people[0].frames.map(({ from, seq }) => [from, seq]);
    assert.deepEqual(
      theirs.slice(-mine.length),
      mine.slice(-theirs.length),
      "the same frames for all of a view",
    );
    for (const client of [...Object.values(witnesses), ...people]) {
      await client.close();
    }
  });
  test("a pending question: number, state, tag to all, text to staff", async () => {
    const event = await server.event({ hashtag: "Wartend", moderation: "before" });
    const [asker, moderator] = await Promise.all([event.join(), event.joinStaff()]);
    const question = await asker.ask("Noch nicht gezeigt?");
    const seen = await asker.released(question);
    assert.deepEqual(seen, { n: seen.n, talk: 1, tag: question.tag, state: "pending", rev: 0 });
    assert.equal((await moderator.released(question)).text, "Noch nicht gezeigt?");
    assert.equal((await request(`${event.url}/q/${seen.n}`)).status, 404);
    await event.move(seen.n, "pending", "declined", { reason: "off_topic" });
    await asker.until((view) => view.questions.get(seen.n).reason === "off_topic", "the reason");
    assert.equal(asker.byTag(question.tag).text, undefined);
    await event.move(seen.n, "declined", "pending");
    await event.move(seen.n, "pending", "listed");
    await asker.until(
      (view) => view.questions.get(seen.n).text === "Noch nicht gezeigt?",
      "it is shown",
    );
    await asker.edit(question, 1, "Geändert, also wieder zu prüfen?");
    await asker.until(
      (view) => view.questions.get(seen.n).state === "pending",
      "edited: pending again",
    );
    assert.equal(asker.byTag(question.tag).text, undefined);
    await moderator.until((view) => view.questions.get(seen.n).edited, "staff sees the edit");
    await asker.close();
    await moderator.close();
  });
  test("nothing of a question before its release, for nobody", async () => {
    const event = await server.event({ hashtag: "Takt", release: 4 });
    const clients = [await event.join(), await event.join(), await event.joinStaff()];
    const [asker, other] = clients;
    const slot = () => Math.floor(Date.now() / 4000);
    for (let tries = 1; ; tries++) {
      await releaseOver(4);
      const began = slot();
      const seen = clients.map(({ view }) => view.questions.size);
      const questions = [
        await asker.ask(`Eins, ${tries}?`),
        await other.ask(`Zwei, ${tries}?`),
        await asker.ask(`Drei, ${tries}?`),
      ];
      await sleep(1200);
      const still = clients.map(({ view }) => view.questions.size);
      const read = [(await event.staff).questions.length, (await event.publicKeys()).length];
      for (const client of clients) {
        await Promise.all(questions.map((question) => client.released(question)));
        const frames = client.frames.filter(({ changes }) =>
          changes.some(({ tag }) => questions.some((question) => question.tag === tag)),
        );
        assert.equal(frames.length, 1, "all come together");
      }
      // On a slow machine the asking may have met a release: then it says nothing.
      if (slot() === began + 1 && tries < 4) {
        assert.deepEqual(still, seen);
        assert.deepEqual(read, [seen[2], seen[2]]);
        break;
      }
      assert.ok(tries < 4, "never quick enough to look before the release");
    }
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe("HTTP", () => {
  let event, n;
  before(async () => {
    event = await server.event({ hashtag: "Ressourcen" });
    [n] = await event.fill(['Was ist <b>fett</b> & "gut"?']);
  });
  test("POST is the same as the socket", async () => {
    const joined = await event.post({ cmd: "join" });
    assert.match(joined.ok.member, /^[\w-]{43}$/);
    const question = new Seed((await event.snapshot()).event.id).question();
    const asked = await event.post(question.ask({ text: "Per POST?" }), joined.ok.member);
    assert.deepEqual([asked.status, asked.ok], [200, {}]);
    const voted = await event.post({ cmd: "vote", n }, joined.ok.member);
    assert.deepEqual(voted, { status: 200, id: 1, ok: {} });
    await event.snapshotWhere(
      ({ questions }) => questions.find((q) => q.n === n).votes === 1,
      "the vote",
    );
  });
  test("the snapshot: ETag, gzip, whom it may be kept by", async () => {
    const first = await request(`${event.url}/snapshot`);
    const { etag } = first.headers;
    assert.match(etag, /^(W\/)?"[^"]+"$/);
    const same = await request(`${event.url}/snapshot`, { headers: { "if-none-match": etag } });
    assert.equal(same.status, 304);
    const staff = await request(`${event.url}/snapshot`, { headers: bearer(event.keys.moderator) });
    assert.match(staff.headers["cache-control"], /private/);
    assert.match(staff.headers["cache-control"], /no-store/);
    assert.doesNotMatch(first.headers["cache-control"] ?? "", /max-age=(?![0-5]\b)\d/);
    await event.fill(
      Array.from({ length: 30 }, (_, at) => `Eine längere Frage ${at}, damit es sich lohnt?`),
    );
    const zipped = await until(async () => {
      const answer = await request(`${event.url}/snapshot`, {
        headers: { "accept-encoding": "gzip" },
      });
      return answer.headers["content-encoding"] === "gzip" && answer;
    }, "a compressed snapshot");
    // A snapshot may be a second old.
    await until(
      async () => (await request(`${event.url}/snapshot`)).headers.etag !== etag,
      "other bytes, another ETag",
    );
    assert.match(zipped.headers.vary ?? "", /accept-encoding/i);
    for (const key of [b64(new Uint8Array(16)), event.keys.stage]) {
      const { status } = await request(`${event.url}/snapshot`, { headers: bearer(key) });
      assert.ok([200, 401, 403].includes(status));
    }
  });
  test("addresses", async () => {
    const short = await request(`${server.url}/${event.slug}`);
    assert.equal(short.status, 302);
    assert.match(short.headers.location, new RegExp(`/e/${event.slug}$`));
    for (const path of ["", "/moderator", "/stage", "/organiser", `/q/${n}`]) {
      const page = await request(event.url + path);
      assert.equal(page.status, 200, path);
      assert.match(page.headers["content-type"], /^text\/html; charset=utf-8$/i);
      assert.match(
        page.headers["content-security-policy"],
        /default-src 'none'|default-src 'self'/,
      );
      assert.doesNotMatch(page.headers["content-security-policy"], /unsafe-inline|unsafe-eval|\*/);
      assert.equal(page.headers["referrer-policy"], "no-referrer");
      assert.equal(page.headers["x-content-type-options"], "nosniff");
      assert.equal(page.headers["set-cookie"], undefined);
      assert.doesNotMatch(page.text, /<b>fett/);
    }
  });
});

describe("addresses of OAuth", () => {
  test("the callback page: kept by nobody, whatever the query", async () => {
    const code = "c".repeat(6000);
    for (const query of [
      "",
      "?error=access_denied",
      `?code=${code}&state=s&iss=https%3A%2F%2Fx.example`,
    ]) {
      const page = await request(`${server.url}/oauth/callback${query}`);
      assert.equal(page.status, 200, query.slice(0, 20));
      assert.match(page.headers["content-type"], /^text\/html/);
      assert.match(
        page.headers["content-security-policy"],
        /^default-src 'none'; script-src 'self'/,
      );
      assert.equal(page.headers["cache-control"], "no-store");
      assert.equal(page.headers["referrer-policy"], "no-referrer");
      assert.ok(!page.text.includes("cccc"));
    }
    assert.ok(!server.log.includes("cccc"));
  });
  test("client metadata are for https alone", async () => {
    const { status, json } = await request(`${server.url}/oauth/client.json`);
    assert.deepEqual([status, json.error.code], [404, "unknown"]);
    const public_ = await Server.start({ args: ["--public-url", "https://raute.example"] });
    const answer = await request(`${public_.url}/oauth/client.json`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["content-type"], "application/json");
    assert.equal(answer.json.client_id, "https://raute.example/oauth/client.json");
    assert.deepEqual(answer.json.redirect_uris, ["https://raute.example/oauth/callback"]);
    await public_.stop();
  });
});

test("every thread serves the same event", async () => {
  const event = await server.event({ hashtag: "Faeden" });
  const crowd = await Promise.all(Array.from({ length: 24 }, () => event.join()));
  const asked = await Promise.all(crowd.map((person, at) => person.ask(`Von ${at}?`)));
  for (const person of crowd) {
    for (const question of asked) {
      await person.released(question);
    }
  }
  const [first] = crowd[0].view.questions.keys();
  await Promise.all(crowd.map((person) => person.vote(first)));
  for (const person of crowd) {
    await person.until(
      (view) => view.questions.get(first).votes === crowd.length,
      "every vote, everywhere",
    );
  }
  await assert.rejects(crowd[0].command({ cmd: "wipe" }), Refused);
  await Promise.all(crowd.map((person) => person.close()));
});
