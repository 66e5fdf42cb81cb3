#include "bridge/http_request.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/address.h"

#define FORM_BYTES         65536
#define HEADERS_MAX        100
#define HEADER_BYTES_MAX   32768
#define SLOW_BYTES         16L /* a second, for so long: too slow */
#define SLOW_SECONDS       15L
#define REQUEST_LINE_BYTES 16384

struct http_request *http_request_new(const char *method, const char *url) {
    struct http_request *request = memory_new(sizeof *request);
    request->method = memory_text(method);
    request->url = memory_text(url);
    request->form = buffer_make(FORM_BYTES);
    request->limit = LIMIT_FAR_BYTES;
    request->accept = "application/json";
    return request;
}

void http_request_free(struct http_request *request) {
    if (request->easy != NULL) {
        curl_easy_cleanup(request->easy);
    }
    curl_slist_free_all(request->headers);
    buffer_clear(&request->form);
    buffer_clear(&request->body);
    free(request->json);
    free(request->authorization);
    free(request->method);
    free(request->url);
    free(request);
}

/* NULL when a value would end the line: values may come from far servers. */
static char *header_line(const char *name, const char *first, const char *second) {
    struct buffer line = buffer_make(REQUEST_LINE_BYTES);
    buffer_format(&line, "%s: %s%s", name, first, second);
    bool whole = !line.overflow;
    for (size_t at = 0; at < line.length; at++) {
        whole = whole && !iscntrl(line.data[at]);
    }
    char *text = whole ? memory_text((const char *)line.data) : NULL;
    buffer_clear(&line);
    return text;
}

void http_header(struct http_request *request, const char *name, const char *value) {
    char *line = header_line(name, value, "");
    request->broken = request->broken || line == NULL;
    if (line != NULL) {
        struct curl_slist *headers = curl_slist_append(request->headers, line);
        INVARIANT(headers != NULL);
        request->headers = headers;
        free(line);
    }
}

void http_accept(struct http_request *request, const char *types) {
    request->accept = types;
}

void http_bearer(struct http_request *request, const char *scheme, const char *token) {
    char start[32];
    (void)snprintf(start, sizeof start, "%s ", scheme);
    free(request->authorization);
    request->authorization = header_line("Authorization", start, token);
    request->broken = request->broken || request->authorization == NULL;
}

void http_form(struct http_request *request, const char *name, const char *value) {
    char *escaped = http_escape(value);
    buffer_format(&request->form, "%s%s=%s", request->form.length > 0 ? "&" : "", name, escaped);
    request->broken = request->broken || request->form.overflow;
    free(escaped);
}

void http_json(struct http_request *request, const json_t *json) {
    free(request->json);
    request->json = json_dumps(json, JSON_COMPACT);
    INVARIANT(request->json != NULL);
    http_header(request, "Content-Type", "application/json");
}

void http_follow(struct http_request *request) {
    INVARIANT(strcmp(request->method, "GET") == 0);
    request->follow = true;
}

void http_limit(struct http_request *request, size_t bytes) {
    request->limit = bytes;
}

char *http_escape(const char *text) {
    char *escaped = curl_easy_escape(NULL, text, 0);
    INVARIANT(escaped != NULL);
    char *copy = memory_text(escaped);
    curl_free(escaped);
    return copy;
}

/* ---- what libcurl asks and tells */

