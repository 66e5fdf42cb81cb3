#include "bench/load/vote.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/frames.h"
#include "bench/load/raute.h"
#include "bench/load/vote_told.h"

#define ACK_SECONDS    10
#define LIVE_SECONDS   10
#define TOLD_SECONDS   6
#define SETTLE_SECONDS 1.2 /* a snapshot is at most a second old */
#define BURST_VOTES    64  /* sent before anything is received again */
#define VOTE_BYTES     64

struct voter {
    struct phone *phone;
    uint32_t waiting;   /* a bit for each slot whose vote is on its way */
    uint32_t questions; /* over which `votes` go round */
    uint64_t votes;     /* so far */
    bool listed;        /* among those that go on */
    int64_t sent[VOTE_WINDOW_MOST];
};

static struct {
    const struct vote_plan *plan;
    struct voter **voters, **going_on;
    unsigned going_on_count;
    uint64_t sent, acked, refused;
    uint64_t frames, bytes; /* received till the last one was acknowledged */
    unsigned waiting;
    bool stopped;
    struct histogram acks;
    char refusal[32]; /* the first one's code */
} tour;

/* Writes the voter's next vote, due at this time; returns its length. */
static size_t vote_write(struct voter *voter, int64_t due, uint8_t *out) {
    uint32_t questions = voter->questions, slot = (uint32_t)__builtin_ctz(~voter->waiting);
    uint64_t place = (uint64_t)(voter->phone - crowd.phones) + voter->votes;
    uint32_t number = (uint32_t)(place % questions) + 1;
    bool takes_back = voter->votes / questions % 2 == 1;
    char text[VOTE_BYTES];
    int length = snprintf(text, sizeof text, "{\"cmd\":\"%s\",\"id\":%u,\"n\":%u}",
                          takes_back ? "unvote" : "vote", slot, number);
    told_sent(number, due, takes_back);
    voter->votes++;
    voter->waiting |= UINT32_C(1) << slot;
    voter->sent[slot] = due;
    tour.sent++;
    tour.waiting++;
    return websocket_write(out, WEBSOCKET_TEXT, text, (size_t)length);
}

/* Fills the voter's window, in one send. */
static bool window_fill(struct voter *voter) {
    uint8_t out[VOTE_WINDOW_MOST * (VOTE_BYTES + WEBSOCKET_HEADER_MOST)];
    size_t length = 0;
    unsigned free = tour.plan->window - (unsigned)__builtin_popcount(voter->waiting);
    for (int64_t now = now_ns(); free > 0; free--) {
        length += vote_write(voter, now, out + length);
    }
    return length == 0 || line_send(&voter->phone->line, out, length);
}

bool vote_answered(struct phone *phone, const struct message *message, int64_t now) {
    struct voter *voter = phone->voter;
    struct reply reply;
    if (!reply_read(message, &reply) || voter == NULL || reply.id >= VOTE_WINDOW_MOST ||
        (voter->waiting >> reply.id & 1) == 0) {
        trouble("an answer to nothing: %.*s", (int)message->length, (const char *)message->payload);
        return false;
    }
    voter->waiting &= ~(UINT32_C(1) << reply.id);
    tour.waiting--;
    histogram_add(&tour.acks, now - voter->sent[reply.id]);
    if (reply.ok) {
        tour.acked++;
    } else {
        if (tour.refused++ == 0) {
            snprintf(tour.refusal, sizeof tour.refusal, "%.*s", (int)reply.code.length,
                     reply.code.bytes);
        }
    }
    if (tour.plan->rate <= 0 && !voter->listed && !tour.stopped) {
        voter->listed = true;
        tour.going_on[tour.going_on_count++] = voter;
    }
    return true;
}

/* ---- the two ways to vote */

static bool votes_closed(int64_t end) {
    for (unsigned i = 0; i < tour.plan->voters; i++) {
        if (!window_fill(tour.voters[i])) {
            return false;
        }
    }
    while (now_ns() < end && trouble_text() == NULL) {
        crowd_turn(end);
        for (unsigned i = 0; i < tour.going_on_count; i++) {
            tour.going_on[i]->listed = false;
            if (tour.going_on[i]->phone->script == NULL || !window_fill(tour.going_on[i])) {
                trouble("a voter is gone");
            }
        }
        tour.going_on_count = 0;
    }
    return trouble_text() == NULL;
}

/* The next voter in turn that may send one; NULL: none. */
static struct voter *voter_next(unsigned *turn) {
    for (unsigned tried = 0; tried < tour.plan->voters; tried++) {
        struct voter *voter = tour.voters[*turn];
        *turn = (*turn + 1) % tour.plan->voters;
        if (voter->waiting != UINT32_MAX && voter->phone->script != NULL) {
            return voter;
        }
    }
    return NULL;
}

