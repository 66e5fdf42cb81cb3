#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/posts.h"

/* A value of 1 to `most` bytes, allocated; NULL for NULL. */
static bool column_bytes_new(sqlite3_stmt *row, int at, uint8_t **bytes, uint32_t *count,
                             uint32_t most) {
    *bytes = NULL;
    *count = 0;
    if (sqlite3_column_type(row, at) == SQLITE_NULL) {
        return true;
    }
    const void *stored = sqlite3_column_blob(row, at);
    int stored_count = sqlite3_column_bytes(row, at);
    if (stored == NULL || stored_count > (int)most) {
        return false;
    }
    *count = (uint32_t)stored_count;
    *bytes = memory_new(*count);
    memcpy(*bytes, stored, *count);
    return true;
}

static bool account_get(sqlite3_stmt *row, struct account *account) {
    int network = column_name(row, 1, network_find),
        state = column_name(row, 2, account_state_find);
    if (network < 0 || state < 0) {
        return false;
    }
    account->network = (enum network)network;
    account->state = (enum account_state)state;
    return column_integer(row, 0, UINT32_MAX, &account->id) &&
           column_text(row, 3, account->server, LIMIT_ORIGIN_BYTES) &&
           column_text(row, 4, account->remote, LIMIT_REMOTE_BYTES) &&
           column_text(row, 5, account->name, LIMIT_ACCOUNT_NAME_BYTES) &&
           column_text(row, 6, account->url, LIMIT_URL_BYTES) &&
           column_integer(row, 7, UINT32_MAX, &account->post_limit) &&
           column_integer(row, 8, UINT32_MAX, &account->link_length) &&
           column_flag(row, 9, &account->keeps) &&
           column_bytes_new(row, 10, &account->secret, &account->secret_bytes,
                            LIMIT_ACCOUNT_SECRET_BYTES) &&
           column_bytes_new(row, 11, &account->avatar, &account->avatar_bytes, LIMIT_AVATAR_BYTES);
}

void accounts_load(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_ACCOUNTS_GET, event->id);
    while (rows_next(store, row)) {
        struct account *account = memory_new(sizeof *account);
        if (account_get(row, account)) {
            event_restore_account(event, account);
        } else {
            account_free(account);
            rows_broken(store);
        }
    }
}

static bool outgoing_get(sqlite3_stmt *row, struct outgoing *outgoing) {
    int kind = column_name(row, 2, post_kind_find), state = column_name(row, 3, post_state_find);
    int act = column_name(row, 4, post_act_find), trouble = TROUBLE_NONE;
    if (sqlite3_column_bytes(row, 5) > 0) {
        trouble = column_name(row, 5, post_trouble_find);
    }
    if (kind < 0 || state < 0 || act < 0 || trouble < 0) {
        return false;
    }
    outgoing->kind = (enum post_kind)kind;
    outgoing->state = (enum post_state)state;
    outgoing->act = (enum post_act)act;
    outgoing->trouble = (enum post_trouble)trouble;
    return column_integer(row, 0, UINT32_MAX, &outgoing->number) &&
           column_integer(row, 1, UINT32_MAX, &outgoing->account) &&
           column_flag(row, 6, &outgoing->dropped) && column_flag(row, 7, &outgoing->emptied) &&
           column_integer(row, 8, UINT32_MAX, &outgoing->due) &&
           column_bytes(row, 9, outgoing->sent, POST_MARK_BYTES) &&
           column_bytes(row, 10, outgoing->sending, POST_MARK_BYTES) &&
           column_text(row, 11, outgoing->token, LIMIT_POST_TOKEN_BYTES) &&
           column_text(row, 12, outgoing->far, LIMIT_POST_FAR_BYTES) &&
           column_text(row, 13, outgoing->url, LIMIT_URL_BYTES);
}

void outgoing_load(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_OUTGOING_GET, event->id);
    while (rows_next(store, row)) {
        struct outgoing outgoing = {0};
        if (outgoing_get(row, &outgoing)) {
            event_restore_outgoing(event, &outgoing);
        } else {
            rows_broken(store);
        }
    }
}
