/* Who stands in the list, in which order, and who is found. Pure. */

import type { Card } from "../../core/people";
import type { Model } from "../../core/state";
import type { Person } from "../../core/take_home";

function same(before: Person | undefined, now: Person): before is Person {
    return (
        before !== undefined &&
        before.card === now.card &&
        before.asked.length === now.asked.length &&
        before.asked.every((question, place) => question.text === now.asked[place]?.text)
    );
}

function personOf(card: Card, model: Model): Person {
    const asked = card.questions.flatMap((n) => {
        const question = model.questions.get(n);
        return question === undefined || question.text === null ? [] : [question];
    });
    return { card, asked };
}

export type People = ReadonlyMap<string, Person>;

/* By tag, the last that did something first. Who is as before is the same object: votes change ten times a
 * second, cards do not. */
export function peopleOf(model: Model, before: People): People {
    return new Map(
        [...model.cards.values()]
            .sort((a, b) => b.minute - a.minute || (a.key < b.key ? -1 : 1))
            .map((card) => {
                const now = personOf(card, model);
                const known = before.get(card.tag);
                return [card.tag, same(known, now) ? known : now];
            }),
    );
}

const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const texts = new WeakMap<Person, string>();

function textOf(person: Person): string {
    const known = texts.get(person);
    if (known !== undefined) {
        return known;
    }
    const { card, asked } = person;
    const accounts = card.accounts.map(({ name }) => `@${name}`);
    const questions = asked.map(({ n, text }) => `#${n} ${text ?? ""}`);
    const text = plain([card.name, card.line ?? "", card.web ?? "", ...accounts, ...questions].join("\n"));
    texts.set(person, text);
    return text;
}

/* Every word has to be there, anywhere; accents do not matter. */
export function found(people: Iterable<Person>, query: string): Person[] {
    const words = plain(query).split(/\s+/).filter(Boolean);
    return [...people].filter((person) => words.every((word) => textOf(person).includes(word)));
}
