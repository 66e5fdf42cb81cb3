/* Events and their accounts, as the journal's thread tells of them. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/core.h"

struct site *site_find(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES]) {
    return table_get(&bridge->sites, event);
}

struct seat *seat_find(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES], uint32_t id) {
    struct seat *seat = bridge->seats;
    while (seat != NULL && (seat->site == NULL || seat->gone || seat->account->id != id ||
                            memcmp(seat->event, event, EVENT_ID_BYTES) != 0)) {
        seat = seat->next;
    }
    return seat;
}

/* ---- a seat's log-in */

static bool bytes_same(const uint8_t *a, uint32_t a_count, const uint8_t *b, uint32_t b_count) {
    return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count) == 0);
}

bool seat_open(struct seat *seat) {
    if (seat->login == NULL || seat->login_stale) {
        const struct account *account = seat->account;
        login_free(seat->login);
        seat->login = login_open(account->secret, account->secret_bytes, account->network,
                                 seat->bridge->options.key, seat->event, account->remote);
        seat->login_stale = false;
        seat->login_changed = false;
        if (seat->login == NULL) {
            log_count("log-in unreadable");
        }
    }
    return seat->login != NULL;
}

void seat_put(struct seat *seat) {
    if (!seat->login_changed || seat->login_stale || seat->login_put || seat->login == NULL ||
        seat->site == NULL || seat->gone) {
        return;
    }
    struct account *account = account_copy(seat->account);
    uint8_t *secret = NULL;
    uint32_t count = 0;
    login_seal(seat->login, seat->bridge->options.key, seat->event, account->remote, &secret,
               &count);
    free(account->secret); /* sealed: nothing to wipe */
    account->secret = secret;
    account->secret_bytes = count;
    free(seat->sealed);
    seat->sealed = bytes_copy(secret, count);
    seat->sealed_bytes = count;
    seat->login_changed = false;
    seat->login_put = true;
    struct journal_request *request =
        bridge_request(seat->bridge, COMMAND_ACCOUNT_PUT, seat->event, ASKER_SEAT, seat);
    request->command.as.account.account = account;
    journal_submit(seat->bridge->journal, request);
}

void seat_put_answered(struct seat *seat, struct journal_request *answer) {
    seat->login_put = false;
    if (answer->refusal == REFUSAL_BUSY || answer->refusal == REFUSAL_STORAGE) {
        seat->login_changed = !seat->login_stale;
        seat->put_at = clock_unix_ms() + AGAIN_MS;
    }
    journal_request_free(answer);
}

void seat_state(struct seat *seat, enum account_state state, bool keeps) {
    struct journal_request *request =
        bridge_request(seat->bridge, COMMAND_ACCOUNT_STATE, seat->event, ASKER_NOBODY, NULL);
    request->command.as.account.id = seat->account->id;
    request->command.as.account.state = state;
    request->command.as.account.keeps = keeps;
    journal_submit(seat->bridge->journal, request);
}

/* ---- seats come and go */

static struct seat *seat_new(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES],
                             struct account *account) {
    struct seat *seat = memory_new(sizeof *seat);
    seat->bridge = bridge;
    memcpy(seat->event, event, EVENT_ID_BYTES);
    seat->account = account;
    seat->next = bridge->seats;
    bridge->seats = seat;
    return seat;
}

static void seat_free(struct seat *seat) {
    account_free(seat->account);
    login_free(seat->login);
    retries_clear(&seat->retries);
    free(seat->sealed);
    free(seat);
}

static void waiting_refuse(struct seat *seat, enum refusal refusal) {
    if (seat->trial != NULL) {
        bridge_answer(seat->bridge, seat->trial, refusal, NULL);
        seat->trial = NULL;
    }
    home_refuse(seat, refusal);
}

