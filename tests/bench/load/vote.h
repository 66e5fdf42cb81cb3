/* Votes of the first phones, at a rate or as fast as they are acknowledged. */
#ifndef RAUTE_BENCH_VOTE_H
#define RAUTE_BENCH_VOTE_H

#include "bench/load/phone.h"

#define VOTE_WINDOW_MOST 32 /* unacknowledged ones of one phone */

struct vote_plan {
    double rate; /* a second in all; 0: the next one when one is acknowledged */
    double seconds;
    unsigned questions, voters, window;
};

/* Votes, waits for what is on its way, prints the answer; false: trouble. */
bool vote_run(const struct vote_plan *plan);
/* A live phone's message that is no frame; false: it is no acknowledgement of a vote. */
bool vote_answered(struct phone *phone, const struct message *message, int64_t now);

#endif
