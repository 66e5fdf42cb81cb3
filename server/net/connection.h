/* A TCP connection before it is anything else: who is there, and whether there is room. */
#ifndef RAUTE_NET_CONNECTION_H
#define RAUTE_NET_CONNECTION_H

#include "net/thread.h"

/* NULL: the address has too many. */
struct connection *connection_new(struct net_thread *thread, const struct sockaddr_storage *peer);
void connection_free(struct connection *connection);
/* Behind the proxy, each request says anew who is there. */
void connection_identify(struct connection *connection, struct lws *wsi);
/* Counts a client behind the proxy, for the time of a WebSocket session. False: too many. */
bool connection_guard(struct connection *connection);

#endif
