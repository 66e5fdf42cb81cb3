#include "bench/load/mqtt.h"

#include <string.h>

#include "bench/load/common.h"
#include "bench/load/crowd.h"
#include "bench/load/kind.h"

#define PUBLISH 0x30 /* QoS 0 */

static const uint8_t script[] = {STEP_UPGRADE, STEP_MQTT_CONNECT, STEP_MQTT_SUBSCRIBE, STEP_LIVE};
static const uint8_t driver_script[] = {STEP_UPGRADE, STEP_MQTT_CONNECT, STEP_DRIVE};

static size_t wanted; /* bytes of a frame's payload */

/* Clean session, no keep-alive, no name: the server gives one. */
bool mqtt_connect(struct phone *phone) {
    static const uint8_t packet[] = {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 0};
    return websocket_send(&phone->line, WEBSOCKET_BINARY, packet, sizeof packet);
}

bool mqtt_subscribe(struct phone *phone) {
    static const uint8_t packet[] = {0x82, 6, 0, 1, 0, 1, 't', 0};
    return websocket_send(&phone->line, WEBSOCKET_BINARY, packet, sizeof packet);
}

static ssize_t packet_expect(struct phone *phone, const uint8_t *bytes, size_t length,
                             const uint8_t *packet, size_t size) {
    struct message message;
    ssize_t used = websocket_read(bytes, length, &message);
    if (used <= 0 || phone_control(phone, &message)) {
        return used;
    }
    if (message.opcode != WEBSOCKET_BINARY || message.length != size ||
        memcmp(message.payload, packet, size) != 0) {
        trouble("mqtt: an unexpected answer, opcode %02x, %zu bytes", message.opcode,
                message.length);
        return -1;
    }
    return phone_advance(phone) ? used : -1;
}

ssize_t mqtt_connect_receive(struct phone *phone, const uint8_t *bytes, size_t length,
                             int64_t now) {
    (void)now;
    static const uint8_t accepted[] = {0x20, 2, 0, 0};
    return packet_expect(phone, bytes, length, accepted, sizeof accepted);
}

ssize_t mqtt_subscribe_receive(struct phone *phone, const uint8_t *bytes, size_t length,
                               int64_t now) {
    (void)now;
    static const uint8_t granted[] = {0x90, 3, 0, 1, 0};
    return packet_expect(phone, bytes, length, granted, sizeof granted);
}

/* PUBLISH to "t"; returns the length of what stands before the text. */
static size_t publish_begin(uint8_t *out, size_t length) {
    size_t rest = length + 3, at = 1;
    out[0] = PUBLISH;
    do {
        out[at++] = (uint8_t)((rest & 127) | (rest > 127 ? 128 : 0));
        rest >>= 7;
    } while (rest > 0);
    memcpy(out + at, (const uint8_t[]){0, 1, 't'}, 3);
    return at + 3;
}

/* The very packet that the driver sent. */
static bool packet_parse(struct frame *frame) {
    uint8_t begin[8];
    for (size_t before = 5; before < sizeof begin && before < frame->length; before++) {
        size_t length = frame->length - before;
        if (publish_begin(begin, length) == before && memcmp(begin, frame->payload, before) == 0) {
            frame->stamp = stamp_find(frame->payload + before, length);
            const char *text = broadcast_text(frame->stamp, length);
            return frame->stamp != 0 && strlen(text) == length &&
                   memcmp(text, frame->payload + before, length) == 0;
        }
    }
    return false;
}

static bool bytes_prepare(size_t bytes) {
    uint8_t begin[8];
    wanted = bytes - publish_begin(begin, bytes);
    return true;
}

static bool packet_broadcast(int64_t stamp) {
    uint8_t packet[WEBSOCKET_MESSAGE_MOST];
    const char *text = broadcast_text(stamp, wanted);
    size_t length = strlen(text), before = publish_begin(packet, length);
    memcpy(packet + before, text, length);
    return websocket_send(&driver.line, WEBSOCKET_BINARY, packet, before + length);
}

const struct kind kind_mqtt = {
    .name = "mqtt",
    .path = "/mqtt",
    .protocol = "mqtt",
    .opcode = WEBSOCKET_BINARY,
    .script = script,
    .driver = driver_script,
    .parse = packet_parse,
    .prepare = bytes_prepare,
    .broadcast = packet_broadcast,
};
