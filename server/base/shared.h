/* Immutable bytes shared between threads by counting references. */
#ifndef RAUTE_BASE_SHARED_H
#define RAUTE_BASE_SHARED_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;

struct shared {
    atomic_uint references;
    size_t length;
    uint8_t bytes[];
};

/* A copy of the bytes, with one reference: the caller's. */
struct shared *shared_new(const void *bytes, size_t length);
struct shared *shared_hold(struct shared *shared); /* one reference more; returns it */
void shared_release(struct shared *shared);        /* NULL is fine */

#endif
