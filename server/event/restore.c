/* Building an event from its stored or exported parts, without commands. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

void event_restore_talk(struct event *event, const struct talk *talk) {
    event->talks = memory_resize(event->talks, event->talk_count + 1, sizeof *event->talks);
    event->talks[event->talk_count] = *talk;
    event->talks[event->talk_count].order_room = talk->order_count;
    event->talk_count++;
}

struct question *question_append(struct event *event) {
    if (event->question_count == event->question_room) {
        event->question_room = event->question_room == 0 ? 8 : event->question_room * 2;
        event->questions =
            memory_resize(event->questions, event->question_room, sizeof(struct question *));
    }
    struct question *question = memory_new(sizeof *question);
    event->questions[event->question_count++] = question;
    return question;
}

void event_restore_question(struct event *event, const struct question *question) {
    *question_append(event) = *question;
}

struct held *held_append(struct event *event) {
    if (event->held_count == event->held_room) {
        event->held_room = event->held_room == 0 ? 8 : event->held_room * 2;
        event->held = memory_resize(event->held, event->held_room, sizeof *event->held);
    }
    struct held *held = &event->held[event->held_count++];
    *held = (struct held){0};
    return held;
}

void event_restore_held(struct event *event, const struct held *held) {
    *held_append(event) = *held;
}

void event_restore_ballot(struct event *event, const uint8_t ballot[BALLOT_BYTES]) {
    set_add(&event->ballots, ballot);
}

void event_restore_forgotten(struct event *event, const uint8_t hash[FORGOTTEN_BYTES]) {
    set_add(&event->forgotten, hash);
}

static int question_compare(const void *a, const void *b) {
    const struct question *x = *(struct question *const *)a, *y = *(struct question *const *)b;
    return (x->number > y->number) - (x->number < y->number);
}

static int held_compare(const void *a, const void *b) {
    return memcmp(((const struct held *)a)->key, ((const struct held *)b)->key, QUESTION_KEY_BYTES);
}

/* False when a number or a key stands twice, or a talk is missing. */
static bool questions_index(struct event *event) {
    if (event->question_count > 0) {
        qsort(event->questions, event->question_count, sizeof(struct question *), question_compare);
    }
    for (uint32_t i = 0; i < event->question_count; i++) {
        struct question *question = event->questions[i];
        if ((i > 0 && question->number == event->questions[i - 1]->number) ||
            talk_at(event, question->talk) == NULL ||
            table_get(&event->by_key, question->key) != NULL) {
            return false;
        }
        table_set(&event->by_key, question->key, question);
        if (question->number >= event->next_number) {
            event->next_number = question->number + 1;
        }
    }
    return true;
}

/* False when an order names a question that its talk does not have. Those that it lacks join as
 * newcomers; event_check sees the rest. */
static bool orders_complete(struct event *event) {
    struct table placed = table_make(sizeof(uint32_t));
    bool good = true;
    for (uint32_t i = 0; i < event->talk_count && good; i++) {
        const struct talk *talk = &event->talks[i];
        for (uint32_t j = 0; j < talk->order_count && good; j++) {
            const struct question *question = question_at(event, talk->order[j]);
            good = question != NULL && question->talk == talk->id;
            set_add(&placed, &talk->order[j]);
        }
    }
    for (uint32_t i = 0; i < event->question_count && good; i++) {
        struct question *question = event->questions[i];
        if (state_in_order(question->state) && table_get(&placed, &question->number) == NULL) {
            order_join(event, talk_at(event, question->talk), &question, 1, 0);
        }
    }
    table_clear(&placed);
    return good;
}

/* Drops what was withdrawn after the data were copied. */
static void forgotten_apply(struct event *event, struct changes *changes) {
    for (uint32_t i = event->held_count; i > 0; i--) {
        struct held *held = &event->held[i - 1];
        if (key_forgotten(event, held->key)) {
            change_key(changes, CHANGE_HELD_GONE, 0, held->key);
            if (table_get(&event->by_key, held->key) == NULL) {
                change_key(changes, CHANGE_GONE, 0, held->key);
            }
            held_remove(event, held);
        }
    }
    for (uint32_t i = event->question_count; i > 0; i--) {
        struct question *question = event->questions[i - 1];
        if (key_forgotten(event, question->key)) {
            uint32_t number = question->number;
            change_key(changes, CHANGE_GONE, number, question->key);
            claim_leave(event, question, changes);
            question_drop(event, question);
            interests_leave(event, number, changes);
        }
    }
    people_forget(event, changes);
}

static int account_compare(const void *a, const void *b) {
    const struct account *x = *(struct account *const *)a, *y = *(struct account *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

/* False when a row's account is missing. */
static bool posts_index(struct event *event) {
    if (event->account_count > 0) {
        qsort(event->accounts, event->account_count, sizeof(struct account *), account_compare);
        uint32_t last = event->accounts[event->account_count - 1]->id;
        if (last >= event->next_account) {
            event->next_account = last + 1;
        }
    }
    outgoing_sort(event);
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        struct outgoing *row = &event->outgoing[i];
        row->due_at = (int64_t)row->due * MINUTE_MS;
        if (account_at(event, row->account) == NULL) {
            return false;
        }
    }
    return true;
}

static bool event_finish(struct event *event, struct changes *changes) {
    for (uint32_t i = 0; i < event->talk_count; i++) {
        if (event->talks[i].id >= event->next_talk) {
            event->next_talk = event->talks[i].id + 1;
        }
    }
    if (event->held_count > 0) {
        qsort(event->held, event->held_count, sizeof *event->held, held_compare);
    }
    if (!questions_index(event) || !orders_complete(event) || !posts_index(event) ||
        !people_index(event)) {
        return false;
    }
    forgotten_apply(event, changes);
    posts_follow_gone(event, 0, changes); /* deletions have no time */
    posts_plan(event);
    event->release_at = event->held_count > 0 ? 1 : 0; /* at once */
    event_tell_orders(event, changes);
    return event_check(event);
}

bool event_restored(struct event *event, struct changes *changes) {
    struct changes unheard = {0};
    struct changes *told = changes != NULL ? changes : &unheard;
    size_t before = told->count;

    bool good = event_finish(event, told);
    if (good) {
        event_count(event, told, before);
    }
    changes_clear(&unheard);
    return good;
}
