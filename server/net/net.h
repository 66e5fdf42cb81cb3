/* Everything between the descriptors and wire: HTTP, WebSocket sessions, frames to sockets. N
 * network threads, each with its own libwebsockets context on its own libuv loop and its own
 * SO_REUSEPORT listener; they share nothing but the guard (connections per address) and what wire
 * shares. Threads are reached through three queues each: answers of the journal, resources, frames.
 */
#ifndef RAUTE_NET_NET_H
#define RAUTE_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "wire/resource.h"
#include "wire/session.h"

struct net;

/* Borrowed for the life of the net. */
struct net_options {
    const char *listen;   /* "[::]:7681", "127.0.0.1:80"; port 0: any free one */
    const char *proxy;    /* address whose X-Forwarded-For is believed; NULL: none */
    const char *tls_cert; /* PEM files; both or neither */
    const char *tls_key;
    const char *create_key; /* Bearer of POST /events */
    uint32_t threads;       /* 1 to LIMIT_THREADS */
    bool io_uring;          /* where the kernel lets us; never with TLS */
};

/* Opens the listeners, makes the contexts, attaches to wire's frames; nothing is accepted yet. To
 * be called before the journal starts. NULL: `why` (of `room` bytes) says it in a sentence. */
struct net *net_new(const struct net_options *options, struct wire *wire,
                    struct resources *resources, char *why, size_t room);
void net_start(struct net *net);
/* Stops accepting; /healthz says 503 from now on. Answers and frames still flow. */
void net_refuse(struct net *net);
/* After the journal has stopped: delivers what is queued, tells every session to come back later,
 * closes, ends the threads. */
void net_stop(struct net *net);
void net_free(struct net *net);

uint16_t net_port(const struct net *net);
/* Does every thread begin with io_uring? */
bool net_ringed(const struct net *net);
/* Open sockets of all events. Any thread. */
uint32_t net_sessions(const struct net *net);

#endif
