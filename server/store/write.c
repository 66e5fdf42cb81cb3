/* Plans → rows, in one transaction. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "store/files.h"
#include "store/people.h"
#include "store/plan.h"
#include "store/posts.h"
#include "store/rows.h"

static void settings_put(struct store *store, const struct event *event) {
    const struct settings *settings = &event->settings;
    char hashtags[LIMIT_HASHTAGS * (LIMIT_HASHTAG_BYTES + 1)] = "";
    size_t length = 0;
    for (uint32_t at = 0; at < settings->hashtag_count; at++) {
        size_t count = strlen(settings->hashtags[at]);
        if (at > 0) {
            hashtags[length++] = ' ';
        }
        memcpy(hashtags + length, settings->hashtags[at], count + 1);
        length += count;
    }
    sqlite3_stmt *put = rows_of(store, STATEMENT_EVENT_PUT, event->id);
    bind_text(put, 2, event->slug);
    bind_text(put, 3, settings->title);
    bind_text(put, 4, hashtags);
    bind_text(put, 5, settings->language == LANGUAGE_DE ? "de" : "en");
    bind_integer(put, 6, settings->start);
    bind_integer(put, 7, settings->end);
    bind_integer(put, 8, settings->moderation_before ? 1 : 0);
    bind_integer(put, 9, settings->release_seconds);
    bind_integer(put, 10, settings->ask_burst);
    bind_integer(put, 11, settings->ask_seconds);
    bind_integer(put, 12, settings->retention_days);
    bind_text(put, 16, settings_publish_name(settings->publish));
    bind_integer(put, 17, settings->publish_seconds);
    bind_signed(put, 18, settings->offset);
    bind_integer(put, 19, settings->tickets ? 1 : 0);
    for (int role = 0; role < ROLE_KEYS; role++) {
        bind_bytes(put, 13 + role, event->role_hash[role], ROLE_HASH_BYTES);
    }
    rows_run(store, put);
}

static void counters_put(struct store *store, const struct event *event) {
    sqlite3_stmt *put = rows_of(store, STATEMENT_EVENT_COUNTERS, event->id);
    bind_integer(put, 2, event->seq[VIEW_PUBLIC]);
    bind_integer(put, 3, event->seq[VIEW_STAFF]);
    bind_integer(put, 4, event->next_number);
    bind_integer(put, 5, event->next_talk);
    bind_integer(put, 6, event->current_talk);
    bind_integer(put, 7, event->closed ? 1 : 0);
    bind_integer(put, 8, event->next_account);
    rows_run(store, put);
}

static void talk_put(struct store *store, const struct event *event, const struct talk *talk) {
    uint8_t *order = memory_new((size_t)talk->order_count * 4);
    for (uint32_t at = 0; at < talk->order_count; at++) {
        for (uint32_t byte = 0; byte < 4; byte++) {
            order[at * 4 + byte] = (uint8_t)(talk->order[at] >> (24 - 8 * byte));
        }
    }
    sqlite3_stmt *put = rows_of(store, STATEMENT_TALK_PUT, event->id);
    bind_integer(put, 2, talk->id);
    bind_integer(put, 3, (uint64_t)(talk - event->talks));
    bind_text(put, 4, talk->title);
    bind_integer(put, 5, talk->open ? 1 : 0);
    bind_bytes(put, 6, order, (size_t)talk->order_count * 4);
    rows_run(store, put);
    free(order);
}

static void question_put(struct store *store, const struct event *event,
                         const struct question *question) {
    sqlite3_stmt *put = rows_of(store, STATEMENT_QUESTION_PUT, event->id);
    bind_integer(put, 2, question->number);
    bind_integer(put, 3, question->talk);
    bind_bytes(put, 4, question->key, QUESTION_KEY_BYTES);
    bind_bytes(put, 5, question->salt, QUESTION_SALT_BYTES);
    bind_integer(put, 6, question->degree);
    bind_text(put, 7, question_state_name(question->state));
    bind_text(put, 8, decline_reason_name(question->reason));
    bind_integer(put, 9, question->pinned ? 1 : 0);
    bind_integer(put, 10, question->rev);
    bind_integer(put, 11, question->minute);
    bind_text(put, 12, question->text);
    bind_text(put, 13, question->answer);
    bind_integer(put, 14, question->approved ? 1 : 0);
    bind_integer(put, 15, question->open ? 1 : 0);
    bind_text(put, 16, question->warning);
    bind_integer(put, 17, question->answered);
    bind_integer(put, 18, question->edited ? 1 : 0);
    rows_run(store, put);
}

/* Puts a value, or drops the row when it is 0. */
static void value_put(struct store *store, const struct event *event, enum statement put_which,
                      enum statement drop_which, uint32_t number, uint64_t value) {
    sqlite3_stmt *statement = rows_of(store, value > 0 ? put_which : drop_which, event->id);
    bind_integer(statement, 2, number);
    if (value > 0) {
        bind_integer(statement, 3, value);
    }
    rows_run(store, statement);
}

