#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "wire/decode.h"
#include "wire/forms.h"

const struct member OWN_LOGIN_MEMBERS[] = {
    {"card", MEMBER_BYTES, false, CARD_KEY_BYTES, 0},
    {"account", MEMBER_WORD, false, 0, 0},
    {"purpose", MEMBER_WORD, false, 0, 0},
    {"n", MEMBER_NUMBER, true, 0, 0},
    {"challenge", MEMBER_BYTES, false, 32, 0},
    {0},
};

const struct member PROVE_MEMBERS[] = {
    {"card", MEMBER_BYTES, false, CARD_KEY_BYTES, 0},
    {"account", MEMBER_WORD, false, 0, 0},
    {"kind", MEMBER_WORD, false, 0, 0},
    {"n", MEMBER_NUMBER, true, 0, 0},
    {"salt", MEMBER_BYTES, true, QUESTION_SALT_BYTES, 0},
    {"url", MEMBER_WORD, true, 0, 0},
    {0},
};

/* The account as on the card; "" (its web page) where it may be that. */
static enum refusal own_account(const json_t *object, struct command *command, bool page) {
    object_bytes(command->as.own.card, CARD_KEY_BYTES, object, "card");
    const char *account = object_text(object, "account");
    if (account[0] == '\0' ? !page : !account_form(account)) {
        return REFUSAL_BAD_ACCOUNT;
    }
    memcpy(command->as.own.account, account, strlen(account) + 1);
    return REFUSAL_OK;
}

enum refusal decode_own_login(const json_t *object, struct command *command) {
    const char *purpose = object_text(object, "purpose");
    command->as.own.post = strcmp(purpose, "post") == 0;
    if (!command->as.own.post && strcmp(purpose, "prove") != 0) {
        return REFUSAL_BAD_VALUE;
    }
    if (command->as.own.post != object_has(object, "n")) {
        return REFUSAL_BAD_MESSAGE;
    }
    command->as.own.number = object_number(object, "n");
    object_bytes(command->as.own.challenge, sizeof command->as.own.challenge, object, "challenge");
    return own_account(object, command, false);
}

enum refusal decode_own_finish(const json_t *object, struct command *command) {
    return login_read(object,
                      &(struct login_texts){&command->as.own.state, &command->as.own.code,
                                            &command->as.own.verifier, &command->as.own.issuer});
}

/* A post proves with its address and the opening of its code, a link with nothing else. */
enum refusal decode_prove(const json_t *object, struct command *command) {
    bool post = strcmp(object_text(object, "kind"), "post") == 0;
    if (!post && strcmp(object_text(object, "kind"), "link") != 0) {
        return REFUSAL_BAD_VALUE;
    }
    if (object_has(object, "n") != post || object_has(object, "salt") != post ||
        object_has(object, "url") != post) {
        return REFUSAL_BAD_MESSAGE;
    }
    command->as.own.kind = post ? PROOF_POST : PROOF_LINK;
    if (post) {
        const char *url = object_text(object, "url");
        if (strlen(url) > LIMIT_URL_BYTES) {
            return REFUSAL_TOO_LONG;
        }
        if (!web_form(url)) {
            return REFUSAL_BAD_VALUE;
        }
        command->as.own.url = memory_text(url);
        command->as.own.number = object_number(object, "n");
        object_bytes(command->as.own.salt, QUESTION_SALT_BYTES, object, "salt");
    }
    return own_account(object, command, !post);
}
