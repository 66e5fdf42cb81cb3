#include <string.h>

#include "base/memory.h"
#include "wire/import.h"
#include "wire/signed.h"

static const struct member CARD_MEMBERS[] = {
    {"card", MEMBER_BYTES, false, CARD_KEY_BYTES, 0},
    {"rev", MEMBER_NUMBER, false, 0, 0},
    {"since", MEMBER_NUMBER, false, 0, 0},
    {"name", MEMBER_TEXT, false, LIMIT_CARD_NAME_BYTES, LIMIT_CARD_NAME_GRAPHEMES},
    {"line", MEMBER_TEXT, true, LIMIT_CARD_LINE_BYTES, LIMIT_CARD_LINE_GRAPHEMES},
    {"web", MEMBER_TEXT, true, LIMIT_CARD_WEB_BYTES, LIMIT_CARD_WEB_BYTES},
    {"accounts", MEMBER_LIST, false, 0, 0},
    {"lists", MEMBER_FLAG, false, 0, 0},
    {"minute", MEMBER_NUMBER, false, 0, 0},
    {"proof", MEMBER_OBJECT, true, 0, 0},
    {"sig", MEMBER_BYTES, false, SIGNATURE_BYTES, 0},
    {0},
};

static const struct member CARD_ACCOUNT_MEMBERS[] = {
    {"name", MEMBER_WORD, false, 0, 0},
    {"since", MEMBER_NUMBER, false, 0, 0},
    {"proof", MEMBER_OBJECT, true, 0, 0},
    {0},
};

static const struct member PROOF_MEMBERS[] = {
    {"kind", MEMBER_WORD, false, 0, 0},
    {"minute", MEMBER_NUMBER, false, 0, 0},
    {"actor", MEMBER_TEXT, true, LIMIT_REMOTE_BYTES, LIMIT_REMOTE_BYTES},
    {"source", MEMBER_TEXT, true, LIMIT_URL_BYTES, LIMIT_URL_BYTES},
    {"n", MEMBER_NUMBER, true, 0, 0},
    {"salt", MEMBER_BYTES, true, QUESTION_SALT_BYTES, 0},
    {0},
};

static const struct member CLAIM_MEMBERS[] = {
    {"n", MEMBER_NUMBER, false, 0, 0},
    {"key", MEMBER_BYTES, false, QUESTION_KEY_BYTES, 0},
    {"card", MEMBER_BYTES, false, CARD_KEY_BYTES, 0},
    {"rev", MEMBER_NUMBER, false, 0, 0},
    {"minute", MEMBER_NUMBER, false, 0, 0},
    {"hash", MEMBER_BYTES, false, TEXT_HASH_BYTES, 0},
    {"sig", MEMBER_BYTES, false, SIGNATURE_BYTES, 0},
    {"card_sig", MEMBER_BYTES, false, SIGNATURE_BYTES, 0},
    {0},
};

static char *text_maybe(const json_t *part, const char *name) {
    return object_has(part, name) ? memory_text(object_text(part, name)) : NULL;
}

/* Of an account, or of the card's page; there need not be one. */
static enum refusal import_proof(struct proof *proof, const json_t *owner) {
    const json_t *part = json_object_get(owner, "proof");
    if (part == NULL) {
        return REFUSAL_OK;
    }
    enum refusal refusal = part_check(part, PROOF_MEMBERS);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    int kind = proof_kind_find(object_text(part, "kind"));
    if (kind <= PROOF_NONE) {
        return REFUSAL_BAD_VALUE;
    }
    bool salt = object_has(part, "salt");
    if (salt != object_has(part, "n") || (salt && kind != PROOF_POST)) {
        return REFUSAL_BAD_MESSAGE;
    }
    if (kind == PROOF_POST && !salt) {
        return REFUSAL_OK; /* of a question that nobody was told whose it is: it proves nothing */
    }
    proof->kind = (enum proof_kind)kind;
    proof->minute = object_number(part, "minute");
    proof->number = object_number(part, "n");
    if (kind == PROOF_POST) {
        object_bytes(proof->salt, QUESTION_SALT_BYTES, part, "salt");
    }
    proof->actor = text_maybe(part, "actor");
    proof->source = text_maybe(part, "source");
    return REFUSAL_OK;
}

