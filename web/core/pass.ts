/* Passes to a gated event: RFC 9497, ristretto255-SHA512, verifiable mode, from a library. A ticket buys as many
 * as it has seats; the server signs them blindly, and proves that it used the same key for everybody. All is
 * derived from the seed, so that a request whose answer was lost is made again with the same bytes. Loaded for
 * gated events only. */

import { ristretto255_oprf } from "@noble/curves/ed25519.js";
import { toBase64 } from "./encode";
import { derive, digest, join, label, uint } from "./keys";

const { voprf } = ristretto255_oprf;
const BLIND_BYTES = 48; /* so many random bytes the library makes a scalar of */

/* One of a ticket's seats, before the server has answered. */
export interface Seat {
    readonly nonce: Uint8Array; /* 32 */
    readonly input: Uint8Array;
    readonly blind: Uint8Array; /* 32: stays here */
    readonly blinded: Uint8Array; /* 32: the element to be sent */
}

/* Makes its bearer a member, always the same one: told to the server in `join`, and to nobody else. */
export interface Pass {
    readonly nonce: Uint8Array; /* 32 */
    readonly output: Uint8Array; /* 64 */
}

function seatOf(seed: Uint8Array, event: Uint8Array, index: number): Seat {
    const nonce = derive(seed, "raute.1/pass-nonce", event, uint(index, 1)).slice(0, 32);
    const input = join(label("raute.1/pass"), event, nonce);
    const random = derive(seed, "raute.1/pass-blind", event, uint(index, 1)).slice(0, BLIND_BYTES);
    return { nonce, input, ...voprf.blind(input, () => random) };
}

/* count: 1 to 16. */
export function takeSeats(seed: Uint8Array, event: Uint8Array, count: number): Seat[] {
    return Array.from({ length: count }, (_, index) => seatOf(seed, event, index));
}

/* 16 bytes, `#p=` of the public link: everybody compares the event's key with what is printed. */
export function passKeyHash(event: Uint8Array, publicKey: Uint8Array): Uint8Array {
    return digest(16, "raute.1/pass-key", event, publicKey);
}

/* Null: the answer is wrong, or made with another key than `keyHash` says; then no pass may be used. */
export function finishPasses(
    event: Uint8Array,
    seats: readonly Seat[],
    evaluated: readonly Uint8Array[],
    proof: Uint8Array,
    publicKey: Uint8Array,
    keyHash: Uint8Array,
): Pass[] | null {
    const sameKey = toBase64(passKeyHash(event, publicKey)) === toBase64(keyHash);
    if (evaluated.length !== seats.length || !sameKey) {
        return null;
    }
    const items = evaluated.map((element, at) => ({ ...(seats[at] as Seat), evaluated: element }));
    try {
        const outputs = voprf.finalizeBatch(items, publicKey, proof);
        return outputs.map((output, at) => ({ nonce: (seats[at] as Seat).nonce, output }));
    } catch {
        return null;
    }
}
