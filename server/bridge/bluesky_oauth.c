/* Log-in by OAuth: handle → PDS → its authorization server → a pushed request, which the browser
 * takes there; then code and verifier for tokens that only our DPoP key can use (protocols §3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/atproto.h"
#include "bridge/bluesky.h"
#include "bridge/dpop.h"
#include "bridge/handle.h"

#define SCOPES_BYTES 1024

struct oauth {
    char did[LIMIT_REMOTE_BYTES + 1], handle[HANDLE_BYTES + 1], pds[LIMIT_ORIGIN_BYTES + 1];
    char issuer[LIMIT_ORIGIN_BYTES + 1];
    char *redirect_uri, *authorize_url, *push_url;
    bool nonce_used;
    enum refusal refusal; /* of a token that is not wanted */
};

static void oauth_free(void *own) {
    struct oauth *oauth = own;
    free(oauth->redirect_uri);
    free(oauth->authorize_url);
    free(oauth->push_url);
    free(oauth);
}

static bool origin_of(char origin[LIMIT_ORIGIN_BYTES + 1], const struct attempt *attempt,
                      const char *url) {
    const struct bridge_options *options = attempt->reach->options;
    return url != NULL && strstr(url, "://") != NULL &&
           origin_read(origin, LIMIT_ORIGIN_BYTES + 1, url, options->peers, options->peer_count);
}

static bool endpoint(const struct attempt *attempt, const char *url) {
    const struct bridge_options *options = attempt->reach->options;
    return url != NULL && strlen(url) <= LIMIT_URL_BYTES && strchr(url, '#') == NULL &&
           url_allowed(url, options->peers, options->peer_count);
}

/* ---- the pushed request */

static void push(struct attempt *attempt);

static void pushed(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    struct oauth *oauth = attempt->own;
    if (atproto_nonce(answer, &attempt->login->nonce_issuer) && !oauth->nonce_used) {
        oauth->nonce_used = true;
        push(attempt);
        return;
    }
    const char *request_uri = json_text(answer->json, "request_uri");
    if (answer->trouble != TROUBLE_NONE || answer->status >= 300 || request_uri == NULL) {
        attempt_failed(attempt, refusal_of(answer));
        return;
    }
    char *client = http_escape(attempt->login->client_id), *uri = http_escape(request_uri);
    struct buffer url = buffer_make(4 * LIMIT_URL_BYTES);
    buffer_format(&url, "%s%cclient_id=%s&request_uri=%s", oauth->authorize_url,
                  strchr(oauth->authorize_url, '?') == NULL ? '?' : '&', client, uri);
    free(client);
    free(uri);
    if (url.overflow) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
    } else {
        oauth->nonce_used = false;
        attempt_began(attempt, (const char *)url.data);
    }
    buffer_clear(&url);
}

static void push(struct attempt *attempt) {
    const struct oauth *oauth = attempt->own;
    char challenge[BASE64_CHARS(sizeof attempt->challenge) + 1];
    base64_encode(challenge, attempt->challenge, sizeof attempt->challenge);
    struct http_request *request = http_request_new("POST", oauth->push_url);
    http_form(request, "client_id", attempt->login->client_id);
    http_form(request, "response_type", "code");
    http_form(request, "code_challenge", challenge);
    http_form(request, "code_challenge_method", "S256");
    http_form(request, "state", attempt->state);
    http_form(request, "redirect_uri", oauth->redirect_uri);
    http_form(request, "scope", atproto_scope(attempt->purpose));
    http_form(request, "login_hint", oauth->handle[0] != '\0' ? oauth->handle : oauth->did);
    atproto_prove(request, attempt->login, "POST", oauth->push_url, attempt->login->nonce_issuer,
                  NULL);
    http_send(attempt->reach->http, request, pushed, attempt);
}

/* ---- discovery */

static bool list_has(const json_t *list, const char *word) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text != NULL && strcmp(text, word) == 0) {
            return true;
        }
    }
    return false;
}

static void issuer_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    struct oauth *oauth = attempt->own;
    struct login *login = attempt->login;
    const json_t *json = answer->json;
    const char *issuer = json_text(json, "issuer"), *token = json_text(json, "token_endpoint");
    const char *authorize = json_text(json, "authorization_endpoint");
    const char *par = json_text(json, "pushed_authorization_request_endpoint");
    const char *revoke = json_text(json, "revocation_endpoint");
    if (answer->trouble != TROUBLE_NONE || answer->status != 200) {
        attempt_failed(attempt, refusal_of(answer));
        return;
    }
    if (issuer == NULL || strcmp(issuer, oauth->issuer) != 0 ||
        !list_has(json_object_get(json, "scopes_supported"), "atproto") ||
        !endpoint(attempt, authorize) || !endpoint(attempt, token) || !endpoint(attempt, par)) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
        return;
    }
    oauth->authorize_url = memory_text(authorize);
    oauth->push_url = memory_text(par);
    login_set(&login->issuer, issuer);
    login_set(&login->token_url, token);
    login_set(&login->revoke_url, endpoint(attempt, revoke) ? revoke : NULL);
    push(attempt);
}

static void resource_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    struct oauth *oauth = attempt->own;
    const json_t *servers = json_object_get(answer->json, "authorization_servers");
    const char *issuer = json_string_value(json_array_get(servers, 0));
    if (answer->trouble != TROUBLE_NONE || answer->status != 200) {
        attempt_failed(attempt, refusal_of(answer));
        return;
    }
    if (!origin_of(oauth->issuer, attempt, issuer)) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
        return;
    }
    char url[LIMIT_URL_BYTES];
    (void)snprintf(url, sizeof url, "%s/.well-known/oauth-authorization-server", oauth->issuer);
    http_send(attempt->reach->http, http_request_new("GET", url), issuer_answered, attempt);
}

