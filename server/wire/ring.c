#include "wire/ring.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"

#define FIRST_ROOM_FRAMES 8

static struct ring_frame *ring_at(const struct ring *ring, size_t index) {
    return &ring->frames[(ring->first + index) % ring->room];
}

void ring_start(struct ring *ring, uint64_t seq) {
    INVARIANT(ring->count == 0);
    ring->start = seq;
}

static void ring_drop_first(struct ring *ring) {
    struct ring_frame *frame = ring_at(ring, 0);
    /* Late totals carry no seq of their own: whoever stands at this seq may lack them. */
    bool late = frame->from == frame->seq && !frame->present_only;
    uint64_t start = late ? frame->seq + 1 : frame->seq;
    if (start > ring->start) {
        ring->start = start;
    }
    ring->bytes -= frame->text->length;
    shared_release(frame->text);
    frame->text = NULL;
    ring->first = (ring->first + 1) % ring->room;
    ring->count--;
}

void ring_clear(struct ring *ring) {
    while (ring->count > 0) {
        ring_drop_first(ring);
    }
    free(ring->frames);
    ring->frames = NULL;
    ring->room = ring->first = 0;
}

static void ring_grow(struct ring *ring) {
    size_t room = ring->room > 0 ? 2 * ring->room : FIRST_ROOM_FRAMES;
    struct ring_frame *frames = memory_resize(NULL, room, sizeof *frames);
    for (size_t i = 0; i < ring->count; i++) {
        frames[i] = *ring_at(ring, i);
    }
    free(ring->frames);
    ring->frames = frames;
    ring->room = room;
    ring->first = 0;
}

void ring_push(struct ring *ring, struct ring_frame frame) {
    INVARIANT(frame.from <= frame.seq);
    if (ring->count > 0 && frame.present_only) {
        struct ring_frame *last = ring_at(ring, ring->count - 1);
        if (last->present_only && last->seq == frame.seq) {
            ring->bytes = ring->bytes - last->text->length + frame.text->length;
            shared_release(last->text);
            *last = frame;
            return;
        }
    }
    while (ring->count > 0 && (ring->count == LIMIT_RING_FRAMES ||
                               ring->bytes + frame.text->length > LIMIT_RING_BYTES)) {
        ring_drop_first(ring);
    }
    if (ring->count == ring->room) {
        ring_grow(ring);
    }
    ring->count++;
    ring->bytes += frame.text->length;
    *ring_at(ring, ring->count - 1) = frame;
}

int ring_since(const struct ring *ring, uint64_t since, struct shared **texts, size_t room,
               uint64_t *seq) {
    if (since < ring->start) {
        return -1;
    }
    size_t found = 0;
    *seq = since;
    for (size_t i = 0; i < ring->count; i++) {
        const struct ring_frame *frame = ring_at(ring, i);
        bool late = frame->from == frame->seq;
        if (frame->seq < since || (frame->seq == since && !late)) {
            continue;
        }
        if (texts != NULL) {
            if (found == room) {
                while (found > 0) {
                    shared_release(texts[--found]);
                }
                return -1;
            }
            texts[found] = shared_hold(frame->text);
        }
        found++;
        *seq = frame->seq;
    }
    return (int)found;
}
