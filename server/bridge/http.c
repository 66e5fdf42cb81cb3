#include "bridge/http.h"

#include <errno.h>
#include <openssl/pem.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/http_request.h"

#define AGENT_BYTES     400
#define TRUST_BYTES     (8 * 1024 * 1024) /* of PEM text */
#define SAME_HOST       8                 /* requests at once */
#define KEPT_ALIVE      64L
#define STATUS_LATER    503
#define STATUS_TOO_MANY 429

struct http {
    CURLM *multi;
    const struct bridge_options *options;
    char agent[AGENT_BYTES];
    char *trusted_text;
    struct curl_blob trusted; /* the system's certificates and ca_file; empty: the system's */
    struct http_request *running;
    size_t running_count;
    struct http_request *waiting, **waiting_last;
    struct http_request *ending, **ending_last; /* not sent, or not any more: `trouble` says why */
    bool stopped;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void curl_start(void) {
    INVARIANT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

static bool file_append(struct buffer *text, const char *path) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    char piece[4096];
    for (size_t count; (count = fread(piece, 1, sizeof piece, file)) > 0;) {
        buffer_append(text, piece, count);
    }
    bool whole = ferror(file) == 0 && !text->overflow;
    (void)fclose(file);
    buffer_text(text, "\n");
    return whole;
}

static bool certificate_in(const struct buffer *text) {
    BIO *bytes = BIO_new_mem_buf(text->data, (int)text->length);
    X509 *certificate = bytes == NULL ? NULL : PEM_read_bio_X509(bytes, NULL, NULL, NULL);
    X509_free(certificate);
    BIO_free(bytes);
    return certificate != NULL;
}

/* libcurl trusts one file or blob: both files become one. */
static const char *trust_read(struct http *http, const char *ca_file) {
    struct buffer text = buffer_make(TRUST_BYTES);
    const char *system = curl_version_info(CURLVERSION_NOW)->cainfo;
    if (!file_append(&text, ca_file) || !certificate_in(&text)) {
        buffer_clear(&text);
        return "--ca-file holds no certificate in PEM form";
    }
    if (system != NULL) {
        (void)file_append(&text, system); /* a machine may trust nobody else */
    }
    size_t length;
    http->trusted_text = (char *)buffer_take(&text, &length);
    http->trusted =
        (struct curl_blob){.data = http->trusted_text, .len = length, .flags = CURL_BLOB_NOCOPY};
    return NULL;
}

struct http *http_new(const struct bridge_options *options, const char **why) {
    struct http *http = memory_new(sizeof *http);
    *why = options->ca_file == NULL ? NULL : trust_read(http, options->ca_file);
    if (*why != NULL) {
        free(http);
        return NULL;
    }
    (void)pthread_once(&curl_once, curl_start);
    http->multi = curl_multi_init();
    INVARIANT(http->multi != NULL);
    INVARIANT(curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)SAME_HOST) ==
              CURLM_OK);
    INVARIANT(curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, KEPT_ALIVE) == CURLM_OK);
    http->options = options;
    http->waiting_last = &http->waiting;
    http->ending_last = &http->ending;
    (void)snprintf(http->agent, sizeof http->agent, "Raute (+%s)", options->public_url);
    return http;
}

/* ---- the answer */

