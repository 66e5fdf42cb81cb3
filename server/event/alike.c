/* Which public cards look like each other, by a name or an account. Nobody can know which of them
 * is who they seem to be: so all of them are marked, but for one that alone has a proof.
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
    uint8_t hash[2 * LOOKS_MOST][CONFUSABLE_BYTES]; /* before and after a change */
    uint32_t count;
};

static bool hash_same(const uint8_t a[CONFUSABLE_BYTES], const uint8_t b[CONFUSABLE_BYTES]) {
    return memcmp(a, b, CONFUSABLE_BYTES) == 0;
}

static void looks_add(struct looks *looks, const uint8_t hash[CONFUSABLE_BYTES]) {
    for (uint32_t i = 0; i < looks->count; i++) {
        if (hash_same(looks->hash[i], hash)) {
            return;
        }
    }
    INVARIANT(looks->count < sizeof looks->hash / sizeof looks->hash[0]);
    memcpy(looks->hash[looks->count++], hash, CONFUSABLE_BYTES);
}

/* A card that is named like somebody's account looks like them, with or without an @. */
static void text_look(struct looks *looks, const char *text) {
    uint8_t hash[CONFUSABLE_BYTES];
    confusable_hash(hash, text[0] == '@' ? text + 1 : text);
    looks_add(looks, hash);
}

static struct looks looks_of(const struct card *card) {
    struct looks looks = {.count = 0};
    if (card_public(card)) {
        text_look(&looks, card->name);
        for (uint8_t i = 0; i < card->account_count; i++) {
            text_look(&looks, card->accounts[i].name);
        }
    }
    return looks;
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

static void look_append(struct event *event, const uint8_t hash[CONFUSABLE_BYTES],
                        struct card *card) {
    if (event->look_count == event->look_room) {
        event->look_room = event->look_room == 0 ? 8 : event->look_room * 2;
        event->looks = memory_resize(event->looks, event->look_room, sizeof *event->looks);
    }
    struct look *look = &event->looks[event->look_count++];
    memcpy(look->hash, hash, CONFUSABLE_BYTES);
    look->card = card;
}

static void look_insert(struct event *event, const uint8_t hash[CONFUSABLE_BYTES],
                        struct card *card) {
    struct look look = {.card = card};
    memcpy(look.hash, hash, CONFUSABLE_BYTES);
    uint32_t place = look_place(event, &look);
    look_append(event, hash, card);
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
            looks_add(&taken, event->looks[i].hash);
        } else {
            event->looks[kept++] = event->looks[i];
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

static bool card_alike(const struct event *event, const struct card *card) {
    struct looks looks = looks_of(card);
    bool proved = card_proof(card) != PROOF_NONE;
    for (uint32_t i = 0; i < looks.count; i++) {
        uint32_t first, count = look_range(event, looks.hash[i], &first);
        for (uint32_t j = first; j < first + count; j++) {
            const struct card *other = event->looks[j].card;
            if (other != card && (!proved || card_proof(other) != PROOF_NONE)) {
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

/* One card more or less that looks so, or a proof more or less: among many, this makes no
 * difference to the others, but where only one other is left, or one other that is proved. */
static void others_set(const struct event *event, const uint8_t hash[CONFUSABLE_BYTES],
                       const struct card *card, struct changes *changes) {
    struct card *other = NULL, *proved = NULL;
    uint32_t first, count = look_range(event, hash, &first), others = 0, proofs = 0;
    for (uint32_t i = first; i < first + count; i++) {
        struct card *one = event->looks[i].card;
        if (one != card) {
            other = one;
            others++;
            if (card_proof(one) != PROOF_NONE) {
                proved = one;
                proofs++;
            }
        }
    }
    if (others == 1) {
        alike_set(event, other, changes);
    } else if (proofs == 1) {
        alike_set(event, proved, changes);
    }
}

void looks_put(struct event *event, struct card *card, struct changes *changes) {
    struct looks touched = looks_take(event, card), looks = looks_of(card);
    for (uint32_t i = 0; i < looks.count; i++) {
        look_insert(event, looks.hash[i], card);
        looks_add(&touched, looks.hash[i]);
    }
    card->alike = card_alike(event, card);
    for (uint32_t i = 0; i < touched.count; i++) {
        others_set(event, touched.hash[i], card, changes);
    }
}

void looks_remove(struct event *event, struct card *card, struct changes *changes) {
    struct looks touched = looks_take(event, card);
    for (uint32_t i = 0; i < touched.count; i++) {
        others_set(event, touched.hash[i], card, changes);
    }
}

/* Marks the cards that look like the one at `first`; returns the place behind them. */
static uint32_t look_mark(struct event *event, uint32_t first) {
    uint32_t past = first, proofs = 0;
    while (past < event->look_count &&
           hash_same(event->looks[past].hash, event->looks[first].hash)) {
        proofs += card_proof(event->looks[past].card) != PROOF_NONE;
        past++;
    }
    for (uint32_t i = first; i < past; i++) {
        struct card *card = event->looks[i].card;
        bool alone = past - first == 1 || (card_proof(card) != PROOF_NONE && proofs == 1);
        card->alike = card->alike || !alone;
    }
    return past;
}

void looks_index(struct event *event) {
    event->look_count = 0;
    for (uint32_t i = 0; i < event->card_count; i++) {
        struct looks looks = looks_of(event->cards[i]);
        event->cards[i]->alike = false;
        for (uint32_t j = 0; j < looks.count; j++) {
            look_append(event, looks.hash[j], event->cards[i]);
        }
    }
    if (event->look_count > 0) {
        qsort(event->looks, event->look_count, sizeof *event->looks, look_compare);
    }
    for (uint32_t first = 0, past; first < event->look_count; first = past) {
        past = look_mark(event, first);
    }
}

bool looks_check(const struct event *event) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < event->card_count; i++) {
        struct card *card = event->cards[i];
        struct looks looks = looks_of(card);
        for (uint32_t j = 0; j < looks.count; j++) {
            struct look look = {.card = card};
            memcpy(look.hash, looks.hash[j], CONFUSABLE_BYTES);
            uint32_t place = look_place(event, &look);
            if (place == event->look_count || event->looks[place].card != card) {
                return false;
            }
        }
        if (card->alike != card_alike(event, card)) {
            return false;
        }
        count += looks.count;
    }
    return count == event->look_count;
}
