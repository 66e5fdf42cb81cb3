#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "bridge/mastodon.h"

#define ID_CHARS   128
#define NAME_CHARS 100
#define HOST_CHARS 200
#define LIMIT_MOST 1000000
#define LINK_MOST  1000
#define PATH_BYTES 64

static void ask(struct attempt *attempt, const char *path, bool as_user,
                void (*done)(void *context, const struct http_answer *answer)) {
    char url[LIMIT_ORIGIN_BYTES + PATH_BYTES];
    (void)snprintf(url, sizeof url, "%s%s", attempt->login->server, path);
    struct http_request *request = http_request_new("GET", url);
    if (as_user) {
        http_bearer(request, "Bearer", attempt->login->access);
    }
    http_send(attempt->reach->http, request, done, attempt);
}

char *mastodon_account_id(const struct account *account) {
    return memory_text_n(account->remote, strcspn(account->remote, "@"));
}

/* ---- the picture */

static void avatar_fetched(void *context, uint8_t *bytes, uint32_t count) {
    struct attempt *attempt = context;
    attempt->account->avatar = bytes;
    attempt->account->avatar_bytes = count;
    attempt_finished(attempt);
}

static void avatar_ask(struct attempt *attempt) {
    const char *url = attempt->own;
    if (*url == '\0') {
        attempt_finished(attempt);
    } else {
        avatar_fetch(attempt->reach, url, avatar_fetched, attempt);
    }
}

/* ---- the server */

/* Handles may live on a domain above the server's own; on another one nobody would believe them. */
static bool domain_above(const char *domain, const char *server) {
    const char *host = strstr(server, "://") + 3;
    size_t length = strlen(domain), room = strlen(host);
    return length > 0 && length < room && host[room - length - 1] == '.' &&
           strcasecmp(host + room - length, domain) == 0;
}

static uint32_t number(const json_t *object, const char *name, uint32_t most, uint32_t otherwise) {
    const json_t *value = json_object_get(object, name);
    json_int_t given = json_integer_value(value);
    return json_is_integer(value) && given >= 0 && given <= most ? (uint32_t)given : otherwise;
}

/* Names and limits of the document; false: it tells no limits. */
static bool instance_read(struct attempt *attempt, const json_t *instance) {
    struct account *account = attempt->account;
    const json_t *configuration = json_object_get(instance, "configuration");
    const json_t *statuses = json_object_get(configuration, "statuses");
    uint32_t older = number(instance, "max_toot_chars", LIMIT_MOST, 0); /* Pleroma's word */
    uint32_t limit = number(statuses, "max_characters", LIMIT_MOST, older);
    if (limit > 0) {
        account->post_limit = limit;
    }
    account->link_length =
        number(statuses, "characters_reserved_per_url", LINK_MOST, account->link_length);
    const char *domain = json_text(instance, "domain");
    if (word_sound(domain, HOST_CHARS) && domain_above(domain, account->server)) {
        size_t user = strcspn(account->name + 1, "@") + 2;
        (void)snprintf(account->name + user, sizeof account->name - user, "%s", domain);
    }
    return limit > 0;
}

static bool answered_well(const struct http_answer *answer) {
    return answer->trouble == TROUBLE_NONE && answer->status == 200;
}

static void older_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    if (answered_well(answer)) {
        (void)instance_read(attempt, answer->json);
    }
    avatar_ask(attempt);
}

static void instance_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    if (answered_well(answer) && instance_read(attempt, answer->json)) {
        avatar_ask(attempt);
    } else {
        ask(attempt, "/api/v1/instance", false, older_answered);
    }
}

/* ---- the account */

static void person_answered(void *context, const struct http_answer *answer) {
    struct attempt *attempt = context;
    const char *server = attempt->login->server;
    const char *id = json_text(answer->json, "id"), *name = json_text(answer->json, "username");
    const char *url = json_text(answer->json, "url");
    const char *avatar = json_text(answer->json, "avatar_static");
    if (!answered_well(answer)) {
        attempt_failed(attempt, refusal_of(answer));
        return;
    }
    if (!word_sound(id, ID_CHARS) || strchr(id, '@') != NULL || !word_sound(name, NAME_CHARS) ||
        strchr(name, '@') != NULL) {
        attempt_failed(attempt, REFUSAL_BAD_SERVER);
        return;
    }
    struct account *account = memory_new(sizeof *account);
    account->network = NETWORK_MASTODON;
    account->post_limit = MASTODON_LIMIT;
    account->link_length = MASTODON_LINK;
    (void)snprintf(account->server, sizeof account->server, "%s", server);
    (void)snprintf(account->remote, sizeof account->remote, "%s@%s", id, server);
    (void)snprintf(account->name, sizeof account->name, "@%s@%.*s", name, HOST_CHARS,
                   strstr(server, "://") + 3);
    if (url != NULL && link_sound(url, server, attempt->reach->options)) {
        (void)snprintf(account->url, sizeof account->url, "%s", url);
    }
    attempt->account = account;
    const char *actor = json_text(answer->json, "uri");
    if (word_sound(actor, LIMIT_URL_BYTES)) {
        attempt->actor = memory_text(actor);
    }
    if (attempt->purpose == LOGIN_PROVE) {
        attempt_finished(attempt);
        return;
    }
    bool pictured = attempt->purpose == LOGIN_EVENT && word_sound(avatar, LIMIT_URL_BYTES);
    attempt->own = memory_text(pictured ? avatar : "");
    attempt->own_free = free;
    ask(attempt, "/api/v2/instance", false, instance_answered);
}

void mastodon_account(struct attempt *attempt) {
    if (attempt->own != NULL) { /* what the registration has left */
        attempt->own_free(attempt->own);
        attempt->own = NULL;
    }
    ask(attempt, "/api/v1/accounts/verify_credentials", true, person_answered);
}
