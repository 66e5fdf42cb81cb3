#include "identity/seal.h"

#include <sodium.h>

#include "base/log.h"
#include "base/random.h"
#include "identity/message.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

_Static_assert(SEAL_BYTES == NONCE_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "as libsodium");

void seal_key_derive(uint8_t key[DERIVED_KEY_BYTES], const uint8_t memory[32]) {
    subkey_derive(key, SUBKEY_SEAL, memory);
}

void seal(uint8_t *sealed, const uint8_t *bytes, size_t count, const char *label,
          const uint8_t event[EVENT_ID_BYTES], const uint8_t key[DERIVED_KEY_BYTES]) {
    struct buffer data = message_start(label, event);
    random_fill(sealed, NONCE_BYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, NULL, bytes, count,
                                                     data.data, data.length, NULL, sealed, key);
    buffer_clear(&data);
}

bool seal_open(uint8_t *bytes, const uint8_t *sealed, size_t count, const char *label,
               const uint8_t event[EVENT_ID_BYTES], const uint8_t key[DERIVED_KEY_BYTES]) {
    if (count < SEAL_BYTES) {
        return false;
    }
    struct buffer data = message_start(label, event);
    bool whole = crypto_aead_xchacha20poly1305_ietf_decrypt(bytes, NULL, NULL, sealed + NONCE_BYTES,
                                                            count - NONCE_BYTES, data.data,
                                                            data.length, sealed, key) == 0;
    buffer_clear(&data);
    return whole;
}

void sealed_key_make(uint8_t name[SEALED_KEY_BYTES], const uint8_t card[CARD_KEY_BYTES],
                     uint32_t number, const uint8_t key[DERIVED_KEY_BYTES]) {
    struct buffer message = buffer_make(CARD_KEY_BYTES + sizeof number);
    buffer_append(&message, card, CARD_KEY_BYTES);
    put_u32(&message, number);
    message_hash(&message, name, SEALED_KEY_BYTES, key);
}
