/* Log-ins under way, from `connect` to the account; in memory only. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "bridge/entry.h"

#define STATE_BYTES 16
#define LOGIN_MS    ((int64_t)LOGIN_MINUTES * 60000)
/* Of one event: log-ins that wait for their person, whose oldest one is given up for another, and
 * log-ins at once with networks and journal. */
#define LOGINS_OF_EVENT 8
#define WORK_OF_EVENT   4
#define OWN_OF_EVENT    64 /* likewise, of its audience */
#define OWN_WORK        16
#define OWN_MOST        (LIMIT_LOGINS - 64) /* altogether: organisers find a place */

_Static_assert(BASE64_CHARS(STATE_BYTES) == LOGIN_STATE_CHARS, "length of a state");

static struct entry *entry_make(struct bridge *bridge, struct journal_request *request,
                                enum network network, enum login_purpose purpose) {
    const struct site *site = site_find(bridge, request->command.event);
    struct entry *entry = memory_new(sizeof *entry);
    struct attempt *attempt = &entry->attempt;
    uint8_t state[STATE_BYTES];
    random_fill(state, sizeof state);
    base64_encode(attempt->state, state, sizeof state);
    entry->bridge = bridge;
    entry->request = request;
    entry->hashtag = memory_text(site->agenda->settings.hashtags[0]);
    entry->expires_at = clock_unix_ms() + LOGIN_MS;
    memcpy(entry->event, request->command.event, EVENT_ID_BYTES);
    attempt->reach = &bridge->reach;
    attempt->purpose = purpose;
    attempt->hashtag = entry->hashtag;
    attempt->login = login_new(network);
    attempt->core = entry;
    entry->next = bridge->entries;
    bridge->entries = entry;
    bridge->entry_count++;
    return entry;
}

void entry_free(struct entry *entry) {
    struct attempt *attempt = &entry->attempt;
    struct entry **at = &entry->bridge->entries;
    while (*at != entry) {
        at = &(*at)->next;
    }
    *at = entry->next;
    entry->bridge->entry_count--;
    if (attempt->own != NULL && attempt->own_free != NULL) {
        attempt->own_free(attempt->own);
    }
    login_set(&attempt->server, NULL);
    login_set(&attempt->password, NULL);
    login_set(&attempt->code, NULL);
    login_set(&attempt->issuer, NULL);
    login_set(&attempt->verifier, NULL);
    login_free(attempt->login);
    account_free(attempt->account);
    free(attempt->actor);
    own_free(entry->own);
    free(entry->hashtag);
    free(entry);
}

void entry_answer(struct entry *entry, enum refusal refusal, json_t *ok) {
    struct journal_request *request = entry->request;
    entry->request = NULL;
    if (request != NULL) {
        bridge_answer(entry->bridge, request, refusal, ok);
    }
}

/* ---- the ends of a network's steps */

/* What nobody keeps is ended where it was made. */
static void login_end(struct entry *entry, struct account *account) {
    orphan_add(entry->bridge, entry->event, account, entry->attempt.login);
    entry->attempt.login = NULL;
}

void attempt_began(struct attempt *attempt, const char *url) {
    struct entry *entry = attempt->core;
    entry->phase = ENTRY_WAITING;
    entry_answer(entry, REFUSAL_OK, json_pack("{s:s,s:s}", "url", url, "state", attempt->state));
}

void attempt_failed(struct attempt *attempt, enum refusal refusal) {
    struct entry *entry = attempt->core;
    bool ending = entry->bridge->ending;
    entry_answer(entry, ending ? REFUSAL_BUSY : refusal, NULL);
    if (!ending && attempt->login->access != NULL) {
        struct account *account = attempt->account;
        if (account == NULL) {
            account = memory_new(sizeof *account);
            account->network = attempt->login->network;
        }
        attempt->account = NULL;
        login_end(entry, account);
    }
    entry_free(entry);
}

