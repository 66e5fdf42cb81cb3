/* Who of this thread attends which event: the sessions per view, for the frames, and the distinct
 * members, for the order and the published presence. */
#ifndef RAUTE_NET_ATTENDANCE_H
#define RAUTE_NET_ATTENDANCE_H

#include "base/table.h"
#include "event/event.h"
#include "net/socket.h"
#include "net/thread.h"

struct attendance {
    uint8_t event[EVENT_ID_BYTES];
    struct {
        struct socket **sockets;
        uint32_t count, room;
    } views[VIEW_COUNT];
    struct table members; /* member id → how many of its sessions, as a pointer's value */
    uint32_t reported;    /* members, as the journal knows it */
};

/* Puts a session that has just joined (perhaps again, perhaps as somebody else) where it belongs.
 */
void attendance_enter(struct net_thread *thread, struct socket *socket);
void attendance_leave(struct socket *socket); /* fine when it attends nothing */
/* Tells the journal of what has changed, and forgets events that nobody attends. Once a second. */
void attendance_report(struct net_thread *thread);
/* At the end of the thread. */
void attendance_clear(struct net_thread *thread);

/* Sends a frame to everybody it is for. Takes it. */
void fanout(struct net_thread *thread, struct frame *frame);

#endif
