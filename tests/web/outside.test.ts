import { signal } from "@preact/signals";
import assert from "node:assert/strict";
import test from "node:test";
import type { Connection, Status } from "../../web/core/connection";
import {
  parseServerMessage,
  parseSnapshot,
  type Change,
  type Post,
  type Question,
} from "../../web/core/protocol";
import { createState } from "../../web/core/state";
import { ModeratorDesk } from "../../web/pages/moderator/desk";
import {
  dropAct,
  openAct,
  outAllowed,
  publishAct,
  sendAct,
  warnAct,
} from "../../web/pages/moderator/outside";
import { lasting, mayDrop, mayRetry, standingOf } from "../../web/pages/moderator/standing";
import { outOn } from "../../web/pages/stage/show";
import { accountOf, postOf } from "./accounts";
import { EVENT, questionOf, snapshotOf } from "./cases";
import { settle } from "./fakes";

function question(more: Partial<Question> = {}): Question {
  const snapshot = parseSnapshot(snapshotOf({ questions: [questionOf(7)] }));
  const [parsed] = snapshot?.questions ?? [];
  return { ...(parsed ?? assert.fail("a question")), degree: 1, rev: 2, ...more };
}

const ours = accountOf(1);
const outside = { publish: "approved", accounts: [ours] } as const;

test("where a post stands, in words: waiting, tried again, sent, failed, gone", () => {
  const words = (more: Partial<Post>, account = ours) => {
    const { word, why, due, bad } = standingOf(postOf(1, more), account);
    return [word.replace("moderator.post.", ""), why?.replace("moderator.trouble.", "") ?? due, bad];
  };
  assert.deepEqual(words({ state: "queued", due: 77 }), ["waits.until", 77, false]);
  assert.deepEqual(words({ state: "queued" }), ["waits", null, false]);
  assert.deepEqual(words({ state: "ready" }), ["sending", null, false]);
  assert.deepEqual(words({ state: "sending", act: "edit" }), ["changing", null, false]);
  assert.deepEqual(words({ state: "ready", act: "delete" }), ["deleting", null, false]);
  assert.deepEqual(words({ state: "sending", trouble: "busy" }), ["again", "busy", false]);
  assert.deepEqual(words({ state: "sent" }), ["sent", null, false]);
  assert.deepEqual(words({ state: "failed", trouble: "rejected" }), ["failed.post", "rejected", true]);
  assert.deepEqual(words({ state: "failed", act: "delete", trouble: "missing" }), [
    "failed.delete",
    "missing",
    true,
  ]);
  assert.deepEqual(words({ state: "deleted", act: "delete" }), ["deleted", null, false]);
  assert.deepEqual(words({ state: "deleted", act: "delete", emptied: true }), ["emptied", null, false]);
});

test("a post of an account whose log-in is over waits for a new one; of one that has left it is said so", () => {
  for (const state of ["expired", "refused"] as const) {
    const { word, bad } = standingOf(
      postOf(1, { state: "ready", trouble: "login" }),
      accountOf(1, { state }),
    );
    assert.deepEqual([word, bad], ["moderator.post.waits.login", false]);
  }
  const left = accountOf(1, { state: "left" });
  const failed = postOf(1, { state: "failed", act: "delete", trouble: "login" });
  assert.equal(standingOf(failed, left).why, "moderator.trouble.left");
  assert.equal(standingOf(failed, undefined).why, "moderator.trouble.left");
});

test("tried again: what failed, and what a moderator had deleted once it is; as far as the account can", () => {
  const failed = postOf(1, { state: "failed", trouble: "busy" });
  const undeleted = postOf(1, { state: "failed", act: "delete", trouble: "busy" });
  const dropped = postOf(1, { state: "deleted", act: "delete", dropped: true });
  const leaving = accountOf(1, { state: "leaving" });
  const left = accountOf(1, { state: "left" });
  assert.deepEqual(
    [failed, undeleted, dropped].map((post) => mayRetry(post, ours)),
    [true, true, true],
  );
  assert.deepEqual(
    [failed, undeleted, dropped].map((post) => mayRetry(post, leaving)),
    [false, true, false],
  );
  assert.deepEqual(
    [failed, undeleted, dropped].map((post) => mayRetry(post, left)),
    [false, false, false],
  );
  assert.equal(mayRetry(postOf(1, { state: "sending", act: "delete", dropped: true }), ours), false);
  assert.equal(mayRetry(postOf(1, { state: "deleted", act: "delete" }), ours), false, "withdrawn: no");
});

