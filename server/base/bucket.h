/* Rate limits in memory: token buckets under a keyed hash of whatever they limit (an address, a
 * member). The key is random and changes, so nothing here can be joined to anything later.
 * Thread-safe. Bounded: when there are too many, the fullest (idlest) are forgotten first. */
#ifndef RAUTE_BASE_BUCKET_H
#define RAUTE_BASE_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buckets;

/* At most `maximum` buckets. The hash key changes every `rotate_ms`; a bucket moves along when it
 * is used, and is forgotten when nobody used it for one to two periods. So choose `rotate_ms` no
 * shorter than the longest burst × refill_ms. */
struct buckets *buckets_new(size_t maximum, int64_t rotate_ms);
void buckets_free(struct buckets *buckets);
/* Takes one token from `subject`'s bucket, which holds at most `burst` and gains one every
 * `refill_ms` (0: never limited). `now_ms` never goes back. False: it was empty. */
bool buckets_take(struct buckets *buckets, const void *subject, size_t subject_bytes,
                  uint32_t burst, uint32_t refill_ms, int64_t now_ms);

#endif
