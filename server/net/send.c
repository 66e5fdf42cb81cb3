/* Bytes to one socket: on the bare descriptor where nothing lies in between, else through lws. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "net/socket.h"

#define OPCODE_TEXT 0x81

/* A stuck answer waits; more than these are not ours to keep for somebody who does not read. */
#define WAITING_MAX (2 * LIMIT_SESSION_WAITING)

static size_t frame_head(uint8_t head[10], size_t length) {
    head[0] = OPCODE_TEXT;
    if (length < 126) {
        head[1] = (uint8_t)length;
        return 2;
    }
    size_t count = length <= UINT16_MAX ? 2 : 8;
    head[1] = count == 2 ? 126 : 127;
    for (size_t i = 0; i < count; i++) {
        head[2 + i] = (uint8_t)(length >> (8 * (count - 1 - i)));
    }
    return 2 + count;
}

enum send_result socket_send(struct socket *socket, const uint8_t *frame, size_t length) {
    ssize_t sent = 0;
    if (lws_partial_buffered(socket->wsi)) {
        return SEND_STUCK;
    }
    if (!socket->connection->thread->net->tls) {
        sent = send(socket->fd, frame, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == (ssize_t)length) {
            return SEND_DONE;
        }
        if (sent < 0) {
            bool full = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
            return full ? SEND_STUCK : SEND_BROKEN;
        }
    }
    /* LWS_WRITE_HTTP is what passes ready frames through a WebSocket unchanged; lws keeps what does
     * not fit, sends nothing in between, and calls back. */
    uint8_t *rest = (uint8_t *)(uintptr_t)(frame + sent);
    int written = lws_write(socket->wsi, rest, length - (size_t)sent, LWS_WRITE_HTTP);
    return written < 0 ? SEND_BROKEN : SEND_DONE;
}

static void socket_keep(struct socket *socket, const uint8_t *frame, size_t length) {
    if (socket->waiting_count == WAITING_MAX) {
        log_count("not_reading");
        socket->closing = true;
        thread_kill(socket->wsi);
        return;
    }
    struct socket_waiting *waiting = memory_new(sizeof *waiting + length);
    waiting->length = length;
    memcpy(waiting->bytes, frame, length);
    *socket->waiting_last = waiting;
    socket->waiting_last = &waiting->next;
    socket->waiting_count++;
    lws_callback_on_writable(socket->wsi);
}

void socket_say(struct socket *socket, const struct buffer *text) {
    uint8_t *frame = socket->connection->thread->frame;
    INVARIANT(!text->overflow && text->length <= LIMIT_MESSAGE_BYTES);
    size_t head = frame_head(frame, text->length);
    memcpy(frame + head, text->data, text->length);
    enum send_result result =
        socket->waiting == NULL ? socket_send(socket, frame, head + text->length) : SEND_STUCK;
    if (result == SEND_STUCK) {
        socket_keep(socket, frame, head + text->length);
    } else if (result == SEND_BROKEN) {
        socket->closing = true;
        thread_kill(socket->wsi);
    }
}

void socket_lag(struct socket *socket) {
    socket->session.resync = true;
    if (!socket->lagging) {
        socket->lagging = true;
        socket->since = socket->connection->thread->wheel.second;
        log_count("lagging");
    }
    lws_callback_on_writable(socket->wsi);
}
