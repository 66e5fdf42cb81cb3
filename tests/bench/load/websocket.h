/* WebSocket frames: those of the server are read in place, ours are written with a mask. */
#ifndef RAUTE_BENCH_WEBSOCKET_H
#define RAUTE_BENCH_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/load/line.h"

#define WEBSOCKET_TEXT   0x81 /* final, unfragmented */
#define WEBSOCKET_BINARY 0x82
#define WEBSOCKET_CLOSE  0x88
#define WEBSOCKET_PING   0x89
#define WEBSOCKET_PONG   0x8a

#define WEBSOCKET_HEADER_MOST  14
#define WEBSOCKET_MESSAGE_MOST 16384             /* of ours */
#define WEBSOCKET_FRAME_MOST   (2 * 1024 * 1024) /* of the server's */

struct message {
    uint8_t opcode; /* WEBSOCKET_… */
    const uint8_t *payload;
    size_t length, whole; /* of the payload; with the header */
};

/* The first frame in the bytes: its length, 0 when more is to come, -1 when it is none (trouble).
 */
static inline ssize_t websocket_read(const uint8_t *bytes, size_t length, struct message *message);

/* Writes a masked frame; returns its length. `out` has room for header and payload. */
size_t websocket_write(uint8_t *out, uint8_t opcode, const void *payload, size_t length);
bool websocket_send(struct line *line, uint8_t opcode, const void *payload, size_t length);

void websocket_wrong(const uint8_t *bytes);

static inline ssize_t websocket_read(const uint8_t *bytes, size_t length, struct message *message) {
    if (length < 2) {
        return 0;
    }
    size_t header = 2;
    uint64_t payload = bytes[1];
    if (payload >= 126) {
        size_t extra = payload == 126 ? 2 : 8;
        header += extra;
        payload = 0;
        for (size_t i = 0; i < extra && header <= length; i++) {
            payload = payload << 8 | bytes[2 + i];
        }
    }
    if ((bytes[0] & 0xf0) != 0x80 || bytes[1] > 127 || payload > WEBSOCKET_FRAME_MOST) {
        websocket_wrong(bytes);
        return -1;
    }
    if (header > length || payload > length - header) {
        return 0;
    }
    *message = (struct message){bytes[0], bytes + header, payload, header + payload};
    return (ssize_t)message->whole;
}

#endif
