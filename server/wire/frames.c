#include "wire/frames.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/table.h"
#include "wire/stream.h"

#define QUEUES_MAX LIMIT_THREADS

/* One event's way out. The journal thread alone changes it; what other threads read (`seq` and ring
 * of its streams) it changes under the mutex only. */
struct outlet {
    const struct event *event; /* valid until gone() */
    bool waits;                /* stands in the list of those that have something to send */
    struct outlet *next;
    int64_t used_at; /* Unix ms: opened, or something was noted or sent */
    struct outlet *older, *newer;
    struct stream streams[VIEW_COUNT];
};

struct frames {
    pthread_mutex_t mutex;
    struct table outlets; /* event id → struct outlet * */
    struct outlet *waiting;
    struct outlet *oldest, *newest; /* all, by used_at */
    int64_t now;                    /* of the last tick */
    size_t bytes;                   /* of all texts in the rings */
    struct queue *queues[QUEUES_MAX];
    size_t queue_count;
};

struct frames *frames_new(void) {
    struct frames *frames = memory_new(sizeof *frames);
    INVARIANT(pthread_mutex_init(&frames->mutex, NULL) == 0);
    frames->outlets = table_make(EVENT_ID_BYTES);
    return frames;
}

/* Takes it out of the list of all. */
static void outlet_leave(struct frames *frames, struct outlet *outlet) {
    *(outlet->older != NULL ? &outlet->older->newer : &frames->oldest) = outlet->newer;
    *(outlet->newer != NULL ? &outlet->newer->older : &frames->newest) = outlet->older;
}

/* The newest now, whether it stood in the list or not. */
static void outlet_use(struct frames *frames, struct outlet *outlet) {
    if (outlet->older != NULL || frames->oldest == outlet) {
        outlet_leave(frames, outlet);
    }
    outlet->used_at = frames->now;
    outlet->newer = NULL;
    outlet->older = frames->newest;
    *(outlet->older != NULL ? &outlet->older->newer : &frames->oldest) = outlet;
    frames->newest = outlet;
}

static size_t outlet_bytes(const struct outlet *outlet) {
    return outlet->streams[VIEW_PUBLIC].ring.bytes + outlet->streams[VIEW_STAFF].ring.bytes;
}

static void outlet_free(struct outlet *outlet) {
    for (int view = 0; view < VIEW_COUNT; view++) {
        stream_clear(&outlet->streams[view]);
    }
    free(outlet);
}

void frames_free(struct frames *frames) {
    size_t at = 0;
    const void *key;
    void *value;
    while (table_next(&frames->outlets, &at, &key, &value)) {
        outlet_free(value);
    }
    table_clear(&frames->outlets);
    (void)pthread_mutex_destroy(&frames->mutex);
    free(frames);
}

void frames_attach(struct frames *frames, struct queue *queue) {
    INVARIANT(frames->queue_count < QUEUES_MAX);
    frames->queues[frames->queue_count++] = queue;
}

void frame_free(struct frame *frame) {
    if (frame != NULL) {
        shared_release(frame->text);
        free(frame);
    }
}

/* To every network thread. A full queue loses the frame: its sessions see the gap. */
static void frame_push(struct frames *frames, const struct frame *model) {
    for (size_t i = 0; i < frames->queue_count; i++) {
        struct frame *frame = memory_new(sizeof *frame);
        *frame = *model;
        if (frame->text != NULL) {
            (void)shared_hold(frame->text);
        }
        if (!queue_push(frames->queues[i], &frame->node)) {
            log_count("frame_lost");
            frame_free(frame);
        }
    }
}

static void notice_push(struct frames *frames, const uint8_t event[EVENT_ID_BYTES],
                        enum frame_kind kind) {
    struct frame model = {.kind = kind};
    memcpy(model.event, event, EVENT_ID_BYTES);
    frame_push(frames, &model);
}

