/* One TCP connection to the server, with TLS if so wished. It never blocks but in line_send() while
 * the socket is full, which for messages as small as ours means that the server does not read. */
#ifndef RAUTE_BENCH_LINE_H
#define RAUTE_BENCH_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LINE_NOTHING (-1) /* for now */
#define LINE_ENDED   (-2) /* closed or broken: errno, or 0 */

struct line {
    int fd;             /* -1: none */
    struct ssl_st *tls; /* NULL: none */
};

/* Begins to connect from 127.0.0.(2 + source); false with errno set. */
bool line_open(struct line *line, unsigned source);
void line_close(struct line *line);
/* Once the socket is writable: whether bytes can be sent, LINE_NOTHING, LINE_ENDED, or 1. */
int line_ready(struct line *line);
/* All of the bytes, or trouble. */
bool line_send(struct line *line, const void *bytes, size_t length);
/* What has arrived, LINE_NOTHING or LINE_ENDED. */
ssize_t line_receive(struct line *line, uint8_t *bytes, size_t most);

#endif
