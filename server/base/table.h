/* A hash table from keys of one fixed size to pointers; also a set, with any non-NULL value.
 * Keys are copied in. Hashed with SipHash under a random key per process, so nobody can choose
 * colliding keys; nothing may depend on its order. Not thread-safe. */
#ifndef RAUTE_BASE_TABLE_H
#define RAUTE_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table {
    size_t key_bytes, count, room; /* room: slots, a power of two */
    uint8_t *keys;
    void **values; /* NULL: free slot */
};

struct table table_make(size_t key_bytes);                   /* 1 to 64 */
void table_clear(struct table *table);                       /* frees the table, not the values */
void *table_get(const struct table *table, const void *key); /* NULL: not there */
void table_set(struct table *table, const void *key, void *value); /* value not NULL; replaces */
void *table_remove(struct table *table, const void *key); /* the value, NULL: was not there */
/* Goes through all: start with *at = 0; false at the end. No change to the table meanwhile. */
bool table_next(const struct table *table, size_t *at, const void **key, void **value);

#endif
