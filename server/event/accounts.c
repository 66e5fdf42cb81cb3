/* The event's accounts on open networks: connected, refreshed, disconnected. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

static void account_forget(struct account *account) {
    if (account->secret != NULL) {
        sodium_memzero(account->secret, account->secret_bytes);
        free(account->secret);
    }
    account->secret = NULL;
    account->secret_bytes = 0;
}

void account_free(struct account *account) {
    if (account != NULL) {
        account_forget(account);
        free(account->avatar);
        free(account);
    }
}

static uint32_t account_place(const struct event *event, uint32_t id) {
    uint32_t place = 0;
    while (place < event->account_count && event->accounts[place]->id != id) {
        place++;
    }
    return place;
}

struct account *account_at(const struct event *event, uint32_t id) {
    uint32_t place = account_place(event, id);
    return place < event->account_count ? event->accounts[place] : NULL;
}

const struct account *event_account(const struct event *event, uint32_t id) {
    return account_at(event, id);
}

bool account_posts(const struct account *account) {
    return account->state == ACCOUNT_CONNECTED || account->state == ACCOUNT_EXPIRED ||
           account->state == ACCOUNT_REFUSED;
}

void event_restore_account(struct event *event, struct account *account) {
    event->accounts =
        memory_resize(event->accounts, event->account_count + 1, sizeof(struct account *));
    event->accounts[event->account_count++] = account;
}

bool account_used(const struct event *event, uint32_t id) {
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        if (event->outgoing[i].account == id) {
            return true;
        }
    }
    return false;
}

void accounts_tidy(struct event *event, struct changes *changes) {
    for (uint32_t i = event->account_count; i > 0; i--) {
        struct account *account = event->accounts[i - 1];
        if (account->state == ACCOUNT_LEFT && !account_used(event, account->id)) {
            change_number(changes, CHANGE_ACCOUNT, account->id);
            account_free(account);
            event->account_count--;
            memmove(&event->accounts[i - 1], &event->accounts[i],
                    (event->account_count + 1 - i) * sizeof(struct account *));
        }
    }
}

void accounts_leave(struct event *event, struct changes *changes) {
    for (uint32_t i = 0; i < event->account_count; i++) {
        if (account_posts(event->accounts[i])) {
            event->accounts[i]->state = ACCOUNT_LEAVING;
            change_number(changes, CHANGE_ACCOUNT, event->accounts[i]->id);
        }
    }
}

static bool text_ends(const char *text, size_t bytes) {
    return memchr(text, '\0', bytes + 1) != NULL;
}

static bool account_sound(const struct account *account) {
    return (unsigned)account->network < NETWORK_COUNT &&
           text_ends(account->server, LIMIT_ORIGIN_BYTES) &&
           text_ends(account->remote, LIMIT_REMOTE_BYTES) && account->remote[0] != '\0' &&
           text_ends(account->name, LIMIT_ACCOUNT_NAME_BYTES) &&
           text_ends(account->url, LIMIT_URL_BYTES) && account->secret != NULL &&
           account->secret_bytes > 0 && account->secret_bytes <= LIMIT_ACCOUNT_SECRET_BYTES &&
           account->avatar_bytes <= LIMIT_AVATAR_BYTES;
}

/* The same account at its network, known before. */
static struct account *account_same(const struct event *event, const struct account *account) {
    for (uint32_t i = 0; i < event->account_count; i++) {
        struct account *other = event->accounts[i];
        if (other->network == account->network && strcmp(other->remote, account->remote) == 0) {
            return other;
        }
    }
    return NULL;
}

/* What failed for its log-in is ready again. */
static void failures_revive(struct event *event, uint32_t id, struct changes *changes) {
    for (uint32_t i = 0; i < event->outgoing_count; i++) {
        struct outgoing row = event->outgoing[i];
        if (row.account == id && row.state == POST_FAILED &&
            (row.trouble == TROUBLE_LOGIN || row.trouble == TROUBLE_FORBIDDEN)) {
            row.state = POST_READY;
            outgoing_put(event, &row, changes);
        }
    }
}