static void count_put(struct store *store, const struct event *event, uint32_t number) {
    const struct question *question = event_question(event, number);
    value_put(store, event, STATEMENT_COUNT_PUT, STATEMENT_COUNT_DROP, number,
              question != NULL ? question->votes : 0);
}

static void exposure_put(struct store *store, const struct event *event, uint32_t number) {
    const struct question *question = event_question(event, number);
    value_put(store, event, STATEMENT_EXPOSURE_PUT, STATEMENT_EXPOSURE_DROP, number,
              question != NULL ? question->exposure : 0);
}

static void held_put(struct store *store, const struct event *event, const struct held *held) {
    sqlite3_stmt *put = rows_of(store, STATEMENT_HELD_PUT, event->id);
    bind_bytes(put, 2, held->key, QUESTION_KEY_BYTES);
    bind_bytes(put, 3, held->number == 0 ? held->salt : NULL, QUESTION_SALT_BYTES);
    bind_integer(put, 4, held->talk);
    bind_integer(put, 5, held->number);
    bind_integer(put, 6, held->rev);
    bind_integer(put, 7, held->degree);
    bind_text(put, 8, held->text);
    rows_run(store, put);
}

static void ballot_run(struct store *store, const struct event *event, enum statement which,
                       const uint8_t *ballot) {
    sqlite3_stmt *statement = rows_of(store, which, event->id);
    bind_bytes(statement, 2, ballot, BALLOT_BYTES);
    rows_run(store, statement);
}

static void question_drop(struct store *store, const struct event *event, uint32_t number) {
    sqlite3_stmt *drop = rows_of(store, STATEMENT_QUESTION_DROP, event->id);
    bind_integer(drop, 2, number);
    rows_run(store, drop);
    count_put(store, event, number);
    exposure_put(store, event, number);
}

static void row_write(struct store *store, const struct event *event, const struct row *row) {
    switch (row->kind) {
    case ROW_TALK:
        talk_put(store, event, event_talk(event, row->number)); /* talks are never removed */
        break;
    case ROW_QUESTION: {
        const struct question *question = event_question(event, row->number);
        if (question != NULL) {
            question_put(store, event, question);
        } else {
            question_drop(store, event, row->number);
        }
        break;
    }
    case ROW_COUNT:
        count_put(store, event, row->number);
        break;
    case ROW_EXPOSURE:
        exposure_put(store, event, row->number);
        break;
    case ROW_HELD: {
        const struct held *held = event_held(event, row->key);
        if (held != NULL) {
            held_put(store, event, held);
        } else {
            sqlite3_stmt *drop = rows_of(store, STATEMENT_HELD_DROP, event->id);
            bind_bytes(drop, 2, row->key, QUESTION_KEY_BYTES);
            rows_run(store, drop);
        }
        break;
    }
    case ROW_BALLOT:
        ballot_run(store, event,
                   table_get(&event->ballots, row->key) != NULL ? STATEMENT_BALLOT_PUT
                                                                : STATEMENT_BALLOT_DROP,
                   row->key);
        break;
    case ROW_ACCOUNT:
        account_write(store, event, row->number);
        break;
    case ROW_OUTGOING:
        outgoing_write(store, event, row);
        break;
    case ROW_CARD:
        card_write(store, event, row->key);
        break;
    case ROW_CLAIM:
        claim_write(store, event, row->number);
        break;
    case ROW_TICKET:
        ticket_write(store, event, row->key);
        break;
    case ROW_INTEREST: /* sealed_write */
        break;
    }
}

