#include "bridge/atproto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/dpop.h"

#define PROOF_BYTES    8192
#define NONCE_BYTES    512
#define TOKEN_BYTES    4096
#define EXPIRY_SECONDS 100000000 /* longer means never */

struct exchange {
    struct atproto_call call;
    char *url;
    json_t *body; /* NULL: GET */
    bool nonce_used, renewed, issuer_nonce_used;
};

static void exchange_send(struct exchange *exchange);

static void exchange_end(struct exchange *exchange, const struct http_answer *answer, bool lost) {
    exchange->call.done(exchange->call.context, answer, lost);
    json_decref(exchange->body);
    free(exchange->url);
    free(exchange);
}

static const char *error_of(const struct http_answer *answer) {
    const char *error = json_text(answer->json, "error");
    return error == NULL ? "" : error;
}

static bool is(const char *text, const char *other) {
    return strcmp(text, other) == 0;
}

/* A far server's word that goes into JSON, headers and the sealed log-in: nothing that needs an
 * escape there, and an end. */
static bool plain(const char *text, size_t bytes) {
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        char c = text[length];
        if (length == bytes || c <= ' ' || c > '~' || c == '"' || c == '\\') {
            return false;
        }
    }
    return length > 0;
}

const char *atproto_secret(const json_t *json, const char *name) {
    const char *text = json_text(json, name);
    return text != NULL && plain(text, TOKEN_BYTES) ? text : NULL;
}

bool atproto_nonce(const struct http_answer *answer, char **nonce) {
    const char *fresh = http_header_of(answer, "DPoP-Nonce");
    const char *why = http_header_of(answer, "WWW-Authenticate"); /* of a PDS, RFC 9449 §9 */
    if (fresh == NULL || !plain(fresh, NONCE_BYTES)) {
        return false;
    }
    login_set(nonce, fresh);
    return (answer->status == 400 || answer->status == 401) &&
           (is(error_of(answer), "use_dpop_nonce") ||
            (why != NULL && strstr(why, "use_dpop_nonce") != NULL));
}

void atproto_prove(struct http_request *request, const struct login *login, const char *method,
                   const char *url, const char *nonce, const char *access) {
    struct buffer proof = buffer_make(PROOF_BYTES);
    if (dpop_proof(&proof, login->dpop, method, url, nonce, access, clock_unix_ms() / 1000) &&
        !proof.overflow) {
        http_header(request, "DPoP", (const char *)proof.data);
    }
    buffer_clear(&proof);
}

int64_t atproto_expiry(const json_t *json) {
    json_int_t seconds = json_integer_value(json_object_get(json, "expires_in"));
    return seconds > 0 && seconds < EXPIRY_SECONDS ? clock_unix_ms() + seconds * 1000 : 0;
}

bool atproto_suspended(const struct http_answer *answer) {
    return answer->status >= 400 && answer->status < 500 &&
           strncmp(error_of(answer), "Account", strlen("Account")) == 0;
}

/* ---- renewal */

static void renewed(struct exchange *exchange, const struct http_answer *answer, const char *access,
                    const char *refresh) {
    struct login *login = exchange->call.login;
    bool good = answer->status == 200;
    bool refused = answer->status == 400 || answer->status == 401 || answer->status == 403;
    if (answer->trouble != TROUBLE_NONE || !(good || refused) || atproto_suspended(answer)) {
        exchange_end(exchange, answer, false);
        return;
    }
    if (refused || access == NULL || refresh == NULL) {
        exchange_end(exchange, answer, true);
        return;
    }
    login->expires_at = atproto_expiry(answer->json);
    login_set(&login->access, access);
    login_set(&login->refresh, refresh);
    exchange->call.changed(exchange->call.context);
    exchange_send(exchange);
}

static void session_renewed(void *context, const struct http_answer *answer) {
    renewed(context, answer, atproto_secret(answer->json, "accessJwt"),
            atproto_secret(answer->json, "refreshJwt"));
}

