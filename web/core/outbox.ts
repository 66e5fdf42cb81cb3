/* What was tapped and typed, kept until the server has it: questions, edits, degrees, withdrawals, votes. Written
 * to storage before anything is sent and sent again after every loss; doing it twice is doing it once
 * (same key, same revision, same vote). At most one ask, edit or degree per release, and withdrawals minutes
 * apart, so that two questions of one browser do not come together. */

import { effect, signal } from "@preact/signals";
import type { Connection, Result } from "./connection";
import { fromBase64, randomBytes, toBase64 } from "./encode";
import {
    afterAnswer,
    editOwn,
    isTemporary,
    newOwn,
    ownFromKept,
    questionOf,
    reconcileOwn,
    taskOf,
    triedOwn,
    turnOwn,
    withdrawOwn,
    type Own,
    type Task,
} from "./own";
import type { Degree } from "./protocol";
import type { Model } from "./state";
import type { EventStore } from "./storage";

type Keys = typeof import("./keys");

const SLOT_MARGIN_MS = 300;
const WITHDRAWALS_APART_MS = [60_000, 600_000] as const;
const STORAGE_RETRY_MS = 60_000;
const BUSY_RETRY_MS = 5_000;
const VOTE_SHIFT_MS = 5_000; /* after the answer: by then the total has come */

interface Votes {
    readonly given: readonly number[];
    readonly waiting: readonly number[]; /* the server does not know the newest wish yet */
}
interface Slots {
    readonly ask: number; /* Unix milliseconds before which none may leave */
    readonly withdraw: number;
}
interface Shift {
    readonly by: number;
    readonly votes: number; /* the total to which it is added; another total has our vote in it */
}

export interface OutboxOptions {
    readonly connection: Connection;
    readonly store: EventStore;
    readonly keys?: () => Promise<Keys>;
    readonly now?: () => number;
    readonly after?: (ms: number, run: () => void) => () => void;
    readonly random?: () => number;
}

export class Outbox {
    readonly own = signal<readonly Own[]>([]);
    private readonly votes = signal<Votes>({ given: [], waiting: [] });
    private readonly shifts = signal<ReadonlyMap<number, Shift>>(new Map());

    private readonly connection: Connection;
    private readonly store: EventStore;
    private readonly keys: () => Promise<Keys>;
    private readonly now: () => number;
    private readonly after: (ms: number, run: () => void) => () => void;
    private readonly random: () => number;
    private readonly stops: (() => void)[] = [];
    private running = false;
    private cancelTimer: (() => void) | null = null;
    private pauses = new Map<string, number>(); /* salt or "votes" → Unix ms of the next try */

    constructor(options: OutboxOptions) {
        this.connection = options.connection;
        this.store = options.store;
        this.keys = options.keys ?? (() => import("./keys"));
        this.now = options.now ?? Date.now;
        this.after = options.after ?? timer;
        this.random = options.random ?? Math.random;
        this.load();
        this.stops.push(
            this.store.watch(() => this.load()),
            effect(() => {
                if (this.connection.status.value === "live") {
                    queueMicrotask(() => void this.run());
                }
            }),
            effect(() => {
                const model = this.connection.state.model.value;
                if (model !== null) {
                    queueMicrotask(() => this.reconcile(model));
                }
            }),
        );
    }

    close(): void {
        this.stops.forEach((stop) => stop());
        this.cancelTimer?.();
    }

    /* `text` in normal form. Throws where the browser has no random numbers. */
    ask(talk: number, text: string, degree: Degree = 0): void {
        this.seed();
        const minute = Math.floor(this.now() / 60_000);
        const own = newOwn(toBase64(randomBytes(16)), talk, text, degree, minute);
        this.writeOwn((all) => [...all, own]);
        void this.run();
    }

    edit(salt: string, text: string): void {
        this.pauses.delete(salt);
        this.change(salt, (own) =>
            own.text === text && own.edit === null ? own : editOwn(own, text, this.storedRev(own)),
        );
        void this.run();
    }

    setDegree(salt: string, degree: Degree): void {
        this.pauses.delete(salt);
        this.change(salt, (own) => turnOwn(own, degree, this.storedRev(own)));
        void this.run();
    }

    /* Leaves after `graceMs`; until then stay() undoes it. Once it has left there is no way back. */
    withdraw(salt: string, graceMs = 0): void {
        this.pauses.set(salt, this.now() + graceMs);
        this.change(salt, withdrawOwn);
        void this.run();
    }

    stay(salt: string): void {
        this.pauses.delete(salt);
        this.change(salt, (own) => ({ ...own, leaving: false }));
        void this.run();
    }

