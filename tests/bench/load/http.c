#include "bench/load/http.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bench/load/common.h"

/* A fixed key and what RFC 6455 makes of it: the example of its section 1.3. */
#define KEY    "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

struct text answer_field(const struct answer *answer, const char *name) {
    size_t length = strlen(name);
    const char *at = answer->head.bytes, *end = at + answer->head.length;
    while (at < end) {
        const char *stop = memchr(at, '\r', (size_t)(end - at));
        stop = stop == NULL ? end : stop;
        if ((size_t)(stop - at) > length && at[length] == ':' &&
            strncasecmp(at, name, length) == 0) {
            const char *value = at + length + 1;
            while (value < stop && *value == ' ') {
                value++;
            }
            return (struct text){value, (size_t)(stop - value)};
        }
        at = stop + 2;
    }
    return (struct text){"", 0};
}

int answer_read(const uint8_t *bytes, size_t length, struct answer *answer) {
    const char *text = (const char *)bytes;
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL) {
        return ANSWER_PART;
    }
    if (length < 12 || memcmp(text, "HTTP/1.1 ", 9) != 0 || !isdigit((unsigned char)text[9])) {
        trouble("not HTTP: %.40s", text);
        return ANSWER_WRONG;
    }
    *answer = (struct answer){
        .status = (int)strtol(text + 9, NULL, 10),
        .head = {text, (size_t)(end - text) + 2},
    };
    size_t body = 0;
    struct text stated = answer_field(answer, "content-length");
    if (answer_field(answer, "transfer-encoding").length > 0) {
        trouble("an answer in chunks");
        return ANSWER_WRONG;
    }
    if (stated.length > 0 && answer->status != 304) {
        body = strtoul(stated.bytes, NULL, 10);
    }
    answer->body = (struct text){end + 4, body};
    answer->length = answer->head.length + 2 + body;
    return answer->length <= length ? ANSWER_WHOLE : ANSWER_PART;
}

char *http_get(const char *path, const char *more) {
    char *request;
    if (asprintf(&request, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, options.host, more) < 0) {
        abort();
    }
    return request;
}

char *http_upgrade(const char *path, const char *protocol) {
    char more[512];
    snprintf(more, sizeof more,
             "Upgrade: websocket\r\nConnection: Upgrade\r\nOrigin: http%s://%s\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n%s%s%s",
             options.tls ? "s" : "", options.host,
             protocol == NULL ? "" : "Sec-WebSocket-Protocol: ", protocol == NULL ? "" : protocol,
             protocol == NULL ? "" : "\r\n");
    return http_get(path, more);
}

bool http_upgraded(const struct answer *answer) {
    struct text accept = answer_field(answer, "sec-websocket-accept");
    if (answer->status != 101 || accept.length != sizeof ACCEPT - 1 ||
        memcmp(accept.bytes, ACCEPT, accept.length) != 0) {
        trouble("no WebSocket: %.60s", answer->head.bytes);
        return false;
    }
    return true;
}