void attempt_finished(struct attempt *attempt) {
    struct entry *entry = attempt->core;
    struct bridge *bridge = entry->bridge;
    struct account *account = attempt->account;
    INVARIANT(account != NULL);
    if (bridge->ending) {
        attempt_failed(attempt, REFUSAL_BUSY);
        return;
    }
    if (entry->own != NULL) {
        own_finished(entry);
        return;
    }
    login_seal(attempt->login, bridge->options.key, entry->event, account->remote, &account->secret,
               &account->secret_bytes);
    entry->phase = ENTRY_STORING;
    struct journal_request *put =
        bridge_request(bridge, COMMAND_ACCOUNT_PUT, entry->event, ASKER_ENTRY, entry);
    put->command.as.account.account = account;
    attempt->account = NULL;
    journal_submit(bridge->journal, put);
}

void entry_answered(struct entry *entry, struct journal_request *answer) {
    enum refusal refusal = answer->refusal;
    if (entry->own != NULL) {
        journal_request_free(answer);
        own_answered(entry, refusal);
        return;
    }
    if (refusal == REFUSAL_OK) {
        entry_answer(entry, REFUSAL_OK, json_pack("{s:i}", "account", (int)answer->result));
    } else {
        struct account *account = answer->command.as.account.account;
        if (account != NULL) {
            answer->command.as.account.account = NULL;
            login_end(entry, account);
        }
        entry_answer(entry, refusal == REFUSAL_BAD_VALUE ? REFUSAL_BAD_SERVER : refusal, NULL);
    }
    journal_request_free(answer);
    entry_free(entry);
}

/* ---- what people ask for */

static bool is_one_of(const struct entry *entry, const uint8_t event[EVENT_ID_BYTES], bool own) {
    return (entry->own != NULL) == own && memcmp(entry->event, event, EVENT_ID_BYTES) == 0;
}

/* False: so many of this event are under way that others would have to wait for it. */
static bool work_free(const struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES], bool own) {
    unsigned count = 0;
    for (const struct entry *entry = bridge->entries; entry != NULL; entry = entry->next) {
        count += entry->phase != ENTRY_WAITING && is_one_of(entry, event, own);
    }
    return count < (own ? OWN_WORK : WORK_OF_EVENT);
}

/* Makes room for one more of this event. False: too many are under way altogether. */
static bool entries_limit(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES], bool own) {
    struct entry *oldest = NULL;
    unsigned count = 0, owns = 0;
    for (struct entry *entry = bridge->entries; entry != NULL; entry = entry->next) {
        owns += entry->own != NULL;
        if (entry->phase == ENTRY_WAITING && is_one_of(entry, event, own)) {
            oldest = entry;
            count++;
        }
    }
    if (count >= (own ? OWN_OF_EVENT : LOGINS_OF_EVENT)) {
        entry_free(oldest);
    }
    return bridge->entry_count < LIMIT_LOGINS && (!own || owns < OWN_MOST);
}

struct entry *entry_new(struct bridge *bridge, struct journal_request *request,
                        enum network network, enum login_purpose purpose) {
    const uint8_t *event = request->command.event;
    bool own = purpose != LOGIN_EVENT;
    if (site_find(bridge, event) == NULL) {
        bridge_answer(bridge, request, REFUSAL_UNKNOWN, NULL);
        return NULL;
    }
    if (!work_free(bridge, event, own) || !entries_limit(bridge, event, own)) {
        bridge_answer(bridge, request, REFUSAL_BUSY, NULL);
        return NULL;
    }
    return entry_make(bridge, request, network, purpose);
}

static void connect_begin(struct bridge *bridge, struct journal_request *request) {
    struct command *command = &request->command;
    enum network network = command->as.connect.network;
    bool password = command->kind == COMMAND_CONNECT_PASSWORD;
    enum refusal refusal = REFUSAL_OK;
    if (site_find(bridge, command->event) == NULL) {
        refusal = REFUSAL_UNKNOWN;
    } else if (!bridge_offers(bridge, network) ||
               (password && network_driver(network)->password == NULL)) {
        refusal = REFUSAL_NOT_CONFIGURED;
    } else if ((network != NETWORK_X && command->as.connect.server == NULL) ||
               (password && command->as.connect.password == NULL)) {
        refusal = REFUSAL_BAD_SERVER;
    }
    if (refusal != REFUSAL_OK) {
        bridge_answer(bridge, request, refusal, NULL);
        return;
    }
    struct entry *entry = entry_new(bridge, request, network, LOGIN_EVENT);
    if (entry == NULL) {
        return;
    }
    struct attempt *attempt = &entry->attempt;
    memcpy(attempt->challenge, command->as.connect.challenge, sizeof attempt->challenge);
    attempt->server = command->as.connect.server;
    attempt->password = command->as.connect.password;
    command->as.connect.server = command->as.connect.password = NULL;
    if (password) {
        network_driver(network)->password(attempt);
    } else {
        network_driver(network)->begin(attempt);
    }
}

