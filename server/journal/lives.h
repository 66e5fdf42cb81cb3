/* The events in memory, on the journal thread: found by id and slug, each with its keys, what the
 * network threads said of its presence, what the running batch did to it, and when it wants a tick.
 */
#ifndef RAUTE_JOURNAL_LIVES_H
#define RAUTE_JOURNAL_LIVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/table.h"
#include "event/event.h"
#include "journal/doors.h"
#include "store/store.h"

struct live {
    struct event *event; /* NULL: could not be read back after a failed commit, tried again */
    uint8_t id[EVENT_ID_BYTES];
    struct slug_key slug;
    struct shared_keys *keys;        /* NULL when closed */
    uint32_t present[LIMIT_THREADS]; /* members, per network thread */
    struct changes changes;          /* of the running batch */
    bool touched;                    /* in lives.touched */
    bool fresh;                      /* founded in the running batch: not on disk yet */
    size_t place;                    /* in lives.dues */
};

struct due {
    int64_t at; /* Unix ms */
    struct live *live;
};

struct lives {
    struct store *store;
    uint8_t *secret; /* SECRET_BYTES in locked memory, zero between uses */
    struct table by_id, by_slug;
    struct due *dues; /* one per live, in no order */
    size_t count, room;
    struct live **touched;
    size_t touched_count, touched_room;
};

void lives_init(struct lives *lives, struct store *store);
void lives_clear(struct lives *lives);
/* Reads all events; writes back what their forgotten files removed. NULL, or why it cannot. */
const char *lives_load(struct lives *lives);

struct live *lives_find(const struct lives *lives, const uint8_t id[EVENT_ID_BYTES]);
bool lives_slug_taken(const struct lives *lives, const char *slug);
/* Takes the event and its changes; its keys come from `secret`. */
struct live *lives_add(struct lives *lives, struct event *event, struct changes *changes);
void lives_remove(struct lives *lives, struct live *live); /* frees it */

/* Puts it on the batch's list, once, and looks anew when it is due. */
void live_touch(struct lives *lives, struct live *live, int64_t now);
/* Tells the event how many are present. */
void live_present(struct live *live, struct command *command);
/* Throws the event away and reads it back from disk. False: it cannot be read now. */
bool live_reload(struct lives *lives, struct live *live, int64_t now);
/* Drops the keys of an event that was closed. */
void live_keys_follow(struct live *live);

#endif
