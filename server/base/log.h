/* The log: start, stop, and error codes with a count per minute, to standard error. Never an
 * address, a slug, a key, a text. A line has at most 500 bytes (longer ones are cut) and says the
 * minute, in UTC. */
#ifndef RAUTE_BASE_LOG_H
#define RAUTE_BASE_LOG_H

void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Counts `code` (static text); one line per code and minute says how often. Thread-safe. */
void log_count(const char *code);
/* Writes the counts of the minute that has ended; called about once a second, by one thread. */
void log_flush(void);
/* Writes what says why, and aborts: for broken invariants. */
void log_fatal(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Stays on in release builds. */
#define INVARIANT(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            log_fatal("%s:%d: broken invariant: %s", __FILE__, __LINE__, #condition);              \
        }                                                                                          \
    } while (0)

#endif