/* What comes back from the network, of either kind of log-in. Borrowed. */
struct finish {
    char **state, **code, **verifier, **issuer;
};

static struct finish finish_of(struct command *command) {
    if (command->kind == COMMAND_OWN_FINISH) {
        return (struct finish){&command->as.own.state, &command->as.own.code,
                               &command->as.own.verifier, &command->as.own.issuer};
    }
    return (struct finish){&command->as.connect.state, &command->as.connect.code,
                           &command->as.connect.verifier, &command->as.connect.issuer};
}

static struct entry *entry_find(struct bridge *bridge, const struct command *command,
                                const char *state) {
    bool own = command->kind == COMMAND_OWN_FINISH;
    struct entry *entry = bridge->entries;
    while (entry != NULL && (state == NULL || strlen(state) != LOGIN_STATE_CHARS ||
                             sodium_memcmp(entry->attempt.state, state, LOGIN_STATE_CHARS) != 0 ||
                             !is_one_of(entry, command->event, own))) {
        entry = entry->next;
    }
    return entry;
}

static bool verifier_right(const struct attempt *attempt, const char *verifier) {
    uint8_t hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(hash, (const uint8_t *)verifier, strlen(verifier));
    return sodium_memcmp(hash, attempt->challenge, sizeof hash) == 0;
}

static void login_finish(struct bridge *bridge, struct journal_request *request) {
    struct command *command = &request->command;
    struct finish finish = finish_of(command);
    struct entry *entry = entry_find(bridge, command, *finish.state);
    if (entry == NULL || entry->phase != ENTRY_WAITING || entry->expires_at <= clock_unix_ms()) {
        bridge_answer(bridge, request, REFUSAL_EXPIRED, NULL);
        return;
    }
    if (!work_free(bridge, command->event, entry->own != NULL)) {
        bridge_answer(bridge, request, REFUSAL_BUSY, NULL);
        return;
    }
    struct attempt *attempt = &entry->attempt;
    if (*finish.code == NULL || *finish.verifier == NULL ||
        !verifier_right(attempt, *finish.verifier)) {
        bridge_answer(bridge, request, REFUSAL_REFUSED, NULL);
        return;
    }
    attempt->code = *finish.code;
    attempt->verifier = *finish.verifier;
    attempt->issuer = *finish.issuer;
    *finish.code = *finish.verifier = *finish.issuer = NULL;
    entry->request = request;
    entry->phase = ENTRY_ASKING; /* no second one with this state */
    network_driver(attempt->login->network)->finish(attempt);
}

void attempt_submit(struct bridge *bridge, struct journal_request *request) {
    if (request->command.kind == COMMAND_CONNECT_FINISH ||
        request->command.kind == COMMAND_OWN_FINISH) {
        login_finish(bridge, request);
    } else {
        connect_begin(bridge, request);
    }
}

void entries_sweep(struct bridge *bridge, int64_t now) {
    for (struct entry *entry = bridge->entries, *next; entry != NULL; entry = next) {
        next = entry->next;
        if (entry->phase == ENTRY_WAITING && entry->expires_at <= now) {
            entry_free(entry);
        }
    }
}

bool entries_storing(const struct bridge *bridge) {
    const struct entry *entry = bridge->entries;
    while (entry != NULL && entry->phase != ENTRY_STORING) {
        entry = entry->next;
    }
    return entry != NULL;
}

void entries_clear(struct bridge *bridge) {
    for (struct entry *entry = bridge->entries, *next; entry != NULL; entry = next) {
        next = entry->next;
        entry_answer(entry, REFUSAL_BUSY, NULL);
        entry_free(entry);
    }
}
