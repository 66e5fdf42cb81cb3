/* Log-in with an app password, and what every log-in ends in: who the account is. The password is
 * used once and kept nowhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bridge/atproto.h"
#include "bridge/bluesky.h"
#include "bridge/handle.h"

#define APP_PASSWORD_CHARS 19
#define APP_PASSWORD_GROUP 5 /* four characters and a hyphen */

const struct network_driver bluesky_driver = {
    .begin = bluesky_begin,
    .finish = bluesky_finish,
    .password = bluesky_password,
    .token = bluesky_token,
    .post = bluesky_post,
    .revoke = bluesky_revoke,
};

/* The account's own password would open far more than posting. */
static bool app_password(const char *password) {
    if (strlen(password) != APP_PASSWORD_CHARS) {
        return false;
    }
    for (size_t i = 0; i < APP_PASSWORD_CHARS; i++) {
        char c = password[i];
        bool hyphen = i % APP_PASSWORD_GROUP == APP_PASSWORD_GROUP - 1;
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (hyphen ? c != '-' : !letter) {
            return false;
        }
    }
    return true;
}

static void avatar_fetched(void *context, uint8_t *bytes, uint32_t count) {
    struct attempt *attempt = context;
    attempt->account->avatar = bytes;
    attempt->account->avatar_bytes = count;
    attempt_finished(attempt);
}

/* The profile is an optional record of the repository; reading one needs no log-in. */
static void profile_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    const json_t *value = json_object_get(answer->json, "value");
    const json_t *blob = json_object_get(json_object_get(value, "avatar"), "ref");
    const char *cid = answer->status == 200 ? json_text(blob, "$link") : NULL;
    if (cid == NULL) {
        attempt_finished(attempt);
        return;
    }
    char url[2 * LIMIT_URL_BYTES];
    char *did = http_escape(attempt->account->remote), *link = http_escape(cid);
    (void)snprintf(url, sizeof url, "%s/xrpc/com.atproto.sync.getBlob?did=%s&cid=%s",
                   attempt->account->server, did, link);
    free(did);
    free(link);
    avatar_fetch(attempt->reach, url, avatar_fetched, attempt);
}

void bluesky_account(struct attempt *attempt, const char *did, const char *handle,
                     const char *pds) {
    struct account *account = memory_new(sizeof *account);
    char url[2 * LIMIT_URL_BYTES];
    account->network = NETWORK_BLUESKY;
    account->post_limit = BLUESKY_LIMIT;
    (void)snprintf(account->server, sizeof account->server, "%s", pds);
    (void)snprintf(account->remote, sizeof account->remote, "%s", did);
    (void)snprintf(account->name, sizeof account->name, "%s%s", *handle == '\0' ? "" : "@",
                   *handle == '\0' ? did : handle);
    (void)snprintf(account->url, sizeof account->url, "%s/profile/%s", BLUESKY_APP, did);
    attempt->account = account;
    if (attempt->purpose != LOGIN_EVENT) {
        attempt_finished(attempt);
        return;
    }

    char *repo = http_escape(did);
    (void)snprintf(url, sizeof url,
                   "%s/xrpc/com.atproto.repo.getRecord?repo=%s&collection=app.bsky.actor.profile"
                   "&rkey=self",
                   account->server, repo);
    free(repo);
    http_send(attempt->reach->http, http_request_new("GET", url), profile_answered, attempt);
}

static void revoke_answered(void *context, const struct http_answer *answer) {
    struct job *job = context;
    struct job_result result = {.far = "", .url = ""};
    if (answer->trouble != TROUBLE_NONE || answer->status >= 500 || answer->status == 429) {
        result = result_of(answer);
    } /* else it is ended, or was before */
    job_done(job, &result);
}

void bluesky_revoke(struct job *job) {
    struct login *login = job->login;
    if (login->oauth && login->revoke_url != NULL) {
        atproto_revoke(job->reach, login, login->refresh, revoke_answered, job);
        return;
    }
    char url[LIMIT_URL_BYTES];
    (void)snprintf(url, sizeof url, "%s/xrpc/com.atproto.server.deleteSession", login->server);
    struct http_request *request = http_request_new("POST", url);
    http_bearer(request, "Bearer", login->refresh);
    http_send(job->reach->http, request, revoke_answered, job);
}

/* ---- app password */

struct entry {
    char did[LIMIT_REMOTE_BYTES + 1], handle[HANDLE_BYTES + 1], pds[LIMIT_ORIGIN_BYTES + 1];
};

static void session_made(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    const struct entry *entry = attempt->own;
    const char *access = atproto_secret(answer->json, "accessJwt");
    const char *refresh = atproto_secret(answer->json, "refreshJwt");
    const char *did = json_text(answer->json, "did");
    if (answer->trouble != TROUBLE_NONE || answer->status != 200) {
        attempt_failed(attempt, refusal_of(answer));
    } else if (access == NULL || refresh == NULL || did == NULL || strcmp(did, entry->did) != 0) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
    } else {
        login_set(&attempt->login->server, entry->pds);
        login_set(&attempt->login->access, access);
        login_set(&attempt->login->refresh, refresh);
        bluesky_account(attempt, entry->did, entry->handle, entry->pds);
    }
}

static void identity_known(void *context, enum refusal refusal, const struct identity *identity) {
    struct attempt *attempt = context;
    if (refusal != REFUSAL_OK) {
        /* a handle that is nobody's is told as one that leads nowhere */
        attempt_failed(attempt, refusal == REFUSAL_BAD_ACCOUNT ? REFUSAL_BAD_SERVER : refusal);
        return;
    }
    struct entry *entry = memory_new(sizeof *entry);
    (void)snprintf(entry->did, sizeof entry->did, "%s", identity->did);
    (void)snprintf(entry->handle, sizeof entry->handle, "%s", identity->handle);
    (void)snprintf(entry->pds, sizeof entry->pds, "%s", identity->pds);
    attempt->own = entry;
    attempt->own_free = free;

    char url[LIMIT_URL_BYTES];
    (void)snprintf(url, sizeof url, "%s/xrpc/com.atproto.server.createSession", entry->pds);
    struct http_request *request = http_request_new("POST", url);
    json_t *body = json_pack("{s:s,s:s}", "identifier", entry->did, "password", attempt->password);
    http_json(request, body);
    json_decref(body);
    login_set(&attempt->password, NULL);
    http_send(attempt->reach->http, request, session_made, attempt);
}

void bluesky_password(struct attempt *attempt) {
    if (!app_password(attempt->password)) {
        attempt_failed(attempt, REFUSAL_REFUSED);
        return;
    }
    identity_resolve(attempt->reach, attempt->server, identity_known, attempt);
}
