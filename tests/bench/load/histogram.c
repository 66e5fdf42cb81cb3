#include "bench/load/histogram.h"

#include <math.h>

/* The middle of a bucket. */
static double bucket_ns(uint64_t bucket) {
    if (bucket < 2 * HISTOGRAM_FINE) {
        return (double)bucket;
    }
    uint64_t shift = bucket / HISTOGRAM_FINE - 1;
    uint64_t low = (bucket - shift * HISTOGRAM_FINE) << shift;
    return (double)low + (double)(UINT64_C(1) << shift) / 2;
}

double histogram_ms(const struct histogram *histogram, double part) {
    double wanted = part * (double)histogram->count;
    uint64_t seen = 0;
    for (uint64_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        seen += histogram->buckets[bucket];
        if (seen > 0 && (double)seen >= wanted) {
            return fmin(bucket_ns(bucket), (double)histogram->max) / 1e6;
        }
    }
    return (double)NAN;
}
