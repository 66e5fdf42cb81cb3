/* What is true of every event between two commands. */
#include <stdlib.h>
#include <string.h>

#include "event/rules.h"

static bool talks_check(const struct event *event) {
    for (uint32_t i = 0; i < event->talk_count; i++) {
        const struct talk *talk = &event->talks[i];
        if (talk->id == 0 || talk->id >= event->next_talk || talk_at(event, talk->id) != talk ||
            talk->title[0] == '\0' || talk->reordered) {
            return false;
        }
    }
    return event->talk_count >= 1 && event->talk_count <= LIMIT_EVENT_TALKS &&
           talk_at(event, event->current_talk) != NULL;
}

static bool question_check(const struct event *event, const struct question *question) {
    return question->number >= 1 && question->number < event->next_number &&
           talk_at(event, question->talk) != NULL && (unsigned)question->state < STATE_COUNT &&
           (unsigned)question->reason < REASON_COUNT &&
           (question->state == STATE_DECLINED) == (question->reason != REASON_NONE) &&
           (!question->pinned || state_in_order(question->state)) &&
           (question->answer == NULL || question->state == STATE_ANSWERED) &&
           (!question->approved || question_shown(question, VIEW_PUBLIC)) &&
           (!question->open || question->degree != 0) &&
           (question->answered == 0 || question->state == STATE_ANSWERED) &&
           question->degree <= 2 && question->text != NULL &&
           table_get(&event->by_key, question->key) == question &&
           !key_forgotten(event, question->key);
}

static bool questions_check(const struct event *event) {
    for (uint32_t i = 0; i < event->question_count; i++) {
        if (!question_check(event, event->questions[i]) ||
            (i > 0 && event->questions[i - 1]->number >= event->questions[i]->number)) {
            return false;
        }
    }
    return event->by_key.count == event->question_count &&
           event->question_count <= LIMIT_EVENT_QUESTIONS;
}

/* At most one question is being answered, and the order has exactly the talk's questions. */
static bool order_check(const struct event *event, const struct talk *talk) {
    uint32_t expected = 0, answering = 0;
    for (uint32_t i = 0; i < event->question_count; i++) {
        const struct question *question = event->questions[i];
        if (question->talk == talk->id) {
            expected += state_in_order(question->state);
            answering += question->state == STATE_ANSWERING;
        }
    }
    struct table placed = table_make(sizeof(uint32_t));
    bool good = expected == talk->order_count && answering <= 1;
    for (uint32_t i = 0; i < talk->order_count && good; i++) {
        const struct question *question = event_question(event, talk->order[i]);
        good = question != NULL && question->talk == talk->id && state_in_order(question->state);
        set_add(&placed, &talk->order[i]);
    }
    good = good && placed.count == expected;
    table_clear(&placed);
    return good;
}

static bool held_check(const struct event *event, const struct held *held) {
    const struct question *question = event_question_by_key(event, held->key);
    if (held->text == NULL || held->degree > 2 || talk_at(event, held->talk) == NULL ||
        key_forgotten(event, held->key)) {
        return false;
    }
    if (held->number == 0) {
        return question == NULL;
    }
    return question != NULL && question->number == held->number && question->talk == held->talk &&
           held->rev > question->rev;
}

static bool waiting_check(const struct event *event) {
    for (uint32_t i = 0; i < event->held_count; i++) {
        if (!held_check(event, &event->held[i]) ||
            (i > 0 &&
             memcmp(event->held[i - 1].key, event->held[i].key, QUESTION_KEY_BYTES) >= 0)) {
            return false;
        }
    }
    return event->held_count <= LIMIT_EVENT_HELD &&
           (event->held_count > 0) == (event->release_at != 0);
}

bool event_check(const struct event *event) {
    for (uint32_t i = 0; i < event->talk_count; i++) {
        if (!order_check(event, &event->talks[i])) {
            return false;
        }
    }
    return talks_check(event) && questions_check(event) && waiting_check(event) &&
           posts_check(event) && people_check(event) &&
           (!event->closed || event->ballots.count == 0) &&
           event->ballots.count <= LIMIT_EVENT_BALLOTS &&
           (event->step_at == 0 || event->present > 0) &&
           event->settings.start < event->settings.end;
}
