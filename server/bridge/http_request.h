/* The inside of a request, for http.c, http_request.c and http_time.c alone. */
#ifndef RAUTE_BRIDGE_HTTP_REQUEST_H
#define RAUTE_BRIDGE_HTTP_REQUEST_H

#include <curl/curl.h>

#include "base/buffer.h"
#include "bridge/bridge.h"
#include "bridge/http.h"

struct http_request {
    struct http_request *next; /* waiting, or running */
    CURL *easy;                /* once it is started */
    char *method, *url;        /* the URL that is asked now */
    struct curl_slist *headers;
    const char *accept;
    char *authorization; /* the whole header; NULL: none */
    struct buffer form;
    char *json;
    bool follow;
    bool broken; /* cannot be sent as it is */
    unsigned redirects;
    int64_t deadline; /* monotonic ms */
    /* what comes: */
    struct buffer body;
    size_t limit;
    size_t header_count, header_bytes;
    bool pending;              /* given up, but not by the far server */
    bool refused_address;      /* what its name leads to may not be connected to */
    enum post_trouble trouble; /* it ends with this, without being sent */
    void (*done)(void *context, const struct http_answer *answer);
    void *context;
    const struct bridge_options *options;
};

void http_request_free(struct http_request *request);
/* Makes request->easy ready for request->url. `trusted` is PEM text; NULL: the system's. */
void http_request_ready(struct http_request *request, const char *agent,
                        const struct curl_blob *trusted);
/* After a redirect: forgets what came. False: the new URL may not be asked. */
bool http_request_again(struct http_request *request, const char *url);
/* What to make of libcurl's result. */
enum post_trouble http_trouble(const struct http_request *request, CURLcode code);
/* True when it reached the far server, which may still carry it out: ours was the end. */
bool http_pending(const struct http_request *request, CURLcode code);

/* When to try again, for an answer's headers (NULL: not there); `now` and result in Unix ms. */
int64_t http_retry_at(const char *retry_after, const char *reset, int64_t now);

#endif
