/* Log-in: discovery where the server knows it, registration of an application, OAuth with PKCE. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/encode.h"
#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/mastodon.h"

#define APP_NAME     "Raute"
#define WORD_CHARS   4096
#define SECRET_CHARS 512
#define URL_BYTES    8192

/* Posts are made, and an event's are looked for when nobody knows whether they were. Who has logged
 * in is told by `profile`, which knows no more than that (Mastodon from 4.3 on), else by
 * `read:accounts`. */
static const struct scopes {
    const char *newer, *older;
} SCOPES[] = {
    [LOGIN_EVENT] = {"profile read:statuses write:statuses",
                     "read:accounts read:statuses write:statuses"},
    [LOGIN_PROVE] = {"profile", "read:accounts"},
    [LOGIN_POST] = {"profile write:statuses", "read:accounts write:statuses"},
};

static char *joined(const char *start, const char *end) {
    struct buffer text = buffer_make(URL_BYTES);
    buffer_format(&text, "%s%s", start, end);
    size_t length;
    char *whole = text.overflow ? NULL : (char *)buffer_take(&text, &length);
    buffer_clear(&text);
    return whole == NULL ? memory_text("") : whole;
}

static struct http_request *request_to(const struct attempt *attempt, const char *method,
                                       const char *path) {
    char *url = joined(attempt->login->server, path);
    struct http_request *request = http_request_new(method, url);
    free(url);
    return request;
}

static char *redirect_uri(const struct reach *reach) {
    return joined(reach->options->public_url, "/oauth/callback");
}

/* ---- to the page where the organiser agrees */

static void query_add(struct buffer *url, const char *name, const char *value) {
    char *escaped = http_escape(value);
    buffer_format(url, "&%s=%s", name, escaped);
    free(escaped);
}

/* The application of an attempt: given back for another one when nobody agreed to it. */
struct taken {
    struct apps *apps;
    struct app app;
};

static void taken_free(void *own) {
    struct taken *taken = own;
    const struct app *app = &taken->app;
    if (app->id != NULL) {
        app_add(taken->apps, app->origin, app->id, app->secret, app->scopes);
    }
    app_clear(&taken->app);
    free(taken);
}

/* It has done its work, or does none. */
static void app_used(struct attempt *attempt) {
    struct taken *taken = attempt->own;
    if (taken != NULL) {
        app_clear(&taken->app);
    }
}

static void consent(struct attempt *attempt, struct taken *taken) {
    char challenge[BASE64_CHARS(sizeof attempt->challenge) + 1];
    char *redirect = redirect_uri(attempt->reach);
    struct buffer url = buffer_make(URL_BYTES);
    base64_encode(challenge, attempt->challenge, sizeof attempt->challenge);
    login_set(&attempt->login->client_id, taken->app.id);
    login_set(&attempt->login->client_secret, taken->app.secret);
    buffer_format(&url, "%s/oauth/authorize?response_type=code", attempt->login->server);
    query_add(&url, "client_id", taken->app.id);
    query_add(&url, "redirect_uri", redirect);
    query_add(&url, "scope", taken->app.scopes);
    query_add(&url, "state", attempt->state);
    query_add(&url, "code_challenge", challenge);
    query_add(&url, "code_challenge_method", "S256");
    free(redirect);
    if (url.overflow) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
    } else {
        attempt_began(attempt, (const char *)url.data);
    }
    buffer_clear(&url);
}

static void registered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    struct taken *taken = attempt->own;
    const char *id = json_text(answer->json, "client_id");
    const char *secret = json_text(answer->json, "client_secret");
    if (answer->trouble != TROUBLE_NONE || answer->status < 200 || answer->status > 299) {
        attempt_failed(attempt, refusal_of(answer));
    } else if (!word_sound(id, WORD_CHARS) || !word_sound(secret, SECRET_CHARS)) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
    } else {
        login_set(&taken->app.origin, attempt->login->server);
        login_set(&taken->app.id, id);
        login_set(&taken->app.secret, secret);
        consent(attempt, taken);
    }
}

static void registration(struct attempt *attempt, const char *scopes) {
    char *redirect = redirect_uri(attempt->reach);
    struct http_request *request = request_to(attempt, "POST", "/api/v1/apps");
    http_form(request, "client_name", APP_NAME);
    http_form(request, "redirect_uris", redirect);
    http_form(request, "scopes", scopes);
    http_form(request, "website", attempt->reach->options->public_url);
    free(redirect);
    login_set(&((struct taken *)attempt->own)->app.scopes, scopes);
    http_send(attempt->reach->http, request, registered, attempt);
}

static bool has_text(const json_t *list, const char *text) {
    size_t at;
    json_t *item;
    json_array_foreach(list, at, item) {
        const char *value = json_string_value(item);
        if (value != NULL && strcmp(value, text) == 0) {
            return true;
        }
    }
    return false;
}

