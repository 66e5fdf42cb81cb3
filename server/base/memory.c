#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static void *memory_checked(void *bytes) {
    if (bytes == NULL) {
        log_fatal("out of memory");
    }
    return bytes;
}

void *memory_new(size_t bytes) {
    return memory_checked(calloc(1, bytes > 0 ? bytes : 1));
}

void *memory_resize(void *old, size_t count, size_t size) {
    INVARIANT(size == 0 || count <= SIZE_MAX / size);
    size_t bytes = count * size;
    return memory_checked(realloc(old, bytes > 0 ? bytes : 1));
}

char *memory_text(const char *text) {
    return memory_text_n(text, strlen(text));
}

char *memory_text_n(const char *bytes, size_t count) {
    INVARIANT(count < SIZE_MAX);
    char *copy = memory_checked(malloc(count + 1));
    if (count > 0) {
        memcpy(copy, bytes, count);
    }
    copy[count] = '\0';
    return copy;
}
