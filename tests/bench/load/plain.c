/* Servers that broadcast a text as it is: to all WebSockets, or nchan's subscribers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/kind.h"

static const uint8_t script[] = {STEP_UPGRADE, STEP_LIVE};
static const uint8_t plain_driver[] = {STEP_UPGRADE, STEP_DRIVE};
static const uint8_t nchan_driver[] = {STEP_DRIVE};

static size_t wanted; /* bytes of a broadcast */

static bool bytes_prepare(size_t bytes) {
    wanted = bytes;
    return true;
}

/* The whole text is as it was sent. */
static bool text_parse(struct frame *frame) {
    const char *payload = (const char *)frame->payload;
    frame->stamp = stamp_find(frame->payload, frame->length);
    const char *text = broadcast_text(frame->stamp, frame->length);
    return frame->stamp != 0 && strlen(text) == frame->length &&
           memcmp(text, payload, frame->length) == 0;
}

static bool plain_broadcast(int64_t stamp) {
    const char *text = broadcast_text(stamp, wanted);
    return websocket_send(&driver.line, WEBSOCKET_TEXT, text, strlen(text));
}

static bool nchan_broadcast(int64_t stamp) {
    const char *text = broadcast_text(stamp, wanted);
    char *request;
    int length =
        asprintf(&request, "POST /pub HTTP/1.1\r\nHost: %s\r\nContent-Length: %zu\r\n\r\n%s",
                 options.host, strlen(text), text);
    bool sent = length > 0 && line_send(&driver.line, request, (size_t)length);
    free(request);
    return sent;
}

static ssize_t nchan_driver_receive(struct phone *phone, const uint8_t *bytes, size_t length,
                                    int64_t now) {
    (void)phone;
    (void)now;
    struct answer answer;
    int read = answer_read(bytes, length, &answer);
    if (read == ANSWER_WHOLE && answer.status / 100 != 2) {
        trouble("publishing was answered: %.40s", answer.head.bytes);
        return -1;
    }
    return read == ANSWER_WHOLE ? (ssize_t)answer.length : read;
}

const struct kind kind_plain = {
    .name = "plain",
    .path = "/",
    .driver_path = "/driver",
    .opcode = WEBSOCKET_TEXT,
    .script = script,
    .driver = plain_driver,
    .parse = text_parse,
    .prepare = bytes_prepare,
    .broadcast = plain_broadcast,
};

const struct kind kind_nchan = {
    .name = "nchan",
    .path = "/sub",
    .opcode = WEBSOCKET_TEXT,
    .script = script,
    .driver = nchan_driver,
    .parse = text_parse,
    .driver_receive = nchan_driver_receive,
    .prepare = bytes_prepare,
    .broadcast = nchan_broadcast,
};