test("deleted by hand: what is there or on its way, unless the account has left", () => {
  assert.equal(mayDrop(postOf(1), ours), true);
  assert.equal(mayDrop(postOf(1, { state: "queued" }), ours), true);
  assert.equal(mayDrop(postOf(1, { dropped: true, act: "delete", state: "sending" }), ours), false);
  assert.equal(mayDrop(postOf(1, { state: "deleted" }), ours), false);
  assert.equal(mayDrop(postOf(1), accountOf(1, { state: "left" })), false);
  assert.equal(mayDrop(postOf(1), undefined), false);
  assert.equal(dropAct(question({ posts: [postOf(1)] }), ours).name, "drop");
  assert.equal(dropAct(question({ posts: [postOf(1, { state: "queued" })] }), ours).name, "stop");
});

test("of gone questions only what does not go by itself is told", () => {
  const left = [
    { n: 1, ...postOf(1, { act: "delete", state: "sending" }) },
    { n: 2, ...postOf(1, { act: "delete", state: "sending", trouble: "busy" }) },
    { n: 3, ...postOf(1, { act: "delete", state: "failed", trouble: "forbidden" }) },
    { n: 4, ...postOf(1, { act: "delete", state: "deleted", emptied: true }) },
  ] as const;
  assert.deepEqual(
    lasting(left).map(({ n }) => n),
    [2, 3, 4],
  );
});

test("let out by a moderator: shown, allowed by its asker, not yet approved, and somewhere to go", () => {
  const may = (more: Partial<Question>, where: object = {}) =>
    outAllowed("publish", question(more), { ...outside, ...where });
  assert.equal(may({}), true);
  assert.equal(may({ state: "answered" }), true);
  assert.equal(may({ approved: true }), false);
  assert.equal(may({ state: "pending" }), false);
  assert.equal(may({ degree: 0 }), false);
  assert.equal(may({ degree: 2 }), false, "its asker posts it");
  assert.equal(may({}, { publish: "all" }), false, "it goes by itself");
  assert.equal(may({}, { publish: "off" }), false);
  assert.equal(may({}, { accounts: [] }), false);
  assert.equal(may({}, { accounts: [accountOf(1, { state: "left" })] }), false);
  assert.equal(may({}, { accounts: [accountOf(1, { state: "expired" })] }), true, "it waits");
});

test("the hashtag is asked what its asker lets out, and asked no longer even when all is switched off", () => {
  const may = (more: Partial<Question>, where: object = {}) =>
    outAllowed("open", question(more), { ...outside, ...where });
  assert.equal(may({}), true);
  assert.equal(may({ degree: 2 }), true);
  assert.equal(may({ degree: 0 }), false);
  assert.equal(may({ state: "hidden" }), false);
  assert.equal(may({}, { publish: "off" }), false);
  assert.equal(may({ open: true }, { publish: "off" }), true);
});

test("each act names its way back", () => {
  const n = 7;
  assert.deepEqual(publishAct(question(), outside), {
    name: "publish",
    n,
    forward: [{ cmd: "publish", n, rev: 2 }],
    back: [{ cmd: "post_drop", n, account: 1 }],
  });
  assert.deepEqual(openAct(question({ open: true }), outside), {
    name: "close",
    n,
    forward: [{ cmd: "open", n, on: false }],
    back: [{ cmd: "open", n, on: true }],
  });
  assert.deepEqual(warnAct(question({ warning: "alt" }), null), {
    name: "unwarn",
    n,
    forward: [{ cmd: "warn", n }],
    back: [{ cmd: "warn", n, text: "alt" }],
  });
  const posts = [postOf(1), postOf(1, { kind: "answer" }), postOf(2)];
  assert.deepEqual(dropAct(question({ posts }), ours).back, [
    { cmd: "post_retry", n, account: 1, kind: "question" },
    { cmd: "post_retry", n, account: 1, kind: "answer" },
  ]);
});

test("one key lets out what may go, or else tries again all that failed", () => {
  const posts = [
    postOf(1, { state: "failed", trouble: "busy" }),
    postOf(1, { kind: "answer" }),
    postOf(2, { state: "failed", trouble: "busy" }),
  ];
  assert.equal(sendAct(question({ posts }), outside)?.name, "publish");
  const retry = sendAct(question({ posts, approved: true }), { ...outside, accounts: [ours, accountOf(2)] });
  assert.deepEqual(retry?.forward, [
    { cmd: "post_retry", n: 7, account: 1, kind: "question" },
    { cmd: "post_retry", n: 7, account: 2, kind: "question" },
  ]);
  assert.equal(sendAct(question({ approved: true }), outside), null);
});