static void talks_put_all(struct store *store, const struct event *event) {
    for (uint32_t at = 0; at < event->talk_count; at++) {
        talk_put(store, event, &event->talks[at]);
    }
}

static void ballots_put_all(struct store *store, const struct event *event) {
    const void *ballot;
    void *value;
    for (size_t at = 0; table_next(&event->ballots, &at, &ballot, &value);) {
        ballot_run(store, event, STATEMENT_BALLOT_PUT, ballot);
    }
}

static void questions_put_all(struct store *store, const struct event *event) {
    for (uint32_t at = 0; at < event->question_count; at++) {
        const struct question *question = event->questions[at];
        question_put(store, event, question);
        count_put(store, event, question->number);
        exposure_put(store, event, question->number);
    }
    for (uint32_t at = 0; at < event->held_count; at++) {
        held_put(store, event, &event->held[at]);
    }
}

static void wipe(struct store *store, const struct event *event, enum statement first,
                 enum statement last) {
    for (int which = (int)first; which <= (int)last; which++) {
        rows_run(store, rows_of(store, (enum statement)which, event->id));
    }
}

/* True for rows that were written with all of their kind. */
static bool row_written(const struct plan *plan, enum row_kind kind, bool anew) {
    if (kind == ROW_ACCOUNT || kind == ROW_OUTGOING) {
        return plan->whole;
    }
    return anew || (plan->destroyed && (kind == ROW_BALLOT || kind == ROW_TICKET));
}

static void plan_write(struct store *store, const struct plan *plan) {
    const struct event *event = plan->event;
    if (plan->deleted) {
        wipe(store, event, STATEMENT_QUESTIONS_WIPE, STATEMENT_EVENT_WIPE);
        return;
    }
    bool anew = plan->whole || plan->wiped;
    if (plan->whole || plan->settings) {
        settings_put(store, event);
    }
    if (anew) {
        wipe(store, event, STATEMENT_QUESTIONS_WIPE, STATEMENT_INTERESTS_WIPE);
        questions_put_all(store, event);
        people_write_all(store, event);
    }
    if (anew || plan->talks) {
        talks_put_all(store, event);
    }
    if (anew || plan->destroyed) {
        wipe(store, event, STATEMENT_BALLOTS_WIPE, STATEMENT_TICKETS_WIPE);
        ballots_put_all(store, event);
        tickets_write_all(store, event);
    }
    if (plan->whole) {
        wipe(store, event, STATEMENT_ACCOUNTS_WIPE, STATEMENT_OUTGOING_WIPE);
        posts_write_all(store, event);
    }
    for (size_t at = 0; at < plan->count; at++) {
        if (!row_written(plan, plan->rows[at].kind, anew)) {
            row_write(store, event, &plan->rows[at]);
        }
    }
    if (!anew) {
        sealed_write(store, event, plan->rows, plan->count);
    }
    counters_put(store, event);
}

/* Deletions first, so that a new event may have the slug of a deleted one. */
static enum store_status plans_commit(struct store *store, const struct plan *plans, size_t count) {
    rows_run(store, rows_prepare(store, STATEMENT_BEGIN_WRITE));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t at = 0; at < count; at++) {
            if (plans[at].stored && plans[at].deleted == (pass == 0)) {
                plan_write(store, &plans[at]);
            }
        }
    }
    return rows_end(store);
}

enum store_status store_write(struct store *store, const struct store_item *items, size_t count) {
    INVARIANT(store->mode == STORE_WRITE);
    struct plan *plans = memory_new(count * sizeof *plans);
    enum store_status status = STORE_OK;
    bool stored = false;
    for (size_t at = 0; at < count; at++) {
        plans[at] = plan_make(&items[at]);
        stored = stored || plans[at].stored;
        if (status == STORE_OK && plans[at].forgets) {
            status = forgotten_write(store, plans[at].event);
        }
    }
    if (status == STORE_OK && stored) {
        status = plans_commit(store, plans, count);
    }
    for (size_t at = 0; at < count; at++) {
        if (status == STORE_OK && plans[at].removes) {
            atomic_store(&store->removed, true);
        }
        if (status == STORE_OK && plans[at].destroyed && !plans[at].deleted) {
            (void)store_secret_close(store, plans[at].event->id);
        }
        free(plans[at].rows);
    }
    free(plans);
    return status;
}
