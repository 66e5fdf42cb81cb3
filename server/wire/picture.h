/* Pictures that come from far servers: what they are is said by their first bytes alone. */
#ifndef RAUTE_WIRE_PICTURE_H
#define RAUTE_WIRE_PICTURE_H

#include <stddef.h>
#include <stdint.h>

/* "image/png", "image/jpeg", "image/gif" or "image/webp"; static text. NULL: nothing that browsers
 * are given (scripts can hide in SVG). */
const char *picture_type(const uint8_t *bytes, size_t length);

#endif
