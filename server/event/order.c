/* A talk's fair order: who joins and leaves it, what its places add in exposure, its steps. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/fair.h"
#include "event/rules.h"

/* A machine that slept, or a clock that jumped, counts as two steps at most. */
#define EXPOSURE_SECONDS (2 * FAIR_STEP_MS / 1000)

static struct fair_item item_of(const struct question *question) {
    return (struct fair_item){
        .number = question->number, .votes = question->votes, .exposure = question->exposure};
}

/* The order's items, with room for `more`; free() them. */
static struct fair_item *items_make(const struct event *event, const struct talk *talk,
                                    uint32_t more) {
    struct fair_item *items = memory_resize(NULL, (size_t)talk->order_count + more, sizeof *items);
    for (uint32_t i = 0; i < talk->order_count; i++) {
        const struct question *question = question_at(event, talk->order[i]);
        INVARIANT(question != NULL && question->talk == talk->id);
        items[i] = item_of(question);
    }
    return items;
}

static struct fair_sums sums_make(const struct event *event, const struct talk *talk) {
    struct fair_sums sums = {0};
    for (uint32_t i = 0; i < event->question_count; i++) {
        const struct question *question = event->questions[i];
        if (question->talk == talk->id && question_shown(question, VIEW_PUBLIC)) {
            sums.votes += question->votes;
            sums.exposure += question->exposure;
        }
    }
    return sums;
}

/* Writes the items back as the order; true when they differ from it. */
static bool items_write(struct talk *talk, const struct fair_item *items, uint32_t count) {
    bool differs = talk->order_count != count;
    if (count > talk->order_room) {
        talk->order_room = count * 2;
        talk->order = memory_resize(talk->order, talk->order_room, sizeof *talk->order);
    }
    for (uint32_t i = 0; i < count; i++) {
        differs = differs || talk->order[i] != items[i].number;
        talk->order[i] = items[i].number;
    }
    talk->order_count = count;
    return differs;
}

void order_join(struct event *event, struct talk *talk, struct question **newcomers, uint32_t count,
                int64_t now) {
    struct fair_item *items = items_make(event, talk, count);
    struct fair_sums sums = sums_make(event, talk);
    uint32_t length = talk->order_count;

    for (uint32_t i = 0; i < count; i++) {
        INVARIANT(newcomers[i]->talk == talk->id && state_in_order(newcomers[i]->state));
        struct fair_item item = item_of(newcomers[i]);
        uint32_t place = fair_place(items, length, item, sums);
        memmove(&items[place + 1], &items[place], (length - place) * sizeof *items);
        items[place] = item;
        length++;
        newcomers[i]->counted_at = now;
    }
    bool differs = items_write(talk, items, length);
    INVARIANT(differs);
    talk->reordered = true;
    free(items);
}

void order_leave(struct talk *talk, uint32_t number) {
    uint32_t place = 0;
    while (place < talk->order_count && talk->order[place] != number) {
        place++;
    }
    INVARIANT(place < talk->order_count);
    talk->order_count--;
    memmove(&talk->order[place], &talk->order[place + 1],
            (talk->order_count - place) * sizeof *talk->order);
    talk->reordered = true;
}

static void question_expose(struct question *question, uint32_t place, uint32_t present,
                            int64_t now, struct changes *changes) {
    int64_t seconds = (now - question->counted_at) / 1000;
    question->counted_at = now;
    if (seconds <= 0) {
        return;
    }
    if (seconds > EXPOSURE_SECONDS) {
        seconds = EXPOSURE_SECONDS;
    }
    question->exposure += (uint64_t)present * fair_weight(place) * (uint64_t)seconds;
    change_number(changes, CHANGE_EXPOSURE, question->number);
}

/* The places as people see them: what is being answered, what is pinned, the rest. */
static void talk_expose(struct event *event, const struct talk *talk, int64_t now,
                        struct changes *changes) {
    uint32_t place = 0;
    for (int part = 0; part < 3; part++) {
        for (uint32_t i = 0; i < talk->order_count; i++) {
            struct question *question = question_at(event, talk->order[i]);
            INVARIANT(question != NULL);
            int mine = question->state == STATE_ANSWERING ? 0 : question->pinned ? 1 : 2;
            if (mine == part) {
                question_expose(question, place, event->present, now, changes);
                place++;
            }
        }
    }
}

void order_step(struct event *event, int64_t now, struct changes *changes) {
    for (uint32_t i = 0; i < event->talk_count; i++) {
        struct talk *talk = &event->talks[i];
        if (!talk->running || event_over(event, now)) {
            continue;
        }
        talk_expose(event, talk, now, changes);
        struct fair_item *items = items_make(event, talk, 0);
        fair_step(items, talk->order_count, sums_make(event, talk));
        if (items_write(talk, items, talk->order_count)) {
            talk->reordered = true;
        }
        free(items);
    }
}

void order_plan(struct event *event, int64_t now) {
    bool any = false, live = event->present > 0 && !event_over(event, now);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        struct talk *talk = &event->talks[i];
        bool runs = live && talk->open && talk->order_count > 0;
        if (runs && !talk->running) { /* nobody read it meanwhile */
            for (uint32_t j = 0; j < talk->order_count; j++) {
                question_at(event, talk->order[j])->counted_at = now;
            }
        }
        talk->running = runs;
        any = any || runs;
    }
    if (!any) {
        event->step_at = 0;
    } else if (event->step_at == 0 || event->step_at > now + FAIR_STEP_MS) {
        event->step_at = now + FAIR_STEP_MS;
    }
}
