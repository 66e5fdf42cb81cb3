/* A short ring of recent frames of one event and view, so that a client that comes back, or comes
 * with a snapshot, finds what it missed. At most LIMIT_RING_FRAMES and LIMIT_RING_BYTES; an empty
 * one holds no memory. Not thread-safe. */
#ifndef RAUTE_WIRE_RING_H
#define RAUTE_WIRE_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/shared.h"

struct ring_frame {
    uint64_t from, seq;
    bool present_only; /* the next such frame makes it superfluous */
    struct shared *text;
};

struct ring {
    struct ring_frame *frames; /* owned */
    size_t room, first, count, bytes;
    uint64_t start; /* the least `since` that the ring can serve */
};

void ring_start(struct ring *ring, uint64_t seq); /* zeroed memory, or after ring_clear */
/* Drops all frames; who lacks one of them can no longer be served. */
void ring_clear(struct ring *ring);
/* Takes the frame's text. */
void ring_push(struct ring *ring, struct ring_frame frame);
/* As frames_since (wire/frames.h), without the check against the future. */
int ring_since(const struct ring *ring, uint64_t since, struct shared **texts, size_t room,
               uint64_t *seq);

#endif