    retry(salt: string): void {
        this.pauses.delete(salt);
        this.change(salt, (own) => ({
            ...own,
            stage: own.stage === "refused" ? "waiting" : own.stage,
            refusal: null,
        }));
        void this.run();
    }

    vote(n: number, on: boolean, total: number): void {
        if (this.given(n) === on) {
            return;
        }
        const shift = this.shifts.peek().get(n);
        const base = shift?.votes === total ? shift.by : 0;
        this.shift(n, { by: base + (on ? 1 : -1), votes: total });
        this.writeVotes(({ given, waiting }) => ({
            given: on ? [...given, n] : given.filter((each) => each !== n),
            waiting: [...waiting.filter((each) => each !== n), n],
        }));
        void this.run();
    }

    given(n: number): boolean {
        return this.votes.value.given.includes(n);
    }

    /* The total as this browser should show it: with its own vote before the server has counted it. */
    shownVotes(n: number, total: number): number {
        const shift = this.shifts.value.get(n);
        return shift?.votes === total ? Math.max(0, total + shift.by) : total;
    }

    get votesGiven(): number {
        return this.votes.value.given.length;
    }

    private load(): void {
        this.own.value = this.keptOwn();
        this.votes.value = this.store.read<Votes>("votes", { given: [], waiting: [] });
    }

    private keptOwn(): readonly Own[] {
        return this.store.read<readonly Own[]>("own", []).map(ownFromKept);
    }

    /* Read, changed, written in one go: another tab may have written since. */
    private writeOwn(update: (all: readonly Own[]) => readonly Own[]): void {
        const before = this.keptOwn();
        const after = update(before);
        if (after !== before) {
            this.store.write("own", after);
        }
        this.own.value = after;
    }

    private change(salt: string, update: (own: Own) => Own | null): void {
        this.writeOwn((all) => {
            const at = all.findIndex((own) => own.salt === salt);
            const own = all[at];
            const changed = own === undefined ? null : update(own);
            if (own === undefined || changed === own) {
                return all;
            }
            return [...all.slice(0, at), ...(changed === null ? [] : [changed]), ...all.slice(at + 1)];
        });
    }

    private writeVotes(update: (votes: Votes) => Votes): void {
        const votes = update(this.store.read<Votes>("votes", { given: [], waiting: [] }));
        this.store.write("votes", votes);
        this.votes.value = votes;
    }

    private shift(n: number, shift: Shift | null): void {
        const shifts = new Map(this.shifts.peek());
        if (shift === null || shift.by === 0) {
            shifts.delete(n);
        } else {
            shifts.set(n, shift);
        }
        this.shifts.value = shifts;
    }

    private seed(): Uint8Array {
        const kept = this.store.get("seed");
        const seed = kept === null ? null : fromBase64(kept, 32);
        if (seed !== null) {
            return seed;
        }
        const fresh = randomBytes(32);
        this.store.set("seed", toBase64(fresh));
        return fresh;
    }

    private storedRev(own: Own): number {
        const model = this.connection.state.model.peek();
        return (model && questionOf(own, model.questions.values())?.rev) ?? 0;
    }

    private reconcile(model: Model): void {
        if (this.own.peek().length === 0) {
            return;
        }
        const minute = Math.floor(this.now() / 60_000);
        const wanted = this.own.peek().map((own) => {
            const question = questionOf(own, model.questions.values());
            return [own, reconcileOwn(own, question, model.seq, minute)] as const;
        });
        for (const [own, changed] of wanted) {
            if (changed !== own) {
                this.change(own.salt, () => changed);
            }
        }
    }

    /* Sends what is due, one after the other, and sets a timer for what is not. */
    private async run(): Promise<void> {
        if (this.running) {
            return;
        }
        this.running = true;
        try {
            while (this.connection.status.peek() === "live" && (await this.sendNext())) {
                /* until nothing is due */
            }
        } finally {
            this.running = false;
        }
    }

    private async sendNext(): Promise<boolean> {
        const now = this.now();
        const vote = this.votes.peek().waiting[0];
        let next = Number.POSITIVE_INFINITY;
        if (vote !== undefined) {
            next = this.pauses.get("votes") ?? 0;
            if (next <= now) {
                return this.sendVote(vote);
            }
        }
        for (const own of this.own.peek()) {
            const task = taskOf(own);
            if (task !== null) {
                const due = Math.max(
                    this.slots()[task === "withdraw" ? "withdraw" : "ask"],
                    this.pauses.get(own.salt) ?? 0,
                );
                if (due <= now) {
                    return this.sendOwn(own, task);
                }
                next = Math.min(next, due);
            }
        }
        this.cancelTimer?.();
        this.cancelTimer = Number.isFinite(next) ? this.after(next - now, () => void this.run()) : null;
        return false;
    }

