/* What HTTP gives out of an event. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "net/exchange.h"

#define FOLLOW_SECONDS 60 /* another server is asked on the way */

static void resource_ask(struct exchange *exchange, enum resource_kind kind, uint64_t which) {
    struct net_thread *thread = exchange->connection->thread;
    struct resource *resource = resources_get(thread->net->resources, exchange->door->event, kind,
                                              which, &thread->resources, exchange_wait(exchange));
    if (resource != NULL) {
        exchange_resource(exchange, resource);
    }
}

/* What the Bearer may: false when it is nobody's. No Bearer is the audience. */
static bool exchange_role(struct exchange *exchange, enum role *role) {
    *role = ROLE_AUDIENCE;
    if (!exchange->has_bearer) {
        return true;
    }
    struct session session = {0};
    session_start(&session, exchange->connection->thread->net->wire, door_hold(exchange->door));
    bool known = session_bearer(&session, exchange->bearer);
    *role = session.role;
    session_end(&session);
    return known;
}

/* What staff sees of it with a role key, and everybody without. */
static void view_ask(struct exchange *exchange, enum resource_kind public,
                     enum resource_kind staff) {
    enum role role;
    if (exchange_door(exchange) == NULL) {
        exchange_problem(exchange, REFUSAL_UNKNOWN);
    } else if (!exchange_role(exchange, &role)) {
        exchange_problem(exchange, REFUSAL_FORBIDDEN);
    } else {
        bool sees = role == ROLE_MODERATOR || role == ROLE_ORGANISER;
        resource_ask(exchange, sees ? staff : public, 0);
    }
}

void handle_snapshot(struct exchange *exchange) {
    view_ask(exchange, RESOURCE_SNAPSHOT_PUBLIC, RESOURCE_SNAPSHOT_STAFF);
}

void handle_people_json(struct exchange *exchange) {
    view_ask(exchange, RESOURCE_PEOPLE_PUBLIC, RESOURCE_PEOPLE_STAFF);
}

void handle_keys(struct exchange *exchange) {
    if (exchange_door(exchange) == NULL) {
        exchange_problem(exchange, REFUSAL_UNKNOWN);
        return;
    }
    resource_ask(exchange, RESOURCE_KEYS, 0);
}

void handle_export(struct exchange *exchange) {
    static const struct {
        const char *format, *suffix;
        enum resource_kind kind;
    } FORMATS[] = {
        {"json", "json", RESOURCE_EXPORT_JSON},
        {"csv", "csv", RESOURCE_EXPORT_CSV},
        {"markdown", "md", RESOURCE_EXPORT_MARKDOWN},
    };
    char argument[32];
    enum role role;
    if (exchange_door(exchange) == NULL) {
        exchange_problem(exchange, REFUSAL_UNKNOWN);
        return;
    }
    if (!exchange_role(exchange, &role) || role != ROLE_ORGANISER) {
        exchange_problem(exchange, REFUSAL_FORBIDDEN);
        return;
    }
    const char *format =
        lws_get_urlarg_by_name(exchange->wsi, "format=", argument, sizeof argument);
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        if (format != NULL && strcmp(format, FORMATS[i].format) == 0) {
            snprintf(exchange->extra, sizeof exchange->extra,
                     "content-disposition: attachment; filename=\"%s.%s\"\r\n",
                     exchange->route.slug, FORMATS[i].suffix);
            resource_ask(exchange, FORMATS[i].kind, 0);
            return;
        }
    }
    exchange_problem(exchange, REFUSAL_BAD_VALUE);
}

static void page_ask(struct exchange *exchange, enum resource_kind german,
                     enum resource_kind english, uint64_t which) {
    if (exchange_door(exchange) == NULL) {
        exchange_page(exchange, 404, HTML_MISSING);
        return;
    }
    resource_ask(exchange, exchange->language == LANGUAGE_DE ? german : english, which);
}

void handle_list(struct exchange *exchange) {
    page_ask(exchange, RESOURCE_LIST_DE, RESOURCE_LIST_EN, 0);
}

void handle_people(struct exchange *exchange) {
    page_ask(exchange, RESOURCE_CARDS_DE, RESOURCE_CARDS_EN, 0);
}

void handle_question(struct exchange *exchange) {
    page_ask(exchange, RESOURCE_QUESTION_DE, RESOURCE_QUESTION_EN, exchange->route.number);
}

void handle_card(struct exchange *exchange) {
    page_ask(exchange, RESOURCE_CARD_DE, RESOURCE_CARD_EN, exchange->route.tag);
}

static void follow_answered(struct exchange *exchange, const struct journal_request *request) {
    if (request->refusal != REFUSAL_OK) {
        exchange_problem(exchange, request->refusal);
        return;
    }
    struct buffer text = buffer_make(LIMIT_MESSAGE_BYTES);
    buffer_text(&text, request->answer);
    exchange_text(exchange, 200, "application/json", "private, max-age=3600", &text);
    buffer_clear(&text);
}

/* Asking elsewhere for somebody is rated as a new member is. */
static bool follow_allowed(const struct exchange *exchange) {
    struct session session = {.wire = exchange->connection->thread->net->wire};
    memcpy(session.address, exchange->connection->address, sizeof session.address);
    return session_newcomer(&session);
}

/* Where people of a server follow others: the bridge asks there. An account would stand in the
 * address, where proxies log it. */
void handle_follow(struct exchange *exchange) {
    struct net_thread *thread = exchange->connection->thread;
    char argument[sizeof "server=" + LIMIT_ORIGIN_BYTES];
    if (exchange_door(exchange) == NULL) {
        exchange_problem(exchange, REFUSAL_UNKNOWN);
        return;
    }
    const char *server =
        lws_get_urlarg_by_name(exchange->wsi, "server=", argument, sizeof argument);
    if (server == NULL || *server == '\0' || strchr(server, '@') != NULL) {
        exchange_problem(exchange, REFUSAL_BAD_VALUE);
        return;
    }
    if (!follow_allowed(exchange)) {
        exchange_problem(exchange, REFUSAL_TOO_OFTEN);
        return;
    }
    struct journal_request *request = bridge_follow(exchange->door->event, server);
    request->reply = &thread->replies;
    request->handle = exchange_wait(exchange);
    exchange->answered = follow_answered;
    exchange->deadline = clock_monotonic_ms() + FOLLOW_SECONDS * 1000;
    bridge_submit(thread->net->wire->bridge, request);
}

/* A picture from elsewhere: nothing in it may ever run. */
void handle_avatar(struct exchange *exchange) {
    if (exchange_door(exchange) == NULL) {
        exchange_problem(exchange, REFUSAL_UNKNOWN);
        return;
    }
    snprintf(exchange->extra, sizeof exchange->extra,
             "content-security-policy: default-src 'none'; sandbox\r\n");
    resource_ask(exchange, RESOURCE_AVATAR, exchange->route.number);
}