static curl_socket_t socket_open(void *context, curlsocktype purpose,
                                 struct curl_sockaddr *address) {
    struct http_request *request = context;
    const struct bridge_options *options = request->options;
    if (purpose != CURLSOCKTYPE_IPCXN ||
        (!address_public(&address->addr) &&
         !peer_allowed(request->url, options->peers, options->peer_count))) {
        request->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t body_take(char *bytes, size_t size, size_t count, void *context) {
    struct http_request *request = context;
    buffer_append(&request->body, bytes, size * count);
    return request->body.overflow ? 0 : size * count;
}

static size_t header_take(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    struct http_request *request = context;
    request->header_count++;
    request->header_bytes += size * count;
    bool fits = request->header_count <= HEADERS_MAX && request->header_bytes <= HEADER_BYTES_MAX;
    return fits ? size * count : 0;
}

/* ---- making it ready */

#define SET(easy, option, value) INVARIANT(curl_easy_setopt(easy, option, value) == CURLE_OK)

static void method_set(const struct http_request *request) {
    CURL *easy = request->easy;
    if (strcmp(request->method, "GET") == 0) {
        SET(easy, CURLOPT_HTTPGET, 1L);
        return;
    }
    const char *body = request->json != NULL ? request->json : (const char *)request->form.data;
    if (body != NULL || strcmp(request->method, "POST") == 0) {
        SET(easy, CURLOPT_POSTFIELDSIZE, (long)(body == NULL ? 0 : strlen(body)));
        SET(easy, CURLOPT_POSTFIELDS, body == NULL ? "" : body);
    }
    SET(easy, CURLOPT_CUSTOMREQUEST, request->method);
    /* On a kept-alive connection libcurl would repeat by itself what may have been done. */
    SET(easy, CURLOPT_FRESH_CONNECT, 1L);
}

static void limits_set(struct http_request *request) {
    CURL *easy = request->easy;
    SET(easy, CURLOPT_NOSIGNAL, 1L);
    SET(easy, CURLOPT_CONNECTTIMEOUT, (long)FAR_CONNECT_SECONDS);
    SET(easy, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
    SET(easy, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
    SET(easy, CURLOPT_QUICK_EXIT, 1L); /* nobody waits for the system's resolver */
    SET(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    SET(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    SET(easy, CURLOPT_FOLLOWLOCATION, 0L);
    SET(easy, CURLOPT_PROXY, "");
    SET(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    SET(easy, CURLOPT_OPENSOCKETFUNCTION, socket_open);
    SET(easy, CURLOPT_OPENSOCKETDATA, request);
    SET(easy, CURLOPT_WRITEFUNCTION, body_take);
    SET(easy, CURLOPT_WRITEDATA, request);
    SET(easy, CURLOPT_HEADERFUNCTION, header_take);
    SET(easy, CURLOPT_HEADERDATA, request);
}

static void target_set(struct http_request *request) {
    CURL *easy = request->easy;
    int64_t left = request->deadline - clock_monotonic_ms();
    SET(easy, CURLOPT_URL, request->url);
    SET(easy, CURLOPT_TIMEOUT_MS, (long)(left > 1 ? left : 1));
}

void http_request_ready(struct http_request *request, const char *agent,
                        const struct curl_blob *trusted) {
    request->easy = curl_easy_init();
    INVARIANT(request->easy != NULL);
    CURL *easy = request->easy;
    request->body = buffer_make(request->limit);
    request->deadline = clock_monotonic_ms() + (int64_t)FAR_SECONDS * 1000;
    limits_set(request);
    method_set(request);
    target_set(request);
    SET(easy, CURLOPT_PRIVATE, request);
    SET(easy, CURLOPT_USERAGENT, agent);
    SET(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    SET(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (trusted != NULL) {
        SET(easy, CURLOPT_CAINFO_BLOB, trusted);
    }
    http_header(request, "Accept", request->accept);
    if (request->authorization != NULL) {
        struct curl_slist *headers = curl_slist_append(request->headers, request->authorization);
        INVARIANT(headers != NULL);
        request->headers = headers;
    }
    SET(easy, CURLOPT_HTTPHEADER, request->headers);
}

/* The Authorization header is the last of the list. */
static void authorization_drop(struct http_request *request) {
    struct curl_slist *kept = NULL;
    for (struct curl_slist *at = request->headers; at != NULL && at->next != NULL; at = at->next) {
        kept = curl_slist_append(kept, at->data);
        INVARIANT(kept != NULL);
    }
    SET(request->easy, CURLOPT_HTTPHEADER, kept);
    curl_slist_free_all(request->headers);
    request->headers = kept;
    free(request->authorization);
    request->authorization = NULL;
}

bool http_request_again(struct http_request *request, const char *url) {
    if (!url_allowed(url, request->options->peers, request->options->peer_count)) {
        return false;
    }
    if (request->authorization != NULL && !origin_same(url, request->url)) {
        authorization_drop(request);
    }
    char *next = memory_text(url);
    free(request->url);
    request->url = next;
    request->redirects++;
    request->refused_address = false;
    buffer_reset(&request->body);
    target_set(request);
    return true;
}

enum post_trouble http_trouble(const struct http_request *request, CURLcode code) {
    switch (code) {
    case CURLE_OK:
        return TROUBLE_NONE;
    case CURLE_COULDNT_CONNECT:
        return request->refused_address ? TROUBLE_ADDRESS : TROUBLE_UNREACHABLE;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return TROUBLE_CERTIFICATE;
    case CURLE_WRITE_ERROR: /* more than we take */
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_CONTENT_ENCODING:
        return TROUBLE_ANSWER;
    default:
        return TROUBLE_UNREACHABLE;
    }
}

bool http_pending(const struct http_request *request, CURLcode code) {
    long sent = 0;
    (void)curl_easy_getinfo(request->easy, CURLINFO_REQUEST_SIZE, &sent);
    return code == CURLE_OPERATION_TIMEDOUT && sent > 0 && strcmp(request->method, "GET") != 0;
}
