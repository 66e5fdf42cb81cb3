/* Whether people can tell two texts apart: "Anna", "anna", "Аnna" (with a Cyrillic letter) and
 * "A\u200Dnna" look alike. On ICU's skeletons (Unicode Technical Standard 39); case and what is
 * never seen are passed over, too. Thread-safe. */
#ifndef RAUTE_BASE_CONFUSABLE_H
#define RAUTE_BASE_CONFUSABLE_H

#include <stdint.h>

#define CONFUSABLE_BYTES 16

/* Of a text in valid UTF-8: equal for texts that look alike. The first call in a process loads
 * ICU's tables, some milliseconds; then it takes about 20 µs. The bytes may differ with another
 * version of ICU: nothing may store them. */
void confusable_hash(uint8_t hash[CONFUSABLE_BYTES], const char *text);

#endif
