/* An event taken apart, as the store does. */
#ifndef RAUTE_TESTS_EVENT_PARTS_H
#define RAUTE_TESTS_EVENT_PARTS_H

#include "kit.h"

static inline struct question question_copy(const struct question *question) {
    struct question copy = *question;
    copy.text = memory_text(question->text);
    copy.answer = question->answer == NULL ? NULL : memory_text(question->answer);
    copy.warning = question->warning == NULL ? NULL : memory_text(question->warning);
    copy.counted_at = 0;
    return copy;
}

static inline struct talk talk_copy(const struct talk *talk) {
    struct talk copy = {.id = talk->id, .open = talk->open, .order_count = talk->order_count};
    memcpy(copy.title, talk->title, sizeof copy.title);
    copy.order = memory_new((talk->order_count + 1) * sizeof *copy.order);
    if (talk->order_count > 0) {
        memcpy(copy.order, talk->order, talk->order_count * sizeof *copy.order);
    }
    return copy;
}

static inline void row_copy(struct event *to, const struct event *from) {
    to->settings = from->settings;
    memcpy(to->slug, from->slug, sizeof to->slug);
    memcpy(to->role_hash, from->role_hash, sizeof to->role_hash);
    memcpy(to->seq, from->seq, sizeof to->seq);
    to->next_number = from->next_number;
    to->next_talk = from->next_talk;
    to->next_account = from->next_account;
    to->current_talk = from->current_talk;
    to->closed = from->closed;
}

static inline void people_copy(struct event *to, const struct event *from) {
    for (uint32_t i = from->card_count; i > 0; i--) {
        struct card *card = kit_card_copy(from->cards[i - 1]);
        card->alike = false; /* not stored, nor what is due */
        card->web_proof.due = false;
        for (uint8_t j = 0; j < card->account_count; j++) {
            card->accounts[j].proof.due = false;
        }
        event_restore_card(to, card);
    }
    for (uint32_t i = from->claim_count; i > 0; i--) {
        struct claim claim = from->claims[i - 1];
        claim.current = false; /* not stored */
        event_restore_claim(to, &claim);
    }
    for (uint32_t i = from->interest_count; i > 0; i--) {
        event_restore_interest(to, &from->interests[i - 1]);
    }
    for (uint32_t i = from->ticket_count; i > 0; i--) {
        event_restore_ticket(to, &from->tickets[i - 1]);
    }
}

/* All parts, not yet put together; rows in the order that is worst. */
static inline struct event *parts_copy(const struct event *event) {
    struct event *copy = event_new(EVENT_ID);
    row_copy(copy, event);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        struct talk talk = talk_copy(&event->talks[i]);
        event_restore_talk(copy, &talk);
    }
    for (uint32_t i = event->question_count; i > 0; i--) {
        struct question question = question_copy(event->questions[i - 1]);
        event_restore_question(copy, &question);
    }
    for (uint32_t i = event->held_count; i > 0; i--) {
        struct held held = event->held[i - 1];
        held.text = memory_text(held.text);
        event_restore_held(copy, &held);
    }
    for (uint32_t i = event->account_count; i > 0; i--) {
        event_restore_account(copy, kit_account_copy(event->accounts[i - 1]));
    }
    for (uint32_t i = event->outgoing_count; i > 0; i--) {
        struct outgoing row = event->outgoing[i - 1];
        row.due_at = 0; /* not stored */
        event_restore_outgoing(copy, &row);
    }
    people_copy(copy, event);
    size_t at = 0;
    const void *key;
    void *value;
    while (table_next(&event->ballots, &at, &key, &value)) {
        event_restore_ballot(copy, key);
    }
    at = 0;
    while (table_next(&event->forgotten, &at, &key, &value)) {
        event_restore_forgotten(copy, key);
    }
    return copy;
}

#endif
