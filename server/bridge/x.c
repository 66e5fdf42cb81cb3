#include "bridge/x.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

#define API_DEFAULT    "https://api.x.com"
#define EXPIRY_SECONDS 100000000 /* longer means never */
#define EARLY_MS       30000     /* an access token so close to its end is renewed before */

const struct network_driver x_driver = {
    .begin = x_begin,
    .finish = x_finish,
    .token = x_token,
    .post = x_post,
    .revoke = x_revoke,
};

const char *x_api(const struct bridge_options *options) {
    return options->x_url == NULL ? API_DEFAULT : options->x_url;
}

void x_client(struct http_request *request, const struct bridge_options *options) {
    const char *id = options->x_client_id, *secret = options->x_client_secret;
    INVARIANT(id != NULL);
    if (secret == NULL) {
        http_form(request, "client_id", id);
        return;
    }
    size_t length = strlen(id) + strlen(secret) + 1;
    size_t room = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
    char *pair = memory_new(length + 1), *text = memory_new(room);
    (void)snprintf(pair, length + 1, "%s:%s", id, secret);
    sodium_bin2base64(text, room, (const uint8_t *)pair, length, sodium_base64_VARIANT_ORIGINAL);
    http_bearer(request, "Basic", text);
    sodium_memzero(pair, length);
    sodium_memzero(text, room);
    free(pair);
    free(text);
}

bool x_tokens(struct login *login, const json_t *json) {
    const char *access = json_text(json, "access_token");
    const char *refresh = json_text(json, "refresh_token");
    json_int_t seconds = json_integer_value(json_object_get(json, "expires_in"));
    if (access == NULL) {
        return false;
    }
    login_set(&login->access, access);
    login_set(&login->refresh, refresh);
    login->expires_at =
        seconds > 0 && seconds < EXPIRY_SECONDS ? clock_unix_ms() + seconds * 1000 : 0;
    return true;
}

/* ---- a call */

struct exchange {
    struct x_call call;
    char *method, *url;
    json_t *body;
    bool renewed;
};

static void exchange_end(struct exchange *exchange, const struct http_answer *answer, bool lost) {
    exchange->call.done(exchange->call.context, answer, lost);
    json_decref(exchange->body);
    free(exchange->method);
    free(exchange->url);
    free(exchange);
}

static void exchange_send(struct exchange *exchange);

static void renewed(void *context, const struct http_answer *answer) {
    struct exchange *exchange = context;
    bool silent = answer->trouble != TROUBLE_NONE || answer->status >= 500 || answer->status == 429;
    if (answer->status != 200 || !x_tokens(exchange->call.login, answer->json)) {
        exchange_end(exchange, answer, !silent);
        return;
    }
    exchange->call.changed(exchange->call.context);
    exchange_send(exchange);
}

static bool renewable(const struct x_call *call) {
    return call->login->refresh != NULL && call->reach->options->x_client_id != NULL;
}

static void renew(struct exchange *exchange) {
    const struct login *login = exchange->call.login;
    const struct bridge_options *options = exchange->call.reach->options;
    exchange->renewed = true;
    struct http_request *request = http_request_new("POST", login->token_url);
    http_form(request, "grant_type", "refresh_token");
    http_form(request, "refresh_token", login->refresh);
    x_client(request, options);
    http_send(exchange->call.reach->http, request, renewed, exchange);
}

static void answered(void *context, const struct http_answer *answer) {
    struct exchange *exchange = context;
    bool refused = answer->trouble == TROUBLE_NONE && answer->status == 401;
    if (refused && !exchange->renewed && renewable(&exchange->call)) {
        renew(exchange);
    } else {
        exchange_end(exchange, answer, refused);
    }
}

static void exchange_send(struct exchange *exchange) {
    struct http_request *request = http_request_new(exchange->method, exchange->url);
    http_bearer(request, "Bearer", exchange->call.login->access);
    if (exchange->body != NULL) {
        http_json(request, exchange->body);
    }
    http_send(exchange->call.reach->http, request, answered, exchange);
}

void x_send(const struct x_call *call, const char *method, const char *path, const json_t *body) {
    struct exchange *exchange = memory_new(sizeof *exchange);
    const struct login *login = call->login;
    size_t room = strlen(login->server) + strlen(path) + 1;
    exchange->call = *call;
    exchange->method = memory_text(method);
    exchange->url = memory_new(room);
    (void)snprintf(exchange->url, room, "%s%s", login->server, path);
    exchange->body = json_deep_copy(body);
    bool old = login->expires_at != 0 && login->expires_at - EARLY_MS <= clock_unix_ms();
    if (old && renewable(call)) {
        renew(exchange);
    } else {
        exchange_send(exchange);
    }
}
