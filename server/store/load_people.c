#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "identity/seal.h"
#include "store/packed.h"
#include "store/people.h"
#include "store/seals.h"

/* One per line. */
static bool accounts_split(const char *names, struct card *card) {
    for (const char *from = names; *from != '\0';) {
        size_t count = strcspn(from, "\n");
        if (card->account_count == LIMIT_CARD_ACCOUNTS || count > LIMIT_CARD_ACCOUNT_BYTES) {
            return false;
        }
        card->accounts[card->account_count++].name = memory_text_n(from, count);
        from += count + (from[count] == '\n' ? 1 : 0);
    }
    return true;
}

static uint32_t number_read(const uint8_t bytes[4]) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Of the name and of each account, which are there. */
static bool since_get(sqlite3_stmt *row, int at, struct card *card) {
    uint8_t since[4 * (1 + LIMIT_CARD_ACCOUNTS)];
    if (!column_bytes(row, at, since, 4 * (1 + (size_t)card->account_count))) {
        return false;
    }
    card->name_since = number_read(since);
    for (uint8_t i = 0; i < card->account_count; i++) {
        card->accounts[i].since = number_read(since + 4 * (1 + (size_t)i));
    }
    return true;
}

static bool card_get(sqlite3_stmt *row, struct card *card) {
    char accounts[LIMIT_CARD_ACCOUNTS * (LIMIT_CARD_ACCOUNT_BYTES + 1)];
    card->shown = true;
    return column_bytes(row, 0, card->key, CARD_KEY_BYTES) &&
           column_integer(row, 1, UINT32_MAX, &card->rev) && column_flag(row, 2, &card->hidden) &&
           column_flag(row, 3, &card->lists) && column_integer(row, 4, UINT32_MAX, &card->minute) &&
           column_text_new(row, 5, &card->name, LIMIT_CARD_NAME_BYTES) &&
           column_text_new(row, 6, &card->line, LIMIT_CARD_LINE_BYTES) &&
           column_text_new(row, 7, &card->web, LIMIT_CARD_WEB_BYTES) &&
           column_text(row, 8, accounts, sizeof accounts - 1) && accounts_split(accounts, card) &&
           since_get(row, 9, card) && column_bytes(row, 10, card->signature, SIGNATURE_BYTES);
}

static void cards_get(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_CARDS_GET, event->id);
    while (rows_next(store, row)) {
        struct card *card = memory_new(sizeof *card);
        if (card_get(row, card)) {
            event_restore_card(event, card);
        } else {
            card_free(card);
            rows_broken(store);
        }
    }
}

static int card_find(const void *key, const void *card) {
    return memcmp(key, (*(struct card *const *)card)->key, CARD_KEY_BYTES);
}

/* Where the proof belongs; NULL when no card, none that is published, lists the account. So far the
 * event has the published cards alone, by key. */
static struct proof *proof_place(const struct event *event, const uint8_t *key,
                                 const char *account) {
    struct card **found = event->card_count == 0 ? NULL
                                                 : bsearch(key, event->cards, event->card_count,
                                                           sizeof(struct card *), card_find);
    if (found == NULL || account[0] == '\0') {
        return found != NULL ? &(*found)->web_proof : NULL;
    }
    for (uint8_t at = 0; at < (*found)->account_count; at++) {
        if (strcmp((*found)->accounts[at].name, account) == 0) {
            return &(*found)->accounts[at].proof;
        }
    }
    return NULL;
}

static bool proof_get(sqlite3_stmt *row, const struct event *event) {
    uint8_t key[CARD_KEY_BYTES];
    char account[LIMIT_CARD_ACCOUNT_BYTES + 1];
    if (!column_bytes(row, 0, key, sizeof key) ||
        !column_text(row, 1, account, LIMIT_CARD_ACCOUNT_BYTES)) {
        return false;
    }
    struct proof *proof = proof_place(event, key, account);
    int kind = column_name(row, 2, proof_kind_find);
    if (proof == NULL || kind <= PROOF_NONE) {
        return false;
    }
    proof->kind = (enum proof_kind)kind;
    return column_integer(row, 3, UINT32_MAX, &proof->minute) &&
           column_text_maybe(row, 4, &proof->actor, LIMIT_REMOTE_BYTES) &&
           column_text_maybe(row, 5, &proof->source, LIMIT_URL_BYTES) &&
           column_integer(row, 6, UINT32_MAX, &proof->number) &&
           (kind != PROOF_POST || column_bytes(row, 7, proof->salt, QUESTION_SALT_BYTES));
}

static void proofs_get(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_PROOFS_GET, event->id);
    while (rows_next(store, row)) {
        if (!proof_get(row, event)) {
            rows_broken(store);
        }
    }
}

static void claims_get(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_CLAIMS_GET, event->id);
    while (rows_next(store, row)) {
        struct claim claim = {0};
        if (column_integer(row, 0, UINT32_MAX, &claim.number) &&
            column_bytes(row, 1, claim.card, CARD_KEY_BYTES) &&
            column_integer(row, 2, UINT32_MAX, &claim.rev) &&
            column_integer(row, 3, UINT32_MAX, &claim.minute) &&
            column_bytes(row, 4, claim.hash, TEXT_HASH_BYTES) &&
            column_bytes(row, 5, claim.by_question, SIGNATURE_BYTES) &&
            column_bytes(row, 6, claim.by_card, SIGNATURE_BYTES)) {
            event_restore_claim(event, &claim);
        } else {
            rows_broken(store);
        }
    }
}

