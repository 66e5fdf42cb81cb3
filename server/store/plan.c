#include "store/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void plan_row(struct plan *plan, enum row_kind kind, uint32_t number, const uint8_t *key,
                     size_t key_bytes) {
    struct row *row = &plan->rows[plan->count++];
    *row = (struct row){.kind = kind, .number = number};
    if (key != NULL) {
        memcpy(row->key, key, key_bytes);
    }
}

static void plan_change(struct plan *plan, const struct change *change) {
    plan->stored = plan->stored || change->kind != CHANGE_PRESENCE;
    switch (change->kind) {
    case CHANGE_CREATED:
        plan->whole = true;
        break;
    case CHANGE_SETTINGS:
    case CHANGE_ROLE:
        plan->settings = true;
        break;
    case CHANGE_TALK:
    case CHANGE_ORDER:
        plan_row(plan, ROW_TALK, change->number, NULL, 0);
        break;
    case CHANGE_TALKS:
        plan->talks = true;
        break;
    case CHANGE_QUESTION: {
        const struct question *question = event_question(plan->event, change->number);
        plan->removes = plan->removes || question == NULL || question->rev > 0;
        plan_row(plan, ROW_QUESTION, change->number, NULL, 0);
        break;
    }
    case CHANGE_VOTES:
        plan_row(plan, ROW_COUNT, change->number, NULL, 0);
        break;
    case CHANGE_EXPOSURE:
        plan_row(plan, ROW_EXPOSURE, change->number, NULL, 0);
        break;
    case CHANGE_GONE:
        plan->forgets = plan->removes = true;
        if (change->number != 0) {
            plan_row(plan, ROW_QUESTION, change->number, NULL, 0);
        }
        plan_row(plan, ROW_HELD, 0, change->as.key, QUESTION_KEY_BYTES);
        break;
    case CHANGE_HELD_GONE:
        plan->removes = true;
        plan_row(plan, ROW_HELD, 0, change->as.key, QUESTION_KEY_BYTES);
        break;
    case CHANGE_HELD:
        plan_row(plan, ROW_HELD, 0, change->as.key, QUESTION_KEY_BYTES);
        break;
    case CHANGE_BALLOT_GONE:
        plan->removes = true;
        plan_row(plan, ROW_BALLOT, 0, change->as.ballot, BALLOT_BYTES);
        break;
    case CHANGE_BALLOT:
        plan_row(plan, ROW_BALLOT, 0, change->as.ballot, BALLOT_BYTES);
        break;
    case CHANGE_BALLOTS_DESTROYED:
        plan->destroyed = plan->removes = true;
        break;
    case CHANGE_WIPED:
        plan->wiped = plan->removes = true;
        break;
    case CHANGE_DELETED:
        plan->deleted = plan->removes = true;
        break;
    case CHANGE_PRESENCE:
        break;
    }
}

static int row_compare(const void *a, const void *b) {
    const struct row *left = a, *right = b;
    if (left->kind != right->kind) {
        return left->kind < right->kind ? -1 : 1;
    }
    if (left->number != right->number) {
        return left->number < right->number ? -1 : 1;
    }
    return memcmp(left->key, right->key, sizeof left->key);
}

struct plan plan_make(const struct store_item *item) {
    struct plan plan = {.event = item->event};
    const struct changes *changes = item->changes;
    plan.rows = memory_resize(NULL, 2 * changes->count + 1, sizeof *plan.rows);
    for (size_t at = 0; at < changes->count; at++) {
        plan_change(&plan, &changes->items[at]);
    }
    plan.destroyed = plan.destroyed || (plan.whole && item->event->closed);
    if (plan.count > 1) {
        qsort(plan.rows, plan.count, sizeof *plan.rows, row_compare);
    }
    size_t kept = 0;
    for (size_t at = 0; at < plan.count; at++) {
        if (kept == 0 || row_compare(&plan.rows[kept - 1], &plan.rows[at]) != 0) {
            plan.rows[kept++] = plan.rows[at];
        }
    }
    plan.count = kept;
    return plan;
}
