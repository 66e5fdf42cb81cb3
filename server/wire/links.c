#include "wire/links.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "wire/encode.h"

struct link_keys *link_keys_new(const uint8_t event[EVENT_ID_BYTES],
                                uint8_t hashes[ROLE_KEYS][ROLE_HASH_BYTES]) {
    struct link_keys *keys = memory_new(sizeof *keys);
    for (int i = 0; i < ROLE_KEYS; i++) {
        role_key_new(keys->key[i]);
        role_hash(hashes[i], event, (enum role)(i + 1), keys->key[i]);
    }
    return keys;
}

void link_keys_free(struct link_keys *keys) {
    if (keys != NULL) {
        sodium_memzero(keys, sizeof *keys);
        free(keys);
    }
}

void link_append(struct buffer *out, const char *public_url, const char *slug, enum role role,
                 const uint8_t key[ROLE_KEY_BYTES]) {
    buffer_format(out, "%s/e/%s", public_url, slug);
    if (role != ROLE_AUDIENCE) {
        char text[BASE64_CHARS(ROLE_KEY_BYTES) + 1];
        base64_encode(text, key, ROLE_KEY_BYTES);
        buffer_format(out, "/%s#k=%s", role_name(role), text);
        sodium_memzero(text, sizeof text);
    }
}

void links_append(struct buffer *out, const char *public_url, const char *slug,
                  const struct link_keys *keys) {
    static const enum role roles[] = {ROLE_AUDIENCE, ROLE_MODERATOR, ROLE_STAGE, ROLE_ORGANISER};
    buffer_text(out, "{\"slug\":");
    encode_text(out, slug);
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        enum role role = roles[i];
        struct buffer link = buffer_make(LIMIT_HEADER_BYTES);
        link_append(&link, public_url, slug, role,
                    role == ROLE_AUDIENCE ? NULL : keys->key[role - 1]);
        buffer_format(out, ",\"%s\":", role_name(role));
        encode_text(out, (const char *)link.data);
        sodium_memzero(link.data, link.length);
        buffer_clear(&link);
    }
    buffer_text(out, "}");
}

void request_free(struct journal_request *request) {
    link_keys_free(request->context);
    request->context = NULL;
    if (request->answer != NULL) { /* it may hold admission codes */
        sodium_memzero(request->answer, strlen(request->answer));
    }
    journal_request_free(request);
}
