/* Which cards look like another one, by a name or an account. Of those that look so, one comes
 * first: an account that is proved to be this card's, else what was shown earliest. All others are
 * marked, and where nobody can know which was first, all of them. What else a card proves is no
 * excuse.
 *
 * The looks of all public cards are one array, sorted by look and card, each pair once: what looks
 * the same stands together. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

#define LOOKS_MOST (1 + LIMIT_CARD_ACCOUNTS)

/* Different looks of a card. */
struct looks {
    struct look each[2 * LOOKS_MOST]; /* before and after a change */
    uint32_t count;
};

static bool hash_same(const uint8_t a[CONFUSABLE_BYTES], const uint8_t b[CONFUSABLE_BYTES]) {
    return memcmp(a, b, CONFUSABLE_BYTES) == 0;
}

/* What looks the same twice counts as the better of both. */
static void looks_add(struct looks *looks, const struct look *look) {
    for (uint32_t i = 0; i < looks->count; i++) {
        struct look *there = &looks->each[i];
        if (hash_same(there->hash, look->hash)) {
            there->proved = there->proved || look->proved;
            there->since = there->since < look->since ? there->since : look->since;
            return;
        }
    }
    INVARIANT(looks->count < sizeof looks->each / sizeof looks->each[0]);
    looks->each[looks->count++] = *look;
}

/* A card that is named like somebody's account looks like them, with or without an @. */
static void text_hash_look(uint8_t hash[CONFUSABLE_BYTES], const char *text) {
    confusable_hash(hash, text[0] == '@' ? text + 1 : text);
}

static void text_look(struct looks *looks, const char *text, uint32_t since, bool proved) {
    struct look look = {.proved = proved, .since = since != 0 ? since : UINT32_MAX};
    text_hash_look(look.hash, text);
    looks_add(looks, &look);
}

static struct looks looks_of(const struct card *card) {
    struct looks looks = {.count = 0};
    text_look(&looks, card->name, card->name_since, false);
    for (uint8_t i = 0; i < card->account_count; i++) {
        const struct card_account *account = &card->accounts[i];
        text_look(&looks, account->name, account->since, account->proof.kind != PROOF_NONE);
    }
    return looks;
}

static struct looks looks_public(const struct card *card) {
    return card_public(card) ? looks_of(card) : (struct looks){.count = 0};
}

/* Of two that look the same: this one comes first. */
static bool look_first(const struct look *look, const struct look *other) {
    return look->proved != other->proved ? look->proved : look->since < other->since;
}

static int look_compare(const void *a, const void *b) {
    const struct look *x = a, *y = b;
    int looks = memcmp(x->hash, y->hash, CONFUSABLE_BYTES);
    return looks != 0 ? looks : memcmp(x->card->key, y->card->key, CARD_KEY_BYTES);
}