/* The document may stand at another host than the one that people type: then that is the server. */
static void discovered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    const struct bridge_options *options = attempt->reach->options;
    if (answer->trouble != TROUBLE_NONE) {
        attempt_failed(attempt, refusal_of(answer));
        return;
    }
    const json_t *scopes = json_object_get(answer->json, "scopes_supported");
    char origin[LIMIT_ORIGIN_BYTES + 1];
    bool known = answer->status == 200 && json_is_array(scopes);
    if (known &&
        origin_read(origin, sizeof origin, answer->url, options->peers, options->peer_count)) {
        login_set(&attempt->login->server, origin);
    }
    if (answer->status == 200 &&
        json_is_true(
            json_object_get(answer->json, "authorization_response_iss_parameter_supported"))) {
        login_set(&attempt->login->issuer, attempt->login->server);
    }
    struct taken *taken = memory_new(sizeof *taken);
    taken->apps = attempt->reach->apps;
    attempt->own = taken;
    attempt->own_free = taken_free;
    const struct scopes *of = &SCOPES[attempt->purpose];
    const char *asked = known && has_text(scopes, "profile") ? of->newer : of->older;
    if (app_take(taken->apps, attempt->login->server, asked, &taken->app)) {
        consent(attempt, taken);
    } else {
        registration(attempt, asked);
    }
}

void mastodon_begin(struct attempt *attempt) {
    const struct bridge_options *options = attempt->reach->options;
    char origin[LIMIT_ORIGIN_BYTES + 1];
    if (!origin_read(origin, sizeof origin, attempt->server, options->peers, options->peer_count)) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
        return;
    }
    login_set(&attempt->login->server, origin);
    struct http_request *request =
        request_to(attempt, "GET", "/.well-known/oauth-authorization-server");
    http_follow(request);
    http_send(attempt->reach->http, request, discovered, attempt);
}

/* ---- from the code to the token */

/* A list of words with this one, or with the whole that it is a part of. */
static bool scope_has(const char *scopes, const char *scope) {
    size_t whole = strcspn(scope, ":"), length = strlen(scope);
    while (*scopes != '\0') {
        size_t word = strcspn(scopes, " ");
        if ((word == length || word == whole) && strncmp(scopes, scope, word) == 0) {
            return true;
        }
        scopes += word + strspn(scopes + word, " ");
    }
    return false;
}

static void token_given(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    const char *token = json_text(answer->json, "access_token");
    const char *scope = json_text(answer->json, "scope");
    if (answer->trouble != TROUBLE_NONE || answer->status < 200 || answer->status > 299) {
        if (answer->status == 401) { /* the server has forgotten the application */
            app_used(attempt);
        }
        attempt_failed(attempt, refusal_of(answer));
    } else if (!word_sound(token, WORD_CHARS)) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
    } else if (attempt->purpose != LOGIN_PROVE && scope != NULL &&
               !scope_has(scope, "write:statuses")) {
        attempt_failed(attempt, REFUSAL_REFUSED);
    } else {
        app_used(attempt);
        login_set(&attempt->login->access, token);
        mastodon_account(attempt);
    }
}

/* Whoever sent the code says who it is: another server would get a code that is not its own, where
 * people were led astray (RFC 9207). */
static bool issuer_same(const struct attempt *attempt) {
    const struct login *login = attempt->login;
    if (attempt->issuer == NULL) {
        return login->issuer == NULL; /* set: it promised to say it */
    }
    const char *host = strstr(attempt->issuer, "://");
    const char *path = host == NULL ? "?" : host + 3 + strcspn(host + 3, "/?#");
    return (*path == '\0' || strcmp(path, "/") == 0) && origin_same(attempt->issuer, login->server);
}

void mastodon_finish(struct attempt *attempt) {
    if (!issuer_same(attempt)) {
        attempt_failed(attempt, REFUSAL_REFUSED);
        return;
    }
    char *redirect = redirect_uri(attempt->reach);
    struct http_request *request = request_to(attempt, "POST", "/oauth/token");
    http_form(request, "grant_type", "authorization_code");
    http_form(request, "code", attempt->code);
    http_form(request, "client_id", attempt->login->client_id);
    http_form(request, "client_secret", attempt->login->client_secret);
    http_form(request, "redirect_uri", redirect);
    http_form(request, "code_verifier", attempt->verifier);
    free(redirect);
    http_send(attempt->reach->http, request, token_given, attempt);
}

/* ---- farewell */

static void revoked(void *context, const struct http_answer *answer) {
    struct job_result result = {.far = "", .url = ""};
    if (answer->trouble != TROUBLE_NONE || answer->status >= 500 || answer->status == 429) {
        result = result_of(answer);
    }
    job_done(context, &result);
}

void mastodon_revoke(struct job *job) {
    const struct login *login = job->login;
    char *url = joined(login->server, "/oauth/revoke");
    struct http_request *request = http_request_new("POST", url);
    http_form(request, "client_id", login->client_id);
    http_form(request, "client_secret", login->client_secret);
    http_form(request, "token", login->access);
    free(url);
    http_send(job->reach->http, request, revoked, job);
}
