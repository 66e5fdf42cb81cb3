#include "bench/load/rename.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/frames.h"
#include "bench/load/raute.h"

#define TITLE_CHARACTERS 120 /* the server's maximum */
#define TITLE_MOST       (TITLE_CHARACTERS * 4)
#define TALK_BYTES       31 /* of a talk in a frame, besides its title */
#define PREPARE_SECONDS  10
#define SETTLE_SECONDS   0.3 /* until everybody has the last frame of the preparation */

static char organiser_key[32];
static size_t filling; /* bytes of the title behind the stamp */
static unsigned talks; /* added by us */
static uint32_t next_id = 1;
static int64_t told;      /* the stamp of the driver's last frame */
static size_t told_bytes; /* its payload */
static bool told_alone;   /* nothing else was in it */
static int64_t asked;     /* for rename_told() */

void rename_key(const char *key) {
    snprintf(organiser_key, sizeof organiser_key, "%s", key);
}

bool rename_join(struct phone *phone) {
    char text[160];
    int length = snprintf(text, sizeof text,
                          "{\"cmd\":\"join\",\"id\":0,\"role\":\"organiser\",\"key\":\"%s\","
                          "\"since\":%" PRIu64 "}",
                          organiser_key, raute.seq);
    return websocket_send(&phone->line, WEBSOCKET_TEXT, text, (size_t)length);
}

/* Does the frame tell one change only? */
static bool changes_one(const struct message *message) {
    static const char begins[] = "{\"k\":\"";
    const uint8_t *end = message->payload + message->length;
    const uint8_t *at = memmem(message->payload, message->length, begins, sizeof begins - 1);
    return at != NULL && memmem(at + 1, (size_t)(end - at) - 1, begins, sizeof begins - 1) == NULL;
}

ssize_t rename_receive(struct phone *phone, const uint8_t *bytes, size_t length, int64_t now) {
    (void)now;
    struct message message;
    struct reply reply;
    ssize_t used = websocket_read(bytes, length, &message);
    if (used <= 0 || phone_control(phone, &message)) {
        return used;
    }
    if (reply_read(&message, &reply)) {
        if (!reply.ok) {
            trouble("the driver was refused: %.*s", (int)reply.code.length, reply.code.bytes);
        }
        return used;
    }
    int64_t stamp = stamp_find(message.payload, message.length);
    if (stamp > told) {
        told = stamp;
        told_bytes = message.length;
        told_alone = changes_one(&message);
    }
    return used;
}

bool rename_broadcast(int64_t stamp) {
    char title[TITLE_MOST + 1], text[TITLE_MOST + 128];
    stamp_write(title, stamp);
    text_fill(title + STAMP_BYTES, filling, TITLE_CHARACTERS - STAMP_BYTES);
    int length = snprintf(text, sizeof text,
                          "{\"cmd\":\"talk_rename\",\"id\":%u,\"talk\":1,\"title\":\"%s\"}",
                          next_id++, title);
    return websocket_send(&driver.line, WEBSOCKET_TEXT, text, (size_t)length);
}

static bool talk_add(size_t bytes) {
    char filler[TITLE_MOST + 1], text[TITLE_MOST + 128];
    const size_t number = 4; /* bytes that make the title another one */
    text_fill(filler, bytes - number, TITLE_CHARACTERS - number);
    int length =
        snprintf(text, sizeof text, "{\"cmd\":\"talk_add\",\"id\":%u,\"title\":\"%03u-%s\"}",
                 next_id++, ++talks, filler);
    return websocket_send(&driver.line, WEBSOCKET_TEXT, text, (size_t)length);
}

static bool rename_told(void) {
    return told >= asked;
}

/* The bytes of a frame that renames talk 1 to this filling: told_bytes. */
static bool frame_measure(void) {
    do {
        asked = now_ns();
        if (!rename_broadcast(asked) ||
            !crowd_until(rename_told, PREPARE_SECONDS, "the driver's frame")) {
            return false;
        }
    } while (!told_alone);
    return true;
}

bool rename_prepare(size_t bytes) {
    const size_t title_most = 4 * (TITLE_CHARACTERS - STAMP_BYTES);
    const size_t talk_most = 4 * (TITLE_CHARACTERS - 4);
    filling = 0;
    if (!frame_measure()) {
        return false;
    }
    while (told_bytes + title_most < bytes) {
        size_t more = bytes - told_bytes - title_most;
        size_t title = more < TALK_BYTES + 8 ? 8 : more - TALK_BYTES;
        if (!talk_add(title < talk_most ? title : talk_most) || !frame_measure()) {
            return false;
        }
    }
    filling = bytes > told_bytes ? bytes - told_bytes : 0;
    return crowd_rest(SETTLE_SECONDS);
}
