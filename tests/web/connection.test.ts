import assert from "node:assert/strict";
import test from "node:test";
import { connect, type Connection, type ConnectOptions } from "../../web/core/connection";
import { questionOf, snapshotOf } from "./cases";
import { FakeNetwork, settle } from "./fakes";

const ok = (body: string): Response => new Response(body, { status: 200 });

async function start(
  more: Partial<ConnectOptions> = {},
  answer: FakeNetwork["answer"] = () => ok(snapshotOf()),
): Promise<[FakeNetwork, Connection]> {
  const network = new FakeNetwork();
  network.answer = answer;
  const connection = connect({ slug: "hro", role: "audience", surroundings: network.surroundings, ...more });
  await settle();
  return [network, connection];
}

async function join(network: FakeNetwork, more: object = {}): Promise<void> {
  network.socket.open();
  await settle();
  const { id } = network.socket.last;
  network.socket.say({ id, ok: { minute: Math.floor(network.clock.now / 60_000) + 2, seq: 15, ...more } });
  await settle();
}

test("snapshot, socket, join with its seq, live", async () => {
  const tokens: (string | null)[] = [];
  const [network, connection] = await start({
    language: () => "de",
    keepMember: (_, token) => void tokens.push(token),
  });
  assert.equal(network.fetched.length, 1);
  assert.equal(network.fetched[0]?.url, "https://raute.example/e/hro/snapshot");
  assert.equal(network.fetched[0]?.authorization, undefined);
  assert.equal(connection.status.value, "connecting");
  await join(network, { member: "T" });
  assert.deepEqual(network.socket.commands[0], { cmd: "join", id: 1, language: "de", since: 15 });
  assert.deepEqual(tokens, ["T"]);
  assert.equal(connection.status.value, "live");
  assert.equal(connection.minute(), Math.floor(network.clock.now / 60_000) + 2, "the server's clock");
});

test("roles bring their key, to the snapshot and to the join", async () => {
  const [network] = await start({ role: "moderator", key: "K" });
  assert.equal(network.fetched[0]?.authorization, "Bearer K");
  await join(network);
  assert.deepEqual(network.socket.commands[0], {
    cmd: "join",
    id: 1,
    role: "moderator",
    key: "K",
    since: 15,
  });
  const [stage] = await start({ role: "stage", key: "K" });
  assert.equal(stage.fetched[0]?.authorization, undefined, "the stage sees what the audience sees");
});

test("frames are laid over; a gap means a new snapshot and a new join", async () => {
  const [network, connection] = await start();
  await join(network);
  network.socket.say({ from: 15, seq: 16, changes: [{ k: "question", ...questionOf(1) }] });
  assert.equal(connection.state.model.value?.questions.size, 1);
  network.answer = () => ok(snapshotOf({ seq: 40 }));
  network.socket.say({ from: 30, seq: 31, changes: [] });
  await settle();
  assert.equal(network.fetched.length, 2);
  assert.equal(network.socket.last["since"], 40);
  assert.equal(network.sockets.length, 1, "on the same socket");
});

test("the server may ask for a resync, in the join's answer or by itself", async () => {
  const [network, connection] = await start();
  await join(network, { resync: true });
  assert.equal(connection.status.value, "connecting");
  assert.equal(network.fetched.length, 2);
  network.socket.say({ id: network.socket.last["id"], ok: { minute: 1, seq: 15 } });
  await settle();
  assert.equal(connection.status.value, "live");
  network.socket.say({ resync: true });
  await settle();
  assert.equal(network.fetched.length, 3);
});

test("commands are answered; without a connection they fail as offline", async () => {
  const [network, connection] = await start();
  assert.deepEqual(await connection.command("vote", { n: 1 }), { ok: false, code: "offline", message: "" });
  await join(network);
  const voted = connection.command("vote", { n: 1 });
  const refused = connection.command("vote", { n: 2 });
  const [first, second] = network.socket.commands.slice(-2);
  network.socket.say({ id: second?.["id"], error: { code: "closed", message: "zu" } });
  network.socket.say({ id: first?.["id"], ok: {} });
  assert.deepEqual(await voted, { ok: true, value: {} });
  assert.deepEqual(await refused, { ok: false, code: "closed", message: "zu" });
  const lost = connection.command("vote", { n: 3 });
  network.socket.close();
  assert.equal((await lost).ok, false);
});

test("asks and edits are padded, so that their size tells nothing", async () => {
  const [network, connection] = await start();
  await join(network);
  void connection.command("edit", { key: "k", rev: 1, text: "ä", sig: "s" });
  assert.equal(Buffer.byteLength(network.socket.sent.at(-1) ?? ""), 1024);
});

test("a lost socket is opened again after 1 to 5 s, without a new snapshot", async () => {
  const [network, connection] = await start();
  await join(network);
  network.socket.close();
  assert.equal(connection.status.value, "offline");
  assert.equal(connection.offlineSince.value, network.clock.now);
  await network.clock.pass(900);
  assert.equal(network.sockets.length, 1);
  await network.clock.pass(4_600);
  assert.equal(network.sockets.length, 2);
  await join(network);
  assert.equal(network.fetched.length, 1);
  assert.equal(connection.status.value, "live");
  assert.equal(connection.offlineSince.value, null);
});

