/* What of an event is one's own, told by the seed alone: the server's list of all keys, the same bytes for
 * everybody, is tried key by key, so that nobody learns which were looked for. Keys are derived in short
 * slices: the page stays alive. */

import { cardKey } from "./card";
import { fromBase64, toBase64 } from "./encode";
import { questionKey } from "./keys";
import { newOwn, type Own } from "./own";
import type { Question } from "./protocol";
import { attempt, bytes, count, list, malformed, members } from "./read";

const SLICE_MS = 12;
const CARD_INDICES = Array.from({ length: 256 }, (_, index) => index);

/* A question as in GET /e/SLUG/keys. */
export interface Listed {
    readonly n: number;
    readonly key: string;
    readonly salt: string;
}

function listed(value: unknown): Listed {
    const [n, key, salt, ...more] = list(value);
    if (more.length > 0) {
        throw malformed("three members");
    }
    return { n: count(n), key: bytes(key, 32), salt: bytes(salt, 16) };
}

/* Null: it is not the list of keys. */
export function readKeys(json: string): readonly Listed[] | null {
    return attempt(() => list(members(JSON.parse(json))["keys"]).map(listed));
}

export interface Search {
    readonly tried?: (count: number) => void; /* between slices */
    readonly stop?: AbortSignal; /* what was found until then counts */
    readonly now?: () => number;
    readonly pause?: () => Promise<void>;
}

const pauseShortly = (): Promise<void> => new Promise((resume) => setTimeout(resume));

async function findIn<T>(all: readonly T[], isOwn: (each: T) => boolean, search: Search): Promise<T[]> {
    const { tried, stop, now = () => performance.now(), pause = pauseShortly } = search;
    const found: T[] = [];
    let began = now();
    for (const [at, each] of all.entries()) {
        if (now() - began >= SLICE_MS) {
            tried?.(at);
            await pause();
            began = now();
        }
        if (stop?.aborted === true) {
            break;
        }
        if (isOwn(each)) {
            found.push(each);
        }
    }
    return found;
}

/* Those whose key this seed makes of their salt. */
export async function findOwn(
    seed: Uint8Array,
    event: Uint8Array,
    all: readonly Listed[],
    search: Search = {},
): Promise<Listed[]> {
    const isOwn = ({ key, salt }: Listed): boolean => {
        const decoded = fromBase64(salt, 16);
        return decoded !== null && toBase64(questionKey(seed, event, decoded).key) === key;
    };
    return findIn(all, isOwn, search);
}

/* The index of one's own card among `keys` of shown cards, the newest of several. Null: none of them. */
export async function findOwnCard(
    seed: Uint8Array,
    event: Uint8Array,
    keys: ReadonlySet<string>,
    search: Search = {},
): Promise<number | null> {
    const isOwn = (index: number): boolean => keys.has(toBase64(cardKey(seed, event, index).key));
    return (await findIn(CARD_INDICES, isOwn, search)).pop() ?? null;
}

/* A found question as this browser would have kept it; for the minute of typing stands that of its release. */
export function ownFromListed({ key, salt }: Listed, question: Question, seq: number): Own {
    const { talk, text, degree, minute, rev } = question;
    return {
        ...newOwn(salt, talk, text ?? "", degree, minute),
        key,
        stage: "sent",
        tried: true,
        rev: text === null ? 0 : rev, /* not yet shown: what its text was is not known either */
        seen: seq,
    };
}
