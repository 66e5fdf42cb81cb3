// Bad input on the socket: each case gets its code, and the next client notices nothing. Bad commands
// are in hostile-commands.test.mjs, bad HTTP in hostile-http.test.mjs.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { connect } from "../lib/client.mjs";
import { Bare, frame } from "../lib/frames.mjs";
import { Server } from "../lib/server.mjs";
import { until } from "../lib/bounded.mjs";

let server, event, witness, first;

before(async () => {
  server = await Server.start();
  event = await server.event();
  [first] = await event.fill(["Bleibt diese Frage unberührt?"]);
  witness = await event.join();
});
after(() => server?.stop());

afterEach(async () => {
  await server.healthy(event);
  assert.equal(witness.socket.readyState, witness.socket.OPEN, "another connection stays open");
  assert.ok(!witness.view.gap && !witness.trouble && !witness.resync);
  assert.equal(witness.view.questions.get(first).text, "Bleibt diese Frage unberührt?");
});

// A raw text on a joined socket; the code of the answer, or `closed CODE`.
async function codeOf(text, options) {
  const bare = await Bare.open(event);
  try {
    await bare.say({ cmd: "join", id: 1 });
    const answer = await bare.say(text, options);
    return answer?.error?.code ?? (answer ? "ok" : `closed ${bare.code}`);
  } finally {
    bare.close();
  }
}

