/* All doors, found by slug: read by any thread, changed by the journal thread alone. */
#ifndef RAUTE_JOURNAL_DOORS_H
#define RAUTE_JOURNAL_DOORS_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/table.h"
#include "journal/door.h"

/* A slug as a key of tables: filled up with zeroes. */
struct slug_key {
    char chars[LIMIT_SLUG_CHARS];
};

/* False: too long to be a slug. */
bool slug_key_make(struct slug_key *key, const char *slug);

/* One reference, the caller's. live: the first half of the event's secret. */
struct shared_keys *shared_keys_new(const uint8_t live[32], const uint8_t event[EVENT_ID_BYTES]);
void shared_keys_release(struct shared_keys *keys); /* NULL is fine */

struct doors {
    pthread_rwlock_t lock;
    struct table by_slug; /* struct slug_key → struct door * */
};

void doors_init(struct doors *doors);
void doors_destroy(struct doors *doors);
/* Makes the event's door as it is now, in place of the old one. `keys` are held; NULL when closed.
 */
void doors_put(struct doors *doors, const struct event *event, struct shared_keys *keys);
void doors_remove(struct doors *doors, const char *slug);
struct door *doors_find(struct doors *doors, const char *slug); /* held; NULL: none */

#endif
