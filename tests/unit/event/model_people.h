/* The naive rules of cards, claims and interests. Proofs and tickets are not followed. */
#ifndef RAUTE_TESTS_EVENT_MODEL_PEOPLE_H
#define RAUTE_TESTS_EVENT_MODEL_PEOPLE_H

#include "model.h"

static inline bool model_is_past(const struct model *model, uint32_t key, uint32_t card,
                                 uint32_t rev) {
    for (uint32_t i = 0; i < model->past_count; i++) {
        if (model->past[i].key == key && model->past[i].card == card && model->past[i].rev == rev) {
            return true;
        }
    }
    return false;
}

/* Taken back, or signed anew; never to come again. */
static inline void model_claim_end(struct model *model, struct model_question *question) {
    assert_true(model->past_count < MODEL_CLAIMS);
    model->past[model->past_count++] = (struct model_past){
        .key = question->key, .card = question->claim_card, .rev = question->claim_rev};
    question->claimed = false;
}

static inline struct model_card model_card_of(const struct card *card) {
    struct model_card read = {
        .here = true, .shown = card->shown, .lists = card->lists, .rev = card->rev};
    while (strcmp(CHANCE_NAMES[read.name], card->name) != 0) {
        read.name++;
    }
    for (uint32_t i = 0; i < CHANCE_ACCOUNT; i++) {
        for (uint8_t j = 0; j < card->account_count; j++) {
            read.accounts[i] |= strcmp(card->accounts[j].name, CHANCE_CARD_ACCOUNTS[i]) == 0;
        }
    }
    return read;
}

static inline enum refusal model_card_put(struct model *model, const struct command *command) {
    uint32_t n = command->as.card.card->key[3];
    struct model_card *card = &model->cards[n], fresh = model_card_of(command->as.card.card);
    if (card->forgotten) {
        return REFUSAL_GONE;
    }
    fresh.hidden = card->hidden;
    fresh.minute = card->minute;
    if (card->here && memcmp(&fresh, card, sizeof fresh) == 0) {
        return REFUSAL_OK;
    }
    if (fresh.rev != (card->here ? card->rev : 0) + 1) {
        return REFUSAL_STALE;
    }
    fresh.minute = (uint32_t)(model->now / 60000);
    *card = fresh;
    for (uint32_t i = 1; i < model->next_number && !card->shown; i++) {
        struct model_question *question = &model->questions[i];
        if (question->here && question->claimed && question->claim_card == n) {
            model_claim_end(model, question);
        }
    }
    return REFUSAL_OK;
}

static inline enum refusal model_card_key(struct model *model, const struct command *command) {
    uint32_t n = command->as.card_key.key[3];
    struct model_card *card = &model->cards[n];
    bool deletes = command->kind == COMMAND_CARD_DELETE;
    if (!card->here) {
        return !card->forgotten ? REFUSAL_UNKNOWN : deletes ? REFUSAL_OK : REFUSAL_GONE;
    }
    if (!deletes) {
        card->hidden = command->as.card_key.on;
        return REFUSAL_OK;
    }
    if (command->as.card_key.rev != card->rev + 1) {
        return REFUSAL_STALE;
    }
    *card = (struct model_card){.forgotten = true};
    for (uint32_t i = 1; i < model->next_number; i++) {
        struct model_question *question = &model->questions[i];
        question->claimed = question->claimed && question->claim_card != n;
        question->interest[n] = INTEREST_OFF;
    }
    return REFUSAL_OK;
}

static inline uint32_t *model_rev(struct model *model, struct model_question *question) {
    struct model_held *held = &model->held[question->key];
    return held->here ? &held->rev : &question->rev;
}

static inline bool model_hash_is(const struct command *command, const char *text) {
    uint8_t hash[TEXT_HASH_BYTES];
    text_hash(hash, EVENT_ID, text);
    return memcmp(hash, command->as.claim.claim.hash, sizeof hash) == 0;
}

static inline enum refusal model_claim(struct model *model, const struct command *command) {
    uint32_t key = command->as.claim.key[3], n = command->as.claim.claim.card[3];
    uint32_t rev = command->as.claim.claim.rev;
    struct model_question *question = model_by_key(model, key);
    if (model->forgotten[key] || model->cards[n].forgotten) {
        return REFUSAL_GONE;
    }
    if (question == NULL || !model->cards[n].here || !model->cards[n].shown) {
        return REFUSAL_UNKNOWN;
    }
    if (model_is_past(model, key, n, rev)) {
        return REFUSAL_GONE;
    }
    if (question->claimed && question->claim_card != n) {
        return REFUSAL_ALREADY_CLAIMED;
    }
    if (question->claimed && question->claim_rev == rev &&
        model_hash_is(command, question->claim_text)) {
        return REFUSAL_OK;
    }
    if (rev != *model_rev(model, question) + 1 || !model_hash_is(command, question->text)) {
        return REFUSAL_STALE;
    }
    if (question->claimed) {
        model_claim_end(model, question);
    }
    question->claimed = true;
    question->claim_card = n;
    question->claim_rev = rev;
    memcpy(question->claim_text, question->text, sizeof question->text);
    *model_rev(model, question) = rev;
    if (model_ordered(question) || question->state == STATE_ANSWERED) {
        model->cards[n].minute = (uint32_t)(model->now / 60000);
    }
    return REFUSAL_OK;
}

