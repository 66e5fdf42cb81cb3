#include "bench/load/broadcast.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/kind.h"

#define DRAIN_SECONDS 10

static int64_t last_stamp;

static bool last_arrived(void) {
    if (phase.arrival_count == 0) {
        return false;
    }
    const struct arrival *newest = &phase.arrivals[phase.newest];
    return newest->stamp == last_stamp && newest->seen >= crowd_receivers();
}

/* Does not sleep before the last one arrived: to wake a sleeping client costs as much as a delivery,
 * and on one machine the server would pay for it. */
static uint64_t broadcasts_send(double rate, double seconds) {
    int64_t end = phase.began + (int64_t)(seconds * 1e9);
    uint64_t sent = 0;
    while (trouble_text() == NULL) {
        int64_t now = now_ns(), due = phase.began + (int64_t)((double)sent * 1e9 / rate);
        if (due >= end || now >= end) {
            break;
        }
        if (due > now) {
            crowd_turn(sent == 0 || last_arrived() ? due : 0);
            continue;
        }
        last_stamp = now;
        phase_stamp(now);
        if (phone_step(&driver) != STEP_DRIVE) {
            trouble("the server closed the driver's connection");
        }
        if (trouble_text() != NULL || !options.kind->broadcast(now)) {
            break;
        }
        sent++;
        crowd_turn(0);
    }
    return sent;
}

/* The times of the last receivers, where nobody is missing; how many broadcasts were told by a
 * later one's frame. */
static uint64_t last_times(struct histogram *last) {
    uint64_t merged = 0;
    for (uint32_t i = 0; i < phase.arrival_count; i++) {
        const struct arrival *arrival = &phase.arrivals[i];
        merged += arrival->merged_count;
        if (arrival->stamp == 0 || arrival->seen < crowd_receivers()) {
            continue;
        }
        histogram_add(last, arrival->last - arrival->stamp);
        for (uint32_t j = 0; j < arrival->merged_count; j++) {
            histogram_add(last, arrival->last - phase.stamps[arrival->merged + j]);
        }
    }
    return merged;
}

static void broadcast_print(uint64_t sent, unsigned receivers) {
    static struct histogram last;
    last = (struct histogram){0};
    uint64_t merged = last_times(&last), expected = (sent - merged) * receivers;
    printf("{\"broadcasts\":%" PRIu64 ",\"merged\":%" PRIu64 ",\"expected\":%" PRIu64
           ",\"delivered\":%" PRIu64 ",\"missing\":%" PRId64 ",\"bytes\":%" PRIu64 ",\"lost\":%u,",
           sent, merged, expected, phase.stamped, (int64_t)(expected - phase.stamped), phase.bytes,
           crowd.lost);
    print_ms("p50", histogram_ms(&phase.each, 0.5));
    print_ms("p99", histogram_ms(&phase.each, 0.99));
    print_ms("last_p50", histogram_ms(&last, 0.5));
    print_ms("last_p99", histogram_ms(&last, 0.99));
    phase_print();
}

bool broadcast_run(size_t bytes, double rate, double seconds) {
    if (phone_step(&driver) != STEP_DRIVE) {
        trouble("no driver");
        return false;
    }
    if (!options.kind->prepare(bytes)) {
        return false;
    }
    unsigned receivers = crowd_receivers();
    phase_begin();
    uint64_t sent = broadcasts_send(rate, seconds);
    int64_t deadline = now_ns() + DRAIN_SECONDS * SECOND;
    while (sent > 0 && !last_arrived() && now_ns() < deadline && trouble_text() == NULL) {
        crowd_turn(0);
    }
    phase_end();
    if (trouble_text() != NULL) {
        return false;
    }
    broadcast_print(sent, receivers);
    return true;
}

bool watch_run(double seconds) {
    phase_begin();
    if (!crowd_rest(seconds)) {
        return false;
    }
    phase_end();
    double phones = crowd_receivers() > 0 ? crowd_receivers() : (double)NAN;
    printf("{\"frames\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"lost\":%u,", phase.frames, phase.bytes,
           crowd.lost);
    print_ms("bytes_per_phone_minute", (double)phase.bytes / phones * 60 / seconds);
    phase_print();
    return true;
}
