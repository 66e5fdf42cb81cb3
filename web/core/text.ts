/* Texts by people: the normal form that the server checks (server/base/text.h) is made here. */

const CONTROLS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const LONE_SURROGATES = /\p{Cs}/gu;
const WHITE_SPACE = /\p{White_Space}+/gu;

/* NFC, no control characters, each run of white space one space, trimmed. May be empty. */
export function normalText(typed: string): string {
    return typed
        .replace(LONE_SURROGATES, "\ufffd")
        .replace(/[\t-\r\u0085]/g, " ")
        .replace(CONTROLS, "")
        .replace(WHITE_SPACE, " ")
        .replace(/^ | $/g, "")
        .normalize("NFC");
}

export function utf8(text: string): Uint8Array {
    return new TextEncoder().encode(text);
}

/* The clusters that old browsers cannot segment: marks, joiners, modifiers and flags, near enough for a
 * counter and a preview (the server counts and cuts exactly). */
const CLUSTER =
    /\r\n|(?:\p{RI}\p{RI}|[\u1100-\u115f]*[\u1160-\u11a7]+[\u11a8-\u11ff]*|[^])(?:[\p{M}\u200c\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]|\u200d\p{Extended_Pictographic}?)*/gu;

let segmenter: Intl.Segmenter | null | undefined;

/* User-perceived characters. */
export function graphemes(text: string, useSegmenter = true): string[] {
    if (segmenter === undefined) {
        segmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("und") : null;
    }
    return segmenter === null || !useSegmenter
        ? (text.match(CLUSTER) ?? [])
        : Array.from(segmenter.segment(text), (each) => each.segment);
}

export function countGraphemes(text: string, useSegmenter = true): number {
    return graphemes(text, useSegmenter).length;
}

/* Trailing spaces up to the next multiple of `size` bytes: so that its size does not tell which text it is. */
export function padMessage(json: string, size: number): string {
    const over = utf8(json).length % size;
    return over === 0 ? json : json + " ".repeat(size - over);
}