static void token_ask(struct exchange *exchange);

static void token_renewed(void *context, const struct http_answer *answer) {
    struct exchange *exchange = context;
    if (atproto_nonce(answer, &exchange->call.login->nonce_issuer) &&
        !exchange->issuer_nonce_used) {
        exchange->issuer_nonce_used = true;
        token_ask(exchange);
        return;
    }
    renewed(exchange, answer, atproto_secret(answer->json, "access_token"),
            atproto_secret(answer->json, "refresh_token"));
}

static void token_ask(struct exchange *exchange) {
    struct login *login = exchange->call.login;
    struct http_request *request = http_request_new("POST", login->token_url);
    http_form(request, "grant_type", "refresh_token");
    http_form(request, "refresh_token", login->refresh);
    http_form(request, "client_id", login->client_id);
    atproto_prove(request, login, "POST", login->token_url, login->nonce_issuer, NULL);
    http_send(exchange->call.reach->http, request, token_renewed, exchange);
}

static void renew(struct exchange *exchange) {
    const struct login *login = exchange->call.login;
    exchange->renewed = true;
    exchange->nonce_used = false;
    if (login->oauth) {
        token_ask(exchange);
        return;
    }
    char url[LIMIT_URL_BYTES];
    (void)snprintf(url, sizeof url, "%s/xrpc/com.atproto.server.refreshSession", login->server);
    struct http_request *request = http_request_new("POST", url);
    http_bearer(request, "Bearer", login->refresh);
    http_send(exchange->call.reach->http, request, session_renewed, exchange);
}

/* ---- the call */

/* Servers say it in several ways; whether it is so shows when it is renewed. */
static bool expired(const struct http_answer *answer) {
    const char *error = error_of(answer);
    if (answer->status == 400) {
        return is(error, "ExpiredToken") || is(error, "InvalidToken");
    }
    return answer->status == 401 && !atproto_suspended(answer);
}

static void exchange_answered(void *context, const struct http_answer *answer) {
    struct exchange *exchange = context;
    struct login *login = exchange->call.login;
    if (answer->trouble != TROUBLE_NONE) {
        exchange_end(exchange, answer, false);
        return;
    }
    if (login->oauth && atproto_nonce(answer, &login->nonce_server) && !exchange->nonce_used) {
        exchange->nonce_used = true;
        exchange_send(exchange);
    } else if (expired(answer)) {
        if (exchange->renewed || login->refresh == NULL) {
            exchange_end(exchange, answer, true);
        } else {
            renew(exchange);
        }
    } else {
        exchange_end(exchange, answer, false);
    }
}

static void exchange_send(struct exchange *exchange) {
    const struct login *login = exchange->call.login;
    const char *method = exchange->body != NULL ? "POST" : "GET";
    struct http_request *request = http_request_new(method, exchange->url);
    http_bearer(request, login->oauth ? "DPoP" : "Bearer", login->access);
    if (login->oauth) {
        atproto_prove(request, login, method, exchange->url, login->nonce_server, login->access);
    }
    if (exchange->body != NULL) {
        http_json(request, exchange->body);
    }
    http_send(exchange->call.reach->http, request, exchange_answered, exchange);
}

static struct exchange *exchange_new(const struct atproto_call *call, const char *method,
                                     const char *query) {
    struct exchange *exchange = memory_new(sizeof *exchange);
    size_t room = strlen(call->login->server) + strlen(method) + strlen(query) + sizeof "/xrpc/";
    exchange->call = *call;
    exchange->url = memory_new(room);
    (void)snprintf(exchange->url, room, "%s/xrpc/%s%s", call->login->server, method, query);
    return exchange;
}

static void exchange_start(struct exchange *exchange) {
    const struct login *login = exchange->call.login;
    if (login->expires_at != 0 && login->refresh != NULL && login->expires_at <= clock_unix_ms()) {
        renew(exchange);
    } else {
        exchange_send(exchange);
    }
}

