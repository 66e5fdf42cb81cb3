/* The two clocks. */
#ifndef RAUTE_BASE_CLOCK_H
#define RAUTE_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_unix_ms(void);      /* for what is told to people */
int64_t clock_monotonic_ms(void); /* for waiting */

#endif
