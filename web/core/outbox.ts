/* What was tapped and typed, kept until the server has it: questions, edits, degrees, claims, withdrawals,
 * votes. Written to storage before anything is sent and sent again after every loss; doing it twice is doing it once
 * (same key, same revision, same vote). At most one ask, edit, degree or claim per release, and withdrawals
 * minutes apart, so that two questions of one browser do not come together. */

import { effect, signal } from "@preact/signals";
import {
    afterBond,
    bondOwn,
    claimOwn,
    claimTask,
    endClaim,
    namedCard,
    reconcileClaim,
    unclaimOwn,
    type ClaimTask,
} from "./claims";
import type { Connection, Result } from "./connection";
import { randomBytes, toBase64 } from "./encode";
import { Gate, type Admission } from "./gate";
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
    type Task as OwnTask,
} from "./own";
import { Pace } from "./pace";
import type { KeptCard, OwnCard } from "./person";
import type { Degree, Question } from "./protocol";
import { seedOf } from "./seed";
import type { Signed } from "./signing";
import type { Model } from "./state";
import type { EventStore } from "./storage";
import { timer } from "./timer";
import { Votes } from "./votes";

type Signing = typeof import("./signing");
type Task = OwnTask | ClaimTask;

const VOTE_SHIFT_MS = 5_000; /* after the answer: by then the total has come */

const BARRED = "members_only";
const MEMBERS: ReadonlySet<string> = new Set(["ask", "vote", "claim"]);

/* What may leave, and from which Unix millisecond on. False of `send`: no more just now. */
interface Due {
    readonly at: number;
    readonly by: Task | "vote" | "enter";
    send(): Promise<boolean>;
}
interface Sent {
    readonly answer: Promise<Result>;
    freeSlot(): void; /* nothing left in it */
}

export interface OutboxOptions {
    readonly connection: Connection;
    readonly store: EventStore;
    readonly signing?: () => Promise<Signing>;
    readonly now?: () => number;
    readonly after?: (ms: number, run: () => void) => () => void;
    readonly random?: () => number;
}

export class Outbox {
    readonly own = signal<readonly Own[]>([]);
    private readonly votes: Votes;
    private readonly connection: Connection;
    private readonly store: EventStore;
    private readonly signing: () => Promise<Signing>;
    private readonly now: () => number;
    private readonly after: (ms: number, run: () => void) => () => void;
    private readonly pace: Pace;
    private readonly gate: Gate;
    private readonly stops: (() => void)[] = [];
    private running = false;
    private again = false;
    private closed = false; /* forgotten: what is under way ends */
    private cancelTimer: (() => void) | null = null;
    private admitting: ((member: boolean) => void)[] = []; /* who else waits to be a member */

    constructor(options: OutboxOptions) {
        this.connection = options.connection;
        this.store = options.store;
        this.signing = options.signing ?? (() => import("./signing"));
        this.now = options.now ?? Date.now;
        this.after = options.after ?? timer;
        this.pace = new Pace(this.store, this.now, options.random ?? Math.random);
        this.votes = new Votes(this.store);
        this.gate = new Gate(this.connection, this.store);
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
        this.closed = true;
        this.store.close();
        this.tellAdmitted(false);
        this.stops.forEach((stop) => stop());
        this.cancelTimer?.();
    }

    /* `text` in normal form. Asked as me, it is claimed once it is released. Throws where the browser has no
     * random numbers. */
    ask(talk: number, text: string, degree: Degree = 0): void {
        seedOf(this.store);
        const minute = Math.floor(this.now() / 60_000);
        const own = newOwn(toBase64(randomBytes(16)), talk, text, degree, minute);
        const claim = degree === 2 && this.shownCard() !== null ? "wanted" : "none";
        this.rewrite((all) => [...all, { ...own, claim }]);
        void this.run();
    }

    /* "That was me", with the card that is shown. */
    claim(salt: string): void {
        this.pace.go(pauseOf(salt, "claim"));
        this.change(salt, (own) => claimOwn(own, this.questionOf(own)));
        void this.run();
    }

