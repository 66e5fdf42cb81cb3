import { signal } from "@preact/signals";
import assert from "node:assert/strict";
import { textHash } from "../../web/core/card";
import type { Connection, Result, Status } from "../../web/core/connection";
import { fromBase64, toBase64 } from "../../web/core/encode";
import * as signing from "../../web/core/signing";
import { Outbox } from "../../web/core/outbox";
import { Person } from "../../web/core/person";
import { parseServerMessage, parseSnapshot, type Change } from "../../web/core/protocol";
import { createState } from "../../web/core/state";
import { eventStore, memoryStore } from "../../web/core/storage";
import { EVENT, snapshotOf } from "./cases";
import { Clock } from "./fakes";

export interface Sent {
  cmd: string;
  members: Record<string, unknown>;
  at: number;
}

interface Stored {
  text: string;
  rev: number;
  degree: number;
  claim?: { card: string; rev: number; hash: string };
}

/* A server that remembers questions by key, and a network that can lose commands or answers. */
export class Hall {
  readonly clock = new Clock();
  readonly base = memoryStore();
  readonly state = createState();
  readonly status = signal<Status>("connecting");
  readonly sent: Sent[] = [];
  readonly questions = new Map<string, Stored>();
  readonly cards = new Map<string, { rev: number; name: string; shown: boolean }>();
  readonly forgotten = new Set<string>(); /* keys of deleted cards */
  readonly member = signal(true);
  readonly people = signal(false);
  readonly redeemed: { nonce: string; at: number }[] = [];
  badPasses = new Set<string>();
  readonly votes = new Set<number>();
  refuse: string | null = null;
  answer: Record<string, unknown> = {};
  loseAnswers = false;
  outbox: Outbox;

  constructor(release = 5, event: object = {}) {
    const snapshot = parseSnapshot(snapshotOf({ event: { ...EVENT, end: 1e9, release, ...event } }));
    assert.ok(snapshot !== null);
    this.state.applySnapshot(snapshot);
    this.outbox = this.reload();
  }

  /* Another page load, or another tab: memory is new, storage is not. */
  reload(): Outbox {
    this.outbox?.close();
    this.outbox = new Outbox({
      connection: this.connection(),
      store: { ...eventStore(EVENT.id, this.base), watch: () => () => undefined },
      signing: async () => signing,
      now: () => this.clock.now,
      after: this.clock.after,
      random: () => 0,
    });
    return this.outbox;
  }

  /* As a page has it beside its outbox. */
  person(): Person {
    const store = { ...eventStore(EVENT.id, this.base), watch: () => () => undefined };
    const connection = this.connection();
    return new Person({ connection, store, outbox: this.outbox, after: this.clock.after });
  }

  private redeem(nonce: string): string | null {
    this.redeemed.push({ nonce, at: this.clock.now });
    if (this.badPasses.has(nonce)) {
      return "bad_pass";
    }
    this.member.value = true;
    return null;
  }

  connection(): Connection {
    return {
      state: this.state,
      status: this.status,
      offlineSince: signal(null),
      ended: signal(null),
      member: this.member,
      passKey: signal(null),
      people: this.people,
      showPeople: () => void (this.people.value = true),
      redeem: async ({ nonce }) => this.redeem(nonce),
      minute: () => Math.floor(this.clock.now / 60_000),
      close: () => undefined,
      command: async (cmd, members) => this.take(cmd, members as Record<string, unknown>),
    };
  }

  private async take(cmd: string, members: Record<string, unknown>): Promise<Result> {
    const offline: Result = { ok: false, code: "offline", message: "" };
    if (this.status.peek() !== "live") {
      return offline;
    }
    this.sent.push({ cmd, members, at: this.clock.now });
    await new Promise((resolve) => setImmediate(resolve));
    const code = this.refusal(cmd, members);
    const result: Result =
      code === null ? { ok: true, value: this.answer } : { ok: false, code, message: code };
    if (result.ok) {
      this.obey(cmd, members);
    }
    if (this.loseAnswers) {
      this.status.value = "offline";
      return offline;
    }
    return result;
  }