/* `seq` is per view, where its frames begin. */
static struct outlet *outlet_open(struct frames *frames, const struct event *event,
                                  const uint64_t seq[VIEW_COUNT]) {
    struct outlet *outlet = memory_new(sizeof *outlet);
    outlet->event = event;
    for (int view = 0; view < VIEW_COUNT; view++) {
        stream_start(&outlet->streams[view], (enum view)view, seq[view]);
        outlet->streams[view].seq = event->seq[view];
    }
    (void)pthread_mutex_lock(&frames->mutex);
    table_set(&frames->outlets, event->id, outlet);
    (void)pthread_mutex_unlock(&frames->mutex);
    outlet_use(frames, outlet);
    return outlet;
}

/* Nothing of it waits: the next commit or reader opens it again where the event stands then. */
static void outlet_close(struct frames *frames, struct outlet *outlet, const uint8_t *event) {
    INVARIANT(!outlet->waits);
    (void)pthread_mutex_lock(&frames->mutex);
    (void)table_remove(&frames->outlets, event);
    (void)pthread_mutex_unlock(&frames->mutex);
    frames->bytes -= outlet_bytes(outlet);
    outlet_leave(frames, outlet);
    outlet_free(outlet);
}

static void outlets_close_idle(struct frames *frames) {
    struct outlet *oldest;
    while ((oldest = frames->oldest) != NULL && !oldest->waits &&
           frames->now - oldest->used_at >= RING_IDLE_MS) {
        outlet_close(frames, oldest, oldest->event->id);
    }
}

/* The oldest first; those that have something to send only lose what they keep. */
static void rings_trim(struct frames *frames) {
    for (struct outlet *outlet = frames->oldest, *newer;
         outlet != NULL && frames->bytes > LIMIT_RINGS_BYTES; outlet = newer) {
        newer = outlet->newer;
        if (!outlet->waits) {
            outlet_close(frames, outlet, outlet->event->id);
            continue;
        }
        frames->bytes -= outlet_bytes(outlet);
        (void)pthread_mutex_lock(&frames->mutex);
        for (int view = 0; view < VIEW_COUNT; view++) {
            ring_clear(&outlet->streams[view].ring);
        }
        (void)pthread_mutex_unlock(&frames->mutex);
    }
}

void frames_open(const struct event *event, bool known, void *context) {
    (void)known;
    struct frames *frames = context;
    if (event != NULL && table_get(&frames->outlets, event->id) == NULL) {
        (void)outlet_open(frames, event, event->seq);
    }
}

/* The seq before these changes: each visible one has raised it by one. Where the event knows better
 * what was visible, the frame's `from` is too high, and that only costs a snapshot. */
static void seq_before(const struct event *event, const struct changes *changes,
                       uint64_t seq[VIEW_COUNT]) {
    for (int view = 0; view < VIEW_COUNT; view++) {
        uint64_t visible = 0;
        for (size_t i = 0; i < changes->count; i++) {
            visible += change_visible(event, &changes->items[i], (enum view)view);
        }
        seq[view] = event->seq[view] > visible ? event->seq[view] - visible : 0;
    }
}

static void outlet_note(struct outlet *outlet, const struct event *event,
                        const struct change *change) {
    for (int view = 0; view < VIEW_COUNT; view++) {
        if (change->kind == CHANGE_PRESENCE || change_visible(event, change, (enum view)view)) {
            stream_note(&outlet->streams[view], event, change);
        }
    }
}

