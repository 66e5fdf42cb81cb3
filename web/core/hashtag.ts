/* Does it work as a hashtag, on every network? Told while it is typed, with one that does. The rules of
 * the server: letters with their marks, digits, underscore, at least one letter, at most 40. */

import { graphemes, normalText } from "./text";

export const HASHTAG_GRAPHEMES = 40;

export interface HashtagProblem {
    /* ends: networks stop reading at `sign`, `left` is what they would read. */
    readonly kind: "space" | "ends" | "digits" | "long";
    readonly sign: string;
    readonly left: string;
    readonly proposal: string | null; /* one that works; null: none comes to mind */
}

const FOREIGN = /[^\p{L}\p{M}\p{Nd}_]+/u;
const LETTER = /\p{L}/u;

/* "KI-Tag am Meer" → "KITagAmMeer" */
function joined(tag: string): string {
    return tag
        .split(new RegExp(FOREIGN, "gu"))
        .filter((part) => part !== "")
        .map((part, at) => (at === 0 ? part : part.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())))
        .join("")
        .replace(/^\p{M}+/u, "");
}

/* The words that fit, and where not even one does, as much as fits. */
function shortened(tag: string): string {
    let short = "";
    for (const part of tag.match(/\p{Lu}*[^\p{Lu}]+|\p{Lu}+/gu) ?? []) {
        if (graphemes(short + part).length > HASHTAG_GRAPHEMES) {
            break;
        }
        short += part;
    }
    return short === "" ? graphemes(tag).slice(0, HASHTAG_GRAPHEMES).join("") : short;
}

function working(tag: string): string | null {
    const whole = joined(tag);
    const short = graphemes(whole).length > HASHTAG_GRAPHEMES ? shortened(whole) : whole;
    return LETTER.test(short) ? short : null;
}

/* As typed, without what everybody types before it. */
export function bareHashtag(typed: string): string {
    return normalText(typed).replace(/^[#＃\s]+/, "");
}

/* Null: it works, or there is nothing yet. `title` helps where only digits are typed. */
export function hashtagProblem(typed: string, title = ""): HashtagProblem | null {
    const tag = bareHashtag(typed);
    const foreign = FOREIGN.exec(tag);
    const sign = foreign?.[0] ?? "";
    const left = tag.slice(0, foreign?.index);
    if (tag === "") {
        return null;
    }
    if (foreign !== null) {
        const spaced = sign.trim() === "";
        const [first = ""] = spaced ? sign : graphemes(sign.trim());
        return { kind: spaced ? "space" : "ends", sign: first, left, proposal: working(tag) };
    }
    if (!LETTER.test(tag)) {
        const name = joined(normalText(title).split(" ")[0] ?? "");
        return { kind: "digits", sign, left, proposal: LETTER.test(name) ? working(name + tag) : null };
    }
    if (graphemes(tag).length > HASHTAG_GRAPHEMES) {
        return { kind: "long", sign, left, proposal: working(tag) };
    }
    return null;
}
