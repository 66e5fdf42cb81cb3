#include "bench/load/websocket.h"

#include <string.h>

#include "bench/load/common.h"

/* Servers may skip the work of a mask that is all zero. */
static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};

size_t websocket_write(uint8_t *out, uint8_t opcode, const void *payload, size_t length) {
    const uint8_t *from = payload;
    size_t header = 2;
    out[0] = opcode;
    if (length < 126) {
        out[1] = (uint8_t)(0x80 | length);
    } else {
        out[1] = 0x80 | 126;
        out[2] = (uint8_t)(length >> 8);
        out[3] = (uint8_t)length;
        header = 4;
    }
    memcpy(out + header, mask, sizeof mask);
    header += sizeof mask;
    for (size_t i = 0; i < length; i++) {
        out[header + i] = from[i] ^ mask[i % sizeof mask];
    }
    return header + length;
}

bool websocket_send(struct line *line, uint8_t opcode, const void *payload, size_t length) {
    uint8_t out[WEBSOCKET_MESSAGE_MOST + WEBSOCKET_HEADER_MOST];
    if (length > WEBSOCKET_MESSAGE_MOST) {
        trouble("a message of %zu bytes is too long", length);
        return false;
    }
    return line_send(line, out, websocket_write(out, opcode, payload, length));
}

void websocket_wrong(const uint8_t *bytes) {
    trouble("no frame: begins with %02x %02x", bytes[0], bytes[1]);
}
