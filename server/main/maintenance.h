/* The thread for what must be done now and then: log counts, WAL checkpoints, VACUUM. */
#ifndef RAUTE_MAIN_MAINTENANCE_H
#define RAUTE_MAIN_MAINTENANCE_H

#include "net/net.h"
#include "store/store.h"

struct maintenance;

/* `store` is a write connection of its own, owned from now on. `net` tells when nobody is there. */
struct maintenance *maintenance_start(struct store *store, const struct net *net);
void maintenance_stop(struct maintenance *maintenance);

#endif
