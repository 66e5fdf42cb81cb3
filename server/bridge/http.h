/* Requests to far servers, on libcurl's multi interface, within the bridge thread. Every request is
 * bounded in time and size, speaks https to public addresses only (checked on the address that is
 * connected to, again after every redirect) but for the peers that the operator allows, and trusts
 * nobody's answer. Nothing of a request or an answer is logged.
 *
 * A GET on a kept-alive connection that the far server had closed is sent again on a fresh one
 * (libcurl's own rule); all other methods have a fresh connection each and are sent once. */
#ifndef RAUTE_BRIDGE_HTTP_H
#define RAUTE_BRIDGE_HTTP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/outgoing.h"

struct bridge_options;
struct http;
struct http_request;

struct http_answer {
    enum post_trouble trouble; /* NONE: there is an answer, whatever its status; else UNREACHABLE,
                                * ADDRESS, CERTIFICATE or ANSWER (too long, broken) */
    long status;
    const char *url; /* where it came from, after redirects */
    const char *body;
    size_t length;
    json_t *json;     /* the body, when it is a JSON object or array; else NULL */
    bool pending;     /* UNREACHABLE: it was asked, and we gave up waiting: it may still do it */
    int64_t retry_at; /* Unix ms from Retry-After (seconds or date), X-RateLimit-Reset (ISO 8601 or
                       * epoch seconds) of a 429 or 503, at most a day ahead; 0: none */
    const struct http_request *request; /* whose headers http_header_of() reads */
};

/* NULL when an option is wrong; *why says it (static text). */
struct http *http_new(const struct bridge_options *options, const char **why);
void http_free(struct http *http);

/* A request, owned by the caller until http_send. User-Agent and Accept: application/json are
 * there. Only http and https URLs; others answer ADDRESS. */
struct http_request *http_request_new(const char *method, const char *url);
void http_header(struct http_request *request, const char *name, const char *value);
/* Media types instead of application/json; static text. */
void http_accept(struct http_request *request, const char *types);
void http_bearer(struct http_request *request, const char *scheme, const char *token);
/* Adds a pair to the form that is the body (application/x-www-form-urlencoded). */
void http_form(struct http_request *request, const char *name, const char *value);
/* The body is this JSON; a reference is not taken. */
void http_json(struct http_request *request, const json_t *json);
/* Follows at most FAR_REDIRECTS redirects; only for GET. By default none is followed. */
void http_follow(struct http_request *request);
/* At most so many bytes of answer instead of LIMIT_FAR_BYTES; needed for images. */
void http_limit(struct http_request *request, size_t bytes);

/* Takes and sends it. `done` is called once, never within http_send; the answer is valid until it
 * returns. Beyond LIMIT_FAR_REQUESTS, and beyond 8 of one host, requests wait for their turn. */
void http_send(struct http *http, struct http_request *request,
               void (*done)(void *context, const struct http_answer *answer), void *context);
/* The first header of this name (case ignored) of the answer; NULL: none. */
const char *http_header_of(const struct http_answer *answer, const char *name);
/* True when its Content-Type is this media type, in any case of letters; what follows a semicolon
 * does not count. */
bool http_is_type(const struct http_answer *answer, const char *type);

/* One turn of the loop: waits at most `timeout_ms`, or until http_wake, and calls what is done.
 * Watches `extra` descriptors too (c-ares), whose revents it sets. */
struct curl_waitfd;
void http_turn(struct http *http, struct curl_waitfd *extra, unsigned extra_count, int timeout_ms);
void http_wake(struct http *http); /* any thread */
/* Ends every request with UNREACHABLE; later ones too. */
void http_stop(struct http *http);

/* Unix ms of "2026-11-01T12:35:00.000Z", or with "+01:00", a part of a second up; −1: something
 * else. */
int64_t http_time(const char *iso);
/* Percent-encodes a query's value; the caller frees it. */
char *http_escape(const char *text);
/* JSON strings: NULL when it is none. Borrowed. */
const char *json_text(const json_t *object, const char *name);

#endif