  private refusal(cmd: string, members: Record<string, unknown>): string | null {
    if (this.forgotten.has(String(members["card"]))) {
      return cmd === "card" || cmd === "claim" ? "gone" : null;
    }
    if (cmd === "card" || cmd === "card_delete") {
      const stored = this.cards.get(String(members["card"]));
      if (cmd === "card_delete" && stored === undefined) {
        return "unknown";
      }
      const rev = stored?.rev ?? 0;
      const again = cmd === "card" && members["rev"] === rev && this.sameCard(members);
      return this.refuse ?? (again || members["rev"] === rev + 1 ? null : "stale");
    }
    if (cmd === "claim") {
      return this.claimRefusal(members);
    }
    if (cmd === "unclaim" && this.questions.get(String(members["key"]))?.claim === undefined) {
      return null;
    }
    return "rev" in members && this.isStale(members) ? "stale" : this.refuse;
  }

  private sameCard(members: Record<string, unknown>): boolean {
    const stored = this.cards.get(String(members["card"]));
    return stored?.name === members["name"] && stored?.shown === members["shown"];
  }

  private claimRefusal(members: Record<string, unknown>): string | null {
    const stored = this.questions.get(String(members["key"]));
    if (stored === undefined || this.cards.get(String(members["card"]))?.shown !== true) {
      return "unknown";
    }
    if (stored.claim !== undefined && stored.claim.card !== members["card"]) {
      return "already_claimed";
    }
    const event = fromBase64(EVENT.id, 16) ?? new Uint8Array();
    const fits = members["hash"] === toBase64(textHash(event, stored.text));
    const again = stored.claim?.rev === members["rev"] && stored.claim?.hash === members["hash"];
    return this.refuse ?? (again || (fits && members["rev"] === stored.rev + 1) ? null : "stale");
  }

  /* The same once more is no step. */
  private isStale(members: Record<string, unknown>): boolean {
    const stored = this.questions.get(String(members["key"]));
    const again = (["text", "degree"] as const).some(
      (name) => name in members && members[name] === stored?.[name] && members["rev"] === stored?.rev,
    );
    return !again && members["rev"] !== (stored?.rev ?? 0) + 1;
  }

  private obey(cmd: string, members: Record<string, unknown>): void {
    const key = String(members["key"]);
    const n = Number(members["n"]);
    const rev = Number(members["rev"]);
    const stored = this.questions.get(key) ?? { text: "", rev: 0, degree: 0 };
    if (cmd === "ask" && !this.questions.has(key)) {
      this.questions.set(key, {
        text: String(members["text"]),
        rev: 0,
        degree: Number(members["degree"]),
      });
    } else if (cmd === "edit") {
      this.questions.set(key, { ...stored, text: String(members["text"]), rev });
    } else if (cmd === "degree") {
      this.questions.set(key, { ...stored, degree: Number(members["degree"]), rev });
    } else if (cmd === "withdraw") {
      this.questions.delete(key);
    } else if (cmd === "claim") {
      const claim = { card: String(members["card"]), rev, hash: String(members["hash"]) };
      this.questions.set(key, { ...stored, rev, claim });
    } else if (cmd === "unclaim" && stored.claim !== undefined) {
      const { text, degree } = stored;
      this.questions.set(key, { text, degree, rev });
    } else if (cmd === "card") {
      const { name, shown } = members;
      this.cards.set(String(members["card"]), { rev, name: String(name), shown: shown === true });
    } else if (cmd === "card_delete") {
      this.cards.delete(String(members["card"]));
      this.forgotten.add(String(members["card"]));
    } else if (cmd === "vote") {
      this.votes.add(n);
    } else if (cmd === "unvote") {
      this.votes.delete(n);
    }
  }

  frame(...changes: object[]): void {
    const seq = this.state.model.peek()?.seq ?? 0;
    const message = parseServerMessage(JSON.stringify({ from: seq, seq: seq + 1, changes }));
    assert.ok(message?.kind === "frame" && message.frame.changes.length === changes.length);
    this.state.applyFrame({ ...message.frame, changes: message.frame.changes as Change[] });
  }

  async live(): Promise<void> {
    this.status.value = "live";
    await this.clock.pass(0);
  }

  get texts(): string[] {
    return [...this.questions.values()].map((each) => each.text);
  }
  commands(cmd: string): Sent[] {
    return this.sent.filter((each) => each.cmd === cmd);
  }
  tagOf(index: number): string {
    const bytes = fromBase64(this.outbox.own.value[index]?.key ?? "", 32);
    assert.ok(bytes !== null);
    return Buffer.from(bytes.slice(0, 8)).toString("base64url");
  }
}
