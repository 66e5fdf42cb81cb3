#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

static void title_set(struct talk *talk, const char *title) {
    size_t length = strlen(title);
    INVARIANT(length <= LIMIT_TITLE_BYTES);
    memcpy(talk->title, title, length + 1);
}

enum refusal rule_talk_add(struct event *event, struct command *command, struct changes *changes) {
    enum refusal refusal = text_check(command->text, LIMIT_TITLE_BYTES, LIMIT_TITLE_GRAPHEMES);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    for (uint32_t i = 0; i < event->talk_count; i++) {
        if (strcmp(event->talks[i].title, command->text) == 0) {
            command->as.talk.talk = event->talks[i].id; /* sent again */
            return REFUSAL_OK;
        }
    }
    if (event->talk_count >= LIMIT_EVENT_TALKS) {
        return REFUSAL_FULL;
    }
    event->talks = memory_resize(event->talks, event->talk_count + 1, sizeof *event->talks);
    struct talk *talk = &event->talks[event->talk_count++];
    *talk = (struct talk){.id = event->next_talk++, .open = true};
    title_set(talk, command->text);
    command->as.talk.talk = talk->id;
    change_number(changes, CHANGE_TALK, talk->id);
    return REFUSAL_OK;
}

enum refusal rule_talk_rename(struct event *event, struct command *command,
                              struct changes *changes) {
    enum refusal refusal = text_check(command->text, LIMIT_TITLE_BYTES, LIMIT_TITLE_GRAPHEMES);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    struct talk *talk = talk_at(event, command->as.talk.talk);
    if (talk == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (strcmp(talk->title, command->text) != 0) {
        title_set(talk, command->text);
        change_number(changes, CHANGE_TALK, talk->id);
    }
    return REFUSAL_OK;
}

/* BAD_VALUE when an id stands twice, STALE when the ids are not all talks that there are now. */
static enum refusal order_check(const struct event *event, const uint32_t *order, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (order[i] == order[j]) {
                return REFUSAL_BAD_VALUE;
            }
        }
    }
    if (count != event->talk_count) {
        return REFUSAL_STALE;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (talk_at(event, order[i]) == NULL) {
            return REFUSAL_STALE;
        }
    }
    return REFUSAL_OK;
}

enum refusal rule_talk_order(struct event *event, struct command *command,
                             struct changes *changes) {
    const uint32_t *order = command->as.talk.order;
    uint32_t count = command->as.talk.order_count;
    if (count > LIMIT_EVENT_TALKS) {
        return REFUSAL_TOO_LONG;
    }
    enum refusal refusal = order_check(event, order, count);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    bool same = true;
    struct talk *talks = memory_resize(NULL, count, sizeof *talks);
    for (uint32_t i = 0; i < count; i++) {
        talks[i] = *talk_at(event, order[i]);
        same = same && event->talks[i].id == order[i];
    }
    free(event->talks);
    event->talks = talks;
    if (!same) {
        change_number(changes, CHANGE_TALKS, 0);
    }
    return REFUSAL_OK;
}

enum refusal rule_talk_open(struct event *event, struct command *command, struct changes *changes) {
    struct talk *talk = talk_at(event, command->as.talk.talk);
    if (talk == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (talk->open != command->as.talk.open) {
        talk->open = command->as.talk.open;
        change_number(changes, CHANGE_TALK, talk->id);
    }
    return REFUSAL_OK;
}

enum refusal rule_talk_select(struct event *event, struct command *command,
                              struct changes *changes) {
    if (talk_at(event, command->as.talk.to) == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (event->current_talk == command->as.talk.to) {
        return REFUSAL_OK;
    }
    if (event->current_talk != command->as.talk.from) {
        return REFUSAL_STALE;
    }
    event->current_talk = command->as.talk.to;
    change_number(changes, CHANGE_TALKS, 0);
    return REFUSAL_OK;
}
