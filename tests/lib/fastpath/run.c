#include "lib/fastpath/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FAULTS_TOLD 20

void run_fault(struct run *run, int who, const char *format, ...) {
    char line[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (atomic_fetch_add(&run->figures.faults, 1) < FAULTS_TOLD) {
        fprintf(stderr, "client %d: %s\n", who, line);
    }
}

static const struct seen *frame_find(const struct run *run, const struct seen *frame) {
    bool late = frame->from == frame->seq; /* of those there may be several */
    for (size_t i = run->seen_count; i-- > 0;) {
        const struct seen *other = &run->seen[i];
        if (other->view == frame->view && other->from == frame->from && other->seq == frame->seq &&
            (!late || (other->length == frame->length &&
                       memcmp(other->text, frame->text, frame->length) == 0))) {
            return other;
        }
    }
    return NULL;
}

static void frame_keep(struct run *run, struct seen frame, const char *text) {
    if (run->seen_count == run->seen_room) {
        run->seen_room = run->seen_room == 0 ? 256 : 2 * run->seen_room;
        run->seen = realloc(run->seen, run->seen_room * sizeof *run->seen);
    }
    frame.text = malloc(frame.length);
    memcpy(frame.text, text, frame.length);
    run->seen[run->seen_count++] = frame;
    atomic_fetch_add(&run->figures.distinct, 1);
    if (frame.length > atomic_load(&run->figures.largest)) {
        atomic_store(&run->figures.largest, frame.length);
    }
}

void run_frame(struct run *run, int who, enum view view, uint64_t from, uint64_t seq,
               const char *text, size_t length) {
    struct seen frame = {view, from, seq, length, (char *)(uintptr_t)text};
    pthread_mutex_lock(&run->mutex);
    const struct seen *other = frame_find(run, &frame);
    bool same =
        other == NULL || (other->length == length && memcmp(other->text, text, length) == 0);
    if (other == NULL) {
        frame_keep(run, frame, text);
    }
    pthread_mutex_unlock(&run->mutex);
    if (!same) {
        run_fault(run, who, "the frame from %lu to %lu is not the one that others got",
                  (unsigned long)from, (unsigned long)seq);
    }
}

char *run_settled(struct run *run, enum view view, unsigned *version) {
    char *text = NULL;
    pthread_mutex_lock(&run->mutex);
    if (run->settled[view] != NULL && run->version != *version) {
        *version = run->version;
        text = strdup(run->settled[view]);
    }
    pthread_mutex_unlock(&run->mutex);
    return text;
}

void run_settle(struct run *run, enum view view, const char *text) {
    pthread_mutex_lock(&run->mutex);
    if (run->settled[view] == NULL || strcmp(run->settled[view], text) != 0) {
        free(run->settled[view]);
        run->settled[view] = strdup(text);
        run->version++;
    }
    pthread_mutex_unlock(&run->mutex);
}

int64_t run_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void run_sleep(struct run *run, int64_t ms) {
    const struct timespec slice = {.tv_nsec = 10000000};
    int stage = atomic_load(&run->stage);
    int64_t end = run_now() + ms;
    while (run_now() < end && atomic_load(&run->stage) == stage) {
        nanosleep(&slice, NULL);
    }
}

uint64_t dice(uint64_t *state, uint64_t below) {
    uint64_t mixed = (*state += 0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return (mixed ^ (mixed >> 31)) % below;
}
