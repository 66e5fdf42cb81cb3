#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define LINE_BYTES 512
#define CODES_MAX  64 /* refusals and a few errors; more share one line */
#define MINUTE_MS  60000

struct code_count {
    const char *code;
    uint64_t count;
};

static pthread_mutex_t counts_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct code_count counts[CODES_MAX + 1]; /* the last one: all that found no place */
static int64_t flushed_minute;

/* One write for the whole line, so that lines of several threads stay whole. Times are minutes. */
static void line_write(const char *format, va_list arguments) {
    char line[LINE_BYTES];
    time_t now = (time_t)(clock_unix_ms() / 1000);
    struct tm utc;
    size_t length = strftime(line, sizeof line, "%Y-%m-%d %H:%MZ ", gmtime_r(&now, &utc));
    int count = vsnprintf(line + length, sizeof line - length, format, arguments);
    if (count > 0) {
        size_t room = sizeof line - length - 1;
        length += (size_t)count < room ? (size_t)count : room;
    }
    line[length < sizeof line ? length : sizeof line - 1] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, length + 1);
    (void)ignored; /* there is nobody else to tell */
}

void log_line(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    line_write(format, arguments);
    va_end(arguments);
}

void log_fatal(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    line_write(format, arguments);
    va_end(arguments);
    abort();
}

void log_count(const char *code) {
    (void)pthread_mutex_lock(&counts_mutex);
    size_t at = 0;
    while (at < CODES_MAX && counts[at].code != NULL && strcmp(counts[at].code, code) != 0) {
        at++;
    }
    if (counts[at].code == NULL) {
        counts[at].code = at < CODES_MAX ? code : "other codes";
    }
    counts[at].count++;
    (void)pthread_mutex_unlock(&counts_mutex);
}

void log_flush(void) {
    struct code_count due[CODES_MAX + 1];
    int64_t minute = clock_unix_ms() / MINUTE_MS;
    (void)pthread_mutex_lock(&counts_mutex);
    bool is_due = minute != flushed_minute;
    if (is_due) {
        flushed_minute = minute;
        memcpy(due, counts, sizeof due);
        memset(counts, 0, sizeof counts);
    }
    (void)pthread_mutex_unlock(&counts_mutex);
    for (size_t at = 0; is_due && at <= CODES_MAX; at++) {
        if (due[at].count > 0) {
            log_line("%s: %llu", due[at].code, (unsigned long long)due[at].count);
        }
    }
}
