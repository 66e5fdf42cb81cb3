/* The files beside the database: secrets and forgotten hashes, one of each per event, named by its
 * id in base64url. Written whole: a new file, fsync, rename, fsync of the folder. */
#ifndef RAUTE_STORE_FILES_H
#define RAUTE_STORE_FILES_H

#include "store/rows.h"

/* Opens both folders in DATA, which is open; in write mode makes them. */
enum store_status files_open(struct store *store);
void files_close(struct store *store);

/* Replaces the event's forgotten file by what the event has forgotten. */
enum store_status forgotten_write(struct store *store, const struct event *event);

/* Copies every secret, and the bridge's key, into a new folder. */
enum store_status secrets_copy(struct store *store, const char *folder);

#endif
