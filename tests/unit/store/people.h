/* A gated event on disk, with people in it: commands in a line each, written and read back. */
#ifndef RAUTE_TESTS_STORE_PEOPLE_H
#define RAUTE_TESTS_STORE_PEOPLE_H

#include "disk.h"
#include "event/people_kit.h"

#include <sodium.h>

#include "identity/seal.h"

/* What cards say, to be looked for. */
#define NAME_OF   "Yachtgezwitscher"
#define LINE_OF   "Zebrafinkenjagd"
#define SITE_OF   "https://quittenbrezel.example"
#define ACTOR_OF  "did:plc:akelei"
#define SOURCE_OF "https://beifuss.example/42"

struct saved {
    struct disk disk;
    struct store *store;
    struct kit kit;
};

static inline struct kit gated_kit(void) {
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    settings.moderation_before = false;
    settings.tickets = true;
    struct kit kit = kit_new(&settings);
    kit.quick = true;
    return kit;
}

/* ---- writing */

static inline struct event *saved_load(const struct saved *saved) {
    struct event *event;
    struct changes changes = {0};
    assert_int_equal(store_load(saved->store, EVENT_ID, &event, &changes), STORE_OK);
    changes_clear(&changes);
    return event;
}

static inline void saved_check(struct saved *saved) {
    assert_int_equal(disk_write(saved->store, &saved->kit), STORE_OK);
    disk_assert_same(saved->store, saved->kit.event);
}

#define SAVED(command)                                                                             \
    do {                                                                                           \
        assert_int_equal(command, REFUSAL_OK);                                                     \
        saved_check(&saved);                                                                       \
    } while (0)

static inline int64_t rows(const struct saved *saved, const char *sql) {
    return disk_number(disk_path(&saved->disk, "data/raute.sqlite"), sql);
}

/* With three questions. */
static inline struct saved saved_new(void) {
    struct saved saved = {.disk = disk_new()};
    uint8_t secret[SECRET_BYTES];
    saved.store = disk_open(&saved.disk, STORE_WRITE);
    assert_int_equal(store_secret_new(saved.store, EVENT_ID, secret), STORE_OK);
    saved.kit = gated_kit();
    saved_check(&saved);
    for (uint32_t n = 1; n <= 3; n++) {
        SAVED(ask(&saved.kit, n));
        tick_due(&saved.kit);
        saved_check(&saved);
    }
    return saved;
}

static inline void saved_restart(struct saved *saved) {
    store_close(saved->store);
    saved->store = disk_open(&saved->disk, STORE_WRITE);
}

static inline void saved_free(struct saved *saved) {
    store_close(saved->store);
    kit_free(&saved->kit);
    disk_free(&saved->disk);
}

static inline size_t search_text(const struct saved *saved, const char *text) {
    return disk_search(&saved->disk, text, strlen(text));
}

static inline size_t search_card(const struct saved *saved, uint32_t n) {
    uint8_t key[CARD_KEY_BYTES];
    card_key(key, n);
    return disk_search(&saved->disk, key, sizeof key);
}

/* ---- commands */

/* Of words that are found nowhere else. */
static inline struct card *card_worded(uint32_t n, uint32_t rev, bool shown) {
    char text[100];
    struct card *card = memory_new(sizeof *card);
    card_key(card->key, n);
    card->rev = rev;
    card->shown = shown;
    card->lists = n % 2 == 1;
    snprintf(text, sizeof text, "%s %u", NAME_OF, n);
    card->name = memory_text(text);
    card->line = memory_text(n % 3 == 0 ? "" : LINE_OF);
    card->web = memory_text(n % 4 == 0 ? "" : SITE_OF);
    card->account_count = 2;
    snprintf(text, sizeof text, "person%u@xylophonquarz.example", n);
    card->accounts[0].name = memory_text(text);
    snprintf(text, sizeof text, "person%u.example", n);
    card->accounts[1].name = memory_text(text);
    memset(card->signature, (int)(n + rev), sizeof card->signature);
    return card;
}

