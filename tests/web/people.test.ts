import assert from "node:assert/strict";
import test from "node:test";
import { connect, type Connection, type ConnectOptions } from "../../web/core/connection";
import { EVENT, snapshotOf } from "./cases";
import { FakeNetwork, settle } from "./fakes";

const CARD = {
  tag: "AAECAwQFBgc",
  key: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
  rev: 1,
  name: "Anna",
  accounts: [],
  minute: 1,
  questions: [],
};

class Host {
  seq = 15;
  cards: object[] = [CARD];
  status = { snapshot: 200, people: 200 };
  event: object = EVENT;

  readonly answer = (url: string): Response => {
    const people = url.endsWith("/people.json");
    const { seq, cards } = this;
    const body = people ? JSON.stringify({ seq, cards }) : snapshotOf({ seq, event: this.event });
    return new Response(body, { status: this.status[people ? "people" : "snapshot"] });
  };
}

async function start(
  more: Partial<ConnectOptions> = {},
  host = new Host(),
): Promise<[FakeNetwork, Connection, Host]> {
  const network = new FakeNetwork();
  network.answer = host.answer;
  const connection = connect({ slug: "hro", role: "audience", surroundings: network.surroundings, ...more });
  await settle();
  return [network, connection, host];
}

/* The server's answer to the last join. */
async function joined(network: FakeNetwork, more: object = {}): Promise<void> {
  if (network.socket.readyState === 0) {
    network.socket.open();
    await settle();
  }
  assert.equal(network.socket.last["cmd"], "join");
  network.socket.say({ id: network.socket.last["id"], ok: { minute: 1, seq: 15, ...more } });
  await settle();
}

const names = (connection: Connection): string[] =>
  [...(connection.state.model.value?.cards.values() ?? [])].map((card) => card.name);
const parts = (network: FakeNetwork): string[] =>
  network.fetched.map(({ url }) => url.split("/").at(-1) ?? "");

test("without anybody looking at people no card is fetched", async () => {
  const [network, connection] = await start();
  await joined(network);
  assert.deepEqual(parts(network), ["snapshot"]);
  assert.equal(connection.people.value, false);
});

test("wanted while live: all cards on the same socket, and once only", async () => {
  const [network, connection] = await start();
  await joined(network, { member: "T" });
  connection.showPeople();
  connection.showPeople();
  await settle();
  await joined(network);
  connection.showPeople();
  await settle();
  assert.deepEqual(parts(network), ["snapshot", "snapshot", "people.json"]);
  assert.deepEqual(names(connection), ["Anna"]);
  assert.equal(connection.people.value, true);
  assert.equal(network.sockets.length, 1);
  assert.equal(connection.status.value, "live");
});

test("wanted before the first snapshot, during it, and during the first join", async () => {
  for (const moment of ["before", "fetching", "joining"]) {
    const network = new FakeNetwork();
    network.answer = new Host().answer;
    const connection = connect({ slug: "hro", role: "audience", surroundings: network.surroundings });
    if (moment === "before") {
      connection.showPeople();
    }
    await new Promise((resolve) => setImmediate(resolve));
    if (moment === "fetching") {
      connection.showPeople();
    }
    await settle();
    network.socket.open();
    await settle();
    connection.showPeople();
    await joined(network);
    if (!connection.people.value) {
      await joined(network);
    }
    assert.deepEqual(names(connection), ["Anna"], moment);
    assert.equal(connection.status.value, "live");
  }
});

test("wanted while offline: fetched before the socket is opened again", async () => {
  const [network, connection] = await start();
  await joined(network);
  network.socket.close();
  connection.showPeople();
  await network.clock.pass(6_000);
  await joined(network);
  assert.deepEqual(names(connection), ["Anna"]);
  assert.equal(connection.status.value, "live");
});

test("what could not be fetched is fetched at the next try", async () => {
  const [network, connection, host] = await start();
  await joined(network);
  host.status.people = 503;
  connection.showPeople();
  await settle();
  assert.equal(connection.status.value, "offline");
  host.status.people = 200;
  await network.clock.pass(10_000);
  await joined(network);
  assert.deepEqual(names(connection), ["Anna"]);
});

test("a gap in the frames brings all cards anew", async () => {
  const [network, connection, host] = await start();
  connection.showPeople();
  await joined(network);
  await settle();
  await joined(network);
  host.cards = [{ ...CARD, name: "Berta" }];
  host.seq = 40;
  network.socket.say({ from: 30, seq: 31, changes: [] });
  await settle();
  await joined(network);
  assert.deepEqual(names(connection), ["Berta"]);
  assert.equal(connection.people.value, true);
});

