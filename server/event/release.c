/* The release: held questions get their numbers in random order, held edits their texts. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

/* Fisher–Yates with a stream from the seed. Each draw is 64 bits for at most LIMIT_EVENT_HELD
 * places, so the remainder's bias is below 2^-52. */
static void rows_shuffle(struct held **rows, uint32_t count, const uint8_t seed[32]) {
    if (count < 2) {
        return;
    }
    _Static_assert(randombytes_SEEDBYTES == 32, "a tick's random bytes are a seed");
    uint8_t *stream = memory_new((size_t)count * 8);
    randombytes_buf_deterministic(stream, (size_t)count * 8, seed);
    for (uint32_t i = count - 1; i > 0; i--) {
        uint64_t draw = 0;
        for (uint32_t j = 0; j < 8; j++) {
            draw = draw << 8 | stream[i * 8 + j];
        }
        uint32_t other = (uint32_t)(draw % (i + 1));
        struct held *row = rows[i];
        rows[i] = rows[other];
        rows[other] = row;
    }
    free(stream);
}

static void release_new(struct event *event, struct held *row, int64_t now,
                        struct changes *changes) {
    INVARIANT(event->question_count < LIMIT_EVENT_QUESTIONS);
    struct question *question = question_append(event);
    question->number = event->next_number++;
    question->talk = row->talk;
    memcpy(question->key, row->key, sizeof question->key);
    memcpy(question->salt, row->salt, sizeof question->salt);
    question->degree = row->degree;
    question->state = event->settings.moderation_before ? STATE_PENDING : STATE_LISTED;
    question->rev = row->rev;
    question->minute = (uint32_t)(now / MINUTE_MS);
    question->text = row->text;
    row->text = NULL;
    table_set(&event->by_key, question->key, question);
    change_key(changes, CHANGE_HELD_GONE, 0, question->key);
    change_number(changes, CHANGE_QUESTION, question->number);
}

/* The questions from index `first` on go into their talks' orders, in the order of their numbers.
 */
static void newcomers_join(struct event *event, uint32_t first, int64_t now) {
    uint32_t room = event->question_count - first;
    struct question **newcomers = memory_resize(NULL, room + 1, sizeof(struct question *));
    for (uint32_t i = 0; i < event->talk_count; i++) {
        uint32_t count = 0;
        for (uint32_t j = first; j < event->question_count; j++) {
            struct question *question = event->questions[j];
            if (question->talk == event->talks[i].id && state_in_order(question->state)) {
                newcomers[count++] = question;
            }
        }
        if (count > 0) {
            order_join(event, &event->talks[i], newcomers, count, now);
        }
    }
    free(newcomers);
}

/* An edit whose question was taken up or put away meanwhile is dropped; its revision is spent all
 * the same, so that the asker's browser, which knows it as accepted, can go on from there. */
static void release_edit(struct event *event, struct held *row, int64_t now,
                         struct changes *changes) {
    struct question *question = question_at(event, row->number);
    INVARIANT(question != NULL);
    change_key(changes, CHANGE_HELD_GONE, 0, row->key);
    question->rev = row->rev;
    if (question->state != STATE_PENDING && question->state != STATE_LISTED) {
        change_number(changes, CHANGE_QUESTION, question->number);
        return;
    }
    question->edited = question->edited || strcmp(question->text, row->text) != 0;
    free(question->text);
    question->text = row->text;
    row->text = NULL;
    claim_follow(event, question, changes);
    if (event->settings.moderation_before) {
        question_move(event, question, STATE_PENDING, now, changes);
    } else {
        question->approved = false;
        change_number(changes, CHANGE_QUESTION, question->number);
    }
    posts_follow(event, question->number, now, changes);
}

static int row_compare(const void *a, const void *b) {
    const struct held *x = *(struct held *const *)a, *y = *(struct held *const *)b;
    return (x->number > y->number) - (x->number < y->number);
}

void event_release(struct event *event, const struct command *tick, struct changes *changes) {
    struct held **rows = memory_resize(NULL, (size_t)event->held_count + 1, sizeof(struct held *));
    uint32_t fresh = 0, first = event->question_count;

    for (uint32_t i = 0; i < event->held_count; i++) {
        if (event->held[i].number == 0) {
            rows[fresh++] = &event->held[i];
        }
    }
    rows_shuffle(rows, fresh, tick->as.tick.random);
    for (uint32_t i = 0; i < fresh; i++) {
        release_new(event, rows[i], tick->now, changes);
    }
    newcomers_join(event, first, tick->now);
    for (uint32_t i = first; i < event->question_count; i++) {
        posts_follow(event, event->questions[i]->number, tick->now, changes);
    }

    uint32_t edits = 0;
    for (uint32_t i = 0; i < event->held_count; i++) {
        if (event->held[i].number != 0) {
            rows[edits++] = &event->held[i];
        }
    }
    qsort(rows, edits, sizeof(struct held *), row_compare);
    for (uint32_t i = 0; i < edits; i++) {
        release_edit(event, rows[i], tick->now, changes);
    }
    free(rows);
    for (uint32_t i = 0; i < event->held_count; i++) {
        free(event->held[i].text);
    }
    event->held_count = 0;
}