/* A kind of sealed rows. `take` puts what was sealed into the event, and tells which row's it is;
 * false: it is not of this kind. */
struct sealed_kind {
    enum statement get, drop;
    const char *label;
    bool (*take)(struct event *event, const uint8_t *bytes, size_t count,
                 uint8_t card[CARD_KEY_BYTES], uint32_t *number);
};

static bool kept_card_take(struct event *event, const uint8_t *bytes, size_t count,
                           uint8_t key[CARD_KEY_BYTES], uint32_t *number) {
    struct card *card = card_unpack(bytes, count);
    if (card == NULL) {
        return false;
    }
    memcpy(key, card->key, CARD_KEY_BYTES);
    *number = 0;
    event_restore_card(event, card);
    return true;
}

static bool interest_take(struct event *event, const uint8_t *bytes, size_t count,
                          uint8_t card[CARD_KEY_BYTES], uint32_t *number) {
    struct interest interest;
    if (!interest_unpack(&interest, bytes, count)) {
        return false;
    }
    memcpy(card, interest.card, CARD_KEY_BYTES);
    *number = interest.number;
    event_restore_interest(event, &interest);
    return true;
}

enum opened { OPENED, NOT_OURS, BROKEN };

static enum opened sealed_get(sqlite3_stmt *row, struct event *event,
                              const struct sealed_kind *kind, const uint8_t *key) {
    const uint8_t *name = sqlite3_column_blob(row, 0), *sealed = sqlite3_column_blob(row, 1);
    size_t count = (size_t)sqlite3_column_bytes(row, 1);
    if (sqlite3_column_bytes(row, 0) != SEALED_KEY_BYTES || count <= SEAL_BYTES) {
        return BROKEN;
    }
    if (key == NULL) {
        return NOT_OURS;
    }
    uint8_t *bytes = memory_new(count - SEAL_BYTES), card[CARD_KEY_BYTES];
    uint8_t expected[SEALED_KEY_BYTES];
    uint32_t number;
    enum opened opened = NOT_OURS;
    if (seal_open(bytes, sealed, count, kind->label, event->id, key)) {
        opened = BROKEN;
        if (kind->take(event, bytes, count - SEAL_BYTES, card, &number)) {
            sealed_key_make(expected, card, number, key);
            opened = memcmp(expected, name, sizeof expected) == 0 ? OPENED : BROKEN;
        }
    }
    free(bytes);
    return opened;
}

/* Names of rows that nobody can open. */
struct lost {
    uint8_t (*names)[SEALED_KEY_BYTES];
    size_t count, room;
};

static void lost_add(struct lost *lost, const void *name) {
    log_count("sealed row without its secret");
    if (lost->count == lost->room) {
        lost->room = lost->room > 0 ? 2 * lost->room : 8;
        lost->names = memory_resize(lost->names, lost->room, sizeof *lost->names);
    }
    memcpy(lost->names[lost->count++], name, SEALED_KEY_BYTES);
}

static void lost_drop(struct store *store, const struct event *event, const struct lost *lost,
                      enum statement which) {
    for (size_t at = 0; store->mode == STORE_WRITE && at < lost->count; at++) {
        sqlite3_stmt *drop = rows_of(store, which, event->id);
        bind_bytes(drop, 2, lost->names[at], SEALED_KEY_BYTES);
        rows_run(store, drop);
        atomic_store(&store->removed, true);
    }
}

static void sealed_load(struct store *store, struct event *event, struct sealed_kind kind) {
    struct lost lost = {0};
    const uint8_t *key = NULL;
    sqlite3_stmt *row = rows_of(store, kind.get, event->id);
    while (rows_next(store, row)) {
        key = key != NULL ? key : seal_key(store, event->id);
        enum opened opened =
            store->status == STORE_OK ? sealed_get(row, event, &kind, key) : OPENED;
        if (opened == NOT_OURS) {
            lost_add(&lost, sqlite3_column_blob(row, 0));
        } else if (opened == BROKEN) {
            rows_broken(store);
        }
    }
    lost_drop(store, event, &lost, kind.drop);
    free(lost.names);
}

void people_load(struct store *store, struct event *event) {
    cards_get(store, event);
    proofs_get(store, event);
    claims_get(store, event);
    sealed_load(store, event,
                (struct sealed_kind){STATEMENT_KEPT_CARDS_GET, STATEMENT_KEPT_CARD_DROP, SEAL_CARD,
                                     kept_card_take});
    sealed_load(store, event,
                (struct sealed_kind){STATEMENT_INTERESTS_GET, STATEMENT_INTEREST_DROP,
                                     SEAL_INTEREST, interest_take});
}

void tickets_load(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_TICKETS_GET, event->id);
    while (rows_next(store, row)) {
        struct ticket ticket = {0};
        uint32_t seats;
        if (column_bytes(row, 0, ticket.hash, TICKET_HASH_BYTES) &&
            column_bytes(row, 1, ticket.request, TICKET_HASH_BYTES) &&
            column_integer(row, 2, PASS_SEATS_MAX, &seats)) {
            ticket.seats = (uint8_t)seats;
            event_restore_ticket(event, &ticket);
        } else {
            rows_broken(store);
        }
    }
}