    unclaim(salt: string): void {
        this.pace.go(pauseOf(salt, "claim"));
        this.change(salt, unclaimOwn);
        void this.run();
    }

    /* The card is gone, or no longer shown. */
    endClaims(card: string): void {
        this.rewrite((all) => all.map((own) => endClaim(own, card)));
    }

    /* Read, changed, written in one go: another tab may have written since. */
    rewrite(update: (all: readonly Own[]) => readonly Own[]): void {
        const before = this.keptOwn();
        const after = update(before);
        if (after !== before) {
            this.store.write("own", after);
        }
        this.own.value = after;
    }

    /* Something that was waited for is there: a card. */
    carryOn(): void {
        void this.run();
    }

    /* Looks at the passes anew: one came, or was handed on. */
    admit(): void {
        this.gate.load();
        this.rewrite((all) =>
            all.map((own) => (own.refusal === BARRED ? { ...own, refusal: null } : own)),
        );
        void this.run();
    }

    /* Whether this browser can ask and vote: `waiting` with a pass that has not made it a member yet. */
    get admission(): Admission {
        return this.gate.admission;
    }

    /* True once this browser is a member, or needs not be one; false: it has no pass. */
    admitted(): Promise<boolean> {
        const done = new Promise<boolean>((resolve) => this.admitting.push(resolve));
        void this.run();
        return done;
    }

    edit(salt: string, text: string): void {
        this.pace.go(salt);
        this.change(salt, (own) =>
            own.text === text && own.edit === null ? own : editOwn(own, text, this.storedRev(own)),
        );
        void this.run();
    }

    setDegree(salt: string, degree: Degree): void {
        this.pace.go(salt);
        this.change(salt, (own) => turnOwn(own, degree, this.storedRev(own)));
        void this.run();
    }

    /* Leaves after `graceMs`; until then stay() undoes it. Once it has left there is no way back. */
    withdraw(salt: string, graceMs = 0): void {
        this.pace.go(salt);
        this.change(salt, (own) => withdrawOwn(own, this.now() + graceMs));
        void this.run();
    }

    stay(salt: string): void {
        this.pace.go(salt);
        this.change(salt, (own) => ({ ...own, leaving: false }));
        void this.run();
    }

    retry(salt: string): void {
        this.pace.go(salt);
        this.pace.go(pauseOf(salt, "claim"));
        this.change(salt, (own) => ({
            ...own,
            stage: own.stage === "refused" ? "waiting" : own.stage,
            refusal: null,
        }));
        void this.run();
    }

    vote(n: number, on: boolean, total: number): void {
        if (this.given(n) !== on) {
            this.votes.give(n, on, total);
            void this.run();
        }
    }

    given(n: number): boolean {
        return this.votes.given(n);
    }

    shownVotes(n: number, total: number): number {
        return this.votes.shown(n, total);
    }

    get votesGiven(): number {
        return this.votes.count;
    }

    private load(): void {
        this.gate.load();
        this.own.value = this.keptOwn();
        this.votes.load();
    }

    private keptOwn(): readonly Own[] {
        return this.store.read<readonly Own[]>("own", []).map(ownFromKept);
    }

    private change(salt: string, update: (own: Own) => Own | null): void {
        this.rewrite((all) => {
            const at = all.findIndex((own) => own.salt === salt);
            const own = all[at];
            const changed = own === undefined ? null : update(own);
            if (own === undefined || changed === own) {
                return all;
            }
            return [...all.slice(0, at), ...(changed === null ? [] : [changed]), ...all.slice(at + 1)];
        });
    }

    private questionOf(own: Own): Question | undefined {
        const model = this.connection.state.model.peek();
        return model === null ? undefined : questionOf(own, model.questions.values());
    }

    private storedRev(own: Own): number {
        return this.questionOf(own)?.rev ?? 0;
    }

    private keptCard(): KeptCard | null {
        return this.store.read<KeptCard | null>("card", null);
    }

