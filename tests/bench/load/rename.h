/* How Raute is made to broadcast: an organiser renames talk 1, again and again. */
#ifndef RAUTE_BENCH_RENAME_H
#define RAUTE_BENCH_RENAME_H

#include "bench/load/phone.h"

void rename_key(const char *key); /* the organiser's, in base64url */

/* The driver's steps: STEP_JOIN_ORGANISER, STEP_DRIVE. */
bool rename_join(struct phone *phone);
step_receive rename_receive;

/* Measures what a frame has besides the title, and adds talks where one title is too short. */
bool rename_prepare(size_t bytes);
bool rename_broadcast(int64_t stamp);

#endif
