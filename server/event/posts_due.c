/* When what is queued may leave. A new or an edited question tells when somebody typed or approved
 * it; so such posts leave in batches, unless the organiser wants them at once. */
#include "base/log.h"
#include "event/rules.h"

static bool row_waits(const struct event *event, const struct outgoing *row) {
    return row->state == POST_QUEUED && account_at(event, row->account)->state == ACCOUNT_CONNECTED;
}

static bool row_batched(const struct event *event, const struct outgoing *row) {
    return event->settings.publish_seconds > 0 && row->kind == POST_QUESTION;
}

/* The instants that open the batch: the POST_BATCH questions that are due first, earliest first. */
struct batch {
    int64_t due[POST_BATCH];
    uint32_t count;
};

static void batch_add(struct batch *batch, int64_t due) {
    uint32_t place = batch->count;
    while (place > 0 && batch->due[place - 1] > due) {
        if (place < POST_BATCH) {
            batch->due[place] = batch->due[place - 1];
        }
        place--;
    }
    if (place < POST_BATCH) {
        batch->due[place] = due;
        batch->count += batch->count < POST_BATCH;
    }
}

/* Unix ms from which a batch may leave; 0: nothing waits for one. */
static int64_t batch_at(const struct event *event) {
    struct batch batch = {.count = 0};
    for (uint32_t i = 0; i < event->outgoing_count;) {
        uint32_t number = event->outgoing[i].number;
        int64_t due = 0;
        for (; i < event->outgoing_count && event->outgoing[i].number == number; i++) {
            const struct outgoing *row = &event->outgoing[i];
            bool counts = row_waits(event, row) && row_batched(event, row);
            if (counts && (due == 0 || row->due_at < due)) {
                due = row->due_at;
            }
        }
        if (due != 0) {
            batch_add(&batch, due);
        }
    }
    if (batch.count == 0) {
        return 0;
    }
    int64_t at = batch.due[0] + POST_BATCH_MS;
    bool full = batch.count == POST_BATCH;
    return full && batch.due[POST_BATCH - 1] < at ? batch.due[POST_BATCH - 1] : at;
}

void posts_plan(struct event *event) {
    event->post_at = batch_at(event);
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        const struct outgoing *row = &event->outgoing[i];
        bool alone = row_waits(event, row) && !row_batched(event, row);
        if (alone && (event->post_at == 0 || row->due_at < event->post_at)) {
            event->post_at = row->due_at;
        }
    }
}

void posts_ready(struct event *event, int64_t now, struct changes *changes) {
    int64_t batch = batch_at(event);
    bool leaves = batch != 0 && now >= batch;
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        struct outgoing row = event->outgoing[i];
        bool due = row_waits(event, &row) && now >= row.due_at;
        if (due && (leaves || !row_batched(event, &row))) {
            row.state = POST_READY;
            row.due = 0;
            row.due_at = 0;
            outgoing_put(event, &row, changes);
        }
    }
}