static void frames_committed(void *context, const struct event *event,
                             const struct changes *changes) {
    struct frames *frames = context;
    struct outlet *outlet = table_get(&frames->outlets, event->id);
    if (outlet == NULL) {
        uint64_t seq[VIEW_COUNT];
        seq_before(event, changes, seq);
        outlet = outlet_open(frames, event, seq);
    }
    outlet->event = event;
    bool roles = false;
    for (size_t i = 0; i < changes->count; i++) {
        outlet_note(outlet, event, &changes->items[i]);
        roles = roles || changes->items[i].kind == CHANGE_ROLE;
    }
    (void)pthread_mutex_lock(&frames->mutex);
    for (int view = 0; view < VIEW_COUNT; view++) {
        outlet->streams[view].seq = event->seq[view];
    }
    (void)pthread_mutex_unlock(&frames->mutex);
    if (roles) {
        notice_push(frames, event->id, FRAME_ROLES);
    }
    outlet_use(frames, outlet);
    if (!outlet->waits) {
        outlet->waits = true;
        outlet->next = frames->waiting;
        frames->waiting = outlet;
    }
}

static void outlet_unlink(struct frames *frames, struct outlet *outlet) {
    struct outlet **at = &frames->waiting;
    while (*at != outlet) {
        at = &(*at)->next;
    }
    *at = outlet->next;
    outlet->waits = false;
}

static void frames_gone(void *context, const uint8_t event[EVENT_ID_BYTES], bool deleted) {
    struct frames *frames = context;
    struct outlet *outlet = table_get(&frames->outlets, event);
    if (outlet != NULL) {
        if (outlet->waits) {
            outlet_unlink(frames, outlet);
        }
        outlet_close(frames, outlet, event);
    }
    notice_push(frames, event, deleted ? FRAME_DELETED : FRAME_RESYNC);
}

static void stream_send(struct frames *frames, struct outlet *outlet, struct stream *stream,
                        int64_t now) {
    struct ring_frame sent;
    if (!stream_frame(stream, outlet->event, now, &sent)) {
        return;
    }
    struct frame model = {
        .view = stream->view, .from = sent.from, .seq = sent.seq, .text = sent.text};
    memcpy(model.event, outlet->event->id, EVENT_ID_BYTES);
    model.kind = sent.text != NULL ? FRAME_CHANGES : FRAME_RESYNC;
    frames->bytes -= stream->ring.bytes;
    (void)pthread_mutex_lock(&frames->mutex);
    if (sent.text != NULL) {
        ring_push(&stream->ring, sent);
    } else {
        ring_clear(&stream->ring);
        ring_start(&stream->ring, sent.seq);
    }
    (void)pthread_mutex_unlock(&frames->mutex);
    frames->bytes += stream->ring.bytes;
    /* The ring holds the text: frame_push only borrows it. */
    frame_push(frames, &model);
    outlet_use(frames, outlet);
}

static bool frames_tick(void *context, int64_t now) {
    struct frames *frames = context;
    frames->now = now;
    struct outlet **at = &frames->waiting;
    while (*at != NULL) {
        struct outlet *outlet = *at;
        bool waits = false;
        for (int view = 0; view < VIEW_COUNT; view++) {
            stream_send(frames, outlet, &outlet->streams[view], now);
            waits = waits || stream_waits(&outlet->streams[view]);
        }
        outlet->waits = waits;
        if (waits) {
            at = &outlet->next;
        } else {
            *at = outlet->next;
        }
    }
    rings_trim(frames);
    outlets_close_idle(frames);
    return frames->waiting != NULL;
}

struct journal_subscriber frames_subscriber(struct frames *frames) {
    return (struct journal_subscriber){
        .context = frames,
        .committed = frames_committed,
        .gone = frames_gone,
        .tick = frames_tick,
    };
}

int frames_since(struct frames *frames, const uint8_t event[EVENT_ID_BYTES], enum view view,
                 uint64_t since, struct shared **texts, size_t room, uint64_t *seq) {
    (void)pthread_mutex_lock(&frames->mutex);
    struct outlet *outlet = table_get(&frames->outlets, event);
    int found = -1;
    if (outlet != NULL && since <= outlet->streams[view].seq) {
        found = ring_since(&outlet->streams[view].ring, since, texts, room, seq);
    }
    (void)pthread_mutex_unlock(&frames->mutex);
    return found;
}
