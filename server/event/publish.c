/* What decides whether a question goes out: its asker's degree, a moderator's yes and wishes. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "event/rules.h"

/* Sets degree and revision of what is there: the question, what waits of it, or both. */
static void degree_set(struct event *event, const struct command *command,
                       struct question *question, struct held *held, struct changes *changes) {
    uint8_t degree = command->as.question.degree;
    if (held != NULL) {
        held->degree = degree;
        held->rev = command->as.question.rev;
        change_key(changes, CHANGE_HELD, 0, held->key);
    } else {
        question->rev = command->as.question.rev;
    }
    if (question != NULL) {
        question->degree = degree;
        question->open = question->open && degree != 0;
        change_number(changes, CHANGE_QUESTION, question->number);
        posts_follow(event, question->number, command->now, changes);
    }
}

enum refusal rule_degree(struct event *event, struct command *command, struct changes *changes) {
    const uint8_t *key = command->as.question.key;
    uint32_t rev = command->as.question.rev;
    if (command->as.question.degree > 2) {
        return REFUSAL_BAD_VALUE;
    }
    if (key_forgotten(event, key)) {
        return REFUSAL_GONE;
    }
    struct question *question = table_get(&event->by_key, key);
    struct held *held = held_at(event, key);
    if (question == NULL && held == NULL) {
        return REFUSAL_UNKNOWN;
    }
    uint32_t stored = held != NULL ? held->rev : question->rev;
    uint8_t degree = held != NULL ? held->degree : question->degree;
    if (rev == stored && degree == command->as.question.degree) {
        return REFUSAL_OK;
    }
    if (rev == 0 || rev - 1 != stored) {
        return REFUSAL_STALE;
    }
    degree_set(event, command, question, held, changes);
    return REFUSAL_OK;
}

enum refusal rule_approve(struct event *event, struct command *command, struct changes *changes) {
    struct question *question = question_at(event, command->as.publish.number);
    if (question == NULL) {
        return question_missing(event, command->as.publish.number);
    }
    if (!question_shown(question, VIEW_PUBLIC) || question->rev != command->as.publish.rev) {
        return REFUSAL_STALE;
    }
    if (!question->approved) {
        question->approved = true;
        change_number(changes, CHANGE_QUESTION, question->number);
        posts_follow(event, question->number, command->now, changes);
    }
    return REFUSAL_OK;
}

static bool accounts_post(const struct event *event) {
    for (uint32_t i = 0; i < event->account_count; i++) {
        if (account_posts(event->accounts[i])) {
            return true;
        }
    }
    return false;
}

enum refusal rule_open(struct event *event, struct command *command, struct changes *changes) {
    struct question *question = question_at(event, command->as.publish.number);
    bool on = command->as.publish.on;
    if (question == NULL) {
        return question_missing(event, command->as.publish.number);
    }
    if (question->open == on) {
        return REFUSAL_OK;
    }
    if (on && question->degree == 0) {
        return REFUSAL_FORBIDDEN; /* its asker wants it to stay in the room */
    }
    if (on && (event->settings.publish == PUBLISH_OFF || !accounts_post(event))) {
        return REFUSAL_CLOSED;
    }
    if (on && !question_shown(question, VIEW_PUBLIC)) {
        return REFUSAL_STALE;
    }
    question->open = on;
    question->approved = question->approved || on; /* whoever asks the hashtag has read it */
    change_number(changes, CHANGE_QUESTION, question->number);
    posts_follow(event, question->number, command->now, changes);
    return REFUSAL_OK;
}

enum refusal rule_warn(struct event *event, struct command *command, struct changes *changes) {
    enum refusal refusal = command->text == NULL ? REFUSAL_OK
                                                 : text_check(command->text, LIMIT_WARNING_BYTES,
                                                              LIMIT_WARNING_GRAPHEMES);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    struct question *question = question_at(event, command->as.publish.number);
    if (question == NULL) {
        return question_missing(event, command->as.publish.number);
    }
    if (text_same(question->warning, command->text)) {
        return REFUSAL_OK;
    }
    free(question->warning);
    question->warning = command->text;
    command->text = NULL;
    change_number(changes, CHANGE_QUESTION, question->number);
    posts_follow(event, question->number, command->now, changes);
    return REFUSAL_OK;
}

/* The row as it is to be tried again; false: it is not to be. */
static bool row_again(const struct account *account, struct outgoing *row) {
    if (row->state == POST_DELETED && row->dropped) {
        row->dropped = false; /* the rule does the rest */
        return true;
    }
    bool able =
        account_posts(account) || (account->state == ACCOUNT_LEAVING && row->act == ACT_DELETE);
    if (row->state != POST_FAILED || !able) {
        return false;
    }
    row->state = POST_READY;
    if (row->act == ACT_EDIT && row->trouble == TROUBLE_MISSING) { /* nothing there to edit */
        row->act = ACT_POST;
        row->token[0] = row->far[0] = row->url[0] = '\0';
        mark_clear(row->sent);
        mark_clear(row->sending);
    }
    return true;
}

enum refusal rule_post_retry(struct event *event, struct command *command,
                             struct changes *changes) {
    const struct account *account = account_at(event, command->as.post.account);
    if (account == NULL) {
        return REFUSAL_UNKNOWN;
    }
    const struct outgoing *there =
        event_outgoing(event, command->as.post.number, account->id, command->as.post.kind);
    if (there == NULL) {
        return REFUSAL_STALE;
    }
    struct outgoing row = *there;
    if (!row_again(account, &row)) {
        return REFUSAL_STALE;
    }
    outgoing_put(event, &row, changes);
    posts_follow(event, row.number, command->now, changes);
    return REFUSAL_OK;
}

enum refusal rule_post_drop(struct event *event, struct command *command, struct changes *changes) {
    const struct account *account = account_at(event, command->as.post.account);
    if (account == NULL) {
        return REFUSAL_UNKNOWN;
    }
    uint32_t number = command->as.post.number;
    for (int kind = 0; kind < POST_KIND_COUNT; kind++) {
        const struct outgoing *there =
            event_outgoing(event, number, account->id, (enum post_kind)kind);
        if (there == NULL) {
            continue;
        }
        struct outgoing row = *there;
        bool again =
            row.state == POST_FAILED && row.act == ACT_DELETE && account->state != ACCOUNT_LEFT;
        if (again) {
            row.state = POST_READY;
        }
        if (again || !row.dropped) {
            row.dropped = true;
            outgoing_put(event, &row, changes);
        }
    }
    posts_follow(event, number, command->now, changes);
    return REFUSAL_OK;
}
