/* What a question's post says on a network: the same text that the bridge makes (server/bridge/text.h),
 * for the preview and for share links. Shared cases: tests/protocol/posts.json. */

import type { Network } from "./protocol";
import { graphemes, utf8 } from "./text";

const BLUESKY_BYTES = 3000;
const LINK_LENGTH_AT_X = 23;

export interface PostSource {
    readonly text: string; /* the question's, in normal form */
    readonly hashtags: readonly string[]; /* without '#' */
    readonly url: string;
    readonly warning?: string | null;
}

/* Where it goes, and what fits there. */
export interface PostPlace {
    readonly network: Network;
    readonly limit: number;
    readonly link: number; /* what a link counts there; 0: its own length */
}

export interface PostText {
    readonly lead: string; /* what people said, cut if need be */
    readonly tail: string; /* hashtags and link */
    readonly text: string; /* both, as posted */
    readonly count: number; /* as the network counts, warning included */
}

/* Pictures, and what joins them to one. */
const PICTURES =
    /^[\u200d\ufe0f\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]*[\p{Extended_Pictographic}\p{RI}][\p{Extended_Pictographic}\p{RI}\u200d\ufe0f\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]*$/u;

function weightAtX(grapheme: string): number {
    if (PICTURES.test(grapheme)) {
        return 2;
    }
    let weight = 0;
    for (const letter of grapheme) {
        const c = letter.codePointAt(0) ?? 0;
        const light =
            c <= 0x10ff ||
            (c >= 0x2000 && c <= 0x200d) ||
            (c >= 0x2010 && c <= 0x201f) ||
            (c >= 0x2032 && c <= 0x2037);
        weight += light ? 1 : 2;
    }
    return weight;
}

function plainLength(network: Network, text: string): number {
    const clusters = graphemes(text);
    return network === "x" ? clusters.reduce((sum, each) => sum + weightAtX(each), 0) : clusters.length;
}

/* What stands before an address, its scheme, and the rest of it where it is a link to all servers: a
 * domain name, a port, a path without the punctuation of the sentence; else all to the next space. */
const ADDRESS =
    /(^|[^\p{L}\p{N}_@#$])[Hh][Tt][Tt][Pp][Ss]?:\/\/(?:((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?!\.?[\p{L}\p{N}_-])(?::[0-9]+)?(?:(?=[/?#])[A-Za-z0-9/?#._~%+=&:@!,;*'-]*[A-Za-z0-9/])?)|[^ \n]*)/gu;
/* Where X may see a domain name and make a link of it. */
const WORDS_WITH_DOTS = /[\p{L}\p{N}_.-]+/gu;
const DOMAIN = /[\p{L}\p{N}_-]\.\p{L}\p{L}/u;

/* Length of a text as a network counts it; where two servers count differently, the larger number. */
export function postLength({ network, link }: PostPlace, text: string): number {
    const length = network === "x" ? LINK_LENGTH_AT_X : link;
    if (network === "bluesky" || length === 0) {
        return plainLength(network, text);
    }
    let more = 0;
    const counted = (least: number): string => {
        more += least - 1;
        return "x";
    };
    const linked = text.replace(ADDRESS, (whole: string, before: string, link_: string | undefined) => {
        const own = link_ === undefined ? plainLength(network, whole.slice(before.length)) : 0;
        return before + counted(Math.max(own, length));
    });
    const bare =
        network === "x"
            ? linked.replace(WORDS_WITH_DOTS, (run) =>
                  DOMAIN.test(run) ? counted(Math.max(plainLength(network, run), length)) : run,
              )
            : linked;
    return plainLength(network, bare) + more;
}

/* `@name` would tell people there that somebody spoke of them: a word joiner keeps it a text. */
function unmentioned(network: Network, text: string): string {
    return network === "bluesky" ? text : text.replace(/[@＠](?=[\p{L}\p{N}_])/gu, "$&\u2060");
}

function tailOf(place: PostPlace, { hashtags, url }: PostSource): string {
    const link = place.network === "bluesky" ? url.replace(/^https?:\/\//, "") : url;
    for (let kept = hashtags.length; ; kept -= 1) {
        const tags = hashtags.slice(0, kept).map((tag) => `#${tag}`);
        const tail = [...tags, link].join(" ");
        if (kept <= 1 || postLength(place, tail) <= place.limit / 2) {
            return tail;
        }
    }
}

/* The first `kept`; less than all of them end in an ellipsis. */
function cut(clusters: readonly string[], kept: number): string {
    return clusters.length === kept
        ? clusters.join("")
        : `${clusters
              .slice(0, kept)
              .join("")
              .replace(/[ ,;:–]+$/, "")}…`;
}

/* The longest cut that fits; the shortest when none does. */
function fitted(network: Network, text: string, fits: (shown: string) => boolean): string {
    const clusters = graphemes(unmentioned(network, text));
    for (let kept = clusters.length; ; kept -= 1) {
        const shown = cut(clusters, kept);
        if (kept === 0 || fits(shown)) {
            return shown;
        }
    }
}

export function composePost(source: PostSource, place: PostPlace): PostText {
    const { network, limit } = place;
    const warning = fitted(network, source.warning ?? "", (shown) => postLength(place, shown) <= limit / 3);
    const beside = network === "mastodon" ? postLength(place, warning) : 0;
    const head = network === "mastodon" || warning === "" ? "" : `CW: ${warning}\n\n`;
    const tail = tailOf(place, source);
    const whole = (lead: string): string => `${head}${lead}\n\n${tail}`;
    const count = (text: string): number => beside + postLength(place, text);
    const lead = fitted(network, source.text, (shown) => {
        const text = whole(shown);
        return count(text) <= limit && (network !== "bluesky" || utf8(text).length <= BLUESKY_BYTES);
    });
    const text = whole(lead);
    return { lead: head + lead, tail, text, count: count(text) };
}
