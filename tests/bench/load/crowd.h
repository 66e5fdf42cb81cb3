/* All phones, the driver and whatever else has a connection: opened, turned over, closed. */
#ifndef RAUTE_BENCH_CROWD_H
#define RAUTE_BENCH_CROWD_H

#include "bench/load/phone.h"

struct crowd {
    struct phone *phones; /* LIMIT_PHONES places, which never move */
    unsigned count;       /* opened so far, or to be opened */
    unsigned begun;       /* the first that has not begun yet */
    unsigned opening;     /* handshakes in flight */
    unsigned live, muted; /* of the live ones */
    unsigned failed;      /* before they were live */
    unsigned lost;        /* after */
};

extern struct crowd crowd;
extern struct phone driver;

void crowd_start(void);
/* Waits for something to happen, at most until then, and handles it. */
void crowd_turn(int64_t until);
/* Turns until `done`; false: trouble, or `seconds` have passed, which is trouble (`what`). */
bool crowd_until(bool (*done)(void), double seconds, const char *what);
/* Turns for so long; false: trouble. */
bool crowd_rest(double seconds);

/* Opens more phones by this script until each is live or has failed; false: trouble. */
bool crowd_open(unsigned count, const uint8_t *script);
/* Ends all connections and waits until the server has ended its side, too. */
void crowd_close(void);
void crowd_mute(unsigned count);
unsigned crowd_receivers(void);   /* live and unmuted */
step_receive crowd_leave_receive; /* STEP_LEAVE */

/* Begins a script on a phone of any use, from one of the sources. */
bool phone_begin(struct phone *phone, const uint8_t *script, unsigned source);

#endif
