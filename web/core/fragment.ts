/* What an address carries behind its `#`. No server sees it; it leaves the address bar at once, so that it is
 * not copied on by accident. Light: loaded with the page. The real code of a post is made in card.ts. */

import { fromBase64, randomBytes, toBase64 } from "./encode";
import type { PassSaid } from "./passes";

const CODE_BYTES = 16;
const SEED_BYTES = 32;
const NONCE_BYTES = 32;
const PASS_BYTES = 96;
const TICKET = /^[0-9A-HJKMNP-TV-Z]{16}$/;

export interface Carried {
    readonly code: string | null; /* of the share link that was followed */
    /* 32: another device's. Whoever made the link could find every question asked with it, so ask first. */
    readonly seed: Uint8Array | null;
    readonly ticket: string | null; /* 16 characters: to a gated event */
    readonly seats: number; /* of the ticket, 1 to 16 */
    readonly passKey: Uint8Array | null; /* 16: hash of the key that passes are checked with */
    readonly pass: PassSaid | null; /* handed on by somebody whose ticket had several seats */
}

export const NOTHING_CARRIED: Carried = {
    code: null,
    seed: null,
    ticket: null,
    seats: 1,
    passKey: null,
    pass: null,
};

/* `hash` as in location.hash. Null: it is none of ours, as a card's place on the page of people. */
export function readCarried(hash: string): Carried | null {
    const inside = hash.replace(/^#/, "");
    if (fromBase64(inside, CODE_BYTES) !== null) {
        return { ...NOTHING_CARRIED, code: inside };
    }
    const named = new URLSearchParams(inside);
    const read = (name: string, bytes: number): Uint8Array | null => fromBase64(named.get(name) ?? "", bytes);
    const carried: Carried = {
        code: null,
        seed: read("s", SEED_BYTES),
        ticket: readTicket(named.get("t") ?? ""),
        seats: Number(/^(?:[1-9]|1[0-6])$/.exec(named.get("m") ?? "")?.[0] ?? 1),
        passKey: read("p", CODE_BYTES),
        pass: readPass(read("a", PASS_BYTES)),
    };
    return ["s", "t", "p", "a"].some((name) => named.has(name)) ? carried : null;
}

function readPass(joined: Uint8Array | null): PassSaid | null {
    return joined === null
        ? null
        : {
              nonce: toBase64(joined.slice(0, NONCE_BYTES)),
              output: toBase64(joined.slice(NONCE_BYTES)),
          };
}

/* Reads it once and takes it out of the address bar. */
export function takeCarried(): Carried {
    const carried = readCarried(location.hash);
    if (carried === null) {
        return NOTHING_CARRIED;
    }
    history.replaceState(null, "", location.pathname + location.search);
    return carried;
}

/* A ticket's code as it was typed or printed: small letters, O, I, L and separators are read as what they
 * stand for, as by the server (server/identity/pass.h). Null: none. */
export function readTicket(typed: string): string | null {
    const code = typed
        .replace(/[- ]/g, "")
        .toUpperCase()
        .replace(/O/g, "0")
        .replace(/[IL]/g, "1");
    return TICKET.test(code) ? code : null;
}

/* Every share link has a code, so that having one says nothing. */
export function randomCode(): string {
    return toBase64(randomBytes(CODE_BYTES));
}

/* `url`: a question's address without a fragment. */
export function codeAddress(url: string, code: string): string {
    return `${url}#${code}`;
}

/* For another device of the same person; `url`: the event's address. */
export function seedAddress(url: string, seed: Uint8Array): string {
    return `${url}#s=${toBase64(seed)}`;
}

/* The public link to a gated event, and a ticket's own. `passKey`: 16 bytes. */
export function gatedAddress(url: string, passKey: Uint8Array, ticket?: string, seats = 1): string {
    const bought = ticket === undefined ? "" : `t=${ticket}&${seats > 1 ? `m=${seats}&` : ""}`;
    return `${url}#${bought}p=${toBase64(passKey)}`;
}

/* One seat handed on: whoever opens this becomes the member that it stands for. */
export function passAddress(url: string, { nonce, output }: PassSaid): string {
    const joined = new Uint8Array(PASS_BYTES);
    joined.set(fromBase64(nonce, NONCE_BYTES) ?? []);
    joined.set(fromBase64(output, PASS_BYTES - NONCE_BYTES) ?? [], NONCE_BYTES);
    return `${url}#a=${toBase64(joined)}`;
}
