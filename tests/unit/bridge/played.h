/* A far server played at the seam of http.h: a script of requests that must come, in this order,
 * and their answers. What was sent stays to be looked at. */
#ifndef RAUTE_TESTS_BRIDGE_PLAYED_H
#define RAUTE_TESTS_BRIDGE_PLAYED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "base/log.h"
#include "base/memory.h"
#include "bridge/http.h"

#define PLAYED_MOST 24
#define TEXT_MOST   6000

/* One act: the request whose method and URL begin like this gets this answer. */
struct act {
    const char *request; /* "POST https://pds.example/xrpc/…" */
    long status;         /* 0: no answer, but `trouble` */
    const char *body;
    const char *nonce; /* header DPoP-Nonce; NULL: none */
    enum post_trouble trouble;
};

/* clang-format off: initializers */
#define PLAYED(r, s, b)                                                                            \
    { .request = (r), .status = (s), .body = (b) }
#define PLAYED_WITH(r, s, b, n)                                                                    \
    { .request = (r), .status = (s), .body = (b), .nonce = (n) }
#define PLAYED_NO(r, t)                                                                            \
    { .request = (r), .trouble = (t) }
/* clang-format on */

struct http_request {
    char line[TEXT_MOST]; /* method, space, URL */
    char authorization[TEXT_MOST], proof[TEXT_MOST], body[TEXT_MOST];
};

static struct {
    const struct act *acts;
    unsigned count, done;
    struct http_request sent[PLAYED_MOST];
    void (*answered)(void *context, const struct http_answer *answer);
    void *context;
    bool within; /* whoever sends has not returned */
} played;

struct http_request *http_request_new(const char *method, const char *url) {
    struct http_request *request = memory_new(sizeof *request);
    snprintf(request->line, sizeof request->line, "%s %s", method, url);
    return request;
}

void http_header(struct http_request *request, const char *name, const char *value) {
    assert_string_equal(name, "DPoP");
    assert_string_equal(request->proof, "");
    snprintf(request->proof, sizeof request->proof, "%s", value);
}

void http_accept(struct http_request *request, const char *types) {
    (void)request;
    (void)types;
}

void http_bearer(struct http_request *request, const char *scheme, const char *token) {
    snprintf(request->authorization, sizeof request->authorization, "%s %s", scheme, token);
}

char *http_escape(const char *text) {
    char *escaped = curl_easy_escape(NULL, text, 0);
    char *copy = memory_text(escaped);
    curl_free(escaped);
    return copy;
}

void http_form(struct http_request *request, const char *name, const char *value) {
    char *escaped = http_escape(value);
    size_t length = strlen(request->body);
    snprintf(request->body + length, sizeof request->body - length, "%s%s=%s",
             length > 0 ? "&" : "", name, escaped);
    free(escaped);
}

void http_json(struct http_request *request, const json_t *json) {
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
    INVARIANT(text != NULL);
    snprintf(request->body, sizeof request->body, "%s", text);
    free(text);
}

void http_follow(struct http_request *request) {
    (void)request;
}

void http_limit(struct http_request *request, size_t bytes) {
    (void)request;
    (void)bytes;
}

const char *http_header_of(const struct http_answer *answer, const char *name) {
    (void)answer;
    const struct act *act = &played.acts[played.done - 1];
    return strcmp(name, "DPoP-Nonce") == 0 ? act->nonce : NULL;
}

const char *json_text(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

void http_send(struct http *http, struct http_request *request,
               void (*done)(void *context, const struct http_answer *answer), void *context) {
    (void)http;
    assert_null(played.context);
    if (played.done == played.count) {
        fail_msg("nobody expects %s", request->line);
    }
    const char *expected = played.acts[played.done].request;
    if (strncmp(request->line, expected, strlen(expected)) != 0) {
        fail_msg("%s, not %s", request->line, expected);
    }
    played.sent[played.done++] = *request;
    free(request);
    played.answered = done;
    played.context = context;
}

static void play(const struct act *acts, unsigned count) {
    assert_in_range(count, 0, PLAYED_MOST);
    memset(&played, 0, sizeof played);
    played.acts = acts;
    played.count = count;
    played.within = true;
}

/* Answers until nobody asks; the whole script must have been played then. */
static void played_on(void) {
    played.within = false;
    while (played.context != NULL) {
        const struct act *act = &played.acts[played.done - 1];
        void *context = played.context;
        struct http_answer answer = {.trouble = act->trouble, .status = act->status, .body = ""};
        played.context = NULL;
        if (act->body != NULL) {
            answer.body = act->body;
            answer.length = strlen(act->body);
            answer.json = json_loads(act->body, 0, NULL);
        }
        played.answered(context, &answer);
        json_decref(answer.json);
    }
    assert_int_equal(played.done, played.count);
}

#define PLAY(acts) play(acts, sizeof(acts) / sizeof *(acts))

#endif
