#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "wire/decode.h"
#include "wire/signed.h"

#define MINUTES_OFF 10 /* a phone's clock, a slow way here */

#define BYTES(name, count)                                                                         \
    { name, MEMBER_BYTES, false, count, 0 }
#define NUMBER(name)                                                                               \
    { name, MEMBER_NUMBER, false, 0, 0 }
#define FLAG(name)                                                                                 \
    { name, MEMBER_FLAG, false, 0, 0 }

const struct member CARD_MEMBERS[] = {
    BYTES("card", CARD_KEY_BYTES),
    NUMBER("rev"),
    {"name", MEMBER_TEXT, false, LIMIT_CARD_NAME_BYTES, LIMIT_CARD_NAME_GRAPHEMES},
    {"line", MEMBER_TEXT, true, LIMIT_CARD_LINE_BYTES, LIMIT_CARD_LINE_GRAPHEMES},
    {"web", MEMBER_TEXT, true, LIMIT_CARD_WEB_BYTES, LIMIT_CARD_WEB_BYTES},
    {"accounts", MEMBER_LIST, false, 0, 0},
    FLAG("lists"),
    FLAG("shown"),
    BYTES("sig", SIGNATURE_BYTES),
    {0},
};

const struct member CARD_DELETE_MEMBERS[] = {
    BYTES("card", CARD_KEY_BYTES),
    NUMBER("rev"),
    BYTES("sig", SIGNATURE_BYTES),
    {0},
};

const struct member CARD_HIDE_MEMBERS[] = {
    BYTES("card", CARD_KEY_BYTES),
    FLAG("on"),
    {0},
};

const struct member CLAIM_MEMBERS[] = {
    BYTES("key", QUESTION_KEY_BYTES),
    BYTES("card", CARD_KEY_BYTES),
    NUMBER("rev"),
    NUMBER("minute"),
    BYTES("hash", TEXT_HASH_BYTES),
    BYTES("sig", SIGNATURE_BYTES),
    BYTES("card_sig", SIGNATURE_BYTES),
    {0},
};

const struct member UNCLAIM_MEMBERS[] = {
    BYTES("key", QUESTION_KEY_BYTES), BYTES("card", CARD_KEY_BYTES), NUMBER("rev"),
    {"by", MEMBER_WORD, false, 0, 0}, BYTES("sig", SIGNATURE_BYTES), {0},
};

const struct member INTEREST_MEMBERS[] = {
    BYTES("card", CARD_KEY_BYTES), NUMBER("n"), NUMBER("minute"), NUMBER("scope"),
    BYTES("sig", SIGNATURE_BYTES), {0},
};

/* For what nobody can send again later: signed about now. */
static enum refusal minute_check(uint32_t minute) {
    int64_t off = clock_unix_ms() / 60000 - (int64_t)minute;
    return off >= -MINUTES_OFF && off <= MINUTES_OFF ? REFUSAL_OK : REFUSAL_BAD_TIME;
}

static enum refusal accounts_read(const json_t *list, struct card *card) {
    if (json_array_size(list) > LIMIT_CARD_ACCOUNTS) {
        return REFUSAL_TOO_LONG;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name == NULL) {
            return REFUSAL_BAD_MESSAGE;
        }
        card->accounts[card->account_count++].name = memory_text(name);
    }
    return REFUSAL_OK;
}

enum refusal decode_card(const json_t *object, struct command *command) {
    struct card *card = memory_new(sizeof *card);
    command->as.card.card = card;
    card_read(card, object);
    card->shown = object_flag(object, "shown");
    return accounts_read(json_object_get(object, "accounts"), card);
}

enum refusal verify_card(const json_t *object, const struct command *command) {
    (void)object;
    return card_check(command->as.card.card, command->event);
}

enum refusal complete_card(const json_t *object, const struct session *session,
                           struct journal_request *request) {
    (void)object;
    bool plain = strncmp(request->command.as.card.card->web, "http://", 7) == 0;
    return plain && !session->wire->plain_pages ? REFUSAL_BAD_VALUE : REFUSAL_OK;
}

