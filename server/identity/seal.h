/* Sealing of what is stored but is nobody's to read in a leaked file: XChaCha20-Poly1305, random
 * nonce first, associated data L(label) ‖ event. The key is derived from the memory half of the
 * event's secret, which lies outside the database (subkey 6). */
#ifndef RAUTE_IDENTITY_SEAL_H
#define RAUTE_IDENTITY_SEAL_H

#include "identity/claim.h"

#define SEAL_BYTES       40 /* nonce and tag: a sealed text is so much longer */
#define SEALED_KEY_BYTES 16

void seal_key_derive(uint8_t key[DERIVED_KEY_BYTES], const uint8_t memory[32]);

/* `sealed` has count + SEAL_BYTES bytes. */
void seal(uint8_t *sealed, const uint8_t *bytes, size_t count, const char *label,
          const uint8_t event[EVENT_ID_BYTES], const uint8_t key[DERIVED_KEY_BYTES]);
/* False: not sealed with this key, label and event, or shorter than SEAL_BYTES. `bytes` has
 * count − SEAL_BYTES bytes. */
bool seal_open(uint8_t *bytes, const uint8_t *sealed, size_t count, const char *label,
               const uint8_t event[EVENT_ID_BYTES], const uint8_t key[DERIVED_KEY_BYTES]);

/* The name of a sealed row: a keyed hash of the card, and of the question's number (0: the card's
 * own row). */
void sealed_key_make(uint8_t name[SEALED_KEY_BYTES], const uint8_t card[CARD_KEY_BYTES],
                     uint32_t number, const uint8_t key[DERIVED_KEY_BYTES]);

#endif
