#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "store/files.h"
#include "store/migrate.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/seals.h"

/* A writer waits while a VACUUM runs; the maintenance rather comes again than holds up the writer;
 * a reader waits for the moment of a checkpoint. */
#define WRITER_WAIT_MS      60000
#define MAINTENANCE_WAIT_MS 250
#define READER_WAIT_MS      5000

/* The maintenance thread empties the log each minute. In a storm the writer copies pages itself,
 * whenever 16 MiB are full: a longer log would hold it up for longer, a shorter one would have it
 * copy the same pages more often. Then it begins anew in the same file, which costs less than a
 * file that grows: so up to 32 MiB nothing is cut off. */
#define PRAGMAS_ALL "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
#define PRAGMAS_WRITE                                                                              \
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"             \
    "PRAGMA journal_size_limit = 33554432; PRAGMA wal_autocheckpoint = 4096;"                      \
    "PRAGMA cache_size = -32768;"

static bool pragma_number(sqlite3 *database, const char *sql, int *value) {
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    *value = good ? sqlite3_column_int(statement, 0) : 0;
    (void)sqlite3_finalize(statement);
    return good;
}

static bool run(sqlite3 *database, const char *sql) {
    errno = 0;
    return status_of(sqlite3_exec(database, sql, NULL, NULL, NULL)) == STORE_OK;
}

static const char *rows_open(sqlite3 **database, const char *path, enum store_mode mode,
                             int wait_ms) {
    int flags = SQLITE_OPEN_NOMUTEX;
    flags |= mode == STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (sqlite3_open_v2(path, database, flags, NULL) != SQLITE_OK) {
        return "the database cannot be opened";
    }
    (void)sqlite3_busy_timeout(*database, wait_ms);
    (void)sqlite3_extended_result_codes(*database, 1);
    if (!run(*database, mode == STORE_WRITE ? PRAGMAS_ALL PRAGMAS_WRITE : PRAGMAS_ALL)) {
        return "the database cannot be read: damaged, not a database, or no space left";
    }
    return NULL;
}

/* Gives a new database its tables; refuses one of a later version. */
static const char *schema_apply(struct store *store) {
    int version, tables;
    if (!pragma_number(store->rows, "PRAGMA user_version", &version) ||
        !pragma_number(store->rows, "SELECT count(*) FROM sqlite_schema", &tables)) {
        return "the database cannot be read";
    }
    if (version > SCHEMA_VERSION) {
        return "the data folder was written by a newer version of raute: use that one";
    }
    if (version == SCHEMA_VERSION) {
        return NULL;
    }
    if (version >= 1 && tables > 0 && store->mode == STORE_READ) {
        return "the data folder was written by an older version of raute: start the server once";
    }
    if (version >= 1 && tables > 0) {
        bool moved = store_migrate(store->rows, version) == STORE_OK;
        return moved ? NULL : "the database cannot be brought to this version: no space left?";
    }
    if (version != 0 || tables != 0) {
        return "the data folder holds a database that is not raute's";
    }
    if (store->mode == STORE_READ) {
        return "there is no event here yet";
    }
    bool made = run(store->rows, "BEGIN IMMEDIATE") && run(store->rows, schema_sql) &&
                run(store->rows, "COMMIT");
    return made ? NULL : "the database cannot be written: no space left?";
}

/* Opens DATA and the file in it, both for their owner alone. */
static const char *data_open(const char *data, enum store_mode mode, int *folder) {
    if (mode == STORE_WRITE) {
        (void)mkdir(data, 0700);
    }
    *folder = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*folder < 0) {
        return mode == STORE_WRITE ? "the data folder cannot be made or opened"
                                   : "there is no data folder here";
    }
    /* SQLite gives its log the permissions of the database. */
    int flags = mode == STORE_WRITE ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC;
    int file = openat(*folder, "raute.sqlite", flags, 0600);
    bool good = file >= 0 && (mode == STORE_READ || fchmod(file, 0600) == 0);
    if (file >= 0) {
        (void)close(file);
    }
    if (good) {
        return NULL;
    }
    return mode == STORE_WRITE ? "the data folder cannot be written"
                               : "there is no database in the data folder";
}

static const char *store_prepare(struct store *store, const char *data) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/raute.sqlite", data);
    if (length < 0 || (size_t)length >= sizeof path) {
        return "the data folder's name is too long";
    }
    const char *why = data_open(data, store->mode, &store->data);
    bool writes = store->mode == STORE_WRITE;
    if (why == NULL) {
        why = rows_open(&store->rows, path, store->mode, writes ? WRITER_WAIT_MS : READER_WAIT_MS);
    }
    if (why == NULL) {
        why = schema_apply(store);
    }
    if (why == NULL && writes) {
        why = rows_open(&store->maintenance, path, STORE_WRITE, MAINTENANCE_WAIT_MS);
    }
    if (why == NULL && writes) {
        (void)rows_checkpoint(store->maintenance); /* what a crash has left in the log */
    }
    if (why == NULL && files_open(store) != STORE_OK) {
        why = "the folders for secrets and forgotten questions cannot be made";
    }
    return why;
}

struct store *store_open(const char *data, enum store_mode mode, const char **why) {
    struct store *store = memory_new(sizeof *store);
    store->mode = mode;
    store->data = store->secrets = store->forgotten = -1;
    atomic_init(&store->removed, true); /* nobody knows what happened before */
    seals_open(store);
    *why = store_prepare(store, data);
    if (*why != NULL) {
        store_close(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store) {
    for (size_t at = 0; at < STATEMENT_COUNT; at++) {
        (void)sqlite3_finalize(store->prepared[at]);
    }
    if (store->maintenance != NULL) {
        (void)store_maintain(store, true);
        (void)sqlite3_close(store->maintenance);
    }
    INVARIANT(sqlite3_close(store->rows) == SQLITE_OK);
    files_close(store);
    seals_close(store);
    free(store);
}
