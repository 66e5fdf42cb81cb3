/* PKCE (RFC 7636): the verifier, and its SHA-256 from a library, because a page over plain http has no crypto.subtle. A
 * module of its own, so that it is loaded only when a log-in begins. */

import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes, toBase64 } from "./encode";

const VERIFIER_BYTES = 32;

/* Of the verifier's letters, not of the bytes that they encode (4.2). */
export function challengeOf(verifier: string): string {
    return toBase64(sha256(new TextEncoder().encode(verifier)));
}

export function newVerifier(): { verifier: string; challenge: string } {
    const verifier = toBase64(randomBytes(VERIFIER_BYTES));
    return { verifier, challenge: challengeOf(verifier) };
}
