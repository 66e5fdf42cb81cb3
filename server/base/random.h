/* Random bytes from the system. */
#ifndef RAUTE_BASE_RANDOM_H
#define RAUTE_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_start(void); /* once per process, before all else; ends the process when it fails */
void random_fill(void *bytes, size_t count);
uint32_t random_below(uint32_t bound); /* uniform in 0 … bound − 1 */

#endif
