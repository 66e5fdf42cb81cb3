/* "That was my question": the link between a question and a card, made and taken back. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

/* Where the question's claim stands, or would stand. */
static uint32_t claim_place(const struct event *event, uint32_t number) {
    uint32_t low = 0, high = event->claim_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (event->claims[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct claim *claim_at(const struct event *event, uint32_t number) {
    uint32_t place = claim_place(event, number);
    bool found = place < event->claim_count && event->claims[place].number == number;
    return found ? &event->claims[place] : NULL;
}

const struct claim *event_claim(const struct event *event, uint32_t number) {
    return claim_at(event, number);
}

void event_restore_claim(struct event *event, const struct claim *claim) {
    if (event->claim_count == event->claim_room) {
        event->claim_room = event->claim_room == 0 ? 8 : event->claim_room * 2;
        event->claims = memory_resize(event->claims, event->claim_room, sizeof *event->claims);
    }
    event->claims[event->claim_count++] = *claim;
}

/* Replaces the claim that stands. */
static void claim_put(struct event *event, const struct claim *claim) {
    uint32_t place = claim_place(event, claim->number);
    if (claim_at(event, claim->number) == NULL) {
        event_restore_claim(event, claim);
        memmove(&event->claims[place + 1], &event->claims[place],
                (event->claim_count - 1 - place) * sizeof *event->claims);
    }
    event->claims[place] = *claim;
}

bool claim_forgotten(const struct event *event, const struct claim *claim) {
    uint8_t hash[FORGOTTEN_BYTES];
    claim_forgotten_hash(hash, event->id, claim->by_question);
    return table_get(&event->forgotten, hash) != NULL;
}

static void claim_forget(struct event *event, const struct claim *claim) {
    uint8_t hash[FORGOTTEN_BYTES];
    claim_forgotten_hash(hash, event->id, claim->by_question);
    set_add(&event->forgotten, hash);
}

struct untie {
    uint32_t number;
    bool done;
};

/* A post of the question that proves an account says who asked it, too. */
static void proof_untie(struct proof *proof, void *context) {
    struct untie *untie = context;
    if (proof->kind == PROOF_POST && proof->number == untie->number) {
        proof_clear(proof);
        untie->done = true;
    }
}

static void claim_change(struct changes *changes, uint32_t number, bool ended) {
    changes_add(changes,
                (struct change){.kind = CHANGE_CLAIM, .number = number, .as.claim.ended = ended});
}

/* Takes the row out. Neither the card nor the question is told. True: the card has lost a proof. */
static bool claim_remove(struct event *event, struct claim *claim, struct card *card,
                         struct changes *changes) {
    uint32_t place = (uint32_t)(claim - event->claims);
    struct untie untie = {.number = claim->number};
    INVARIANT(place < event->claim_count);
    event->claim_count--;
    memmove(claim, claim + 1, (event->claim_count - place) * sizeof *claim);
    proofs_each(card, proof_untie, &untie);
    claim_change(changes, untie.number, true);
    return untie.done;
}

/* The card claims this question, or does not any more. Who may not read the question must not
 * learn from a card which changes with it who asked: unless the card itself is another one. */
static void claim_tell(struct event *event, const struct question *question, struct card *card,
                       const struct card_seen *before, bool changed, struct changes *changes) {
    if (changed || question_shown(question, VIEW_PUBLIC)) {
        card_tell(event, card, before, changes);
    } else {
        change_key(changes, CHANGE_CARD_STAFF, 0, card->key);
    }
}

void claims_end(struct event *event, struct card *card, struct changes *changes) {
    for (uint32_t i = event->claim_count; i > 0; i--) {
        struct claim *claim = &event->claims[i - 1];
        if (card_same_key(claim->card, card->key)) {
            const struct question *question = event_question(event, claim->number);
            INVARIANT(question != NULL);
            if (claim->current && card_public(card)) {
                change_number(changes, CHANGE_BY_LINE, claim->number);
            }
            if (!key_forgotten(event, card->key)) {
                claim_forget(event, claim);
            }
            (void)claim_remove(event, claim, card, changes);
        }
    }
}

void claim_leave(struct event *event, const struct question *question, struct changes *changes) {
    struct claim *claim = claim_at(event, question->number);
    if (claim != NULL) {
        struct card *card = card_at(event, claim->card);
        INVARIANT(card != NULL);
        struct card_seen before = card_see(card);
        bool changed = claim_remove(event, claim, card, changes);
        claim_tell(event, question, card, &before, changed, changes);
    }
}

void claim_show(const struct event *event, const struct question *question,
                struct changes *changes) {
    const struct card *card = question_card(event, question->number);
    if (card != NULL) {
        change_key(changes, CHANGE_CARD, 0, card->key);
    }
}

bool claim_holds(const struct event *event, const struct claim *claim,
                 const struct question *question) {
    uint8_t hash[TEXT_HASH_BYTES];
    text_hash(hash, event->id, question->text);
    return memcmp(hash, claim->hash, sizeof hash) == 0;
}

void claim_follow(struct event *event, const struct question *question, struct changes *changes) {
    struct claim *claim = claim_at(event, question->number);
    bool current = claim != NULL && claim_holds(event, claim, question);
    if (claim != NULL && claim->current != current) {
        struct card *card = card_at(event, claim->card);
        struct card_seen before = card_see(card);
        claim->current = current;
        claim_tell(event, question, card, &before, false, changes);
    }
}

/* The revision that the question's next signature follows. */
static uint32_t rev_stored(const struct event *event, const struct question *question) {
    const struct held *held = held_at(event, question->key);
    return held != NULL ? held->rev : question->rev;
}

static void rev_raise(struct event *event, struct question *question, struct changes *changes) {
    struct held *held = held_at(event, question->key);
    if (held != NULL) {
        held->rev++;
        change_key(changes, CHANGE_HELD, 0, held->key);
    } else {
        question->rev++;
    }
    change_number(changes, CHANGE_QUESTION, question->number);
}

/* Whether the claim may be made; *again when it is in force already. */
static enum refusal claim_check(const struct event *event, const struct claim *wish,
                                const struct question *question, bool *again) {
    const struct claim *stands = claim_at(event, question->number);
    if (claim_forgotten(event, wish)) {
        return REFUSAL_GONE;
    }
    if (stands != NULL && !card_same_key(stands->card, wish->card)) {
        return REFUSAL_ALREADY_CLAIMED;
    }
    *again = stands != NULL && stands->rev == wish->rev &&
             memcmp(stands->hash, wish->hash, sizeof wish->hash) == 0;
    if (*again) {
        return REFUSAL_OK;
    }
    bool follows = wish->rev != 0 && wish->rev - 1 == rev_stored(event, question);
    return follows && claim_holds(event, wish, question) ? REFUSAL_OK : REFUSAL_STALE;
}

enum refusal rule_claim(struct event *event, struct command *command, struct changes *changes) {
    const uint8_t *key = command->as.claim.key;
    struct claim *wish = &command->as.claim.claim;
    if (key_forgotten(event, key) || key_forgotten(event, wish->card)) {
        return REFUSAL_GONE;
    }
    struct question *question = table_get(&event->by_key, key);
    struct card *card = card_at(event, wish->card);
    if (question == NULL || card == NULL || !card->shown) {
        return REFUSAL_UNKNOWN;
    }
    bool again = false;
    enum refusal refusal = claim_check(event, wish, question, &again);
    if (refusal != REFUSAL_OK || again) {
        return refusal;
    }
    struct card_seen before = card_see(card);
    const struct claim *stands = claim_at(event, question->number);
    bool ended = stands != NULL;
    if (ended) { /* an older backup must not bring it back */
        claim_forget(event, stands);
    }
    wish->number = question->number;
    wish->current = true;
    claim_put(event, wish);
    claim_change(changes, question->number, ended);
    rev_raise(event, question, changes);
    if (question_shown(question, VIEW_PUBLIC)) {
        card->minute = (uint32_t)(command->now / MINUTE_MS);
    }
    claim_tell(event, question, card, &before, false, changes);
    return REFUSAL_OK;
}

enum refusal rule_unclaim(struct event *event, struct command *command, struct changes *changes) {
    const uint8_t *key = command->as.claim.key;
    const struct claim *wish = &command->as.claim.claim;
    if (key_forgotten(event, key) || key_forgotten(event, wish->card)) {
        return REFUSAL_OK;
    }
    struct question *question = table_get(&event->by_key, key);
    struct card *card = card_at(event, wish->card);
    if (question == NULL || card == NULL) {
        return REFUSAL_UNKNOWN;
    }
    struct claim *claim = claim_at(event, question->number);
    if (claim == NULL || !card_same_key(claim->card, card->key)) {
        return REFUSAL_OK;
    }
    if (wish->rev == 0 || wish->rev - 1 != rev_stored(event, question)) {
        return REFUSAL_STALE;
    }
    struct card_seen before = card_see(card);
    claim_forget(event, claim);
    bool changed = claim_remove(event, claim, card, changes);
    rev_raise(event, question, changes);
    claim_tell(event, question, card, &before, changed, changes);
    return REFUSAL_OK;
}
