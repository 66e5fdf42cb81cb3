/* The keys that seal rows: derived from the memory half of an event's secret, in locked memory from
 * their first use until the event goes. */
#ifndef RAUTE_STORE_SEALS_H
#define RAUTE_STORE_SEALS_H

#include "store/rows.h"

void seals_open(struct store *store);
void seals_close(struct store *store); /* wipes all */

/* The event's key of DERIVED_KEY_BYTES; borrowed. NULL: it has no secret (nothing was ever sealed,
 * or nobody can open it any more), or store->status says that it cannot be read. */
const uint8_t *seal_key(struct store *store, const uint8_t id[EVENT_ID_BYTES]);
/* Its secret is gone or another one. */
void seal_key_forget(struct store *store, const uint8_t id[EVENT_ID_BYTES]);

#endif
