// The program on the command line: every subcommand, beside a running server and without one.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { freePort, raute, run, scratch, Server } from "../lib/server.mjs";
import { until } from "../lib/bounded.mjs";
import { Event } from "../lib/event.mjs";
import { request } from "../lib/http.mjs";

const roles = ["audience", "moderator", "stage", "organiser"];

async function ok(args, options) {
  const end = await raute(args, options);
  assert.equal(
    end.code,
    0,
    `raute ${args.join(" ")}: ${end.code} ${end.signal}\n${end.out}${end.err}`,
  );
  return end.out;
}

async function fails(args, pattern, options) {
  const end = await raute(args, options);
  assert.ok(end.code > 0 && end.code < 128, `raute ${args.join(" ")}: ${end.code} ${end.signal}`);
  assert.match(end.err, pattern, `raute ${args.join(" ")}`);
  assert.equal(end.out, "", "errors go to stderr");
}

describe("help and errors", () => {
  const commands = [
    [],
    ["serve"],
    ["event", "create"],
    ["event", "list"],
    ["event", "delete"],
    ["event", "links"],
    ["export"],
    ["import"],
    ["verify"],
    ["backup"],
  ];
  for (const words of commands) {
    test(`${["raute", ...words].join(" ")} --help`, async () => {
      const out = await ok([...words, "--help"]);
      assert.ok(out.length > 200, out);
      assert.match(out, words.length ? new RegExp(words.join(" ")) : /raute serve/);
    });
  }
  test("--help names every option of serve with its variable", async () => {
    const out = (await ok(["--help"])) + (await ok(["serve", "--help"]));
    for (const option of [
      "listen",
      "data",
      "public-url",
      "proxy",
      "threads",
      "tls-cert",
      "tls-key",
      "allow-peer",
      "ca-file",
      "plc-url",
      "dns",
      "x-client-id",
      "x-client-secret",
      "x-url",
    ]) {
      assert.match(out, new RegExp(`--${option}\\b`));
      assert.match(out, new RegExp(`RAUTE_${option.toUpperCase().replaceAll("-", "_")}\\b`));
    }
  });
  test("what is wrong is said, and the exit code tells", async () => {
    const data = ["--data", path.join(scratch(), "data")];
    await fails(["dance"], /dance/);
    await fails(["event", "dance"], /event/);
    await fails(["serve", "--dance"], /dance/);
    await fails(["serve", "--listen"], /listen/);
    await fails(["serve", "--listen", "nowhere", ...data], /nowhere|listen/);
    await fails(["serve", "--listen", "127.0.0.1:99999", ...data], /99999|listen/);
    await fails(["serve", "--threads", "many", ...data], /many|threads/);
    await fails(["serve", "--threads", "0", ...data], /threads/);
    await fails(["serve", "--tls-cert", "x.pem", ...data], /tls/i);
    await fails(["serve", "--public-url", "ftp://x", ...data], /public|url/i);
    const peers = Array.from({ length: 17 }, (_, at) => `localhost:${8000 + at}`);
    const each = peers.flatMap((peer) => ["--allow-peer", peer]);
    await fails(["serve", ...each, ...data], /sixteen.*allow-peer/);
    const env = { RAUTE_ALLOW_PEER: peers.join(" ") };
    await fails(["serve", ...data], /sixteen.*allow-peer/, { env });
    const here = ["--listen", `127.0.0.1:${await freePort()}`, ...data];
    await fails(["serve", "--allow-peer", "localhost", ...here], /allow-peer|HOST:PORT/);
    await fails(["serve", "--ca-file", "/gibt/es/nicht.pem", ...here], /ca-file|nicht\.pem/);
    await fails(["serve", "--dns", "nowhere", ...here], /dns/i);
    await fails(["serve", "--plc-url", "ftp://x", ...here], /plc/i);
    await fails(["serve", "--x-url", "nowhere", ...here], /x-url/i);
    await fails(["serve", "--x-client-secret", "s", ...here], /x-client-id/i);
    await fails(["event", "create", ...data], /title|hashtag/i);
    await fails(["event", "create", "--title", "T", "--hashtag", "a b", ...data], /hashtag/i);
    await fails(["event", "links", "gibtesnicht", ...data], /\w/);
    await fails(["event", "delete", "gibtesnicht", ...data], /\w/);
    await fails(["export", "gibtesnicht", "--format", "json", ...data], /\w/);
    await fails(["export", "x", "--format", "xml", ...data], /xml|format/i);
    await fails(["import", "/gibt/es/nicht.json", ...data], /nicht\.json/);
  });
});

