#include "bench/load/frames.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/load/common.h"
#include "bench/load/kind.h"

struct phase phase;

static struct frame frames[FRAMES_KEPT];
static uint32_t newest_id;

void phase_begin(void) {
    struct phase next = {
        .number = phase.number + 1,
        .arrivals = phase.arrivals,
        .arrival_room = phase.arrival_room,
        .stamps = phase.stamps,
        .stamp_room = phase.stamp_room,
    };
    phase = next;
    cpu_sample(&phase.cpu);
    phase.began = now_ns();
}

void phase_stamp(int64_t stamp) {
    if (phase.stamp_count == phase.stamp_room) {
        phase.stamp_room = phase.stamp_room * 2 + 64;
        phase.stamps = memory_resize(phase.stamps, phase.stamp_room, sizeof phase.stamps[0]);
    }
    phase.stamps[phase.stamp_count++] = stamp;
}

void phase_end(void) {
    phase.seconds = (double)(now_ns() - phase.began) / 1e9;
    cpu_sample(&phase.cpu_end);
}

void phase_print(void) {
    printf("\"seconds\":%.6f,", phase.seconds);
    cpu_print(&phase.cpu, &phase.cpu_end);
    puts("}");
}

void print_ms(const char *name, double ms) {
    if (isnan(ms)) {
        printf("\"%s\":null,", name);
    } else {
        printf("\"%s\":%.4f,", name, ms);
    }
}

void stamp_write(char out[STAMP_BYTES + 1], int64_t stamp) {
    snprintf(out, STAMP_BYTES + 1, "t:%016" PRIx64, (uint64_t)stamp);
}

static int64_t hex_read(const uint8_t *digits) {
    uint64_t value = 0;
    for (int i = 0; i < 16; i++) {
        unsigned digit = digits[i];
        if (digit >= '0' && digit <= '9') {
            digit -= '0';
        } else if (digit >= 'a' && digit <= 'f') {
            digit -= 'a' - 10;
        } else {
            return 0;
        }
        value = value << 4 | digit;
    }
    return (int64_t)value;
}

int64_t stamp_find(const uint8_t *bytes, size_t length) {
    const uint8_t *end = bytes + length;
    while ((size_t)(end - bytes) >= STAMP_BYTES) {
        const uint8_t *at = memmem(bytes, (size_t)(end - bytes), "t:", 2);
        if (at == NULL || end - at < STAMP_BYTES) {
            return 0;
        }
        int64_t stamp = hex_read(at + 2);
        if (stamp != 0) {
            return stamp;
        }
        bytes = at + 2;
    }
    return 0;
}

/* Raute's commands may share a frame, which then tells the latest stamp only. */
static void arrival_merge(struct arrival *arrival) {
    uint32_t next = phase.stamps_told;
    arrival->merged = next;
    while (next < phase.stamp_count && phase.stamps[next] < arrival->stamp) {
        next++;
    }
    arrival->merged_count = next - arrival->merged;
    phase.stamps_told = next + (next < phase.stamp_count && phase.stamps[next] == arrival->stamp);
}

/* The frame's own place among this phase's arrivals. */
static void arrival_add(struct frame *frame) {
    if (phase.arrival_count == phase.arrival_room) {
        phase.arrival_room = phase.arrival_room * 2 + 64;
        phase.arrivals =
            memory_resize(phase.arrivals, phase.arrival_room, sizeof phase.arrivals[0]);
    }
    bool first = frame->stamp >= phase.began;
    for (uint32_t i = 0; i < phase.arrival_count && first; i++) {
        first = phase.arrivals[i].stamp != frame->stamp;
    }
    frame->phase = phase.number;
    frame->arrival = phase.arrival_count;
    phase.arrivals[phase.arrival_count++] = (struct arrival){.stamp = first ? frame->stamp : 0};
    if (first && frame->stamp > phase.arrivals[phase.newest].stamp) {
        phase.newest = frame->arrival;
    }
    if (first && options.kind == &kind_raute) {
        arrival_merge(&phase.arrivals[frame->arrival]);
    }
}

static struct frame *frame_new(const uint8_t *payload, size_t length) {
    struct frame *frame = &frames[(newest_id + 1) % FRAMES_KEPT];
    if (length > frame->room) {
        frame->payload = memory_resize(frame->payload, length, 1);
        frame->room = length;
    }
    memcpy(frame->payload, payload, length);
    frame->length = length;
    frame->id = 0;
    if (!options.kind->parse(frame)) {
        trouble("not a frame: %.60s", (const char *)payload);
        return NULL;
    }
    frame->id = ++newest_id;
    frame->phase = 0;
    return frame;
}

static struct frame *frame_find(uint32_t hint, const uint8_t *payload, size_t length) {
    struct frame *frame = &frames[hint % FRAMES_KEPT];
    if (frame->id == hint && frame->length == length &&
        memcmp(frame->payload, payload, length) == 0) {
        return frame;
    }
    for (uint32_t back = 0; back < FRAMES_KEPT && back < newest_id; back++) {
        frame = &frames[(newest_id - back) % FRAMES_KEPT];
        if (frame->length == length && memcmp(frame->payload, payload, length) == 0) {
            return frame;
        }
    }
    return frame_new(payload, length);
}

const struct frame *frame_receive(uint32_t *hint, const struct message *message, int64_t now) {
    struct frame *frame = frame_find(*hint, message->payload, message->length);
    if (frame == NULL) {
        return NULL;
    }
    if (frame->id + 1 == *hint && frame->stamp != 0) {
        trouble("a frame came twice");
        return NULL;
    }
    *hint = frame->id + 1;
    phase.frames++;
    phase.bytes += message->whole;
    if (frame->phase != phase.number) {
        arrival_add(frame);
        if (phase.distinct != NULL) {
            phase.distinct(frame);
        }
    }
    struct arrival *arrival = &phase.arrivals[frame->arrival];
    arrival->last = now;
    arrival->seen++;
    if (arrival->stamp != 0) {
        phase.stamped++;
        histogram_add(&phase.each, now - arrival->stamp);
        for (uint32_t i = 0; i < arrival->merged_count; i++) {
            histogram_add(&phase.each, now - phase.stamps[arrival->merged + i]);
        }
    }
    return frame;
}
