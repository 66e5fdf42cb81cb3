// How the networks count a text, and what they take for a hashtag: after their documentation, apart
// from the program's own counting, so that one can find the other's mistakes.
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const graphemes = (text) => [...segmenter.segment(text)].map(({ segment }) => segment);

// A URL ends before the punctuation that closes a sentence, and before a bracket it did not open.
function trimmed(url) {
  for (;;) {
    const last = url.at(-1);
    const unopened = last === ")" && url.split("(").length < url.split(")").length;
    if (!/[.,:;!?'"»”’\]}>*]/.test(last) && !unopened) {
      return url;
    }
    url = url.slice(0, -1);
  }
}

const WITH_SCHEME = /(?<![\p{L}\p{N}@＠$#＃_])https?:\/\/[^\s<>"\u3000]+/giu;

// [from, to) of each, in UTF-16 units.
export function urlsIn(text, pattern = WITH_SCHEME) {
  return [...text.matchAll(pattern)]
    .map((match) => [match.index, match.index + trimmed(match[0]).length])
    .filter(([from, to]) => to - from > "https://".length);
}

function withUrls(text, places, put) {
  let at = 0;
  let result = "";
  for (const [from, to] of places) {
    result += text.slice(at, from) + put(text.slice(from, to));
    at = to;
  }
  return result + text.slice(at);
}

// Mastodon: grapheme clusters, a URL with its scheme counts `perUrl`, @user@host as @user.
export function mastodonLength(text, { spoiler = "", perUrl = 23 } = {}) {
  const counted = withUrls(text, urlsIn(text), () => "x".repeat(perUrl)).replace(
    /(?<![\w/])@(\w+)@[\w.-]+\w/g,
    "@$1",
  );
  return graphemes(spoiler + counted).length;
}

// X: in NFC; code points of these ranges weigh 1, others 2, an emoji 2 as a whole, a URL 23, also
// one without a scheme whose domain ends in a well-known name.
const LIGHT = [
  [0x0000, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
];
const BARE =
  /(?<![\p{L}\p{N}@＠$#＃_./-])(?:[a-z0-9-]+\.)+(?:com|org|net|info|app|dev|social|eu)\b(?:\/[^\s<>"]*)?/giu;
const EMOJI = /^\p{RGI_Emoji}$/v;

const weightOf = (character) => {
  const point = character.codePointAt(0);
  return LIGHT.some(([from, to]) => from <= point && point <= to) ? 1 : 2;
};

export function tweetUrls(text) {
  const full = urlsIn(text);
  const bare = urlsIn(text, BARE).filter(([from]) => !full.some(([a, b]) => a <= from && from < b));
  return [...full, ...bare].sort(([a], [b]) => a - b);
}

export function tweetWeight(given) {
  const text = given.normalize("NFC");
  const places = tweetUrls(text);
  const plain = withUrls(text, places, () => "");
  const weights = graphemes(plain).map((segment) =>
    EMOJI.test(segment) ? 2 : [...segment].reduce((sum, character) => sum + weightOf(character), 0),
  );
  return weights.reduce((sum, weight) => sum + weight, 23 * places.length);
}

// X puts a short address in the place of each URL.
export function shortened(given, short) {
  const text = given.normalize("NFC");
  return withUrls(text, tweetUrls(text), short);
}

// Mastodon: # at the start of a line or after white space, then word characters and separators that
// begin and end with a word character, and not digits alone.
const WORD = "\\p{L}\\p{M}\\p{Nd}\\p{Pc}";
const BETWEEN = "_\u00b7\u30fb\u200c";
const TAG = new RegExp(`(?<=^|\\s)[#＃]([${WORD}](?:[${WORD}${BETWEEN}]*[${WORD}])?)`, "gmu");
const SOUND = new RegExp(`\\p{Alphabetic}|.[${BETWEEN}].`, "u");

export function tagsIn(text) {
  return [...text.matchAll(TAG)].map((match) => match[1]).filter((name) => SOUND.test(name));
}

export function tagKey(name) {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFD")
    .replace(/(\p{Script=Latin})\p{M}+/gu, "$1")
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}_\u00b7\u30fb\u200c]/gu, "");
}
