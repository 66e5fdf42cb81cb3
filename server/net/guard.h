/* Open connections per address, in memory only: addresses are kept as a keyed hash, and the key
 * changes each hour and whenever nobody is connected. Shared by the network threads. */
#ifndef RAUTE_NET_GUARD_H
#define RAUTE_NET_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "net/address.h"

#define GUARD_TICKET_BYTES 16
#define GUARD_KEY_MINUTES  60

struct guard;

/* At most `maximum` connections per address, of those begun in this hour and the one before. */
struct guard *guard_new(uint32_t maximum);
void guard_free(struct guard *guard);
/* `now_ms`: clock_monotonic_ms. False: the address has its maximum. True: `ticket` is given back to
 * guard_leave. */
bool guard_enter(struct guard *guard, const uint8_t address[ADDRESS_BYTES], int64_t now_ms,
                 uint8_t ticket[GUARD_TICKET_BYTES]);
void guard_leave(struct guard *guard, const uint8_t ticket[GUARD_TICKET_BYTES]);

#endif
