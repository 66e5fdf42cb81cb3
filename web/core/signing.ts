/* Signs what the outbox sends. Loaded after the first paint, with the keys. */

import { claimMessage, textHash, cardKey, unclaimMessage, type Claim } from "./card";
import type { Connection, Result } from "./connection";
import { fromBase64, toBase64 } from "./encode";
import {
    askMessage,
    degreeMessage,
    editMessage,
    questionKey,
    sign,
    withdrawMessage,
    type KeyPair,
} from "./keys";
import type { Own } from "./own";

export interface Signed {
    readonly key: string; /* the question's */
    send(connection: Connection): Promise<Result>;
}

function decoded(encoded: string, length: number): Uint8Array {
    const bytes = fromBase64(encoded, length);
    if (bytes === null) {
        throw new Error("not what was kept here");
    }
    return bytes;
}

/* `seed`: of this browser; a question whose own seed was replaced has it with it. */
function keyOf(own: Own, event: Uint8Array, seed: Uint8Array): KeyPair {
    const own32 = own.seed === null ? seed : decoded(own.seed, 32);
    return questionKey(own32, event, decoded(own.salt, 16));
}

export type SignedTask = "ask" | "edit" | "degree" | "withdraw";

/* `rev`: for a withdrawal. */
export function signTask(own: Own, task: SignedTask, id: string, seed: Uint8Array, rev: number): Signed {
    const event = decoded(id, 16);
    const pair = keyOf(own, event, seed);
    const key = toBase64(pair.key);
    const signed = (message: Uint8Array): string => toBase64(sign(pair, message));
    switch (task) {
        case "ask": {
            const { talk, degree, text } = own;
            const ask = { salt: decoded(own.salt, 16), talk, degree, text };
            const sig = signed(askMessage(event, pair.key, ask));
            return { key, send: (to) => to.command("ask", { key, salt: own.salt, talk, degree, text, sig }) };
        }
        case "edit": {
            const { rev: next, text } = own.edit ?? own;
            const sig = signed(editMessage(event, pair.key, next, text));
            return { key, send: (to) => to.command("edit", { key, rev: next, text, sig }) };
        }
        case "degree": {
            const { rev: next, degree } = own.turn ?? own;
            const sig = signed(degreeMessage(event, pair.key, next, degree));
            return { key, send: (to) => to.command("degree", { key, rev: next, degree, sig }) };
        }
        case "withdraw": {
            const sig = signed(withdrawMessage(event, pair.key, rev));
            return { key, send: (to) => to.command("withdraw", { key, rev, sig }) };
        }
    }
}

/* Of the own card that claims are for. */
export interface CardName {
    readonly index: number;
    readonly seed: string | null;
}

/* By both keys. `minute`: of the server's clock. */
export function signClaim(own: Own, by: CardName, id: string, seed: Uint8Array, minute: number): Signed {
    const event = decoded(id, 16);
    const pair = keyOf(own, event, seed);
    const card = cardKey(by.seed === null ? seed : decoded(by.seed, 32), event, by.index);
    const { rev, text } = own.bond ?? { rev: 0, text: null };
    const says: Claim = { key: pair.key, card: card.key, rev, minute, hash: textHash(event, text ?? "") };
    const members = {
        key: toBase64(pair.key),
        card: toBase64(card.key),
        rev,
        minute,
        hash: toBase64(says.hash),
        sig: toBase64(sign(pair, claimMessage(event, "question", says))),
        card_sig: toBase64(sign(card, claimMessage(event, "card", says))),
    };
    return { key: members.key, send: (to) => to.command("claim", members) };
}

/* By the question's key: that does it for any card. */
export function signUnclaim(own: Own, card: string, id: string, seed: Uint8Array): Signed {
    const event = decoded(id, 16);
    const pair = keyOf(own, event, seed);
    const key = toBase64(pair.key);
    const rev = own.bond?.rev ?? 0;
    const sig = toBase64(sign(pair, unclaimMessage(event, "question", pair.key, decoded(card, 32), rev)));
    return { key, send: (to) => to.command("unclaim", { key, card, rev, by: "question", sig }) };
}
