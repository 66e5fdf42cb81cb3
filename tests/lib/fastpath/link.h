/* A connection with blocking calls, bare or by TLS, and the two things that are said over it before
 * there are frames: a GET, and the upgrade to a WebSocket. */
#ifndef FASTPATH_LINK_H
#define FASTPATH_LINK_H

#include <sys/types.h>

#include "lib/fastpath/run.h"

struct link {
    int fd; /* -1: closed */
    SSL *ssl;
};

enum { LINK_NOTHING = -1, LINK_LOST = -2 };

/* receive_bytes: SO_RCVBUF, set before connecting; 0 leaves it to the kernel. */
bool link_open(struct link *link, const struct run *run, int receive_bytes);
/* More than 0: so many bytes. 0: the other side has ended it. Or one of the above. */
ssize_t link_read(struct link *link, void *bytes, size_t room, int wait_ms);
bool link_write(struct link *link, const void *bytes, size_t length);
/* From now on as much as the kernel likes. */
void link_widen(struct link *link);
/* Fine when it is closed. With `torn` the other side gets a reset. */
void link_close(struct link *link, bool torn);

/* A body, NUL-terminated, of GET /e/SLUG/snapshot; free() it. NULL: there was none. */
char *link_snapshot(const struct run *run, enum view view, size_t *length);
/* Opens, and asks for the WebSocket. */
bool link_upgrade(struct link *link, const struct run *run, int receive_bytes);

#endif
