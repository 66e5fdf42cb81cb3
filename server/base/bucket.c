/* A bucket is one number: when it will be full again. Taking a token moves that instant by
 * `refill_ms` into the future, and there are tokens as long as it lies no more than `burst` refills
 * ahead. So a bucket that is full need not be kept at all.
 *
 * Two generations, each with its own random key: a subject is looked up in the new one, then in the
 * old one, whence it moves on use. A rotation drops the old generation together with its key. */
#include "base/bucket.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/table.h"

#define HASH_BYTES 16
#define KEY_BYTES  32

struct bucket {
    int64_t full_ms;
};

struct generation {
    uint8_t key[KEY_BYTES];
    struct table buckets; /* HASH_BYTES → struct bucket, owned */
};

struct buckets {
    pthread_mutex_t mutex;
    struct generation fresh, old;
    size_t maximum;
    int64_t rotate_ms, rotated_ms;
    bool started; /* rotated_ms is set */
};

static void generation_start(struct generation *generation) {
    random_fill(generation->key, sizeof generation->key);
    generation->buckets = table_make(HASH_BYTES);
}

static void generation_end(struct generation *generation) {
    size_t at = 0;
    const void *hash;
    void *bucket;
    while (table_next(&generation->buckets, &at, &hash, &bucket)) {
        free(bucket);
    }
    table_clear(&generation->buckets);
    sodium_memzero(generation->key, sizeof generation->key);
}

struct buckets *buckets_new(size_t maximum, int64_t rotate_ms) {
    INVARIANT(maximum > 0 && rotate_ms > 0);
    struct buckets *buckets = memory_new(sizeof *buckets);
    INVARIANT(pthread_mutex_init(&buckets->mutex, NULL) == 0);
    buckets->maximum = maximum;
    buckets->rotate_ms = rotate_ms;
    generation_start(&buckets->fresh);
    generation_start(&buckets->old);
    return buckets;
}

void buckets_free(struct buckets *buckets) {
    if (buckets == NULL) {
        return;
    }
    generation_end(&buckets->fresh);
    generation_end(&buckets->old);
    (void)pthread_mutex_destroy(&buckets->mutex);
    free(buckets);
}

static void buckets_rotate(struct buckets *buckets) {
    generation_end(&buckets->old);
    buckets->old = buckets->fresh;
    generation_start(&buckets->fresh);
}

/* One rotation when it is due, two when nobody came for a whole further period. */
static void buckets_rotate_when_due(struct buckets *buckets, int64_t now_ms) {
    if (!buckets->started) {
        buckets->started = true;
        buckets->rotated_ms = now_ms;
        return;
    }
    int64_t passed_ms = now_ms - buckets->rotated_ms;
    if (passed_ms < buckets->rotate_ms) {
        return;
    }
    buckets_rotate(buckets);
    if (passed_ms / 2 >= buckets->rotate_ms) {
        buckets_rotate(buckets);
    }
    buckets->rotated_ms = now_ms;
}

static int compare_ms(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static size_t generation_instants(const struct generation *generation, int64_t *instants) {
    size_t at = 0, count = 0;
    const void *hash;
    void *bucket;
    while (table_next(&generation->buckets, &at, &hash, &bucket)) {
        instants[count++] = ((struct bucket *)bucket)->full_ms;
    }
    return count;
}

/* Forgets the buckets that are full by `until_ms`. */
static void generation_sweep(struct generation *generation, int64_t until_ms) {
    struct table kept = table_make(HASH_BYTES);
    size_t at = 0;
    const void *hash;
    void *bucket;
    while (table_next(&generation->buckets, &at, &hash, &bucket)) {
        if (((struct bucket *)bucket)->full_ms > until_ms) {
            table_set(&kept, hash, bucket);
        } else {
            free(bucket);
        }
    }
    table_clear(&generation->buckets);
    generation->buckets = kept;
}

/* Forgets all that are full now, and at least an eighth: sweeps stay rare. */
static void buckets_sweep(struct buckets *buckets, int64_t now_ms) {
    size_t total = buckets->fresh.buckets.count + buckets->old.buckets.count;
    int64_t *instants = memory_resize(NULL, total, sizeof *instants);
    size_t count = generation_instants(&buckets->fresh, instants);
    count += generation_instants(&buckets->old, instants + count);
    INVARIANT(count == total);
    qsort(instants, count, sizeof *instants, compare_ms);
    int64_t until_ms = instants[count / 8] > now_ms ? instants[count / 8] : now_ms;
    free(instants);
    generation_sweep(&buckets->fresh, until_ms);
    generation_sweep(&buckets->old, until_ms);
}

/* The subject's bucket in the fresh generation, moved there or made. */
static struct bucket *bucket_find(struct buckets *buckets, const void *subject,
                                  size_t subject_bytes, int64_t now_ms) {
    uint8_t hash[HASH_BYTES], old_hash[HASH_BYTES];
    (void)crypto_generichash(hash, sizeof hash, subject, subject_bytes, buckets->fresh.key,
                             KEY_BYTES);
    struct bucket *bucket = table_get(&buckets->fresh.buckets, hash);
    if (bucket != NULL) {
        return bucket;
    }
    (void)crypto_generichash(old_hash, sizeof old_hash, subject, subject_bytes, buckets->old.key,
                             KEY_BYTES);
    bucket = table_remove(&buckets->old.buckets, old_hash);
    if (bucket == NULL) {
        if (buckets->fresh.buckets.count + buckets->old.buckets.count >= buckets->maximum) {
            buckets_sweep(buckets, now_ms);
        }
        bucket = memory_new(sizeof *bucket);
        bucket->full_ms = now_ms;
    }
    table_set(&buckets->fresh.buckets, hash, bucket);
    return bucket;
}

bool buckets_take(struct buckets *buckets, const void *subject, size_t subject_bytes,
                  uint32_t burst, uint32_t refill_ms, int64_t now_ms) {
    if (refill_ms == 0) {
        return true;
    }
    (void)pthread_mutex_lock(&buckets->mutex);
    buckets_rotate_when_due(buckets, now_ms);
    struct bucket *bucket = bucket_find(buckets, subject, subject_bytes, now_ms);
    int64_t base_ms = bucket->full_ms > now_ms ? bucket->full_ms : now_ms;
    int64_t full_ms = base_ms + refill_ms;
    bool taken = (uint64_t)(full_ms - now_ms) <= (uint64_t)burst * refill_ms;
    if (taken) {
        bucket->full_ms = full_ms;
    }
    (void)pthread_mutex_unlock(&buckets->mutex);
    return taken;
}