enum refusal decode_card_delete(const json_t *object, struct command *command) {
    object_bytes(command->as.card_key.key, CARD_KEY_BYTES, object, "card");
    command->as.card_key.rev = object_number(object, "rev");
    return REFUSAL_OK;
}

enum refusal verify_card_delete(const json_t *object, const struct command *command) {
    uint8_t signature[SIGNATURE_BYTES];
    object_bytes(signature, sizeof signature, object, "sig");
    bool good = card_delete_verify(signature, command->event, command->as.card_key.key,
                                   command->as.card_key.rev);
    return good ? REFUSAL_OK : REFUSAL_BAD_SIGNATURE;
}

enum refusal decode_card_hide(const json_t *object, struct command *command) {
    object_bytes(command->as.card_key.key, CARD_KEY_BYTES, object, "card");
    command->as.card_key.on = object_flag(object, "on");
    return REFUSAL_OK;
}

/* ---- claims */

enum refusal decode_claim(const json_t *object, struct command *command) {
    object_bytes(command->as.claim.key, QUESTION_KEY_BYTES, object, "key");
    claim_read(&command->as.claim.claim, object);
    return REFUSAL_OK;
}

enum refusal verify_claim(const json_t *object, const struct command *command) {
    (void)object;
    const struct claim *claim = &command->as.claim.claim;
    enum refusal refusal = claim_check(claim, command->as.claim.key, command->event);
    return refusal == REFUSAL_OK ? minute_check(claim->minute) : refusal;
}

/* By "question" or by "card"; −1: neither. */
static int unclaim_by_card(const json_t *object) {
    const char *by = object_text(object, "by");
    return strcmp(by, "card") == 0 ? 1 : strcmp(by, "question") == 0 ? 0 : -1;
}

enum refusal decode_unclaim(const json_t *object, struct command *command) {
    object_bytes(command->as.claim.key, QUESTION_KEY_BYTES, object, "key");
    object_bytes(command->as.claim.claim.card, CARD_KEY_BYTES, object, "card");
    command->as.claim.claim.rev = object_number(object, "rev");
    return unclaim_by_card(object) < 0 ? REFUSAL_BAD_VALUE : REFUSAL_OK;
}

enum refusal verify_unclaim(const json_t *object, const struct command *command) {
    uint8_t signature[SIGNATURE_BYTES];
    object_bytes(signature, sizeof signature, object, "sig");
    const struct claim *claim = &command->as.claim.claim;
    bool good = unclaim_verify(signature, command->event, command->as.claim.key, claim->card,
                               claim->rev, unclaim_by_card(object) == 1);
    return good ? REFUSAL_OK : REFUSAL_BAD_SIGNATURE;
}

/* ---- interest */

enum refusal decode_interest(const json_t *object, struct command *command) {
    struct interest *interest = &command->as.interest;
    uint32_t scope = object_number(object, "scope");
    if (scope >= INTEREST_COUNT) {
        return REFUSAL_BAD_VALUE;
    }
    interest->scope = (enum interest_scope)scope;
    interest->number = object_number(object, "n");
    interest->minute = object_number(object, "minute");
    object_bytes(interest->card, CARD_KEY_BYTES, object, "card");
    object_bytes(interest->signature, SIGNATURE_BYTES, object, "sig");
    return REFUSAL_OK;
}

enum refusal verify_interest(const json_t *object, const struct command *command) {
    (void)object;
    const struct interest *interest = &command->as.interest;
    if (!interest_verify(interest->signature, command->event, interest->card, interest->number,
                         interest->minute, interest->scope)) {
        return REFUSAL_BAD_SIGNATURE;
    }
    return minute_check(interest->minute);
}

enum refusal complete_interest(const json_t *object, const struct session *session,
                               struct journal_request *request) {
    (void)object;
    (void)session;
    request->compose = interest_compose;
    return REFUSAL_OK;
}
