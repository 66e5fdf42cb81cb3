#include "store/posts.h"

static void account_put(struct store *store, const struct event *event,
                        const struct account *account) {
    sqlite3_stmt *put = rows_of(store, STATEMENT_ACCOUNT_PUT, event->id);
    bind_integer(put, 2, account->id);
    bind_text(put, 3, network_name(account->network));
    bind_text(put, 4, account_state_name(account->state));
    bind_text(put, 5, account->server);
    bind_text(put, 6, account->remote);
    bind_text(put, 7, account->name);
    bind_text(put, 8, account->url);
    bind_integer(put, 9, account->post_limit);
    bind_integer(put, 10, account->link_length);
    bind_integer(put, 11, account->keeps ? 1 : 0);
    bind_bytes(put, 12, account->secret, account->secret_bytes);
    bind_bytes(put, 13, account->avatar, account->avatar_bytes);
    rows_run(store, put);
}

static void outgoing_put(struct store *store, const struct event *event,
                         const struct outgoing *row) {
    sqlite3_stmt *put = rows_of(store, STATEMENT_OUTGOING_PUT, event->id);
    bind_integer(put, 2, row->number);
    bind_integer(put, 3, row->account);
    bind_text(put, 4, post_kind_name(row->kind));
    bind_text(put, 5, post_state_name(row->state));
    bind_text(put, 6, post_act_name(row->act));
    bind_text(put, 7, post_trouble_name(row->trouble));
    bind_integer(put, 8, row->dropped ? 1 : 0);
    bind_integer(put, 9, row->emptied ? 1 : 0);
    bind_integer(put, 10, row->due);
    bind_bytes(put, 11, row->sent, POST_MARK_BYTES);
    bind_bytes(put, 12, row->sending, POST_MARK_BYTES);
    bind_text(put, 13, row->token);
    bind_text(put, 14, row->far);
    bind_text(put, 15, row->url);
    rows_run(store, put);
}

void account_write(struct store *store, const struct event *event, uint32_t id) {
    const struct account *account = event_account(event, id);
    if (account != NULL) {
        account_put(store, event, account);
        return;
    }
    sqlite3_stmt *drop = rows_of(store, STATEMENT_ACCOUNT_DROP, event->id);
    bind_integer(drop, 2, id);
    rows_run(store, drop);
}

void outgoing_write(struct store *store, const struct event *event, const struct row *row) {
    uint32_t account = row_post_account(row);
    enum post_kind kind = row_post_kind(row);
    const struct outgoing *outgoing = event_outgoing(event, row->number, account, kind);
    if (outgoing != NULL) {
        outgoing_put(store, event, outgoing);
        return;
    }
    sqlite3_stmt *drop = rows_of(store, STATEMENT_OUTGOING_DROP, event->id);
    bind_integer(drop, 2, row->number);
    bind_integer(drop, 3, account);
    bind_text(drop, 4, post_kind_name(kind));
    rows_run(store, drop);
}

void posts_write_all(struct store *store, const struct event *event) {
    for (uint32_t at = 0; at < event->account_count; at++) {
        account_put(store, event, event->accounts[at]);
    }
    for (uint32_t at = 0; at < event->outgoing_count; at++) {
        outgoing_put(store, event, &event->outgoing[at]);
    }
}
