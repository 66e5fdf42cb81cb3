// What far servers do wrong, and what becomes of a post meanwhile: nothing is lost, nothing is doubled,
// the moderator sees why, the room notices nothing, and the log names nobody.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../lib/bounded.mjs";
import { Mastodon } from "../lib/mastodon.mjs";
import { askApproved, logIn, outwardServer, post, promptEvent } from "../lib/outward.mjs";
import { scratch } from "../lib/server.mjs";
import { X } from "../lib/x.mjs";

const TEXT = "Geht hier etwas verloren?";
const SEND = "POST /api/v1/statuses";

class Stage {
  static async open({ far, server, event } = {}) {
    const stage = new Stage();
    stage.far = await Mastodon.start(far);
    stage.server = await outwardServer({ peers: [stage.far.url], ...server });
    stage.event = await promptEvent(stage.server, event);
    stage.account = await stage.connect();
    return stage;
  }

  connect() {
    const { far, event } = this;
    const at = { network: "mastodon", server: far.url };
    return logIn(event, at, (url) => far.approve(url));
  }

  async ask(text = TEXT) {
    const asked = await askApproved(this.event, text);
    this.n = asked.n;
    return asked;
  }

  // As the moderator sees it.
  row(wanted, options) {
    return post(this.event, this.n, wanted, options);
  }

  accountIs(state) {
    return this.event.snapshotWhere(
      ({ accounts }) => accounts[0].state === state,
      `the account is ${state}`,
      this.event.keys.organiser,
    );
  }

  get own() {
    return this.far.statuses.filter(({ account }) => account === this.far.account);
  }

  // Sent exactly once, with the text as it should be.
  async once(seconds = 40) {
    const row = await this.row({ state: "sent" }, { seconds });
    assert.equal(this.own.length, 1, "exactly one post");
    assert.ok(this.own[0].text.startsWith(TEXT));
    assert.equal(row.url, `${this.far.url}/@saal/${this.own[0].id}`);
    assert.equal(row.trouble, undefined);
  }

  // Whatever happened.
  async end() {
    await this.server.kill();
    if (!this.closed) {
      await this.far.down();
    }
  }

  async close() {
    await this.server.stop();
    await this.far.stop();
    this.closed = true;
    const { log } = this.server;
    const secrets = [
      TEXT,
      this.far.host,
      "saal",
      ...this.far.tokens.keys(),
      ...this.far.apps.keys(),
    ];
    const ids = [...this.far.statuses, ...this.far.deleted].map(({ id }) => id);
    for (const secret of [...secrets, ...ids]) {
      assert.ok(!log.includes(secret), `the log names ${secret}`);
    }
  }
}

// One row of the table.
function row(name, play, options = {}) {
  test(name, { timeout: 240_000 }, async (context) => {
    const stage = await Stage.open(options);
    context.after(() => stage.end());
    await play(stage);
    await stage.close();
  });
}

