#include "store/migrate.h"

#include <errno.h>

#include "base/log.h"
#include "store/rows.h"
#include "store/schema.h"

/* Nothing that was asked before goes out by an upgrade: no question is approved. */
static const char FROM_1[] =
    "ALTER TABLE events ADD COLUMN publish TEXT NOT NULL DEFAULT 'approved';"
    "ALTER TABLE events ADD COLUMN publish_seconds INTEGER NOT NULL DEFAULT 60;"
    "ALTER TABLE events ADD COLUMN utc_offset INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE events ADD COLUMN next_account INTEGER NOT NULL DEFAULT 1;"
    "ALTER TABLE questions ADD COLUMN approved INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE questions ADD COLUMN open INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE questions ADD COLUMN warning TEXT;"
    "ALTER TABLE questions ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE questions ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;"
    "UPDATE questions SET edited = 1 WHERE rev > 0;"
    "CREATE TABLE accounts (event BLOB NOT NULL, id INTEGER NOT NULL, network TEXT NOT NULL,"
    " state TEXT NOT NULL, server TEXT NOT NULL, remote TEXT NOT NULL, name TEXT NOT NULL,"
    " url TEXT NOT NULL, post_limit INTEGER NOT NULL, link_length INTEGER NOT NULL,"
    " keeps INTEGER NOT NULL, secret BLOB, avatar BLOB, PRIMARY KEY (event, id))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE outgoing (event BLOB NOT NULL, number INTEGER NOT NULL,"
    " account INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, act TEXT NOT NULL,"
    " trouble TEXT NOT NULL, dropped INTEGER NOT NULL, emptied INTEGER NOT NULL,"
    " due INTEGER NOT NULL, sent BLOB NOT NULL, sending BLOB NOT NULL, token TEXT NOT NULL,"
    " far TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (event, number, account, kind))"
    " STRICT, WITHOUT ROWID;"
    "PRAGMA user_version = 2;";

static const char FROM_2[] =
    "ALTER TABLE events ADD COLUMN tickets INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE cards (event BLOB NOT NULL, key BLOB NOT NULL, rev INTEGER NOT NULL,"
    " hidden INTEGER NOT NULL, lists INTEGER NOT NULL, minute INTEGER NOT NULL,"
    " name TEXT NOT NULL, line TEXT NOT NULL, web TEXT NOT NULL, accounts TEXT NOT NULL,"
    " since BLOB NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (event, key)) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE proofs (event BLOB NOT NULL, card BLOB NOT NULL, account TEXT NOT NULL,"
    " kind TEXT NOT NULL, minute INTEGER NOT NULL, actor TEXT, source TEXT,"
    " number INTEGER NOT NULL, salt BLOB, PRIMARY KEY (event, card, account))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE kept_cards (event BLOB NOT NULL,"
    " name BLOB NOT NULL CHECK (length(name) = 16), sealed BLOB NOT NULL,"
    " PRIMARY KEY (event, name)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE claims (event BLOB NOT NULL, number INTEGER NOT NULL, card BLOB NOT NULL,"
    " rev INTEGER NOT NULL, minute INTEGER NOT NULL, hash BLOB NOT NULL,"
    " by_question BLOB NOT NULL, by_card BLOB NOT NULL, PRIMARY KEY (event, number))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE interests (event BLOB NOT NULL,"
    " name BLOB NOT NULL CHECK (length(name) = 16),"
    " sealed BLOB NOT NULL CHECK (length(sealed) = 145), PRIMARY KEY (event, name))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE tickets (event BLOB NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 16),"
    " request BLOB NOT NULL, seats INTEGER NOT NULL, PRIMARY KEY (event, hash))"
    " STRICT, WITHOUT ROWID;"
    "PRAGMA user_version = 3;";

/* By the version that they start from. */
static const char *const STEPS[SCHEMA_VERSION] = {[1] = FROM_1, [2] = FROM_2};

static bool run(sqlite3 *rows, const char *sql) {
    errno = 0;
    return status_of(sqlite3_exec(rows, sql, NULL, NULL, NULL)) == STORE_OK;
}

enum store_status store_migrate(sqlite3 *rows, int version) {
    INVARIANT(version >= 1 && version < SCHEMA_VERSION);
    bool good = run(rows, "BEGIN IMMEDIATE");
    for (int from = version; good && from < SCHEMA_VERSION; from++) {
        good = run(rows, STEPS[from]);
    }
    if (good && run(rows, "COMMIT")) {
        return STORE_OK;
    }
    if (sqlite3_get_autocommit(rows) == 0) {
        (void)run(rows, "ROLLBACK");
    }
    return STORE_FAILED;
}
