/* Accounts and what goes out: their rows, both ways. */
#ifndef RAUTE_STORE_POSTS_H
#define RAUTE_STORE_POSTS_H

#include "store/plan.h"
#include "store/rows.h"

/* Makes the row say what the event says, or drops it. */
void account_write(struct store *store, const struct event *event, uint32_t id);
void outgoing_write(struct store *store, const struct event *event, const struct row *row);
void posts_write_all(struct store *store, const struct event *event);

/* Reads them into an event; a row that is not what the schema says fails it all. */
void accounts_load(struct store *store, struct event *event);
void outgoing_load(struct store *store, struct event *event);

#endif
