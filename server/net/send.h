/* Bytes to sockets: ready frames, past libwebsockets where that is allowed.
 *
 * A bare send, one on the descriptor itself, is allowed when lws holds no bytes for it: else ours
 * would land in the middle of its. lws writes on its own (pongs, the answer to a close) at any turn
 * of the loop, tells nobody, and keeps what the kernel did not take; so each bare send is preceded
 * by lws_partial_buffered(), in the same turn: between the question and the send nothing of lws
 * runs, since all of it happens on this thread. That is one load per socket, and the loads of a
 * burst overlap. When the kernel takes a part, the rest goes to lws at once, which sends it before
 * anything else and then calls back; when it takes nothing, nothing is kept here but answers.
 * A descriptor is closed only after socket_free (LWS_CALLBACK_CLOSED), which ends its attendance;
 * within a burst nothing is closed. With TLS every byte goes through lws. */
#ifndef RAUTE_NET_SEND_H
#define RAUTE_NET_SEND_H

#include "net/burst.h"

struct buffer;
struct net_thread;
struct socket;

/* Answers on their way: what is said while the thread drains its replies leaves in one burst. */
struct gathered {
    uint8_t *bytes; /* GATHERED_BYTES, frames one after another */
    size_t length;
    struct burst_item *items; /* BURST_MAX, one per socket */
    struct socket **sockets;
    uint32_t count;
    bool held; /* until gathered_release */
};

void gathered_open(struct gathered *gathered);
void gathered_close(struct gathered *gathered);
void gathered_hold(struct gathered *gathered);
void gathered_release(struct net_thread *thread);

enum send_result { SEND_DONE, SEND_STUCK, SEND_BROKEN };

/* Sends ready frames, or nothing (STUCK), never a part. */
enum send_result socket_send(struct socket *socket, const uint8_t *frames, size_t length);
/* The same in two steps, for many sockets: bare sends to items whose lws holds nothing (with TLS
 * none is done), then what each outcome means. */
void sockets_send(struct net_thread *thread, struct burst_item *items, uint32_t count);
enum send_result socket_sent(struct socket *socket, const struct burst_item *item);

/* One JSON text, now or when there is room. */
void socket_say(struct socket *socket, const struct buffer *text);
/* Skips frames from now on; told to resync as soon as there is room. */
void socket_lag(struct socket *socket);
/* Sends nothing more and is closed at the next turn of the loop. */
void socket_break(struct socket *socket);

#endif
