/* The votes of this browser: given on the screen at once, and told to the server by the outbox. */

import { signal } from "@preact/signals";
import type { EventStore } from "./storage";

interface Kept {
    readonly given: readonly number[];
    readonly waiting: readonly number[]; /* the server does not know the newest wish yet */
}
interface Shift {
    readonly by: number;
    readonly votes: number; /* the total to which it is added; another total has our vote in it */
}

export class Votes {
    private readonly kept = signal<Kept>({ given: [], waiting: [] });
    private readonly shifts = signal<ReadonlyMap<number, Shift>>(new Map());

    constructor(private readonly store: EventStore) {}

    load(): void {
        this.kept.value = this.stored();
    }

    give(n: number, on: boolean, total: number): void {
        const shift = this.shifts.peek().get(n);
        const base = shift?.votes === total ? shift.by : 0;
        this.shift(n, { by: base + (on ? 1 : -1), votes: total });
        this.write(({ given, waiting }) => ({
            given: on ? [...given, n] : given.filter((each) => each !== n),
            waiting: [...waiting.filter((each) => each !== n), n],
        }));
    }

    given(n: number): boolean {
        return this.kept.value.given.includes(n);
    }

    /* The total as this browser should show it: with its own vote before the server has counted it. */
    shown(n: number, total: number): number {
        const shift = this.shifts.value.get(n);
        return shift?.votes === total ? Math.max(0, total + shift.by) : total;
    }

    get count(): number {
        return this.kept.value.given.length;
    }

    get waiting(): readonly number[] {
        return this.kept.peek().waiting;
    }

    answered(n: number, taken: boolean): void {
        this.write(({ given, waiting }) => ({
            given: taken ? given : given.filter((each) => each !== n),
            waiting: waiting.filter((each) => each !== n),
        }));
        if (!taken) {
            this.shift(n, null);
        }
    }

    /* The server's total counts from now on. */
    settle(n: number): void {
        if (!this.waiting.includes(n)) {
            this.shift(n, null);
        }
    }

    private stored(): Kept {
        return this.store.read<Kept>("votes", { given: [], waiting: [] });
    }

    /* Another tab may have written since. */
    private write(update: (votes: Kept) => Kept): void {
        const votes = update(this.stored());
        this.store.write("votes", votes);
        this.kept.value = votes;
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
}
