/* When what this browser has to send may leave: at most one ask, edit, degree or claim per release,
 * withdrawals minutes apart, and what was refused for a while not before that is over. */

import type { EventStore } from "./storage";

const SLOT_MARGIN_MS = 300;
const WITHDRAWALS_APART_MS = [60_000, 600_000] as const;
const STORAGE_RETRY_MS = 60_000;
const STALE_RETRY_MS = 20_000; /* a claim on a revision that the model does not show yet */
const BUSY_RETRY_MS = 5_000;

/* Unix milliseconds before which none may leave; kept, so that a reload shortens nothing. */
interface Slots {
    readonly ask: number;
    readonly withdraw: number;
}

export class Pace {
    private readonly pauses = new Map<string, number>(); /* what is to be sent → Unix ms of the next try */

    constructor(
        private readonly store: EventStore,
        private readonly now: () => number,
        private readonly random: () => number,
    ) {}

    /* A claim is taken back without waiting. */
    due(task: string, what: string): number {
        const slots = this.slots();
        const slot = task === "unclaim" ? 0 : task === "withdraw" ? slots.withdraw : slots.ask;
        return Math.max(slot, this.paused(what));
    }

    paused(what: string): number {
        return this.pauses.get(what) ?? 0;
    }

    private pause(what: string, ms: number): void {
        this.pauses.set(what, this.now() + ms);
    }

    go(what: string): void {
        this.pauses.delete(what);
    }

    /* `code`: of the refusal. */
    wait(what: string, code: string, askSeconds: number): void {
        const pauses: Record<string, number> = {
            storage: STORAGE_RETRY_MS,
            too_often: askSeconds * 1000,
            stale: STALE_RETRY_MS,
        };
        this.pause(what, pauses[code] ?? BUSY_RETRY_MS);
    }

    /* Returns the way to give it back, when nothing left in it. */
    takeSlot(task: string, releaseSeconds: number): () => void {
        const slots = this.slots();
        const now = this.now();
        const [least, most] = WITHDRAWALS_APART_MS;
        const after = releaseSeconds === 0 ? 0 : now + releaseSeconds * 1000 + SLOT_MARGIN_MS;
        this.store.write(
            "asked",
            task === "withdraw"
                ? { ...slots, withdraw: now + least + this.random() * (most - least) }
                : { ...slots, ask: after },
        );
        return () => this.store.write("asked", slots);
    }

    private slots(): Slots {
        return this.store.read<Slots>("asked", { ask: 0, withdraw: 0 });
    }
}
