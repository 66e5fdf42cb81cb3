#include "bench/load/kind.h"

#include <stdio.h>
#include <string.h>

#include "bench/load/ask.h"
#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/mqtt.h"
#include "bench/load/raute.h"
#include "bench/load/rename.h"

const struct kind *kind_find(const char *name) {
    static const struct kind *const kinds[] = {&kind_raute, &kind_plain, &kind_nchan, &kind_mqtt};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i]->name, name) == 0) {
            return kinds[i];
        }
    }
    return NULL;
}

const char *broadcast_text(int64_t stamp, size_t bytes) {
    static char text[WEBSOCKET_MESSAGE_MOST + 1];
    bytes = bytes < STAMP_BYTES ? STAMP_BYTES : bytes;
    bytes = bytes > WEBSOCKET_MESSAGE_MOST - 16 ? WEBSOCKET_MESSAGE_MOST - 16 : bytes;
    stamp_write(text, stamp);
    memset(text + STAMP_BYTES, 'x', bytes - STAMP_BYTES);
    text[bytes] = '\0';
    return text;
}

static bool upgrade_enter(struct phone *phone) {
    static char *requests[2];
    const char *path = options.kind->driver_path;
    bool drives = phone == &driver && path != NULL;
    if (requests[drives] == NULL) {
        requests[drives] = http_upgrade(drives ? path : options.path, options.kind->protocol);
    }
    return phone_send_text(phone, requests[drives]);
}

static ssize_t upgrade_receive(struct phone *phone, const uint8_t *bytes, size_t length,
                               int64_t now) {
    (void)now;
    struct answer answer;
    int read = answer_read(bytes, length, &answer);
    if (read != ANSWER_WHOLE) {
        return read;
    }
    return http_upgraded(&answer) && phone_advance(phone) ? (ssize_t)answer.length : -1;
}

/* What follows goes over a new connection. */
static bool again_enter(struct phone *phone) {
    line_close(&phone->line);
    return phone_begin(phone, phone->script + 1, (unsigned)(phone - crowd.phones));
}

static ssize_t live_receive(struct phone *phone, const uint8_t *bytes, size_t length, int64_t now) {
    const struct kind *kind = options.kind;
    struct message message;
    ssize_t used = websocket_read(bytes, length, &message);
    if (used <= 0) {
        return used;
    }
    if (message.opcode != kind->opcode) {
        if (phone_control(phone, &message)) {
            return used;
        }
        trouble("a phone got opcode %02x", message.opcode);
        return -1;
    }
    if (kind->message != NULL && (message.length < 3 || message.payload[2] != 'f')) {
        return kind->message(phone, &message, now) ? used : -1;
    }
    const struct frame *frame = frame_receive(&phone->next, &message, now);
    if (frame == NULL) {
        return -1;
    }
    if (frame->from > phone->seq && phone_step(phone) == STEP_LIVE) {
        trouble("a gap between frames: from %llu after %llu", (unsigned long long)frame->from,
                (unsigned long long)phone->seq);
        return -1;
    }
    phone->seq = frame->seq > phone->seq ? frame->seq : phone->seq;
    return used;
}

static ssize_t drive_receive(struct phone *phone, const uint8_t *bytes, size_t length,
                             int64_t now) {
    if (options.kind->driver_receive != NULL) {
        return options.kind->driver_receive(phone, bytes, length, now);
    }
    struct message message;
    ssize_t used = websocket_read(bytes, length, &message);
    if (used <= 0 || phone_control(phone, &message)) {
        return used;
    }
    trouble("the driver got opcode %02x", message.opcode);
    return -1;
}

const struct step_row step_rows[STEP_COUNT] = {
    [STEP_PAGE] = {raute_page_enter, raute_page_receive},
    [STEP_SNAPSHOT] = {raute_snapshot_enter, raute_snapshot_receive},
    [STEP_FETCH] = {raute_fetch_enter, raute_fetch_receive},
    [STEP_AGAIN] = {again_enter, NULL},
    [STEP_UPGRADE] = {upgrade_enter, upgrade_receive},
    [STEP_JOIN] = {raute_join, raute_join_receive},
    [STEP_JOIN_ORGANISER] = {rename_join, raute_join_receive},
    [STEP_MQTT_CONNECT] = {mqtt_connect, mqtt_connect_receive},
    [STEP_MQTT_SUBSCRIBE] = {mqtt_subscribe, mqtt_subscribe_receive},
    [STEP_LIVE] = {NULL, live_receive},
    [STEP_RESYNC] = {NULL, live_receive},
    [STEP_DRIVE] = {NULL, drive_receive},
    [STEP_ASK] = {ask_enter, ask_receive},
    [STEP_LEAVE] = {NULL, crowd_leave_receive},
    [STEP_DONE] = {NULL, NULL},
};
