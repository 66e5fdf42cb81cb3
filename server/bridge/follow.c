/* Where the people of a server follow others: the template of its WebFinger (protocols §1, no-API
 * links), known for an hour. The document hangs on some account there: whom the server names as its
 * contact. Of the visitor nothing is said but the host. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/errand.h"
#include "bridge/mastodon.h"
#include "bridge/webfinger.h"

#define FOLLOWS_MOST 512
#define KNOWN_MS     INT64_C(3600000)
#define NAME_CHARS   100
#define URL_BYTES    1024

struct follow {
    char *host, *template;
    int64_t until; /* monotonic ms */
};

struct follows {
    struct follow items[FOLLOWS_MOST];
    size_t next; /* whose place is taken */
};

struct follows *follows_new(void) {
    return memory_new(sizeof(struct follows));
}

void follows_free(struct follows *follows) {
    for (size_t at = 0; follows != NULL && at < FOLLOWS_MOST; at++) {
        free(follows->items[at].host);
        free(follows->items[at].template);
    }
    free(follows);
}

static const char *follows_find(const struct follows *follows, const char *host) {
    for (size_t at = 0; at < FOLLOWS_MOST; at++) {
        const struct follow *follow = &follows->items[at];
        if (follow->host != NULL && strcmp(follow->host, host) == 0 &&
            follow->until > clock_monotonic_ms()) {
            return follow->template;
        }
    }
    return NULL;
}

static void follows_add(struct follows *follows, const char *host, const char *template) {
    struct follow *follow = &follows->items[follows->next];
    follows->next = (follows->next + 1) % FOLLOWS_MOST;
    free(follow->host);
    free(follow->template);
    follow->host = memory_text(host);
    follow->template = memory_text(template);
    follow->until = clock_monotonic_ms() + KNOWN_MS;
}

static void told(struct errand *errand, const char *template) {
    errand_end(errand, REFUSAL_OK, json_pack("{s:s}", "template", template));
}

/* ---- the document */

/* "@" would end the address of a person's server, braces apart nothing else is filled in. */
static bool template_sound(const struct errand *errand, const char *template) {
    const char *place = template == NULL ? NULL : strstr(template, "{uri}");
    const char *path = place == NULL ? NULL : strstr(template, "://");
    const struct bridge_options *options = &errand->bridge->options;
    return path != NULL && path + 3 + strcspn(path + 3, "/?") < place &&
           (strncmp(template, "https://", 8) == 0 ||
            peer_allowed(template, options->peers, options->peer_count));
}

static void finger_known(void *context, enum refusal refusal, const struct finger *finger) {
    struct errand *errand = context;
    if (refusal != REFUSAL_OK) {
        errand_end(errand, refusal == REFUSAL_UNREACHABLE ? refusal : REFUSAL_BAD_SERVER, NULL);
    } else if (!template_sound(errand, finger->subscribe)) {
        errand_end(errand, REFUSAL_BAD_SERVER, NULL);
    } else {
        follows_add(errand->bridge->follows, errand->host, finger->subscribe);
        told(errand, finger->subscribe);
    }
}

/* ---- somebody there */

static const char *contact_name(const json_t *instance) {
    const json_t *contact = json_object_get(json_object_get(instance, "contact"), "account");
    const char *name = json_text(contact, "username");
    if (name == NULL) { /* version 1 */
        name = json_text(json_object_get(instance, "contact_account"), "username");
    }
    return word_sound(name, NAME_CHARS) && strchr(name, '@') == NULL ? name : NULL;
}

static void contact_finger(struct errand *errand, const char *name) {
    struct buffer account = buffer_make(URL_BYTES);
    buffer_format(&account, "%s@%s", name, errand->host);
    finger_ask(&errand->bridge->reach, (const char *)account.data, finger_known, errand);
    buffer_clear(&account);
}

static void instance_ask(struct errand *errand, const char *path,
                         void (*done)(void *context, const struct http_answer *answer)) {
    const struct bridge_options *options = &errand->bridge->options;
    char origin[LIMIT_ORIGIN_BYTES + 1] = "";
    struct buffer url = buffer_make(URL_BYTES);
    if (host_origin(origin, sizeof origin, errand->host, options->peers, options->peer_count)) {
        buffer_format(&url, "%s%s", origin, path);
    }
    struct http_request *request =
        http_request_new("GET", url.length == 0 ? "" : (const char *)url.data);
    http_follow(request);
    http_send(errand->bridge->reach.http, request, done, errand);
    buffer_clear(&url);
}

static void older_answered(void *context, const struct http_answer *answer) {
    struct errand *errand = context;
    const char *name = answer->status == 200 ? contact_name(answer->json) : NULL;
    if (name != NULL) {
        contact_finger(errand, name);
        return;
    }
    enum refusal refusal = refusal_of(answer);
    errand_end(errand, refusal == REFUSAL_UNREACHABLE ? refusal : REFUSAL_BAD_SERVER, NULL);
}

static void instance_answered(void *context, const struct http_answer *answer) {
    struct errand *errand = context;
    const char *name = answer->status == 200 ? contact_name(answer->json) : NULL;
    if (name != NULL) {
        contact_finger(errand, name);
    } else if (answer->trouble != TROUBLE_NONE) {
        older_answered(context, answer);
    } else {
        instance_ask(errand, "/api/v1/instance", older_answered);
    }
}

/* ---- what was typed */

static char *lower(const char *text) {
    char *copy = memory_text(text);
    for (char *at = copy; *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
    }
    return copy;
}

struct journal_request *bridge_follow(const uint8_t event[EVENT_ID_BYTES], const char *host) {
    struct journal_request *request = journal_request_new(COMMAND_FOLLOW, event);
    request->command.text = memory_text(host);
    return request;
}

void follow_begin(struct errand *errand) {
    const char *typed = errand->request->command.text;
    const struct bridge_options *options = &errand->bridge->options;
    char origin[LIMIT_ORIGIN_BYTES + 1];
    errand->host = lower(typed);
    const char *known = follows_find(errand->bridge->follows, errand->host);
    if (known != NULL) {
        told(errand, known);
    } else if (!host_origin(origin, sizeof origin, errand->host, options->peers,
                            options->peer_count)) {
        errand_end(errand, REFUSAL_BAD_SERVER, NULL);
    } else {
        instance_ask(errand, "/api/v2/instance", instance_answered);
    }
}
