/* The naive model of what decides whether a question goes out. What is done at the accounts then is
 * seen by posts_property.c. */
#ifndef RAUTE_TESTS_EVENT_MODEL_PUBLISH_H
#define RAUTE_TESTS_EVENT_MODEL_PUBLISH_H

#include "model.h"

static inline uint32_t key_of(const struct command *command) {
    return command->as.question.key[3];
}

static inline void text_set(char text[16], const char *from) {
    size_t length = from == NULL ? 0 : strlen(from);
    assert_true(length < 16);
    memset(text, 0, 16);
    if (length > 0) {
        memcpy(text, from, length);
    }
}

static inline enum refusal model_degree(struct model *model, const struct command *command) {
    struct model_held *held = &model->held[key_of(command)];
    struct model_question *question = model_by_key(model, key_of(command));
    if (model->forgotten[key_of(command)]) {
        return REFUSAL_GONE;
    }
    if (!held->here && question == NULL) {
        return REFUSAL_UNKNOWN;
    }
    uint32_t rev = held->here ? held->rev : question->rev, to = command->as.question.degree;
    if (command->as.question.rev == rev && to == (held->here ? held->degree : question->degree)) {
        return REFUSAL_OK;
    }
    if (command->as.question.rev != rev + 1) {
        return REFUSAL_STALE;
    }
    if (held->here) {
        held->rev = rev + 1;
        held->degree = to;
    } else {
        question->rev = rev + 1;
    }
    if (question != NULL) {
        question->degree = to;
        question->open = question->open && to != 0;
    }
    return REFUSAL_OK;
}

static inline enum refusal model_open(const struct model *model, const struct event *event,
                                      struct model_question *question, bool on) {
    bool posts = false;
    for (uint32_t i = 0; i < event->account_count; i++) {
        posts = posts || event->accounts[i]->state < ACCOUNT_LEAVING;
    }
    if (question->open == on) {
        return REFUSAL_OK;
    }
    if (on && question->degree == 0) {
        return REFUSAL_FORBIDDEN;
    }
    if (on && (model->settings.publish == PUBLISH_OFF || !posts)) {
        return REFUSAL_CLOSED;
    }
    if (on && !model_ordered(question) && question->state != STATE_ANSWERED) {
        return REFUSAL_STALE;
    }
    question->open = on;
    question->approved = question->approved || on;
    return REFUSAL_OK;
}

static inline enum refusal model_publish(struct model *model, const struct command *command,
                                         const struct event *event) {
    enum refusal why;
    struct model_question *question = model_number(model, command->as.publish.number, &why);
    if (question == NULL) {
        return why;
    }
    if (command->kind == COMMAND_OPEN) {
        return model_open(model, event, question, command->as.publish.on);
    }
    if (command->kind == COMMAND_WARN) {
        text_set(question->warning, command->text);
        return REFUSAL_OK;
    }
    if (question->rev != command->as.publish.rev ||
        (!model_ordered(question) && question->state != STATE_ANSWERED)) {
        return REFUSAL_STALE;
    }
    question->approved = true;
    return REFUSAL_OK;
}

#endif
