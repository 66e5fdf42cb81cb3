/* One network thread: a libwebsockets context on a libuv loop, a listener, and everything that
 * hangs on it. Nothing in here is touched by another thread but the queues and `order`. Internal to
 * net. */
#ifndef RAUTE_NET_THREAD_H
#define RAUTE_NET_THREAD_H

#include <libwebsockets.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/buffer.h"
#include "base/queue.h"
#include "base/table.h"
#include "net/address.h"
#include "net/guard.h"
#include "net/handle.h"
#include "net/net.h"
#include "net/send.h"
#include "net/wheel.h"

/* Entries of the context's protocol table. */
#define PROTOCOL_HTTP     "http"
#define PROTOCOL_SOCKET   "raute.1"
#define PROTOCOL_LISTENER "listener"

/* What the main thread wants of a network thread; only ever goes up. */
enum thread_order { ORDER_SERVE, ORDER_REFUSE, ORDER_STOP };

struct net;
struct exchange;
struct socket;

struct net_thread {
    struct net *net;
    uint32_t index;
    pthread_t pthread;
    bool ringed; /* it began with io_uring; for other threads */
    uv_loop_t loop;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct lws *listener; /* NULL: accepts nothing (any more) */
    int spare;            /* a descriptor kept back, to refuse politely when none is left */

    struct queue replies, resources, frames;
    struct queue_node *passing; /* frames taken from their queue; the first is on its way */
    uint32_t pass_left;         /* places of its list (net/attendance.h) */
    atomic_int order;           /* enum thread_order */
    atomic_uint sessions;       /* open sockets, for whoever asks */

    enum thread_order obeyed;
    int64_t stop_at; /* monotonic ms: leave the loop, whoever is still there */
    lws_sorted_usec_list_t tick;
    struct handles handles;
    struct wheel wheel;
    struct table attendances;   /* event id → struct attendance */
    struct exchange *exchanges; /* all that are under way */
    struct buffer answer;       /* scratch for one message */
    struct gathered gathered;
    struct burst burst;
};

struct net {
    struct wire *wire;
    struct resources *resources;
    const struct net_options *options;
    struct guard *guard;
    uint8_t proxy[ADDRESS_BYTES];
    bool proxied; /* `proxy` counts */
    bool tls;
    bool secure; /* TLS here or in front: pages may say so to browsers */
    uint16_t port;
    struct net_thread *threads;
    uint32_t count;
};

/* One TCP connection; the wsi's opaque user data from accept to destroy. */
struct connection {
    struct wheel_entry due; /* first member: wheel entries are cast back */
    struct lws *wsi;
    struct net_thread *thread;
    uint8_t address[ADDRESS_BYTES]; /* the peer's; behind the proxy, the last request's client's */
    bool from_proxy;
    bool guarded; /* counted by the guard, with this ticket */
    uint8_t ticket[GUARD_TICKET_BYTES];
    struct door *door;         /* held: between the check of an upgrade and its session */
    struct exchange *exchange; /* the HTTP request under way; owned */
    struct socket *socket;     /* after the upgrade; owned */
};

/* Makes the context and adopts the listener (taken over, also on failure). False: `why` says it. */
bool thread_open(struct net_thread *thread, struct net *net, uint32_t index, int listener,
                 char *why, size_t room);
void thread_start(struct net_thread *thread);
void thread_join(struct net_thread *thread);
void thread_close(struct net_thread *thread);
/* From the main thread. */
void thread_tell(struct net_thread *thread, enum thread_order order);

/* Callbacks of the three protocols. */
int http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                  size_t length);
int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t length);
int listener_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t length);

/* Of whatever hangs on a context. */
struct net_thread *thread_of(struct lws *wsi);
void thread_drain(struct net_thread *thread); /* the queues and the order; after a wake-up */
/* Closes at the next turn of the loop: safe from anywhere on the thread. */
void thread_kill(struct lws *wsi);

#endif
