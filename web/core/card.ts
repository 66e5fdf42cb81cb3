/* Cards, claims and interest: keys and signed messages. A card is a key pair of its own, a new one in every
 * event; a claim is signed by the question's key and by the card's. Formats: server/wire/README.md, "Signed
 * messages". */

import { derive, digest, join, keyPair, label, text, uint, type KeyPair } from "./keys";

export interface CardText {
    readonly name: string;
    readonly line: string; /* "" when left empty, as `web` */
    readonly web: string;
    readonly accounts: readonly string[]; /* five at most */
    readonly lists: boolean; /* may stand on public take-home lists */
}

/* Both signatures of a claim are over these. */
export interface Claim {
    readonly key: Uint8Array; /* 32: the question's */
    readonly card: Uint8Array; /* 32 */
    readonly rev: number; /* of the question */
    readonly minute: number; /* of the server's clock */
    readonly hash: Uint8Array; /* 32: textHash() of the question's text */
}

export type Side = "question" | "card"; /* whose key signs */
/* Who among the interested may see the card: nobody any more, those with a proven account, all. */
export type Scope = 0 | 1 | 2;

/* `index` 0 to 255: the next one for a card made after one was deleted. */
export function cardKey(seed: Uint8Array, event: Uint8Array, index: number): KeyPair {
    return keyPair(derive(seed, "raute.1/card", event, uint(index, 1)));
}

export function cardMessage(event: Uint8Array, card: Uint8Array, rev: number, says: CardText): Uint8Array {
    return join(
        label("raute.1/card"),
        event,
        card,
        uint(rev, 4),
        text(says.name),
        text(says.line),
        text(says.web),
        uint(says.accounts.length, 1),
        ...says.accounts.map(text),
        uint(says.lists ? 1 : 0, 1),
    );
}

export function cardDeleteMessage(event: Uint8Array, card: Uint8Array, rev: number): Uint8Array {
    return join(label("raute.1/card-delete"), event, card, uint(rev, 4));
}

/* A claim binds the question's text by this hash. */
export function textHash(event: Uint8Array, question: string): Uint8Array {
    return digest(32, "raute.1/text", event, text(question));
}

export function claimMessage(event: Uint8Array, side: Side, claim: Claim): Uint8Array {
    const { key, card, rev, minute, hash } = claim;
    return join(label(`raute.1/claim-${side}`), event, key, card, uint(rev, 4), uint(minute, 4), hash);
}

/* By either key. */
export function unclaimMessage(
    event: Uint8Array,
    side: Side,
    key: Uint8Array,
    card: Uint8Array,
    rev: number,
): Uint8Array {
    return join(label(`raute.1/unclaim-${side}`), event, key, card, uint(rev, 4));
}

export function interestMessage(
    event: Uint8Array,
    card: Uint8Array,
    n: number,
    minute: number,
    scope: Scope,
): Uint8Array {
    return join(label("raute.1/interest"), event, card, uint(n, 4), uint(minute, 4), uint(scope, 1));
}

/* The code in a share link, 16 bytes: says nothing until its question is claimed; then only this account of
 * this card can have posted it. `account`: name@host or handle, lower case. */
export function postCode(
    event: Uint8Array,
    key: Uint8Array,
    card: Uint8Array,
    salt: Uint8Array,
    account: string,
): Uint8Array {
    return digest(16, "raute.1/code", event, key, card, salt, text(account));
}
