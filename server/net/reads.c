/* What HTTP gives out of an event. */
#include <stdio.h>
#include <string.h>

#include "net/exchange.h"

static void resource_ask(struct exchange *exchange, enum resource_kind kind, uint32_t number) {
    struct net_thread *thread = exchange->connection->thread;
    struct resource *resource = resources_get(thread->net->resources, exchange->door->event, kind,
                                              number, &thread->resources, exchange_wait(exchange));
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

void handle_snapshot(struct exchange *exchange) {
    enum role role;
    if (exchange_door(exchange) == NULL) {
        exchange_problem(exchange, REFUSAL_UNKNOWN);
    } else if (!exchange_role(exchange, &role)) {
        exchange_problem(exchange, REFUSAL_FORBIDDEN);
    } else {
        bool staff = role == ROLE_MODERATOR || role == ROLE_ORGANISER;
        resource_ask(exchange, staff ? RESOURCE_SNAPSHOT_STAFF : RESOURCE_SNAPSHOT_PUBLIC, 0);
    }
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

void handle_list(struct exchange *exchange) {
    if (exchange_door(exchange) == NULL) {
        exchange_page(exchange, 404, HTML_MISSING);
        return;
    }
    bool german = exchange->language == LANGUAGE_DE;
    resource_ask(exchange, german ? RESOURCE_LIST_DE : RESOURCE_LIST_EN, 0);
}

void handle_question(struct exchange *exchange) {
    if (exchange_door(exchange) == NULL) {
        exchange_page(exchange, 404, HTML_MISSING);
        return;
    }
    bool german = exchange->language == LANGUAGE_DE;
    resource_ask(exchange, german ? RESOURCE_QUESTION_DE : RESOURCE_QUESTION_EN,
                 exchange->route.number);
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
