#include "journal/lives.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

void lives_init(struct lives *lives, struct store *store) {
    *lives = (struct lives){.store = store,
                            .secret = sodium_malloc(SECRET_BYTES),
                            .by_id = table_make(EVENT_ID_BYTES),
                            .by_slug = table_make(sizeof(struct slug_key))};
    if (lives->secret == NULL) {
        log_fatal("out of memory for secrets");
    }
}

static void live_free(struct live *live) {
    event_free(live->event);
    changes_clear(&live->changes);
    shared_keys_release(live->keys);
    free(live);
}

void lives_clear(struct lives *lives) {
    for (size_t at = 0; at < lives->count; at++) {
        live_free(lives->dues[at].live);
    }
    table_clear(&lives->by_id);
    table_clear(&lives->by_slug);
    free(lives->dues);
    free(lives->touched);
    sodium_free(lives->secret);
}

struct live *lives_find(const struct lives *lives, const uint8_t id[EVENT_ID_BYTES]) {
    return table_get(&lives->by_id, id);
}

bool lives_slug_taken(const struct lives *lives, const char *slug) {
    struct slug_key key;
    return slug_key_make(&key, slug) && table_get(&lives->by_slug, &key) != NULL;
}

struct live *lives_add(struct lives *lives, struct event *event, struct changes *changes) {
    struct live *live = memory_new(sizeof *live);
    live->event = event;
    live->changes = *changes;
    *changes = (struct changes){0};
    memcpy(live->id, event->id, sizeof live->id);
    INVARIANT(slug_key_make(&live->slug, event->slug));
    INVARIANT(lives_find(lives, live->id) == NULL && !lives_slug_taken(lives, event->slug));
    if (!event->closed) {
        live->keys = shared_keys_new(lives->secret, live->id);
    }
    sodium_memzero(lives->secret, SECRET_BYTES);

    if (lives->count == lives->room) {
        lives->room = lives->room > 0 ? 2 * lives->room : 8;
        lives->dues = memory_resize(lives->dues, lives->room, sizeof *lives->dues);
    }
    live->place = lives->count++;
    lives->dues[live->place] = (struct due){.at = event_due(event), .live = live};
    table_set(&lives->by_id, live->id, live);
    table_set(&lives->by_slug, &live->slug, live);
    return live;
}

void lives_remove(struct lives *lives, struct live *live) {
    struct due *last = &lives->dues[--lives->count];
    lives->dues[live->place] = *last;
    last->live->place = live->place;
    INVARIANT(table_remove(&lives->by_id, live->id) == live);
    INVARIANT(table_remove(&lives->by_slug, &live->slug) == live);
    live_free(live);
}

void live_touch(struct lives *lives, struct live *live, int64_t now) {
    if (!live->touched) {
        if (lives->touched_count == lives->touched_room) {
            lives->touched_room = lives->touched_room > 0 ? 2 * lives->touched_room : 8;
            lives->touched = memory_resize(lives->touched, lives->touched_room, sizeof(void *));
        }
        lives->touched[lives->touched_count++] = live;
        live->touched = true;
    }
    lives->dues[live->place].at = live->event != NULL ? event_due(live->event) : now;
}

void live_present(struct live *live, struct command *command) {
    uint32_t sum = 0;
    for (size_t thread = 0; thread < LIMIT_THREADS; thread++) {
        sum += live->present[thread];
    }
    command->as.presence.members = sum;
}

bool live_reload(struct lives *lives, struct live *live, int64_t now) {
    event_free(live->event);
    live->event = NULL;
    changes_clear(&live->changes);
    enum store_status status = store_load(lives->store, live->id, &live->event, &live->changes);
    INVARIANT(status != STORE_NONE); /* its deletion was not committed */
    if (status == STORE_OK) {
        struct command command = {.kind = COMMAND_PRESENCE, .now = now};
        memcpy(command.event, live->id, sizeof command.event);
        live_present(live, &command);
        uint32_t result;
        INVARIANT(event_apply(live->event, &command, &live->changes, &result) == REFUSAL_OK);
    }
    lives->dues[live->place].at = live->event != NULL && live->changes.count == 0
                                      ? event_due(live->event)
                                      : now; /* to be tried again, or written back */
    return status == STORE_OK;
}

void live_keys_follow(struct live *live) {
    if (live->event->closed) {
        shared_keys_release(live->keys);
        live->keys = NULL;
    }
}

/* Fills `secret` for an event just read: voting starts afresh where there is none. A closed event
 * needs its memory half alone; the process may have ended between the commit that closed it and the
 * end of the live half. */
static bool secret_ready(struct lives *lives, const struct event *event) {
    enum store_status status = store_secret_load(lives->store, event->id, lives->secret);
    if (status == STORE_NONE) {
        status = store_secret_new(lives->store, event->id, lives->secret);
    }
    if (status == STORE_OK && event->closed &&
        sodium_is_zero(lives->secret, SECRET_BYTES / 2) == 0) {
        status = store_secret_close(lives->store, event->id);
    }
    return status == STORE_OK;
}

static void lives_write_back(struct lives *lives) {
    struct store_item *items = memory_new(lives->count * sizeof *items);
    size_t count = 0;
    for (size_t at = 0; at < lives->count; at++) {
        const struct live *live = lives->dues[at].live;
        if (live->changes.count > 0) {
            items[count++] = (struct store_item){.event = live->event, .changes = &live->changes};
        }
    }
    bool written = store_write(lives->store, items, count) == STORE_OK;
    free(items);
    for (size_t at = 0; at < lives->count && count > 0; at++) {
        struct live *live = lives->dues[at].live;
        if (written) {
            changes_clear(&live->changes);
        } else if (live->changes.count > 0) {
            lives->dues[at].at = 0; /* with the first batch */
        }
    }
}

const char *lives_load(struct lives *lives) {
    uint8_t(*ids)[EVENT_ID_BYTES];
    size_t count;
    if (store_list(lives->store, &ids, &count) != STORE_OK) {
        return "the database cannot be read";
    }
    const char *why = NULL;
    for (size_t at = 0; at < count && why == NULL; at++) {
        struct event *event;
        struct changes changes = {0};
        if (store_load(lives->store, ids[at], &event, &changes) != STORE_OK) {
            why = "an event in the database is damaged";
        } else if (!secret_ready(lives, event)) {
            why = "an event's secret cannot be read or written";
            event_free(event);
        } else {
            (void)lives_add(lives, event, &changes);
        }
        changes_clear(&changes);
    }
    free(ids);
    if (why == NULL) {
        lives_write_back(lives);
    }
    return why;
}
