#include "base/limits.h"
#include "base/memory.h"
#include "wire/decode.h"

#define NUMBER                                                                                     \
    { "n", MEMBER_NUMBER, false, 0, 0 }
#define ACCOUNT                                                                                    \
    { "account", MEMBER_NUMBER, false, 0, 0 }

const struct member PUBLISH_MEMBERS[] = {
    NUMBER,
    {"rev", MEMBER_NUMBER, false, 0, 0},
    {0},
};

const struct member OPEN_MEMBERS[] = {
    NUMBER,
    {"on", MEMBER_FLAG, false, 0, 0},
    {0},
};

const struct member WARN_MEMBERS[] = {
    NUMBER,
    {"text", MEMBER_TEXT, true, LIMIT_WARNING_BYTES, LIMIT_WARNING_GRAPHEMES},
    {0},
};

const struct member POST_RETRY_MEMBERS[] = {
    NUMBER,
    ACCOUNT,
    {"kind", MEMBER_WORD, false, 0, 0},
    {0},
};

const struct member POST_DROP_MEMBERS[] = {NUMBER, ACCOUNT, {0}};

enum refusal decode_publish(const json_t *object, struct command *command) {
    command->as.publish.number = object_number(object, "n");
    command->as.publish.rev = object_number(object, "rev");
    return REFUSAL_OK;
}

enum refusal decode_open(const json_t *object, struct command *command) {
    command->as.publish.number = object_number(object, "n");
    command->as.publish.on = object_flag(object, "on");
    return REFUSAL_OK;
}

enum refusal decode_warn(const json_t *object, struct command *command) {
    command->as.publish.number = object_number(object, "n");
    if (object_has(object, "text")) {
        command->text = memory_text(object_text(object, "text"));
    }
    return REFUSAL_OK;
}

enum refusal decode_post_retry(const json_t *object, struct command *command) {
    int kind = post_kind_find(object_text(object, "kind"));
    if (kind < 0) {
        return REFUSAL_BAD_VALUE;
    }
    command->as.post.kind = (enum post_kind)kind;
    return decode_post_drop(object, command);
}

enum refusal decode_post_drop(const json_t *object, struct command *command) {
    command->as.post.number = object_number(object, "n");
    command->as.post.account = object_number(object, "account");
    return REFUSAL_OK;
}
