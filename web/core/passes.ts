/* Passes to a gated event as this browser keeps them; how they are bought: admission.ts. */

import type { EventStore } from "./storage";

/* Both in base64url, as `join` says them. */
export interface PassSaid {
    readonly nonce: string;
    readonly output: string;
}

/* own: made, or is to make, this browser a member. given: handed on to somebody else. bad: refused. */
export type PassUse = "spare" | "own" | "given" | "bad";

export interface KeptPass extends PassSaid {
    readonly from: number; /* Unix milliseconds: not told to the server before */
    readonly use: PassUse;
}

const REDEEM_AFTER_MS = 20_000; /* and up to as much again: buying and joining must not stand side by side */

export function keptPasses(store: EventStore): readonly KeptPass[] {
    return store.read<readonly KeptPass[]>("passes", []);
}

/* Bought here, or handed on: good for somebody. */
export function hasPass(store: EventStore): boolean {
    return keptPasses(store).some(({ use }) => use !== "bad");
}

/* Bought, or handed on by somebody else: those that are not here yet, or were no good. */
export function keepPasses(
    store: EventStore,
    passes: readonly PassSaid[],
    now = Date.now(),
    random = Math.random,
): void {
    const all = keptPasses(store);
    const same = ({ nonce, output, use }: KeptPass): boolean =>
        passes.every((pass) => pass.nonce !== nonce || (pass.output === output && use !== "bad"));
    const kept = all.filter(same);
    const fresh = passes.filter((pass) => kept.every((each) => each.nonce !== pass.nonce));
    const from = now + REDEEM_AFTER_MS * (1 + random());
    store.write("passes", [
        ...kept,
        ...fresh.map(({ nonce, output }): KeptPass => ({ nonce, output, from, use: "spare" })),
    ]);
}

export function markPass(store: EventStore, nonce: string, use: PassUse): void {
    store.write(
        "passes",
        keptPasses(store).map((each) => (each.nonce === nonce ? { ...each, use } : each)),
    );
}

/* The one that makes this browser a member: always the same, once it was chosen. */
export function ownPass(kept: readonly KeptPass[]): KeptPass | undefined {
    return kept.find(({ use }) => use === "own") ?? kept.find(({ use }) => use === "spare");
}
