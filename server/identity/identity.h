/* Keys, tokens, ballots, signatures: pure functions on libsodium. Knows no event, only its 16
 * bytes. Secrets are wiped by whoever made them. */
#ifndef RAUTE_IDENTITY_IDENTITY_H
#define RAUTE_IDENTITY_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVENT_ID_BYTES      16
#define SECRET_BYTES        64 /* live 32 ‖ memory 32 */
#define DERIVED_KEY_BYTES   32
#define MEMBER_ID_BYTES     16
#define MEMBER_TOKEN_BYTES  32
#define BALLOT_BYTES        16
#define QUESTION_KEY_BYTES  32
#define QUESTION_SALT_BYTES 16
#define QUESTION_TAG_BYTES  8
#define SIGNATURE_BYTES     64
#define ROLE_KEY_BYTES      16
#define ROLE_HASH_BYTES     32
#define ROLE_KEYS           3
#define FORGOTTEN_BYTES     16

enum role { ROLE_AUDIENCE = 0, ROLE_ORGANISER = 1, ROLE_MODERATOR = 2, ROLE_STAGE = 3 };

/* What a network thread needs of the live secret. Fixed subkeys 1 and 2 of crypto_kdf. */
struct member_keys {
    uint8_t member[DERIVED_KEY_BYTES];
    uint8_t ballot[DERIVED_KEY_BYTES];
};

/* live: the first 32 bytes of the event's secret. */
void member_keys_derive(struct member_keys *keys, const uint8_t live[32]);

/* A new member: random id and its token, id ‖ MAC. */
void member_token_new(uint8_t token[MEMBER_TOKEN_BYTES], uint8_t id[MEMBER_ID_BYTES],
                      const struct member_keys *keys, const uint8_t event[EVENT_ID_BYTES]);
/* The token of a member that is known otherwise (identity/pass.h). */
void member_token_make(uint8_t token[MEMBER_TOKEN_BYTES], const uint8_t id[MEMBER_ID_BYTES],
                       const struct member_keys *keys, const uint8_t event[EVENT_ID_BYTES]);
/* Compares in constant time. True: `id` is filled. */
bool member_token_check(uint8_t id[MEMBER_ID_BYTES], const uint8_t token[MEMBER_TOKEN_BYTES],
                        const struct member_keys *keys, const uint8_t event[EVENT_ID_BYTES]);

void ballot_make(uint8_t ballot[BALLOT_BYTES], const struct member_keys *keys,
                 const uint8_t id[MEMBER_ID_BYTES], uint32_t number);

/* A random role key, and the hash that is stored of one. */
void role_key_new(uint8_t key[ROLE_KEY_BYTES]);
void role_hash(uint8_t hash[ROLE_HASH_BYTES], const uint8_t event[EVENT_ID_BYTES], enum role role,
               const uint8_t key[ROLE_KEY_BYTES]);
/* "organiser"; static text. role_find: -1 when the name is unknown. */
const char *role_name(enum role role);
int role_find(const char *name);

/* True for a canonical point of the prime-order group (crypto_core_ed25519_is_valid_point). */
bool question_key_valid(const uint8_t key[QUESTION_KEY_BYTES]);

void forgotten_hash(uint8_t hash[FORGOTTEN_BYTES], const uint8_t event[EVENT_ID_BYTES],
                    const uint8_t key[QUESTION_KEY_BYTES]);

/* Checks of the signed messages; see wire/README.md for the bytes. `text` is valid UTF-8 of at most
 * 65,535 bytes. crypto_sign_verify_detached. */
bool ask_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                const uint8_t key[QUESTION_KEY_BYTES], const uint8_t salt[QUESTION_SALT_BYTES],
                uint32_t talk, uint8_t degree, const char *text);
bool edit_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                 const uint8_t key[QUESTION_KEY_BYTES], uint32_t rev, const char *text);
bool withdraw_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                     const uint8_t key[QUESTION_KEY_BYTES], uint32_t rev);
bool question_degree_verify(const uint8_t signature[SIGNATURE_BYTES],
                            const uint8_t event[EVENT_ID_BYTES],
                            const uint8_t key[QUESTION_KEY_BYTES], uint32_t rev, uint8_t degree);

#endif
