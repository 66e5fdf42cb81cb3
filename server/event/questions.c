/* What a question's own key may do: ask, edit, withdraw. Signatures were checked before. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

uint32_t held_place(const struct event *event, const uint8_t key[QUESTION_KEY_BYTES]) {
    uint32_t low = 0, high = event->held_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (memcmp(event->held[middle].key, key, QUESTION_KEY_BYTES) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct held *held_at(const struct event *event, const uint8_t key[QUESTION_KEY_BYTES]) {
    uint32_t place = held_place(event, key);
    if (place < event->held_count && memcmp(event->held[place].key, key, QUESTION_KEY_BYTES) == 0) {
        return &event->held[place];
    }
    return NULL;
}

static void held_insert(struct event *event, struct held held) {
    uint32_t place = held_place(event, held.key);
    INVARIANT(event->held_count < LIMIT_EVENT_HELD);
    held_append(event);
    memmove(&event->held[place + 1], &event->held[place],
            (event->held_count - 1 - place) * sizeof *event->held);
    event->held[place] = held;
}

void held_remove(struct event *event, struct held *held) {
    uint32_t place = (uint32_t)(held - event->held);
    INVARIANT(place < event->held_count);
    free(held->text);
    event->held_count--;
    memmove(held, held + 1, (event->held_count - place) * sizeof *held);
}

void question_drop(struct event *event, struct question *question) {
    const struct question *removed = table_remove(&event->by_key, question->key);
    INVARIANT(removed == question);
    if (state_in_order(question->state)) {
        order_leave(talk_at(event, question->talk), question->number);
    }
    uint32_t i = 0;
    while (event->questions[i] != question) {
        i++;
    }
    event->question_count--;
    memmove(&event->questions[i], &event->questions[i + 1],
            (event->question_count - i) * sizeof(struct question *));
    question_free(question);
}

bool key_forgotten(const struct event *event, const uint8_t key[QUESTION_KEY_BYTES]) {
    uint8_t hash[FORGOTTEN_BYTES];
    forgotten_hash(hash, event->id, key);
    return table_get(&event->forgotten, hash) != NULL;
}

/* Numbered questions, and those that will be. */
static uint32_t questions_promised(const struct event *event) {
    uint32_t count = event->question_count;
    for (uint32_t i = 0; i < event->held_count; i++) {
        count += event->held[i].number == 0;
    }
    return count;
}

static char *text_take(struct command *command) {
    char *text = command->text;
    command->text = NULL;
    return text;
}

enum refusal rule_ask(struct event *event, struct command *command, struct changes *changes) {
    const uint8_t *key = command->as.question.key;
    INVARIANT(command->text != NULL);
    if (command->as.question.degree > 2) {
        return REFUSAL_BAD_VALUE;
    }
    if (key_forgotten(event, key)) {
        return REFUSAL_GONE;
    }
    if (table_get(&event->by_key, key) != NULL || held_at(event, key) != NULL) {
        return REFUSAL_OK;
    }
    if (card_at(event, key) != NULL) {
        return REFUSAL_BAD_KEY;
    }
    const struct talk *talk = talk_at(event, command->as.question.talk);
    if (talk == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (!talk->open || event_over(event, command->now)) {
        return REFUSAL_CLOSED;
    }
    if (event->held_count >= LIMIT_EVENT_HELD ||
        questions_promised(event) >= LIMIT_EVENT_QUESTIONS) {
        return REFUSAL_FULL;
    }
    struct held held = {.talk = talk->id, .degree = command->as.question.degree};
    memcpy(held.key, key, sizeof held.key);
    memcpy(held.salt, command->as.question.salt, sizeof held.salt);
    held.text = text_take(command);
    held_insert(event, held);
    change_key(changes, CHANGE_HELD, 0, key);
    return REFUSAL_OK;
}

/* Whether the edit may go on; *again when it is in force already. */
static enum refusal edit_check(const struct event *event, const struct command *command,
                               const struct question *question, const struct held *held,
                               bool *again) {
    uint32_t stored = question != NULL ? question->rev : 0;
    const char *text = question != NULL ? question->text : "";
    if (held != NULL) {
        stored = held->rev;
        text = held->text;
    }
    *again = command->as.question.rev == stored && strcmp(text, command->text) == 0;
    if (*again) {
        return REFUSAL_OK;
    }
    if (event_over(event, command->now)) {
        return REFUSAL_CLOSED;
    }
    if (question != NULL && question->state != STATE_PENDING && question->state != STATE_LISTED) {
        return REFUSAL_CLOSED;
    }
    if (command->as.question.rev == 0 || command->as.question.rev - 1 != stored) {
        return REFUSAL_STALE;
    }
    if (held == NULL && event->held_count >= LIMIT_EVENT_HELD) {
        return REFUSAL_FULL;
    }
    return REFUSAL_OK;
}

enum refusal rule_edit(struct event *event, struct command *command, struct changes *changes) {
    const uint8_t *key = command->as.question.key;
    INVARIANT(command->text != NULL);
    if (key_forgotten(event, key)) {
        return REFUSAL_GONE;
    }
    struct question *question = table_get(&event->by_key, key);
    struct held *held = held_at(event, key);
    if (question == NULL && held == NULL) {
        return REFUSAL_UNKNOWN;
    }
    bool again = false;
    enum refusal refusal = edit_check(event, command, question, held, &again);
    if (refusal != REFUSAL_OK || again) {
        return refusal;
    }
    if (held != NULL) {
        free(held->text);
        held->text = text_take(command);
        held->rev = command->as.question.rev;
    } else {
        struct held edit = {.talk = question->talk,
                            .number = question->number,
                            .rev = command->as.question.rev,
                            .degree = question->degree};
        memcpy(edit.key, key, sizeof edit.key);
        edit.text = text_take(command);
        held_insert(event, edit);
    }
    change_key(changes, CHANGE_HELD, 0, key);
    return REFUSAL_OK;
}

enum refusal rule_withdraw(struct event *event, struct command *command, struct changes *changes) {
    const uint8_t *key = command->as.question.key;
    uint32_t rev = command->as.question.rev;
    if (key_forgotten(event, key)) {
        return REFUSAL_OK;
    }
    struct question *question = table_get(&event->by_key, key);
    struct held *held = held_at(event, key);
    if (question == NULL && held == NULL) {
        return REFUSAL_UNKNOWN;
    }
    /* A browser that lost the answer to its edit knows only the revision before. */
    bool follows_shown = question != NULL && rev == question->rev + 1;
    bool follows_held = held != NULL && rev == held->rev + 1;
    if (!follows_shown && !follows_held) {
        return REFUSAL_STALE;
    }
    uint8_t hash[FORGOTTEN_BYTES];
    forgotten_hash(hash, event->id, key);
    set_add(&event->forgotten, hash);
    if (held != NULL) {
        change_key(changes, CHANGE_HELD_GONE, 0, key);
        held_remove(event, held);
    }
    change_key(changes, CHANGE_GONE, question != NULL ? question->number : 0, key);
    if (question != NULL) {
        uint32_t number = question->number;
        claim_leave(event, question, changes);
        question_drop(event, question);
        interests_leave(event, number, changes);
        posts_follow(event, number, command->now, changes);
    }
    return REFUSAL_OK;
}
