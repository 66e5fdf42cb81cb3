#include "base/shared.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

struct shared *shared_new(const void *bytes, size_t length) {
    INVARIANT(length <= SIZE_MAX - sizeof(struct shared));
    struct shared *shared = memory_resize(NULL, sizeof(struct shared) + length, 1);
    atomic_init(&shared->references, 1);
    shared->length = length;
    if (length > 0) {
        memcpy(shared->bytes, bytes, length);
    }
    return shared;
}

struct shared *shared_hold(struct shared *shared) {
    unsigned before = atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    INVARIANT(before > 0);
    return shared;
}

void shared_release(struct shared *shared) {
    if (shared == NULL) {
        return;
    }
    /* Release: our reads are done before another thread frees; acquire: theirs before we do. */
    unsigned before = atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel);
    INVARIANT(before > 0);
    if (before == 1) {
        free(shared);
    }
}
