/* People of an event that is rebuilt from its parts. */
#include <stdlib.h>
#include <string.h>

#include "event/rules.h"

static int card_compare(const void *a, const void *b) {
    const struct card *x = *(struct card *const *)a, *y = *(struct card *const *)b;
    return memcmp(x->key, y->key, CARD_KEY_BYTES);
}

static int claim_compare(const void *a, const void *b) {
    const struct claim *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static int interest_compare(const void *a, const void *b) {
    const struct interest *x = a, *y = b;
    if (x->number != y->number) {
        return x->number < y->number ? -1 : 1;
    }
    return memcmp(x->card, y->card, CARD_KEY_BYTES);
}

static bool cards_sort(struct event *event) {
    if (event->card_count > 0) {
        qsort(event->cards, event->card_count, sizeof(struct card *), card_compare);
    }
    for (uint32_t i = 0; i < event->card_count; i++) {
        if (!card_complete(event->cards[i]) ||
            (i > 0 && card_compare(&event->cards[i - 1], &event->cards[i]) == 0)) {
            return false;
        }
    }
    return true;
}

/* False when a claim stands twice, or its question or card is missing. */
static bool claims_sort(struct event *event) {
    if (event->claim_count > 0) {
        qsort(event->claims, event->claim_count, sizeof *event->claims, claim_compare);
    }
    for (uint32_t i = 0; i < event->claim_count; i++) {
        struct claim *claim = &event->claims[i];
        const struct question *question = event_question(event, claim->number);
        if (question == NULL || card_at(event, claim->card) == NULL ||
            (i > 0 && claim_compare(claim - 1, claim) == 0)) {
            return false;
        }
        claim->current = claim_holds(event, claim, question);
    }
    return true;
}

static void interests_sort(struct event *event) {
    if (event->interest_count > 0) {
        qsort(event->interests, event->interest_count, sizeof *event->interests, interest_compare);
    }
}

bool people_index(struct event *event) {
    if (!cards_sort(event) || !claims_sort(event)) {
        return false;
    }
    interests_sort(event);
    tickets_sort(event);
    looks_index(event);
    proofs_plan(event, 0);
    return true;
}

void people_forget(struct event *event, struct changes *changes) {
    for (uint32_t i = event->card_count; i > 0; i--) {
        struct card *card = event->cards[i - 1];
        if (key_forgotten(event, card->key)) {
            card_drop(event, card, changes);
        }
    }
    for (uint32_t i = event->claim_count; i > 0; i--) {
        const struct claim *claim = &event->claims[i - 1];
        const struct question *question = event_question(event, claim->number);
        if (claim_forgotten(event, claim)) {
            if (question_card(event, question->number) != NULL) {
                change_number(changes, CHANGE_BY_LINE, question->number);
            }
            claim_leave(event, question, changes);
        }
    }
}
