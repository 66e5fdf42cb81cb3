#include "bridge/bridge.h"

#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/core.h"
#include "bridge/lookup.h"
#include "bridge/peek.h"

#define SLEEP_MS 60000
#define WATCHED  16   /* descriptors of look-ups */
#define KEPT     64   /* of LIMIT_BRIDGE_WAITING: not for whoever passes by (FOLLOW) */
#define END_MS   2000 /* for log-ins that are almost done: their tokens are to be ended */

/* ---- between threads */

static void bridge_wake(void *context) {
    struct bridge *bridge = context;
    http_wake(bridge->reach.http);
}

struct journal_request *bridge_request(struct bridge *bridge, enum command_kind kind,
                                       const uint8_t event[EVENT_ID_BYTES], enum asker asker,
                                       void *context) {
    struct journal_request *request = journal_request_new(kind, event);
    request->reply = asker == ASKER_NOBODY ? NULL : &bridge->answers;
    request->handle = asker;
    request->context = context;
    return request;
}

void bridge_answer(struct bridge *bridge, struct journal_request *request, enum refusal refusal,
                   json_t *ok) {
    request->refusal = refusal;
    request->answer = ok == NULL ? NULL : json_dumps(ok, JSON_COMPACT);
    json_decref(ok);
    atomic_fetch_sub(&bridge->waiting, 1);
    if (request->reply == NULL) {
        journal_request_free(request);
    } else {
        INVARIANT(queue_push(request->reply, &request->node));
    }
}

void bridge_submit(struct bridge *bridge, struct journal_request *request) {
    unsigned before = atomic_fetch_add(&bridge->waiting, 1);
    unsigned most = LIMIT_BRIDGE_WAITING - (request->command.kind == COMMAND_FOLLOW ? KEPT : 0);
    (void)pthread_mutex_lock(&bridge->gate);
    bool taken = before < most && !bridge->shut && queue_push(&bridge->requests, &request->node);
    (void)pthread_mutex_unlock(&bridge->gate);
    if (!taken) {
        bridge_answer(bridge, request, REFUSAL_BUSY, NULL);
    }
}

/* What the bridge is to look at again it must hear the end of. */
static void agenda_push(struct bridge *bridge, struct agenda *agenda) {
    if (agenda->check_count > 0) {
        table_set(&bridge->checked, agenda->event, bridge);
    } else {
        (void)table_remove(&bridge->checked, agenda->event);
    }
    INVARIANT(queue_push(&bridge->agendas, &agenda->node));
}

static void told_committed(void *context, const struct event *event,
                           const struct changes *changes) {
    struct bridge *bridge = context;
    bool accounts_told, checked = table_get(&bridge->checked, event->id) != NULL;
    if (agenda_wanted(event, changes, checked, &accounts_told)) {
        agenda_push(bridge, agenda_make(event, accounts_told));
    }
}

static void told_gone(void *context, const uint8_t event[EVENT_ID_BYTES], bool deleted) {
    if (deleted) { /* else it comes back as what was told last */
        agenda_push(context, agenda_deleted(event));
    }
}

static bool told_tick(void *context, int64_t now_unix_ms) {
    (void)context;
    (void)now_unix_ms;
    return false;
}

struct journal_subscriber bridge_subscriber(struct bridge *bridge) {
    return (struct journal_subscriber){
        .context = bridge, .committed = told_committed, .gone = told_gone, .tick = told_tick};
}

/* ---- its options */

static bool peer_readable(const char *peer) {
    const char *colon = strrchr(peer, ':');
    if (colon == NULL || colon == peer || strlen(colon + 1) > 5 || colon[1] == '\0' ||
        strpbrk(peer, "/@ ") != NULL) {
        return false;
    }
    size_t digits = strspn(colon + 1, "0123456789");
    return colon[1 + digits] == '\0';
}

