/* A TCP connection before it is anything else: who is there, and whether there is room. */
#ifndef RAUTE_NET_CONNECTION_H
#define RAUTE_NET_CONNECTION_H

#include "net/thread.h"

/* NULL: the address has too many. */
struct connection *connection_new(struct net_thread *thread, const struct sockaddr_storage *peer);
void connection_free(struct connection *connection);
/* Between two requests: the next one's headers are here within LIMIT_HEADER_SECONDS (wheel_remove),
 * or it ends. On our wheel: the library's timers walk along all idle connections. */
void connection_idle(struct connection *connection);
/* Looks after a connection whose turn on the wheel it is. */
void connection_look(struct connection *connection, int64_t second);
/* Behind the proxy, each request says anew who is there. */
void connection_identify(struct connection *connection, struct lws *wsi);
/* Counts a client behind the proxy, for the time of a WebSocket session. False: too many. */
bool connection_guard(struct connection *connection);

#endif
