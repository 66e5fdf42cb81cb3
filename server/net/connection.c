#include "net/connection.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "net/exchange.h"
#include "net/socket.h"

#define FORWARDED_BYTES 1024

bool connection_guard(struct connection *connection) {
    if (connection->guarded) {
        return true;
    }
    connection->guarded = guard_enter(connection->thread->net->guard, connection->address,
                                      clock_monotonic_ms(), connection->ticket);
    return connection->guarded;
}

struct connection *connection_new(struct net_thread *thread, const struct sockaddr_storage *peer) {
    struct net *net = thread->net;
    struct connection *connection = memory_new(sizeof *connection);
    connection->thread = thread;
    bool known = address_of(connection->address, peer);
    connection->from_proxy =
        known && net->proxied && memcmp(connection->address, net->proxy, ADDRESS_BYTES) == 0;
    if (!connection->from_proxy && !connection_guard(connection)) {
        connection_free(connection);
        return NULL;
    }
    return connection;
}

void connection_idle(struct connection *connection) {
    struct wheel *wheel = &connection->thread->wheel;
    lws_set_timeout(connection->wsi, NO_PENDING_TIMEOUT, 0);
    wheel_put(wheel, &connection->due, wheel->second + LIMIT_HEADER_SECONDS);
}

void connection_look(struct connection *connection, int64_t second) {
    if (connection->socket != NULL) {
        socket_look(connection->socket, second);
    } else {
        thread_kill(connection->wsi);
    }
}

void connection_free(struct connection *connection) {
    wheel_remove(&connection->due);
    if (connection->exchange != NULL) {
        exchange_free(connection->exchange);
    }
    if (connection->socket != NULL) {
        socket_free(connection->socket);
    }
    if (connection->guarded) {
        guard_leave(connection->thread->net->guard, connection->ticket);
    }
    door_release(connection->door);
    sodium_memzero(connection, sizeof *connection);
    free(connection);
}

void connection_identify(struct connection *connection, struct lws *wsi) {
    char header[FORWARDED_BYTES];
    if (!connection->from_proxy) {
        return;
    }
    /* Not the one before it on a connection that the proxy keeps. */
    memcpy(connection->address, connection->thread->net->proxy, ADDRESS_BYTES);
    if (lws_hdr_copy(wsi, header, sizeof header, WSI_TOKEN_X_FORWARDED_FOR) > 0) {
        address_forwarded(connection->address, header);
    }
    sodium_memzero(header, sizeof header);
}