static const char *options_wrong(const struct bridge_options *options) {
    if (options->peer_count > BRIDGE_PEERS) {
        return "there are too many --allow-peer";
    }
    for (size_t at = 0; at < options->peer_count; at++) {
        if (!peer_readable(options->peers[at])) {
            return "--allow-peer takes HOST:PORT";
        }
    }
    if (options->plc_url != NULL &&
        !url_allowed(options->plc_url, options->peers, options->peer_count)) {
        return "--plc-url is no https URL, nor one of an --allow-peer";
    }
    if (options->x_url != NULL &&
        !url_allowed(options->x_url, options->peers, options->peer_count)) {
        return "--x-url is no https URL, nor one of an --allow-peer";
    }
    return NULL;
}

struct bridge *bridge_new(struct journal *journal, const struct bridge_options *options, char *why,
                          size_t room) {
    struct bridge *bridge = memory_new(sizeof *bridge);
    bridge->journal = journal;
    bridge->options = *options;
    bridge->reach.options = &bridge->options;
    const char *wrong = options_wrong(options);
    if (wrong == NULL) {
        bridge->reach.http = http_new(&bridge->options, &wrong);
    }
    if (wrong == NULL) {
        bridge->reach.lookup = lookup_new(options->dns, &wrong);
    }
    if (wrong != NULL) {
        (void)snprintf(why, room, "%s", wrong);
        if (bridge->reach.http != NULL) {
            http_free(bridge->reach.http);
        }
        free(bridge);
        return NULL;
    }
    bridge->reach.apps = apps_new();
    bridge->follows = follows_new();
    queue_init(&bridge->agendas, 0, bridge_wake, bridge);
    queue_init(&bridge->requests, 0, bridge_wake, bridge);
    queue_init(&bridge->answers, 0, bridge_wake, bridge);
    queue_init(&bridge->peeks, 0, bridge_wake, bridge);
    INVARIANT(pthread_mutex_init(&bridge->gate, NULL) == 0);
    bridge->checked = table_make(EVENT_ID_BYTES);
    bridge->sites = table_make(EVENT_ID_BYTES);
    return bridge;
}

/* ---- the thread */

static void answers_take(struct queue_node *node) {
    for (struct queue_node *next; node != NULL; node = next) {
        struct journal_request *answer = (struct journal_request *)node;
        next = node->next;
        switch ((enum asker)answer->handle) {
        case ASKER_TASK:
            task_answered(answer->context, answer);
            break;
        case ASKER_SEAT:
            seat_put_answered(answer->context, answer);
            break;
        case ASKER_ENTRY:
            entry_answered(answer->context, answer);
            break;
        case ASKER_ERRAND:
            errand_answered(answer->context, answer);
            break;
        case ASKER_NOBODY:
            journal_request_free(answer);
            break;
        }
    }
}

static void request_take(struct bridge *bridge, struct journal_request *request) {
    if (bridge->ending) {
        bridge_answer(bridge, request, REFUSAL_BUSY, NULL);
        return;
    }
    switch (request->command.kind) {
    case COMMAND_ACCOUNT_TEST:
        trial_submit(bridge, request);
        break;
    case COMMAND_OWN_LOGIN:
    case COMMAND_PROVE:
    case COMMAND_TAKE_HOME:
    case COMMAND_FOLLOW:
        errand_submit(bridge, request);
        break;
    default:
        attempt_submit(bridge, request);
    }
}

static void requests_take(struct bridge *bridge, struct queue_node *node) {
    for (struct queue_node *next; node != NULL; node = next) {
        next = node->next;
        request_take(bridge, (struct journal_request *)node);
    }
}

static void peeks_take(struct bridge *bridge, struct queue_node *node) {
    for (struct queue_node *next; node != NULL; node = next) {
        next = node->next;
        errand_peeked(bridge, (struct peek *)node);
    }
}

static void agendas_take(struct bridge *bridge, struct queue_node *node) {
    for (struct queue_node *next; node != NULL; node = next) {
        next = node->next;
        site_apply(bridge, (struct agenda *)node);
    }
}

/* What came from other threads; then each account's next step. Returns when to look again, Unix
 * ms. Agendas are taken last and read first: they say at least what was so when the answers and
 * requests were made. */
