// Bad input as HTTP, from bare sockets: paths, headers, bodies, origins, and patience. Each case gets
// its status or is hung up on, and the next client notices nothing.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { within } from "../lib/bounded.mjs";
import { handshake } from "../lib/frames.mjs";
import { raw, request, statusOf } from "../lib/http.mjs";
import { Server } from "../lib/server.mjs";

let server, event, createKey;
const ended = (text) => /\r\n\r\n/.test(text);

before(async () => {
  server = await Server.start();
  event = await server.event();
  createKey = /#k=([\w-]{22})/.exec(server.log)?.[1];
});
after(() => server?.stop());
afterEach(() => server.healthy(event));

const host = () => `127.0.0.1:${server.port}`;
const get = (target) => `GET ${target} HTTP/1.1\r\nHost: ${host()}\r\nConnection: close\r\n\r\n`;
const ask = (bytes, options) => raw(server.port, bytes, { enough: ended, ...options });

describe("paths", () => {
  const targets = [
    "/../../../../../../etc/passwd",
    "/e/../../../../../../etc/passwd",
    "/assets/../../../../../../etc/passwd",
    "/assets/..%2f..%2f..%2f..%2fetc/passwd",
    "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/assets/....//....//etc/passwd",
    "/assets//etc/passwd",
    "//etc/passwd",
    "/%2e%2e/raute.sqlite",
    "/..\\..\\etc\\passwd",
    "/e/%00/snapshot",
    "/assets/x%00.js",
    "/e/nohro/../../raute.sqlite",
    "/create-key",
    "/secrets",
    "/raute.sqlite",
    "/shell/audience.html",
    "/e/",
    "/e//snapshot",
    "/e/HRO/snapshot",
    "/e/gibtesnicht",
    "/e/gibtesnicht/snapshot",
    "/e/gibtesnicht/live",
    "/e/x",
    `/e/${"a".repeat(41)}`,
    "/gibtesnicht",
    "/e/gibtesnicht/q/1",
  ];
  for (const target of targets) {
    test(target.slice(0, 60), async () => {
      const { text } = await ask(get(target));
      const status = statusOf(text);
      assert.ok([0, 302, 400, 403, 404, 426].includes(status), `status ${status}`);
      if (status === 302) {
        assert.match(text, /\r\nlocation: \/e\/[a-z0-9]+\r\n/i, "leads nowhere but to an event");
      }
      assert.doesNotMatch(text, /root:|SQLite format/);
    });
  }
  test("numbers of questions that are none", async () => {
    for (const number of [
      "0",
      "-1",
      "01",
      "1e3",
      "x",
      "99999999999999999999",
      "4294967297",
      "%31x",
      "1/2",
      "",
    ]) {
      const { text } = await ask(get(`/e/${event.slug}/q/${number}`));
      assert.ok([400, 404].includes(statusOf(text)), `${number}: ${statusOf(text)}`);
    }
  });
  test("an address of 20,000 letters", async () => {
    const { text, closed } = await ask(get(`/${"a".repeat(20000)}`));
    assert.ok(closed || [400, 404, 414, 431].includes(statusOf(text)), text.slice(0, 100));
  });
});

