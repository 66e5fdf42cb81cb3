/* Which pages may open a socket: those of the host that the browser asked, or of the public URL. */
#ifndef RAUTE_NET_ORIGIN_H
#define RAUTE_NET_ORIGIN_H

#include <stdbool.h>

/* `origin` is the header (NULL: not a browser, which is fine), `host` the Host header (may be
 * NULL), `public_url` without a final slash. */
bool origin_allowed(const char *origin, const char *host, const char *public_url);

/* True when `host` has only characters that may stand in a host and port: fit to be repeated in a
 * header. */
bool host_clean(const char *host);

#endif