/* Sends what is due, BURST_VOTES at most; returns when to go on, 0: trouble. */
static int64_t votes_send(unsigned *turn, int64_t end) {
    int64_t now = now_ns();
    for (unsigned burst = 0; burst < BURST_VOTES; burst++) {
        int64_t due = phase.began + (int64_t)((double)tour.sent * 1e9 / tour.plan->rate);
        if (due > now || due >= end) {
            return due;
        }
        struct voter *voter = voter_next(turn);
        if (voter == NULL) {
            return now + MILLISECOND;
        }
        uint8_t out[VOTE_BYTES + WEBSOCKET_HEADER_MOST];
        if (!line_send(&voter->phone->line, out, vote_write(voter, due, out))) {
            return 0;
        }
    }
    return now;
}

static bool votes_open(int64_t end) {
    unsigned turn = 0;
    while (trouble_text() == NULL) {
        int64_t next = votes_send(&turn, end);
        if (next == 0 || next >= end) {
            break;
        }
        crowd_turn(next);
    }
    return trouble_text() == NULL;
}

/* ---- one command */

static bool all_acked(void) {
    return tour.waiting == 0;
}

/* Who was told to resync comes back first. */
static bool voters_live(void) {
    unsigned live = 0;
    for (unsigned i = 0; i < crowd.count; i++) {
        live += phone_step(&crowd.phones[i]) == STEP_LIVE && !crowd.phones[i].muted;
    }
    return live >= tour.plan->voters;
}

static bool voters_find(const struct vote_plan *plan) {
    tour.voters = memory_make(plan->voters, sizeof(struct voter *));
    tour.going_on = memory_make(plan->voters, sizeof(struct voter *));
    unsigned count = 0;
    for (unsigned i = 0; i < crowd.count && count < plan->voters; i++) {
        struct phone *phone = &crowd.phones[i];
        if (phone_step(phone) == STEP_LIVE && !phone->muted) {
            phone->voter =
                phone->voter == NULL ? memory_make(1, sizeof *phone->voter) : phone->voter;
            struct voter *voter = tour.voters[count++] = phone->voter;
            voter->phone = phone;
            voter->votes = voter->questions == plan->questions ? voter->votes : 0;
            voter->questions = plan->questions;
        }
    }
    if (count < plan->voters) {
        trouble("%u voters are wanted, %u phones are there", plan->voters, count);
    }
    return count == plan->voters;
}

static void vote_print(void) {
    static struct histogram last;
    uint32_t untold;
    bool told = told_times(&last, &untold) && tour.refused == 0;
    printf("{\"sent\":%" PRIu64 ",\"acked\":%" PRIu64 ",\"refused\":%" PRIu64 ",", tour.sent,
           tour.acked, tour.refused);
    if (tour.refused > 0) {
        printf("\"refusal\":\"%s\",", tour.refusal);
    }
    printf("\"per_second\":%.3f,", (double)tour.acked / phase.seconds);
    print_ms("ack_p50", histogram_ms(&tour.acks, 0.5));
    print_ms("ack_p99", histogram_ms(&tour.acks, 0.99));
    print_ms("last_p50", told ? histogram_ms(&last, 0.5) : (double)NAN);
    print_ms("last_p99", told ? histogram_ms(&last, 0.99) : (double)NAN);
    if (told) {
        printf("\"untold\":%" PRIu32 ",", untold);
    }
    printf("\"frames\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"lost\":%u,", tour.frames, tour.bytes,
           crowd.lost);
    print_ms("bytes_per_phone_minute", (double)tour.bytes / crowd_receivers() * 60 / phase.seconds);
    phase_print();
}

bool vote_run(const struct vote_plan *plan) {
    memset(&tour, 0, sizeof tour);
    tour.plan = plan;
    bool good = crowd_rest(SETTLE_SECONDS) && raute_fetch() &&
                crowd_until(voters_live, LIVE_SECONDS, "the voters are live") && voters_find(plan);
    if (good) {
        phase_begin();
        told_begin(plan->questions, plan->rate > 0);
        int64_t end = phase.began + (int64_t)(plan->seconds * 1e9);
        good = plan->rate > 0 ? votes_open(end) : votes_closed(end);
        tour.stopped = true;
        good = good && crowd_until(all_acked, ACK_SECONDS, "every vote is acknowledged");
        phase_end();
        tour.frames = phase.frames;
        tour.bytes = phase.bytes;
    }
    if (good && plan->rate > 0) {
        told_wait(TOLD_SECONDS);
    }
    if (good) {
        vote_print();
    }
    told_end();
    free(tour.voters);
    free(tour.going_on);
    return good;
}
