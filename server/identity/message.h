/* The bytes that are signed and hashed: L(label) ‖ event ‖ fields, integers big-endian,
 * L(s) = u8 length ‖ ASCII, T(s) = u16 byte length ‖ UTF-8 (wire/README.md, "Signed messages").
 * Internal to identity. */
#ifndef RAUTE_IDENTITY_MESSAGE_H
#define RAUTE_IDENTITY_MESSAGE_H

#include "base/buffer.h"
#include "identity/identity.h"

#define MESSAGE_HASH_BYTES 64 /* of message_sha512 */

/* crypto_kdf's subkeys: of the live half of an event's secret, and of the memory half. */
enum subkey {
    SUBKEY_MEMBER = 1,
    SUBKEY_BALLOT = 2,
    SUBKEY_PASS = 3,
    SUBKEY_ADMITTED = 4,
    SUBKEY_TICKET = 5,
    SUBKEY_SEAL = 6, /* of the memory half */
};
void subkey_derive(uint8_t key[DERIVED_KEY_BYTES], enum subkey which, const uint8_t master[32]);

/* Every message begins L(label) ‖ event. Ended by one of the last three functions. */
struct buffer message_start(const char *label, const uint8_t event[EVENT_ID_BYTES]);
void put_u8(struct buffer *message, uint8_t value);
void put_u16(struct buffer *message, uint16_t value);
void put_u32(struct buffer *message, uint32_t value);
void put_text(struct buffer *message, const char *text); /* T(s), at most 65,535 bytes */
/* crypto_generichash of `hash_bytes` (without a key when `key` is NULL); wipes and frees. */
void message_hash(struct buffer *message, uint8_t *hash, size_t hash_bytes, const uint8_t *key);
void message_sha512(struct buffer *message, uint8_t hash[MESSAGE_HASH_BYTES]); /* likewise */
/* Checks the signature over the message, and frees it. */
bool message_verify(struct buffer *message, const uint8_t signature[SIGNATURE_BYTES],
                    const uint8_t key[QUESTION_KEY_BYTES]);

#endif