static enum refusal import_accounts(struct card *card, const json_t *list) {
    if (json_array_size(list) > LIMIT_CARD_ACCOUNTS) {
        return REFUSAL_TOO_LONG;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *part = json_array_get(list, i);
        enum refusal refusal = part_check(part, CARD_ACCOUNT_MEMBERS);
        if (refusal != REFUSAL_OK) {
            return refusal;
        }
        struct card_account *account = &card->accounts[card->account_count++];
        account->name = memory_text(object_text(part, "name"));
        account->since = object_number(part, "since");
        refusal = import_proof(&account->proof, part);
        if (refusal != REFUSAL_OK) {
            return refusal;
        }
    }
    return REFUSAL_OK;
}

enum refusal import_card(struct card **card, const json_t *part,
                         const uint8_t event[EVENT_ID_BYTES]) {
    enum refusal refusal = part_check(part, CARD_MEMBERS);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    struct card *read = memory_new(sizeof *read);
    card_read(read, part);
    read->shown = true;
    read->minute = object_number(part, "minute");
    read->name_since = object_number(part, "since");
    refusal = import_accounts(read, json_object_get(part, "accounts"));
    if (refusal == REFUSAL_OK) {
        refusal = import_proof(&read->web_proof, part);
    }
    if (refusal == REFUSAL_OK) {
        refusal = card_check(read, event);
    }
    if (refusal != REFUSAL_OK) {
        card_free(read);
        return refusal;
    }
    *card = read;
    return REFUSAL_OK;
}

enum refusal import_claim(struct claim *claim, uint8_t key[QUESTION_KEY_BYTES], const json_t *part,
                          const uint8_t event[EVENT_ID_BYTES]) {
    enum refusal refusal = part_check(part, CLAIM_MEMBERS);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    claim_read(claim, part);
    claim->number = object_number(part, "n");
    object_bytes(key, QUESTION_KEY_BYTES, part, "key");
    return claim_check(claim, key, event);
}

/* The question with this number, of those that were restored so far. */
static const struct question *question_found(const struct event *event, uint32_t number) {
    for (uint32_t i = 0; i < event->question_count; i++) {
        if (event->questions[i]->number == number) {
            return event->questions[i];
        }
    }
    return NULL;
}

/* event_restored() sees to it that the card is there, and once. */
static enum refusal claim_take(struct event *event, const json_t *part) {
    struct claim claim = {0};
    uint8_t key[QUESTION_KEY_BYTES], hash[TEXT_HASH_BYTES];
    enum refusal refusal = import_claim(&claim, key, part, event->id);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    const struct question *question = question_found(event, claim.number);
    if (question == NULL) {
        return REFUSAL_BAD_MESSAGE;
    }
    text_hash(hash, event->id, question->text);
    if (memcmp(key, question->key, sizeof key) != 0 || memcmp(hash, claim.hash, sizeof hash) != 0) {
        return REFUSAL_BAD_SIGNATURE;
    }
    event_restore_claim(event, &claim);
    return REFUSAL_OK;
}

enum refusal import_people(struct event *event, const json_t *object) {
    const json_t *cards = json_object_get(object, "cards");
    const json_t *claims = json_object_get(object, "claims");
    enum refusal refusal = REFUSAL_OK;
    if (json_array_size(cards) > LIMIT_EVENT_CARDS ||
        json_array_size(claims) > LIMIT_EVENT_QUESTIONS) {
        return REFUSAL_TOO_LONG;
    }
    for (size_t i = 0; i < json_array_size(cards) && refusal == REFUSAL_OK; i++) {
        struct card *card = NULL;
        refusal = import_card(&card, json_array_get(cards, i), event->id);
        if (refusal == REFUSAL_OK) {
            event_restore_card(event, card);
        }
    }
    for (size_t i = 0; i < json_array_size(claims) && refusal == REFUSAL_OK; i++) {
        refusal = claim_take(event, json_array_get(claims, i));
    }
    return refusal;
}
