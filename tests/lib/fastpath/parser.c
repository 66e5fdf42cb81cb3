#include "lib/fastpath/parser.h"

#include <stdlib.h>
#include <string.h>

#define FIN     0x80
#define RSV     0x70
#define MASKED  0x80
#define CONTROL 125 /* at most, of a control frame */

void parser_clear(struct parser *parser) {
    free(parser->payload);
    *parser = (struct parser){0};
}

enum opcode parser_opcode(const struct parser *parser) {
    return (enum opcode)(parser->head[0] & 0x0f);
}

bool parser_within(const struct parser *parser) {
    return parser->head_length > 0 && !parser->whole;
}

static const char *first_check(uint8_t byte) {
    if ((byte & FIN) == 0) {
        return "a piece of a message, where only whole ones are sent";
    }
    if ((byte & RSV) != 0) {
        return "a reserved bit is set";
    }
    switch (byte & 0x0f) {
    case OPCODE_TEXT:
    case OPCODE_CLOSE:
    case OPCODE_PING:
    case OPCODE_PONG:
        return NULL;
    default:
        return "an opcode that nobody sends";
    }
}

static const char *second_check(uint8_t first, uint8_t byte) {
    if ((byte & MASKED) != 0) {
        return "a server's frame is masked";
    }
    if ((first & 0x0f) != OPCODE_TEXT && byte > CONTROL) {
        return "a control frame is too long";
    }
    return NULL;
}

/* 0: the head is not whole yet. */
static size_t head_needed(const struct parser *parser) {
    if (parser->head_length < 2) {
        return 0;
    }
    return parser->head[1] == 126 ? 4 : parser->head[1] == 127 ? 10 : 2;
}

static const char *head_end(struct parser *parser) {
    uint64_t length = parser->head[1];
    if (parser->head_length > 2) {
        length = 0;
        for (size_t i = 2; i < parser->head_length; i++) {
            length = length << 8 | parser->head[i];
        }
        if (length <= (parser->head_length == 4 ? 125u : 65535u)) {
            return "a length that could be written shorter";
        }
    }
    if (length > PARSER_FRAME_MAX) {
        return "a length beyond all limits";
    }
    parser->length = (size_t)length;
    parser->got = 0;
    if (parser->room <= parser->length) {
        parser->room = parser->length + 1;
        parser->payload = realloc(parser->payload, parser->room);
    }
    return NULL;
}

/* One byte of the head. */
static const char *head_take(struct parser *parser, uint8_t byte) {
    parser->head[parser->head_length++] = byte;
    const char *why = parser->head_length == 1   ? first_check(byte)
                      : parser->head_length == 2 ? second_check(parser->head[0], byte)
                                                 : NULL;
    if (why == NULL && parser->head_length == head_needed(parser)) {
        why = head_end(parser);
    }
    return why;
}

enum parse parser_take(struct parser *parser, const uint8_t *bytes, size_t length, size_t *used) {
    *used = 0;
    if (parser->whole) {
        parser->whole = false;
        parser->head_length = 0;
    }
    while (parser->head_length < 2 || parser->head_length < head_needed(parser)) {
        if (*used == length) {
            return PARSE_MORE;
        }
        parser->why = head_take(parser, bytes[(*used)++]);
        if (parser->why != NULL) {
            return PARSE_BAD;
        }
    }
    size_t part = length - *used;
    if (part > parser->length - parser->got) {
        part = parser->length - parser->got;
    }
    memcpy(parser->payload + parser->got, bytes + *used, part);
    parser->got += part;
    *used += part;
    if (parser->got < parser->length) {
        return PARSE_MORE;
    }
    parser->payload[parser->length] = '\0';
    parser->whole = true;
    return PARSE_FRAME;
}

size_t frame_make(uint8_t *frame, enum opcode opcode, const void *payload, size_t length,
                  uint32_t mask) {
    size_t at = 0;
    frame[at++] = (uint8_t)(FIN | opcode);
    if (length > CONTROL) {
        frame[at++] = MASKED | 126;
        frame[at++] = (uint8_t)(length >> 8);
        frame[at++] = (uint8_t)length;
    } else {
        frame[at++] = (uint8_t)(MASKED | length);
    }
    uint8_t key[4];
    memcpy(key, &mask, sizeof key);
    memcpy(frame + at, key, sizeof key);
    at += sizeof key;
    for (size_t i = 0; i < length; i++) {
        frame[at++] = (uint8_t)(((const uint8_t *)payload)[i] ^ key[i % 4]);
    }
    return at;
}
