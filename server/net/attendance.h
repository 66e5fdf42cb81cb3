/* Who of this thread attends which event: the sessions per view, for the frames, and the distinct
 * members, for the order and the published presence. */
#ifndef RAUTE_NET_ATTENDANCE_H
#define RAUTE_NET_ATTENDANCE_H

#include "base/table.h"
#include "event/event.h"
#include "net/socket.h"
#include "net/thread.h"

/* All that a frame's pass looks at, 32 bytes a session, side by side: the session itself and the
 * thousands of cache lines that it is spread over stay untouched. While a session attends, `seq`
 * and `skip` are kept here and nowhere else; session.seq and session.resync are only what its last
 * join said, taken over by attendance_enter and not looked at again. So nothing can differ. */
struct attendant {
    struct socket *socket;
    struct lws *wsi; /* the socket's; asked before each bare send */
    uint64_t seq;    /* of the last frame sent */
    int fd;          /* the socket's */
    bool skip;       /* gets no frames until its next join */
};

struct attendants {
    struct attendant *list;
    uint32_t count, room;
};

struct attendance {
    uint8_t event[EVENT_ID_BYTES];
    struct attendants views[VIEW_COUNT];
    struct table members; /* member id → how many of its sessions, as a pointer's value */
    uint32_t reported;    /* members, as the journal knows it */
};

/* Puts a session that has just joined (perhaps again, perhaps as somebody else) where it belongs.
 */
void attendance_enter(struct net_thread *thread, struct socket *socket);
void attendance_leave(struct socket *socket); /* fine when it attends nothing */
/* No more frames until the next join; fine when it attends nothing. */
void attendance_skip(struct socket *socket);
/* Frames were sent past the pass, up to `seq`. */
void attendance_reach(struct socket *socket, uint64_t seq);
/* Tells the journal of what has changed, and forgets events that nobody attends. Once a second. */
void attendance_report(struct net_thread *thread);
/* At the end of the thread. */
void attendance_clear(struct net_thread *thread);

/* Sends a frame to everybody it is for, a burst at a call: `left` places of the list have yet to be
 * gone through, FANOUT_ALL at first; returns how many are left after it. Sessions may come and go
 * between two calls, other frames of the event may not. */
#define FANOUT_ALL UINT32_MAX
uint32_t fanout(struct net_thread *thread, const struct frame *frame, uint32_t left);

#endif
