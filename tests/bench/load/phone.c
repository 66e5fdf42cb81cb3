#include "bench/load/phone.h"

#include <stdlib.h>
#include <string.h>

#include "bench/load/common.h"

#define RECEIVE_BYTES 65536
#define LIMIT_CARRIED (64 * 1024 * 1024) /* the largest snapshot */

/* All phones read into the same memory, whose beginning so stays in the cache. */
static uint8_t scratch[LIMIT_CARRIED + RECEIVE_BYTES];

bool phone_advance(struct phone *phone) {
    phone->script++;
    const struct step_row *row = &step_rows[phone_step(phone)];
    return row->enter == NULL || row->enter(phone);
}

static bool carry_keep(struct phone *phone, const uint8_t *rest, size_t length) {
    if (length > LIMIT_CARRIED) {
        trouble("a message without end");
        return false;
    }
    phone->carry = memory_resize(phone->carry, length, 1);
    memcpy(phone->carry, rest, length);
    phone->carried = (uint32_t)length;
    return true;
}

/* What was carried goes in front of what arrives. */
static size_t carry_take(struct phone *phone) {
    size_t length = phone->carried;
    if (length > 0) {
        memcpy(scratch, phone->carry, length);
        free(phone->carry);
        phone->carry = NULL;
        phone->carried = 0;
    }
    return length;
}

static bool bytes_take(struct phone *phone, size_t length) {
    int64_t now = now_ns();
    const uint8_t *at = scratch;
    while (length > 0) {
        ssize_t used = step_rows[phone_step(phone)].receive(phone, at, length, now);
        if (used < 0) {
            return false;
        }
        if (used == 0) {
            return carry_keep(phone, at, length);
        }
        at += used;
        length -= (size_t)used;
    }
    return true;
}

bool phone_read(struct phone *phone, bool ended) {
    for (;;) {
        size_t carried = carry_take(phone);
        ssize_t got = line_receive(&phone->line, scratch + carried, RECEIVE_BYTES);
        if (got < 0) {
            return got == LINE_NOTHING && (carried == 0 || carry_keep(phone, scratch, carried));
        }
        if (!bytes_take(phone, carried + (size_t)got)) {
            return false;
        }
        /* Edges: a short read has emptied the socket, but not the TLS library. */
        bool emptied = got < RECEIVE_BYTES && !ended && phone->line.tls == NULL;
        if (phone->connecting || emptied) {
            return true;
        }
    }
}

void phone_close(struct phone *phone) {
    line_close(&phone->line);
    free(phone->carry);
    phone->carry = NULL;
    phone->carried = 0;
    phone->script = NULL;
    phone->connecting = false;
}

bool phone_send_text(struct phone *phone, const char *text) {
    return line_send(&phone->line, text, strlen(text));
}

bool phone_control(struct phone *phone, const struct message *message) {
    return message->opcode == WEBSOCKET_PONG ||
           (message->opcode == WEBSOCKET_PING &&
            websocket_send(&phone->line, WEBSOCKET_PONG, message->payload, message->length));
}
