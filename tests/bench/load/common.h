/* What all of the load client shares: its options, its clock, memory, and the first trouble of a
 * command. Trouble does not end the client: it becomes that command's {"error":…}. */
#ifndef RAUTE_BENCH_COMMON_H
#define RAUTE_BENCH_COMMON_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIMIT_PIDS      8
#define LIMIT_PHONES    65536
#define LIMIT_HANDSHAKE 256 /* in flight at once */
#define SOURCES         20  /* addresses 127.0.0.2 … that phones come from */
#define SECOND          INT64_C(1000000000)
#define MILLISECOND     INT64_C(1000000)

struct kind;

struct options {
    const struct kind *kind;
    const char *host; /* ADDR:PORT as given: the Host header */
    const char *path;
    struct sockaddr_in server;
    int pids[LIMIT_PIDS];
    unsigned pid_count;
    bool tls;
};

extern struct options options;

int64_t now_ns(void); /* CLOCK_MONOTONIC */
void *memory_make(size_t count, size_t size);
void *memory_resize(void *memory, size_t count, size_t size);

/* Notes the first trouble since trouble_forget(); later ones follow from it. */
void trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *trouble_text(void); /* NULL: none */
void trouble_forget(void);

#endif
