/* What the server broadcasts: the same bytes for all, so each distinct frame is kept and parsed
 * once and every other receipt is one comparison with it, of every byte. Times of arrival and
 * counts belong to the phase, which is one measured command. */
#ifndef RAUTE_BENCH_FRAMES_H
#define RAUTE_BENCH_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/load/cpu.h"
#include "bench/load/histogram.h"
#include "bench/load/websocket.h"

#define FRAMES_KEPT 1024 /* distinct ones; a power of two */

struct frame {
    uint8_t *payload;
    size_t length, room;
    uint64_t from, seq; /* raute; else 0 */
    int64_t stamp;      /* when it was sent, by the driver's clock; 0: not said */
    uint32_t id;        /* counts from 1 */
    uint32_t phase, arrival;
};

/* One distinct frame in this phase. */
struct arrival {
    int64_t stamp; /* 0: none, or another frame told it before */
    int64_t last;  /* when the last receiver had it */
    uint32_t seen;
    uint32_t merged, merged_count; /* of the phase's stamps: what it told besides its own */
};

struct phase {
    uint32_t number;
    int64_t began;
    double seconds; /* till its end */
    struct cpu cpu, cpu_end;
    uint64_t frames, bytes; /* received, with WebSocket headers */
    uint64_t stamped;       /* those that tell when they were sent, in this phase */
    struct histogram each;  /* from their stamp to each receiver */
    struct arrival *arrivals;
    uint32_t arrival_count, arrival_room;
    uint32_t newest; /* the arrival with the latest stamp */
    int64_t *stamps; /* sent in this phase */
    uint32_t stamp_count, stamp_room;
    uint32_t stamps_told; /* those up to the newest arrival's */
    /* Told of each distinct frame when the first receiver has it; NULL: nobody. */
    void (*distinct)(const struct frame *frame);
};

extern struct phase phase;

void phase_begin(void);
/* The driver is about to send something with this stamp. */
void phase_stamp(int64_t stamp);
void phase_end(void);   /* takes time and CPU; frames are counted on */
void phase_print(void); /* "seconds":…,"cpu":{…},… and the end of the answer */
void print_ms(const char *name, double ms); /* "name":ms, or null for NAN */

/* `hint` is what the phone expects next; it is moved on. NULL: not a frame of this kind (trouble).
 */
const struct frame *frame_receive(uint32_t *hint, const struct message *message, int64_t now);

/* The first `t:` and 16 hex digits; 0: none. */
int64_t stamp_find(const uint8_t *bytes, size_t length);
#define STAMP_BYTES 18
void stamp_write(char out[STAMP_BYTES + 1], int64_t stamp);

#endif
