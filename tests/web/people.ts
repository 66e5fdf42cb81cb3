/* People for tests: cards as the model has them. */

import type { Card } from "../../web/core/people";
import type { Question } from "../../web/core/protocol";
import type { Person, TakeHomeWords } from "../../web/core/take_home";

export function cardOf(more: Partial<Card> = {}): Card {
    return {
        tag: "AQEBAQEBAQE",
        key: "A".repeat(43),
        rev: 1,
        name: "Anna",
        line: null,
        web: null,
        accounts: [],
        mark: null,
        lists: false,
        alike: false,
        hidden: false,
        minute: 29_000_000,
        questions: [],
        ...more,
    };
}

export const accountOf = (name: string, mark: Card["mark"] = null) => ({
    name,
    url: name.includes("@")
        ? `https://${name.split("@")[1]}/@${name.split("@")[0]}`
        : `https://bsky.app/profile/${name}`,
    mark,
    minute: null,
});

export const askedOf = (n: number, text: string | null): Question =>
    ({ n, talk: 1, text, state: "listed" }) as Question;

export const personOf = (more: Partial<Card> = {}, asked: readonly Question[] = []): Person => ({
    card: cardOf(more),
    asked,
});

export const ABOUT = {
    title: "Netzwerken; in Rostock, heute",
    hashtag: "NetzwerkenHRO",
    slug: "hro",
    url: "https://raute.example/e/hro/people",
};

export const WORDS: TakeHomeWords = {
    language: "de",
    heading: "Wer da war",
    asked: "Hat gefragt",
    made: "Stand heute",
    mark: (mark) => (mark === null ? "nicht geprüft" : `bestätigt: ${mark}`),
};
