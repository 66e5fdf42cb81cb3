/* Cards, claims, interests and tickets: their rows, both ways. What is not published is sealed
 * (schema.sql). Sealed rows are written in the order of their names, so that not even the place of
 * a row in a page tells that two of them belong together. */
#ifndef RAUTE_STORE_PEOPLE_H
#define RAUTE_STORE_PEOPLE_H

#include "store/plan.h"
#include "store/rows.h"

#define SEAL_CARD     "raute.1/sealed-card"
#define SEAL_INTEREST "raute.1/sealed-interest"

/* Makes the row say what the event says, or drops it. Of a card: the published one alone, with its
 * proofs. */
void card_write(struct store *store, const struct event *event, const uint8_t key[CARD_KEY_BYTES]);
void claim_write(struct store *store, const struct event *event, uint32_t number);
void ticket_write(struct store *store, const struct event *event,
                  const uint8_t hash[TICKET_HASH_BYTES]);
/* The sealed rows of all cards and interests among `rows`. */
void sealed_write(struct store *store, const struct event *event, const struct row *rows,
                  size_t count);
/* Into tables that hold nothing of the event. */
void people_write_all(struct store *store, const struct event *event);
void tickets_write_all(struct store *store, const struct event *event);

/* Reads them into an event; a row that is not what the schema says fails it all. A sealed row that
 * does not open is none of that: it is left out, and removed in write mode. */
void people_load(struct store *store, struct event *event);
void tickets_load(struct store *store, struct event *event);

#endif
