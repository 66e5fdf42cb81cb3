/* Databases of earlier versions. */
#ifndef RAUTE_STORE_MIGRATE_H
#define RAUTE_STORE_MIGRATE_H

#include <sqlite3.h>

#include "store/store.h"

/* Brings a database of an earlier version (at least 1) to SCHEMA_VERSION, in one transaction: all
 * of it or nothing. */
enum store_status store_migrate(sqlite3 *rows, int version);

#endif