for (const beside of [false, true]) {
  describe(beside ? "beside a running server" : "without a server", () => {
    let data, server, links;
    const at = (...words) => [...words, "--data", data];
    const create = async (...words) =>
      JSON.parse(await ok(at("event", "create", "--json", ...words)));

    before(async () => {
      if (beside) {
        server = await Server.start();
        data = server.data;
      } else {
        data = path.join(scratch(), "data");
      }
    });
    after(() => server?.stop());

    test("event create --json", async () => {
      links = await create(
        "--title",
        "Digital vernetzt",
        "--hashtag",
        "NetzwerkenHRO",
        "--slug",
        "hro",
      );
      assert.deepEqual(Object.keys(links).sort(), ["slug", ...roles].sort());
      assert.equal(links.slug, "hro");
      assert.match(links.audience, /^https?:\/\/[^/]+\/e\/hro$/);
      for (const role of roles.slice(1)) {
        assert.match(links[role], new RegExp(`^https?://[^/]+/e/hro/${role}#k=[\\w-]{22}$`));
      }
    });
    test("event create for people", async () => {
      const out = await ok(
        at("event", "create", "--title", "Für Menschen", "--hashtag", "Menschen"),
      );
      assert.match(out, /\/e\/menschen\b/);
      for (const role of roles.slice(1)) {
        assert.match(out, new RegExp(`/e/menschen/${role}#k=[\\w-]{22}`));
      }
    });
    test("slugs: the hashtag in lower case, numbered when taken, ours reserved", async () => {
      const made = [];
      for (let times = 0; times < 3; times++) {
        made.push((await create("--title", "Treffen", "--hashtag", "Treffen")).slug);
      }
      assert.equal(made[0], "treffen");
      assert.equal(new Set(made).size, 3);
      made.slice(1).forEach((slug) => assert.match(slug, /^treffen\d+$/));
      for (const hashtag of ["events", "assets", "healthz", "Äö", "a", "x".repeat(40)]) {
        const { slug } = await create("--title", "Treffen", "--hashtag", hashtag);
        assert.match(slug, /^[a-z0-9]{3,40}$/);
        assert.ok(!["events", "assets", "healthz"].includes(slug), slug);
      }
      for (const slug of [
        "hro",
        "events",
        "assets",
        "healthz",
        "ab",
        "HRO",
        "a-b",
        "../x",
        "ä".repeat(5),
        "x".repeat(41),
      ]) {
        await fails(at("event", "create", "--title", "T", "--hashtag", "H", "--slug", slug), /\w/);
      }
    });
    test("event list", async () => {
      const out = await ok(at("event", "list"));
      assert.match(out, /\bhro\b/);
      assert.match(out, /Digital vernetzt/);
      assert.match(out, /\btreffen\b/);
      assert.doesNotMatch(out, /#k=/, "no keys");
    });
    test("event links makes new ones", async () => {
      const out = await ok(at("event", "links", "hro"));
      for (const role of roles.slice(1)) {
        const link = new RegExp(`\\S+/e/hro/${role}#k=[\\w-]{22}`).exec(out)?.[0];
        assert.ok(link, out);
        assert.notEqual(link, links[role]);
        links[role] = link;
      }
    });
    test("event delete", async () => {
      await ok(at("event", "delete", "menschen"));
      assert.doesNotMatch(await ok(at("event", "list")), /\bmenschen\b/);
      await fails(at("event", "delete", "menschen"), /\w/);
    });
    test("the lock keeps a second server out", async () => {
      if (!beside) {
        return;
      }
      await fails(at("serve", "--listen", `127.0.0.1:${await freePort()}`), /\w/);
      assert.equal((await request(`${server.url}/healthz`)).status, 200);
    });
    test("files are ours alone", async () => {
      assert.equal(statSync(data).mode & 0o777, 0o700);
      const all = readdirSync(data, { recursive: true, withFileTypes: true });
      assert.ok(all.length > 3);
      for (const entry of all) {
        const mode = statSync(path.join(entry.parentPath ?? entry.path, entry.name)).mode & 0o777;
        assert.equal(mode, entry.isDirectory() ? 0o700 : 0o600, entry.name);
      }
    });
    test("the links work", async () => {
      const running = server ?? (await Server.start({ data }));
      const event = new Event(running, links);
      const snapshot = await event.snapshot(event.keys.organiser);
      assert.equal(snapshot.event.title, "Digital vernetzt");
      for (const role of ["moderator", "stage", "organiser"]) {
        await (await event.joinStaff(role)).close();
      }
      if (!server) {
        await running.stop();
      }
    });
  });
}

describe("taking an event along", () => {
  let server, event, answered, declined;
  const file = (name) => path.join(scratch(), name);

  before(async () => {
    server = await Server.start();
    event = await server.event({
      title: "Zum Mitnehmen",
      hashtag: "Mitnehmen",
      moderation: "before",
    });
    const numbers = await event.fill([
      'Frage eins, "mit" Anführung?',
      "=2+2",
      "Wird abgelehnt und bleibt hier",
      "Wartet noch",
    ]);
    for (const [at, text] of [
      [0, "Frage eins"],
      [1, "=2+2"],
    ]) {
      assert.ok(text);
      await event.move(numbers[at], "pending", "listed");
    }
    await event.move(numbers[0], "listed", "answered", { answer: "Ja; „gewiss“, sogar." });
    await event.move(numbers[2], "pending", "declined", { reason: "off_topic" });
    [answered, , declined] = numbers;
    const voter = await event.join();
    await voter.vote(numbers[1]);
    await voter.close();
  });
  after(() => server?.stop());

  const exported = async (format) => {
    const end = await server.command(["export", event.slug, "--format", format]);
    assert.equal(end.code, 0, `${end.code} ${end.signal} ${end.err}`);
    return end;
  };

  test("export json, csv, markdown", async () => {
    const { out: json } = await exported("json");
    JSON.parse(json);
    const { out: csv } = await exported("csv");
    const { out: markdown } = await exported("markdown");
    for (const out of [json, csv, markdown]) {
      assert.match(out, /Frage eins, /);
      assert.match(out, /„gewiss“, sogar/);
      assert.doesNotMatch(out, /Wird abgelehnt/, "declined texts stay here");
    }
    assert.match(csv, /"Frage eins, ""mit"" Anführung\?"/);
    assert.doesNotMatch(csv, /(^|[,;"])=2\+2/m, "no cell that a spreadsheet would run");
  });
  test("the same over HTTP, for the organiser alone", async () => {
    for (const format of ["json", "csv", "markdown"]) {
      const address = `${event.url}/export?format=${format}`;
      const bearer = (key) => ({ headers: { authorization: `Bearer ${key}` } });
      const mine = await request(address, bearer(event.keys.organiser));
      assert.equal(mine.status, 200);
      assert.match(mine.text, /Frage eins/);
      assert.ok([401, 403].includes((await request(address)).status));
      assert.ok([401, 403].includes((await request(address, bearer(event.keys.moderator))).status));
    }
    const odd = await request(`${event.url}/export?format=xml`, {
      headers: { authorization: `Bearer ${event.keys.organiser}` },
    });
    assert.ok([400, 404].includes(odd.status));
  });
  test("import into another data folder", async () => {
    const { out: json } = await exported("json");
    const here = file("event.json");
    writeFileSync(here, json);
    await fails(["import", here, "--data", server.data], /\w/); // it is here already
    const elsewhere = path.join(scratch(), "data");
    const out = await ok(["import", here, "--data", elsewhere]);
    assert.match(out, /moderator#k=[\w-]{22}/);
    await fails(["import", here, "--data", elsewhere], /\w/);
    const other = await Server.start({ data: elsewhere });
    const there = new Event(
      other,
      JSON.parse(await ok(["event", "links", event.slug, "--json", "--data", elsewhere])),
    );
    const snapshot = await there.staff;
    const original = await event.staff;
    assert.equal(snapshot.event.id, original.event.id);
    const mine = original.questions.find(({ n }) => n === answered);
    const theirs = snapshot.questions.find(({ n }) => n === answered);
    assert.deepEqual(theirs, mine);
    assert.ok(!snapshot.questions.some(({ n, text }) => n === declined && text));
    assert.ok(snapshot.event.end * 60_000 <= Date.now(), "it has ended");
    await there.join().then(
      async (late) => late.refused(late.seed.question().ask({ text: "Zu spät?" }), "closed"),
      (error) => assert.fail(error),
    );
    await other.stop();
  });
  test("import of what is no export", async () => {
    for (const text of [
      "",
      "hallo",
      "[]",
      "{}",
      '{"event":{}}',
      '{"format":"raute.1","event":[]}',
    ]) {
      const bad = file("bad.json");
      writeFileSync(bad, text);
      await fails(["import", bad, "--data", path.join(scratch(), "data")], /\w/);
    }
  });
  test("backup, without secrets and with them", async () => {
    const plain = file("plain.sqlite");
    await ok(["backup", plain, "--data", server.data]);
    assert.equal(statSync(plain).mode & 0o777, 0o600);
    assert.ok(!existsSync(`${plain}.secrets`));
    const { out } = await run("sqlite3", [
      "-readonly",
      plain,
      "PRAGMA integrity_check; SELECT count(*) FROM questions",
    ]);
    assert.equal(out.trim(), "ok\n4");
    await fails(["backup", plain, "--data", server.data], /\w/); // never over a file
    const full = file("full.sqlite");
    await ok(["backup", full, "--with-secrets", "--data", server.data]);
    const secrets = readdirSync(`${full}.secrets`);
    assert.ok(secrets.length >= 1);
    assert.equal(statSync(`${full}.secrets`).mode & 0o777, 0o700);
    secrets.forEach((name) =>
      assert.equal(statSync(path.join(`${full}.secrets`, name)).mode & 0o777, 0o600),
    );
  });
});

describe("serve", () => {
  test("options are variables too", async () => {
    const data = path.join(scratch(), "data");
    const port = await freePort();
    const env = {
      RAUTE_DATA: data,
      RAUTE_LISTEN: `127.0.0.1:${port}`,
      RAUTE_PUBLIC_URL: "https://raute.example",
    };
    let stop;
    const stopped = new Promise((resolve) => (stop = resolve));
    const serving = raute(["serve"], { env, stop: stopped });
    const healthy = async () => (await request(`http://127.0.0.1:${port}/healthz`)).status === 200;
    await until(healthy, "it serves");
    const create = ["event", "create", "--json", "--title", "T", "--hashtag", "Hier"];
    assert.match(
      JSON.parse(await ok(create, { env })).audience,
      /^https:\/\/raute\.example\/e\/hier$/,
    );
    assert.match(await ok(["event", "list"], { env: { RAUTE_DATA: data } }), /hier/);
    stop();
    assert.equal((await serving).code, 0);
  });
  test("says where it is, and how to create an event", async () => {
    const server = await Server.start();
    await until(() => /[█▄▀]\s+$/.test(server.log), "the whole banner, with a QR code");
    assert.ok(server.log.includes(server.url));
    assert.match(server.log, /\/#k=[\w-]{22}/);
    const key = /#k=([\w-]{22})/.exec(server.log)[1];
    const kept = readdirSync(server.data).filter((name) =>
      statSync(path.join(server.data, name)).isFile(),
    );
    assert.ok(
      kept.some((name) => readFileSync(path.join(server.data, name), "latin1").includes(key)),
      "a file in the data folder",
    );
    await server.stop();
    await server.restart();
    assert.equal(
      /#k=([\w-]{22})/.exec(server.log.slice(server.log.length / 2))?.[1] ?? key,
      key,
      "the same key after a restart",
    );
    await server.stop();
  });
  test("says what is too small for a full hall, and how to change it", async () => {
    const small = await Server.start({ before: ["prlimit", "--nofile=900:900"] });
    const sentence = /900 descriptors are allowed.*about 0 phones.*LimitNOFILE=32768/;
    await until(() => sentence.test(small.log), "the sentence");
    await small.stop();
    const large = await Server.start({ before: ["prlimit", "--nofile=1024:11000"] });
    await until(() => /[█▄▀]\s+$/.test(large.log), "the banner, after all sentences");
    assert.doesNotMatch(large.log, /descriptors are allowed/, "it raises what it may");
    await large.stop();
  });
  test("SIGTERM: browsers are told to reconnect, exit 0", async () => {
    const server = await Server.start();
    const event = await server.event();
    const clients = await Promise.all(Array.from({ length: 5 }, () => event.join()));
    await server.stop();
    for (const client of clients) {
      await client.closed;
      assert.equal(client.bye, "restart");
    }
  });
  test("a port in use", async () => {
    const server = await Server.start();
    await fails(
      ["serve", "--listen", `127.0.0.1:${server.port}`, "--data", path.join(scratch(), "data")],
      /\w/,
    );
    await server.stop();
  });
});