test("gaps while a new snapshot is on its way ask for no other one", async () => {
  const [network, connection] = await start();
  await joined(network);
  for (const from of [30, 31, 32]) {
    network.socket.say({ from, seq: from + 1, changes: [] });
  }
  await settle();
  network.socket.say({ from: 33, seq: 34, changes: [] });
  await settle();
  await joined(network);
  assert.deepEqual(parts(network), ["snapshot", "snapshot"]);
  assert.equal(network.socket.commands.filter(({ cmd }) => cmd === "join").length, 2);
  network.socket.say({ from: 15, seq: 16, changes: [] });
  assert.equal(connection.state.model.value?.seq, 16);
  network.socket.say({ from: 30, seq: 31, changes: [] });
  await settle();
  assert.equal(parts(network).length, 3, "a gap after the join's answer is one");
});

test("asked to resync twice in a row: a second's wait, as snapshots may be as old", async () => {
  const [network, connection] = await start();
  await joined(network, { resync: true });
  assert.equal(network.fetched.length, 2);
  await joined(network, { resync: true });
  assert.equal(network.fetched.length, 2);
  await network.clock.pass(1_000);
  assert.equal(network.fetched.length, 3);
  await joined(network);
  assert.equal(connection.status.value, "live");
});

test("both parts say that the event is gone: it ends once", async () => {
  const [network, connection, host] = await start();
  await joined(network);
  const ends: unknown[] = [];
  connection.ended.subscribe((ended) => ends.push(ended));
  host.status = { snapshot: 404, people: 404 };
  connection.showPeople();
  await settle();
  assert.deepEqual(ends, [null, "deleted"]);
  await network.clock.pass(60_000);
  assert.equal(network.sockets.length, 1);
});

const GATED = { ...EVENT, admission: "tickets", seats: 3 };
const PASS = { nonce: "N", output: "O" };

function gated(): [Partial<ConnectOptions>, { token: string | null }] {
  const kept: { token: string | null } = { token: null };
  return [{ member: () => kept.token, keepMember: (_, token) => void (kept.token = token) }, kept];
}

test("a gated event tells its key and makes nobody a member without a pass", async () => {
  const host = new Host();
  host.event = GATED;
  const [network, connection] = await start(gated()[0], host);
  await joined(network, { pass_key: CARD.key });
  assert.equal(connection.member.value, false);
  assert.equal(connection.passKey.value, CARD.key);
});

test("a pass is redeemed on a fresh socket, once, and says nothing but itself", async () => {
  const [options, kept] = gated();
  const [network, connection] = await start(options);
  await joined(network);
  const [first] = network.sockets;
  const redeemed = connection.redeem({ ...PASS, from: 1, use: "own" } as typeof PASS);
  await settle();
  assert.equal(first?.readyState, 3);
  assert.equal(network.sockets.length, 2);
  network.socket.open();
  await settle();
  assert.deepEqual(network.socket.last, { cmd: "join", id: 2, nonce: "N", output: "O", since: 15 });
  await joined(network, { member: "T" });
  assert.equal(await redeemed, null);
  assert.equal(kept.token, "T");
  assert.equal(connection.member.value, true);
  network.socket.close();
  await network.clock.pass(6_000);
  network.socket.open();
  await settle();
  assert.equal(network.socket.last["nonce"], undefined, "the token from now on");
  assert.equal(network.socket.last["member"], "T");
});

test("a connection lost while a pass is redeemed: redeemed with the next one", async () => {
  const [network, connection] = await start(gated()[0]);
  await joined(network);
  const redeemed = connection.redeem(PASS);
  await settle();
  network.socket.close();
  await network.clock.pass(6_000);
  network.socket.open();
  await settle();
  assert.equal(network.socket.last["nonce"], "N");
  await joined(network, { member: "T" });
  assert.equal(await redeemed, null);
});

test("a pass that the server did not sign: said so, and joined without", async () => {
  const [network, connection] = await start(gated()[0]);
  await joined(network);
  const redeemed = connection.redeem(PASS);
  await settle();
  network.socket.open();
  await settle();
  network.socket.say({ id: network.socket.last["id"], error: { code: "bad_pass", message: "" } });
  await settle();
  assert.equal(await redeemed, "bad_pass");
  assert.equal(network.socket.last["nonce"], undefined);
  await joined(network);
  assert.equal(connection.status.value, "live");
  assert.equal(connection.member.value, false);
});

test("closed while the snapshot is on its way: no socket is opened", async () => {
  const network = new FakeNetwork();
  network.answer = new Host().answer;
  connect({ slug: "hro", role: "audience", surroundings: network.surroundings }).close();
  await settle();
  assert.equal(network.sockets.length, 0);
});