describe("requests that are none", () => {
  const cases = {
    "bytes of TLS": Buffer.from("16030100f4010000f00303", "hex"),
    "binary rubbish": Buffer.from(Array.from({ length: 600 }, (_, at) => (at * 37) % 256)),
    "no method": " / HTTP/1.1\r\n\r\n",
    "no version": "GET /\r\n\r\n",
    "a method nobody knows": `BREW / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    "another protocol": "GET / SPDY/9\r\nHost: x\r\n\r\n",
    "a header without a colon":
      "GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\nConnection: close\r\n\r\n",
    "line ends only": "\r\n".repeat(3000),
    "HTTP/2 without asking": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  };
  // The library reads these as a plain GET, which does no harm.
  const forgiven = ["no version", "another protocol", "a header without a colon"];
  for (const [name, bytes] of Object.entries(cases)) {
    test(name, async () => {
      const { text } = await ask(bytes);
      assert.ok(!/^HTTP\/1\.[01] 2/.test(text) || forgiven.includes(name), text.slice(0, 80));
    });
  }
  test("64 KiB of headers", async () => {
    const many = Array.from({ length: 700 }, (_, at) => `X-${at}: ${"y".repeat(90)}\r\n`).join("");
    const { text, closed } = await ask(
      `GET / HTTP/1.1\r\nHost: ${host()}\r\n${many}Connection: close\r\n\r\n`,
    );
    assert.ok(closed || statusOf(text) >= 400, text.slice(0, 80));
  });
  test("methods that an address has not", async () => {
    for (const [method, target] of [
      ["POST", "/"],
      ["PUT", `/e/${event.slug}`],
      ["DELETE", `/e/${event.slug}`],
      ["GET", "/events"],
      ["GET", `/e/${event.slug}/commands`],
      ["POST", `/e/${event.slug}/snapshot`],
      ["OPTIONS", `/e/${event.slug}/commands`],
      ["TRACE", "/"],
    ]) {
      const bytes = `${method} ${target} HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
      const { text, closed } = await ask(bytes);
      const status = statusOf(text);
      assert.ok(
        [400, 403, 404, 405, 501].includes(status) || (closed && !text),
        `${method} ${target}: ${status}`,
      );
    }
  });
});

describe("bodies", () => {
  const post = (lines, body = "", path = `/e/${event.slug}/commands`) =>
    [`POST ${path} HTTP/1.1`, `Host: ${host()}`, "Connection: close", ...lines, "", body].join(
      "\r\n",
    );
  const join = '{"cmd":"join","id":1}';

  test("the plain way works", async () => {
    const { text } = await ask(post([`Content-Length: ${join.length}`], join), {
      enough: () => false,
    });
    assert.equal(statusOf(text), 200, text);
    assert.match(text, /"member":"[\w-]{43}"/);
  });
  test("without a length", async () => {
    const { text, closed } = await ask(post([]));
    assert.ok([400, 411].includes(statusOf(text)) || (closed && !text), text.slice(0, 80));
  });
  test("in chunks", async () => {
    const chunked = `${join.length.toString(16)}\r\n${join}\r\n0\r\n\r\n`;
    const { text, closed } = await ask(post(["Transfer-Encoding: chunked"], chunked));
    assert.ok(
      [200, 400, 411, 501].includes(statusOf(text)) || (closed && !text),
      text.slice(0, 80),
    );
  });
  test("endless chunks", async () => {
    const chunk = `400\r\n${" ".repeat(1024)}\r\n`;
    const parts = [post(["Transfer-Encoding: chunked"]), ...Array(64).fill(chunk)];
    const { text } = await ask(parts, { pause: 5 });
    assert.notEqual(statusOf(text), 200);
  });
  test("a length and chunks", async () => {
    const lines = [`Content-Length: ${join.length}`, "Transfer-Encoding: chunked"];
    const { text, closed } = await ask(post(lines, `0\r\n\r\n${join}`));
    assert.ok(statusOf(text) >= 400 || (closed && !text), text.slice(0, 80));
  });
  test("lengths that are none", async () => {
    for (const length of [
      "-1",
      "1e3",
      "x",
      "99999999999999999999999",
      "0x10",
      "18446744073709551617",
    ]) {
      const { text, closed } = await ask(post([`Content-Length: ${length}`], join));
      assert.ok(statusOf(text) >= 400 || (closed && !text), `${length}: ${text.slice(0, 80)}`);
    }
  });
  test("too large, said in advance", async () => {
    const { text, ms } = await ask(post(["Content-Length: 100000000"]));
    assert.ok([400, 413].includes(statusOf(text)) || !text, text.slice(0, 80));
    assert.ok(ms < 5000, "nobody waits for it");
  });
  test("one byte too large", async () => {
    const body = join.padEnd(8193);
    const answer = await request(`${event.url}/commands`, { method: "POST", body });
    assert.equal(answer.status, 413);
    assert.equal(answer.json.error.code, "too_long");
    assert.equal(
      (await request(`${event.url}/commands`, { method: "POST", body: body.trim().padEnd(8192) }))
        .status,
      200,
    );
  });
  test("more than was said", async () => {
    const { text } = await ask(post(["Content-Length: 21"], join + '{"cmd":"wipe"}'.repeat(100)));
    assert.ok([200, 400].includes(statusOf(text)) || !text);
  });
  test("less than was said, then gone", async () => {
    const half = post(["Content-Length: 500"], join);
    await Promise.all(Array.from({ length: 20 }, () => raw(server.port, half, { leave: 0.3 })));
  });
  test("not JSON, and no id", async () => {
    for (const body of ["hallo", "", "[]", '{"cmd":"join"}', "\u0000"]) {
      const answer = await request(`${event.url}/commands`, { method: "POST", body });
      assert.equal(answer.status, 400, body);
      assert.equal(answer.json.error.code, "bad_message");
    }
  });
  test("refusals have their status", async () => {
    const { keys, slug } = event;
    const [n] = await event.fill(["Wer sagt was?"]);
    const statuses = [
      [{ cmd: "dance" }, keys.organiser, 400, "unknown_command"],
      [{ cmd: "wipe" }, keys.moderator, 403, "forbidden"],
      [{ cmd: "pin", n: 99999, on: true }, keys.moderator, 404, "unknown"],
      [{ cmd: "settings", release: 61 }, keys.organiser, 400, "bad_value"],
      [{ cmd: "settings", hashtags: ["no spaces"] }, keys.organiser, 400, "bad_hashtag"],
      [{ cmd: "move", n, from: "hidden", to: "answering" }, keys.moderator, 409, "stale"],
      [{ cmd: "delete", slug: `${slug}x` }, keys.organiser, 400, undefined],
    ];
    for (const [command, key, status, code] of statuses) {
      const answer = await event.post(command, key);
      assert.equal(answer.error.code, code ?? answer.error.code, JSON.stringify(command));
      assert.equal(answer.status, status, JSON.stringify(command));
    }
  });
});

