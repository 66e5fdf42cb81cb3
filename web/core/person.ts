/* One's own card of an event and what hangs on it, as this browser keeps it. Light: what signs and sends is
 * in person_steps.ts, loaded when somebody does something with a card. What was not answered is sent again. */

import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { CardText, Scope } from "./card";
import type { Circle } from "./circle";
import type { CommandName, Commands } from "./commands";
import type { Connection, Result } from "./connection";
import { fromBase64, toBase64 } from "./encode";
import type { Outbox } from "./outbox";
import type { Card, Mark } from "./people";
import type { Search } from "./recovery";
import { seedOf } from "./seed";
import type { EventStore } from "./storage";
import { timer } from "./timer";

export interface OwnCard extends CardText {
    readonly index: number;
    readonly rev: number;
    readonly key: string;
    readonly shown: boolean;
    readonly seed: string | null; /* its key is of this seed; null: of this browser's present one */
}

/* What is to become of the card: said so, or gone (null). Kept until the server has answered. */
interface Wish {
    readonly card: OwnCard | null;
}

export interface KeptCard {
    readonly card: OwnCard | null; /* as last acknowledged */
    readonly next: number; /* index of the next new card */
    readonly wish: Wish | null;
}

export type Interested = ({ readonly ok: true } & Circle) | Extract<Result, { ok: false }>;

/* `found`: questions that were not known here. `card`: it is the card now. */
export type Adopted =
    | { readonly ok: true; readonly found: number; readonly card: boolean }
    | Extract<Result, { ok: false }>;

export interface PersonOptions {
    readonly connection: Connection;
    readonly store: EventStore;
    readonly outbox: Outbox;
    readonly after?: (ms: number, run: () => void) => () => void;
}

const NO_CARD: KeptCard = { card: null, next: 0, wish: null };
const RETRY_MS = 20_000;
const SETTLE_MS = 5_000; /* until then the list of people has a card that was just saved */

export class Person {
    readonly connection: Connection;
    readonly store: EventStore;
    readonly outbox: Outbox;
    readonly interests = signal<ReadonlyMap<number, Scope>>(new Map());
    private readonly kept = signal<KeptCard>(NO_CARD);
    private readonly settling = signal(false);
    private readonly after: (ms: number, run: () => void) => () => void;
    private readonly stops: (() => void)[];
    private cancelSettling: (() => void) | null = null;
    private cancelRetry: (() => void) | null = null;
    private line: Promise<unknown> = Promise.resolve();
    private ended = false;

    constructor(options: PersonOptions) {
        this.connection = options.connection;
        this.store = options.store;
        this.outbox = options.outbox;
        this.after = options.after ?? timer;
        this.load();
        this.stops = [
            this.store.watch(() => this.load()),
            effect(() => {
                if (this.connection.status.value === "live" && this.kept.peek().wish !== null) {
                    queueMicrotask(() => void this.resend());
                }
            }),
        ];
    }

    close(): void {
        this.ended = true;
        this.store.close();
        this.stops.forEach((stop) => stop());
        this.cancelSettling?.();
        this.cancelRetry?.();
    }

    /* Forgotten: what is under way ends. */
    get closed(): boolean {
        return this.ended;
    }

    async command<N extends CommandName>(name: N, members: Commands[N]): Promise<Result> {
        return this.ended ? offline : this.connection.command(name, members);
    }

    /* As last acknowledged. */
    readonly card: ReadonlySignal<OwnCard | null> = computed(() => this.kept.value.card);

    /* Saved or deleted here, but the server has not answered yet: sent again once it is there. */
    readonly unsent: ReadonlySignal<boolean> = computed(() => this.kept.value.wish !== null);

    readonly ownTag: ReadonlySignal<string | null> = computed(() => {
        const key = fromBase64(this.card.value?.key ?? "", 32);
        return key === null ? null : toBase64(key.slice(0, 8));
    });

    /* The card as everybody sees it; known after connection.showPeople(). */
    readonly published: ReadonlySignal<Card | undefined> = computed(() =>
        this.connection.state.model.value?.cards.get(this.ownTag.value ?? ""),
    );

    /* A moderator took it away. */
    readonly hidden: ReadonlySignal<boolean> = computed(
        () =>
            this.connection.people.value &&
            this.card.value?.shown === true &&
            this.published.value === undefined &&
            !this.settling.value,
    );

    /* By account; of the web page under "". */
    readonly marks: ReadonlySignal<ReadonlyMap<string, Mark>> = computed(() => {
        const card = this.published.value;
        const all = [...(card?.accounts ?? []), { name: "", mark: card?.mark ?? null }];
        return new Map(all.flatMap(({ name, mark }) => (mark === null ? [] : [[name, mark] as const])));
    });

    /* `text` in normal form. Shown: published; else known only to those who share an interest: then its claims
     * end. */
    save(text: CardText, shown: boolean): Promise<Result> {
        return this.step(async (steps) => steps.saveCard(this, text, shown));
    }

    /* For good, with its claims, proofs and interests. */
    remove(): Promise<Result> {
        return this.step(async (steps) => steps.removeCard(this));
    }

    interest(n: number, scope: Scope): Promise<Interested> {
        return this.step(async (steps) => steps.shareInterest(this, n, scope));
    }

    /* Goes on with another device's seed. What is here stays; what was asked with that seed comes to it. */
    adopt(seed: Uint8Array, search: Search = {}): Promise<Adopted> {
        return this.queue(async () => (await import("./adopt")).adoptSeed(this, seed, search));
    }

    /* 32 bytes: whoever has them is the asker. */
    seedBytes(): Uint8Array {
        return seedOf(this.store);
    }

    keptCard(): KeptCard {
        return this.store.read<KeptCard>("card", NO_CARD);
    }

    keepCard(kept: KeptCard): void {
        this.store.write("card", kept);
        this.kept.value = kept;
    }

    keepInterests(interests: ReadonlyMap<number, Scope>): void {
        this.store.write("interests", [...interests]);
        this.interests.value = interests;
    }

    settle(): void {
        if (this.ended) {
            return;
        }
        this.settling.value = true;
        this.cancelSettling?.();
        this.cancelSettling = this.after(SETTLE_MS, () => void (this.settling.value = false));
    }

    private load(): void {
        this.kept.value = this.keptCard();
        this.interests.value = new Map(this.store.read<[number, Scope][]>("interests", []));
    }

    private async step<R>(run: (steps: typeof import("./person_steps")) => Promise<R>): Promise<R | Failed> {
        const steps = await import("./person_steps").catch(() => null);
        const result = steps === null ? offline : await this.queue(() => run(steps));
        this.retryLater();
        return result;
    }

    /* One after the other: each counts on the revision that the one before left. */
    private queue<R>(run: () => Promise<R>): Promise<R | Failed> {
        const done = this.line.then(async (): Promise<R | Failed> => (this.ended ? offline : run()));
        this.line = done.catch(() => undefined);
        return done;
    }

    private resend(): Promise<unknown> {
        return this.step(async (steps) => steps.resendCard(this));
    }

    private retryLater(): void {
        this.cancelRetry?.();
        const waits = !this.ended && this.kept.peek().wish !== null;
        this.cancelRetry = waits ? this.after(RETRY_MS, () => void this.resend()) : null;
    }
}

type Failed = Extract<Result, { ok: false }>;

const offline: Failed = { ok: false, code: "offline", message: "" };
