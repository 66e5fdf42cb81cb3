#include "base/limits.h"
#include "base/memory.h"
#include "wire/decode.h"

const struct member MOVE_MEMBERS[] = {
    {"n", MEMBER_NUMBER, false, 0, 0},
    {"from", MEMBER_WORD, false, 0, 0},
    {"to", MEMBER_WORD, false, 0, 0},
    {"rev", MEMBER_NUMBER, true, 0, 0},
    {"reason", MEMBER_WORD, true, 0, 0},
    {"answer", MEMBER_TEXT, true, LIMIT_ANSWER_BYTES, LIMIT_ANSWER_GRAPHEMES},
    {0},
};

const struct member PIN_MEMBERS[] = {
    {"n", MEMBER_NUMBER, false, 0, 0},
    {"on", MEMBER_FLAG, false, 0, 0},
    {0},
};

const struct member TALK_SELECT_MEMBERS[] = {
    {"from", MEMBER_NUMBER, false, 0, 0},
    {"to", MEMBER_NUMBER, false, 0, 0},
    {0},
};

const struct member TALK_OPEN_MEMBERS[] = {
    {"talk", MEMBER_NUMBER, false, 0, 0},
    {"open", MEMBER_FLAG, false, 0, 0},
    {0},
};

enum refusal decode_move(const json_t *object, struct command *command) {
    int from = question_state_find(object_text(object, "from"));
    int to = question_state_find(object_text(object, "to"));
    int reason = REASON_NONE;
    if (object_has(object, "reason")) {
        reason = decline_reason_find(object_text(object, "reason"));
    }
    if (from < 0 || to < 0 || reason < 0) {
        return REFUSAL_BAD_VALUE;
    }
    command->as.move.number = object_number(object, "n");
    command->as.move.from = (enum question_state)from;
    command->as.move.to = (enum question_state)to;
    command->as.move.reason = (enum decline_reason)reason;
    command->as.move.rev_known = object_has(object, "rev");
    command->as.move.rev = object_number(object, "rev");
    if (object_has(object, "answer")) {
        command->text = memory_text(object_text(object, "answer"));
    }
    return REFUSAL_OK;
}

enum refusal decode_pin(const json_t *object, struct command *command) {
    command->as.pin.number = object_number(object, "n");
    command->as.pin.on = object_flag(object, "on");
    return REFUSAL_OK;
}

enum refusal decode_talk_select(const json_t *object, struct command *command) {
    command->as.talk.from = object_number(object, "from");
    command->as.talk.to = object_number(object, "to");
    return REFUSAL_OK;
}

enum refusal decode_talk_open(const json_t *object, struct command *command) {
    command->as.talk.talk = object_number(object, "talk");
    command->as.talk.open = object_flag(object, "open");
    return REFUSAL_OK;
}
