/* An account's picture, for the organiser page, which shows no image of another server. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bridge/network.h"

struct fetch {
    void (*done)(void *context, uint8_t *bytes, uint32_t count);
    void *context;
};

static bool starts_with(const struct http_answer *answer, size_t at, const char *magic,
                        size_t count) {
    return answer->length >= at + count && memcmp(answer->body + at, magic, count) == 0;
}

static bool is_image(const struct http_answer *answer) {
    return starts_with(answer, 0, "\x89PNG\r\n\x1a\n", 8) ||
           starts_with(answer, 0, "\xff\xd8\xff", 3) || starts_with(answer, 0, "GIF87a", 6) ||
           starts_with(answer, 0, "GIF89a", 6) ||
           (starts_with(answer, 0, "RIFF", 4) && starts_with(answer, 8, "WEBP", 4));
}

static void image_answered(void *context, const struct http_answer *answer) {
    struct fetch *fetch = context;
    uint8_t *bytes = NULL;
    uint32_t count = 0;
    if (answer->trouble == TROUBLE_NONE && answer->status == 200 && is_image(answer)) {
        count = (uint32_t)answer->length; /* at most LIMIT_AVATAR_BYTES */
        bytes = memory_new(count);
        memcpy(bytes, answer->body, count);
    }
    fetch->done(fetch->context, bytes, count);
    free(fetch);
}

void avatar_fetch(struct reach *reach, const char *url,
                  void (*done)(void *context, uint8_t *bytes, uint32_t count), void *context) {
    struct fetch *fetch = memory_new(sizeof *fetch);
    fetch->done = done;
    fetch->context = context;
    struct http_request *request = http_request_new("GET", url);
    http_limit(request, LIMIT_AVATAR_BYTES);
    http_follow(request);
    http_send(reach->http, request, image_answered, fetch);
}