describe("not a message", () => {
  const cases = {
    "nothing at all": "",
    "not JSON": "hallo",
    "half an object": '{"cmd":"vote","id":1',
    "more than one object": '{"cmd":"vote","id":1,"n":1}{}',
    "letters after the object": '{"cmd":"vote","id":1,"n":1}x',
    "a list": "[]",
    null: "null",
    "a number": "17",
    "a string": '"vote"',
    "no command": '{"id":1}',
    "a command that is a number": '{"cmd":1,"id":1}',
    "no id": '{"cmd":"vote","n":1}',
    "an id that is a string": '{"cmd":"vote","id":"1","n":1}',
    "a negative id": '{"cmd":"vote","id":-1,"n":1}',
    "half an id": '{"cmd":"vote","id":1.5,"n":1}',
    "an id past 2³²": '{"cmd":"vote","id":4294967296,"n":1}',
    "an unknown member": '{"cmd":"vote","id":1,"n":1,"weight":2}',
    "a missing member": '{"cmd":"vote","id":1}',
    "a number that is a string": '{"cmd":"vote","id":1,"n":"1"}',
    "a number that is an object": '{"cmd":"vote","id":1,"n":{"$gt":0}}',
    "half a number": '{"cmd":"vote","id":1,"n":1.5}',
    "a number past 2⁶⁴": '{"cmd":"vote","id":1,"n":99999999999999999999999999}',
    "deep lists": "[".repeat(4000),
    "deep objects": `${'{"a":'.repeat(1300)}1${"}".repeat(1300)}`,
    "depth inside a command": `{"cmd":"vote","id":1,"n":${"[".repeat(100)}${"]".repeat(100)}}`,
    "a NUL byte": '{"cmd":"vote","id":1,"n":1}\0',
    "a NUL in a string": '{"cmd":"vo\\u0000te","id":1,"n":1}',
    "a lone high surrogate": '{"cmd":"ask","id":1,"text":"\\ud83d"}',
    "a lone low surrogate": '{"cmd":"ask","id":1,"text":"\\ude00 ja"}',
  };
  for (const [name, text] of Object.entries(cases)) {
    test(name, async () => assert.match(await codeOf(text), /^bad_message$/));
  }
  test("a number out of its range", async () => {
    for (const number of [-1, 4294967296, Number.MAX_SAFE_INTEGER]) {
      assert.equal(await codeOf(`{"cmd":"vote","id":1,"n":${number}}`), "bad_value");
    }
  });
  test("an unknown command", async () =>
    assert.equal(await codeOf('{"cmd":"vote_twice","id":1,"n":1}'), "unknown_command"));
  test("huge", async () => {
    const huge = (length) => `{"cmd":"vote","id":1,"n":1}${" ".repeat(length)}`;
    assert.equal(await codeOf(huge(8193)), "too_long");
    for (const length of [100_000, 2_000_000]) {
      assert.match(await codeOf(huge(length)), /^too_long$|^closed/);
    }
  });
  test("just not huge", async () => {
    const text = `{"cmd":"vote","id":1,"n":${first}}`;
    assert.equal(await codeOf(text.padEnd(8192)), "ok");
  });
  test("binary", async () =>
    assert.match(
      await codeOf(Buffer.from([0, 1, 2, 255]), { opcode: 2 }),
      /^bad_message$|^closed 1003$/,
    ));
  test("bytes that are not UTF-8", async () =>
    assert.match(
      await codeOf(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
      /^bad_message$|^closed 1007$/,
    ));
});

describe("bad frames", () => {
  test("one byte per frame, one byte per packet", async () => {
    const bare = await Bare.open(event);
    await bare.say({ cmd: "join", id: 1 });
    const text = `{"cmd":"vote","id":7,"n":${first}}`;
    for (let at = 0; at < text.length; at++) {
      bare.send(frame(text[at], { opcode: at ? 0 : 1, fin: at === text.length - 1 }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => bare.messages.some(({ id }) => id === 7), "the pieces are one command");
    assert.deepEqual(bare.messages.find(({ id }) => id === 7).ok, {});
    bare.close();
  });
  test("one frame, one byte per packet, a ping in between", async () => {
    const bare = await Bare.open(event);
    for (const byte of frame(JSON.stringify({ cmd: "join", id: 3 }))) {
      bare.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    bare.send(frame("da?", { opcode: 9 }));
    await until(
      () => bare.pong === "da?" && bare.messages[0]?.id === 3,
      "join and ping are answered",
    );
    bare.close();
  });
  test("endless pieces of one message", async () => {
    const bare = await Bare.open(event);
    for (let piece = 0; piece < 300 && !bare.over; piece++) {
      bare.send(frame(" ".repeat(100), { opcode: piece ? 0 : 1, fin: false }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(
      () => bare.over || bare.messages[0]?.error?.code === "too_long",
      "there is an end to it",
    );
    bare.close();
  });
  const broken = {
    "with reserved bits": { reserved: 7 },
    "of an unknown kind": { opcode: 5 },
    "that continues nothing": { opcode: 0 },
    "that says a length of 2⁶³": { length: 2n ** 63n },
    "that says a length of 2³²": { length: 2n ** 32n },
  };
  for (const [name, options] of Object.entries(broken)) {
    test(`a frame ${name}`, async () => {
      const bare = await Bare.open(event);
      bare.send(frame(JSON.stringify({ cmd: "join", id: 1 }), options));
      bare.send(frame("x".repeat(20000)));
      await until(() => bare.over || bare.code || bare.messages[0]?.error, "it is not taken");
      assert.ok(!bare.messages.some(({ ok }) => ok), "and did nothing");
      bare.close();
    });
  }
  test("a control frame that is too long", async () => {
    const bare = await Bare.open(event);
    bare.send(frame("x".repeat(200), { opcode: 9 }));
    await bare.ended();
  });
  test("gone in the middle of a frame", async () => {
    for (let times = 0; times < 20; times++) {
      const bare = await Bare.open(event);
      bare.send(frame(JSON.stringify({ cmd: "join", id: 1 })).subarray(0, 3 + times));
      bare.close();
    }
  });
});

describe("too much", () => {
  test("asking too often", async () => {
    const strict = await server.event({ hashtag: "Gemach", ask_burst: 2, ask_seconds: 3600 });
    const hasty = await strict.join();
    await hasty.ask("Eins?");
    await hasty.ask("Zwei?");
    await hasty.refused(hasty.seed.question().ask({ text: "Drei?" }), "too_often");
    const calm = await strict.join();
    await calm.ask("Eine andere Person darf?");
    await hasty.close();
    await calm.close();
  });
  test("a thousand commands at once", async () => {
    const member = await event.join();
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () => member.try({ cmd: "vote", n: first })),
    );
    for (const { ok, error } of answers) {
      assert.ok(ok || ["busy", "too_often", "full"].includes(error.code), JSON.stringify(error));
    }
    assert.ok(answers[0].ok);
    await member.close();
  });
  test("joining again and again on one socket", async () => {
    const socket = await connect(event);
    let answers = 0;
    socket.on("message", (text) => (answers += "id" in JSON.parse(text) ? 1 : 0));
    for (let id = 0; id < 50; id++) {
      socket.send(JSON.stringify({ cmd: "join", id }));
    }
    await until(() => answers === 50 || socket.readyState !== socket.OPEN, "each is answered");
    socket.close();
  });
});
