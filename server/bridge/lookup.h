/* DNS TXT records by c-ares, within the bridge thread's loop. */
#ifndef RAUTE_BRIDGE_LOOKUP_H
#define RAUTE_BRIDGE_LOOKUP_H

#include <stddef.h>

#include "event/refusal.h"

struct curl_waitfd;
struct lookup;

/* `dns` is the server to ask, ADDR:PORT, or NULL for the system's. NULL: *why says it (static
 * text). */
struct lookup *lookup_new(const char *dns, const char **why);
void lookup_free(struct lookup *lookup); /* ends what is under way with UNREACHABLE */

/* Asks for the name's TXT records. `done` is called once, never within; OK with the records (each
 * with its parts joined, NUL-terminated; none is OK too), or UNREACHABLE when no server answers. */
void lookup_txt(struct lookup *lookup, const char *name,
                void (*done)(void *context, enum refusal refusal, const char *const *records,
                             size_t count),
                void *context);

/* For the loop: fills in descriptors to watch (at most `room`) and lowers *timeout_ms to the
 * longest wait; returns how many. lookup_turn then does what is due, with their revents; also calls
 * what failed at once. */
unsigned lookup_watch(struct lookup *lookup, struct curl_waitfd *watch, unsigned room,
                      int *timeout_ms);
void lookup_turn(struct lookup *lookup, const struct curl_waitfd *watch, unsigned count);

#endif