    /* Null also where it is about to be deleted, or no longer to be shown. */
    private shownCard(): OwnCard | null {
        const { card = null, wish = null } = this.keptCard() ?? {};
        return card?.shown === true && (wish === null || wish.card?.shown === true) ? card : null;
    }

    private reconcile(model: Model): void {
        if (this.own.peek().length === 0) {
            return;
        }
        const minute = Math.floor(this.now() / 60_000);
        const ownCard = this.keptCard()?.card?.key ?? null;
        const wanted = this.own.peek().map((own) => {
            const question = questionOf(own, model.questions.values());
            const card = question === undefined ? null : namedCard(question, ownCard, model.cards);
            const kept = reconcileOwn(own, question, model.seq, minute);
            return [own, kept && reconcileClaim(kept, question, card)] as const;
        });
        for (const [own, changed] of wanted) {
            if (changed !== own) {
                this.change(own.salt, () => changed);
            }
        }
        if (this.own.peek().some((own) => own.claim !== "none")) {
            void this.run(); /* its text may be shown now */
        }
    }

    /* Sends what is due, one after the other, and sets a timer for what is not. */
    private async run(): Promise<void> {
        this.again = true;
        if (this.running) {
            return; /* which then looks once more */
        }
        this.running = true;
        try {
            while (this.again && this.live()) {
                this.again = false;
                while (this.live() && (await this.sendNext())) {
                    /* until nothing is due */
                }
            }
        } finally {
            this.running = false;
        }
    }

    private live(): boolean {
        return !this.closed && this.connection.status.peek() === "live";
    }

    private async sendNext(): Promise<boolean> {
        const now = this.now();
        const due = this.dueOnes();
        const first = due.find(({ at }) => at <= now);
        if (first !== undefined) {
            return first.send();
        }
        this.cancelTimer?.();
        const next = Math.min(...due.map(({ at }) => at));
        this.cancelTimer = Number.isFinite(next) ? this.after(next - now, () => void this.run()) : null;
        return false;
    }

    private dueOnes(): Due[] {
        const { admission } = this.gate;
        const [vote] = this.votes.waiting;
        const due: Due[] = [];
        if (vote !== undefined) {
            due.push({ at: this.pace.paused("votes"), by: "vote", send: () => this.sendVote(vote) });
        }
        for (const own of this.own.peek()) {
            for (const task of this.tasksOf(own)) {
                const grace = task === "withdraw" ? own.leavingFrom : 0;
                const at = Math.max(grace, this.pace.due(task, pauseOf(own.salt, task)));
                due.push({ at, by: task, send: () => this.sendOwn(own.salt, task) });
            }
        }
        if (admission === "open") {
            this.tellAdmitted(true);
            return due;
        }
        const barred = due.filter(({ by }) => MEMBERS.has(by));
        if (admission === "closed") {
            this.bar();
        } else if (barred.length > 0 || this.admitting.length > 0) {
            due.push({ at: this.gate.from, by: "enter", send: () => this.gate.enter() });
        }
        return due.filter((each) => !barred.includes(each));
    }

    /* Without a pass: votes are taken back on the screen, the rest waits for one. */
    private bar(): void {
        this.tellAdmitted(false);
        this.votes.waiting.forEach((n) => this.votes.answered(n, false));
        for (const own of this.own.peek()) {
            if (own.refusal !== BARRED && this.tasksOf(own).some((task) => MEMBERS.has(task))) {
                this.change(own.salt, (newest) => ({ ...newest, refusal: BARRED }));
            }
        }
    }

    private tellAdmitted(member: boolean): void {
        this.admitting.splice(0).forEach((tell) => tell(member));
    }

    private tasksOf(own: Own): Task[] {
        const task = taskOf(own);
        const claim =
            own.claim === "none"
                ? null
                : claimTask(own, this.questionOf(own), this.shownCard()?.key ?? null);
        const first = claim === "unclaim" || own.bond !== null; /* its revision is the lower one */
        return (first ? [claim, task] : [task, claim]).filter((each) => each !== null);
    }

