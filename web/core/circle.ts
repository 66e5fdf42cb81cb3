/* Who was met by an interest, as the answer told, and what of it still holds. Asking again joins again, also
 * where another device of the same person has left meanwhile: so it is never done unasked. */

import type { Card } from "./people";
import type { Model } from "./state";

export interface Circle {
    readonly count: number; /* 0: fewer than three */
    readonly cards: readonly Card[]; /* the others', as far as they may be seen */
}

const CROWD = 3;

const told = (model: Model, n: number): number => model.questions.get(n)?.interest ?? 0;

/* After the model of question `n` was another one. Null: somebody left, and nothing says who. */
export function circleAfter(circle: Circle, n: number, was: Model, is: Model): Circle | null {
    if (circle.count === 0) {
        return circle;
    }
    const cards = circle.cards.flatMap(
        (card) => is.cards.get(card.tag) ?? (was.cards.has(card.tag) ? [] : [card]),
    );
    const left = circle.cards.length - cards.length;
    const count = circle.count - left;
    const touched = was.questions.get(n) !== is.questions.get(n);
    const fewer = touched && (told(is, n) < count || told(was, n) - told(is, n) > left);
    return fewer || count < CROWD ? null : { count, cards };
}

/* There are some who were not told of. */
export function circleGrew(circle: Circle, n: number, was: Model, is: Model): boolean {
    return told(is, n) > Math.max(told(was, n), circle.count);
}