// Nobody may come here.
async function listener() {
  const server = net.createServer((socket) => {
    server.came = (server.came ?? 0) + 1;
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

describe("nothing is lost, nothing is doubled", { concurrency: 4 }, () => {
  row("429 with a reset time: waits until then", async (stage) => {
    const end = Date.now() + 6000;
    stage.far.fail.limit(6, { when: SEND });
    await stage.ask();
    await stage.row({ state: "sending", trouble: "limited" });
    await stage.once();
    const tries = stage.far.calls(SEND);
    assert.deepEqual(
      tries.map(({ status }) => status),
      [429, 200],
    );
    assert.ok(tries[1].at >= end - 100);
  });

  row("500 for a minute: few tries, further and further apart", async (stage) => {
    const end = Date.now() + 60_000;
    const when = ({ method, path: at }) => `${method} ${at}` === SEND && Date.now() < end;
    stage.far.fail.next(500, Infinity, { when });
    await stage.ask();
    await stage.row({ state: "sending", trouble: "busy" });
    await stage.once(170); // the last pause may have begun just before the minute was over
    const tries = stage.far.calls(SEND);
    assert.ok(tries.length >= 5 && tries.length <= 9, `${tries.length} tries`);
    const pauses = tries.slice(1).map(({ at }, i) => at - tries[i].at);
    assert.ok(pauses.at(-1) > 3 * pauses[0], `${pauses}`);
  });

  row("503 with Retry-After", async (stage) => {
    stage.far.fail.next(503, 1, { when: SEND, seconds: 5 });
    await stage.ask();
    await stage.row({ state: "sending", trouble: "busy" });
    await stage.once();
    const [first, second] = stage.far.calls(SEND);
    assert.ok(second.at - first.at >= 4900);
  });

  for (const repeatsPosts of [false, true]) {
    const options = { far: { repeatsPosts } };
    const kind = repeatsPosts ? ", and keys are forgotten" : "";
    row(
      `cut in the middle of the answer${kind}`,
      async (stage) => {
        stage.far.fail.cut(1, { when: SEND });
        await stage.ask();
        await stage.once();
        assert.equal(stage.far.calls(SEND).length, 1);
      },
      options,
    );

    row(
      `closed without an answer, and looking fails too${kind}`,
      async (stage) => {
        stage.far.fail.lose(1, { when: SEND });
        stage.far.fail.next(500, 2, { when: "GET /api/v1/accounts/:id/statuses" });
        await stage.ask();
        await stage.row({ state: "sending", trouble: "busy" });
        await stage.once();
        assert.equal(stage.far.calls(SEND).length, 1);
      },
      options,
    );

    row(
      `kill -9 between sending and noting it${kind}`,
      async (stage) => {
        const { server, far } = stage;
        let died;
        const when = ({ method, path: at }) => {
          const here = `${method} ${at}` === SEND && !died;
          died = here ? server.kill() : died; // before the far server does anything
          return here;
        };
        far.fail.lose(1, { when });
        await stage.ask();
        await until(() => died, "it was sent");
        await died;
        assert.equal(stage.own.length, 1);
        await server.restart();
        await stage.once();
        assert.equal(far.calls(SEND).length, 1, "looked for, and found");
      },
      options,
    );
  }

  row("kill -9 between noting and sending", async (stage) => {
    const { server, far } = stage;
    let died;
    const when = ({ method, path: at }) => {
      const here = `${method} ${at}` === SEND && !died;
      died = here ? server.kill() : died;
      return here;
    };
    far.fail.drop(1, { when });
    await stage.ask();
    await until(() => died, "it was sent");
    await died;
    assert.equal(stage.own.length, 0);
    await server.restart();
    await stage.once();
    const [one, other] = far.calls(SEND).map(({ headers }) => headers["idempotency-key"]);
    assert.equal(one, other, "under the key that was noted");
  });

  row("kill -9 while an edit is sent", async (stage) => {
    const { server, far, event } = stage;
    await stage.ask();
    await stage.once();
    let died;
    const when = ({ method }) => {
      const here = method === "PUT" && !died;
      died = here ? server.kill() : died;
      return here;
    };
    far.fail.drop(1, { when });
    await event.moderate("warn", { n: stage.n, text: "Achtung" });
    await until(() => died, "it was sent");
    await died;
    await server.restart();
    await until(() => far.statuses[0].spoiler === "Achtung", "edited after all", 30);
    await stage.once();
  });

  row("a kept connection that was closed", async (stage) => {
    await stage.ask("Eins?");
    await stage.row({ state: "sent" });
    stage.far.fail.close(1);
    stage.far.fail.stale(3);
    await stage.ask();
    await stage.row({ state: "sent" });
    assert.equal(stage.own.length, 2);
    await stage.event.organise("account_test", { account: stage.account });
    assert.equal(stage.own.length, 2);
  });

  row("an answer without an end", async (stage) => {
    const peak = () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${stage.server.child.pid}/status`))[1]);
    const before = peak();
    stage.far.fail.endless(1, { when: SEND });
    await stage.ask();
    await stage.row({ state: "sending", trouble: "answer" }, { seconds: 30 });
    await stage.once();
    assert.ok(peak() - before < 32 * 1024, `${peak() - before} KB more`);
  });

  row("an answer that makes no sense", async (stage) => {
    stage.far.fail.next(200, 1, { when: SEND });
    await stage.ask();
    await stage.row({ state: "sending", trouble: "answer" });
    await stage.once();
  });

  row("no answer at all: and the room notices nothing", async (stage) => {
    stage.far.fail.hang(1, { when: SEND });
    await stage.ask();
    await until(() => stage.far.calls(SEND).length === 1, "it hangs");
    const member = await stage.event.join();
    for (let i = 0; i < 10; i++) {
      const from = performance.now();
      await member.ask(`Und ${i}?`);
      assert.ok(performance.now() - from < 1000, "asking is as quick as ever");
    }
    await member.close();
    await stage.row({ state: "sending", trouble: "unreachable" }, { seconds: 30 });
    await stage.once(100); // what hangs may still be carried out: it is waited for
  });

  row("nobody listens for a while", async (stage) => {
    await stage.far.down();
    await stage.ask();
    await stage.row({ state: "sending", trouble: "unreachable" });
    await stage.far.up();
    await stage.once();
  });

  row("the token is revoked: waits for a new log-in", async (stage) => {
    stage.far.revokeTokens();
    await stage.ask();
    await stage.accountIs("expired");
    await stage.row({ state: "ready", trouble: "login" });
    assert.equal(await stage.connect(), stage.account, "the same account");
    await stage.once();
  });

  row("suspended: waits, and goes on after another log-in", async (stage) => {
    stage.far.suspend();
    await stage.ask();
    await stage.accountIs("refused");
    await stage.row({ state: "ready", trouble: "forbidden" });
    stage.far.suspend(false);
    await stage.connect();
    await stage.once();
  });

  row("422: final, and the moderator may try again", async (stage) => {
    stage.far.fail.next(422, 1, { when: SEND });
    await stage.ask();
    await stage.row({ state: "failed", trouble: "rejected" });
    await stage.event.moderate("post_retry", {
      ...{ n: stage.n, account: stage.account, kind: "question" },
    });
    await stage.once();
  });

  row("a redirect to 127.0.0.1 leads nowhere", async (stage) => {
    const { far, event } = stage;
    const closed = await listener();
    const inside = `http://127.0.0.1:${closed.address().port}/`;
    far.fail.redirect(inside, 1, { when: "/.well-known/oauth-authorization-server" });
    const refused = await event.post(
      { cmd: "connect", network: "mastodon", server: far.url, challenge: "A".repeat(43) },
      event.keys.organiser,
    );
    assert.equal(refused.error.code, "bad_server");
    for (const status of [302, 307]) {
      far.fail.redirect(inside, 1, { when: SEND, status });
    }
    await stage.ask();
    await stage.row({ state: "sending", trouble: "answer" });
    await stage.once();
    assert.equal(closed.came, undefined, "nobody came");
    closed.close();
  });

  row("a peer that is allowed no longer", async (stage) => {
    const { server } = stage;
    await server.stop();
    const { args } = server;
    server.args = [];
    await server.restart();
    await stage.ask();
    await stage.row({ state: "sending", trouble: "address" });
    assert.equal(stage.own.length, 0);
    await server.stop();
    server.args = args;
    await server.restart();
    await stage.once();
  });

  test("a name that leads to a private address", { timeout: 60_000 }, async (context) => {
    const hosts = path.join(scratch(), "hosts");
    writeFileSync(hosts, "127.0.0.1 localhost innen.raute.test\n::1 sechs.raute.test\n");
    const before = ["unshare", process.getuid() === 0 ? "-m" : "-rm", "sh", "-c"].concat(
      `mount --bind ${hosts} /etc/hosts && exec "$0" "$@"`,
    );
    const server = await outwardServer({ before }).catch((error) => {
      context.skip(`no mount namespace here: ${error.message}`);
    });
    if (!server) {
      return;
    }
    const event = await promptEvent(server);
    const closed = await listener();
    for (const name of ["innen.raute.test", "sechs.raute.test"]) {
      const typed = `https://${name}:${closed.address().port}`;
      const refused = await event.post(
        { cmd: "connect", network: "mastodon", server: typed, challenge: "A".repeat(43) },
        event.keys.organiser,
      );
      assert.equal(refused.error.code, "bad_server", name);
    }
    await sleep(200);
    assert.equal(closed.came, undefined, "nobody came");
    closed.close();
    await server.stop();
  });

  test("X: kill -9 between sending and noting it", { timeout: 60_000 }, async () => {
    const x = await X.start();
    const server = await outwardServer({
      peers: [x.url],
      args: ["--x-url", x.url, "--x-client-id", "operator"],
    });
    const event = await promptEvent(server);
    await logIn(event, { network: "x" }, (url) => x.approve(url));
    let died;
    const when = ({ method, path: at }) => {
      const here = `${method} ${at}` === "POST /2/tweets" && !died;
      died = here ? server.kill() : died;
      return here;
    };
    x.fail.lose(1, { when });
    const { n } = await askApproved(event, TEXT);
    await until(() => died, "it was sent");
    await died;
    await server.restart();
    await post(event, n, { state: "sent" }, { seconds: 30 });
    assert.equal(x.tweets.length, 1);
    await server.stop();
    await x.stop();
  });

  test(
    "two accounts: one that is down does not keep the other waiting",
    { timeout: 60_000 },
    async () => {
      const [dead, living] = [await Mastodon.start(), await Mastodon.start({ username: "hof" })];
      const server = await outwardServer({ peers: [dead.url, living.url] });
      const event = await promptEvent(server);
      const accounts = [];
      for (const far of [dead, living]) {
        const at = { network: "mastodon", server: far.url };
        accounts.push(await logIn(event, at, (url) => far.approve(url)));
      }
      dead.fail.hang(1, { when: SEND });
      const { n } = await askApproved(event, TEXT);
      const from = performance.now();
      await post(event, n, { state: "sent" }, { account: accounts[1] });
      assert.ok(performance.now() - from < 5000);
      assert.deepEqual([dead.statuses.length, living.statuses.length], [0, 1]);
      await server.stop();
      await Promise.all([dead.stop(), living.stop()]);
    },
  );
});