static inline enum refusal model_unclaim(struct model *model, const struct command *command) {
    uint32_t key = command->as.claim.key[3], n = command->as.claim.claim.card[3];
    struct model_question *question = model_by_key(model, key);
    if (model->forgotten[key] || model->cards[n].forgotten) {
        return REFUSAL_OK;
    }
    if (question == NULL || !model->cards[n].here) {
        return REFUSAL_UNKNOWN;
    }
    if (!question->claimed || question->claim_card != n) {
        return REFUSAL_OK;
    }
    if (command->as.claim.claim.rev != *model_rev(model, question) + 1) {
        return REFUSAL_STALE;
    }
    model_claim_end(model, question);
    *model_rev(model, question) += 1;
    return REFUSAL_OK;
}

static inline enum refusal model_interest(struct model *model, const struct command *command) {
    uint32_t n = command->as.interest.card[3];
    enum interest_scope scope = command->as.interest.scope;
    enum refusal why;
    struct model_question *question = model_number(model, command->as.interest.number, &why);
    if ((question == NULL ? INTEREST_OFF : question->interest[n]) == scope) {
        return REFUSAL_OK;
    }
    if (scope != INTEREST_OFF && model->cards[n].forgotten) {
        return REFUSAL_GONE;
    }
    if (question == NULL) {
        return why;
    }
    bool shown = model_ordered(question) || question->state == STATE_ANSWERED;
    if (scope != INTEREST_OFF && (!shown || !model->cards[n].here)) {
        return REFUSAL_UNKNOWN;
    }
    question->interest[n] = scope;
    return REFUSAL_OK;
}

static inline enum refusal model_people(struct model *model, const struct command *command) {
    switch (command->kind) {
    case COMMAND_CARD:
        return model_card_put(model, command);
    case COMMAND_CLAIM:
        return model_claim(model, command);
    case COMMAND_UNCLAIM:
        return model_unclaim(model, command);
    case COMMAND_INTEREST:
        return model_interest(model, command);
    default:
        return model_card_key(model, command);
    }
}

/* ---- the event is the same */

static inline void compare_card(const struct model *model, const struct event *event, uint32_t n) {
    const struct model_card *expected = &model->cards[n];
    uint8_t key[CARD_KEY_BYTES];
    card_key(key, n);
    const struct card *card = event_card(event, key);
    assert_int_equal(card != NULL, expected->here);
    if (card != NULL) {
        struct model_card read = model_card_of(card);
        read.hidden = card->hidden;
        read.minute = card->minute;
        assert_memory_equal(&read, expected, sizeof read);
    }
}

static inline void compare_claim(const struct model *model, const struct event *event,
                                 uint32_t number) {
    const struct model_question *expected = &model->questions[number];
    const struct claim *claim = event_claim(event, number);
    assert_int_equal(claim != NULL, expected->here && expected->claimed);
    bool seen = false;
    if (claim != NULL) {
        const struct model_card *card = &model->cards[expected->claim_card];
        assert_int_equal(claim->card[3], expected->claim_card);
        assert_int_equal(claim->rev, expected->claim_rev);
        seen = strcmp(expected->text, expected->claim_text) == 0 && card->shown && !card->hidden;
    }
    assert_int_equal(question_card(event, number) != NULL, seen);
}

static inline void compare_people(const struct model *model, const struct event *event) {
    uint32_t claims = 0, interests = 0;
    for (uint32_t n = 0; n < CHANCE_CARDS; n++) {
        compare_card(model, event, n);
    }
    for (uint32_t number = 1; number < model->next_number; number++) {
        const struct model_question *expected = &model->questions[number];
        uint32_t first, count = 0;
        compare_claim(model, event, number);
        claims += expected->here && expected->claimed;
        for (uint32_t n = 0; n < CHANCE_CARDS && expected->here; n++) {
            uint8_t key[CARD_KEY_BYTES];
            card_key(key, n);
            const struct interest *interest = event_interest(event, number, key);
            assert_int_equal(interest == NULL ? INTEREST_OFF : interest->scope,
                             expected->interest[n]);
            count += expected->interest[n] != INTEREST_OFF;
        }
        assert_int_equal(event_interests(event, number, &first), count);
        interests += count;
    }
    assert_int_equal(event->claim_count, claims);
    assert_int_equal(event->interest_count, interests);
}

#endif
