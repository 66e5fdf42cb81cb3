/* Frames to sockets: the same bytes to everybody, one system call each. */
#include <string.h>

#include "net/attendance.h"

/* True when the frame tells the session something that comes after what it has. Late totals have
 * from == seq: they tell nothing to whoever is ahead of them. */
static bool frame_follows(const struct frame *frame, const struct session *session) {
    if (frame->from == frame->seq) {
        return frame->seq == session->seq;
    }
    return frame->seq > session->seq;
}

static void frame_to_socket(const struct frame *frame, struct socket *socket) {
    if (socket->closing || socket->session.resync || !frame_follows(frame, &socket->session)) {
        return;
    }
    if (frame->from > socket->session.seq) {
        socket_lag(socket); /* it missed one */
        return;
    }
    switch (socket_send(socket, frame->text->bytes, frame->text->length)) {
    case SEND_DONE:
        socket->session.seq = frame->seq;
        break;
    case SEND_STUCK:
        socket_lag(socket);
        break;
    case SEND_BROKEN:
        socket->closing = true;
        thread_kill(socket->wsi);
        break;
    }
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

static void frame_to_view(struct net_thread *thread, struct attendance *attendance, enum view view,
                          const struct frame *frame) {
    for (uint32_t i = 0; i < attendance->views[view].count; i++) {
        struct socket *socket = attendance->views[view].sockets[i];
        switch (frame->kind) {
        case FRAME_CHANGES:
            frame_to_socket(frame, socket);
            break;
        case FRAME_ROLES:
            role_check(thread, socket);
            break;
        case FRAME_DELETED:
            socket_bye(socket, "deleted", 1000);
            break;
        case FRAME_RESYNC:
            socket_lag(socket);
            break;
        }
    }
}

void fanout(struct net_thread *thread, struct frame *frame) {
    struct attendance *attendance = table_get(&thread->attendances, frame->event);
    if (attendance != NULL) {
        for (int view = 0; view < VIEW_COUNT; view++) {
            if (frame->kind != FRAME_CHANGES || frame->view == (enum view)view) {
                frame_to_view(thread, attendance, (enum view)view, frame);
            }
        }
    }
    frame_free(frame);
}
