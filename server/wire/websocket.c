#include "wire/websocket.h"

#include <stdint.h>

#include "base/log.h"

#define HEADER_BYTES 10 /* the longest one without a mask */
#define FINAL_TEXT   0x81

struct buffer websocket_begin(size_t maximum) {
    struct buffer buffer = buffer_make(maximum + HEADER_BYTES);
    buffer_append(&buffer, (const uint8_t[HEADER_BYTES]){0}, HEADER_BYTES);
    return buffer;
}

/* Writes the header so that it ends where the payload begins; returns its length. */
static size_t header_write(uint8_t header[HEADER_BYTES], uint64_t length) {
    size_t extra = length < 126 ? 0 : length <= UINT16_MAX ? 2 : 8;
    uint8_t *at = header + HEADER_BYTES - 2 - extra;
    at[0] = FINAL_TEXT;
    at[1] = extra == 0 ? (uint8_t)length : extra == 2 ? 126 : 127;
    for (size_t i = 0; i < extra; i++) {
        at[2 + i] = (uint8_t)(length >> (8 * (extra - 1 - i)));
    }
    return 2 + extra;
}

struct shared *websocket_end(struct buffer *buffer) {
    struct shared *text = NULL;
    if (!buffer->overflow) {
        INVARIANT(buffer->length >= HEADER_BYTES);
        size_t length = buffer->length - HEADER_BYTES;
        size_t header = header_write(buffer->data, length);
        text = shared_new(buffer->data + HEADER_BYTES - header, header + length);
    }
    buffer_clear(buffer);
    return text;
}