    private slots(): Slots {
        return this.store.read<Slots>("asked", { ask: 0, withdraw: 0 });
    }

    private async sendVote(n: number): Promise<boolean> {
        const on = this.given(n);
        const result = await this.connection.command(on ? "vote" : "unvote", { n });
        if (!result.ok && isTemporary(result.code)) {
            this.pauses.set("votes", this.now() + this.patience(result.code));
            return result.code !== "offline";
        }
        this.after(VOTE_SHIFT_MS, () => {
            if (!this.votes.peek().waiting.includes(n)) {
                this.shift(n, null);
            }
        });
        if (this.given(n) !== on) {
            return true; /* tapped again meanwhile: the newest wish is still to be sent */
        }
        this.writeVotes(({ given, waiting }) => ({
            given: result.ok ? given : given.filter((each) => each !== n),
            waiting: waiting.filter((each) => each !== n),
        }));
        if (!result.ok) {
            this.shift(n, null);
        }
        return true;
    }

    private async sendOwn(own: Own, task: Task): Promise<boolean> {
        const slots = this.slots();
        const result = await this.sign(own, task).catch(() => null);
        if (result === null) {
            this.pauses.set(own.salt, this.now() + BUSY_RETRY_MS); /* the chunk with the keys did not load */
            return true;
        }
        const code = result.ok ? null : result.code;
        const storedRev = this.storedRev(own);
        let verdict = "keep";
        this.change(own.salt, (newest) => {
            const outcome = afterAnswer(newest, task, code, storedRev);
            verdict = outcome.verdict;
            return verdict === "drop" ? null : outcome.own;
        });
        if (verdict === "retry") {
            this.store.write("asked", slots); /* nothing left in this slot */
        }
        if (verdict === "retry" && code !== "stale") {
            this.pauses.set(own.salt, this.now() + this.patience(code ?? ""));
        }
        return code !== "offline";
    }

    /* Signs and sends; what is sent is marked as tried first, and its slot is taken. */
    private async sign(own: Own, task: Task): Promise<Result> {
        const keys = await this.keys();
        const model = this.connection.state.model.peek();
        const event = model && fromBase64(model.event.id, 16);
        const salt = fromBase64(own.salt, 16);
        if (!event || salt === null) {
            throw new Error("no event to sign for");
        }
        const pair = keys.questionKey(this.seed(), event, salt);
        const key = toBase64(pair.key);
        this.takeSlot(task, model.event.release);
        this.change(own.salt, (newest) => ({ ...triedOwn(newest, task), key }));
        switch (task) {
            case "ask": {
                const ask = { salt, talk: own.talk, degree: own.degree, text: own.text };
                const sig = toBase64(keys.sign(pair, keys.askMessage(event, pair.key, ask)));
                return this.connection.command("ask", { key, ...ask, salt: own.salt, sig });
            }
            case "edit": {
                const { rev, text } = own.edit ?? { rev: own.rev, text: own.text };
                const sig = toBase64(keys.sign(pair, keys.editMessage(event, pair.key, rev, text)));
                return this.connection.command("edit", { key, rev, text, sig });
            }
            case "degree": {
                const { rev, degree } = own.turn ?? own;
                const sig = toBase64(keys.sign(pair, keys.degreeMessage(event, pair.key, rev, degree)));
                return this.connection.command("degree", { key, rev, degree, sig });
            }
            case "withdraw": {
                const rev = Math.max(own.rev, this.storedRev(own)) + 1;
                const sig = toBase64(keys.sign(pair, keys.withdrawMessage(event, pair.key, rev)));
                return this.connection.command("withdraw", { key, rev, sig });
            }
        }
    }

    private takeSlot(task: Task, releaseSeconds: number): void {
        const slots = this.slots();
        const now = this.now();
        const [least, most] = WITHDRAWALS_APART_MS;
        this.store.write(
            "asked",
            task === "withdraw"
                ? { ...slots, withdraw: now + least + this.random() * (most - least) }
                : { ...slots, ask: releaseSeconds === 0 ? 0 : now + releaseSeconds * 1000 + SLOT_MARGIN_MS },
        );
    }

    private patience(code: string): number {
        const seconds = this.connection.state.model.peek()?.event.ask_seconds ?? 20;
        return code === "storage" ? STORAGE_RETRY_MS : code === "too_often" ? seconds * 1000 : BUSY_RETRY_MS;
    }
}

function timer(ms: number, run: () => void): () => void {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
}
