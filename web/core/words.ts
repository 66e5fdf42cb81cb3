/* The catalogue of words (web/words/*.json, shared with the server): one language at a time is loaded,
 * and of it only what the page can say (web/words.mjs). */

import { signal, type ReadonlySignal } from "@preact/signals";
import type { Language } from "./protocol";
import { store } from "./storage";

type Catalogue = typeof import("../words/de.json");
export type Word = Extract<keyof Catalogue, `${string}.${string}`>;
/* Words with a form for one (`x.one`) and for all other counts (`x.many`). */
type OneOf<W> = W extends `${infer Base}.one` ? Base : never;
export type CountedWord = OneOf<Word>;
export type Params = Readonly<Record<string, string | number>>;

type Load = () => Promise<{ default: Record<string, string> }>;
const catalogues: Record<Language, Load> = {
    de: () => import("words:de"),
    en: () => import("words:en"),
};

/* What is said only in parts of a page that most people never open. */
const later: Record<Language, Load> = {
    de: () => import("words:person.de"),
    en: () => import("words:person.en"),
};
let wantsLater = false;

const catalogue = signal<Record<string, string>>({});
const active = signal<Language>("en");

/* The language shown; pages that read it (or call t) are drawn anew when it changes. */
export const language: ReadonlySignal<Language> = active;

function preferred(): Language {
    const chosen = store().get("raute/language");
    if (chosen === "de" || chosen === "en") {
        return chosen;
    }
    return navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
}

export async function showLanguage(wanted: Language): Promise<void> {
    const loads = wantsLater ? [catalogues[wanted], later[wanted]] : [catalogues[wanted]];
    const loaded = await Promise.all(loads.map((load) => load()));
    catalogue.value = Object.assign({}, ...loaded.map((each) => each.default));
    active.value = wanted;
    document.documentElement.lang = wanted;
}

/* The words `person.…` too, from now on; to be awaited before drawing what says them. */
export async function loadMoreWords(): Promise<void> {
    if (!wantsLater) {
        wantsLater = true;
        await showLanguage(active.value);
    }
}

/* To be awaited before the first drawing. */
export function loadLanguage(): Promise<void> {
    return showLanguage(preferred());
}

/* The reader's choice, kept. */
export function switchLanguage(wanted: Language): Promise<void> {
    store().set("raute/language", wanted);
    return showLanguage(wanted);
}

export function otherLanguage(): Language {
    return active.value === "de" ? "en" : "de";
}

function fill(words: string, params: Params): string {
    return words.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = params[name];
        return value === undefined ? whole : typeof value === "number" ? number(value) : value;
    });
}

export function t(word: Word, params: Params = {}): string {
    return fill(catalogue.value[word] ?? word, params);
}

/* The form for `n`, which is also the parameter {n}. */
export function tn(word: CountedWord, n: number, params: Params = {}): string {
    return t(`${word}.${n === 1 ? "one" : "many"}` as Word, { n, ...params });
}

/* The sentence for a refusal's code: the catalogue's, else what the server said. */
export function refusalWords(refusal: { code: string; message: string }): string {
    return catalogue.value[`refusal.${refusal.code}`] ?? refusal.message;
}

/* English without AM and PM, as on the stage's clock. */
const LOCALES: Record<Language, string> = { de: "de-DE", en: "en-GB" };

export function number(value: number): string {
    return value.toLocaleString(LOCALES[active.value]);
}

/* 14:08 */
export function clockTime(minute: number): string {
    return new Date(minute * 60_000).toLocaleTimeString(LOCALES[active.value], {
        hour: "2-digit",
        hourCycle: "h23",
        minute: "2-digit",
    });
}

/* 22. Nov., 14:08 */
export function dateTime(minute: number): string {
    return new Date(minute * 60_000).toLocaleString(LOCALES[active.value], {
        day: "numeric",
        month: "short",
        hour: "2-digit",
        hourCycle: "h23",
        minute: "2-digit",
    });
}

/* 22. November 2026 */
export function date(minute: number): string {
    return new Date(minute * 60_000).toLocaleDateString(LOCALES[active.value], {
        day: "numeric",
        month: "long",
        year: "numeric",
    });
}
