/* The rows of cards: one array, sorted by key; and what is told when one of them changes. */
#include "event/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

bool card_same_key(const uint8_t a[CARD_KEY_BYTES], const uint8_t b[CARD_KEY_BYTES]) {
    return memcmp(a, b, CARD_KEY_BYTES) == 0;
}

uint32_t event_card_place(const struct event *event, const uint8_t key[CARD_KEY_BYTES]) {
    uint32_t low = 0, high = event->card_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (memcmp(event->cards[middle]->key, key, CARD_KEY_BYTES) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct card *card_at(const struct event *event, const uint8_t key[CARD_KEY_BYTES]) {
    uint32_t place = event_card_place(event, key);
    bool found = place < event->card_count && card_same_key(event->cards[place]->key, key);
    return found ? event->cards[place] : NULL;
}

const struct card *event_card(const struct event *event, const uint8_t key[CARD_KEY_BYTES]) {
    return card_at(event, key);
}

void event_restore_card(struct event *event, struct card *card) {
    if (event->card_count == event->card_room) {
        event->card_room = event->card_room == 0 ? 8 : event->card_room * 2;
        event->cards = memory_resize(event->cards, event->card_room, sizeof(struct card *));
    }
    event->cards[event->card_count++] = card;
}

void card_insert(struct event *event, struct card *card) {
    uint32_t place = event_card_place(event, card->key);
    INVARIANT(card_at(event, card->key) == NULL);
    event_restore_card(event, card);
    memmove(&event->cards[place + 1], &event->cards[place],
            (event->card_count - 1 - place) * sizeof(struct card *));
    event->cards[place] = card;
}

bool card_public(const struct card *card) {
    return card->shown && !card->hidden;
}

enum proof_kind card_proof(const struct card *card) {
    enum proof_kind best = PROOF_NONE;
    for (uint8_t i = 0; i < card->account_count; i++) {
        enum proof_kind kind = card->accounts[i].proof.kind;
        if (kind != PROOF_NONE && (best == PROOF_NONE || kind < best)) {
            best = kind;
        }
    }
    return best;
}

const struct card *question_card(const struct event *event, uint32_t number) {
    const struct claim *claim = event_claim(event, number);
    const struct card *card =
        claim != NULL && claim->current ? event_card(event, claim->card) : NULL;
    return card != NULL && card_public(card) ? card : NULL;
}

struct proof *proof_at(struct card *card, const char *account) {
    if (account[0] == '\0') {
        return card->web[0] != '\0' ? &card->web_proof : NULL;
    }
    for (uint8_t i = 0; i < card->account_count; i++) {
        if (strcmp(card->accounts[i].name, account) == 0) {
            return &card->accounts[i].proof;
        }
    }
    return NULL;
}

void proof_clear(struct proof *proof) {
    free(proof->actor);
    free(proof->source);
    *proof = (struct proof){0};
}

void proofs_each(struct card *card, void (*visit)(struct proof *proof, void *context),
                 void *context) {
    for (uint8_t i = 0; i < card->account_count; i++) {
        visit(&card->accounts[i].proof, context);
    }
    visit(&card->web_proof, context);
}

void card_free(struct card *card) {
    if (card == NULL) {
        return;
    }
    for (uint8_t i = 0; i < card->account_count; i++) {
        proof_clear(&card->accounts[i].proof);
        free(card->accounts[i].name);
    }
    proof_clear(&card->web_proof);
    free(card->name);
    free(card->line);
    free(card->web);
    free(card);
}

struct card_seen card_see(const struct card *card) {
    struct card_seen seen = {0};
    if (card != NULL) {
        size_t bytes = strlen(card->name) + 1;
        INVARIANT(bytes <= sizeof seen.name);
        memcpy(seen.name, card->name, bytes);
        seen.shown = card->shown;
        seen.public = card_public(card);
        seen.proof = card_proof(card);
        for (uint8_t i = 0; i < card->account_count; i++) {
            bool proved = card->accounts[i].proof.kind != PROOF_NONE;
            seen.proved = (uint8_t)(seen.proved | (proved ? 1u << i : 0));
        }
    }
    return seen;
}

static void by_lines_tell(const struct event *event, const struct card *card,
                          struct changes *changes) {
    for (uint32_t i = 0; i < event->claim_count; i++) {
        const struct claim *claim = &event->claims[i];
        bool shown = claim->current && card_same_key(claim->card, card->key);
        if (shown && event_question(event, claim->number) != NULL) {
            change_number(changes, CHANGE_BY_LINE, claim->number);
        }
    }
}

static enum change_kind card_change(const struct card_seen *was, const struct card_seen *is) {
    if (is->public || (is->shown && !was->public)) {
        return CHANGE_CARD;
    }
    return was->shown ? CHANGE_CARD_GONE : CHANGE_CARD_KEPT;
}

void card_tell(struct event *event, struct card *card, const struct card_seen *before,
               struct changes *changes) {
    INVARIANT(card != NULL);
    struct card_seen after = card_see(card);
    bool same = before->proof == after.proof && strcmp(before->name, after.name) == 0;
    bool differs = before->public != after.public || (after.public && !same);
    if (differs || before->proved != after.proved) {
        looks_put(event, card, changes);
    }
    change_key(changes, card_change(before, &after), 0, card->key);
    if (differs) {
        by_lines_tell(event, card, changes);
    }
}

void card_drop(struct event *event, struct card *card, struct changes *changes) {
    claims_end(event, card, changes);
    interests_end(event, card->key, changes);
    looks_remove(event, card, changes);
    change_key(changes, card->shown ? CHANGE_CARD_GONE : CHANGE_CARD_KEPT, 0, card->key);
    uint32_t place = event_card_place(event, card->key);
    INVARIANT(event->cards[place] == card);
    event->card_count--;
    memmove(&event->cards[place], &event->cards[place + 1],
            (event->card_count - place) * sizeof(struct card *));
    card_free(card);
}
