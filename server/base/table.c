/* Open addressing with linear probing. Removal shifts the followers of a cluster back instead of
 * leaving tombstones, so a table that lives for days stays as fast as a new one. Slots are at most
 * three quarters full. */
#include "base/table.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"

#define FIRST_ROOM_SLOTS 8
#define KEY_BYTES_MAX    64

static uint8_t hash_key[crypto_shorthash_KEYBYTES];
static pthread_once_t hash_key_once = PTHREAD_ONCE_INIT;

static void hash_key_make(void) {
    random_fill(hash_key, sizeof hash_key);
}

struct table table_make(size_t key_bytes) {
    INVARIANT(key_bytes >= 1 && key_bytes <= KEY_BYTES_MAX);
    (void)pthread_once(&hash_key_once, hash_key_make);
    return (struct table){.key_bytes = key_bytes};
}

void table_clear(struct table *table) {
    free(table->keys);
    free(table->values);
    *table = (struct table){.key_bytes = table->key_bytes};
}

static uint8_t *key_at(const struct table *table, size_t slot) {
    return table->keys + slot * table->key_bytes;
}

/* The slot where a key's search begins. */
static size_t slot_home(const struct table *table, const void *key) {
    uint64_t hash;
    crypto_shorthash((uint8_t *)&hash, key, table->key_bytes, hash_key);
    return (size_t)hash & (table->room - 1);
}

/* The key's slot, or the free one where it would go. The table has room. */
static size_t slot_find(const struct table *table, const void *key) {
    size_t slot = slot_home(table, key);
    while (table->values[slot] != NULL && memcmp(key_at(table, slot), key, table->key_bytes) != 0) {
        slot = (slot + 1) & (table->room - 1);
    }
    return slot;
}

static void slot_fill(struct table *table, size_t slot, const void *key, void *value) {
    memcpy(key_at(table, slot), key, table->key_bytes);
    table->values[slot] = value;
}

static void table_grow(struct table *table) {
    struct table old = *table;
    INVARIANT(old.room <= SIZE_MAX / 2 / KEY_BYTES_MAX);
    table->room = old.room > 0 ? old.room * 2 : FIRST_ROOM_SLOTS;
    table->keys = memory_resize(NULL, table->room, table->key_bytes);
    table->values = memory_new(table->room * sizeof *table->values);
    for (size_t slot = 0; slot < old.room; slot++) {
        if (old.values[slot] != NULL) {
            const void *key = key_at(&old, slot);
            slot_fill(table, slot_find(table, key), key, old.values[slot]);
        }
    }
    free(old.keys);
    free(old.values);
}

void *table_get(const struct table *table, const void *key) {
    return table->count > 0 ? table->values[slot_find(table, key)] : NULL;
}

void table_set(struct table *table, const void *key, void *value) {
    INVARIANT(table->key_bytes > 0 && value != NULL);
    size_t slot = table->room > 0 ? slot_find(table, key) : 0;
    if (table->room > 0 && table->values[slot] != NULL) {
        table->values[slot] = value;
        return;
    }
    if (table->count >= table->room / 4 * 3) {
        table_grow(table);
        slot = slot_find(table, key);
    }
    slot_fill(table, slot, key, value);
    table->count++;
}

void *table_remove(struct table *table, const void *key) {
    if (table->count == 0) {
        return NULL;
    }
    size_t mask = table->room - 1;
    size_t hole = slot_find(table, key);
    void *value = table->values[hole];
    if (value == NULL) {
        return NULL;
    }
    for (size_t slot = (hole + 1) & mask; table->values[slot] != NULL; slot = (slot + 1) & mask) {
        size_t home = slot_home(table, key_at(table, slot));
        /* A key may move back to the hole unless its home lies behind the hole. */
        if (((slot - home) & mask) >= ((slot - hole) & mask)) {
            slot_fill(table, hole, key_at(table, slot), table->values[slot]);
            hole = slot;
        }
    }
    table->values[hole] = NULL;
    table->count--;
    return value;
}

bool table_next(const struct table *table, size_t *at, const void **key, void **value) {
    for (; *at < table->room; (*at)++) {
        if (table->values[*at] != NULL) {
            *key = key_at(table, *at);
            *value = table->values[*at];
            (*at)++;
            return true;
        }
    }
    return false;
}
