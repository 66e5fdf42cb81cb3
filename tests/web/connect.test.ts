import assert from "node:assert/strict";
import test from "node:test";
import { parseSnapshot } from "../../web/core/protocol";
import { appPasswordFrom, handleFrom, serverFrom } from "../../web/pages/organiser/far";
import { localOffset, saveSettings } from "../../web/pages/organiser/settings";
import { accountLabel } from "../../web/parts/networks";
import type { Connection } from "../../web/core/connection";
import { accountOf } from "./accounts";
import { snapshotOf } from "./cases";

test("a Mastodon server, however people name it", () => {
  for (const typed of [
    "example.social",
    " Example.Social ",
    "https://example.social",
    "https://example.social/@hro",
    "https://example.social/deck/home?x#y",
    "@hro@example.social",
    "hro@example.social",
    "\u2068@hro@example.social\u2069",
    "example.social\u200b",
  ]) {
    assert.equal(serverFrom(typed), "example.social", typed);
  }
  assert.equal(serverFrom("social.küste.example"), "social.xn--kste-0ra.example");
  assert.equal(serverFrom("example.social:8443"), "example.social:8443");
  assert.equal(serverFrom("http://127.0.0.1:8001"), "http://127.0.0.1:8001");
  assert.equal(serverFrom("http://localhost:8001/hro"), "http://localhost:8001");
});

test("what can be no server", () => {
  for (const typed of [
    "",
    "mastodon",
    "@hro",
    "exa mple.social",
    "example..social",
    "https://",
    "@",
    "a b",
  ]) {
    assert.equal(serverFrom(typed), "", typed);
  }
});

test("a Bluesky handle or DID, however people name it", () => {
  for (const typed of [
    "example.bsky.social",
    "@Example.bsky.social",
    "https://bsky.app/profile/example.bsky.social",
    "https://bsky.app/profile/example.bsky.social/post/3k",
    "at://example.bsky.social",
    "\u202a@example.bsky.social\u202c",
  ]) {
    assert.equal(handleFrom(typed), "example.bsky.social", typed);
  }
  assert.equal(handleFrom("did:plc:ewvi7nxzyoun6zhxrhs64oiz"), "did:plc:ewvi7nxzyoun6zhxrhs64oiz");
  assert.equal(
    handleFrom("https://bsky.app/profile/did:plc:ewvi7nxzyoun6zhxrhs64oiz"),
    "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
  );
  assert.equal(handleFrom("did:web:example.social"), "did:web:example.social");
});

test("what can be no handle: a name alone, an e-mail address, an address of something else", () => {
  for (const typed of [
    "",
    "example",
    "hro@example.social",
    "https://bsky.app",
    "a_b.bsky.social",
    "-a.bsky.social",
  ]) {
    assert.equal(handleFrom(typed), "", typed);
  }
});

test("only an app password is one", () => {
  assert.equal(appPasswordFrom(" 245o-exfv-4tzh-rlwu "), "245o-exfv-4tzh-rlwu");
  assert.equal(appPasswordFrom("245O-EXFV-4TZH-RLWU"), "245o-exfv-4tzh-rlwu");
  for (const typed of [
    "",
    "correct horse battery",
    "245o-exfv-4tzh",
    "245o-exfv-4tzh-rlwu-x",
    "245oexfv4tzhrlwu",
  ]) {
    assert.equal(appPasswordFrom(typed), "", typed);
  }
});

test("an account is called by its network while it is the only one there", () => {
  const one = accountOf(1);
  const two = accountOf(2, { name: "@zwei@example.social" });
  const three = accountOf(3, { network: "bluesky", name: "@drei.bsky.social" });
  assert.equal(accountLabel(one, [one, three]), "Mastodon");
  assert.equal(accountLabel(three, [one, three]), "Bluesky");
  assert.equal(accountLabel(two, [one, two, three]), "@zwei@example.social");
});

test("the browser's time zone goes along with a change of settings, when the stored one differs, and not otherwise", async () => {
  const start = 29_384_756;
  const offset = localOffset(start);
  assert.equal(offset, -new Date(start * 60_000).getTimezoneOffset());
  const event = parseSnapshot(snapshotOf())?.event ?? assert.fail("a snapshot");
  const sent: object[] = [];
  const connection = {
    command: async (_: string, members: object) => {
      sent.push(members);
      return { ok: true, value: {} };
    },
  } as unknown as Connection;
  const save = (stored: number) =>
    saveSettings({ connection, event: { ...event, start, offset: stored } }, { title: "Neu" });
  assert.equal(await save(offset), null);
  assert.equal(await save(offset + 60), null);
  assert.deepEqual(sent, [{ title: "Neu" }, { title: "Neu", offset }]);
});
