#include "wire/signed.h"

#include <string.h>

#include "base/memory.h"
#include "wire/forms.h"
#include "wire/object.h"

static char *text_or_empty(const json_t *object, const char *name) {
    const char *text = object_text(object, name);
    return memory_text(text != NULL ? text : "");
}

void card_read(struct card *card, const json_t *object) {
    object_bytes(card->key, CARD_KEY_BYTES, object, "card");
    card->rev = object_number(object, "rev");
    card->name = text_or_empty(object, "name");
    card->line = text_or_empty(object, "line");
    card->web = text_or_empty(object, "web");
    card->lists = object_flag(object, "lists");
    object_bytes(card->signature, SIGNATURE_BYTES, object, "sig");
}

static bool account_twice(const struct card *card, size_t which) {
    for (size_t i = 0; i < which; i++) {
        if (strcmp(card->accounts[i].name, card->accounts[which].name) == 0) {
            return true;
        }
    }
    return false;
}

static struct card_text card_text_of(const struct card *card) {
    struct card_text text = {.name = card->name,
                             .line = card->line,
                             .web = card->web,
                             .account_count = card->account_count,
                             .lists = card->lists};
    for (size_t i = 0; i < card->account_count; i++) {
        text.accounts[i] = card->accounts[i].name;
    }
    return text;
}

enum refusal card_check(const struct card *card, const uint8_t event[EVENT_ID_BYTES]) {
    if (card->web[0] != '\0' && !web_form(card->web)) {
        return REFUSAL_BAD_VALUE;
    }
    for (size_t i = 0; i < card->account_count; i++) {
        if (!account_form(card->accounts[i].name) || account_twice(card, i)) {
            return REFUSAL_BAD_ACCOUNT;
        }
    }
    if (!question_key_valid(card->key)) {
        return REFUSAL_BAD_KEY;
    }
    struct card_text text = card_text_of(card);
    bool good = card_verify(card->signature, event, card->key, card->rev, &text);
    return good ? REFUSAL_OK : REFUSAL_BAD_SIGNATURE;
}

void claim_read(struct claim *claim, const json_t *object) {
    object_bytes(claim->card, CARD_KEY_BYTES, object, "card");
    claim->rev = object_number(object, "rev");
    claim->minute = object_number(object, "minute");
    object_bytes(claim->hash, TEXT_HASH_BYTES, object, "hash");
    object_bytes(claim->by_question, SIGNATURE_BYTES, object, "sig");
    object_bytes(claim->by_card, SIGNATURE_BYTES, object, "card_sig");
}

enum refusal claim_check(const struct claim *claim, const uint8_t key[QUESTION_KEY_BYTES],
                         const uint8_t event[EVENT_ID_BYTES]) {
    if (memcmp(key, claim->card, CARD_KEY_BYTES) == 0) {
        return REFUSAL_BAD_KEY;
    }
    struct claim_message message = {.rev = claim->rev, .minute = claim->minute};
    memcpy(message.key, key, sizeof message.key);
    memcpy(message.card, claim->card, sizeof message.card);
    memcpy(message.hash, claim->hash, sizeof message.hash);
    bool good = claim_verify(claim->by_question, claim->by_card, event, &message);
    return good ? REFUSAL_OK : REFUSAL_BAD_SIGNATURE;
}
