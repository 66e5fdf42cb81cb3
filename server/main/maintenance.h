/* The thread for what must be done now and then: log counts, WAL checkpoints, VACUUM. */
#ifndef RAUTE_MAIN_MAINTENANCE_H
#define RAUTE_MAIN_MAINTENANCE_H

#include "net/net.h"
#include "store/store.h"

struct maintenance;

/* `store` is the journal's: what that removes is what is vacuumed here. `net` tells when nobody is
 * there. Stopped before the store is closed. */
struct maintenance *maintenance_start(struct store *store, const struct net *net);
void maintenance_stop(struct maintenance *maintenance);

#endif
