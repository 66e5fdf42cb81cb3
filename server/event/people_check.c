/* What is true of every event's people and tickets between two commands. */
#include <string.h>

#include "event/rules.h"

static bool proof_check(const struct proof *proof) {
    bool page = proof->kind == PROOF_LINK || proof->kind == PROOF_POST;
    return (unsigned)proof->kind < PROOF_KIND_COUNT && (proof->source != NULL) == page &&
           (proof->kind != PROOF_NONE || (proof->actor == NULL && !proof->due));
}

static bool accounts_check(const struct card *card) {
    if (card->account_count > LIMIT_CARD_ACCOUNTS) {
        return false;
    }
    for (uint8_t i = 0; i < card->account_count; i++) {
        const char *name = card->accounts[i].name;
        if (name == NULL || name[0] == '\0' || strlen(name) > LIMIT_CARD_ACCOUNT_BYTES ||
            !proof_check(&card->accounts[i].proof)) {
            return false;
        }
        for (uint8_t j = 0; j < i; j++) {
            if (strcmp(card->accounts[j].name, name) == 0) {
                return false;
            }
        }
    }
    return true;
}

static bool texts_check(const struct card *card) {
    return card->name != NULL && card->line != NULL && card->web != NULL && card->name[0] != '\0' &&
           strlen(card->name) <= LIMIT_CARD_NAME_BYTES &&
           strlen(card->line) <= LIMIT_CARD_LINE_BYTES && strlen(card->web) <= LIMIT_CARD_WEB_BYTES;
}

bool card_complete(const struct card *card) {
    enum proof_kind web = card->web_proof.kind;
    return texts_check(card) && accounts_check(card) && proof_check(&card->web_proof) &&
           (web == PROOF_NONE || (web == PROOF_LINK && card->web[0] != '\0'));
}

static bool card_sound(const struct event *event, const struct card *card) {
    return card->rev >= 1 && card_complete(card) && !key_forgotten(event, card->key) &&
           table_get(&event->by_key, card->key) == NULL && held_at(event, card->key) == NULL;
}

static bool cards_check(const struct event *event) {
    for (uint32_t i = 0; i < event->card_count; i++) {
        if (!card_sound(event, event->cards[i]) ||
            (i > 0 &&
             memcmp(event->cards[i - 1]->key, event->cards[i]->key, CARD_KEY_BYTES) >= 0)) {
            return false;
        }
    }
    return event->card_count <= LIMIT_EVENT_CARDS;
}

static bool claim_sound(const struct event *event, const struct claim *claim) {
    const struct question *question = event_question(event, claim->number);
    const struct card *card = event_card(event, claim->card);
    if (question == NULL || card == NULL || !card->shown || claim->rev == 0) {
        return false;
    }
    const struct held *held = event_held(event, question->key);
    return claim->rev <= (held != NULL ? held->rev : question->rev) &&
           claim->current == claim_holds(event, claim, question) && !claim_forgotten(event, claim);
}

static bool claims_check(const struct event *event) {
    for (uint32_t i = 0; i < event->claim_count; i++) {
        if (!claim_sound(event, &event->claims[i]) ||
            (i > 0 && event->claims[i - 1].number >= event->claims[i].number)) {
            return false;
        }
    }
    return true;
}

static bool interests_check(const struct event *event) {
    for (uint32_t i = 0; i < event->interest_count; i++) {
        const struct interest *interest = &event->interests[i];
        if (event_question(event, interest->number) == NULL ||
            event_card(event, interest->card) == NULL || interest->scope == INTEREST_OFF ||
            (unsigned)interest->scope >= INTEREST_COUNT ||
            event_interest(event, interest->number, interest->card) != interest) {
            return false;
        }
    }
    return event->interest_count <= LIMIT_EVENT_INTERESTS;
}

static bool tickets_check(const struct event *event) {
    for (uint32_t i = 0; i < event->ticket_count; i++) {
        const struct ticket *ticket = &event->tickets[i];
        if (ticket->seats < 1 || ticket->seats > PASS_SEATS_MAX ||
            (i > 0 && memcmp(event->tickets[i - 1].hash, ticket->hash, TICKET_HASH_BYTES) >= 0)) {
            return false;
        }
    }
    return event->ticket_count <= (event->closed ? 0 : LIMIT_EVENT_TICKETS);
}

static bool rechecks_check(const struct event *event) {
    bool waits = false;
    for (uint32_t i = 0; i < event->card_count; i++) {
        const struct card *card = event->cards[i];
        waits = waits || proof_waits(&card->web_proof);
        for (uint8_t j = 0; j < card->account_count; j++) {
            waits = waits || proof_waits(&card->accounts[j].proof);
        }
    }
    return !waits || event->recheck_at != 0; /* what does not wait any more may be looked for */
}

bool people_check(const struct event *event) {
    return cards_check(event) && claims_check(event) && interests_check(event) &&
           tickets_check(event) && rechecks_check(event) && looks_check(event);
}