const char *http_header_of(const struct http_answer *answer, const char *name) {
    struct curl_header *header;
    if (answer->request == NULL || answer->request->easy == NULL ||
        curl_easy_header(answer->request->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) {
        return NULL;
    }
    return header->value;
}

bool http_is_type(const struct http_answer *answer, const char *type) {
    const char *said = http_header_of(answer, "Content-Type");
    size_t length = strlen(type);
    return said != NULL && strncasecmp(said, type, length) == 0 &&
           strchr("; \t", said[length]) != NULL;
}

const char *json_text(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

static int64_t answer_retry_at(const struct http_answer *answer) {
    static const char *const resets[] = {"X-RateLimit-Reset", "RateLimit-Reset",
                                         "X-Rate-Limit-Reset"};
    if (answer->status != STATUS_TOO_MANY && answer->status != STATUS_LATER) {
        return 0;
    }
    const char *reset = NULL;
    for (size_t at = 0; reset == NULL && at < sizeof resets / sizeof *resets; at++) {
        reset = http_header_of(answer, resets[at]);
    }
    return http_retry_at(http_header_of(answer, "Retry-After"), reset, clock_unix_ms());
}

/* Tells whoever asked, and frees the request. */
static void request_end(struct http_request *request, enum post_trouble trouble) {
    struct http_answer answer = {.trouble = trouble,
                                 .pending = request->pending,
                                 .url = request->url,
                                 .body = "",
                                 .request = request};
    if (trouble == TROUBLE_NONE) {
        (void)curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &answer.status);
        answer.length = request->body.length;
        answer.body = answer.length > 0 ? (const char *)request->body.data : "";
        const char *first = answer.body + strspn(answer.body, " \t\r\n");
        if (*first == '{' || *first == '[') {
            answer.json = json_loadb(answer.body, answer.length, 0, NULL);
        }
        answer.retry_at = answer_retry_at(&answer);
    }
    request->done(request->context, &answer);
    json_decref(answer.json);
    http_request_free(request);
}

/* ---- the loop */

/* A host that is slow or dead takes no more of the places than these. */
static bool host_free(const struct http *http, const char *url) {
    unsigned count = 0;
    for (const struct http_request *at = http->running; at != NULL; at = at->next) {
        count += origin_same(at->url, url);
    }
    return count < SAME_HOST;
}

static void request_start(struct http *http, struct http_request *request) {
    http_request_ready(request, http->agent, http->trusted.len > 0 ? &http->trusted : NULL);
    INVARIANT(curl_multi_add_handle(http->multi, request->easy) == CURLM_OK);
    request->next = http->running;
    http->running = request;
    http->running_count++;
}

static void ending_add(struct http *http, struct http_request *request, enum post_trouble trouble) {
    request->trouble = trouble;
    request->next = NULL;
    *http->ending_last = request;
    http->ending_last = &request->next;
}

void http_send(struct http *http, struct http_request *request,
               void (*done)(void *context, const struct http_answer *answer), void *context) {
    const struct bridge_options *options = http->options;
    request->done = done;
    request->context = context;
    request->options = options;
    if (http->stopped) {
        ending_add(http, request, TROUBLE_UNREACHABLE);
    } else if (!url_allowed(request->url, options->peers, options->peer_count)) {
        ending_add(http, request, TROUBLE_ADDRESS);
    } else if (request->broken) {
        ending_add(http, request, TROUBLE_ANSWER); /* made of what a far server had said */
    } else if (http->running_count < LIMIT_FAR_REQUESTS && host_free(http, request->url)) {
        request_start(http, request);
    } else {
        request->next = NULL;
        *http->waiting_last = request;
        http->waiting_last = &request->next;
    }
}

static struct http_request *waiting_take(struct http *http, struct http_request **at) {
    struct http_request *request = *at;
    *at = request->next;
    if (*at == NULL) {
        http->waiting_last = at;
    }
    return request;
}

static void waiting_start(struct http *http) {
    struct http_request **at = &http->waiting;
    while (*at != NULL && http->running_count < LIMIT_FAR_REQUESTS) {
        if (host_free(http, (*at)->url)) {
            request_start(http, waiting_take(http, at));
        } else {
            at = &(*at)->next;
        }
    }
}

static void running_remove(struct http *http, struct http_request *request) {
    struct http_request **at = &http->running;
    while (*at != request) {
        at = &(*at)->next;
    }
    *at = request->next;
    http->running_count--;
    INVARIANT(curl_multi_remove_handle(http->multi, request->easy) == CURLM_OK);
}

/* False: it has not ended, but goes on elsewhere. */
static bool request_ended(struct http *http, struct http_request *request, CURLcode code,
                          enum post_trouble *trouble) {
    char *target = NULL;
    *trouble = http_trouble(request, code);
    request->pending = http_pending(request, code);
    if (*trouble != TROUBLE_NONE || !request->follow) {
        return true;
    }
    (void)curl_easy_getinfo(request->easy, CURLINFO_REDIRECT_URL, &target);
    if (target == NULL) {
        return true;
    }
    if (request->redirects == FAR_REDIRECTS) {
        *trouble = TROUBLE_ANSWER;
        return true;
    }
    if (!http_request_again(request, target)) {
        *trouble = TROUBLE_ADDRESS;
        return true;
    }
    INVARIANT(curl_multi_add_handle(http->multi, request->easy) == CURLM_OK);
    request->next = http->running;
    http->running = request;
    http->running_count++;
    return false;
}

static void ending_finish(struct http *http) {
    while (http->ending != NULL) {
        struct http_request *request = http->ending;
        http->ending = request->next;
        if (http->ending == NULL) {
            http->ending_last = &http->ending;
        }
        request_end(request, request->trouble);
    }
}

void http_turn(struct http *http, struct curl_waitfd *extra, unsigned extra_count, int timeout_ms) {
    int count;
    INVARIANT(curl_multi_poll(http->multi, extra, extra_count,
                              http->ending != NULL ? 0 : timeout_ms, NULL) == CURLM_OK);
    INVARIANT(curl_multi_perform(http->multi, &count) == CURLM_OK);
    for (CURLMsg *message; (message = curl_multi_info_read(http->multi, &count)) != NULL;) {
        struct http_request *request = NULL;
        enum post_trouble trouble;
        CURLcode code = message->data.result; /* `message` ends with the handle's removal */
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &request);
        running_remove(http, request);
        if (request_ended(http, request, code, &trouble)) {
            request_end(request, trouble);
        }
    }
    ending_finish(http);
    waiting_start(http);
}

void http_wake(struct http *http) {
    (void)curl_multi_wakeup(http->multi);
}

void http_stop(struct http *http) {
    http->stopped = true;
    while (http->running != NULL) {
        struct http_request *request = http->running;
        running_remove(http, request);
        ending_add(http, request, TROUBLE_UNREACHABLE);
    }
    while (http->waiting != NULL) {
        ending_add(http, waiting_take(http, &http->waiting), TROUBLE_UNREACHABLE);
    }
    ending_finish(http);
}

void http_free(struct http *http) {
    http_stop(http);
    (void)curl_multi_cleanup(http->multi);
    free(http->trusted_text);
    free(http);
}
