#include "net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "net/address.h"
#include "net/connection.h"

#define ACCEPTS_PER_TURN 64

static int socket_bound(const struct sockaddr_storage *address, socklen_t length, bool shared) {
    int on = 1, off = 0, bytes = SEND_BUFFER_BYTES;
    int descriptor = socket(address->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        return -1;
    }
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    /* Accepted sockets inherit these two. */
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (shared) {
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    }
    if (address->ss_family == AF_INET6) {
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (bind(descriptor, (const struct sockaddr *)address, length) != 0) {
        int trouble = errno;
        close(descriptor);
        errno = trouble;
        return -1;
    }
    return descriptor;
}

static uint16_t *address_port(struct sockaddr_storage *address) {
    return address->ss_family == AF_INET6 ? &((struct sockaddr_in6 *)address)->sin6_port
                                          : &((struct sockaddr_in *)address)->sin_port;
}

/* SO_REUSEPORT would quietly share the port with another server of the same user: ask without it
 * first. Also finds a free port for port 0. */
static bool address_probe(struct sockaddr_storage *address, socklen_t *length) {
    int descriptor = socket_bound(address, *length, false);
    if (descriptor < 0 && errno == EAFNOSUPPORT && address->ss_family == AF_INET6 &&
        IN6_IS_ADDR_UNSPECIFIED(&((struct sockaddr_in6 *)address)->sin6_addr)) {
        uint16_t port = *address_port(address); /* a machine without IPv6 */
        memset(address, 0, sizeof *address);
        address->ss_family = AF_INET;
        *address_port(address) = port;
        *length = sizeof(struct sockaddr_in);
        descriptor = socket_bound(address, *length, false);
    }
    if (descriptor < 0) {
        return false;
    }
    getsockname(descriptor, (struct sockaddr *)address, length);
    close(descriptor);
    return true;
}

bool listen_open(const char *text, int *listeners, uint32_t count, uint16_t *port, char *why,
                 size_t room) {
    struct sockaddr_storage address;
    socklen_t length;
    if (!address_listen(text, &address, &length)) {
        snprintf(why, room, "\"%s\" is not an address and port, like 127.0.0.1:7681 or [::]:7681.",
                 text);
        return false;
    }
    if (!address_probe(&address, &length)) {
        snprintf(why, room, "Cannot listen on %s: %s.", text, strerror(errno));
        return false;
    }
    *port = ntohs(*address_port(&address));
    for (uint32_t i = 0; i < count; i++) {
        listeners[i] = socket_bound(&address, length, true);
        if (listeners[i] < 0 || listen(listeners[i], LISTEN_QUEUE) != 0) {
            snprintf(why, room, "Cannot listen on %s: %s.", text, strerror(errno));
            for (uint32_t j = 0; j <= i; j++) {
                if (listeners[j] >= 0) {
                    close(listeners[j]);
                }
            }
            return false;
        }
    }
    return true;
}

static void connection_adopt(struct net_thread *thread, int descriptor,
                             const struct sockaddr_storage *peer) {
    struct connection *connection = connection_new(thread, peer);
    if (connection == NULL) {
        log_count("too_many_connections");
        close(descriptor);
        return;
    }
    struct lws *wsi = lws_adopt_socket_vhost(thread->vhost, descriptor);
    if (wsi == NULL) { /* lws has closed the descriptor */
        connection_free(connection);
        return;
    }
    connection->wsi = wsi;
    lws_set_opaque_user_data(wsi, connection);
}

/* No descriptor is left: with the spare one the next in line is turned away, so that the listener
 * does not call for ever. */
static void connection_turn_away(struct net_thread *thread, int listener) {
    log_count("no_descriptors");
    close(thread->spare);
    int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (descriptor >= 0) {
        close(descriptor);
    }
    thread->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void listener_accept(struct net_thread *thread, int listener) {
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        struct sockaddr_storage peer;
        socklen_t length = sizeof peer;
        int descriptor =
            accept4(listener, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            connection_adopt(thread, descriptor, &peer);
        } else if (errno == EMFILE || errno == ENFILE) {
            connection_turn_away(thread, listener);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}

int listener_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t length) {
    (void)user;
    (void)in;
    (void)length;
    struct net_thread *thread;
    switch (reason) {
    case LWS_CALLBACK_RAW_RX_FILE:
        thread = thread_of(wsi);
        if (thread->obeyed != ORDER_SERVE) {
            return -1;
        }
        listener_accept(thread, lws_get_socket_fd(wsi));
        return 0;
    case LWS_CALLBACK_RAW_CLOSE_FILE:
        thread_of(wsi)->listener = NULL;
        return 0;
    case LWS_CALLBACK_ESTABLISHED: /* a client asked for this name as its subprotocol */
    case LWS_CALLBACK_RAW_RX:
        return -1;
    default:
        return 0;
    }
}
