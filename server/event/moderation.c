#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "event/rules.h"

#define TO(state) (1u << STATE_##state)

/* Which states a move may name after each. */
static const unsigned MOVES[STATE_COUNT] = {
    [STATE_PENDING] = TO(LISTED) | TO(DECLINED),
    [STATE_LISTED] = TO(PENDING) | TO(HIDDEN) | TO(DECLINED) | TO(ANSWERING) | TO(ANSWERED),
    [STATE_ANSWERING] = TO(LISTED) | TO(ANSWERED) | TO(HIDDEN),
    [STATE_ANSWERED] = TO(LISTED) | TO(ANSWERING) | TO(HIDDEN) | TO(ANSWERED),
    [STATE_DECLINED] = TO(PENDING) | TO(LISTED),
    [STATE_HIDDEN] = TO(LISTED) | TO(ANSWERING) | TO(ANSWERED) | TO(PENDING),
};

bool state_in_order(enum question_state state) {
    return state == STATE_LISTED || state == STATE_ANSWERING;
}

void question_move(struct event *event, struct question *question, enum question_state state,
                   int64_t now, struct changes *changes) {
    struct talk *talk = talk_at(event, question->talk);
    bool was = state_in_order(question->state), is = state_in_order(state);
    bool shown = question_shown(question, VIEW_PUBLIC);
    INVARIANT(talk != NULL);

    uint32_t minute = (uint32_t)(now / MINUTE_MS);
    uint32_t answered = question->state == STATE_ANSWERED ? question->answered : minute;
    question->answered = state == STATE_ANSWERED ? answered : 0;
    question->state = state;
    question->approved = question->approved && question_shown(question, VIEW_PUBLIC);
    question->reason = REASON_NONE;
    question->pinned = question->pinned && is;
    free(question->answer);
    question->answer = NULL;
    if (was && !is) {
        order_leave(talk, question->number);
    } else if (!was && is) {
        order_join(event, talk, &question, 1, now);
    }
    change_number(changes, CHANGE_QUESTION, question->number);
    if (question_shown(question, VIEW_PUBLIC) != shown) {
        claim_show(event, question, changes);
    }
}

static enum refusal move_check(const struct command *command) {
    enum question_state from = command->as.move.from, to = command->as.move.to;
    enum decline_reason reason = command->as.move.reason;

    if ((unsigned)from >= STATE_COUNT || (unsigned)to >= STATE_COUNT ||
        (unsigned)reason >= REASON_COUNT || (MOVES[from] & 1u << to) == 0 ||
        (to == STATE_DECLINED) != (reason != REASON_NONE)) {
        return REFUSAL_BAD_VALUE;
    }
    if (command->text == NULL) {
        return REFUSAL_OK;
    }
    if (to != STATE_ANSWERED) {
        return REFUSAL_BAD_VALUE;
    }
    return text_check(command->text, LIMIT_ANSWER_BYTES, LIMIT_ANSWER_GRAPHEMES);
}

bool text_same(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A talk answers one question at a time: the one before is answered now. */
static void answering_end(struct event *event, uint32_t talk, int64_t now,
                          struct changes *changes) {
    for (uint32_t i = 0; i < event->question_count; i++) {
        struct question *question = event->questions[i];
        if (question->talk == talk && question->state == STATE_ANSWERING) {
            question_move(event, question, STATE_ANSWERED, now, changes);
            posts_follow(event, question->number, now, changes);
            return;
        }
    }
}

enum refusal rule_move(struct event *event, struct command *command, struct changes *changes) {
    enum refusal refusal = move_check(command);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    struct question *question = question_at(event, command->as.move.number);
    if (question == NULL) {
        return question_missing(event, command->as.move.number);
    }
    enum question_state to = command->as.move.to;
    if (question->state == to && question->reason == command->as.move.reason &&
        text_same(question->answer, command->text)) {
        return REFUSAL_OK;
    }
    /* Nobody lets a text through that was changed while they read the one before. */
    bool shown = question_shown(question, VIEW_PUBLIC);
    bool shows = state_in_order(to) || to == STATE_ANSWERED;
    bool read = !command->as.move.rev_known || command->as.move.rev == question->rev;
    if (question->state != command->as.move.from || (shows && !shown && !read)) {
        return REFUSAL_STALE;
    }
    if (to == STATE_ANSWERING) {
        answering_end(event, question->talk, command->now, changes);
    }
    question_move(event, question, to, command->now, changes);
    question->approved = question->approved || (shows && read);
    question->reason = command->as.move.reason;
    question->answer = command->text;
    command->text = NULL;
    posts_follow(event, question->number, command->now, changes);
    return REFUSAL_OK;
}

enum refusal rule_pin(struct event *event, struct command *command, struct changes *changes) {
    struct question *question = question_at(event, command->as.pin.number);
    if (question == NULL) {
        return question_missing(event, command->as.pin.number);
    }
    if (question->pinned == command->as.pin.on) {
        return REFUSAL_OK;
    }
    if (!state_in_order(question->state)) {
        return REFUSAL_STALE;
    }
    question->pinned = command->as.pin.on;
    change_number(changes, CHANGE_QUESTION, question->number);
    return REFUSAL_OK;
}