describe("POST /events", () => {
  const create = (body, key = createKey) =>
    request(`${server.url}/events`, {
      method: "POST",
      headers: key ? { authorization: `Bearer ${key}` } : {},
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const one = { title: "Noch eine", hashtags: ["Einmalig"] };

  test("needs the create key", async () => {
    assert.ok(createKey, "the server says the create link when it starts");
    for (const key of ["", "AAAAAAAAAAAAAAAAAAAAAA", event.keys.organiser, `${createKey}A`]) {
      const answer = await create(one, key);
      assert.ok([401, 403].includes(answer.status), `${key}: ${answer.status}`);
      assert.equal(answer.json.error.code, "forbidden");
    }
  });
  test("makes an event", async () => {
    const answer = await create(one);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.json.slug, "einmalig");
  });
  test("slug taken, slug bad, hashtag bad", async () => {
    const cases = [
      [{ ...one, slug: event.slug }, 409, "slug_taken"],
      [{ ...one, slug: "ab" }, 400, "bad_slug"],
      [{ ...one, slug: "Groß" }, 400, "bad_slug"],
      [{ ...one, slug: "../x" }, 400, "bad_slug"],
      [{ ...one, slug: "assets" }, [400, 409], undefined],
      [{ ...one, slug: "healthz" }, [400, 409], undefined],
      [{ ...one, hashtags: [] }, 400, undefined],
      [{ ...one, hashtags: ["a b"] }, 400, "bad_hashtag"],
      [{ ...one, hashtags: ["#x"] }, 400, "bad_hashtag"],
      [{ ...one, hashtags: Array(6).fill("viele") }, [400, 413], undefined],
      [{ ...one, title: "" }, 400, undefined],
      [{ ...one, title: "x".repeat(121) }, [400, 413], undefined],
      [{ ...one, title: "zwei  Leerzeichen" }, 400, "bad_text"],
      [{ ...one, language: "fr" }, 400, undefined],
      [{ ...one, admin: true }, 400, "bad_message"],
      ["hallo", 400, "bad_message"],
      ["", 400, "bad_message"],
    ];
    for (const [body, status, code] of cases) {
      const answer = await create(body);
      assert.ok(
        [status].flat().includes(answer.status),
        `${JSON.stringify(body)}: ${answer.status} ${answer.text}`,
      );
      assert.equal(answer.json.error.code, code ?? answer.json.error.code, JSON.stringify(body));
    }
  });
});

describe("origins", () => {
  const upgrade = (options) => ask(handshake(event, options));
  test("our own is let in", async () => {
    assert.equal(statusOf((await upgrade()).text), 101);
  });
  test("a foreign one is not", async () => {
    const foreign = [
      "http://evil.example",
      "https://evil.example",
      "null",
      `http://127.0.0.1:${server.port}.evil.example`,
      `http://127.0.0.1:${server.port + 1}`,
      "http://127.0.0.1",
      `http://evil.example:${server.port}`,
      `http://evil.example/http://127.0.0.1:${server.port}`,
    ];
    for (const origin of foreign) {
      const { text } = await upgrade({ origin });
      assert.notEqual(statusOf(text), 101, origin);
      assert.ok([0, 400, 401, 403].includes(statusOf(text)), `${origin}: ${statusOf(text)}`);
    }
  });
  test("a Host that is not ours needs an Origin like it", async () => {
    const { text } = await upgrade({
      host: "evil.example",
      origin: `http://127.0.0.1:${server.port + 1}`,
    });
    assert.notEqual(statusOf(text), 101);
  });
  test("another subprotocol, or none", async () => {
    for (const protocol of ["raute.2", "chat", ""]) {
      const { text } = await upgrade({ protocol });
      assert.ok(
        statusOf(text) !== 101 || /sec-websocket-protocol: raute\.1/i.test(text) === false,
        text,
      );
      assert.notEqual(statusOf(text), 200);
    }
  });
  test("no page of another site can read ours", async () => {
    for (const target of ["snapshot", "keys", "commands"]) {
      const answer = await request(`${event.url}/${target}`, {
        headers: { origin: "http://evil.example" },
      });
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
    }
  });
});

describe("patience", () => {
  // Deadlines are absolute: a byte now and then buys nothing. 10 s, and a little to notice it.
  const most = 16_000;
  const drip = (text) => text.split("");

  async function patient(parts) {
    const answer = await raw(server.port, parts, { pause: 700, seconds: 25 });
    return answer;
  }
  test("slow headers, slow bodies, slow handshakes, silence", async () => {
    const begin = Date.now();
    const header = `GET / HTTP/1.1\r\nHost: ${host()}\r\nX: ${"y".repeat(200)}`;
    const body = `POST /e/${event.slug}/commands HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 200\r\n\r\n`;
    const slow = [
      ...Array.from({ length: 20 }, () => patient(drip(header))),
      ...Array.from({ length: 20 }, () => patient([body, ...drip(" ".repeat(200))])),
      ...Array.from({ length: 5 }, () => patient(drip(handshake(event)))),
      ...Array.from({ length: 5 }, () => patient([])),
      ...Array.from({ length: 5 }, () =>
        patient(["POST /events HTTP/1.1\r\nContent-Length: 9\r\n", ...drip("X: y".repeat(99))]),
      ),
    ];
    const all = Promise.all(slow);
    all.catch(() => {});
    while (Date.now() - begin < 8000) {
      const before = Date.now();
      await server.healthy(event);
      assert.ok(Date.now() - before < 2000, "others are served meanwhile");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    for (const { closed, ms } of await within(25, all, "each is hung up on")) {
      assert.ok(closed && ms <= most, `open for ${ms} ms`);
    }
  });
});
