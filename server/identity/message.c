#include "identity/message.h"

#include <sodium.h>
#include <string.h>

#include "base/log.h"

#define TEXT_BYTES_MAX 65535
/* Label, event, fixed fields and a text: the longest message that is hashed or signed. */
#define MESSAGE_BYTES_MAX (TEXT_BYTES_MAX + 256)

/* crypto_kdf takes exactly 8 bytes of context: the final NUL of this text is the eighth. */
static const char kdf_context[crypto_kdf_CONTEXTBYTES] = "raute.1";

void subkey_derive(uint8_t key[DERIVED_KEY_BYTES], enum subkey which, const uint8_t master[32]) {
    INVARIANT(crypto_kdf_derive_from_key(key, DERIVED_KEY_BYTES, which, kdf_context, master) == 0);
}

void put_u8(struct buffer *message, uint8_t value) {
    buffer_append(message, &value, 1);
}

void put_u16(struct buffer *message, uint16_t value) {
    put_u8(message, (uint8_t)(value >> 8));
    put_u8(message, (uint8_t)value);
}

void put_u32(struct buffer *message, uint32_t value) {
    put_u16(message, (uint16_t)(value >> 16));
    put_u16(message, (uint16_t)value);
}

void put_text(struct buffer *message, const char *text) {
    size_t length = strlen(text);
    INVARIANT(length <= TEXT_BYTES_MAX);
    put_u16(message, (uint16_t)length);
    buffer_append(message, text, length);
}

struct buffer message_start(const char *label, const uint8_t event[EVENT_ID_BYTES]) {
    struct buffer message = buffer_make(MESSAGE_BYTES_MAX);
    size_t length = strlen(label);
    INVARIANT(length <= UINT8_MAX);
    put_u8(&message, (uint8_t)length);
    buffer_append(&message, label, length);
    buffer_append(&message, event, EVENT_ID_BYTES);
    return message;
}

static void message_end(struct buffer *message) {
    sodium_memzero(message->data, message->length);
    buffer_clear(message);
}

void message_hash(struct buffer *message, uint8_t *hash, size_t hash_bytes, const uint8_t *key) {
    INVARIANT(!message->overflow);
    INVARIANT(crypto_generichash(hash, hash_bytes, message->data, message->length, key,
                                 key != NULL ? DERIVED_KEY_BYTES : 0) == 0);
    message_end(message);
}

void message_sha512(struct buffer *message, uint8_t hash[MESSAGE_HASH_BYTES]) {
    INVARIANT(!message->overflow);
    crypto_hash_sha512(hash, message->data, message->length);
    message_end(message);
}

bool message_verify(struct buffer *message, const uint8_t signature[SIGNATURE_BYTES],
                    const uint8_t key[QUESTION_KEY_BYTES]) {
    INVARIANT(!message->overflow);
    bool valid = crypto_sign_verify_detached(signature, message->data, message->length, key) == 0;
    buffer_clear(message);
    return valid;
}
