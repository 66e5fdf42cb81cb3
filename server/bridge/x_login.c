/* Log-in by OAuth 2.0 with PKCE, with the client that the operator has registered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "bridge/x.h"

#define PAGE_DEFAULT "https://x.com"
#define URL_BYTES    4096

static char *redirect_uri(const struct attempt *attempt) {
    const char *public_url = attempt->reach->options->public_url;
    size_t room = strlen(public_url) + sizeof "/oauth/callback";
    char *uri = memory_new(room);
    (void)snprintf(uri, room, "%s/oauth/callback", public_url);
    return uri;
}

void x_begin(struct attempt *attempt) {
    const struct bridge_options *options = attempt->reach->options;
    struct login *login = attempt->login;
    if (options->x_client_id == NULL) {
        attempt_failed(attempt, REFUSAL_NOT_CONFIGURED);
        return;
    }
    char endpoint[LIMIT_URL_BYTES], challenge[BASE64_CHARS(sizeof attempt->challenge) + 1];
    login_set(&login->server, x_api(options));
    (void)snprintf(endpoint, sizeof endpoint, "%s/2/oauth2/token", x_api(options));
    login_set(&login->token_url, endpoint);
    (void)snprintf(endpoint, sizeof endpoint, "%s/2/oauth2/revoke", x_api(options));
    login_set(&login->revoke_url, endpoint);
    base64_encode(challenge, attempt->challenge, sizeof attempt->challenge);

    char *redirect = redirect_uri(attempt), *back = http_escape(redirect);
    char *client = http_escape(options->x_client_id), *scope = http_escape(X_SCOPE);
    struct buffer url = buffer_make(URL_BYTES);
    buffer_format(&url,
                  "%s/i/oauth2/authorize?response_type=code&client_id=%s&redirect_uri=%s&scope=%s"
                  "&state=%s&code_challenge=%s&code_challenge_method=S256",
                  options->x_url == NULL ? PAGE_DEFAULT : options->x_url, client, back, scope,
                  attempt->state, challenge);
    free(redirect);
    free(back);
    free(client);
    free(scope);
    if (url.overflow) {
        attempt_failed(attempt, REFUSAL_NOT_CONFIGURED);
    } else {
        attempt_began(attempt, (const char *)url.data);
    }
    buffer_clear(&url);
}

static void avatar_fetched(void *context, uint8_t *bytes, uint32_t count) {
    struct attempt *attempt = context;
    attempt->account->avatar = bytes;
    attempt->account->avatar_bytes = count;
    attempt_finished(attempt);
}

static bool plain(const char *text, const char *allowed, size_t most) {
    return text != NULL && *text != '\0' && strlen(text) <= most &&
           text[strspn(text, allowed)] == '\0';
}

static void user_answered(void *context, const struct http_answer *answer, bool lost) {
    static const char digits[] = "0123456789";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    struct attempt *attempt = context;
    const json_t *user = json_object_get(answer->json, "data");
    const char *id = json_text(user, "id"), *name = json_text(user, "username");
    const char *picture = json_text(user, "profile_image_url");
    if (lost || answer->trouble != TROUBLE_NONE || answer->status != 200) {
        attempt_failed(attempt, lost ? REFUSAL_REFUSED : refusal_of(answer));
        return;
    }
    if (!plain(id, digits, 32) || !plain(name, letters, 64)) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
        return;
    }
    struct account *account = memory_new(sizeof *account);
    account->network = NETWORK_X;
    account->post_limit = X_LIMIT;
    account->link_length = X_LINK;
    (void)snprintf(account->server, sizeof account->server, "%s", attempt->login->server);
    (void)snprintf(account->remote, sizeof account->remote, "%s", id);
    (void)snprintf(account->name, sizeof account->name, "@%s", name);
    (void)snprintf(account->url, sizeof account->url, "https://x.com/%s", name);
    attempt->account = account;
    if (picture != NULL) {
        avatar_fetch(attempt->reach, picture, avatar_fetched, attempt);
    } else {
        attempt_finished(attempt);
    }
}

/* A code is good for 30 seconds: its tokens need no renewal while the account is looked at. */
static void changed_never(void *context) {
    (void)context;
}

static void token_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    if (answer->trouble != TROUBLE_NONE || answer->status != 200) {
        attempt_failed(attempt, refusal_of(answer));
        return;
    }
    const char *scope = json_text(answer->json, "scope");
    if (scope != NULL && strstr(scope, "tweet.write") == NULL) {
        attempt_failed(attempt, REFUSAL_REFUSED);
        return;
    }
    if (!x_tokens(attempt->login, answer->json)) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
        return;
    }
    struct x_call call = {.reach = attempt->reach,
                          .login = attempt->login,
                          .changed = changed_never,
                          .done = user_answered,
                          .context = attempt};
    x_send(&call, "GET", "/2/users/me?user.fields=profile_image_url", NULL);
}

void x_finish(struct attempt *attempt) {
    struct http_request *request = http_request_new("POST", attempt->login->token_url);
    char *redirect = redirect_uri(attempt);
    http_form(request, "grant_type", "authorization_code");
    http_form(request, "code", attempt->code);
    http_form(request, "redirect_uri", redirect);
    http_form(request, "code_verifier", attempt->verifier);
    x_client(request, attempt->reach->options);
    free(redirect);
    http_send(attempt->reach->http, request, token_answered, attempt);
}

static void revoke_answered(void *context, const struct http_answer *answer) {
    struct job *job = context;
    struct job_result result = {.far = "", .url = ""};
    if (answer->trouble != TROUBLE_NONE || answer->status >= 500) {
        result = result_of(answer);
    }
    job_done(job, &result);
}

void x_revoke(struct job *job) {
    const struct login *login = job->login;
    if (job->reach->options->x_client_id == NULL) { /* without a client nobody may */
        job_done(job, &(struct job_result){
                          .trouble = TROUBLE_FORBIDDEN, .final = true, .far = "", .url = ""});
        return;
    }
    struct http_request *request = http_request_new("POST", login->revoke_url);
    bool refresh = login->refresh != NULL;
    http_form(request, "token", refresh ? login->refresh : login->access);
    http_form(request, "token_type_hint", refresh ? "refresh_token" : "access_token");
    x_client(request, job->reach->options);
    http_send(job->reach->http, request, revoke_answered, job);
}
