/* The measured commands that only receive: broadcast, watch. */
#ifndef RAUTE_BENCH_BROADCAST_H
#define RAUTE_BENCH_BROADCAST_H

#include <stdbool.h>
#include <stddef.h>

/* Prints the answer; false: trouble. Rate 0: the next one when everybody has the last. */
bool broadcast_run(size_t bytes, double rate, double seconds);
bool watch_run(double seconds);

#endif
