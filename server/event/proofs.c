/* Proofs that an account, or a web page, is the card's owner's; and when they are looked at again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "event/rules.h"

/* The bridge gets so many at once, and the next ones after a while: at most 69,120 a day. */
#define RECHECKS_AT_ONCE 8
#define RECHECK_STEP_MS  INT64_C(10000)

/* Nobody looks at it now; it will be looked at. */
bool proof_waits(const struct proof *proof) {
    return proof->kind != PROOF_NONE && !proof->due;
}

static int64_t recheck_due(const struct proof *proof) {
    return ((int64_t)proof->minute + DAY_MINUTES) * MINUTE_MS;
}

static void earliest_find(struct proof *proof, void *context) {
    int64_t *earliest = context, due = recheck_due(proof);
    if (proof_waits(proof) && (*earliest == 0 || due < *earliest)) {
        *earliest = due;
    }
}

void proofs_plan(struct event *event, int64_t now) {
    int64_t earliest = 0;
    for (uint32_t i = 0; i < event->card_count; i++) {
        proofs_each(event->cards[i], earliest_find, &earliest);
    }
    int64_t next = earliest > now + RECHECK_STEP_MS ? earliest : now + RECHECK_STEP_MS;
    if (earliest == 0) {
        event->recheck_at = 0;
    } else if (event->recheck_at < earliest || event->recheck_at > next) {
        event->recheck_at = next;
    }
}

struct recheck {
    int64_t now;
    uint32_t count;
};

static void proof_mark(struct proof *proof, void *context) {
    struct recheck *recheck = context;
    if (recheck->count < RECHECKS_AT_ONCE && proof_waits(proof) &&
        recheck_due(proof) <= recheck->now) {
        proof->due = true;
        recheck->count++;
    }
}

void proofs_due(struct event *event, int64_t now, struct changes *changes) {
    struct recheck recheck = {.now = now};
    for (uint32_t i = 0; i < event->card_count; i++) {
        struct card *card = event->cards[i];
        struct card_seen before = card_see(card);
        uint32_t count = recheck.count;
        proofs_each(card, proof_mark, &recheck);
        if (recheck.count > count) {
            card_tell(event, card, &before, changes);
        }
    }
    event->recheck_at = 0;
    proofs_plan(event, now);
}

/* Whenever it was seen. */
static bool proof_same(const struct proof *a, const struct proof *b) {
    return a->kind == b->kind && text_same(a->actor, b->actor) && text_same(a->source, b->source) &&
           a->number == b->number && memcmp(a->salt, b->salt, sizeof a->salt) == 0;
}

/* A look at what was due says nothing of what is there by now; and whoever has logged in loses
 * that mark to no other. */
static bool proof_replaces(const struct proof *fresh, const struct proof *proof) {
    if (proof_same(proof, fresh)) {
        return proof->minute != fresh->minute || proof->due;
    }
    return !fresh->due && (proof->kind != PROOF_LOGIN || fresh->kind == PROOF_LOGIN);
}

static bool text_fits(const char *text, size_t bytes) {
    return text == NULL || strlen(text) <= bytes;
}

static bool proof_sound(const struct proof *proof, const char *account) {
    bool known = proof->kind > PROOF_NONE && (unsigned)proof->kind < PROOF_KIND_COUNT;
    bool fits =
        text_fits(proof->actor, LIMIT_REMOTE_BYTES) && text_fits(proof->source, LIMIT_URL_BYTES);
    return known && fits && ((proof->kind != PROOF_LOGIN) == (proof->source != NULL)) &&
           (account[0] != '\0' || proof->kind == PROOF_LINK);
}

/* A post proves an account by a question of this card. */
static bool proof_tied(const struct event *event, const struct proof *proof,
                       const struct card *card) {
    const struct claim *claim = event_claim(event, proof->number);
    return proof->kind != PROOF_POST || (claim != NULL && card_same_key(claim->card, card->key));
}

enum refusal rule_proof(struct event *event, struct command *command, struct changes *changes) {
    const uint8_t *key = command->as.proof.card;
    struct proof *fresh = &command->as.proof.proof;
    if (!proof_sound(fresh, command->as.proof.account)) {
        return REFUSAL_BAD_VALUE;
    }
    struct card *card = card_at(event, key);
    if (card == NULL) {
        return key_forgotten(event, key) ? REFUSAL_GONE : REFUSAL_UNKNOWN;
    }
    struct proof *proof = proof_at(card, command->as.proof.account);
    if (proof == NULL || !proof_tied(event, fresh, card)) {
        return REFUSAL_UNKNOWN;
    }
    if (!proof_replaces(fresh, proof)) {
        fresh->kind = proof->kind;
        return REFUSAL_OK;
    }
    fresh->due = false;
    struct card_seen before = card_see(card);
    proof_clear(proof);
    *proof = *fresh;
    *fresh = (struct proof){.kind = proof->kind};
    card_tell(event, card, &before, changes);
    proofs_plan(event, command->now);
    return REFUSAL_OK;
}

enum refusal rule_proof_lost(struct event *event, struct command *command,
                             struct changes *changes) {
    const struct proof *lost = &command->as.proof.proof;
    struct card *card = card_at(event, command->as.proof.card);
    struct proof *proof = card == NULL ? NULL : proof_at(card, command->as.proof.account);
    if (proof == NULL || proof->kind == PROOF_NONE || proof->kind != lost->kind ||
        !text_same(proof->actor, lost->actor) || !text_same(proof->source, lost->source)) {
        return REFUSAL_OK;
    }
    struct card_seen before = card_see(card);
    proof_clear(proof);
    card_tell(event, card, &before, changes);
    return REFUSAL_OK;
}
