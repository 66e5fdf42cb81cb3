/* Readers of what comes as JSON: each takes a value that may be anything, and gives one of its type or
 * throws what attempt() turns into null. */

class Malformed extends Error {}

export function malformed(expected: string): Error {
    return new Malformed(`${expected} expected`);
}

export type Members = Record<string, unknown>;

export function members(value: unknown): Members {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw malformed("object");
    }
    return value as Members;
}

export function list(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) {
        throw malformed("array");
    }
    return value;
}

export function count(value: unknown): number {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
        throw malformed("count");
    }
    return value;
}

export function whole(value: unknown): number {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) {
        throw malformed("whole number");
    }
    return value;
}

export function text(value: unknown): string {
    if (typeof value !== "string") {
        throw malformed("text");
    }
    return value;
}

export function flag(value: unknown): boolean {
    if (typeof value !== "boolean") {
        throw malformed("flag");
    }
    return value;
}

/* An address to be linked to: nothing that a browser would run. */
export function link(value: unknown): string {
    const url = text(value);
    if (!/^https?:\/\//.test(url)) {
        throw malformed("address");
    }
    return url;
}

export function bytes(value: unknown, length: number): string {
    const encoded = text(value);
    if (encoded.length !== Math.ceil((length * 4) / 3) || !/^[\w-]*$/.test(encoded)) {
        throw malformed("bytes");
    }
    return encoded;
}

export function oneOf<T extends string>(value: unknown, words: readonly T[]): T {
    const word = words.find((each) => each === value);
    if (word === undefined) {
        throw malformed("word");
    }
    return word;
}

export function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
    return value === undefined ? null : read(value);
}

/* What `read` gives, or null when something in it was malformed. */
export function attempt<T>(read: () => T): T | null {
    try {
        return read();
    } catch (error) {
        if (error instanceof Malformed || error instanceof SyntaxError) {
            return null;
        }
        throw error;
    }
}
