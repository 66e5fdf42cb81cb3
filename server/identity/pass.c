#include "identity/pass.h"

#include <sodium.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"
#include "identity/message.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void pass_keys_derive(struct pass_keys *keys, const uint8_t live[32],
                      const uint8_t event[EVENT_ID_BYTES]) {
    uint8_t seed[DERIVED_KEY_BYTES];
    struct buffer info = buffer_make(64);
    buffer_text(&info, "raute.1/pass");
    buffer_append(&info, event, EVENT_ID_BYTES);
    subkey_derive(seed, SUBKEY_PASS, live);
    voprf_keys_derive(&keys->pass, seed, info.data, info.length);
    sodium_memzero(seed, sizeof seed);
    buffer_clear(&info);
    subkey_derive(keys->admitted, SUBKEY_ADMITTED, live);
    subkey_derive(keys->ticket, SUBKEY_TICKET, live);
}

void ticket_new(char code[TICKET_CHARS + 1]) {
    uint8_t random[TICKET_CHARS];
    random_fill(random, sizeof random);
    for (size_t i = 0; i < TICKET_CHARS; i++) {
        code[i] = alphabet[random[i] % (sizeof alphabet - 1)];
    }
    code[TICKET_CHARS] = '\0';
    sodium_memzero(random, sizeof random);
}

/* The character that it stands for, or NUL. */
static char ticket_char(char c) {
    char upper = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    if (upper == 'O') {
        return '0';
    }
    if (upper == 'I' || upper == 'L') {
        return '1';
    }
    return upper != '\0' && strchr(alphabet, upper) != NULL ? upper : '\0';
}

bool ticket_read(char code[TICKET_CHARS + 1], const char *text) {
    size_t length = 0;
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == ' ') {
            continue;
        }
        char c = ticket_char(*text);
        if (c == '\0' || length == TICKET_CHARS) {
            return false;
        }
        code[length++] = c;
    }
    code[length] = '\0';
    return length == TICKET_CHARS;
}

static void keyed_hash(uint8_t *hash, size_t bytes, const void *text, size_t length,
                       const uint8_t key[DERIVED_KEY_BYTES]) {
    INVARIANT(crypto_generichash(hash, bytes, text, length, key, DERIVED_KEY_BYTES) == 0);
}

void ticket_hash(uint8_t hash[TICKET_HASH_BYTES], const char code[TICKET_CHARS + 1],
                 const struct pass_keys *keys) {
    keyed_hash(hash, TICKET_HASH_BYTES, code, TICKET_CHARS, keys->ticket);
}

void ticket_request_hash(uint8_t hash[TICKET_HASH_BYTES],
                         const uint8_t (*elements)[VOPRF_ELEMENT_BYTES], size_t count,
                         const struct pass_keys *keys) {
    keyed_hash(hash, TICKET_HASH_BYTES, elements, count * VOPRF_ELEMENT_BYTES, keys->ticket);
}

bool pass_redeem(uint8_t id[MEMBER_ID_BYTES], const uint8_t nonce[PASS_NONCE_BYTES],
                 const uint8_t output[VOPRF_OUTPUT_BYTES], const struct pass_keys *keys,
                 const uint8_t event[EVENT_ID_BYTES]) {
    uint8_t expected[VOPRF_OUTPUT_BYTES];
    struct buffer input = message_start("raute.1/pass", event);
    buffer_append(&input, nonce, PASS_NONCE_BYTES);
    bool valid = voprf_output(expected, input.data, input.length, &keys->pass) &&
                 sodium_memcmp(expected, output, sizeof expected) == 0;
    sodium_memzero(input.data, input.length);
    buffer_clear(&input);
    sodium_memzero(expected, sizeof expected);
    if (valid) {
        keyed_hash(id, MEMBER_ID_BYTES, nonce, PASS_NONCE_BYTES, keys->admitted);
    }
    return valid;
}
