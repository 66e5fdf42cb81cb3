#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

#define FIRST_ROOM_BYTES 64

struct buffer buffer_make(size_t maximum) {
    return (struct buffer){.maximum = maximum};
}

void buffer_clear(struct buffer *buffer) {
    free(buffer->data);
    *buffer = buffer_make(buffer->maximum);
}

void buffer_reset(struct buffer *buffer) {
    buffer->length = 0;
    buffer->overflow = false;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

/* Makes room for `count` bytes and a final NUL behind the length; false on overflow. */
static bool buffer_reserve(struct buffer *buffer, size_t count) {
    if (buffer->overflow || count > buffer->maximum - buffer->length) {
        buffer->overflow = true;
        return false;
    }
    size_t needed = buffer->length + count;
    if (needed < buffer->room) {
        return true;
    }
    size_t room = buffer->room > 0 ? buffer->room : FIRST_ROOM_BYTES;
    while (room <= needed) {
        INVARIANT(room <= SIZE_MAX / 2);
        room *= 2;
    }
    buffer->data = memory_resize(buffer->data, room, 1);
    buffer->room = room;
    return true;
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t count) {
    if (!buffer_reserve(buffer, count)) {
        return;
    }
    if (count > 0) {
        memcpy(buffer->data + buffer->length, bytes, count);
    }
    buffer->length += count;
    buffer->data[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text) {
    buffer_append(buffer, text, strlen(text));
}

/* Snapshots are full of numbers, and formatting costs ten times as much. */
void buffer_number(struct buffer *buffer, uint64_t number) {
    char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    buffer_append(buffer, digits + first, sizeof digits - first);
}

void buffer_format(struct buffer *buffer, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t room = buffer->room - buffer->length;
    char *end = buffer->data != NULL ? (char *)buffer->data + buffer->length : NULL;
    int count = vsnprintf(end, room, format, arguments);
    va_end(arguments);
    INVARIANT(count >= 0);
    size_t needed = (size_t)count;
    if (!buffer_reserve(buffer, needed)) {
        /* What the first try wrote behind the length is cut off again. */
        if (end != NULL) {
            *end = '\0';
        }
    } else {
        if (needed >= room) {
            (void)vsnprintf((char *)buffer->data + buffer->length, needed + 1, format, again);
        }
        buffer->length += needed;
    }
    va_end(again);
}

uint8_t *buffer_take(struct buffer *buffer, size_t *length) {
    uint8_t *data = buffer->data;
    *length = buffer->length;
    *buffer = buffer_make(buffer->maximum);
    return data;
}
