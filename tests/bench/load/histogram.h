/* Times in buckets of at most 1.6 % width: any number of samples in fixed memory. */
#ifndef RAUTE_BENCH_HISTOGRAM_H
#define RAUTE_BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_FINE    64 /* buckets for each doubling */
#define HISTOGRAM_BUCKETS (HISTOGRAM_FINE * 60)

struct histogram {
    uint64_t count;
    int64_t max; /* ns */
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

/* Times below 0 count as 0. */
static inline void histogram_add(struct histogram *histogram, int64_t ns) {
    uint64_t value = ns < 0 ? 0 : (uint64_t)ns;
    unsigned shift = value < 2 * HISTOGRAM_FINE ? 0 : 57 - (unsigned)__builtin_clzll(value);
    histogram->buckets[shift * HISTOGRAM_FINE + (value >> shift)]++;
    histogram->count++;
    if (ns > histogram->max) {
        histogram->max = ns;
    }
}

/* The time, in ms, that `part` (0 to 1) of the samples do not exceed; NAN without samples. */
double histogram_ms(const struct histogram *histogram, double part);

#endif
