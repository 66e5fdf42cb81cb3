/* Bytes and their base64url form (no padding), as in the protocol. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function toBase64(bytes: Uint8Array): string {
    let encoded = "";
    for (let i = 0; i < bytes.length; i += 3) {
        const left = bytes.length - i;
        const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
        encoded += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
        encoded += left > 1 ? ALPHABET.charAt((word >> 6) & 63) : "";
        encoded += left > 2 ? ALPHABET.charAt(word & 63) : "";
    }
    return encoded;
}

/* Null when it is not base64url of exactly `length` bytes, stray bits included. */
export function fromBase64(encoded: string, length: number): Uint8Array | null {
    const bytes = new Uint8Array(length);
    let bits = 0;
    let waiting = 0;
    let at = 0;
    for (const letter of encoded) {
        const value = ALPHABET.indexOf(letter);
        if (value < 0) {
            return null;
        }
        bits = ((bits << 6) | value) & 0xfff;
        waiting += 6;
        if (waiting >= 8) {
            waiting -= 8;
            if (at === length) {
                return null;
            }
            bytes[at] = (bits >> waiting) & 0xff;
            at += 1;
        }
    }
    return at === length && toBase64(bytes) === encoded ? bytes : null;
}

/* Random bytes of the browser's generator; throws where there is none: no other will do. */
export function randomBytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    globalThis.crypto.getRandomValues(bytes);
    return bytes;
}
