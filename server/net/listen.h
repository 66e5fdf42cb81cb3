/* Listening sockets. Each network thread has its own on the same port; the kernel shares out. */
#ifndef RAUTE_NET_LISTEN_H
#define RAUTE_NET_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LISTEN_QUEUE      4096  /* connections that wait to be accepted */
#define SEND_BUFFER_BYTES 32768 /* per connection; the kernel doubles it: a slow reader's cost */

/* Opens `count` listeners on "ADDR:PORT"; *port is where they listen. False: `why` says it, nothing
 * is open. */
bool listen_open(const char *text, int *listeners, uint32_t count, uint16_t *port, char *why,
                 size_t room);

#endif
