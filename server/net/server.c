#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "net/listen.h"
#include "net/net.h"
#include "net/thread.h"

static bool options_read(struct net *net, const struct net_options *options, char *why,
                         size_t room) {
    net->options = options;
    net->tls = options->tls_cert != NULL;
    net->secure = net->tls || strncmp(net->wire->public_url, "https://", 8) == 0;
    if ((options->tls_cert == NULL) != (options->tls_key == NULL)) {
        snprintf(why, room, "--tls-cert and --tls-key go together.");
        return false;
    }
    if (options->proxy != NULL) {
        net->proxied = address_parse(net->proxy, options->proxy);
        if (!net->proxied) {
            snprintf(why, room, "\"%s\" is not an address of a proxy, like 127.0.0.1 or ::1.",
                     options->proxy);
            return false;
        }
    }
    return true;
}

static bool threads_open(struct net *net, char *why, size_t room) {
    int listeners[LIMIT_THREADS];
    uint32_t wanted = net->options->threads;
    INVARIANT(wanted >= 1 && wanted <= LIMIT_THREADS);
    if (!listen_open(net->options->listen, listeners, wanted, &net->port, why, room)) {
        return false;
    }
    net->threads = memory_new(wanted * sizeof *net->threads);
    for (uint32_t i = 0; i < wanted; i++) {
        net->count++;
        if (!thread_open(&net->threads[i], net, i, listeners[i], why, room)) {
            for (uint32_t j = i + 1; j < wanted; j++) {
                close(listeners[j]);
            }
            return false;
        }
    }
    return true;
}

struct net *net_new(const struct net_options *options, struct wire *wire,
                    struct resources *resources, char *why, size_t room) {
    struct net *net = memory_new(sizeof *net);
    net->wire = wire;
    net->resources = resources;
    net->guard = guard_new(LIMIT_CONNECTIONS_PER_ADDRESS);
    if (!options_read(net, options, why, room) || !threads_open(net, why, room)) {
        net_free(net);
        return NULL;
    }
    for (uint32_t i = 0; i < net->count; i++) {
        frames_attach(wire->frames, &net->threads[i].frames);
    }
    return net;
}

void net_start(struct net *net) {
    for (uint32_t i = 0; i < net->count; i++) {
        thread_start(&net->threads[i]);
    }
}

void net_refuse(struct net *net) {
    for (uint32_t i = 0; i < net->count; i++) {
        thread_tell(&net->threads[i], ORDER_REFUSE);
    }
}

void net_stop(struct net *net) {
    for (uint32_t i = 0; i < net->count; i++) {
        thread_tell(&net->threads[i], ORDER_STOP);
    }
    for (uint32_t i = 0; i < net->count; i++) {
        thread_join(&net->threads[i]);
    }
}

void net_free(struct net *net) {
    for (uint32_t i = 0; i < net->count; i++) {
        thread_close(&net->threads[i]);
    }
    free(net->threads);
    guard_free(net->guard);
    free(net);
}

uint16_t net_port(const struct net *net) {
    return net->port;
}

bool net_ringed(const struct net *net) {
    bool all = true;
    for (uint32_t i = 0; i < net->count; i++) {
        all = all && net->threads[i].ringed;
    }
    return all;
}

uint32_t net_sessions(const struct net *net) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < net->count; i++) {
        sum += atomic_load(&net->threads[i].sessions);
    }
    return sum;
}
