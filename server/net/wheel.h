/* A wheel of seconds for the pings: putting, removing and finding what is due cost the same with
 * ten connections as with twenty thousand. Entries are embedded in their owners. One thread. */
#ifndef RAUTE_NET_WHEEL_H
#define RAUTE_NET_WHEEL_H

#include <stdint.h>

#define WHEEL_SECONDS 64 /* entries are put less than this ahead */

struct wheel_entry {
    struct wheel_entry *next, **link; /* link NULL: not on a wheel */
};

struct wheel {
    struct wheel_entry *slots[WHEEL_SECONDS];
    int64_t second; /* everything due before it has been handed out */
};

void wheel_start(struct wheel *wheel, int64_t now);
/* Due at `second`, which is cut to the wheel's reach (now + 1 … now + WHEEL_SECONDS − 1). */
void wheel_put(struct wheel *wheel, struct wheel_entry *entry, int64_t second);
void wheel_remove(struct wheel_entry *entry); /* fine when it is on none */
/* Takes one entry that is due at `now`; NULL: no more. */
struct wheel_entry *wheel_due(struct wheel *wheel, int64_t now);

#endif