/* The first that does not stand before this look. */
static uint32_t look_place(const struct event *event, const struct look *look) {
    uint32_t low = 0, high = event->look_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (look_compare(&event->looks[middle], look) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void look_append(struct event *event, struct look look, struct card *card) {
    if (event->look_count == event->look_room) {
        event->look_room = event->look_room == 0 ? 8 : event->look_room * 2;
        event->looks = memory_resize(event->looks, event->look_room, sizeof *event->looks);
    }
    look.card = card;
    event->looks[event->look_count++] = look;
}

static void look_insert(struct event *event, struct look look, struct card *card) {
    look.card = card;
    uint32_t place = look_place(event, &look);
    look_append(event, look, card);
    memmove(&event->looks[place + 1], &event->looks[place],
            (event->look_count - 1 - place) * sizeof *event->looks);
    event->looks[place] = look;
}

/* Takes out what the card looked like. */
static struct looks looks_take(struct event *event, const struct card *card) {
    struct looks taken = {.count = 0};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < event->look_count; i++) {
        if (event->looks[i].card == card) {
            looks_add(&taken, &event->looks[i]);
        } else if (kept++ != i) {
            event->looks[kept - 1] = event->looks[i];
        }
    }
    event->look_count = kept;
    return taken;
}

/* The cards that look so: *first is the index of the first one, how many is returned. */
static uint32_t look_range(const struct event *event, const uint8_t hash[CONFUSABLE_BYTES],
                           uint32_t *first) {
    static struct card lowest; /* its key stands before all */
    struct look look = {.card = &lowest};
    memcpy(look.hash, hash, CONFUSABLE_BYTES);
    *first = look_place(event, &look);
    uint32_t past = *first;
    while (past < event->look_count && hash_same(event->looks[past].hash, hash)) {
        past++;
    }
    return past - *first;
}

/* The one that comes first of those that look so, leaving `card` aside; NULL: there is none, or
 * nobody can know which. */
static const struct look *look_best(const struct event *event, uint32_t first, uint32_t count,
                                    const struct card *card) {
    const struct look *best = NULL;
    bool tied = false;
    for (uint32_t i = first; i < first + count; i++) {
        const struct look *look = &event->looks[i];
        if (look->card == card) {
            continue;
        }
        if (best == NULL || look_first(look, best)) {
            best = look;
            tied = false;
        } else if (!look_first(best, look)) {
            tied = true;
        }
    }
    return tied ? NULL : best;
}

bool card_alike(const struct event *event, const struct card *card) {
    struct looks looks = looks_of(card);
    for (uint32_t i = 0; i < looks.count; i++) {
        struct look *look = &looks.each[i];
        uint32_t first, count = look_range(event, look->hash, &first);
        look->since = card_public(card) ? look->since : UINT32_MAX;
        for (uint32_t j = first; j < first + count; j++) {
            if (event->looks[j].card != card && !look_first(look, &event->looks[j])) {
                return true;
            }
        }
    }
    return false;
}

static void alike_set(const struct event *event, struct card *card, struct changes *changes) {
    bool alike = card_alike(event, card);
    if (card->alike != alike) {
        card->alike = alike;
        change_key(changes, CHANGE_CARD, 0, card->key);
    }
}

/* One card more or less that looks so, or another one of its proofs: this makes a difference to the
 * one that comes first without it, and to no other. */
static void others_set(const struct event *event, const uint8_t hash[CONFUSABLE_BYTES],
                       const struct card *card, struct changes *changes) {
    uint32_t first, count = look_range(event, hash, &first);
    const struct look *best = look_best(event, first, count, card);
    if (best != NULL) {
        alike_set(event, best->card, changes);
    }
}

void looks_put(struct event *event, struct card *card, struct changes *changes) {
    struct looks touched = looks_take(event, card), looks = looks_public(card);
    for (uint32_t i = 0; i < looks.count; i++) {
        look_insert(event, looks.each[i], card);
        looks_add(&touched, &looks.each[i]);
    }
    card->alike = card_public(card) && card_alike(event, card);
    for (uint32_t i = 0; i < touched.count; i++) {
        others_set(event, touched.each[i].hash, card, changes);
    }
}

void looks_remove(struct event *event, struct card *card, struct changes *changes) {
    struct looks touched = looks_take(event, card);
    for (uint32_t i = 0; i < touched.count; i++) {
        others_set(event, touched.each[i].hash, card, changes);
    }
}

/* Since when the card shows what looks like this text; else from `minute` on. */
static uint32_t since_of(const struct looks *was, const char *text, uint32_t minute) {
    uint8_t hash[CONFUSABLE_BYTES];
    text_hash_look(hash, text);
    for (uint32_t i = 0; i < was->count; i++) {
        if (hash_same(was->each[i].hash, hash) && was->each[i].since != UINT32_MAX) {
            return was->each[i].since;
        }
    }
    return minute;
}

void looks_date(const struct card *was, struct card *card, uint32_t minute) {
    struct looks before = was != NULL ? looks_of(was) : (struct looks){.count = 0};
    uint32_t now = card->shown ? minute : 0;
    card->name_since = since_of(&before, card->name, now);
    for (uint8_t i = 0; i < card->account_count; i++) {
        card->accounts[i].since = since_of(&before, card->accounts[i].name, now);
    }
}

/* Marks the cards that look like the one at `first`; returns the place behind them. */
static uint32_t look_mark(struct event *event, uint32_t first) {
    uint32_t past = first + 1;
    while (past < event->look_count &&
           hash_same(event->looks[past].hash, event->looks[first].hash)) {
        past++;
    }
    const struct look *best = look_best(event, first, past - first, NULL);
    for (uint32_t i = first; i < past; i++) {
        struct card *card = event->looks[i].card;
        card->alike = card->alike || &event->looks[i] != best;
    }
    return past;
}

void looks_index(struct event *event) {
    event->look_count = 0;
    for (uint32_t i = 0; i < event->card_count; i++) {
        struct looks looks = looks_public(event->cards[i]);
        event->cards[i]->alike = false;
        for (uint32_t j = 0; j < looks.count; j++) {
            look_append(event, looks.each[j], event->cards[i]);
        }
    }
    if (event->look_count > 0) {
        qsort(event->looks, event->look_count, sizeof *event->looks, look_compare);
    }
    for (uint32_t first = 0, past; first < event->look_count; first = past) {
        past = look_mark(event, first);
    }
}

static bool look_there(const struct event *event, const struct look *look) {
    uint32_t place = look_place(event, look);
    const struct look *there = place < event->look_count ? &event->looks[place] : NULL;
    return there != NULL && there->card == look->card && hash_same(there->hash, look->hash) &&
           there->proved == look->proved && there->since == look->since;
}

bool looks_check(const struct event *event) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < event->card_count; i++) {
        struct card *card = event->cards[i];
        struct looks looks = looks_public(card);
        for (uint32_t j = 0; j < looks.count; j++) {
            looks.each[j].card = card;
            if (!look_there(event, &looks.each[j])) {
                return false;
            }
        }
        if (card->alike != (card_public(card) && card_alike(event, card))) {
            return false;
        }
        count += looks.count;
    }
    return count == event->look_count;
}
