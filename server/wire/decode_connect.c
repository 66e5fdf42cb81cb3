#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "wire/decode.h"

/* What far servers and people's password managers make; nobody reads it. */
#define PASSWORD_BYTES     200
#define STATE_CHARS        22
#define CODE_BYTES         2048
#define VERIFIER_CHARS_MIN 43
#define VERIFIER_CHARS     128

const struct member CONNECT_MEMBERS[] = {
    {"network", MEMBER_WORD, false, 0, 0},
    {"server", MEMBER_WORD, true, 0, 0},
    {"challenge", MEMBER_BYTES, false, 32, 0},
    {0},
};

const struct member CONNECT_FINISH_MEMBERS[] = {
    {"state", MEMBER_WORD, false, 0, 0},
    {"code", MEMBER_WORD, false, 0, 0},
    {"verifier", MEMBER_WORD, false, 0, 0},
    {"issuer", MEMBER_WORD, true, 0, 0},
    {0},
};

const struct member CONNECT_PASSWORD_MEMBERS[] = {
    {"network", MEMBER_WORD, false, 0, 0},
    {"server", MEMBER_WORD, false, 0, 0},
    {"password", MEMBER_WORD, false, 0, 0},
    {0},
};

const struct member ACCOUNT_MEMBERS[] = {{"account", MEMBER_NUMBER, false, 0, 0}, {0}};

/* Copies `name`, 1 to `most` bytes without control characters, to where the command owns it. */
static enum refusal opaque_take(char **to, const json_t *object, const char *name, size_t most) {
    const char *text = object_text(object, name);
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            return REFUSAL_BAD_VALUE;
        }
    }
    size_t length = strlen(text);
    if (length == 0 || length > most) {
        return length == 0 ? REFUSAL_BAD_VALUE : REFUSAL_TOO_LONG;
    }
    *to = memory_text(text);
    return REFUSAL_OK;
}

static enum refusal network_read(const json_t *object, struct command *command) {
    int network = network_find(object_text(object, "network"));
    command->as.connect.network = (enum network)network;
    return network < 0 ? REFUSAL_BAD_VALUE : REFUSAL_OK;
}

enum refusal decode_connect(const json_t *object, struct command *command) {
    enum refusal refusal = network_read(object, command);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    object_bytes(command->as.connect.challenge, sizeof command->as.connect.challenge, object,
                 "challenge");
    bool server = command->as.connect.network != NETWORK_X; /* there is but one */
    if (server != object_has(object, "server")) {
        return REFUSAL_BAD_MESSAGE;
    }
    return server ? opaque_take(&command->as.connect.server, object, "server", LIMIT_ORIGIN_BYTES)
                  : REFUSAL_OK;
}

/* RFC 7636, 4.1. */
static bool verifier_good(const char *verifier) {
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-._~";
    size_t length = strlen(verifier);
    return length >= VERIFIER_CHARS_MIN && length <= VERIFIER_CHARS &&
           strspn(verifier, unreserved) == length;
}

enum refusal login_read(const json_t *object, const struct login_texts *texts) {
    if (strlen(object_text(object, "state")) != STATE_CHARS ||
        !verifier_good(object_text(object, "verifier"))) {
        return REFUSAL_BAD_VALUE;
    }
    enum refusal refusal = opaque_take(texts->state, object, "state", STATE_CHARS);
    if (refusal == REFUSAL_OK) {
        refusal = opaque_take(texts->code, object, "code", CODE_BYTES);
    }
    if (refusal == REFUSAL_OK) {
        refusal = opaque_take(texts->verifier, object, "verifier", VERIFIER_CHARS);
    }
    if (refusal == REFUSAL_OK && object_has(object, "issuer")) {
        refusal = opaque_take(texts->issuer, object, "issuer", LIMIT_ORIGIN_BYTES);
    }
    return refusal;
}

enum refusal decode_connect_finish(const json_t *object, struct command *command) {
    return login_read(
        object, &(struct login_texts){&command->as.connect.state, &command->as.connect.code,
                                      &command->as.connect.verifier, &command->as.connect.issuer});
}

enum refusal decode_connect_password(const json_t *object, struct command *command) {
    enum refusal refusal = network_read(object, command);
    if (refusal == REFUSAL_OK && command->as.connect.network != NETWORK_BLUESKY) {
        refusal = REFUSAL_BAD_VALUE;
    }
    if (refusal == REFUSAL_OK) {
        refusal = opaque_take(&command->as.connect.server, object, "server", LIMIT_ORIGIN_BYTES);
    }
    if (refusal == REFUSAL_OK) {
        refusal = opaque_take(&command->as.connect.password, object, "password", PASSWORD_BYTES);
    }
    return refusal;
}

enum refusal decode_account_test(const json_t *object, struct command *command) {
    command->as.connect.account = object_number(object, "account");
    return REFUSAL_OK;
}

enum refusal decode_disconnect(const json_t *object, struct command *command) {
    command->as.account.id = object_number(object, "account");
    return REFUSAL_OK;
}
