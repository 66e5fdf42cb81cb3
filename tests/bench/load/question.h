/* A made-up question with a key of its own, signed as anonymity wants it. */
#ifndef RAUTE_BENCH_QUESTION_H
#define RAUTE_BENCH_QUESTION_H

#include <stddef.h>
#include <stdint.h>

#define QUESTION_BYTES_MOST   3000
#define QUESTION_MESSAGE_MOST 8192

/* Writes the whole command, with `id`, for the event of the last snapshot; its text has about so
 * many bytes and is unlike the others. Returns its length, which leaves room for padding. */
size_t question_write(char out[QUESTION_MESSAGE_MOST], uint32_t id, size_t bytes);

#endif
