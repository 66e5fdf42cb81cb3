/* One view of one event on its way out: what changed since the last frame, merged, and the ring of
 * frames that left. Gathering and encoding happen on the journal thread alone.
 *
 * Whatever leaves is counted in bytes against an allowance that grows by STREAM_BYTES_PER_SECOND,
 * but only vote totals wait for it: two hundred leave about every two seconds, each question in
 * turn. Up to VOTES_FEW never wait more than two ticks. */
#ifndef RAUTE_WIRE_STREAM_H
#define RAUTE_WIRE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"
#include "event/event.h"
#include "wire/ring.h"

#define STREAM_BYTES_PER_SECOND 900
#define STREAM_BYTES_SAVED      2000 /* the allowance stays between this and its negative */
#define VOTES_FEW               10   /* alone every two ticks, these too keep to 1 KB/s */

struct stream {
    enum view view;
    uint64_t seq;                                /* of the event, as of the last commit */
    uint64_t sent;                               /* of the last frame */
    int64_t sent_at;                             /* Unix ms; 0: never */
    struct table questions, votes, gone, orders; /* sets of numbers and, for orders, talk ids */
    struct table accounts;                       /* set of account ids */
    struct table cards;                          /* set of card keys */
    bool talks, settings, wiped, present, left;
    int64_t allowance, allowed_at; /* thousandths of a byte; Unix ms */
    int64_t votes_at;              /* when totals last left, Unix ms */
    uint32_t votes_after;          /* totals go on behind this number */
    struct ring ring;
};

/* `seq` is where its frames begin. */
void stream_start(struct stream *stream, enum view view, uint64_t seq);
void stream_clear(struct stream *stream);
/* Notes a change that the view sees; the event is as of its commit. */
void stream_note(struct stream *stream, const struct event *event, const struct change *change);
bool stream_waits(const struct stream *stream); /* is anything noted that has not left? */
/* The next frame, ready with its WebSocket header, if one may leave now: at most one per
 * FRAME_TICK_MS. True: `frame` is filled, the text is the caller's, and what it tells is no longer
 * noted. A frame over LIMIT_FRAME_BYTES has text NULL. */
bool stream_frame(struct stream *stream, const struct event *event, int64_t now,
                  struct ring_frame *frame);

#endif
