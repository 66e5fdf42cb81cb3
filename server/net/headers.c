#include "net/headers.h"

#include <string.h>

#include "net/origin.h"

static const struct {
    int status;
    const char *text;
} STATUSES[] = {
    {200, "OK"},
    {201, "Created"},
    {302, "Found"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {507, "Insufficient Storage"},
};

const char *status_text(int status) {
    for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++) {
        if (STATUSES[i].status == status) {
            return STATUSES[i].text;
        }
    }
    return "Other";
}

/* Older browsers do not count the socket's address among 'self'. */
static void policy_append(struct buffer *out, const char *host) {
    buffer_text(out, "content-security-policy: default-src 'none'; script-src 'self'; "
                     "style-src 'self'; img-src 'self' data:; connect-src 'self'");
    if (*host != '\0') {
        buffer_format(out, " ws://%s wss://%s", host, host);
    }
    buffer_text(out, "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                     "require-trusted-types-for 'script'\r\n");
}

static void line_append(struct buffer *out, const char *name, const char *value) {
    buffer_text(out, name);
    buffer_text(out, value);
    buffer_text(out, "\r\n");
}

static void status_append(struct buffer *out, int status) {
    buffer_text(out, "HTTP/1.1 ");
    buffer_number(out, (uint64_t)status);
    line_append(out, " ", status_text(status));
}

void headers_append(struct buffer *out, const struct exchange *exchange, bool secure) {
    status_append(out, exchange->status);
    if (exchange->status != 304) {
        buffer_text(out, "content-length: ");
        buffer_number(out, exchange->length);
        buffer_text(out, "\r\n");
    }
    if (exchange->type != NULL) {
        line_append(out, "content-type: ", exchange->type);
        if (strncmp(exchange->type, "text/html", 9) == 0) {
            policy_append(out, exchange->host);
            /* Browsers complain about it on plain http, where it means nothing to them. */
            buffer_text(out, secure ? "cross-origin-opener-policy: same-origin\r\n" : "");
        }
    }
    if (exchange->encoding != NULL) {
        line_append(out, "content-encoding: ", exchange->encoding);
    }
    if (exchange->varies) {
        buffer_text(out, "vary: accept-encoding, accept-language, authorization\r\n");
    }
    if (*exchange->etag != '\0') {
        line_append(out, "etag: ", exchange->etag);
    }
    line_append(out, "cache-control: ", exchange->cache);
    buffer_text(out, exchange->extra);
    buffer_text(out, "referrer-policy: no-referrer\r\n"
                     "x-content-type-options: nosniff\r\n"
                     "cross-origin-resource-policy: same-origin\r\n");
    if (secure) {
        buffer_text(out, "strict-transport-security: max-age=63072000\r\n");
    }
    if (exchange->close) {
        buffer_text(out, "connection: close\r\n");
    }
    buffer_text(out, "\r\n");
}