static inline enum refusal card(struct kit *kit, uint32_t n, uint32_t rev, bool shown) {
    return card_put(kit, card_worded(n, rev, shown));
}

static inline const struct question *question_of(const struct kit *kit, uint32_t n) {
    uint8_t key[QUESTION_KEY_BYTES];
    kit_key(key, n);
    return event_question_by_key(kit->event, key);
}

/* 64 bytes like no others. */
static inline void signature_of(uint8_t signature[SIGNATURE_BYTES], uint32_t card, uint32_t rev,
                                uint8_t by) {
    const uint32_t seed[] = {card, rev, by};
    crypto_generichash(signature, SIGNATURE_BYTES, (const uint8_t *)seed, sizeof seed, NULL, 0);
}

/* With the question's next revision. */
static inline enum refusal claim(struct kit *kit, uint32_t n, uint32_t card) {
    struct command command = {.kind = COMMAND_CLAIM};
    const struct question *question = question_of(kit, n);
    struct claim *claim = &command.as.claim.claim;
    kit_key(command.as.claim.key, n);
    card_key(claim->card, card);
    claim->rev = question->rev + 1;
    claim->minute = NOW_MINUTE + n;
    text_hash(claim->hash, EVENT_ID, question->text);
    signature_of(claim->by_question, n << 16 | card, claim->rev, 1);
    signature_of(claim->by_card, n << 16 | card, claim->rev, 2);
    return kit_apply(kit, command);
}

static inline enum refusal unclaim_next(struct kit *kit, uint32_t n, uint32_t card) {
    return unclaim(kit, n, card, question_of(kit, n)->rev + 1);
}

/* Of the card's account at `place`, of its web page at 2. */
static inline enum refusal proof(struct kit *kit, uint32_t card, uint32_t place,
                                 enum proof_kind kind) {
    struct command command = {.kind = COMMAND_PROOF};
    card_key(command.as.proof.card, card);
    if (place < 2) {
        const struct card *found = event_card(kit->event, command.as.proof.card);
        snprintf(command.as.proof.account, sizeof command.as.proof.account, "%s",
                 found->accounts[place].name);
    }
    struct proof *proof = &command.as.proof.proof;
    proof->kind = kind;
    proof->minute = NOW_MINUTE + place;
    proof->actor = memory_text(ACTOR_OF);
    if (kind != PROOF_LOGIN) {
        proof->source = memory_text(SOURCE_OF);
    }
    if (kind == PROOF_POST) {
        proof->number = 1;
        memset(proof->salt, 9, sizeof proof->salt);
    }
    return kit_apply(kit, command);
}

/* Two published cards and two kept ones, a claim, proofs, interests, tickets. */
static inline void saved_people(struct saved *to) {
    struct saved saved = *to;
    struct kit *kit = &saved.kit;
    SAVED(card(kit, 1, 1, true));
    SAVED(card(kit, 2, 1, true));
    SAVED(card(kit, 5, 1, false));
    SAVED(card(kit, 6, 1, false));
    SAVED(claim(kit, 1, 1));
    SAVED(proof(kit, 1, 0, PROOF_LOGIN));
    SAVED(proof(kit, 1, 1, PROOF_POST));
    SAVED(proof(kit, 1, 2, PROOF_LINK));
    SAVED(proof(kit, 5, 0, PROOF_LOGIN));
    SAVED(proof(kit, 5, 1, PROOF_LINK));
    for (uint32_t number = 1; number <= 3; number++) {
        SAVED(interest(kit, number, 5, INTEREST_ALL));
        SAVED(interest(kit, number, 2, INTEREST_PROVED));
    }
    SAVED(tickets(kit, 1, 9, 2));
    SAVED(pass(kit, 3, 77, 2));
    *to = saved;
}

#endif
