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

/* Account and kind, so that they sort. */
static void row_post_key(uint8_t key[ROW_POST_KEY_BYTES], uint32_t account, enum post_kind kind) {
    for (uint32_t byte = 0; byte < 4; byte++) {
        key[byte] = (uint8_t)(account >> (24 - 8 * byte));
    }
    key[4] = (uint8_t)kind;
}

uint32_t row_post_account(const struct row *row) {
    uint32_t account = 0;
    for (uint32_t byte = 0; byte < 4; byte++) {
        account = account << 8 | row->key[byte];
    }
    return account;
}

enum post_kind row_post_kind(const struct row *row) {
    return (enum post_kind)row->key[4];
}

static void plan_people(struct plan *plan, const struct change *change) {
    plan->removes = true; /* an earlier text, proof or signature, or all of it */
    if (change->kind == CHANGE_CLAIM) {
        plan->forgets = plan->forgets || change->as.claim.ended;
        plan_row(plan, ROW_CLAIM, change->number, NULL, 0);
    } else if (change->kind == CHANGE_INTEREST) {
        plan_row(plan, ROW_INTEREST, change->number, change->as.key, CARD_KEY_BYTES);
    } else {
        plan->forgets = plan->forgets || event_card(plan->event, change->as.key) == NULL;
        plan_row(plan, ROW_CARD, 0, change->as.key, CARD_KEY_BYTES);
    }
}

/* What is not about a row. */
static void plan_all(struct plan *plan, enum change_kind kind) {
    plan->whole = plan->whole || kind == CHANGE_CREATED;
    plan->settings = plan->settings || kind == CHANGE_SETTINGS || kind == CHANGE_ROLE;
    plan->forgets = plan->forgets || kind == CHANGE_SETTINGS; /* another end: the file's time */
    plan->talks = plan->talks || kind == CHANGE_TALKS;
    plan->destroyed = plan->destroyed || kind == CHANGE_BALLOTS_DESTROYED;
    plan->wiped = plan->wiped || kind == CHANGE_WIPED;
    plan->deleted = plan->deleted || kind == CHANGE_DELETED;
    plan->removes = plan->removes || plan->destroyed || plan->wiped || plan->deleted;
}

static void plan_post(struct plan *plan, const struct change *change) {
    uint8_t key[ROW_POST_KEY_BYTES];
    row_post_key(key, change->as.outgoing.account, change->as.outgoing.kind);
    plan->removes = true; /* an earlier token, link or mark */
    plan_row(plan, ROW_OUTGOING, change->number, key, sizeof key);
}

static void plan_change(struct plan *plan, const struct change *change) {
    plan->stored = plan->stored || change->kind != CHANGE_PRESENCE;
    switch (change->kind) {
    case CHANGE_CREATED:
    case CHANGE_SETTINGS:
    case CHANGE_ROLE:
    case CHANGE_TALKS:
    case CHANGE_BALLOTS_DESTROYED:
    case CHANGE_WIPED:
    case CHANGE_DELETED:
        plan_all(plan, change->kind);
        break;
    case CHANGE_TALK:
    case CHANGE_ORDER:
        plan_row(plan, ROW_TALK, change->number, NULL, 0);
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
    case CHANGE_HELD:
        plan->removes = plan->removes || change->kind == CHANGE_HELD_GONE;
        plan_row(plan, ROW_HELD, 0, change->as.key, QUESTION_KEY_BYTES);
        break;
    case CHANGE_BALLOT_GONE:
    case CHANGE_BALLOT:
        plan->removes = true; /* neighbours in a page may have come one after the other */
        plan_row(plan, ROW_BALLOT, 0, change->as.ballot, BALLOT_BYTES);
        break;
    case CHANGE_ACCOUNT:
        plan->removes = true; /* another log-in, or none */
        plan_row(plan, ROW_ACCOUNT, change->number, NULL, 0);
        break;
    case CHANGE_OUTGOING:
        plan_post(plan, change);
        break;
    case CHANGE_CARD:
    case CHANGE_CARD_GONE:
    case CHANGE_CARD_KEPT:
    case CHANGE_CLAIM:
    case CHANGE_INTEREST:
        plan_people(plan, change);
        break;
    case CHANGE_TICKET:
        plan->removes = true; /* the same */
        plan_row(plan, ROW_TICKET, 0, change->as.ticket, TICKET_HASH_BYTES);
        break;
    case CHANGE_CARD_STAFF:
    case CHANGE_BY_LINE:
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
    plan.forgets = plan.forgets && item->event->forgotten.count > 0;
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
