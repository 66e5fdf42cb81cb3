/* DATA/control: where the running server takes the other commands' work. One request a connection,
 * one after the other, each with a deadline, on a thread of its own. */
#ifndef RAUTE_MAIN_CONTROL_SOCKET_H
#define RAUTE_MAIN_CONTROL_SOCKET_H

#include <stdbool.h>

#include "base/buffer.h"
#include "journal/journal.h"

struct control_socket;

/* Takes the place of a socket that a dead server left (the caller holds the lock). NULL: errno says
 * why. `public_url` is borrowed. */
struct control_socket *control_socket_start(const char *data, struct journal *journal,
                                            const char *public_url);
/* Before the journal stops; the other after it, which then pushes no answer any more. */
void control_socket_stop(struct control_socket *control_socket);
void control_socket_free(struct control_socket *control_socket);

/* The other side: sends a line, reads the answer. False: nobody is there (errno says more). */
bool control_socket_ask(const char *data, const struct buffer *line, struct buffer *answer);

#endif
