#include "bench/load/common.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct options options;

static char text[256];

int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

void *memory_resize(void *memory, size_t count, size_t size) {
    void *made = reallocarray(memory, count, size);
    if (made == NULL) {
        fputs("load: out of memory\n", stderr);
        exit(1);
    }
    return made;
}

void *memory_make(size_t count, size_t size) {
    void *made = calloc(count, size);
    if (made == NULL) {
        fputs("load: out of memory\n", stderr);
        exit(1);
    }
    return made;
}

void trouble(const char *format, ...) {
    if (text[0] != '\0') {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
}

const char *trouble_text(void) {
    return text[0] == '\0' ? NULL : text;
}

void trouble_forget(void) {
    text[0] = '\0';
}