static void identity_known(void *context, enum refusal refusal, const struct identity *identity) {
    struct attempt *attempt = context;
    struct oauth *oauth = attempt->own;
    if (refusal != REFUSAL_OK) {
        /* a handle that is nobody's is told as one that leads nowhere */
        attempt_failed(attempt, refusal == REFUSAL_BAD_ACCOUNT ? REFUSAL_BAD_SERVER : refusal);
        return;
    }
    (void)snprintf(oauth->did, sizeof oauth->did, "%s", identity->did);
    (void)snprintf(oauth->handle, sizeof oauth->handle, "%s", identity->handle);
    (void)snprintf(oauth->pds, sizeof oauth->pds, "%s", identity->pds);
    login_set(&attempt->login->server, identity->pds);
    char url[LIMIT_URL_BYTES];
    (void)snprintf(url, sizeof url, "%s/.well-known/oauth-protected-resource", oauth->pds);
    http_send(attempt->reach->http, http_request_new("GET", url), resource_answered, attempt);
}

void bluesky_begin(struct attempt *attempt) {
    struct oauth *oauth = memory_new(sizeof *oauth);
    attempt->own = oauth;
    attempt->own_free = oauth_free;
    char *client_id = NULL;
    if (!atproto_client(attempt->reach->options->public_url, atproto_scope(attempt->purpose),
                        &client_id, &oauth->redirect_uri)) {
        attempt_failed(attempt, REFUSAL_NOT_CONFIGURED);
        return;
    }
    struct login *login = attempt->login;
    login->oauth = true;
    login_set(&login->client_id, client_id);
    free(client_id);
    login->dpop = dpop_key_new();
    identity_resolve(attempt->reach, attempt->server, identity_known, attempt);
}

/* ---- the tokens */

/* Whether a word stands in a list of scopes, parted by spaces; `prefix`: or begins one. */
static bool scope_has(const char *scope, const char *word, bool prefix) {
    char scopes[SCOPES_BYTES], *rest = scopes;
    (void)snprintf(scopes, sizeof scopes, "%s", scope);
    for (char *one = strsep(&rest, " "); one != NULL; one = strsep(&rest, " ")) {
        if (prefix ? strncmp(one, word, strlen(word)) == 0 : strcmp(one, word) == 0) {
            return true;
        }
    }
    return false;
}

static bool token_own(const struct oauth *oauth, const json_t *json) {
    const char *sub = json_text(json, "sub");
    return sub != NULL && strcmp(sub, oauth->did) == 0;
}

static bool token_good(const struct attempt *attempt, const json_t *json) {
    const char *type = json_text(json, "token_type"), *scope = json_text(json, "scope");
    return token_own(attempt->own, json) && type != NULL && strcasecmp(type, "DPoP") == 0 &&
           scope != NULL && scope_has(scope, "atproto", false) &&
           (attempt->purpose == LOGIN_PROVE || scope_has(scope, "repo:app.bsky.feed.post", true)) &&
           atproto_secret(json, "access_token") != NULL &&
           atproto_secret(json, "refresh_token") != NULL;
}

static void unwanted_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    (void)answer;
    attempt_failed(attempt, ((struct oauth *)attempt->own)->refusal);
}

/* Of another account, or not allowed to post: ended where it was made. */
static void token_unwanted(struct attempt *attempt, const struct http_answer *answer) {
    const char *refresh = atproto_secret(answer->json, "refresh_token");
    struct oauth *oauth = attempt->own;
    bool another =
        attempt->purpose != LOGIN_EVENT && refresh != NULL && !token_own(oauth, answer->json);
    oauth->refusal = another ? REFUSAL_BAD_ACCOUNT : REFUSAL_REFUSED;
    if (refresh == NULL || attempt->login->revoke_url == NULL) {
        attempt_failed(attempt, oauth->refusal);
        return;
    }
    atproto_revoke(attempt->reach, attempt->login, refresh, unwanted_answered, attempt);
}

static void token_ask(struct attempt *attempt);

static void token_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    struct oauth *oauth = attempt->own;
    struct login *login = attempt->login;
    if (atproto_nonce(answer, &login->nonce_issuer) && !oauth->nonce_used) {
        oauth->nonce_used = true;
        token_ask(attempt);
        return;
    }
    if (answer->trouble != TROUBLE_NONE || answer->status != 200) {
        attempt_failed(attempt, refusal_of(answer));
        return;
    }
    if (!token_good(attempt, answer->json)) {
        token_unwanted(attempt, answer);
        return;
    }
    login_set(&login->access, json_text(answer->json, "access_token"));
    login_set(&login->refresh, json_text(answer->json, "refresh_token"));
    login->expires_at = atproto_expiry(answer->json);
    bluesky_account(attempt, oauth->did, oauth->handle, oauth->pds);
}

static void token_ask(struct attempt *attempt) {
    const struct oauth *oauth = attempt->own;
    const struct login *login = attempt->login;
    struct http_request *request = http_request_new("POST", login->token_url);
    http_form(request, "grant_type", "authorization_code");
    http_form(request, "code", attempt->code);
    http_form(request, "redirect_uri", oauth->redirect_uri);
    http_form(request, "client_id", login->client_id);
    http_form(request, "code_verifier", attempt->verifier);
    atproto_prove(request, login, "POST", login->token_url, login->nonce_issuer, NULL);
    http_send(attempt->reach->http, request, token_answered, attempt);
}

void bluesky_finish(struct attempt *attempt) {
    const struct oauth *oauth = attempt->own;
    if (attempt->issuer == NULL || strcmp(attempt->issuer, oauth->issuer) != 0) {
        attempt_failed(attempt, REFUSAL_REFUSED);
        return;
    }
    token_ask(attempt);
}