void seats_sweep(struct bridge *bridge) {
    for (struct seat **at = &bridge->seats; *at != NULL;) {
        struct seat *seat = *at;
        bool held = seat->task != NULL || seat->login_put;
        if (seat->gone) {
            waiting_refuse(seat, REFUSAL_UNKNOWN);
        }
        if (seat->gone && !held) {
            *at = seat->next;
            seat_free(seat);
        } else {
            at = &seat->next;
        }
    }
}

struct seat *orphan_add(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES],
                        struct account *account, struct login *login) {
    struct seat *seat = seat_new(bridge, event, account);
    seat->login = login;
    return seat;
}

/* ---- what an agenda says */

/* Takes the account. Its log-in is read anew unless it is the one that is known here, which may be
 * newer than what was stored when the agenda was made. */
static void seat_update(struct seat *seat, struct account *account) {
    bool known =
        bytes_same(account->secret, account->secret_bytes, seat->account->secret,
                   seat->account->secret_bytes) ||
        bytes_same(account->secret, account->secret_bytes, seat->sealed, seat->sealed_bytes);
    seat->login_stale = seat->login_stale || !known;
    if (!known) {
        seat->login_changed = false; /* of the one that was replaced */
        seat->not_before = 0;        /* whoever connects it again wants to see something */
    }
    if (account->state != ACCOUNT_LEAVING) {
        seat->revoke_tries = 0;
    }
    account_free(seat->account);
    seat->account = account;
}

static void accounts_apply(struct bridge *bridge, struct site *site, struct agenda *agenda) {
    for (struct seat *seat = bridge->seats; seat != NULL; seat = seat->next) {
        seat->gone = seat->gone || seat->site == site;
    }
    for (uint32_t at = 0; at < agenda->account_count; at++) {
        struct account *account = agenda->accounts[at];
        struct seat *seat = bridge->seats;
        while (seat != NULL && (seat->site != site || seat->account->id != account->id)) {
            seat = seat->next;
        }
        if (seat != NULL) {
            seat->gone = false;
            seat_update(seat, account);
        } else {
            seat_new(bridge, agenda->event, account)->site = site;
        }
    }
    agenda->account_count = 0; /* the seats have them now */
}

static void site_remove(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES]) {
    struct site *site = table_remove(&bridge->sites, event);
    if (site == NULL) {
        return;
    }
    for (struct seat *seat = bridge->seats; seat != NULL; seat = seat->next) {
        if (seat->site == site) {
            waiting_refuse(seat, REFUSAL_UNKNOWN);
            seat->site = NULL;
            seat->not_before = 0;
        }
    }
    rechecks_clear(site);
    agenda_free(site->agenda);
    free(site);
}

void site_apply(struct bridge *bridge, struct agenda *agenda) {
    if (agenda->deleted) {
        site_remove(bridge, agenda->event);
        agenda_free(agenda);
        return;
    }
    struct site *site = site_find(bridge, agenda->event);
    if (site == NULL) {
        site = memory_new(sizeof *site);
        site->bridge = bridge;
        table_set(&bridge->sites, agenda->event, site);
    }
    agenda_free(site->agenda);
    site->agenda = agenda;
    rechecks_keep(site);
    if (agenda->accounts_told) {
        accounts_apply(bridge, site, agenda);
    }
    for (struct seat *seat = bridge->seats; seat != NULL; seat = seat->next) {
        if (seat->site == site) {
            retries_keep(&seat->retries, agenda, seat->account->id);
        }
    }
}

void sites_clear(struct bridge *bridge) {
    size_t at = 0;
    const void *key;
    for (void *value; table_next(&bridge->sites, &at, &key, &value);) {
        struct site *site = value;
        rechecks_clear(site);
        agenda_free(site->agenda);
        free(site);
    }
    table_clear(&bridge->sites);
    while (bridge->seats != NULL) {
        struct seat *seat = bridge->seats;
        bridge->seats = seat->next;
        INVARIANT(seat->task == NULL && seat->trial == NULL && seat->home == NULL);
        seat_free(seat);
    }
}
