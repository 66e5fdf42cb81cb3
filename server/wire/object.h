/* JSON objects that come in: read strictly, checked against a list of members. Nothing of an object
 * is used before its shape and its encoding are known to be right, so the getters below cannot
 * fail. */
#ifndef RAUTE_WIRE_OBJECT_H
#define RAUTE_WIRE_OBJECT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/refusal.h"

enum member_type {
    MEMBER_NUMBER, /* integer, 0 to 2³²−1 */
    MEMBER_SIGNED, /* integer, −2³¹ to 2³¹−1 */
    MEMBER_BIG,    /* integer, 0 to 2⁶³−1 */
    MEMBER_FLAG,   /* true or false */
    MEMBER_BYTES,  /* base64url of exactly `bytes` bytes */
    MEMBER_WORD,   /* a string out of a fixed set, or a slug: checked by the decoder */
    MEMBER_TEXT,   /* by people: normal form, at most `bytes` bytes and `graphemes` graphemes */
    MEMBER_LIST,
    MEMBER_OBJECT,
};

struct member {
    const char *name; /* NULL ends a list of members */
    enum member_type type;
    bool optional;
    size_t bytes, graphemes;
};

/* One JSON object that ends with the bytes (white space aside). NULL when it is none: bad UTF-8,
 * lone surrogates, NUL, duplicate members, deeper than `depth`. json_decref it. */
json_t *object_read(const uint8_t *bytes, size_t length, size_t depth);

/* Exactly these members, of these types: BAD_MESSAGE; numbers in range: BAD_VALUE. */
enum refusal object_check_shape(const json_t *object, const struct member *members);
/* BAD_ENCODING. */
enum refusal object_check_encoding(const json_t *object, const struct member *members);
/* Every MEMBER_TEXT: TOO_LONG or BAD_TEXT. */
enum refusal object_check_texts(const json_t *object, const struct member *members);
/* One such text. */
enum refusal object_check_text(const char *text, size_t bytes, size_t graphemes);

bool object_has(const json_t *object, const char *name);
uint32_t object_number(const json_t *object, const char *name); /* 0 when it is not there */
int32_t object_signed(const json_t *object, const char *name);
uint64_t object_big(const json_t *object, const char *name);
bool object_flag(const json_t *object, const char *name);
const char *object_text(const json_t *object, const char *name); /* borrowed; NULL: not there */
void object_bytes(void *bytes, size_t count, const json_t *object, const char *name);
/* A copy into `room` bytes; false when it does not fit. */
bool object_copy(char *to, size_t room, const json_t *object, const char *name);

#endif
