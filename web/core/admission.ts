/* Buys passes to a gated event for an admission code. Loaded when somebody has one. */

import type { Connection } from "./connection";
import { fromBase64, toBase64 } from "./encode";
import { finishPasses, passKeyHash, takeSeats } from "./pass";
import { hasPass, keepPasses } from "./passes";
import { attempt, bytes, list } from "./read";
import { seedOf } from "./seed";
import type { EventStore } from "./storage";

export interface Order {
    readonly event: string; /* its id */
    readonly code: string; /* as readTicket() gives it */
    readonly seats: number;
    /* 16: hash of the key, from the public link or the ticket; null where neither said it: not compared. */
    readonly keyHash: Uint8Array | null;
    readonly passKey: string; /* connection.passKey */
}

/* Beside the server's refusals, local ones: `other_key`: the server's key is not the one that was told on
 * paper; `bad_proof`: its answer is wrong. Then nothing is kept, and nothing may be used. `have_pass`:
 * another code would buy the same passes once more. */
export type Bought = { readonly ok: true; readonly seats: number } | Refused;
interface Refused {
    readonly ok: false;
    readonly code: string;
    readonly message: string;
}

const refused = (code: string): Refused => ({ ok: false, code, message: "" });

/* Asked again after a lost answer it gives the same passes. */
export async function buy(order: Order, connection: Connection, store: EventStore): Promise<Bought> {
    const event = fromBase64(order.event, 16);
    const passKey = fromBase64(order.passKey, 32);
    if (event === null || passKey === null) {
        return refused("bad_encoding");
    }
    const keyHash = order.keyHash ?? passKeyHash(event, passKey);
    if (toBase64(keyHash) !== toBase64(passKeyHash(event, passKey))) {
        return refused("other_key");
    }
    if (hasPass(store)) {
        return refused("have_pass");
    }
    const seats = takeSeats(seedOf(store), event, order.seats);
    const elements = seats.map(({ blinded }) => toBase64(blinded));
    const result = await connection.command("pass", { code: order.code, elements });
    if (!result.ok) {
        return result;
    }
    const evaluated = readAnswer(result.value);
    const passes =
        evaluated && finishPasses(event, seats, evaluated.elements, evaluated.proof, passKey, keyHash);
    if (passes === null) {
        return refused("bad_proof");
    }
    keepPasses(
        store,
        passes.map(({ nonce, output }) => ({ nonce: toBase64(nonce), output: toBase64(output) })),
    );
    return { ok: true, seats: passes.length };
}

const decoded = (value: unknown, length: number): Uint8Array =>
    fromBase64(bytes(value, length), length) ?? new Uint8Array();

function readAnswer(answer: Record<string, unknown>): { elements: Uint8Array[]; proof: Uint8Array } | null {
    return attempt(() => ({
        elements: list(answer["elements"]).map((each) => decoded(each, 32)),
        proof: decoded(answer["proof"], 64),
    }));
}
