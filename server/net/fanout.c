/* Frames to sockets: the same bytes to everybody, in bursts. */
#include <string.h>

#include "net/attendance.h"
#include "net/send.h"

/* True when the frame tells the session something that comes after what it has. Late totals have
 * from == seq: they tell nothing to whoever is ahead of them. */
static bool frame_follows(const struct frame *frame, const struct attendant *attendant) {
    if (frame->from == frame->seq) {
        return frame->seq == attendant->seq;
    }
    return frame->seq > attendant->seq;
}

/* Is it to be sent this frame, on its bare descriptor? */
static bool frame_fits(const struct frame *frame, const struct attendant *attendant, bool partial) {
    if (attendant->skip || !frame_follows(frame, attendant)) {
        return false;
    }
    if (frame->from > attendant->seq || partial) {
        socket_lag(attendant->socket); /* it missed one, or has not read the last */
        return false;
    }
    return true;
}

static void frame_sent(const struct frame *frame, struct attendant *attendant,
                       const struct burst_item *item) {
    switch (socket_sent(attendant->socket, item)) {
    case SEND_DONE:
        attendant->seq = frame->seq;
        break;
    case SEND_STUCK:
        socket_lag(attendant->socket);
        break;
    case SEND_BROKEN:
        socket_break(attendant->socket);
        break;
    }
}

/* Within a burst nobody comes or goes: places stay what they are. */
static void changes_to_some(struct net_thread *thread, struct attendant *list, uint32_t count,
                            const struct frame *frame) {
    struct burst_item items[BURST_MAX];
    struct attendant *receivers[BURST_MAX];
    bool partial[BURST_MAX];
    uint32_t fit = 0;
    /* Each of these is a cache miss; in a loop of their own they run side by side. */
    for (uint32_t i = 0; i < count; i++) {
        partial[i] = lws_partial_buffered(list[i].wsi) != 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (frame_fits(frame, &list[i], partial[i])) {
            items[fit] = (struct burst_item){.bytes = frame->text->bytes,
                                             .length = (uint32_t)frame->text->length,
                                             .fd = list[i].fd};
            receivers[fit++] = &list[i];
        }
    }
    sockets_send(thread, items, fit);
    for (uint32_t i = 0; i < fit; i++) {
        frame_sent(frame, receivers[i], &items[i]);
    }
}

/* From the end to the beginning: who leaves between two bursts is replaced by the last of the list,
 * who has had the frame or is still to come; who joins is put behind them, and has it from the
 * ring.
 */
static uint32_t changes_to_view(struct net_thread *thread, const struct attendants *attendants,
                                const struct frame *frame, uint32_t left) {
    uint32_t end = left < attendants->count ? left : attendants->count;
    uint32_t begin = end < BURST_MAX ? 0 : end - BURST_MAX;
    changes_to_some(thread, attendants->list + begin, end - begin, frame);
    return begin;
}

/* A role's key was changed: whoever came with the old one goes. */
static void role_check(struct net_thread *thread, struct socket *socket) {
    struct session *session = &socket->session;
    if (session->role == ROLE_AUDIENCE || socket->closing) {
        return;
    }
    struct door *door = journal_door(thread->net->wire->journal, session->door->slug);
    bool same = door != NULL && memcmp(door->role_hash[session->role - 1], session->role_hash,
                                       ROLE_HASH_BYTES) == 0;
    door_release(door);
    if (!same) {
        socket_bye(socket, "forbidden", 1008);
    }
}

static void word_to_view(struct net_thread *thread, const struct attendants *attendants,
                         const struct frame *frame) {
    for (uint32_t i = 0; i < attendants->count; i++) {
        struct socket *socket = attendants->list[i].socket;
        if (frame->kind == FRAME_ROLES) {
            role_check(thread, socket);
        } else if (frame->kind == FRAME_DELETED) {
            socket_bye(socket, "deleted", 1000);
        } else if (!attendants->list[i].skip) { /* who is behind already was told, or will be */
            socket_lag(socket);
        }
    }
}

uint32_t fanout(struct net_thread *thread, const struct frame *frame, uint32_t left) {
    struct attendance *attendance = table_get(&thread->attendances, frame->event);
    if (attendance == NULL) {
        return 0;
    }
    if (frame->kind == FRAME_CHANGES) {
        return changes_to_view(thread, &attendance->views[frame->view], frame, left);
    }
    for (int view = 0; view < VIEW_COUNT; view++) {
        word_to_view(thread, &attendance->views[view], frame);
    }
    return 0;
}
