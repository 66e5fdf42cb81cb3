#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "wire/decode.h"

#define QUESTION_KEY                                                                               \
    { "key", MEMBER_BYTES, false, QUESTION_KEY_BYTES, 0 }
#define QUESTION_TEXT                                                                              \
    { "text", MEMBER_TEXT, false, LIMIT_QUESTION_BYTES, LIMIT_QUESTION_GRAPHEMES }
#define SIGNATURE                                                                                  \
    { "sig", MEMBER_BYTES, false, SIGNATURE_BYTES, 0 }

const struct member ASK_MEMBERS[] = {
    QUESTION_KEY,
    {"salt", MEMBER_BYTES, false, QUESTION_SALT_BYTES, 0},
    {"talk", MEMBER_NUMBER, false, 0, 0},
    {"degree", MEMBER_NUMBER, false, 0, 0},
    QUESTION_TEXT,
    SIGNATURE,
    {0},
};

const struct member EDIT_MEMBERS[] = {
    QUESTION_KEY, {"rev", MEMBER_NUMBER, false, 0, 0}, QUESTION_TEXT, SIGNATURE, {0},
};

const struct member WITHDRAW_MEMBERS[] = {
    QUESTION_KEY,
    {"rev", MEMBER_NUMBER, false, 0, 0},
    SIGNATURE,
    {0},
};

const struct member DEGREE_MEMBERS[] = {
    QUESTION_KEY,
    {"rev", MEMBER_NUMBER, false, 0, 0},
    {"degree", MEMBER_NUMBER, false, 0, 0},
    SIGNATURE,
    {0},
};

const struct member VOTE_MEMBERS[] = {
    {"n", MEMBER_NUMBER, false, 0, 0},
    {0},
};

static enum refusal degree_read(const json_t *object, struct command *command) {
    uint32_t degree = object_number(object, "degree");
    command->as.question.degree = (uint8_t)degree;
    return degree > 2 ? REFUSAL_BAD_VALUE : REFUSAL_OK;
}

enum refusal decode_ask(const json_t *object, struct command *command) {
    command->as.question.talk = object_number(object, "talk");
    object_bytes(command->as.question.key, QUESTION_KEY_BYTES, object, "key");
    object_bytes(command->as.question.salt, QUESTION_SALT_BYTES, object, "salt");
    command->text = memory_text(object_text(object, "text"));
    return degree_read(object, command);
}

enum refusal verify_ask(const json_t *object, const struct command *command) {
    uint8_t signature[SIGNATURE_BYTES];
    object_bytes(signature, sizeof signature, object, "sig");
    if (!question_key_valid(command->as.question.key)) {
        return REFUSAL_BAD_KEY;
    }
    bool good =
        ask_verify(signature, command->event, command->as.question.key, command->as.question.salt,
                   command->as.question.talk, command->as.question.degree, command->text);
    return good ? REFUSAL_OK : REFUSAL_BAD_SIGNATURE;
}

enum refusal decode_edit(const json_t *object, struct command *command) {
    command->text = memory_text(object_text(object, "text"));
    return decode_withdraw(object, command);
}

enum refusal verify_edit(const json_t *object, const struct command *command) {
    uint8_t signature[SIGNATURE_BYTES];
    object_bytes(signature, sizeof signature, object, "sig");
    bool good = edit_verify(signature, command->event, command->as.question.key,
                            command->as.question.rev, command->text);
    return good ? REFUSAL_OK : REFUSAL_BAD_SIGNATURE;
}

enum refusal decode_withdraw(const json_t *object, struct command *command) {
    object_bytes(command->as.question.key, QUESTION_KEY_BYTES, object, "key");
    command->as.question.rev = object_number(object, "rev");
    return REFUSAL_OK;
}

enum refusal verify_withdraw(const json_t *object, const struct command *command) {
    uint8_t signature[SIGNATURE_BYTES];
    object_bytes(signature, sizeof signature, object, "sig");
    bool good = withdraw_verify(signature, command->event, command->as.question.key,
                                command->as.question.rev);
    return good ? REFUSAL_OK : REFUSAL_BAD_SIGNATURE;
}

enum refusal decode_degree(const json_t *object, struct command *command) {
    (void)decode_withdraw(object, command);
    return degree_read(object, command);
}

enum refusal verify_degree(const json_t *object, const struct command *command) {
    uint8_t signature[SIGNATURE_BYTES];
    object_bytes(signature, sizeof signature, object, "sig");
    bool good = question_degree_verify(signature, command->event, command->as.question.key,
                                       command->as.question.rev, command->as.question.degree);
    return good ? REFUSAL_OK : REFUSAL_BAD_SIGNATURE;
}

enum refusal decode_vote(const json_t *object, struct command *command) {
    command->as.vote.number = object_number(object, "n");
    return REFUSAL_OK;
}

enum refusal complete_vote(const json_t *object, const struct session *session,
                           struct journal_request *request) {
    (void)object;
    ballot_make(request->command.as.vote.ballot, session->door->keys, session->member_id,
                request->command.as.vote.number);
    return REFUSAL_OK;
}
