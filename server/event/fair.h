/* The fair order: votes against what a question's exposure would lead one to expect, so that a
 * newcomer gets its chance. Integers only; the same on every machine. */
#ifndef RAUTE_EVENT_FAIR_H
#define RAUTE_EVENT_FAIR_H

#include <stdint.h>

/* What the order knows of one question. */
struct fair_item {
    uint32_t number;
    uint32_t votes;
    uint64_t exposure;
};

/* Sums over the talk's listed and answered questions. */
struct fair_sums {
    uint64_t votes, exposure;
};

#define FAIR_STEP_MS 30000

/* Attention weight of a place, from 0. */
uint32_t fair_weight(uint32_t place);

/* One step: each item, from the top, passes those above it while it scores at least 9/8 as much. */
void fair_step(struct fair_item *items, uint32_t count, struct fair_sums sums);

/* Where a newcomer goes (0 … count): up from the end past those that score no more. */
uint32_t fair_place(const struct fair_item *items, uint32_t count, struct fair_item newcomer,
                    struct fair_sums sums);

#endif
