/* Which addresses are public: protocols §2.6 (SSRF) lists what is not. Which URLs may be asked. */
#ifndef RAUTE_BRIDGE_ADDRESS_H
#define RAUTE_BRIDGE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* False for private, loopback, link-local, multicast, documentation and translated ranges of IPv4
 * and IPv6, IPv4 in IPv6 by what it stands for; of IPv6 only 2000::/3 is public at all. */
bool address_public(const struct sockaddr *address);

/* An origin that people typed or a far document named: "example.social", "https://example.social/",
 * "http://127.0.0.1:8001". Writes scheme://host[:port], lower case, without a final slash.
 * False: no host name (addresses and names without a dot are none, unless they are an allowed
 * peer's; an international name is written as A-label, which browsers do), has a user, or http
 * where the peer is not allowed; path and what follows are dropped. */
bool origin_read(char *origin, size_t room, const char *text, const char *const *peers,
                 size_t peer_count);
/* True when the URL's HOST:PORT is one of the allowed peers. */
bool peer_allowed(const char *url, const char *const *peers, size_t peer_count);
/* True when a far server may be asked for this URL: https, or http to an allowed peer; ASCII, no
 * user. What its name leads to is checked when it is connected to. */
bool url_allowed(const char *url, const char *const *peers, size_t peer_count);
/* True when both URLs have the same scheme, host and port. */
bool origin_same(const char *one, const char *other);
/* True when both are the same page: scheme, host, port and query, and the path but for a final
 * slash. A fragment does not count. */
bool url_same(const char *one, const char *other);
/* Where the server of an account "name@host" is asked: https, or http at an allowed peer. False:
 * `host` is no host name, nor a peer's. */
bool host_origin(char *origin, size_t room, const char *host, const char *const *peers,
                 size_t peer_count);

#endif
