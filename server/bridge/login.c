#include "bridge/login.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"

#define LABEL       "raute.1/account"
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(BRIDGE_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key length");

/* What is stored, by its name there. */
static const struct field {
    const char *name;
    size_t offset;
} fields[] = {
    {"server", offsetof(struct login, server)},
    {"access", offsetof(struct login, access)},
    {"refresh", offsetof(struct login, refresh)},
    {"client_id", offsetof(struct login, client_id)},
    {"client_secret", offsetof(struct login, client_secret)},
    {"issuer", offsetof(struct login, issuer)},
    {"token_url", offsetof(struct login, token_url)},
    {"revoke_url", offsetof(struct login, revoke_url)},
    {"dpop", offsetof(struct login, dpop)},
};
#define FIELDS (sizeof fields / sizeof *fields)

static char **field_of(struct login *login, size_t at) {
    return (char **)((char *)login + fields[at].offset);
}

struct login *login_new(enum network network) {
    struct login *login = memory_new(sizeof *login);
    login->network = network;
    return login;
}

void login_free(struct login *login) {
    if (login == NULL) {
        return;
    }
    for (size_t at = 0; at < FIELDS; at++) {
        login_set(field_of(login, at), NULL);
    }
    login_set(&login->nonce_server, NULL);
    login_set(&login->nonce_issuer, NULL);
    free(login);
}

void login_set(char **text, const char *value) {
    char *copy = value == NULL ? NULL : memory_text(value);
    if (*text != NULL) {
        sodium_memzero(*text, strlen(*text));
        free(*text);
    }
    *text = copy;
}

static void wipe_free(char *bytes, size_t count) {
    if (bytes != NULL) {
        sodium_memzero(bytes, count);
        free(bytes);
    }
}

static char *login_write(const struct login *login) {
    json_t *object = json_object();
    for (size_t at = 0; at < FIELDS; at++) {
        const char *value = *(char *const *)((const char *)login + fields[at].offset);
        if (value != NULL) {
            (void)json_object_set_new(object, fields[at].name, json_string(value));
        }
    }
    (void)json_object_set_new(object, "oauth", json_boolean(login->oauth));
    (void)json_object_set_new(object, "expires", json_integer(login->expires_at));
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    INVARIANT(text != NULL);
    return text;
}

static struct login *login_read(const char *text, size_t length, enum network network) {
    json_t *object = json_loadb(text, length, 0, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        return NULL;
    }
    struct login *login = login_new(network);
    for (size_t at = 0; at < FIELDS; at++) {
        login_set(field_of(login, at), json_string_value(json_object_get(object, fields[at].name)));
    }
    login->oauth = json_is_true(json_object_get(object, "oauth"));
    login->expires_at = json_integer_value(json_object_get(object, "expires"));
    json_decref(object);
    return login;
}

/* L(label) ‖ event ‖ L(remote); `remote` may be longer than a byte can say: its length is u16. */
static struct buffer data_make(const uint8_t event[EVENT_ID_BYTES], const char *remote) {
    struct buffer data = buffer_make(sizeof LABEL + EVENT_ID_BYTES + 2 + LIMIT_REMOTE_BYTES);
    size_t length = strlen(remote);
    const uint8_t label = sizeof LABEL - 1;
    const uint8_t count[2] = {(uint8_t)(length >> 8), (uint8_t)length};
    buffer_append(&data, &label, 1);
    buffer_text(&data, LABEL);
    buffer_append(&data, event, EVENT_ID_BYTES);
    buffer_append(&data, count, sizeof count);
    buffer_text(&data, remote);
    INVARIANT(!data.overflow);
    return data;
}

void login_seal(const struct login *login, const uint8_t key[BRIDGE_KEY_BYTES],
                const uint8_t event[EVENT_ID_BYTES], const char *remote, uint8_t **bytes,
                uint32_t *count) {
    char *text = login_write(login);
    size_t length = strlen(text);
    struct buffer data = data_make(event, remote);
    unsigned long long sealed;
    *bytes = memory_new(NONCE_BYTES + length + TAG_BYTES);
    randombytes_buf(*bytes, NONCE_BYTES);
    INVARIANT(crypto_aead_xchacha20poly1305_ietf_encrypt(*bytes + NONCE_BYTES, &sealed,
                                                         (const uint8_t *)text, length, data.data,
                                                         data.length, NULL, *bytes, key) == 0);
    *count = (uint32_t)(NONCE_BYTES + sealed);
    buffer_clear(&data);
    wipe_free(text, length);
}

struct login *login_open(const uint8_t *bytes, uint32_t count, enum network network,
                         const uint8_t key[BRIDGE_KEY_BYTES], const uint8_t event[EVENT_ID_BYTES],
                         const char *remote) {
    if (count < NONCE_BYTES + TAG_BYTES || strlen(remote) > LIMIT_REMOTE_BYTES) {
        return NULL;
    }
    struct buffer data = data_make(event, remote);
    size_t room = count - NONCE_BYTES - TAG_BYTES + 1;
    char *text = memory_new(room);
    unsigned long long length;
    struct login *login = NULL;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)text, &length, NULL,
                                                   bytes + NONCE_BYTES, count - NONCE_BYTES,
                                                   data.data, data.length, bytes, key) == 0) {
        login = login_read(text, (size_t)length, network);
    }
    buffer_clear(&data);
    wipe_free(text, room);
    return login;
}