/* Puts the log-in and values of `fresh` into `account`, which keeps id and state. */
static void account_replace(struct account *account, struct account *fresh) {
    struct account old = *account;
    *account = *fresh;
    account->id = old.id;
    account->state = old.state;
    *fresh = old;
    account_free(fresh);
}

/* A log-in that was refreshed: disconnecting goes on, and what waits goes on waiting. */
static enum refusal account_refresh(struct event *event, struct command *command,
                                    struct changes *changes) {
    struct account *fresh = command->as.account.account;
    struct account *account = account_same(event, fresh);
    if (account == NULL || account->id != fresh->id) {
        return REFUSAL_UNKNOWN;
    }
    if (account->state == ACCOUNT_LEFT) {
        return REFUSAL_STALE;
    }
    command->as.account.account = NULL;
    account_replace(account, fresh);
    command->as.account.id = account->id;
    change_number(changes, CHANGE_ACCOUNT, account->id);
    return REFUSAL_OK;
}

enum refusal rule_account_put(struct event *event, struct command *command,
                              struct changes *changes) {
    struct account *fresh = command->as.account.account;
    INVARIANT(fresh != NULL);
    if (!account_sound(fresh)) {
        return REFUSAL_BAD_VALUE;
    }
    if (fresh->id != 0) {
        return account_refresh(event, command, changes);
    }
    if (event->closed) {
        return REFUSAL_CLOSED;
    }
    struct account *account = account_same(event, fresh);
    if (account == NULL && event->account_count >= LIMIT_EVENT_ACCOUNTS) {
        return REFUSAL_FULL;
    }
    command->as.account.account = NULL;
    if (account == NULL) {
        account = fresh;
        account->id = event->next_account++;
        event_restore_account(event, account);
    } else {
        account_replace(account, fresh);
    }
    account->state = ACCOUNT_CONNECTED;
    command->as.account.id = account->id;
    change_number(changes, CHANGE_ACCOUNT, account->id);
    failures_revive(event, account->id, changes);
    posts_follow_all(event, command->now, changes);
    return REFUSAL_OK;
}

/* What an account's state may become: whoever leaves does not come back but by a
 * new log-in, and whoever has come back has not left. */
static enum account_state state_after(enum account_state from, enum account_state to) {
    bool leaving = from == ACCOUNT_LEAVING;
    return from == ACCOUNT_LEFT || leaving != (to == ACCOUNT_LEFT) ? from : to;
}

static void account_become(struct event *event, struct account *account, enum account_state state,
                           int64_t now, struct changes *changes) {
    account->state = state;
    change_number(changes, CHANGE_ACCOUNT, account->id);
    if (state == ACCOUNT_LEFT) {
        account_forget(account);
    }
    posts_follow_all(event, now, changes);
    accounts_tidy(event, changes);
}

enum refusal rule_account_state(struct event *event, struct command *command,
                                struct changes *changes) {
    struct account *account = account_at(event, command->as.account.id);
    if ((unsigned)command->as.account.state >= ACCOUNT_STATE_COUNT) {
        return REFUSAL_BAD_VALUE;
    }
    if (account == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (command->as.account.keeps && !account->keeps) {
        account->keeps = true;
        change_number(changes, CHANGE_ACCOUNT, account->id);
    }
    enum account_state state = state_after(account->state, command->as.account.state);
    if (state != account->state) {
        account_become(event, account, state, command->now, changes);
    }
    return REFUSAL_OK;
}

enum refusal rule_account_leave(struct event *event, struct command *command,
                                struct changes *changes) {
    struct account *account = account_at(event, command->as.account.id);
    if (account == NULL) {
        return REFUSAL_UNKNOWN;
    }
    if (account_posts(account)) {
        account_become(event, account, ACCOUNT_LEAVING, command->now, changes);
    }
    return REFUSAL_OK;
}
