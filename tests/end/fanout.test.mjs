// The fast path: clients in C that verify every byte and every seq while they stall, crawl, tear,
// ping and close, on both ways of sending, with TLS, and under the sanitizers.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { random, within } from "../lib/bounded.mjs";
import { binary, run, scratch, Server } from "../lib/server.mjs";
import { Writer } from "../lib/writer.mjs";

const seed = Number(process.env.RAUTE_SEED ?? Math.floor(Math.random() * 1_000_000));
const built = (name) => path.join(path.dirname(binary), name);
const report = /(Thread|Address|Leak|Memory)Sanitizer|runtime error:/;

async function certificate() {
  const folder = scratch();
  const [cert, key] = ["cert.pem", "key.pem"].map((name) => path.join(folder, name));
  const made = await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", cert],
  ]);
  assert.equal(made.code, 0, made.err);
  return { cert, key };
}

async function storm(t, { program = "raute", args = [], tls, clients = 40, seconds = 3 }) {
  t.diagnostic(`RAUTE_SEED=${seed}`);
  const server = await Server.start({ program: built(program), args, tls });
  const event = await server.event();
  const writer = await Writer.start(event, random(seed));
  let quiet;
  const stop = new Promise((resolve) => (quiet = resolve));
  const checked = run(
    built("fastpath"),
    [
      ...["--clients", String(clients), "--seed", String(seed)],
      ...["--calm", String((seconds * 1000) / 4), ...(tls ? ["--tls"] : [])],
      ...["--", new URL(server.url).host, event.slug, event.keys.moderator], // keys may begin with -
    ],
    { seconds: 90, stop },
  );
  await within(60, writer.write(seconds), "the writer is done").finally(quiet);
  const { code, out, err } = await checked;
  t.diagnostic(`${writer.commands} commands; ${out.trim()}`);
  const how = /serving on .*/.exec(server.log)?.[0];
  t.diagnostic(how);
  if (!tls && !args.includes("off")) {
    const { code: refused } = await run(built("fastpath"), ["ring"]);
    assert.match(how, refused ? /plain sends/ : /io_uring/);
  }
  await server.stop(); // asserts the exit code, which a report changes
  const counts = server.log.split("\n").filter((line) => /: \d+$/.test(line));
  assert.equal(code, 0, [`RAUTE_SEED=${seed}, ${how}`, err, out, ...counts].join("\n"));
  assert.doesNotMatch(server.log, report, server.log);
  // It was a storm: everything that can go wrong had its chance, also on a slow machine.
  const figures = JSON.parse(out);
  assert.equal(figures.equal, clients);
  for (const [name, least] of Object.entries({
    frames: clients,
    largest: 20_000, // more than a socket takes at once, less than a frame may have
    late: 1,
    broken: clients,
    answers: 1,
    pongs: 1,
    resyncs: 1,
    cuts: 1,
    closes: clients + 1,
  })) {
    assert.ok(figures[name] >= least, `${name}: ${figures[name]}, not ${least}: ${out}`);
  }
}

const plain = ["--io-uring", "off"];

test("plain sends, one thread", (t) => storm(t, { args: [...plain, "--threads", "1"] }));
test("plain sends, two threads", (t) => storm(t, { args: [...plain, "--threads", "2"] }));
test("what the kernel offers, one thread", (t) => storm(t, { args: ["--threads", "1"] }));
test("what the kernel offers, two threads", (t) => storm(t, { args: ["--threads", "2"] }));
test("TLS", async (t) => storm(t, { args: ["--threads", "2"], tls: await certificate() }));

for (const sanitizer of ["address", "thread"]) {
  const program = `${sanitizer}/raute`;
  test(`${sanitizer} sanitizer, plain sends`, (t) =>
    storm(t, { program, args: [...plain, "--threads", "2"], clients: 24 }));
  test(`${sanitizer} sanitizer, what the kernel offers`, (t) =>
    storm(t, { program, args: ["--threads", "2"], clients: 24 }));
}
// One thread: of several contexts libwebsockets frees the certificate of one only.
test("address sanitizer, TLS", async (t) =>
  storm(t, {
    program: "address/raute",
    args: ["--threads", "1"],
    tls: await certificate(),
    clients: 24,
  }));
