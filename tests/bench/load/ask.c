#include "bench/load/ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/question.h"
#include "bench/load/raute.h"

#define ASK_WINDOW   8 /* unanswered ones of one asker */
#define ASK_SECONDS  600
#define PAUSE        (100 * MILLISECOND) /* when the server is full or busy */
#define PADDED_BYTES 1024                /* messages are padded to a multiple of it */

static const uint8_t script[] = {STEP_UPGRADE, STEP_JOIN, STEP_ASK};

/* One connection, as one new member after another: what limits asking is the member's. */
struct asker {
    struct phone phone;
    unsigned waiting;
    bool spent;     /* this member may ask no more */
    int64_t paused; /* till then */
};

static struct {
    struct asker *askers;
    unsigned asker_count;
    unsigned wanted, waiting, asked, refused;
    size_t bytes;
    uint32_t made;
    char refusal[32]; /* the first one's code */
} asking;

static bool question_send(struct asker *asker) {
    static char text[QUESTION_MESSAGE_MOST];
    size_t length = question_write(text, asking.made++, asking.bytes);
    size_t over = length % PADDED_BYTES;
    memset(text + length, ' ', PADDED_BYTES - over);
    length += over == 0 ? 0 : PADDED_BYTES - over;
    asker->waiting++;
    asking.waiting++;
    return websocket_send(&asker->phone.line, WEBSOCKET_TEXT, text, length);
}

/* Goes on asking, or begins anew as somebody else. */
static bool asker_go_on(struct asker *asker) {
    if (asker->spent) {
        if (asker->waiting == 0) {
            asker->spent = false;
            asker->phone.script = script + 1;
            return raute_join(&asker->phone);
        }
        return true;
    }
    bool good = true;
    while (good && asker->waiting < ASK_WINDOW && asker->paused == 0 &&
           asking.asked + asking.refused + asking.waiting < asking.wanted) {
        good = question_send(asker);
    }
    return good;
}

bool ask_enter(struct phone *phone) {
    return asker_go_on(phone->asker);
}

static bool code_is(const struct reply *reply, const char *code) {
    return reply->code.length == strlen(code) &&
           memcmp(reply->code.bytes, code, reply->code.length) == 0;
}

static void reply_count(struct asker *asker, const struct reply *reply, int64_t now) {
    asker->waiting--;
    asking.waiting--;
    if (reply->ok) {
        asking.asked++;
    } else if (code_is(reply, "too_often")) {
        asker->spent = true;
    } else if (code_is(reply, "full") || code_is(reply, "busy")) {
        asker->paused = now + PAUSE;
    } else if (asking.refused++ == 0) {
        snprintf(asking.refusal, sizeof asking.refusal, "%.*s", (int)reply->code.length,
                 reply->code.bytes);
    }
}

/* Frames and calls to resync are of no interest here. */
ssize_t ask_receive(struct phone *phone, const uint8_t *bytes, size_t length, int64_t now) {
    struct message message;
    struct reply reply;
    ssize_t used = websocket_read(bytes, length, &message);
    if (used <= 0 || phone_control(phone, &message) || !reply_read(&message, &reply)) {
        return used;
    }
    if (phone->asker->waiting == 0) {
        trouble("an answer to nothing");
        return -1;
    }
    reply_count(phone->asker, &reply, now);
    return asker_go_on(phone->asker) ? used : -1;
}

static bool all_asked(void) {
    int64_t now = now_ns();
    for (unsigned i = 0; i < asking.asker_count; i++) {
        struct asker *asker = &asking.askers[i];
        if (asker->paused != 0 && now >= asker->paused && asker->waiting == 0) {
            asker->paused = 0;
            (void)asker_go_on(asker);
        }
    }
    return asking.asked + asking.refused >= asking.wanted;
}

/* Turns often enough for pauses to end. */
static bool asked_rest(void) {
    int64_t deadline = now_ns() + ASK_SECONDS * SECOND;
    while (!all_asked()) {
        if (now_ns() >= deadline) {
            trouble("asking takes too long: %u of %u", asking.asked, asking.wanted);
        }
        if (trouble_text() != NULL) {
            return false;
        }
        crowd_turn(now_ns() + PAUSE);
    }
    return true;
}

bool ask_run(unsigned count, size_t bytes) {
    uint32_t made = asking.made;
    memset(&asking, 0, sizeof asking);
    asking.made = made;
    asking.wanted = count;
    asking.bytes = bytes;
    asking.asker_count = SOURCES;
    asking.askers = memory_make(asking.asker_count, sizeof asking.askers[0]);
    bool good = raute_fetch();
    for (unsigned i = 0; i < asking.asker_count && good; i++) {
        struct asker *asker = &asking.askers[i];
        asker->phone.asker = asker;
        good = phone_begin(&asker->phone, script, i);
    }
    good = good && asked_rest();
    for (unsigned i = 0; i < asking.asker_count; i++) {
        if (asking.askers[i].phone.script != NULL) {
            phone_close(&asking.askers[i].phone);
        }
    }
    free(asking.askers);
    if (good) {
        printf("{\"asked\":%u,\"refused\":%u%s%s%s}\n", asking.asked, asking.refused,
               asking.refused > 0 ? ",\"refusal\":\"" : "", asking.refusal,
               asking.refused > 0 ? "\"" : "");
    }
    return good;
}
