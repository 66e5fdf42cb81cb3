#include "journal/doors.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

bool slug_key_make(struct slug_key *key, const char *slug) {
    size_t length = strnlen(slug, sizeof key->chars + 1);
    if (length > sizeof key->chars) {
        return false;
    }
    memset(key->chars, 0, sizeof key->chars);
    memcpy(key->chars, slug, length);
    return true;
}

struct shared_keys *shared_keys_new(const uint8_t live[32], const uint8_t event[EVENT_ID_BYTES]) {
    struct shared_keys *keys = sodium_malloc(sizeof *keys);
    if (keys == NULL) {
        log_fatal("out of memory for secrets");
    }
    atomic_init(&keys->references, 1);
    member_keys_derive(&keys->member, live);
    pass_keys_derive(&keys->pass, live, event);
    return keys;
}

void shared_keys_release(struct shared_keys *keys) {
    if (keys != NULL && atomic_fetch_sub(&keys->references, 1) == 1) {
        sodium_free(keys); /* wipes */
    }
}

struct door *door_hold(struct door *door) {
    atomic_fetch_add(&door->references, 1);
    return door;
}

void door_release(struct door *door) {
    if (door != NULL && atomic_fetch_sub(&door->references, 1) == 1) {
        shared_keys_release(door->shared);
        free(door);
    }
}

bool door_admits(const struct door *door, enum role role, const uint8_t key[ROLE_KEY_BYTES]) {
    if (role < ROLE_ORGANISER || role > ROLE_STAGE) {
        return false;
    }
    uint8_t hash[ROLE_HASH_BYTES];
    role_hash(hash, door->event, role, key);
    return sodium_memcmp(hash, door->role_hash[role - 1], sizeof hash) == 0;
}

static struct door *door_new(const struct event *event, struct shared_keys *keys) {
    struct door *door = memory_new(sizeof *door);
    atomic_init(&door->references, 1);
    memcpy(door->event, event->id, sizeof door->event);
    memcpy(door->slug, event->slug, sizeof door->slug);
    memcpy(door->role_hash, event->role_hash, sizeof door->role_hash);
    door->language = event->settings.language;
    door->ask_burst = event->settings.ask_burst;
    door->ask_seconds = event->settings.ask_seconds;
    door->closed = event->closed;
    door->gated = event->settings.tickets;
    INVARIANT(event->closed == (keys == NULL));
    if (keys != NULL) {
        atomic_fetch_add(&keys->references, 1);
        door->shared = keys;
        door->keys = &keys->member;
        door->pass = door->gated ? &keys->pass : NULL;
    }
    return door;
}

void doors_init(struct doors *doors) {
    INVARIANT(pthread_rwlock_init(&doors->lock, NULL) == 0);
    doors->by_slug = table_make(sizeof(struct slug_key));
}

void doors_destroy(struct doors *doors) {
    const void *key;
    void *door;
    for (size_t at = 0; table_next(&doors->by_slug, &at, &key, &door);) {
        door_release(door);
    }
    table_clear(&doors->by_slug);
    (void)pthread_rwlock_destroy(&doors->lock);
}

void doors_put(struct doors *doors, const struct event *event, struct shared_keys *keys) {
    struct slug_key key;
    INVARIANT(slug_key_make(&key, event->slug));
    struct door *door = door_new(event, keys);
    (void)pthread_rwlock_wrlock(&doors->lock);
    struct door *old = table_get(&doors->by_slug, &key);
    table_set(&doors->by_slug, &key, door);
    (void)pthread_rwlock_unlock(&doors->lock);
    door_release(old);
}

void doors_remove(struct doors *doors, const char *slug) {
    struct slug_key key;
    INVARIANT(slug_key_make(&key, slug));
    (void)pthread_rwlock_wrlock(&doors->lock);
    struct door *old = table_remove(&doors->by_slug, &key);
    (void)pthread_rwlock_unlock(&doors->lock);
    door_release(old);
}

struct door *doors_find(struct doors *doors, const char *slug) {
    struct slug_key key;
    if (!slug_key_make(&key, slug)) {
        return NULL;
    }
    (void)pthread_rwlock_rdlock(&doors->lock);
    struct door *door = table_get(&doors->by_slug, &key);
    if (door != NULL) {
        (void)door_hold(door);
    }
    (void)pthread_rwlock_unlock(&doors->lock);
    return door;
}
