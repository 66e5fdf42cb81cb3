/* What needs no event's content: fixed pages, files, redirects, health; and the one place where an
 * address turns out to be unknown. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "net/exchange.h"
#include "wire/words.h"

#define PATH_BYTES     256
#define METADATA_BYTES 8192

static void handle_missing(struct exchange *exchange) {
    exchange_page(exchange, 404, HTML_MISSING);
}

static void handle_health(struct exchange *exchange) {
    bool serving = exchange->connection->thread->obeyed == ORDER_SERVE;
    exchange_bytes(exchange, serving ? 200 : 503, "text/plain", "no-store",
                   serving ? "ok\n" : "stopping\n");
}

static void handle_start(struct exchange *exchange) {
    exchange_page(exchange, 200, HTML_START);
}

/* In the language that the address asks for, else the browser's. */
static void handle_privacy(struct exchange *exchange) {
    char argument[32]; /* with its name */
    const char *name =
        lws_get_urlarg_by_name(exchange->wsi, "language=", argument, sizeof argument);
    int language = name != NULL ? language_find(name) : -1;
    if (language >= 0) {
        exchange->language = (enum language)language;
    }
    exchange_page(exchange, 200, HTML_PRIVACY);
}

/* Whatever stands behind the '?' is for the page's script alone: nothing here reads it. */
static void handle_callback(struct exchange *exchange) {
    exchange_page(exchange, 200, HTML_CALLBACK);
    exchange->cache = "no-store";
}

/* Who we are, for the AT Protocol's authorization servers. */
static void handle_client(struct exchange *exchange) {
    struct buffer text = buffer_make(METADATA_BYTES);
    if (bridge_client_metadata(exchange->connection->thread->net->wire->bridge, &text)) {
        exchange_text(exchange, 200, "application/json", "public, max-age=300", &text);
    } else {
        exchange_problem(exchange, REFUSAL_UNKNOWN);
    }
    buffer_clear(&text);
}

static void handle_short(struct exchange *exchange) {
    char path[PATH_BYTES];
    if (exchange_door(exchange) == NULL) {
        handle_missing(exchange);
        return;
    }
    snprintf(path, sizeof path, "/e/%s", exchange->route.slug);
    exchange_redirect(exchange, path);
}

static void handle_role_page(struct exchange *exchange) {
    if (exchange_door(exchange) == NULL) {
        handle_missing(exchange);
        return;
    }
    enum route_name name = exchange->route.name;
    exchange_page(exchange, 200,
                  name == ROUTE_MODERATOR ? HTML_MODERATOR
                  : name == ROUTE_STAGE   ? HTML_STAGE
                                          : HTML_ORGANISER);
}

static void handle_asset(struct exchange *exchange) {
    char *path = NULL;
    int length = 0;
    if (lws_http_get_uri_and_method(exchange->wsi, &path, &length) < 0 || path == NULL) {
        handle_missing(exchange);
        return;
    }
    const struct asset *asset = asset_find(path);
    if (asset == NULL || asset->path[0] != '/') {
        handle_missing(exchange);
        return;
    }
    exchange_asset(exchange, asset);
}

/* A socket's address, asked for without an upgrade. */
static void handle_live(struct exchange *exchange) {
    exchange_status(exchange, 426, REFUSAL_BAD_MESSAGE);
}

static void (*const HANDLERS[])(struct exchange *) = {
    [ROUTE_START] = handle_start,
    [ROUTE_HEALTH] = handle_health,
    [ROUTE_EVENTS] = handle_create,
    [ROUTE_AUDIENCE] = handle_list,
    [ROUTE_MODERATOR] = handle_role_page,
    [ROUTE_STAGE] = handle_role_page,
    [ROUTE_ORGANISER] = handle_role_page,
    [ROUTE_QUESTION] = handle_question,
    [ROUTE_SNAPSHOT] = handle_snapshot,
    [ROUTE_KEYS] = handle_keys,
    [ROUTE_EXPORT] = handle_export,
    [ROUTE_LIVE] = handle_live,
    [ROUTE_COMMANDS] = handle_command,
    [ROUTE_SHORT] = handle_short,
    [ROUTE_CALLBACK] = handle_callback,
    [ROUTE_CLIENT] = handle_client,
    [ROUTE_AVATAR] = handle_avatar,
    [ROUTE_ASSET] = handle_asset,
    [ROUTE_PRIVACY] = handle_privacy,
    [ROUTE_PEOPLE] = handle_people,
    [ROUTE_PEOPLE_JSON] = handle_people_json,
    [ROUTE_CARD] = handle_card,
    [ROUTE_FOLLOW] = handle_follow,
};

void exchange_dispatch(struct exchange *exchange) {
    if (exchange->method != exchange->route.method) {
        exchange->refused = true;
        exchange->close = true;
        exchange_status(exchange, 405, REFUSAL_BAD_MESSAGE);
        snprintf(exchange->extra, sizeof exchange->extra, "allow: %s\r\n",
                 exchange->route.method == METHOD_POST ? "POST" : "GET, HEAD");
        return;
    }
    HANDLERS[exchange->route.name](exchange);
    INVARIANT(exchange->status != 0 || exchange->handle != 0);
}
