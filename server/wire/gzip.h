/* Compression of what HTTP gives out. */
#ifndef RAUTE_WIRE_GZIP_H
#define RAUTE_WIRE_GZIP_H

#include <stddef.h>

#include "base/shared.h"

#define ETAG_ROOM 28

/* One reference, the caller's; NULL when it would not be worth it (small, or hardly smaller). */
struct shared *gzip_make(const struct shared *plain);
/* A hash of the bytes, quoted. */
void etag_make(char etag[ETAG_ROOM], const struct shared *plain);

#endif
