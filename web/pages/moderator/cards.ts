/* Which cards are looked for. Pure. */

import type { Card } from "../../core/people";

export const WHICH_CARDS = ["all", "alike", "hidden"] as const;
export type WhichCards = (typeof WHICH_CARDS)[number];

function says(card: Card): string {
    const words = [card.name, card.line, card.web, ...card.accounts.map(({ name }) => name)];
    return words.join(" ").toLocaleLowerCase();
}

/* By name. */
export function cardsFound(cards: ReadonlyMap<string, Card>, which: WhichCards, search: string): Card[] {
    const wanted = search.trim().toLocaleLowerCase();
    return [...cards.values()]
        .filter((card) => (which === "all" || card[which]) && says(card).includes(wanted))
        .sort((a, b) => a.name.localeCompare(b.name) || a.tag.localeCompare(b.tag));
}
