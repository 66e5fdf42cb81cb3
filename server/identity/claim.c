#include "identity/claim.h"

#include <string.h>

#include "base/log.h"
#include "identity/message.h"

/* The first bytes of a message's SHA-512. */
static void message_digest(struct buffer *message, uint8_t *digest, size_t bytes) {
    uint8_t whole[MESSAGE_HASH_BYTES];
    message_sha512(message, whole);
    memcpy(digest, whole, bytes);
}

void text_hash(uint8_t hash[TEXT_HASH_BYTES], const uint8_t event[EVENT_ID_BYTES],
               const char *text) {
    struct buffer message = message_start("raute.1/text", event);
    put_text(&message, text);
    message_digest(&message, hash, TEXT_HASH_BYTES);
}

bool card_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                 const uint8_t card[CARD_KEY_BYTES], uint32_t rev, const struct card_text *text) {
    INVARIANT(text->account_count <= LIMIT_CARD_ACCOUNTS);
    struct buffer message = message_start("raute.1/card", event);
    buffer_append(&message, card, CARD_KEY_BYTES);
    put_u32(&message, rev);
    put_text(&message, text->name);
    put_text(&message, text->line);
    put_text(&message, text->web);
    put_u8(&message, text->account_count);
    for (uint8_t i = 0; i < text->account_count; i++) {
        put_text(&message, text->accounts[i]);
    }
    put_u8(&message, text->lists ? 1 : 0);
    return message_verify(&message, signature, card);
}

bool card_delete_verify(const uint8_t signature[SIGNATURE_BYTES],
                        const uint8_t event[EVENT_ID_BYTES], const uint8_t card[CARD_KEY_BYTES],
                        uint32_t rev) {
    struct buffer message = message_start("raute.1/card-delete", event);
    buffer_append(&message, card, CARD_KEY_BYTES);
    put_u32(&message, rev);
    return message_verify(&message, signature, card);
}

static struct buffer claim_start(const char *label, const uint8_t event[EVENT_ID_BYTES],
                                 const struct claim_message *claim) {
    struct buffer message = message_start(label, event);
    buffer_append(&message, claim->key, QUESTION_KEY_BYTES);
    buffer_append(&message, claim->card, CARD_KEY_BYTES);
    put_u32(&message, claim->rev);
    put_u32(&message, claim->minute);
    buffer_append(&message, claim->hash, TEXT_HASH_BYTES);
    return message;
}

bool claim_verify(const uint8_t by_question[SIGNATURE_BYTES],
                  const uint8_t by_card[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                  const struct claim_message *claim) {
    struct buffer question = claim_start("raute.1/claim-question", event, claim);
    struct buffer card = claim_start("raute.1/claim-card", event, claim);
    bool first = message_verify(&question, by_question, claim->key);
    bool second = message_verify(&card, by_card, claim->card);
    return first && second;
}

bool unclaim_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                    const uint8_t key[QUESTION_KEY_BYTES], const uint8_t card[CARD_KEY_BYTES],
                    uint32_t rev, bool by_card) {
    const char *label = by_card ? "raute.1/unclaim-card" : "raute.1/unclaim-question";
    struct buffer message = message_start(label, event);
    buffer_append(&message, key, QUESTION_KEY_BYTES);
    buffer_append(&message, card, CARD_KEY_BYTES);
    put_u32(&message, rev);
    return message_verify(&message, signature, by_card ? card : key);
}

bool interest_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                     const uint8_t card[CARD_KEY_BYTES], uint32_t number, uint32_t minute,
                     enum interest_scope scope) {
    struct buffer message = message_start("raute.1/interest", event);
    buffer_append(&message, card, CARD_KEY_BYTES);
    put_u32(&message, number);
    put_u32(&message, minute);
    put_u8(&message, (uint8_t)scope);
    return message_verify(&message, signature, card);
}

void claim_forgotten_hash(uint8_t hash[FORGOTTEN_BYTES], const uint8_t event[EVENT_ID_BYTES],
                          const uint8_t by_question[SIGNATURE_BYTES]) {
    struct buffer message = message_start("raute.1/forgotten", event);
    buffer_append(&message, by_question, SIGNATURE_BYTES);
    message_hash(&message, hash, FORGOTTEN_BYTES, NULL);
}

void post_code_make(uint8_t code[POST_CODE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                    const uint8_t key[QUESTION_KEY_BYTES], const uint8_t card[CARD_KEY_BYTES],
                    const uint8_t salt[QUESTION_SALT_BYTES], const char *account) {
    struct buffer message = message_start("raute.1/code", event);
    buffer_append(&message, key, QUESTION_KEY_BYTES);
    buffer_append(&message, card, CARD_KEY_BYTES);
    buffer_append(&message, salt, QUESTION_SALT_BYTES);
    put_text(&message, account);
    message_digest(&message, code, POST_CODE_BYTES);
}
