#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "identity/seal.h"
#include "store/packed.h"
#include "store/people.h"
#include "store/seals.h"

static void proof_put(struct store *store, const struct event *event, const struct card *card,
                      const char *account, const struct proof *proof) {
    if (proof->kind == PROOF_NONE) {
        return;
    }
    sqlite3_stmt *put = rows_of(store, STATEMENT_PROOF_PUT, event->id);
    bind_bytes(put, 2, card->key, CARD_KEY_BYTES);
    bind_text(put, 3, account);
    bind_text(put, 4, proof_kind_name(proof->kind));
    bind_integer(put, 5, proof->minute);
    bind_text(put, 6, proof->actor);
    bind_text(put, 7, proof->source);
    bind_integer(put, 8, proof->number);
    bind_bytes(put, 9, proof->kind == PROOF_POST ? proof->salt : NULL, QUESTION_SALT_BYTES);
    rows_run(store, put);
}

static void number_write(uint8_t bytes[4], uint32_t number) {
    for (int at = 0; at < 4; at++) {
        bytes[at] = (uint8_t)(number >> (24 - 8 * at));
    }
}

static void card_put(struct store *store, const struct event *event, const struct card *card) {
    uint8_t since[4 * (1 + LIMIT_CARD_ACCOUNTS)];
    struct buffer accounts = buffer_make(LIMIT_CARD_ACCOUNTS * (LIMIT_CARD_ACCOUNT_BYTES + 1));
    buffer_text(&accounts, "");
    number_write(since, card->name_since);
    for (uint8_t at = 0; at < card->account_count; at++) {
        number_write(since + 4 * (1 + (size_t)at), card->accounts[at].since);
        buffer_text(&accounts, at > 0 ? "\n" : "");
        buffer_text(&accounts, card->accounts[at].name);
    }
    INVARIANT(!accounts.overflow);
    sqlite3_stmt *put = rows_of(store, STATEMENT_CARD_PUT, event->id);
    bind_bytes(put, 2, card->key, CARD_KEY_BYTES);
    bind_integer(put, 3, card->rev);
    bind_integer(put, 4, card->hidden ? 1 : 0);
    bind_integer(put, 5, card->lists ? 1 : 0);
    bind_integer(put, 6, card->minute);
    bind_text(put, 7, card->name);
    bind_text(put, 8, card->line);
    bind_text(put, 9, card->web);
    bind_text(put, 10, (const char *)accounts.data);
    bind_bytes(put, 11, since, 4 * (1 + (size_t)card->account_count));
    bind_bytes(put, 12, card->signature, SIGNATURE_BYTES);
    rows_run(store, put);
    buffer_clear(&accounts);
    proof_put(store, event, card, "", &card->web_proof);
    for (uint8_t at = 0; at < card->account_count; at++) {
        proof_put(store, event, card, card->accounts[at].name, &card->accounts[at].proof);
    }
}

static void row_drop(struct store *store, const struct event *event, enum statement which,
                     const uint8_t *key, size_t bytes) {
    sqlite3_stmt *drop = rows_of(store, which, event->id);
    bind_bytes(drop, 2, key, bytes);
    rows_run(store, drop);
}

void card_write(struct store *store, const struct event *event, const uint8_t key[CARD_KEY_BYTES]) {
    const struct card *card = event_card(event, key);
    row_drop(store, event, STATEMENT_PROOFS_DROP, key, CARD_KEY_BYTES);
    if (card != NULL && card->shown) {
        card_put(store, event, card);
    } else {
        row_drop(store, event, STATEMENT_CARD_DROP, key, CARD_KEY_BYTES);
    }
}

static void claim_put(struct store *store, const struct event *event, const struct claim *claim) {
    sqlite3_stmt *put = rows_of(store, STATEMENT_CLAIM_PUT, event->id);
    bind_integer(put, 2, claim->number);
    bind_bytes(put, 3, claim->card, CARD_KEY_BYTES);
    bind_integer(put, 4, claim->rev);
    bind_integer(put, 5, claim->minute);
    bind_bytes(put, 6, claim->hash, TEXT_HASH_BYTES);
    bind_bytes(put, 7, claim->by_question, SIGNATURE_BYTES);
    bind_bytes(put, 8, claim->by_card, SIGNATURE_BYTES);
    rows_run(store, put);
}

void claim_write(struct store *store, const struct event *event, uint32_t number) {
    const struct claim *claim = event_claim(event, number);
    if (claim != NULL) {
        claim_put(store, event, claim);
        return;
    }
    sqlite3_stmt *drop = rows_of(store, STATEMENT_CLAIM_DROP, event->id);
    bind_integer(drop, 2, number);
    rows_run(store, drop);
}

static void ticket_put(struct store *store, const struct event *event,
                       const struct ticket *ticket) {
    sqlite3_stmt *put = rows_of(store, STATEMENT_TICKET_PUT, event->id);
    bind_bytes(put, 2, ticket->hash, TICKET_HASH_BYTES);
    bind_bytes(put, 3, ticket->request, TICKET_HASH_BYTES);
    bind_integer(put, 4, ticket->seats);
    rows_run(store, put);
}

