/* As much of HTTP/1.1 as phones need: requests written once for all, answers with a length. */
#ifndef RAUTE_BENCH_HTTP_H
#define RAUTE_BENCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *bytes;
    size_t length;
};

struct answer {
    int status;
    struct text head, body;
    size_t length; /* of all */
};

#define ANSWER_PART  0 /* more is to come */
#define ANSWER_WHOLE 1
#define ANSWER_WRONG (-1) /* trouble is noted */

int answer_read(const uint8_t *bytes, size_t length, struct answer *answer);
/* The value of a header field; no bytes: there is none. */
struct text answer_field(const struct answer *answer, const char *name);

/* The requests; their text is made once and kept. `more` are whole header lines, or "". */
char *http_get(const char *path, const char *more);
char *http_upgrade(const char *path, const char *protocol);
/* Is it the answer to http_upgrade()? Trouble if not. */
bool http_upgraded(const struct answer *answer);

#endif
