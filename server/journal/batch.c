#include "journal/batch.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"

#define RETRY_MS 1000

static enum refusal live_apply(struct lives *lives, struct live *live,
                               struct journal_request *request) {
    struct command *command = &request->command;
    if (command->kind == COMMAND_PRESENCE) {
        if (command->as.presence.thread >= LIMIT_THREADS) {
            return REFUSAL_BAD_VALUE;
        }
        live->present[command->as.presence.thread] = command->as.presence.members;
        live_present(live, command);
    }
    if (live->event == NULL && !live_reload(lives, live, command->now)) {
        return REFUSAL_STORAGE;
    }
    return event_apply(live->event, command, &live->changes, &request->result);
}

static void request_apply(struct journal *journal, struct journal_request *request, int64_t now) {
    struct lives *lives = &journal->lives;
    struct command *command = &request->command;
    command->now = now;
    request->refusal = REFUSAL_UNKNOWN;
    request->uncommitted = false;
    request->result = 0;
    request->slug[0] = '\0';
    if (command->kind == COMMAND_CREATE || command->kind == COMMAND_IMPORT) {
        request->refusal = event_found(journal, request);
        request->uncommitted = request->refusal == REFUSAL_OK;
        return;
    }
    struct live *live = lives_find(lives, command->event);
    if (live == NULL) {
        return;
    }
    request->refusal = live_apply(lives, live, request);
    live_touch(lives, live, now);
    /* "In force already" may lean on an earlier command of this batch: it too waits for the disk.
     */
    request->uncommitted = request->refusal == REFUSAL_OK && live->changes.count > 0;
    if (request->refusal == REFUSAL_OK && request->compose != NULL) {
        request->compose(live->event, request);
    }
}

static void tick_apply(struct lives *lives, struct live *live, int64_t now) {
    if (live->event != NULL || live_reload(lives, live, now)) {
        struct command command = {.kind = COMMAND_TICK, .now = now};
        memcpy(command.event, live->id, sizeof command.event);
        random_fill(command.as.tick.random, sizeof command.as.tick.random);
        uint32_t result;
        (void)event_apply(live->event, &command, &live->changes, &result);
    }
    live_touch(lives, live, now);
}

/* Each event at most once per batch; one that is due again at once comes with the next. */
static void ticks_run(struct journal *journal, int64_t now) {
    struct lives *lives = &journal->lives;
    if (now < journal->retry_at && journal->retry_at - now <= RETRY_MS) {
        return;
    }
    for (size_t at = 0; at < lives->count; at++) {
        if (lives->dues[at].at <= now) {
            tick_apply(lives, lives->dues[at].live, now);
        }
    }
}

static bool changes_have(const struct changes *changes, enum change_kind kind) {
    for (size_t at = 0; at < changes->count; at++) {
        if (changes->items[at].kind == kind) {
            return true;
        }
    }
    return false;
}

static void gone_tell(const struct journal *journal, const struct live *live, bool deleted) {
    for (size_t at = 0; at < journal->subscriber_count; at++) {
        const struct journal_subscriber *subscriber = &journal->subscribers[at];
        subscriber->gone(subscriber->context, live->id, deleted);
    }
}

/* What a commit means for one event. False: it was deleted. */
static bool live_committed(struct journal *journal, struct live *live) {
    const struct changes *changes = &live->changes;
    if (live->event->deleted) {
        doors_remove(&journal->doors, live->event->slug);
        gone_tell(journal, live, true);
        lives_remove(&journal->lives, live);
        return false;
    }
    live->fresh = false;
    if (changes_have(changes, CHANGE_CREATED) || changes_have(changes, CHANGE_SETTINGS) ||
        changes_have(changes, CHANGE_ROLE) || changes_have(changes, CHANGE_BALLOTS_DESTROYED)) {
        live_keys_follow(live);
        doors_put(&journal->doors, live->event, live->keys);
    }
    for (size_t at = 0; at < journal->subscriber_count; at++) {
        const struct journal_subscriber *subscriber = &journal->subscribers[at];
        subscriber->committed(subscriber->context, live->event, changes);
    }
    changes_clear(&live->changes);
    return true;
}

/* Memory goes back to what the disk says. */
static void live_failed(struct journal *journal, struct live *live, int64_t now) {
    if (live->fresh) {
        lives_remove(&journal->lives, live);
        return;
    }
    gone_tell(journal, live, false);
    (void)live_reload(&journal->lives, live, now);
}

static enum store_status lives_write(struct lives *lives) {
    struct store_item *items = memory_new(lives->touched_count * sizeof *items);
    size_t count = 0;
    for (size_t at = 0; at < lives->touched_count; at++) {
        const struct live *live = lives->touched[at];
        if (live->changes.count > 0) {
            items[count++] = (struct store_item){.event = live->event, .changes = &live->changes};
        }
    }
    enum store_status status = store_write(lives->store, items, count);
    free(items);
    return status;
}

static bool batch_commit(struct journal *journal, int64_t now) {
    struct lives *lives = &journal->lives;
    bool written = lives_write(lives) == STORE_OK;
    bool sweep = false;
    for (size_t at = 0; at < lives->touched_count; at++) {
        struct live *live = lives->touched[at];
        live->touched = false;
        if (live->changes.count == 0) {
            continue;
        }
        if (written) {
            sweep = !live_committed(journal, live) || sweep;
        } else {
            sweep = sweep || live->fresh;
            live_failed(journal, live, now);
        }
    }
    lives->touched_count = 0;
    if (!written) {
        log_count("storage");
        journal->retry_at = now + RETRY_MS;
    }
    if (sweep) {
        store_files_sweep(journal->store);
    }
    return written;
}

/* It says what is not so, and may hold admission codes. */
static void answer_drop(struct journal_request *request) {
    if (request->answer != NULL) {
        sodium_memzero(request->answer, strlen(request->answer));
        free(request->answer);
        request->answer = NULL;
    }
}

void batch_run(struct journal *journal, struct journal_request *first) {
    int64_t now = clock_unix_ms();
    for (struct journal_request *request = first; request != NULL;
         request = (struct journal_request *)request->node.next) {
        request_apply(journal, request, now);
    }
    ticks_run(journal, now);
    if (batch_commit(journal, now)) {
        return;
    }
    for (struct journal_request *request = first; request != NULL;
         request = (struct journal_request *)request->node.next) {
        if (request->uncommitted) {
            request->refusal = REFUSAL_STORAGE;
            answer_drop(request);
            request->result = 0;
            request->slug[0] = '\0';
        }
    }
}
