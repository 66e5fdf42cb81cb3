/* DATA/lock: whoever writes holds it. */
#ifndef RAUTE_MAIN_LOCK_H
#define RAUTE_MAIN_LOCK_H

enum lock_status { LOCK_TAKEN, LOCK_HELD, LOCK_FAILED };

/* Takes the lock without waiting; the data folder is made when it is missing. TAKEN: *descriptor is
 * to be given to lock_drop. FAILED: errno says why. */
enum lock_status lock_take(const char *data, int *descriptor);
void lock_drop(int descriptor);

#endif