/* ---- on the desk */

function desk(...questions: object[]) {
  const state = createState();
  const snapshot = parseSnapshot(
    snapshotOf({
      event: { ...EVENT, publish: "approved", publish_delay: 60, offset: 0 },
      questions,
      accounts: [{ id: 1, network: "mastodon", name: "@a@b.c", limit: 500, link: 23, state: "connected" }],
      left: [],
    }),
  );
  state.applySnapshot(snapshot ?? assert.fail("a snapshot"));
  const sent: object[] = [];
  const connection: Connection = {
    state,
    status: signal<Status>("live"),
    offlineSince: signal(null),
    ended: signal(null),
    minute: () => 0,
    close: () => undefined,
    command: async (cmd, members) => {
      sent.push({ cmd, ...members });
      return { ok: true, value: {} };
    },
  };
  const moderated = new ModeratorDesk(connection);
  const tell = (...changes: object[]) => {
    const seq = state.model.peek()?.seq ?? 0;
    const message = parseServerMessage(JSON.stringify({ from: seq, seq: seq + 1, changes }));
    assert.ok(message?.kind === "frame");
    state.applyFrame({ ...message.frame, changes: message.frame.changes as Change[] });
  };
  return { desk: moderated, sent, tell };
}

test("a question is let out and the desk knows the way back, also before the server has answered", async () => {
  const { desk: moderated, sent } = desk(questionOf(1, { degree: 1 }));
  moderated.actOutside(1, publishAct);
  await moderated.doing.undo();
  assert.deepEqual(sent, [
    { cmd: "publish", n: 1, rev: 0 },
    { cmd: "post_drop", n: 1, account: 1 },
  ]);
  moderated.close();
});

test("without a connection nothing is sent, and nothing twice while it is under way", async () => {
  const { desk: moderated, sent } = desk(questionOf(1, { degree: 1 }));
  moderated.actOutside(1, openAct);
  moderated.actOutside(1, openAct);
  await settle();
  assert.equal(sent.length, 1);
  (moderated.connection.status as unknown as { value: Status }).value = "offline";
  moderated.actOutside(1, openAct);
  await settle();
  assert.equal(sent.length, 1);
  moderated.close();
});

test("a warning can be written to what may go out only; an answer as before", () => {
  const { desk: moderated } = desk(questionOf(1, { degree: 1 }), questionOf(2));
  moderated.compose(1, "warning");
  assert.deepEqual(moderated.composing.peek(), { n: 1, what: "warning" });
  moderated.compose(2, "warning");
  assert.deepEqual(moderated.composing.peek(), { n: 1, what: "warning" });
  moderated.compose(2);
  assert.deepEqual(moderated.composing.peek(), { n: 2, what: "answer" });
  moderated.close();
});

test("what becomes of posts is drawn at once and moves no row; the selection stays", async () => {
  const numbers = Array.from({ length: 300 }, (_, i) => i + 1);
  const { desk: moderated, tell } = desk(...numbers.map((n) => questionOf(n, { degree: 1, votes: n })));
  await settle();
  moderated.select("list", 150);
  moderated.touched();
  const before = moderated.desk.peek()?.list;
  const posts = [{ account: 1, kind: "question", state: "queued", act: "post", due: 130 }];
  tell(...numbers.map((n) => ({ k: "question", ...questionOf(n, { degree: 1, votes: 301 - n, posts }) })));
  assert.equal(moderated.question(150)?.posts[0]?.state, "queued");
  assert.deepEqual(moderated.desk.peek()?.list, before);
  assert.deepEqual(moderated.selection.peek(), { column: "list", n: 150 });
  tell({ k: "accounts", accounts: [] });
  assert.deepEqual(moderated.model.peek()?.accounts, []);
  tell({ k: "left", left: [{ n: 9, account: 1, kind: "question", state: "failed", act: "delete" }] });
  assert.equal(moderated.model.peek()?.left.length, 1);
  moderated.close();
});

/* ---- on stage */

test("the stage names each network once", () => {
  const accounts = [ours, accountOf(2), accountOf(3, { network: "bluesky" })];
  assert.equal(outOn(question({ posts: [postOf(3), postOf(1), postOf(2)] }), accounts), "Mastodon, Bluesky");
  assert.equal(outOn(question(), accounts), "");
  assert.equal(outOn(question({ posts: [postOf(9)] }), accounts), "");
});
