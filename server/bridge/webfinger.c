#include "bridge/webfinger.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "bridge/address.h"

#define LINKS_LOOKED 64
#define URL_BYTES    2048

struct asking {
    struct reach *reach;
    void (*done)(void *context, enum refusal refusal, const struct finger *finger);
    void *context;
};

static bool is(const char *text, const char *other) {
    return text != NULL && strcmp(text, other) == 0;
}

static bool is_activity(const char *type) {
    return is(type, "application/activity+json") ||
           (type != NULL &&
            strncmp(type, "application/ld+json", strlen("application/ld+json")) == 0);
}

/* The braces of a template stand where an address of another server will. */
static const char *sound(const struct asking *asking, const char *url) {
    const struct bridge_options *options = asking->reach->options;
    bool good = url != NULL && strlen(url) <= LIMIT_URL_BYTES &&
                url_allowed(url, options->peers, options->peer_count);
    return good ? url : NULL;
}

static void link_read(const struct asking *asking, const json_t *link, struct finger *finger) {
    const char *rel = json_text(link, "rel"), *type = json_text(link, "type");
    const char *href = sound(asking, json_text(link, "href"));
    const char *template = sound(asking, json_text(link, "template"));
    if (is(rel, "self") && is_activity(type) && finger->actor == NULL) {
        finger->actor = href;
    } else if (is(rel, "http://webfinger.net/rel/profile-page") && finger->profile == NULL) {
        finger->profile = href;
    } else if (is(rel, "http://ostatus.org/schema/1.0/subscribe") && template != NULL &&
               strstr(template, "{uri}") != NULL && finger->subscribe == NULL) {
        finger->subscribe = template;
    }
}

static void answered(void *context, const struct http_answer *answer) {
    struct asking *asking = context;
    struct finger finger = {0};
    enum refusal refusal = REFUSAL_OK;
    const json_t *links = json_object_get(answer->json, "links");
    if (is_missing(answer)) {
        refusal = REFUSAL_BAD_ACCOUNT;
    } else if (answer->trouble != TROUBLE_NONE || answer->status != 200) {
        refusal = refusal_of(answer);
    } else if (!json_is_array(links)) {
        refusal = REFUSAL_BAD_SERVER;
    }
    for (size_t at = 0; at < json_array_size(links) && at < LINKS_LOOKED; at++) {
        link_read(asking, json_array_get(links, at), &finger);
    }
    asking->done(asking->context, refusal, refusal == REFUSAL_OK ? &finger : NULL);
    free(asking);
}

void finger_ask(struct reach *reach, const char *account,
                void (*done)(void *context, enum refusal refusal, const struct finger *finger),
                void *context) {
    const struct bridge_options *options = reach->options;
    struct asking *asking = memory_new(sizeof *asking);
    *asking = (struct asking){.reach = reach, .done = done, .context = context};
    char origin[LIMIT_ORIGIN_BYTES + 1];
    struct buffer url = buffer_make(URL_BYTES);
    const char *at = strrchr(account, '@');
    if (at != NULL && at > account && at - account < LIMIT_CARD_ACCOUNT_BYTES &&
        host_origin(origin, sizeof origin, at + 1, options->peers, options->peer_count)) {
        char *escaped = http_escape(account);
        buffer_format(&url, "%s/.well-known/webfinger?resource=acct%%3A%s", origin, escaped);
        free(escaped);
    }
    /* Without a host nobody is asked, and the answer comes all the same. */
    struct http_request *request =
        http_request_new("GET", url.length == 0 || url.overflow ? "" : (const char *)url.data);
    http_accept(request, "application/jrd+json, application/json");
    http_follow(request);
    http_send(reach->http, request, answered, asking);
    buffer_clear(&url);
}
