/* What a network thread knows of an event: enough to check a command before it enters. Immutable;
 * replaced after each commit that changes it. */
#ifndef RAUTE_JOURNAL_DOOR_H
#define RAUTE_JOURNAL_DOOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "event/event.h"
#include "identity/identity.h"
#include "identity/pass.h"

/* What is derived of an event's live secret: in locked memory, shared by its doors, wiped with the
 * last reference. */
struct shared_keys {
    atomic_uint references;
    struct member_keys member;
    struct pass_keys pass;
};

struct door {
    atomic_uint references;
    uint8_t event[EVENT_ID_BYTES];
    char slug[LIMIT_SLUG_CHARS + 1];
    enum language language;
    uint32_t ask_burst, ask_seconds;
    bool closed;                    /* takes no votes any more: keys are gone */
    bool gated;                     /* only a pass makes a member */
    const struct member_keys *keys; /* NULL when closed */
    const struct pass_keys *pass;   /* NULL when closed or not gated */
    struct shared_keys *shared;     /* owns both; held */
    uint8_t role_hash[ROLE_KEYS][ROLE_HASH_BYTES];
};

struct door *door_hold(struct door *door);
void door_release(struct door *door); /* NULL is fine */
/* True when `key` is the key of `role` (not ROLE_AUDIENCE). Constant time. */
bool door_admits(const struct door *door, enum role role, const uint8_t key[ROLE_KEY_BYTES]);

#endif
