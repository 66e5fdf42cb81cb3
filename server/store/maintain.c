/* What keeps the file from being a diary: the write-ahead log is emptied each minute, freed pages
 * go with VACUUM, and only vacuumed copies leave. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "store/files.h"
#include "store/rows.h"

static enum store_status run(sqlite3 *database, const char *sql) {
    errno = 0;
    return status_of(sqlite3_exec(database, sql, NULL, NULL, NULL));
}

enum store_status rows_checkpoint(sqlite3 *database) {
    /* The first copies while the journal goes on writing, the second then has little left to do
     * while it waits. Busy means that a reader is at work: the next minute will do. */
    (void)sqlite3_wal_checkpoint_v2(database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    errno = 0;
    int code = sqlite3_wal_checkpoint_v2(database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return code == SQLITE_BUSY ? STORE_OK : status_of(code);
}

enum store_status store_maintain(struct store *store, bool may_vacuum) {
    INVARIANT(store->mode == STORE_WRITE);
    if (may_vacuum && atomic_exchange(&store->removed, false)) {
        enum store_status status = run(store->maintenance, "VACUUM");
        if (status != STORE_OK) {
            atomic_store(&store->removed, true);
            (void)rows_checkpoint(store->maintenance);
            return status;
        }
    }
    return rows_checkpoint(store->maintenance);
}

/* VACUUM INTO wants an empty file: made here, so that nobody else may ever read it. */
static enum store_status copy_into(struct store *store, const char *file, const char **why) {
    int made = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) {
        *why = errno == EEXIST ? "the file exists already" : "the file cannot be made";
        return STORE_FAILED;
    }
    char path[PATH_MAX];
    sqlite3_stmt *copy = NULL;
    enum store_status status = STORE_FAILED;
    if (realpath(file, path) != NULL &&
        sqlite3_prepare_v2(store->rows, "VACUUM INTO ?1", -1, &copy, NULL) == SQLITE_OK) {
        bind_text(copy, 1, path);
        errno = 0;
        status = status_of(sqlite3_step(copy));
    }
    (void)sqlite3_finalize(copy);
    if (status == STORE_OK && fsync(made) != 0) {
        status = STORE_FAILED;
    }
    (void)close(made);
    if (status != STORE_OK) {
        *why = status == STORE_FULL ? "the disk is full" : "the copy cannot be written";
        (void)unlink(file);
    }
    return status;
}

enum store_status store_backup(struct store *store, const char *file, bool with_secrets,
                               const char **why) {
    char folder[PATH_MAX];
    int length = snprintf(folder, sizeof folder, "%s.secrets", file);
    if (length < 0 || (size_t)length >= sizeof folder) {
        *why = "the file's name is too long";
        return STORE_FAILED;
    }
    if (with_secrets && access(folder, F_OK) == 0) {
        *why = "the folder for the secrets exists already";
        return STORE_FAILED;
    }
    enum store_status status = copy_into(store, file, why);
    if (status == STORE_OK && with_secrets) {
        status = secrets_copy(store, folder);
        if (status != STORE_OK) {
            *why = "the secrets cannot be copied";
        }
    }
    return status;
}
