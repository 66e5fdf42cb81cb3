/* The mirror's rows of people and tickets. */
#ifndef RAUTE_TESTS_EVENT_MIRROR_PEOPLE_H
#define RAUTE_TESTS_EVENT_MIRROR_PEOPLE_H

#include "chance_people.h"

#define MIRROR_QUESTIONS 2048

struct mirror_people {
    struct card *cards[CHANCE_CARDS];
    struct claim claims[MIRROR_QUESTIONS]; /* by number; number 0: none */
    struct interest interests[MIRROR_QUESTIONS][CHANCE_CARDS];
    struct ticket tickets[CHANCE_TICKETS];
};

/* Whoever deletes a card is never to come back with it. */
static inline void mirror_card(struct mirror_people *people, struct table *forgotten,
                               const struct event *event, const struct change *change) {
    uint32_t n = change->as.key[3];
    const struct card *card = event_card(event, change->as.key);
    card_free(people->cards[n]);
    people->cards[n] = card == NULL ? NULL : kit_card_copy(card);
    if (card == NULL) {
        uint8_t hash[FORGOTTEN_BYTES];
        forgotten_hash(hash, EVENT_ID, change->as.key);
        table_set(forgotten, hash, people);
        return;
    }
    people->cards[n]->alike = false; /* not stored, nor what is due */
    people->cards[n]->web_proof.due = false;
    for (uint8_t i = 0; i < card->account_count; i++) {
        people->cards[n]->accounts[i].proof.due = false;
    }
}

/* A claim that goes while its question and its card stay was taken back, or signed anew. */
static inline void mirror_claim(struct mirror_people *people, struct table *forgotten,
                                const struct event *event, uint32_t number) {
    struct claim *row = &people->claims[number];
    const struct claim *claim = event_claim(event, number);
    const struct question *question = event_question(event, number);
    assert_true(number < MIRROR_QUESTIONS);
    bool ended = row->number != 0 && (claim == NULL || claim->rev != row->rev);
    if (ended && question != NULL && event_card(event, row->card) != NULL) {
        uint8_t hash[FORGOTTEN_BYTES];
        claim_forgotten_hash(hash, EVENT_ID, row->by_question);
        table_set(forgotten, hash, people);
    }
    *row = claim == NULL ? (struct claim){0} : *claim;
    row->current = false; /* not stored */
}

static inline void mirror_interest(struct mirror_people *people, const struct event *event,
                                   const struct change *change) {
    const struct interest *interest = event_interest(event, change->number, change->as.key);
    people->interests[change->number][change->as.key[3]] =
        interest == NULL ? (struct interest){0} : *interest;
}

static inline void mirror_ticket(struct mirror_people *people, const struct event *event,
                                 const uint8_t hash[TICKET_HASH_BYTES]) {
    const struct ticket *ticket = event_ticket(event, hash);
    assert_non_null(ticket);
    people->tickets[hash[0]] = *ticket;
}

static inline void mirror_people_load(const struct mirror_people *people, struct event *copy) {
    for (uint32_t n = CHANCE_CARDS; n > 0; n--) {
        if (people->cards[n - 1] != NULL) {
            event_restore_card(copy, kit_card_copy(people->cards[n - 1]));
        }
    }
    for (uint32_t number = MIRROR_QUESTIONS; number > 0; number--) {
        if (people->claims[number - 1].number != 0) {
            event_restore_claim(copy, &people->claims[number - 1]);
        }
        for (uint32_t n = 0; n < CHANCE_CARDS; n++) {
            if (people->interests[number - 1][n].number != 0) {
                event_restore_interest(copy, &people->interests[number - 1][n]);
            }
        }
    }
    for (uint32_t i = CHANCE_TICKETS; i > 0; i--) {
        if (people->tickets[i - 1].seats != 0) {
            event_restore_ticket(copy, &people->tickets[i - 1]);
        }
    }
}

static inline void mirror_people_free(struct mirror_people *people) {
    for (uint32_t n = 0; n < CHANCE_CARDS; n++) {
        card_free(people->cards[n]);
    }
    free(people);
}

/* ---- what a view shows */

static inline void view_proof(struct buffer *out, const char *of, const struct proof *proof) {
    buffer_format(out, "%s [%s %u] ", of, proof_kind_name(proof->kind), proof->minute);
}

static inline void view_people(struct buffer *out, const struct event *event, enum view view) {
    buffer_format(out, "seats %u\n", event_seats(event));
    for (uint32_t i = 0; i < event->card_count; i++) {
        const struct card *card = event->cards[i];
        if (!card->shown || (view == VIEW_PUBLIC && card->hidden)) {
            continue;
        }
        buffer_format(out, "card %d rev%u %s|%s h%d l%d a%d m%u ", card->key[3], card->rev,
                      card->name, card->line, card->hidden, card->lists, card->alike, card->minute);
        for (uint8_t j = 0; j < card->account_count; j++) {
            view_proof(out, card->accounts[j].name, &card->accounts[j].proof);
        }
        view_proof(out, card->web, &card->web_proof);
        for (uint32_t j = 0; j < event->claim_count; j++) {
            const struct claim *claim = &event->claims[j];
            if (claim->current && claim->card[3] == card->key[3] &&
                question_shown(event_question(event, claim->number), view)) {
                buffer_format(out, "#%u ", claim->number);
            }
        }
        buffer_text(out, "\n");
    }
}

/* Of a question whose text is seen. */
static inline void view_by_line(struct buffer *out, const struct event *event, uint32_t number) {
    const struct card *card = question_card(event, number);
    uint32_t first, count = event_interests(event, number, &first);
    if (card != NULL) {
        buffer_format(out, "  by %d %s %s\n", card->key[3], card->name,
                      proof_kind_name(card_proof(card)));
    }
    if (count >= INTEREST_CROWD) {
        buffer_format(out, "  interests %u\n", count);
    }
}

#endif
