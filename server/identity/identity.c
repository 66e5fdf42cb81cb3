#include "identity/identity.h"

#include <sodium.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "identity/message.h"

void member_keys_derive(struct member_keys *keys, const uint8_t live[32]) {
    subkey_derive(keys->member, SUBKEY_MEMBER, live);
    subkey_derive(keys->ballot, SUBKEY_BALLOT, live);
}

static void member_mac(uint8_t mac[MEMBER_TOKEN_BYTES - MEMBER_ID_BYTES],
                       const uint8_t id[MEMBER_ID_BYTES], const struct member_keys *keys,
                       const uint8_t event[EVENT_ID_BYTES]) {
    struct buffer message = message_start("raute.1/member", event);
    buffer_append(&message, id, MEMBER_ID_BYTES);
    message_hash(&message, mac, MEMBER_TOKEN_BYTES - MEMBER_ID_BYTES, keys->member);
}

void member_token_new(uint8_t token[MEMBER_TOKEN_BYTES], uint8_t id[MEMBER_ID_BYTES],
                      const struct member_keys *keys, const uint8_t event[EVENT_ID_BYTES]) {
    random_fill(id, MEMBER_ID_BYTES);
    member_token_make(token, id, keys, event);
}

void member_token_make(uint8_t token[MEMBER_TOKEN_BYTES], const uint8_t id[MEMBER_ID_BYTES],
                       const struct member_keys *keys, const uint8_t event[EVENT_ID_BYTES]) {
    memcpy(token, id, MEMBER_ID_BYTES);
    member_mac(token + MEMBER_ID_BYTES, id, keys, event);
}

bool member_token_check(uint8_t id[MEMBER_ID_BYTES], const uint8_t token[MEMBER_TOKEN_BYTES],
                        const struct member_keys *keys, const uint8_t event[EVENT_ID_BYTES]) {
    uint8_t mac[MEMBER_TOKEN_BYTES - MEMBER_ID_BYTES];
    member_mac(mac, token, keys, event);
    bool valid = sodium_memcmp(mac, token + MEMBER_ID_BYTES, sizeof mac) == 0;
    sodium_memzero(mac, sizeof mac);
    if (valid) {
        memcpy(id, token, MEMBER_ID_BYTES);
    }
    return valid;
}

void ballot_make(uint8_t ballot[BALLOT_BYTES], const struct member_keys *keys,
                 const uint8_t id[MEMBER_ID_BYTES], uint32_t number) {
    struct buffer message = buffer_make(MEMBER_ID_BYTES + sizeof number);
    buffer_append(&message, id, MEMBER_ID_BYTES);
    put_u32(&message, number);
    message_hash(&message, ballot, BALLOT_BYTES, keys->ballot);
}

void role_key_new(uint8_t key[ROLE_KEY_BYTES]) {
    random_fill(key, ROLE_KEY_BYTES);
}

void role_hash(uint8_t hash[ROLE_HASH_BYTES], const uint8_t event[EVENT_ID_BYTES], enum role role,
               const uint8_t key[ROLE_KEY_BYTES]) {
    struct buffer message = message_start("raute.1/role", event);
    put_u8(&message, (uint8_t)role);
    buffer_append(&message, key, ROLE_KEY_BYTES);
    message_hash(&message, hash, ROLE_HASH_BYTES, NULL);
}

static const char *const role_names[] = {
    [ROLE_AUDIENCE] = "audience",
    [ROLE_ORGANISER] = "organiser",
    [ROLE_MODERATOR] = "moderator",
    [ROLE_STAGE] = "stage",
};

#define ROLES (sizeof role_names / sizeof *role_names)

const char *role_name(enum role role) {
    INVARIANT((size_t)role < ROLES);
    return role_names[role];
}

int role_find(const char *name) {
    for (size_t role = 0; role < ROLES; role++) {
        if (strcmp(role_names[role], name) == 0) {
            return (int)role;
        }
    }
    return -1;
}

bool question_key_valid(const uint8_t key[QUESTION_KEY_BYTES]) {
    return crypto_core_ed25519_is_valid_point(key) == 1;
}

void forgotten_hash(uint8_t hash[FORGOTTEN_BYTES], const uint8_t event[EVENT_ID_BYTES],
                    const uint8_t key[QUESTION_KEY_BYTES]) {
    struct buffer message = message_start("raute.1/forgotten", event);
    buffer_append(&message, key, QUESTION_KEY_BYTES);
    message_hash(&message, hash, FORGOTTEN_BYTES, NULL);
}

bool ask_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                const uint8_t key[QUESTION_KEY_BYTES], const uint8_t salt[QUESTION_SALT_BYTES],
                uint32_t talk, uint8_t degree, const char *text) {
    struct buffer message = message_start("raute.1/ask", event);
    buffer_append(&message, key, QUESTION_KEY_BYTES);
    buffer_append(&message, salt, QUESTION_SALT_BYTES);
    put_u32(&message, talk);
    put_u8(&message, degree);
    put_text(&message, text);
    return message_verify(&message, signature, key);
}

bool edit_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                 const uint8_t key[QUESTION_KEY_BYTES], uint32_t rev, const char *text) {
    struct buffer message = message_start("raute.1/edit", event);
    buffer_append(&message, key, QUESTION_KEY_BYTES);
    put_u32(&message, rev);
    put_text(&message, text);
    return message_verify(&message, signature, key);
}

bool withdraw_verify(const uint8_t signature[SIGNATURE_BYTES], const uint8_t event[EVENT_ID_BYTES],
                     const uint8_t key[QUESTION_KEY_BYTES], uint32_t rev) {
    struct buffer message = message_start("raute.1/withdraw", event);
    buffer_append(&message, key, QUESTION_KEY_BYTES);
    put_u32(&message, rev);
    return message_verify(&message, signature, key);
}

bool question_degree_verify(const uint8_t signature[SIGNATURE_BYTES],
                            const uint8_t event[EVENT_ID_BYTES],
                            const uint8_t key[QUESTION_KEY_BYTES], uint32_t rev, uint8_t degree) {
    struct buffer message = message_start("raute.1/degree", event);
    buffer_append(&message, key, QUESTION_KEY_BYTES);
    put_u32(&message, rev);
    put_u8(&message, degree);
    return message_verify(&message, signature, key);
}