void ticket_write(struct store *store, const struct event *event,
                  const uint8_t hash[TICKET_HASH_BYTES]) {
    const struct ticket *ticket = event_ticket(event, hash);
    if (ticket != NULL) {
        ticket_put(store, event, ticket);
    } else {
        row_drop(store, event, STATEMENT_TICKET_DROP, hash, TICKET_HASH_BYTES);
    }
}

void tickets_write_all(struct store *store, const struct event *event) {
    for (uint32_t at = 0; at < event->ticket_count; at++) {
        ticket_put(store, event, &event->tickets[at]);
    }
}

/* A sealed row that is to be written, or with neither card nor interest to be dropped. */
struct sealed {
    uint8_t name[SEALED_KEY_BYTES];
    bool of_card;
    const struct card *card;
    const struct interest *interest;
};

static void sealed_put(struct store *store, const struct event *event, const struct sealed *row,
                       const uint8_t *bytes, size_t count, const uint8_t *key) {
    uint8_t *sealed = memory_new(count + SEAL_BYTES);
    seal(sealed, bytes, count, row->of_card ? SEAL_CARD : SEAL_INTEREST, event->id, key);
    sqlite3_stmt *put =
        rows_of(store, row->of_card ? STATEMENT_KEPT_CARD_PUT : STATEMENT_INTEREST_PUT, event->id);
    bind_bytes(put, 2, row->name, SEALED_KEY_BYTES);
    bind_bytes(put, 3, sealed, count + SEAL_BYTES);
    rows_run(store, put);
    free(sealed);
}

static void sealed_make(struct store *store, const struct event *event, const struct sealed *row,
                        const uint8_t *key) {
    if (row->card != NULL) {
        struct buffer packed = card_pack(row->card);
        sealed_put(store, event, row, packed.data, packed.length, key);
        buffer_clear(&packed);
    } else if (row->interest != NULL) {
        uint8_t packed[PACKED_INTEREST_BYTES];
        interest_pack(packed, row->interest);
        sealed_put(store, event, row, packed, sizeof packed, key);
    } else {
        row_drop(store, event, row->of_card ? STATEMENT_KEPT_CARD_DROP : STATEMENT_INTEREST_DROP,
                 row->name, SEALED_KEY_BYTES);
    }
}

static int sealed_compare(const void *a, const void *b) {
    return memcmp(((const struct sealed *)a)->name, ((const struct sealed *)b)->name,
                  SEALED_KEY_BYTES);
}

static void sealed_run(struct store *store, const struct event *event, struct sealed *rows,
                       size_t count, const uint8_t *key) {
    if (count > 1) {
        qsort(rows, count, sizeof *rows, sealed_compare);
    }
    for (size_t at = 0; at < count; at++) {
        sealed_make(store, event, &rows[at], key);
    }
}

/* Without a secret nothing can be kept: it stands before the event's first row. */
static const uint8_t *seal_key_wanted(struct store *store, const struct event *event) {
    const uint8_t *key = seal_key(store, event->id);
    if (key == NULL && store->status == STORE_OK) {
        log_count("no secret");
        store->status = STORE_FAILED;
    }
    return key;
}

void sealed_write(struct store *store, const struct event *event, const struct row *rows,
                  size_t count) {
    struct sealed *sealed = NULL;
    size_t found = 0;
    const uint8_t *key = NULL;
    for (size_t at = 0; at < count; at++) {
        const struct row *row = &rows[at];
        if (row->kind != ROW_CARD && row->kind != ROW_INTEREST) {
            continue;
        }
        key = seal_key_wanted(store, event);
        if (key == NULL) {
            break;
        }
        sealed = sealed != NULL ? sealed : memory_new((count - at) * sizeof *sealed);
        struct sealed *next = &sealed[found++];
        next->of_card = row->kind == ROW_CARD;
        sealed_key_make(next->name, row->key, row->number, key);
        const struct card *card = next->of_card ? event_card(event, row->key) : NULL;
        next->card = card != NULL && !card->shown ? card : NULL;
        next->interest = next->of_card ? NULL : event_interest(event, row->number, row->key);
    }
    sealed_run(store, event, sealed, found, key);
    free(sealed);
}

static void sealed_write_all(struct store *store, const struct event *event) {
    size_t room = (size_t)event->card_count + event->interest_count, count = 0;
    const uint8_t *key = seal_key_wanted(store, event);
    if (key == NULL) {
        return;
    }
    struct sealed *sealed = memory_new(room * sizeof *sealed);
    for (uint32_t at = 0; at < event->card_count; at++) {
        const struct card *card = event->cards[at];
        if (!card->shown) {
            struct sealed *next = &sealed[count++];
            next->of_card = true;
            next->card = card;
            sealed_key_make(next->name, card->key, 0, key);
        }
    }
    for (uint32_t at = 0; at < event->interest_count; at++) {
        struct sealed *next = &sealed[count++];
        next->interest = &event->interests[at];
        sealed_key_make(next->name, next->interest->card, next->interest->number, key);
    }
    sealed_run(store, event, sealed, count, key);
    free(sealed);
}

void people_write_all(struct store *store, const struct event *event) {
    for (uint32_t at = 0; at < event->card_count; at++) {
        if (event->cards[at]->shown) {
            card_put(store, event, event->cards[at]);
        }
    }
    for (uint32_t at = 0; at < event->claim_count; at++) {
        claim_put(store, event, &event->claims[at]);
    }
    if (event->card_count > 0) {
        sealed_write_all(store, event);
    }
}
