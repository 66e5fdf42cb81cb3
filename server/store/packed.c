#include "store/packed.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

static void put_number(struct buffer *out, uint32_t value, size_t bytes) {
    for (size_t left = bytes; left > 0; left--) {
        uint8_t byte = (uint8_t)(value >> (8 * (left - 1)));
        buffer_append(out, &byte, 1);
    }
}

static void put_text(struct buffer *out, const char *text) {
    size_t length = strlen(text);
    INVARIANT(length <= UINT16_MAX);
    put_number(out, (uint32_t)length, 2);
    buffer_append(out, text, length);
}

static void put_text_maybe(struct buffer *out, const char *text) {
    put_number(out, text != NULL ? 1 : 0, 1);
    if (text != NULL) {
        put_text(out, text);
    }
}

static void put_proof(struct buffer *out, const struct proof *proof) {
    put_number(out, (uint32_t)proof->kind, 1);
    if (proof->kind == PROOF_NONE) {
        return;
    }
    put_number(out, proof->minute, 4);
    put_text_maybe(out, proof->actor);
    put_text_maybe(out, proof->source);
    put_number(out, proof->number, 4);
    buffer_append(out, proof->salt, sizeof proof->salt);
}

struct buffer card_pack(const struct card *card) {
    static const uint8_t zeroes[PACKED_STEP_BYTES];
    struct buffer out = buffer_make(PACKED_CARD_BYTES);
    buffer_append(&out, card->key, sizeof card->key);
    put_number(&out, card->rev, 4);
    put_number(&out, card->minute, 4);
    put_number(&out, card->hidden ? 1 : 0, 1);
    put_number(&out, card->lists ? 1 : 0, 1);
    put_number(&out, card->name_since, 4);
    put_text(&out, card->name);
    put_text(&out, card->line);
    put_text(&out, card->web);
    put_proof(&out, &card->web_proof);
    put_number(&out, card->account_count, 1);
    for (uint8_t at = 0; at < card->account_count; at++) {
        put_number(&out, card->accounts[at].since, 4);
        put_text(&out, card->accounts[at].name);
        put_proof(&out, &card->accounts[at].proof);
    }
    buffer_append(&out, card->signature, sizeof card->signature);
    size_t over = out.length % PACKED_STEP_BYTES;
    buffer_append(&out, zeroes, over > 0 ? PACKED_STEP_BYTES - over : 0);
    INVARIANT(!out.overflow);
    return out;
}

/* What is left to read. After anything wrong it is empty, and `wrong` stays. */
struct reader {
    const uint8_t *at;
    size_t left;
    bool wrong;
};

static const uint8_t *get_bytes(struct reader *in, size_t count) {
    if (in->wrong || count > in->left) {
        in->wrong = true;
        return NULL;
    }
    const uint8_t *bytes = in->at;
    in->at += count;
    in->left -= count;
    return bytes;
}

static void get_copy(struct reader *in, uint8_t *copy, size_t count) {
    const uint8_t *bytes = get_bytes(in, count);
    if (bytes != NULL) {
        memcpy(copy, bytes, count);
    }
}

static uint32_t get_number(struct reader *in, size_t count) {
    const uint8_t *bytes = get_bytes(in, count);
    uint32_t value = 0;
    for (size_t at = 0; bytes != NULL && at < count; at++) {
        value = value << 8 | bytes[at];
    }
    return value;
}

static bool get_flag(struct reader *in) {
    uint32_t value = get_number(in, 1);
    in->wrong = in->wrong || value > 1;
    return value == 1;
}

/* Valid UTF-8 of at most `most` bytes, allocated; NULL when it is wrong. */
static char *get_text(struct reader *in, size_t most) {
    size_t length = get_number(in, 2);
    const uint8_t *bytes = length <= most ? get_bytes(in, length) : NULL;
    if (bytes == NULL || !text_utf8_valid(bytes, length)) {
        in->wrong = true;
        return NULL;
    }
    return memory_text_n((const char *)bytes, length);
}

static char *get_text_maybe(struct reader *in, size_t most) {
    return get_flag(in) ? get_text(in, most) : NULL;
}

static void get_proof(struct reader *in, struct proof *proof) {
    uint32_t kind = get_number(in, 1);
    in->wrong = in->wrong || kind >= PROOF_KIND_COUNT;
    if (in->wrong || kind == PROOF_NONE) {
        return;
    }
    proof->kind = (enum proof_kind)kind;
    proof->minute = get_number(in, 4);
    proof->actor = get_text_maybe(in, LIMIT_REMOTE_BYTES);
    proof->source = get_text_maybe(in, LIMIT_URL_BYTES);
    proof->number = get_number(in, 4);
    get_copy(in, proof->salt, sizeof proof->salt);
}

static void get_card(struct reader *in, struct card *card) {
    get_copy(in, card->key, sizeof card->key);
    card->rev = get_number(in, 4);
    card->minute = get_number(in, 4);
    card->hidden = get_flag(in);
    card->lists = get_flag(in);
    card->name_since = get_number(in, 4);
    card->name = get_text(in, LIMIT_CARD_NAME_BYTES);
    card->line = get_text(in, LIMIT_CARD_LINE_BYTES);
    card->web = get_text(in, LIMIT_CARD_WEB_BYTES);
    get_proof(in, &card->web_proof);
    uint32_t accounts = get_number(in, 1);
    in->wrong = in->wrong || accounts > LIMIT_CARD_ACCOUNTS;
    while (!in->wrong && card->account_count < accounts) {
        struct card_account *account = &card->accounts[card->account_count++];
        account->since = get_number(in, 4);
        account->name = get_text(in, LIMIT_CARD_ACCOUNT_BYTES);
        get_proof(in, &account->proof);
    }
    get_copy(in, card->signature, sizeof card->signature);
}

struct card *card_unpack(const uint8_t *bytes, size_t count) {
    struct reader in = {.at = bytes, .left = count};
    struct card *card = memory_new(sizeof *card);
    get_card(&in, card);
    bool padded = in.left < PACKED_STEP_BYTES && count % PACKED_STEP_BYTES == 0;
    for (size_t at = 0; padded && at < in.left; at++) {
        padded = in.at[at] == 0;
    }
    if (in.wrong || !padded) {
        card_free(card);
        return NULL;
    }
    return card;
}

void interest_pack(uint8_t bytes[PACKED_INTEREST_BYTES], const struct interest *interest) {
    struct buffer out = buffer_make(PACKED_INTEREST_BYTES);
    buffer_append(&out, interest->card, sizeof interest->card);
    put_number(&out, interest->number, 4);
    put_number(&out, interest->minute, 4);
    put_number(&out, (uint32_t)interest->scope, 1);
    buffer_append(&out, interest->signature, sizeof interest->signature);
    INVARIANT(out.length == PACKED_INTEREST_BYTES && !out.overflow);
    memcpy(bytes, out.data, PACKED_INTEREST_BYTES);
    buffer_clear(&out);
}

bool interest_unpack(struct interest *interest, const uint8_t *bytes, size_t count) {
    struct reader in = {.at = bytes, .left = count};
    *interest = (struct interest){0};
    get_copy(&in, interest->card, sizeof interest->card);
    interest->number = get_number(&in, 4);
    interest->minute = get_number(&in, 4);
    uint32_t scope = get_number(&in, 1);
    get_copy(&in, interest->signature, sizeof interest->signature);
    interest->scope = (enum interest_scope)scope;
    return !in.wrong && in.left == 0 && scope > INTEREST_OFF && scope < INTEREST_COUNT;
}