void atproto_get(const struct atproto_call *call, const char *method, const char *query) {
    exchange_start(exchange_new(call, method, query));
}

void atproto_post(const struct atproto_call *call, const char *method, const json_t *body) {
    struct exchange *exchange = exchange_new(call, method, "");
    exchange->body = json_deep_copy(body);
    exchange_start(exchange);
}

/* ---- farewell */

struct farewell {
    struct reach *reach;
    struct login *login;
    char *token;
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
    bool nonce_used;
};

static void farewell_send(struct farewell *farewell);

static void farewell_answered(void *context, const struct http_answer *answer) {
    struct farewell *farewell = context;
    if (atproto_nonce(answer, &farewell->login->nonce_issuer) && !farewell->nonce_used) {
        farewell->nonce_used = true;
        farewell_send(farewell);
        return;
    }
    farewell->done(farewell->context, answer);
    login_set(&farewell->token, NULL);
    free(farewell);
}

static void farewell_send(struct farewell *farewell) {
    const struct login *login = farewell->login;
    struct http_request *request = http_request_new("POST", login->revoke_url);
    http_form(request, "client_id", login->client_id);
    http_form(request, "token", farewell->token);
    /* Without a proof by its key a token stays, and the answer is the same (RFC 7009 §2.2). */
    atproto_prove(request, login, "POST", login->revoke_url, login->nonce_issuer, NULL);
    http_send(farewell->reach->http, request, farewell_answered, farewell);
}

void atproto_revoke(struct reach *reach, struct login *login, const char *token,
                    void (*done)(void *context, const struct http_answer *answer), void *context) {
    struct farewell *farewell = memory_new(sizeof *farewell);
    *farewell = (struct farewell){.reach = reach,
                                  .login = login,
                                  .token = memory_text(token),
                                  .done = done,
                                  .context = context};
    farewell_send(farewell);
}

/* ---- the client */

const char *atproto_scope(enum login_purpose purpose) {
    switch (purpose) {
    case LOGIN_PROVE:
        return "atproto";
    case LOGIN_POST:
        return "atproto " ATPROTO_POST_SCOPE;
    default:
        return "atproto " ATPROTO_EVENT_SCOPES;
    }
}

static char *text_join(const char *a, const char *b, const char *c, const char *d) {
    size_t room = strlen(a) + strlen(b) + strlen(c) + strlen(d) + 1;
    char *text = memory_new(room);
    (void)snprintf(text, room, "%s%s%s%s", a, b, c, d);
    return text;
}

/* 127.0.0.1 or [::1] with or without a port, by address as the profile wants it for a loopback
 * client: the page at "localhost" would not find what it keeps there. */
static bool loopback(const char *public_url) {
    static const char *const hosts[] = {"http://127.0.0.1", "http://[::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        size_t length = strlen(hosts[i]);
        if (strncmp(public_url, hosts[i], length) == 0 &&
            (public_url[length] == ':' || public_url[length] == '\0')) {
            return true;
        }
    }
    return false;
}

bool atproto_client(const char *public_url, const char *scope, char **client_id,
                    char **redirect_uri) {
    char origin[LIMIT_ORIGIN_BYTES + 1];
    bool https = strncmp(public_url, "https://", 8) == 0;
    if (https && (!origin_read(origin, sizeof origin, public_url, NULL, 0) ||
                  strchr(public_url + 8, ':') != NULL)) {
        return false;
    }
    if (https) {
        *redirect_uri = text_join(public_url, "/oauth/callback", "", "");
        *client_id = text_join(public_url, "/oauth/client.json", "", "");
        return true;
    }
    if (!loopback(public_url)) {
        return false;
    }
    *redirect_uri = text_join(public_url, "/oauth/callback", "", "");
    char *redirect = http_escape(*redirect_uri), *asked = http_escape(scope);
    *client_id = text_join("http://localhost?redirect_uri=", redirect, "&scope=", asked);
    free(redirect);
    free(asked);
    return true;
}
