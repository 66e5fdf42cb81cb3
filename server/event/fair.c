#include "event/fair.h"

#include <stdbool.h>
#include <string.h>

/* Products of votes and exposures of a whole event go past 64 bits. */
__extension__ typedef unsigned __int128 wide;

/* Exposure that is assumed per first vote, before anything is known. */
#define FAIR_EXPOSURE 19200
#define FAIR_VOTES    6

static const uint8_t WEIGHTS[] = {16, 14, 12, 10, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2};

uint32_t fair_weight(uint32_t place) {
    return place < sizeof WEIGHTS ? WEIGHTS[place] : 1;
}

/* The score is (votes + 6) / (expected + 2), expected = exposure (V + 1) / (X + 19200).
 * This is (expected + 2) (X + 19200), its denominator without a division. */
static wide fair_denominator(const struct fair_item *item, struct fair_sums sums) {
    return (wide)item->exposure * ((wide)sums.votes + 1) +
           2 * ((wide)sums.exposure + FAIR_EXPOSURE);
}

/* True when `item` scores at least by / per as much as `above`. */
static bool fair_passes(const struct fair_item *item, const struct fair_item *above,
                        struct fair_sums sums, uint32_t by, uint32_t per) {
    return per * ((wide)item->votes + FAIR_VOTES) * fair_denominator(above, sums) >=
           by * ((wide)above->votes + FAIR_VOTES) * fair_denominator(item, sums);
}

void fair_step(struct fair_item *items, uint32_t count, struct fair_sums sums) {
    for (uint32_t i = 1; i < count; i++) {
        struct fair_item item = items[i];
        uint32_t place = i;
        while (place > 0 && fair_passes(&item, &items[place - 1], sums, 9, 8)) {
            place--;
        }
        memmove(&items[place + 1], &items[place], (i - place) * sizeof *items);
        items[place] = item;
    }
}

uint32_t fair_place(const struct fair_item *items, uint32_t count, struct fair_item newcomer,
                    struct fair_sums sums) {
    uint32_t place = count;
    while (place > 0 && fair_passes(&newcomer, &items[place - 1], sums, 1, 1)) {
        place--;
    }
    return place;
}
