/* People to take home, as files that are made in the browser: a list that Mastodon imports, contacts
 * (vCard 4.0, RFC 6350), and a page that needs nothing but itself. No server knows who was chosen. */

import { networkOf } from "./account";
import type { Card, Mark } from "./people";
import type { Question } from "./protocol";

/* A card, and those of its questions that can be read. */
export interface Person {
    readonly card: Card;
    readonly asked: readonly Question[];
}

export interface Occasion {
    readonly title: string; /* the event's */
    readonly hashtag: string;
    readonly slug: string;
    readonly url: string; /* of the page of people */
}

/* What the files say besides what people have written, in the reader's language. */
export interface TakeHomeWords {
    readonly language: string;
    readonly heading: string;
    readonly asked: string;
    readonly made: string; /* when, and that it stays as it is */
    mark(mark: Mark | null): string;
}

/* The names of accounts that a Mastodon server can follow; spreadsheets run none of them. */
const FOLLOWED = /^[a-z0-9_][a-z0-9_.-]*@[a-z0-9.-]+(?::\d+)?$/;
const CSV_HEAD = "Account address,Show boosts,Notify on new posts,Languages";

export function followable(people: readonly Person[]): string[] {
    const names = people.flatMap(({ card }) => card.accounts.map(({ name }) => name));
    return [...new Set(names.filter((name) => FOLLOWED.test(name) && networkOf(name) === "fediverse"))];
}

export function followCsv(people: readonly Person[]): string {
    return [CSV_HEAD, ...followable(people).map((name) => `${name},true,false,`), ""].join("\n");
}

/* RFC 6350, 3.2: no line is longer than 75 bytes, and none ends within a letter. */
function folded(line: string): string {
    const lines: string[] = [];
    let bytes = 0;
    let part = "";
    for (const letter of line) {
        const length = new TextEncoder().encode(letter).length;
        if (bytes + length > 75) {
            lines.push(part);
            part = " ";
            bytes = 1;
        }
        part += letter;
        bytes += length;
    }
    return [...lines, part].join("\r\n");
}

/* RFC 6350, 3.4 */
function escapedText(text: string): string {
    return text.replace(/[\\,;]/g, "\\$&").replace(/\r\n|[\r\n]/g, "\\n");
}

const stamp = (minute: number): string => new Date(minute * 60_000).toISOString().replace(/[-:]|\.\d+/g, "");

/* One who was taken home twice is still one: by its UID. */
function vcard({ card }: Person, about: Occasion, words: TakeHomeWords): string[] {
    const accounts = card.accounts.map(({ name, mark }) => `@${name} (${words.mark(mark)})`);
    const note = [
        ...(card.line === null ? [] : [card.line]),
        ...accounts,
        `#${about.hashtag}, ${about.title}`,
    ];
    const pages = [...(card.web === null ? [] : [card.web]), ...card.accounts.map(({ url }) => url)];
    return [
        "BEGIN:VCARD",
        "VERSION:4.0",
        `UID;VALUE=text:raute-${card.tag}`,
        `FN:${escapedText(card.name)}`,
        ...pages.map((url) => `URL:${url}`),
        `NOTE:${escapedText(note.join("\n"))}`,
        `CATEGORIES:${escapedText(about.hashtag)}`,
        `REV:${stamp(card.minute)}`,
        "END:VCARD",
    ];
}

export function vcards(people: readonly Person[], about: Occasion, words: TakeHomeWords): string {
    return people
        .flatMap((person) => vcard(person, about, words).map((line) => `${folded(line)}\r\n`))
        .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
};

const escapedHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");

/* Paper in the dark would be glaring: the reader's own colours, whatever they are. */
const STYLE = `:root{color-scheme:light dark;font:1.0625rem/1.45 system-ui,sans-serif}
body{max-width:40rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
h1,h2{line-height:1.15}article{border-top:1px solid;padding:1rem 0}h2{margin:0}
.voice{font-family:Georgia,serif;font-size:1.125rem}ul{padding-left:1.2rem}small{font-size:.9375rem}`;

const away = (url: string, text: string): string =>
    `<a href="${escapedHtml(url)}" rel="noopener noreferrer nofollow"><bdi>${escapedHtml(text)}</bdi></a>`;

function article({ card, asked }: Person, words: TakeHomeWords): string {
    const entry = (url: string, text: string, mark: Mark | null): string =>
        `<li>${away(url, text)} <small>${escapedHtml(words.mark(mark))}</small></li>`;
    const accounts = [
        ...card.accounts.map(({ name, url, mark }) => entry(url, `@${name}`, mark)),
        ...(card.web === null ? [] : [entry(card.web, card.web, card.mark)]),
    ];
    const questions = asked.map(
        ({ n, text }) => `<li>#${n} <span class="voice" dir="auto">${escapedHtml(text ?? "")}</span></li>`,
    );
    return [
        `<article><h2 dir="auto">${escapedHtml(card.name)}</h2>`,
        card.line === null ? "" : `<p class="voice" dir="auto">${escapedHtml(card.line)}</p>`,
        accounts.length === 0 ? "" : `<ul>${accounts.join("")}</ul>`,
        questions.length === 0 ? "" : `<p>${escapedHtml(words.asked)}</p><ul>${questions.join("")}</ul>`,
        "</article>",
    ].join("");
}

/* Loads nothing, runs nothing, and says so to the browser. */
export function plainPage(people: readonly Person[], about: Occasion, words: TakeHomeWords): string {
    const title = escapedHtml(`${words.heading}: #${about.hashtag}`);
    return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p dir="auto">${away(about.url, about.title)}</p>
<p><small>${escapedHtml(words.made)}</small></p>
${people.map((person) => article(person, words)).join("\n")}
</body>
</html>
`;
}

export interface TakeHomeFile {
    readonly name: string;
    readonly type: string;
    readonly content: string;
}

export type TakeHomeFormat = "mastodon" | "vcard" | "page";

/* Mastodon guesses from the name what a list is for. */
export function takeHomeFile(
    format: TakeHomeFormat,
    people: readonly Person[],
    about: Occasion,
    words: TakeHomeWords,
): TakeHomeFile {
    switch (format) {
        case "mastodon":
            return {
                name: `following_accounts_${about.slug}.csv`,
                type: "text/csv;charset=utf-8",
                content: followCsv(people),
            };
        case "vcard":
            return {
                name: `${about.slug}.vcf`,
                type: "text/vcard;charset=utf-8",
                content: vcards(people, about, words),
            };
        case "page":
            return {
                name: `${about.slug}.html`,
                type: "text/html;charset=utf-8",
                content: plainPage(people, about, words),
            };
    }
}
