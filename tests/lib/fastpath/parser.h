/* A server's side of a WebSocket, byte by byte: whole unmasked frames, each as short as it can be
 * written, nothing else. */
#ifndef FASTPATH_PARSER_H
#define FASTPATH_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARSER_FRAME_MAX (2u << 20) /* twice what the server may send */

enum opcode { OPCODE_TEXT = 1, OPCODE_CLOSE = 8, OPCODE_PING = 9, OPCODE_PONG = 10 };

enum parse { PARSE_MORE, PARSE_FRAME, PARSE_BAD };

struct parser {
    uint8_t head[10];
    size_t head_length;
    size_t length, got; /* of the payload; `length` counts once the head is whole */
    char *payload;      /* NUL-terminated when the frame is whole; valid until more is taken */
    size_t room;
    bool whole;
    const char *why; /* with PARSE_BAD; static */
};

void parser_clear(struct parser *parser);
/* Takes bytes up to the end of a frame and says in *used how many. */
enum parse parser_take(struct parser *parser, const uint8_t *bytes, size_t length, size_t *used);
/* Some of a frame is here, and some is not. */
bool parser_within(const struct parser *parser);
enum opcode parser_opcode(const struct parser *parser);

/* A client's frame, masked, payload at most 8 KiB. Returns its length. */
size_t frame_make(uint8_t *frame, enum opcode opcode, const void *payload, size_t length,
                  uint32_t mask);
#define FRAME_MAKE_MAX (8 + 8192)

#endif
