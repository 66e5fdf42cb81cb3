#include "store/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#define NAME_BYTES 15

static const char *const statement_sql[] = {
#define X(name, sql) sql,
    STATEMENTS(X)
#undef X
};

static bool full(int code) {
    if ((code & 0xff) == SQLITE_FULL) {
        return true;
    }
    /* SQLite names only ENOSPC so; quotas and file size limits arrive as failed writes. It keeps
     * the system's error for statements that fail, not for commits: so errno itself is read. */
    return ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN) &&
           (errno == ENOSPC || errno == EDQUOT || errno == EFBIG);
}

enum store_status status_of(int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) {
        return STORE_OK;
    }
    enum store_status status = full(code) ? STORE_FULL : STORE_FAILED;
    log_count(status == STORE_FULL ? "disk full" : sqlite3_errstr(code));
    return status;
}

sqlite3_stmt *rows_prepare(struct store *store, enum statement which) {
    if (store->status != STORE_OK) {
        return NULL;
    }
    if (store->prepared[which] == NULL) {
        int code = sqlite3_prepare_v3(store->rows, statement_sql[which], -1,
                                      SQLITE_PREPARE_PERSISTENT, &store->prepared[which], NULL);
        store->status = status_of(code);
    }
    return store->prepared[which];
}

sqlite3_stmt *rows_of(struct store *store, enum statement which, const uint8_t id[EVENT_ID_BYTES]) {
    sqlite3_stmt *statement = rows_prepare(store, which);
    bind_bytes(statement, 1, id, EVENT_ID_BYTES);
    return statement;
}

void bind_integer(sqlite3_stmt *statement, int at, uint64_t value) {
    INVARIANT(value <= INT64_MAX);
    if (statement != NULL) {
        INVARIANT(sqlite3_bind_int64(statement, at, (sqlite3_int64)value) == SQLITE_OK);
    }
}

void bind_signed(sqlite3_stmt *statement, int at, int64_t value) {
    if (statement != NULL) {
        INVARIANT(sqlite3_bind_int64(statement, at, value) == SQLITE_OK);
    }
}

void bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t count) {
    if (statement != NULL) {
        /* SQLite takes a NULL pointer for a NULL value. */
        INVARIANT(sqlite3_bind_blob64(statement, at, bytes, count, SQLITE_STATIC) == SQLITE_OK);
    }
}

void bind_text(sqlite3_stmt *statement, int at, const char *text) {
    if (statement != NULL) {
        INVARIANT(sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC) == SQLITE_OK);
    }
}

static void rows_reset(sqlite3_stmt *statement) {
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
}

void rows_run(struct store *store, sqlite3_stmt *statement) {
    INVARIANT(!rows_next(store, statement));
}

bool rows_next(struct store *store, sqlite3_stmt *statement) {
    if (statement == NULL || store->status != STORE_OK) {
        return false;
    }
    errno = 0;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        return true;
    }
    store->status = status_of(code);
    rows_reset(statement);
    return false;
}

void rows_broken(struct store *store) {
    if (store->status == STORE_OK) {
        log_count("broken row");
        store->status = STORE_FAILED;
    }
}

enum store_status rows_end(struct store *store) {
    rows_run(store, rows_prepare(store, STATEMENT_COMMIT));
    enum store_status status = store->status;
    store->status = STORE_OK;
    if (status != STORE_OK) {
        for (size_t at = 0; at < STATEMENT_COUNT; at++) {
            if (store->prepared[at] != NULL) {
                rows_reset(store->prepared[at]);
            }
        }
        /* Some failures have rolled back by themselves. */
        if (sqlite3_get_autocommit(store->rows) == 0) {
            rows_run(store, rows_prepare(store, STATEMENT_ROLLBACK));
            store->status = STORE_OK;
        }
    }
    return status;
}

bool column_integer(sqlite3_stmt *statement, int at, uint32_t maximum, uint32_t *value) {
    sqlite3_int64 stored = sqlite3_column_int64(statement, at);
    if (stored < 0 || stored > (sqlite3_int64)maximum) {
        return false;
    }
    *value = (uint32_t)stored;
    return true;
}

bool column_signed(sqlite3_stmt *statement, int at, int32_t most, int32_t *value) {
    sqlite3_int64 stored = sqlite3_column_int64(statement, at);
    if (stored < -(sqlite3_int64)most || stored > (sqlite3_int64)most) {
        return false;
    }
    *value = (int32_t)stored;
    return true;
}

bool column_large(sqlite3_stmt *statement, int at, uint64_t *value) {
    sqlite3_int64 stored = sqlite3_column_int64(statement, at);
    *value = (uint64_t)stored;
    return stored >= 0;
}

bool column_flag(sqlite3_stmt *statement, int at, bool *value) {
    uint32_t stored;
    if (!column_integer(statement, at, 1, &stored)) {
        return false;
    }
    *value = stored == 1;
    return true;
}

bool column_bytes(sqlite3_stmt *statement, int at, void *bytes, size_t count) {
    const void *stored = sqlite3_column_blob(statement, at);
    if (stored == NULL || sqlite3_column_bytes(statement, at) != (int)count) {
        return false;
    }
    memcpy(bytes, stored, count);
    return true;
}

bool column_text(sqlite3_stmt *statement, int at, char *text, size_t most) {
    const unsigned char *stored = sqlite3_column_text(statement, at);
    size_t count = (size_t)sqlite3_column_bytes(statement, at);
    if (stored == NULL || count > most || !text_utf8_valid(stored, count)) {
        return false;
    }
    memcpy(text, stored, count);
    text[count] = '\0';
    return true;
}

bool column_text_new(sqlite3_stmt *statement, int at, char **text, size_t most) {
    size_t count = (size_t)sqlite3_column_bytes(statement, at);
    if (count > most) {
        return false;
    }
    char *copy = memory_new(count + 1);
    if (!column_text(statement, at, copy, count)) {
        free(copy);
        return false;
    }
    *text = copy;
    return true;
}

bool column_text_maybe(sqlite3_stmt *statement, int at, char **text, size_t most) {
    *text = NULL;
    return sqlite3_column_type(statement, at) == SQLITE_NULL ||
           column_text_new(statement, at, text, most);
}

int column_name(sqlite3_stmt *statement, int at, int (*find)(const char *name)) {
    char name[NAME_BYTES + 1];
    return column_text(statement, at, name, NAME_BYTES) ? find(name) : -1;
}