static int64_t bridge_work(struct bridge *bridge) {
    struct queue_node *requests = queue_take(&bridge->requests);
    struct queue_node *answers = queue_take(&bridge->answers);
    struct queue_node *peeks = queue_take(&bridge->peeks);
    struct queue_node *agendas = queue_take(&bridge->agendas);
    agendas_take(bridge, agendas);
    answers_take(answers);
    peeks_take(bridge, peeks);
    requests_take(bridge, requests);
    seats_sweep(bridge);
    int64_t now = clock_unix_ms(), wake = now + SLEEP_MS;
    entries_sweep(bridge, now);
    for (struct seat *seat = bridge->seats; seat != NULL; seat = seat->next) {
        int64_t next = seat_turn(seat, now);
        wake = next < wake ? next : wake;
    }
    size_t at = 0;
    const void *key;
    for (void *site; table_next(&bridge->sites, &at, &key, &site);) {
        int64_t next = site_recheck(site, now);
        wake = next < wake ? next : wake;
    }
    return wake;
}

static void bridge_wait(struct bridge *bridge, int64_t wake) {
    struct curl_waitfd watch[WATCHED] = {0};
    int64_t left = wake - clock_unix_ms();
    int timeout = left < 0 ? 0 : left < SLEEP_MS ? (int)left : SLEEP_MS;
    unsigned count = lookup_watch(bridge->reach.lookup, watch, WATCHED, &timeout);
    http_turn(bridge->reach.http, watch, count, timeout);
    lookup_turn(bridge->reach.lookup, watch, count);
}

/* Everything that a network has in hand comes back, and goes no further. */
static void bridge_end(struct bridge *bridge) {
    bridge->ending = true;
    http_stop(bridge->reach.http);
    lookup_free(bridge->reach.lookup);
    http_stop(bridge->reach.http); /* what that began */
    tasks_clear(bridge);
    entries_clear(bridge);
    errands_clear(bridge);
    requests_take(bridge, queue_take(&bridge->requests));
}

static void *bridge_thread(void *context) {
    struct bridge *bridge = context;
    while (!atomic_load(&bridge->stopping)) {
        bridge_wait(bridge, bridge_work(bridge));
    }
    int64_t end = clock_unix_ms() + END_MS, wake = 0;
    while (entries_storing(bridge) && clock_unix_ms() < end) {
        bridge_wait(bridge, wake < end ? wake : end);
        wake = bridge_work(bridge);
    }
    bridge_end(bridge);
    return NULL;
}

static void event_visit(const struct event *event, void *context) {
    agenda_push(context, agenda_make(event, true));
}

void bridge_start(struct bridge *bridge) {
    journal_visit(bridge->journal, event_visit, bridge);
    bridge->started = true;
    INVARIANT(pthread_create(&bridge->thread, NULL, bridge_thread, bridge) == 0);
    (void)pthread_setname_np(bridge->thread, "bridge");
}

void bridge_stop(struct bridge *bridge) {
    (void)pthread_mutex_lock(&bridge->gate);
    bool first = !bridge->shut;
    bridge->shut = true;
    (void)pthread_mutex_unlock(&bridge->gate);
    if (first && bridge->started) {
        atomic_store(&bridge->stopping, true);
        http_wake(bridge->reach.http);
        INVARIANT(pthread_join(bridge->thread, NULL) == 0);
    }
}

void bridge_free(struct bridge *bridge) {
    if (!bridge->started) {
        bridge_end(bridge);
    }
    for (struct queue_node *node = queue_take(&bridge->answers), *next; node != NULL; node = next) {
        next = node->next;
        journal_request_free((struct journal_request *)node); /* nobody is left to hear it */
    }
    for (struct queue_node *node = queue_take(&bridge->agendas), *next; node != NULL; node = next) {
        next = node->next;
        agenda_free((struct agenda *)node);
    }
    for (struct queue_node *node = queue_take(&bridge->peeks), *next; node != NULL; node = next) {
        next = node->next;
        peek_free((struct peek *)node);
    }
    sites_clear(bridge);
    table_clear(&bridge->checked);
    queue_destroy(&bridge->peeks);
    queue_destroy(&bridge->agendas);
    queue_destroy(&bridge->requests);
    queue_destroy(&bridge->answers);
    (void)pthread_mutex_destroy(&bridge->gate);
    follows_free(bridge->follows);
    apps_free(bridge->reach.apps);
    http_free(bridge->reach.http);
    free(bridge);
}
