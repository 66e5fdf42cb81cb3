/* Allocation that cannot fail: out of memory ends the process (the journal is durable, a supervisor
 * restarts it). Everything else uses these, never malloc. */
#ifndef RAUTE_BASE_MEMORY_H
#define RAUTE_BASE_MEMORY_H

#include <stddef.h>

void *memory_new(size_t bytes);                            /* zeroed; free() it */
void *memory_resize(void *old, size_t count, size_t size); /* count × size, checked for overflow */
char *memory_text(const char *text);                       /* a copy */
char *memory_text_n(const char *bytes, size_t count);      /* a copy with a final NUL */

#endif
