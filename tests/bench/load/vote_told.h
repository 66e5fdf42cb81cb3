/* When everybody knew of a vote: the n-th vote for a question is told by the first frame whose
 * total has grown by n. That holds while totals only rise. */
#ifndef RAUTE_BENCH_VOTE_TOLD_H
#define RAUTE_BENCH_VOTE_TOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/load/histogram.h"

/* Totals are as of now; frames are watched from now on, if at all. */
void told_begin(unsigned questions, bool watch);
void told_sent(uint32_t number, int64_t sent, bool takes_back);
void told_wait(double seconds); /* until everything is told */
/* From sending a vote to its arrival at the last phone, where nobody is missing; `untold`: votes
 * that did not reach everybody. false: not known. */
bool told_times(struct histogram *last, uint32_t *untold);
void told_end(void);

#endif
