/* What a card's own key may do, and what a moderator may do with it. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "event/rules.h"

/* A text that may be left empty. */
static enum refusal text_check_optional(const char *text, size_t bytes, size_t graphemes) {
    return text != NULL && text[0] == '\0' ? REFUSAL_OK : text_check(text, bytes, graphemes);
}

static enum refusal accounts_check(const struct card *card) {
    if (card->account_count > LIMIT_CARD_ACCOUNTS) {
        return REFUSAL_TOO_LONG;
    }
    for (uint8_t i = 0; i < card->account_count; i++) {
        const char *name = card->accounts[i].name;
        if (name == NULL || name[0] == '\0' || strlen(name) > LIMIT_CARD_ACCOUNT_BYTES) {
            return REFUSAL_BAD_ACCOUNT;
        }
        for (uint8_t j = 0; j < i; j++) {
            if (strcmp(name, card->accounts[j].name) == 0) {
                return REFUSAL_BAD_ACCOUNT;
            }
        }
    }
    return REFUSAL_OK;
}

static enum refusal card_texts_check(const struct card *card) {
    enum refusal refusal = text_check(card->name, LIMIT_CARD_NAME_BYTES, LIMIT_CARD_NAME_GRAPHEMES);
    if (refusal == REFUSAL_OK) {
        refusal = text_check_optional(card->line, LIMIT_CARD_LINE_BYTES, LIMIT_CARD_LINE_GRAPHEMES);
    }
    if (refusal == REFUSAL_OK) {
        refusal = text_check_optional(card->web, LIMIT_CARD_WEB_BYTES, LIMIT_CARD_WEB_BYTES);
    }
    return refusal == REFUSAL_OK ? accounts_check(card) : refusal;
}

static bool looks_same(const struct card *a, const struct card *b) {
    bool same = strcmp(a->name, b->name) == 0 && a->account_count == b->account_count;
    for (uint8_t i = 0; i < a->account_count && same; i++) {
        same = strcmp(a->accounts[i].name, b->accounts[i].name) == 0;
    }
    return same;
}

static bool card_same(const struct card *a, const struct card *b) {
    return a->rev == b->rev && a->shown == b->shown && a->lists == b->lists && looks_same(a, b) &&
           strcmp(a->line, b->line) == 0 && strcmp(a->web, b->web) == 0;
}

static void proof_drop(struct proof *proof, void *context) {
    (void)context;
    proof_clear(proof);
}

/* What is still on the card keeps its proof. */
static void proofs_move(struct card *from, struct card *to) {
    for (uint8_t i = 0; i < to->account_count; i++) {
        struct proof *proof = proof_at(from, to->accounts[i].name);
        if (proof != NULL) {
            to->accounts[i].proof = *proof;
            *proof = (struct proof){0};
        }
    }
    if (to->web[0] != '\0' && strcmp(from->web, to->web) == 0) {
        to->web_proof = from->web_proof;
        from->web_proof = (struct proof){0};
    }
}

/* The card gets what `fresh` says; `fresh` what is to be freed. */
static void card_replace(struct card *card, struct card *fresh) {
    struct card old = *card;
    proofs_move(&old, fresh);
    fresh->hidden = old.hidden;
    fresh->alike = old.alike;
    *card = *fresh;
    *fresh = old;
}

/* The card that was left alone for longest, of those that nobody sees or meets: where there is no
 * room, its place is taken. NULL: there is none. What a moderator took away stays so. */
static struct card *card_idle(const struct event *event) {
    struct card *idle = NULL;
    struct table interested = table_make(CARD_KEY_BYTES);
    for (uint32_t i = 0; i < event->interest_count; i++) {
        set_add(&interested, event->interests[i].card);
    }
    for (uint32_t i = 0; i < event->card_count; i++) {
        struct card *card = event->cards[i];
        bool older = idle == NULL || card->minute < idle->minute;
        if (!card->shown && !card->hidden && older && table_get(&interested, card->key) == NULL) {
            idle = card;
        }
    }
    table_clear(&interested);
    return idle;
}

static enum refusal card_check(const struct event *event, const struct card *card,
                               const struct card *fresh) {
    uint32_t stored = card != NULL ? card->rev : 0;
    if (fresh->rev == 0 || fresh->rev - 1 != stored) {
        return REFUSAL_STALE;
    }
    if (card != NULL) {
        return REFUSAL_OK;
    }
    if (event->closed && event->settings.tickets) {
        return REFUSAL_CLOSED; /* nobody can show any more that they were let in */
    }
    if (table_get(&event->by_key, fresh->key) != NULL || held_at(event, fresh->key) != NULL) {
        return REFUSAL_BAD_KEY; /* is a question's */
    }
    bool room = event->card_count < LIMIT_EVENT_CARDS || card_idle(event) != NULL;
    return room ? REFUSAL_OK : REFUSAL_FULL;
}

enum refusal rule_card(struct event *event, struct command *command, struct changes *changes) {
    struct card *fresh = command->as.card.card;
    INVARIANT(fresh != NULL);
    enum refusal refusal = card_texts_check(fresh);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    if (key_forgotten(event, fresh->key)) {
        return REFUSAL_GONE;
    }
    struct card *card = card_at(event, fresh->key);
    if (card != NULL && card_same(card, fresh)) {
        return REFUSAL_OK;
    }
    refusal = card_check(event, card, fresh);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    proofs_each(fresh, proof_drop, NULL);
    fresh->hidden = false;
    fresh->minute = (uint32_t)(command->now / MINUTE_MS);
    looks_date(card, fresh, fresh->minute);
    struct card_seen before = card_see(card);
    if (card == NULL && event->card_count == LIMIT_EVENT_CARDS) {
        card_drop(event, card_idle(event), changes);
    }
    if (card == NULL) {
        command->as.card.card = NULL;
        card_insert(event, fresh);
        card = fresh;
    } else {
        if (!fresh->shown) {
            claims_end(event, card, changes);
        }
        card_replace(card, fresh);
        if (!looks_same(card, fresh)) {
            looks_put(event, card, changes);
        }
    }
    card_tell(event, card, &before, changes);
    return REFUSAL_OK;
}

enum refusal rule_card_delete(struct event *event, struct command *command,
                              struct changes *changes) {
    const uint8_t *key = command->as.card_key.key;
    if (key_forgotten(event, key)) {
        return REFUSAL_OK;
    }
    struct card *card = card_at(event, key);
    if (card == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (command->as.card_key.rev == 0 || command->as.card_key.rev - 1 != card->rev) {
        return REFUSAL_STALE;
    }
    uint8_t hash[FORGOTTEN_BYTES];
    forgotten_hash(hash, event->id, key);
    set_add(&event->forgotten, hash);
    card_drop(event, card, changes);
    return REFUSAL_OK;
}

enum refusal rule_card_hide(struct event *event, struct command *command, struct changes *changes) {
    const uint8_t *key = command->as.card_key.key;
    struct card *card = card_at(event, key);
    if (card == NULL) {
        return key_forgotten(event, key) ? REFUSAL_GONE : REFUSAL_UNKNOWN;
    }
    if (card->hidden != command->as.card_key.on) {
        struct card_seen before = card_see(card);
        card->hidden = command->as.card_key.on;
        card_tell(event, card, &before, changes);
    }
    return REFUSAL_OK;
}
