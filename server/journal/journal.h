/* Puts commands in order, makes them durable in groups (whatever arrived while the last fsync ran
 * is the next batch), applies them, and tells who asked. One thread of its own, the only one that
 * touches events and the store's write connection. */
#ifndef RAUTE_JOURNAL_JOURNAL_H
#define RAUTE_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/queue.h"
#include "event/command.h"
#include "event/event.h"
#include "journal/door.h"
#include "store/store.h"

struct journal;

/* CREATE: the id is the submitter's, random; the journal makes the slug final (journal/slug.h).
 * IMPORT: `import.event` has the exported event's id, settings, fresh role hashes and restored
 * parts; the journal makes the slug unique, adds what was forgotten, calls event_restored() (again,
 * if the decoder did). Both: PRESENT when the id is here already, FULL, STORAGE. PRESENCE:
 * `presence.thread` below LIMIT_THREADS. TICK: the journal's own, never submitted. */

/* A command on its way in, and the same object on its way back as the answer. */
struct journal_request {
    struct queue_node node;
    struct command command; /* `now` is set by the journal */
    struct queue *reply;    /* where the answer goes; NULL: nobody waits, the journal frees it */
    uint64_t handle;        /* only the sender understands it */
    uint32_t id;            /* likewise: the client's id */
    /* the answer: */
    enum refusal refusal;
    uint32_t result;                 /* the new talk's id after TALK_ADD, the account's after
                                      * ACCOUNT_PUT */
    char *answer;                    /* the ok object, JSON: from the bridge, from `compose`, or
                                      * the sender's; owned; may be NULL */
    char slug[LIMIT_SLUG_CHARS + 1]; /* after CREATE and IMPORT */
    /* Called on the journal thread when the command was accepted (also: in force already), before
     * the commit; may fill `answer`, which a failed commit drops, whoever filled it. Not of CREATE
     * and IMPORT. NULL: nothing to compose. */
    void (*compose)(const struct event *event, struct journal_request *request);
    void *context; /* only the sender understands it; the sender frees it */
    /* The journal's own: */
    bool uncommitted; /* OK, if the commit succeeds */
    void (*reader)(const struct event *event, bool known,
                   void *context); /* a journal_read, not a command */
};

struct journal_request *journal_request_new(enum command_kind kind,
                                            const uint8_t event[EVENT_ID_BYTES]);
void journal_request_free(struct journal_request *request); /* with its command */

/* Told of every commit: after the fsync, before the answers leave, on the journal thread. */
struct journal_subscriber {
    void *context;
    void (*committed)(void *context, const struct event *event, const struct changes *changes);
    /* The event is about to be freed: deleted for good (its last changes are not told) or reloaded
     * after a failed commit. */
    void (*gone)(void *context, const uint8_t event[EVENT_ID_BYTES], bool deleted);
    /* Called soon after commits and then at least every FRAME_TICK_MS while it returns true. */
    bool (*tick)(void *context, int64_t now_unix_ms);
};

/* Loads all events from the store (owned by the caller, used by the journal's thread alone from
 * now on) and writes back what their forgotten files removed. An event without a secret is given a
 * new one: voting starts afresh, and what was sealed is gone. NULL and *why (static text) when it
 * cannot. */
struct journal *journal_new(struct store *store, const char **why);
/* Before journal_start; at most 4. */
void journal_subscribe(struct journal *journal, struct journal_subscriber subscriber);
void journal_start(struct journal *journal);
/* Finishes what is queued, commits, answers, ends the thread. Later submissions are refused BUSY.
 */
void journal_stop(struct journal *journal);
void journal_free(struct journal *journal);

/* Takes the request. It comes back on request->reply, also when the queue is full (BUSY). */
void journal_submit(struct journal *journal, struct journal_request *request);

/* Runs `reader` on the journal thread between batches, after every command that was submitted
 * before; `event` is NULL when there is none with this id. It must not block. Without a running
 * journal thread it runs at once, on the caller's: before journal_start with the event, after
 * journal_stop with NULL. */
void journal_read(struct journal *journal, const uint8_t event[EVENT_ID_BYTES],
                  void (*reader)(const struct event *event, bool known, void *context),
                  void *context);

/* The event's door, held for the caller; NULL when the slug is unknown. Any thread. */
struct door *journal_door(struct journal *journal, const char *slug);

/* Runs `reader` for every event, on the caller's thread; before journal_start only. */
void journal_visit(struct journal *journal,
                   void (*reader)(const struct event *event, void *context), void *context);

/* For offline subcommands, without journal_start: the same path, on the caller's thread. */
void journal_run_one(struct journal *journal, struct journal_request *request);

#endif
