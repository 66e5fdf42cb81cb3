/* What the files of this folder share: the connection, and statements whose first failure sticks.
 * A function binds and runs as if all went well; after a failure every further run does nothing,
 * until the transaction's end asks for the status. */
#ifndef RAUTE_STORE_ROWS_H
#define RAUTE_STORE_ROWS_H

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"
#include "store/statements.h"
#include "store/store.h"

struct store {
    enum store_mode mode;
    sqlite3 *rows; /* of the journal thread, or the only one in read mode */
    sqlite3_stmt *prepared[STATEMENT_COUNT];
    enum store_status status; /* the first failure since rows_status */
    sqlite3 *maintenance;     /* write mode: of the maintenance thread */
    atomic_bool removed;      /* something was, or came in some order, since the last VACUUM */
    int data;                 /* the data folder */
    int secrets, forgotten;   /* the two folders in it; -1 in read mode where there is none */
    struct table seals;       /* event id → its key that seals rows (seals.h) */
};

/* What a result code of SQLite means for the caller, with errno as SQLite has left it (set it to 0
 * before). Logs trouble, without content. */
enum store_status status_of(int code);

/* The statement, ready to be bound. NULL after a failure: the functions below accept it. */
sqlite3_stmt *rows_prepare(struct store *store, enum statement which);
/* The same, with the event bound to ?1. */
sqlite3_stmt *rows_of(struct store *store, enum statement which, const uint8_t id[EVENT_ID_BYTES]);
void bind_integer(sqlite3_stmt *statement, int at, uint64_t value); /* below 2^63 */
void bind_signed(sqlite3_stmt *statement, int at, int64_t value);
/* Borrowed until the statement was run. NULL bytes: a NULL value. */
void bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t count);
void bind_text(sqlite3_stmt *statement, int at, const char *text);
/* Runs a bound statement that returns no rows. */
void rows_run(struct store *store, sqlite3_stmt *statement);
/* The next row of a bound statement; false: no more, or a failure. Finished by itself. */
bool rows_next(struct store *store, sqlite3_stmt *statement);
/* A row is not what the schema says: the transaction fails. */
void rows_broken(struct store *store);
/* Ends a transaction: commits or, after a failure, rolls back. Returns its status, and forgets it.
 */
enum store_status rows_end(struct store *store);

/* Empties the write-ahead log into the database; a reader in the way is no failure. */
enum store_status rows_checkpoint(sqlite3 *database);

/* Columns of the current row, checked: false when it is not what the schema says. */
bool column_integer(sqlite3_stmt *statement, int at, uint32_t maximum, uint32_t *value);
/* From −most to most. */
bool column_signed(sqlite3_stmt *statement, int at, int32_t most, int32_t *value);
bool column_large(sqlite3_stmt *statement, int at, uint64_t *value);
bool column_flag(sqlite3_stmt *statement, int at, bool *value);
bool column_bytes(sqlite3_stmt *statement, int at, void *bytes, size_t count);
/* Valid UTF-8 of at most `most` bytes, copied with its final NUL; `text` has most + 1 bytes. */
bool column_text(sqlite3_stmt *statement, int at, char *text, size_t most);
/* The same, allocated; the caller's. The second: NULL for a NULL value. */
bool column_text_new(sqlite3_stmt *statement, int at, char **text, size_t most);
bool column_text_maybe(sqlite3_stmt *statement, int at, char **text, size_t most);
/* What `find` makes of a short name; −1 when it does not know it. */
int column_name(sqlite3_stmt *statement, int at, int (*find)(const char *name));

#endif
