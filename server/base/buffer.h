/* A growing byte buffer with a maximum, declared at its birth. Past the maximum it keeps what fits
 * nowhere: `overflow` is set and stays, and later appends do nothing; check it once at the end. */
#ifndef RAUTE_BASE_BUFFER_H
#define RAUTE_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
    uint8_t *data; /* always NUL-terminated behind `length`, once anything was appended */
    size_t length, room, maximum;
    bool overflow;
};

struct buffer buffer_make(size_t maximum);
void buffer_clear(struct buffer *buffer); /* frees; may be used again */
void buffer_reset(struct buffer *buffer); /* empties, keeps the memory */
void buffer_append(struct buffer *buffer, const void *bytes, size_t count);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_number(struct buffer *buffer, uint64_t number); /* in decimal digits */
void buffer_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Hands the memory over (free() it); the buffer is empty then. NULL when nothing was appended. */
uint8_t *buffer_take(struct buffer *buffer, size_t *length);

#endif