    private async sendVote(n: number): Promise<boolean> {
        const on = this.given(n);
        const result = await this.connection.command(on ? "vote" : "unvote", { n });
        if (this.closed) {
            return false;
        }
        if (!result.ok && isTemporary(result.code)) {
            this.pace.wait("votes", result.code, this.askSeconds());
            return result.code !== "offline";
        }
        this.after(VOTE_SHIFT_MS, () => this.votes.settle(n));
        if (this.given(n) === on) {
            this.votes.answered(n, result.ok);
        } /* else tapped again meanwhile: the newest wish is still to be sent */
        return true;
    }

    private async sendOwn(salt: string, task: Task): Promise<boolean> {
        const pause = pauseOf(salt, task);
        const sent = await this.sign(salt, task).catch(() => null);
        if (sent === null) {
            this.pace.wait(pause, "busy", this.askSeconds()); /* the chunk with the keys did not load */
            return true;
        }
        const result = await sent.answer;
        const code = result.ok ? null : result.code;
        let verdict = "keep";
        this.change(salt, (newest) => {
            const storedRev = this.storedRev(newest);
            const outcome = isClaim(task)
                ? afterBond(newest, task, code, storedRev)
                : afterAnswer(newest, task, code, storedRev);
            verdict = outcome.verdict;
            return verdict === "drop" ? null : outcome.own;
        });
        if (verdict === "retry" || verdict === "wait") {
            sent.freeSlot();
        }
        if (verdict === "wait") {
            this.pace.wait(pause, code ?? "", this.askSeconds());
        }
        return code !== "offline";
    }

    /* Signs and sends; what is sent is marked as tried first, and its slot is taken. */
    private async sign(salt: string, task: Task): Promise<Sent> {
        const signing = await this.signing();
        const model = this.connection.state.model.peek();
        const own = this.own.peek().find((each) => each.salt === salt);
        if (this.closed || model === null || own === undefined || !this.tasksOf(own).includes(task)) {
            throw new Error("nothing to sign");
        }
        const [tried, signed] = isClaim(task)
            ? this.signBond(signing, own, task, model)
            : this.signTask(signing, own, task, model);
        const freeSlot = this.pace.takeSlot(task, model.event.release);
        this.change(salt, () => ({ ...tried, key: signed.key }));
        return { freeSlot, answer: signed.send(this.connection) };
    }

    private signTask({ signTask }: Signing, own: Own, task: OwnTask, model: Model): [Own, Signed] {
        const rev = Math.max(own.rev, this.storedRev(own)) + 1;
        return [triedOwn(own, task), signTask(own, task, model.event.id, seedOf(this.store), rev)];
    }

    private signBond(signing: Signing, own: Own, task: ClaimTask, model: Model): [Own, Signed] {
        const seed = seedOf(this.store);
        const card = this.shownCard();
        const rev = this.storedRev(own);
        if (task === "claim" && card !== null) {
            const tried = bondOwn(own, task, card.key, rev);
            return [tried, signing.signClaim(tried, card, model.event.id, seed, this.connection.minute())];
        }
        const question = this.questionOf(own);
        const key = own.card ?? (question === undefined ? null : namedCard(question, null, model.cards));
        if (task === "claim" || key === null) {
            this.connection.showPeople();
            throw new Error("no card to sign for");
        }
        const tried = bondOwn(own, task, key, rev);
        return [tried, signing.signUnclaim(tried, key, model.event.id, seed)];
    }

    private askSeconds(): number {
        return this.connection.state.model.peek()?.event.ask_seconds ?? 20;
    }
}

function isClaim(task: Task): task is ClaimTask {
    return task === "claim" || task === "unclaim";
}

/* A claim that must wait keeps nothing else of its question waiting. */
function pauseOf(salt: string, task: Task): string {
    return isClaim(task) ? `claim ${salt}` : salt;
}
