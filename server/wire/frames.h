/* Frames: the changes since the last tick, merged and sorted, encoded once per view, sent to
 * everyone as the same bytes. A journal subscriber; a short ring of recent frames per event and
 * view. Any thread may read the ring. All rings together keep to LIMIT_RINGS_BYTES: those of the
 * events that were idle longest are closed first, and those of every event after RING_IDLE_MS of
 * silence. Who looks for frames in a closed ring is told to resync, and that opens it again.
 *
 * Vote totals keep to a budget of about 1 KB/s: few leave at once, many together every two seconds
 * (wire/stream.h).
 * So a frame may have from == seq (late totals, or presence alone). A network thread gives a frame
 * to a session when frame->seq > session->seq, or when frame->from == frame->seq >= session->seq,
 * and then sets session->seq to frame->seq; the rest it has already. Who joins, or stays while
 * others go, may get such late values twice, from the ring and from the queue. */
#ifndef RAUTE_WIRE_FRAMES_H
#define RAUTE_WIRE_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/queue.h"
#include "base/shared.h"
#include "journal/journal.h"

enum frame_kind {
    FRAME_CHANGES, /* text is a frame for sessions of `view` */
    FRAME_ROLES,   /* a role key changed: sessions whose role_hash is no longer the door's get a bye
                    */
    FRAME_DELETED, /* every session of the event gets a bye */
    FRAME_RESYNC,  /* every session of the event gets a resync (reload, or too large a frame) */
};

/* What a network thread finds in its queue. Freed with frame_free. */
struct frame {
    struct queue_node node;
    enum frame_kind kind;
    uint8_t event[EVENT_ID_BYTES];
    enum view view;
    uint64_t from, seq;
    struct shared *text; /* a complete unmasked WebSocket text frame, header included */
};

struct frames *frames_new(void);
void frames_free(struct frames *frames);
struct journal_subscriber frames_subscriber(struct frames *frames);
/* Before the journal starts: every frame goes to each queue. */
void frames_attach(struct frames *frames, struct queue *queue);
void frame_free(struct frame *frame);

/* Opens the event's rings, if they are not: a reader for journal_read, `context` is the frames.
 * Frames are kept from the event's first commit or this call on, whatever comes first. */
void frames_open(const struct event *event, bool known, void *context);

/* The ready frames that bring a client at `since` up to date, oldest first: up to `room` held
 * references in `texts`, how many is returned, *seq is where they lead to (never below `since`).
 * `texts` NULL: only counts. A `room` that is too small is a resync too; LIMIT_RING_FRAMES
 * suffices. −1: too old, or from the future, or not opened: resync. */
int frames_since(struct frames *frames, const uint8_t event[EVENT_ID_BYTES], enum view view,
                 uint64_t since, struct shared **texts, size_t room, uint64_t *seq);

#endif
