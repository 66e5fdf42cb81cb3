#include "bench/load/vote_told.h"

#include <stdlib.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/frames.h"
#include "bench/load/raute.h"

/* The votes for one question, in the order of sending. */
struct tellings {
    struct telling {
        int64_t sent;
        uint32_t arrival; /* of the frame that told it */
    } * votes;
    uint32_t count, room, told;
    uint32_t before; /* the total at the beginning */
};

static struct {
    struct tellings *questions; /* by number */
    unsigned count;
    bool watch, rising;
} state;

static void frame_note(const struct frame *frame) {
    for (uint32_t number = 1; state.rising && number <= state.count; number++) {
        struct tellings *question = &state.questions[number];
        uint32_t total = raute.votes[number];
        while (question->told < question->count && question->before + question->told < total) {
            question->votes[question->told++].arrival = frame->arrival;
        }
    }
}

void told_begin(unsigned questions, bool watch) {
    state.questions = memory_make(questions + 1, sizeof state.questions[0]);
    state.count = questions;
    state.watch = state.rising = watch;
    for (uint32_t number = 1; number <= questions; number++) {
        state.questions[number].before = raute.votes[number];
    }
    phase.distinct = watch ? frame_note : NULL;
}

void told_sent(uint32_t number, int64_t sent, bool takes_back) {
    state.rising = state.rising && !takes_back;
    if (!state.rising) {
        return;
    }
    struct tellings *question = &state.questions[number];
    if (question->count == question->room) {
        question->room = question->room * 2 + 64;
        question->votes = memory_resize(question->votes, question->room, sizeof question->votes[0]);
    }
    question->votes[question->count++] = (struct telling){.sent = sent};
}

static bool all_told(void) {
    for (uint32_t number = 1; number <= state.count; number++) {
        if (state.questions[number].told < state.questions[number].count) {
            return false;
        }
    }
    return true;
}

void told_wait(double seconds) {
    const double step = 0.05;
    while (seconds > 0 && state.rising && !all_told() && crowd_rest(step)) {
        seconds -= step;
    }
    (void)crowd_rest(step * 4); /* the last frame on its way to the last phone */
}

/* Has everybody had the frame that told it? */
static bool vote_told(const struct tellings *question, uint32_t vote) {
    return vote < question->told &&
           phase.arrivals[question->votes[vote].arrival].seen >= crowd_receivers();
}

bool told_times(struct histogram *last, uint32_t *untold) {
    *last = (struct histogram){0};
    *untold = 0;
    for (uint32_t number = 1; number <= state.count; number++) {
        const struct tellings *question = &state.questions[number];
        for (uint32_t i = 0; i < question->count; i++) {
            const struct telling *vote = &question->votes[i];
            if (vote_told(question, i)) {
                histogram_add(last, phase.arrivals[vote->arrival].last - vote->sent);
            } else {
                ++*untold;
            }
        }
    }
    if (!all_told()) {
        *last = (struct histogram){0}; /* what no frame told at all would have taken longest */
    }
    return state.watch && state.rising;
}

void told_end(void) {
    for (uint32_t number = 1; state.questions != NULL && number <= state.count; number++) {
        free(state.questions[number].votes);
    }
    free(state.questions);
    state.questions = NULL;
    state.count = 0;
    phase.distinct = NULL;
}
