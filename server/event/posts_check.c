/* What is true of every event's accounts and posts between two commands. */
#include <string.h>

#include "event/rules.h"

static bool account_check(const struct event *event, const struct account *account) {
    bool left = account->state == ACCOUNT_LEFT;
    return account->id >= 1 && account->id < event->next_account &&
           (unsigned)account->network < NETWORK_COUNT &&
           (unsigned)account->state < ACCOUNT_STATE_COUNT && account->remote[0] != '\0' &&
           (account->secret == NULL) == left && (account->secret_bytes == 0) == left &&
           account->secret_bytes <= LIMIT_ACCOUNT_SECRET_BYTES &&
           (account->avatar == NULL) == (account->avatar_bytes == 0) &&
           account->avatar_bytes <= LIMIT_AVATAR_BYTES &&
           (!event->closed || !account_posts(account)) &&
           (!left || account_used(event, account->id));
}

static bool accounts_check(const struct event *event) {
    for (uint32_t i = 0; i < event->account_count; i++) {
        const struct account *account = event->accounts[i];
        if (!account_check(event, account) ||
            (i > 0 && event->accounts[i - 1]->id >= account->id)) {
            return false;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (event->accounts[j]->network == account->network &&
                strcmp(event->accounts[j]->remote, account->remote) == 0) {
                return false;
            }
        }
    }
    return event->account_count <= LIMIT_EVENT_ACCOUNTS;
}

/* There is something to post, to edit, to delete. */
static bool act_check(const struct outgoing *row) {
    bool out = !mark_empty(row->sent);
    switch (row->act) {
    case ACT_POST:
        return !out && !row->emptied;
    case ACT_EDIT:
        return out || row->emptied;
    default:
        return out || row->token[0] != '\0';
    }
}

/* What a row's state says of its other parts. */
static bool state_check(const struct outgoing *row) {
    bool out = !mark_empty(row->sent), tried = row->token[0] != '\0';
    switch (row->state) {
    case POST_QUEUED:
        return act_check(row) && !row->dropped &&
               (row->act == ACT_EDIT || (row->act == ACT_POST && !tried));
    case POST_READY:
        return act_check(row);
    case POST_SENDING:
        return act_check(row) && tried && (row->act == ACT_DELETE) == mark_empty(row->sending);
    case POST_SENT:
        return out && !tried && row->act != ACT_DELETE && !row->dropped &&
               row->trouble == TROUBLE_NONE;
    case POST_FAILED:
        return row->trouble != TROUBLE_NONE && act_check(row);
    case POST_DELETED:
        return !out && !tried && row->act == ACT_DELETE && row->trouble == TROUBLE_NONE;
    default:
        return false;
    }
}

/* Without its question a post can only be taken back. */
static bool orphan_check(const struct outgoing *row) {
    bool ends = row->state == POST_READY || row->state == POST_FAILED;
    return row->state == POST_SENDING || (row->state == POST_DELETED && row->emptied) ||
           (ends && row->act == ACT_DELETE);
}

static bool row_check(const struct event *event, const struct outgoing *row) {
    const struct account *account = event_account(event, row->account);
    bool waits = row->state == POST_QUEUED || row->state == POST_READY;
    return account != NULL && row->number >= 1 && row->number < event->next_number &&
           (unsigned)row->kind < POST_KIND_COUNT && (unsigned)row->act < ACT_COUNT &&
           (unsigned)row->trouble < TROUBLE_COUNT &&
           (row->due != 0) == (row->state == POST_QUEUED) &&
           (!row->emptied || mark_empty(row->sent)) && state_check(row) &&
           (account->state != ACCOUNT_LEFT || (!waits && row->state != POST_SENDING)) &&
           (event_question(event, row->number) != NULL || orphan_check(row));
}

bool posts_check(const struct event *event) {
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        const struct outgoing *row = &event->outgoing[i];
        if (!row_check(event, row) ||
            event_outgoing(event, row->number, row->account, row->kind) != row) {
            return false;
        }
    }
    return accounts_check(event) && event->outgoing_count <= LIMIT_EVENT_OUTGOING;
}
