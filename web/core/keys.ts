/* Keys derived from the seed of this browser and event, a question's signed messages, and what all messages are
 * made of: Ed25519 and HMAC-SHA-512 from a library, because a page over plain http has no crypto.subtle. Loaded
 * after the first paint (about 12 KB). Formats: server/wire/README.md. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha512 } from "@noble/hashes/sha2.js";

/* Of a question or of a card. */
export interface KeyPair {
    readonly secret: Uint8Array; /* 32: Ed25519 seed */
    readonly key: Uint8Array; /* 32: public */
}

/* Its own, so that this chunk needs no other. */
const encoder = new TextEncoder();

export function label(name: string): Uint8Array {
    const ascii = encoder.encode(name);
    return Uint8Array.of(ascii.length, ...ascii);
}

export function uint(value: number, bytes: 1 | 2 | 4): Uint8Array {
    const encoded = new Uint8Array(bytes);
    for (let i = 0; i < bytes; i += 1) {
        encoded[bytes - 1 - i] = Math.floor(value / 256 ** i) % 256;
    }
    return encoded;
}

export function text(value: string): Uint8Array {
    const bytes = encoder.encode(value);
    return join(uint(bytes.length, 2), bytes);
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
        whole.set(part, at);
        at += part.length;
    }
    return whole;
}

/* 64 bytes that only this seed gives: D(name, what). seed 32, event 16 bytes. */
export function derive(seed: Uint8Array, name: string, event: Uint8Array, what: Uint8Array): Uint8Array {
    return hmac(sha512, seed, join(label(name), event, what));
}

export function keyPair(derived: Uint8Array): KeyPair {
    const secret = derived.slice(0, 32);
    return { secret, key: ed25519.getPublicKey(secret) };
}

/* salt: 16 bytes. */
export function questionKey(seed: Uint8Array, event: Uint8Array, salt: Uint8Array): KeyPair {
    return keyPair(derive(seed, "raute.1/question", event, salt));
}

/* The first `length` bytes of SHA-512 over L(name) ‖ event ‖ fields. */
export function digest(
    length: number,
    name: string,
    event: Uint8Array,
    ...fields: readonly Uint8Array[]
): Uint8Array {
    return sha512(join(label(name), event, ...fields)).slice(0, length);
}

export interface Ask {
    readonly salt: Uint8Array;
    readonly talk: number;
    readonly degree: number;
    readonly text: string;
}

export function askMessage(event: Uint8Array, key: Uint8Array, ask: Ask): Uint8Array {
    return join(
        label("raute.1/ask"),
        event,
        key,
        ask.salt,
        uint(ask.talk, 4),
        uint(ask.degree, 1),
        text(ask.text),
    );
}

export function editMessage(event: Uint8Array, key: Uint8Array, rev: number, edited: string): Uint8Array {
    return join(label("raute.1/edit"), event, key, uint(rev, 4), text(edited));
}

export function withdrawMessage(event: Uint8Array, key: Uint8Array, rev: number): Uint8Array {
    return join(label("raute.1/withdraw"), event, key, uint(rev, 4));
}

export function degreeMessage(event: Uint8Array, key: Uint8Array, rev: number, degree: number): Uint8Array {
    return join(label("raute.1/degree"), event, key, uint(rev, 4), uint(degree, 1));
}

export function sign(key: KeyPair, message: Uint8Array): Uint8Array {
    return ed25519.sign(message, key.secret);
}
