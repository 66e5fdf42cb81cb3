import { signal } from "@preact/signals";
import assert from "node:assert/strict";
import type { Connection, Result, Status } from "../../web/core/connection";
import { fromBase64 } from "../../web/core/encode";
import * as keys from "../../web/core/keys";
import { Outbox } from "../../web/core/outbox";
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

/* A server that remembers questions by key, and a network that can lose commands or answers. */
export class Hall {
  readonly clock = new Clock();
  readonly base = memoryStore();
  readonly state = createState();
  readonly status = signal<Status>("connecting");
  readonly sent: Sent[] = [];
  readonly questions = new Map<string, { text: string; rev: number; degree: number }>();
  readonly votes = new Set<number>();
  refuse: string | null = null;
  loseAnswers = false;
  outbox: Outbox;

  constructor(release = 5) {
    const snapshot = parseSnapshot(snapshotOf({ event: { ...EVENT, release } }));
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
      keys: async () => keys,
      now: () => this.clock.now,
      after: this.clock.after,
      random: () => 0,
    });
    return this.outbox;
  }

  private connection(): Connection {
    return {
      state: this.state,
      status: this.status,
      offlineSince: signal(null),
      ended: signal(null),
      minute: () => 0,
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
    const result: Result =
      "rev" in members && this.isStale(members)
        ? { ok: false, code: "stale", message: "" }
        : this.refuse === null
          ? { ok: true, value: {} }
          : { ok: false, code: this.refuse, message: this.refuse };
    if (result.ok) {
      this.obey(cmd, members);
    }
    if (this.loseAnswers) {
      this.status.value = "offline";
      return offline;
    }
    return result;
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