test("dead Wi-Fi: attempts go on, one at a time, and no faster than 1 s", async () => {
  const [network, connection] = await start();
  await join(network);
  network.socket.close();
  const began = network.sockets.length;
  for (let i = 0; i < 60; i += 1) {
    await network.clock.pass(1_000);
    if (network.socket.readyState === 0) {
      network.socket.close();
    }
  }
  const attempts = network.sockets.length - began;
  assert.ok(attempts >= 5 && attempts <= 30, `${attempts} attempts in a minute`);
  assert.equal(connection.status.value, "offline");
});

test("an unanswered command means that the connection is dead", async () => {
  const [network, connection] = await start();
  await join(network);
  const vote = connection.command("vote", { n: 1 });
  await network.clock.pass(15_000);
  assert.deepEqual(await vote, { ok: false, code: "offline", message: "" });
  assert.equal(connection.status.value, "offline");
});

test("a handshake that hangs is given up", async () => {
  const [network] = await start();
  await network.clock.pass(21_000);
  assert.equal(network.sockets.length, 2);
});

test("a snapshot that never comes is given up and tried again", async () => {
  const [network, connection] = await start({}, () => new Promise(() => undefined));
  await network.clock.pass(14_000);
  assert.equal(network.fetched.length, 1);
  network.answer = () => ok(snapshotOf());
  await network.clock.pass(8_000);
  assert.equal(network.fetched.length, 2);
  assert.equal(network.fetched[0]?.signal?.aborted, true);
  await network.clock.pass(60_000);
  assert.equal(network.fetched[1]?.signal?.aborted, false, "one that came is left alone");
  await join(network);
  assert.equal(connection.status.value, "live");
});

test("a snapshot that begins and never ends is given up too", async () => {
  const [network] = await start({}, () => {
    const stuck = ok("");
    stuck.text = () => new Promise(() => undefined);
    return stuck;
  });
  await network.clock.pass(70_000);
  assert.ok(network.fetched.length >= 2);
});

test("a new snapshot that never comes: back through a new socket", async () => {
  const [network, connection] = await start();
  await join(network);
  network.answer = () => new Promise(() => undefined);
  network.socket.say({ resync: true });
  await network.clock.pass(21_000);
  assert.equal(connection.status.value, "offline");
  assert.equal(network.sockets.length, 2);
});

test("a server that is busy or starting is asked again: only 404 is final", async () => {
  for (const status of [503, 500, 429, 410]) {
    const [network, connection] = await start({}, () => new Response("", { status }));
    assert.equal(connection.ended.value, null, String(status));
    network.answer = () => ok(snapshotOf());
    await network.clock.pass(6_000);
    assert.equal(network.fetched.length, 2);
    await join(network);
    assert.equal(connection.status.value, "live");
  }
});

test("the browser's word that the network is gone or back is taken at once", async () => {
  const [network, connection] = await start();
  await join(network);
  network.network(false);
  assert.equal(connection.status.value, "offline");
  network.network(true);
  await settle();
  assert.equal(network.sockets.length, 2);
  await join(network);
  network.network(true);
  await settle();
  assert.equal(network.socket.last["cmd"], "join", "after sleep: is anybody there?");
  await network.clock.pass(15_000);
  assert.equal(connection.status.value, "offline");
});

test("no such event, no such key, deleted, key changed: no coming back", async () => {
  const [, missing] = await start({}, () => new Response("", { status: 404 }));
  assert.equal(missing.ended.value, "missing");
  const [, wrong] = await start({ role: "moderator", key: "K" }, () => new Response("", { status: 403 }));
  assert.equal(wrong.ended.value, "forbidden");
  const [network, connection] = await start();
  await join(network);
  network.socket.say({ bye: "deleted" });
  assert.equal(connection.ended.value, "deleted");
  await network.clock.pass(60_000);
  assert.equal(network.sockets.length, 1);
  const [other, changed] = await start({ role: "stage", key: "K" });
  await join(other);
  other.socket.say({ bye: "forbidden" });
  assert.equal(changed.ended.value, "forbidden");
});

test("a restart is waited for", async () => {
  const [network, connection] = await start();
  await join(network);
  network.socket.say({ bye: "restart" });
  assert.equal(connection.status.value, "offline");
  await network.clock.pass(6_000);
  assert.equal(network.sockets.length, 2);
});

test("a member token that the server does not know is given up for a new one", async () => {
  let token: string | null = "old";
  const [network, connection] = await start({
    member: () => token,
    keepMember: (_, kept) => void (token = kept),
  });
  network.socket.open();
  await settle();
  assert.equal(network.socket.last["member"], "old");
  network.socket.say({ id: network.socket.last["id"], error: { code: "forbidden", message: "" } });
  await settle();
  assert.equal(network.socket.last["member"], undefined);
  network.socket.say({ id: network.socket.last["id"], ok: { member: "new", minute: 1, seq: 15 } });
  await settle();
  assert.equal(token, "new");
  assert.equal(connection.status.value, "live");
});

test("what is no message of the protocol is passed over", async () => {
  const [network, connection] = await start();
  await join(network);
  network.socket.onmessage?.({ data: "{" });
  network.socket.say({ from: 20, seq: 3, changes: [] });
  assert.equal(connection.status.value, "live");
});
