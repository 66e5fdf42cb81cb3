#include "net/send.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "net/attendance.h"
#include "net/socket.h"

#define OPCODE_TEXT 0x81
#define HEAD_BYTES  4

#define GATHERED_BYTES (LIMIT_REPLY_BYTES + HEAD_BYTES)

/* A stuck answer waits; more than these are not ours to keep for somebody who does not read. */
#define WAITING_MAX (2 * LIMIT_SESSION_WAITING)

static size_t frame_head(uint8_t head[HEAD_BYTES], size_t length) {
    head[0] = OPCODE_TEXT;
    if (length < 126) {
        head[1] = (uint8_t)length;
        return 2;
    }
    head[1] = 126;
    head[2] = (uint8_t)(length >> 8);
    head[3] = (uint8_t)length;
    return 4;
}

void sockets_send(struct net_thread *thread, struct burst_item *items, uint32_t count) {
    if (!thread->net->tls) {
        burst_send(&thread->burst, items, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        items[i].sent = 0;
    }
}

enum send_result socket_sent(struct socket *socket, const struct burst_item *item) {
    if (item->sent == (int)item->length) {
        return SEND_DONE;
    }
    if (item->sent < 0) {
        bool full = item->sent == -EAGAIN || item->sent == -EWOULDBLOCK || item->sent == -EINTR;
        return full ? SEND_STUCK : SEND_BROKEN;
    }
    /* LWS_WRITE_HTTP is what passes ready frames through a WebSocket unchanged; lws keeps what does
     * not fit, sends nothing in between, and calls back. */
    uint8_t *rest = (uint8_t *)(uintptr_t)(item->bytes + item->sent);
    int written = lws_write(socket->wsi, rest, item->length - (uint32_t)item->sent, LWS_WRITE_HTTP);
    return written < 0 ? SEND_BROKEN : SEND_DONE;
}

enum send_result socket_send(struct socket *socket, const uint8_t *frames, size_t length) {
    struct burst_item item = {.bytes = frames, .length = (uint32_t)length, .fd = socket->fd};
    if (lws_partial_buffered(socket->wsi)) {
        return SEND_STUCK;
    }
    sockets_send(socket->connection->thread, &item, 1);
    return socket_sent(socket, &item);
}

void socket_break(struct socket *socket) {
    attendance_skip(socket);
    socket->closing = true;
    thread_kill(socket->wsi);
}

static void socket_keep(struct socket *socket, const uint8_t *frames, size_t length) {
    if (socket->waiting_count == WAITING_MAX) {
        log_count("not_reading");
        socket_break(socket);
        return;
    }
    struct socket_waiting *waiting = memory_new(sizeof *waiting + length);
    waiting->length = length;
    memcpy(waiting->bytes, frames, length);
    *socket->waiting_last = waiting;
    socket->waiting_last = &waiting->next;
    socket->waiting_count++;
    lws_callback_on_writable(socket->wsi);
}

void gathered_open(struct gathered *gathered) {
    *gathered = (struct gathered){
        .bytes = memory_new(GATHERED_BYTES),
        .items = memory_new(BURST_MAX * sizeof *gathered->items),
        .sockets = memory_new(BURST_MAX * sizeof(struct socket *)),
    };
}

void gathered_close(struct gathered *gathered) {
    free(gathered->bytes);
    free(gathered->items);
    free(gathered->sockets);
}

static void gathered_flush(struct net_thread *thread) {
    struct gathered *gathered = &thread->gathered;
    sockets_send(thread, gathered->items, gathered->count);
    for (uint32_t i = 0; i < gathered->count; i++) {
        struct socket *socket = gathered->sockets[i];
        const struct burst_item *item = &gathered->items[i];
        socket->gathered = 0;
        switch (socket_sent(socket, item)) {
        case SEND_DONE:
            break;
        case SEND_STUCK:
            socket_keep(socket, item->bytes, item->length);
            break;
        case SEND_BROKEN:
            socket_break(socket);
            break;
        }
    }
    sodium_memzero(gathered->bytes, gathered->length); /* answers hold tokens and links */
    gathered->count = 0;
    gathered->length = 0;
}

void gathered_hold(struct gathered *gathered) {
    gathered->held = true;
}

void gathered_release(struct net_thread *thread) {
    thread->gathered.held = false;
    gathered_flush(thread);
}

/* What a socket is told in a row leaves as one piece. */
static void gathered_add(struct gathered *gathered, struct socket *socket, const uint8_t *frame,
                         size_t length) {
    if (socket->gathered == 0) {
        gathered->sockets[gathered->count] = socket;
        gathered->items[gathered->count] = (struct burst_item){.bytes = frame, .fd = socket->fd};
        socket->gathered = (uint16_t)++gathered->count;
    }
    gathered->items[gathered->count - 1].length += (uint32_t)length;
    gathered->length += length;
}

void socket_say(struct socket *socket, const struct buffer *text) {
    struct net_thread *thread = socket->connection->thread;
    struct gathered *gathered = &thread->gathered;
    INVARIANT(!text->overflow && text->length <= LIMIT_REPLY_BYTES);
    bool last = socket->gathered == gathered->count;
    if ((socket->gathered != 0 && !last) || gathered->count == BURST_MAX ||
        gathered->length + HEAD_BYTES + text->length > GATHERED_BYTES) {
        gathered_flush(thread);
    }
    uint8_t *frame = gathered->bytes + gathered->length;
    size_t length = frame_head(frame, text->length);
    memcpy(frame + length, text->data, text->length);
    length += text->length;
    if (socket->gathered == 0 && (socket->waiting != NULL || lws_partial_buffered(socket->wsi))) {
        socket_keep(socket, frame, length);
        return;
    }
    gathered_add(gathered, socket, frame, length);
    if (!gathered->held) {
        gathered_flush(thread);
    }
}

void socket_lag(struct socket *socket) {
    attendance_skip(socket);
    if (!socket->lagging) {
        socket->lagging = true;
        socket->since = socket->connection->thread->wheel.second;
        log_count("lagging");
    }
    lws_callback_on_writable(socket->wsi);
}
