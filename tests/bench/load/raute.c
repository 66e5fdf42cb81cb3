/* Raute as a kind: joining, live messages, what a frame says. */
#include "bench/load/raute.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/kind.h"
#include "bench/load/rename.h"
#include "bench/load/vote.h"

static const uint8_t script[] = {STEP_UPGRADE, STEP_JOIN, STEP_LIVE};
static const uint8_t driver_script[] = {STEP_UPGRADE, STEP_JOIN_ORGANISER, STEP_DRIVE};
const uint8_t raute_storm[] = {STEP_PAGE,    STEP_SNAPSHOT, STEP_AGAIN,
                               STEP_UPGRADE, STEP_JOIN,     STEP_LIVE};
static const uint8_t resync_script[] = {STEP_RESYNC, STEP_JOIN, STEP_LIVE};

bool raute_join(struct phone *phone) {
    char text[64];
    int length =
        snprintf(text, sizeof text, "{\"cmd\":\"join\",\"id\":0,\"since\":%" PRIu64 "}", raute.seq);
    phone->seq = raute.seq;
    return websocket_send(&phone->line, WEBSOCKET_TEXT, text, (size_t)length);
}

/* From here on the phone waits for a snapshot, then joins with its seq. */
static void resync_begin(struct phone *phone) {
    phone->script = resync_script;
    raute_resync_wanted();
}

/* Who joins once more may get frames for the last time; they are not counted. */
static bool message_answers(const struct message *message) {
    return message->length < 3 || message->payload[2] == 'i';
}

/* Who joins to ask has no view to keep. */
static bool phone_needs_frames(const struct phone *phone) {
    return phone->script[1] != STEP_ASK;
}

ssize_t raute_join_receive(struct phone *phone, const uint8_t *bytes, size_t length, int64_t now) {
    (void)now;
    struct message message;
    struct reply reply;
    ssize_t used = websocket_read(bytes, length, &message);
    if (used <= 0 || phone_control(phone, &message) || !message_answers(&message)) {
        return used;
    }
    if (!reply_read(&message, &reply) || !reply.ok) {
        trouble("join: %.*s", (int)message.length, (const char *)message.payload);
        return -1;
    }
    if (phone_needs_frames(phone) &&
        memmem(message.payload, message.length, "\"resync\":true", 13) != NULL) {
        resync_begin(phone);
        return used;
    }
    return phone_advance(phone) ? used : -1;
}

/* What a live phone gets besides frames. */
static bool message_take(struct phone *phone, const struct message *message, int64_t now) {
    static const char resync[] = "{\"resync\":true}";
    if (message->length == sizeof resync - 1 &&
        memcmp(message->payload, resync, message->length) == 0) {
        resync_begin(phone);
        return true;
    }
    return vote_answered(phone, message, now);
}

static bool frame_parse(struct frame *frame) {
    struct text text = {(const char *)frame->payload, frame->length};
    static const char begins[] = "{\"from\":";
    if (frame->length < sizeof begins || memcmp(frame->payload, begins, sizeof begins - 1) != 0 ||
        frame->payload[frame->length - 1] != '}' ||
        !member_read(text, "{\"from\":", &frame->from) ||
        !member_read(text, ",\"seq\":", &frame->seq) || frame->from > frame->seq) {
        return false;
    }
    frame->stamp = stamp_find(frame->payload, frame->length);
    totals_read(text, raute_total_note);
    return true;
}

const struct kind kind_raute = {
    .name = "raute",
    .path = "/e/load/live",
    .driver_path = NULL,
    .protocol = "raute.1",
    .opcode = WEBSOCKET_TEXT,
    .script = script,
    .driver = driver_script,
    .parse = frame_parse,
    .message = message_take,
    .driver_receive = rename_receive,
    .prepare = rename_prepare,
    .broadcast = rename_broadcast,
};
