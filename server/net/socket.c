#include "net/socket.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "net/attendance.h"
#include "net/connection.h"
#include "net/exchange.h"
#include "net/origin.h"
#include "net/route.h"
#include "wire/answers.h"
#include "wire/words.h"

#define HEADER_BYTES  512
#define CODE_POLICY   1008
#define CODE_TOO_LONG 1009

#define CLOSE_SECONDS 3 /* for the other side to close too */

/* With a byte in it: lws tells of no pong without one. */
static const uint8_t PING_FRAME[] = {0x89, 0x01, '#'};

static int64_t second_now(const struct socket *socket) {
    return socket->connection->thread->wheel.second;
}

static bool origin_check(struct connection *connection, struct lws *wsi) {
    char origin[HEADER_BYTES], host[HEADER_BYTES];
    const char *public_url = connection->thread->net->wire->public_url;
    if (lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) == 0) {
        return true;
    }
    if (lws_hdr_copy(wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN) <= 0) {
        return false;
    }
    bool known = lws_hdr_copy(wsi, host, sizeof host, WSI_TOKEN_HOST) > 0;
    return origin_allowed(origin, known ? host : NULL, public_url);
}

/* lws takes the first subprotocol that it knows, its own internal names included. */
static bool protocol_check(struct lws *wsi) {
    char list[HEADER_BYTES];
    size_t length = strlen(PROTOCOL_SOCKET);
    if (lws_hdr_copy(wsi, list, sizeof list, WSI_TOKEN_PROTOCOL) <= 0) {
        return false;
    }
    char next = list[length < strlen(list) ? length : strlen(list)];
    return strncmp(list, PROTOCOL_SOCKET, length) == 0 &&
           (next == '\0' || next == ',' || next == ' ');
}

int socket_admit(struct connection *connection, struct lws *wsi, const char *upgrade) {
    char *path = NULL;
    int length = 0;
    int method = lws_http_get_uri_and_method(wsi, &path, &length);
    if (strcasecmp(upgrade, "websocket") != 0 || method != LWSHUMETH_GET || path == NULL) {
        return 400;
    }
    struct route route = route_find(path);
    if (route.name != ROUTE_LIVE) {
        return 404;
    }
    if (!origin_check(connection, wsi)) {
        log_count("foreign_origin");
        return 403;
    }
    if (!protocol_check(wsi)) {
        return 400;
    }
    wheel_remove(&connection->due);
    if (connection->thread->obeyed != ORDER_SERVE) {
        return 503;
    }
    connection_identify(connection, wsi);
    if (!connection_guard(connection)) {
        log_count("too_many_connections");
        return 429;
    }
    door_release(connection->door);
    connection->door = journal_door(connection->thread->net->wire->journal, route.slug);
    return connection->door == NULL ? 404 : 0;
}

static int socket_open(struct connection *connection, struct lws *wsi) {
    struct net_thread *thread = connection->thread;
    struct socket *socket = memory_new(sizeof *socket);
    char language[128];
    socket->wsi = wsi;
    socket->connection = connection;
    socket->fd = lws_get_socket_fd(wsi);
    socket->waiting_last = &socket->waiting;
    socket->message = buffer_make(LIMIT_MESSAGE_BYTES);
    session_start(&socket->session, thread->net->wire, connection->door);
    connection->door = NULL;
    connection->socket = socket;
    socket->session.handle = handles_add(&thread->handles, HANDLE_SOCKET, socket);
    socket->session.replies = &thread->replies;
    memcpy(socket->session.address, connection->address, sizeof socket->session.address);
    if (lws_hdr_copy(wsi, language, sizeof language, WSI_TOKEN_HTTP_ACCEPT_LANGUAGE) > 0) {
        socket->session.language = language_accepted(language, socket->session.door->language);
    }
    socket->heard = second_now(socket);
    wheel_put(&thread->wheel, &connection->due, socket->heard + LIMIT_HEADER_SECONDS);
    atomic_fetch_add(&thread->sessions, 1);
    return 0;
}

void socket_free(struct socket *socket) {
    struct net_thread *thread = socket->connection->thread;
    attendance_leave(socket);
    wheel_remove(&socket->connection->due);
    handles_remove(&thread->handles, socket->session.handle);
    session_end(&socket->session);
    buffer_clear(&socket->message);
    while (socket->waiting != NULL) {
        struct socket_waiting *next = socket->waiting->next;
        free(socket->waiting);
        socket->waiting = next;
    }
    socket->connection->socket = NULL;
    sodium_memzero(socket, sizeof *socket);
    free(socket);
    atomic_fetch_sub(&thread->sessions, 1);
}

/* Its turn on the wheel would end it: first its last bytes may go out. */
static void closing_begin(struct socket *socket) {
    socket->closing = true;
    wheel_put(&socket->connection->thread->wheel, &socket->connection->due,
              second_now(socket) + LAGGARD_SECONDS);
}

static void socket_close(struct socket *socket, uint16_t code) {
    attendance_leave(socket);
    closing_begin(socket);
    socket->close_code = code;
    lws_callback_on_writable(socket->wsi);
}

static void bye_say(struct socket *socket) {
    struct buffer *text = &socket->connection->thread->answer;
    buffer_reset(text);
    buffer_format(text, "{\"bye\":\"%s\"}", socket->bye);
    socket_say(socket, text);
    closing_begin(socket);
    socket->close_code = socket->bye_code;
    lws_callback_on_writable(socket->wsi);
}

void socket_bye(struct socket *socket, const char *why, uint16_t code) {
    if (socket->closing || socket->bye != NULL) {
        return;
    }
    socket->bye = why;
    socket->bye_code = code;
    attendance_skip(socket);
    wheel_put(&socket->connection->thread->wheel, &socket->connection->due,
              second_now(socket) + LAGGARD_SECONDS);
    if (socket->session.waiting == 0) {
        bye_say(socket);
    }
}

/* The frames between the snapshot that the client has and now. While the answer to the join waits,
 * no frame may overtake it. */
static void socket_catch_up(struct socket *socket) {
    struct session *session = &socket->session;
    struct shared *texts[LIMIT_RING_FRAMES];
    uint64_t seq = session->seq;
    if (socket->waiting != NULL) {
        socket_lag(socket);
        return;
    }
    int count = frames_since(session->wire->frames, session->door->event, socket->view,
                             session->seq, texts, LIMIT_RING_FRAMES, &seq);
    enum send_result result = count < 0 ? SEND_STUCK : SEND_DONE;
    for (int i = 0; i < count; i++) {
        if (result == SEND_DONE) {
            result = socket_send(socket, texts[i]->bytes, texts[i]->length);
        }
        shared_release(texts[i]);
    }
    attendance_reach(socket, seq);
    if (result == SEND_STUCK) {
        socket_lag(socket);
    } else if (result == SEND_BROKEN) {
        socket_break(socket);
    }
}

static void socket_message(struct socket *socket, const uint8_t *bytes, size_t length) {
    struct net_thread *thread = socket->connection->thread;
    struct buffer *answer = &thread->answer;
    buffer_reset(answer);
    enum refusal refusal = session_message(&socket->session, bytes, length, answer);
    if (!socket->session.joined) {
        attendance_leave(socket); /* a later join was refused */
    }
    if (answer->length == 0) {
        return; /* the journal answers */
    }
    socket_say(socket, answer);
    if (refusal != REFUSAL_OK) {
        log_count(refusal_code(refusal));
    }
    if (refusal != REFUSAL_OK || socket->closing) {
        return;
    }
    /* Only a join is answered with ok at once. */
    socket->lagging = false;
    attendance_enter(thread, socket);
    if (!socket->session.resync) {
        socket_catch_up(socket);
    }
}

static void socket_refuse(struct socket *socket, enum refusal refusal) {
    struct buffer *answer = &socket->connection->thread->answer;
    buffer_reset(answer);
    answer_error(answer, NULL, refusal, socket->session.language);
    socket_say(socket, answer);
    log_count(refusal_code(refusal));
}

void socket_answered(struct socket *socket, const struct journal_request *request) {
    struct buffer *answer = &socket->connection->thread->answer;
    buffer_reset(answer);
    session_answer(&socket->session, request, answer);
    if (socket->closing) {
        return;
    }
    socket_say(socket, answer);
    if (socket->bye != NULL && socket->session.waiting == 0) {
        bye_say(socket);
    }
}

static void socket_receive(struct socket *socket, const uint8_t *bytes, size_t length) {
    struct lws *wsi = socket->wsi;
    bool final = lws_is_final_fragment(wsi) != 0;
    socket->heard = second_now(socket);
    socket->pinged = false;
    if (socket->closing || socket->bye != NULL || socket->too_long) {
        return;
    }
    if (socket->message.length + length + lws_remaining_packet_payload(wsi) > LIMIT_MESSAGE_BYTES) {
        socket->too_long = true;
        buffer_clear(&socket->message);
        socket_refuse(socket, REFUSAL_TOO_LONG);
        socket_close(socket, CODE_TOO_LONG);
        return;
    }
    bool whole = final && socket->message.length == 0;
    if (!whole) {
        buffer_append(&socket->message, bytes, length);
        if (!final) {
            return;
        }
    }
    if (lws_frame_is_binary(wsi)) {
        socket_refuse(socket, REFUSAL_BAD_MESSAGE);
    } else if (whole) {
        socket_message(socket, bytes, length);
    } else {
        socket_message(socket, socket->message.data, socket->message.length);
    }
    buffer_clear(&socket->message);
}

/* The close frame is ours: returning −1 with lws_close_reason() cuts the connection without one
 * when lws runs on libuv and was built with its assertions, as in Debian. */
static int close_start(struct socket *socket) {
    uint8_t frame[4] = {0x88, 0x02, (uint8_t)(socket->close_code >> 8),
                        (uint8_t)socket->close_code};
    enum send_result result = socket_send(socket, frame, sizeof frame);
    if (result == SEND_STUCK) {
        lws_callback_on_writable(socket->wsi);
        return 0;
    }
    socket->close_code = 0;
    wheel_put(&socket->connection->thread->wheel, &socket->connection->due,
              second_now(socket) + CLOSE_SECONDS);
    return result == SEND_BROKEN ? -1 : 0;
}

/* Something may be written: what waits, then the news of a resync, then the close. */
static int socket_writable(struct socket *socket) {
    while (socket->waiting != NULL) {
        struct socket_waiting *waiting = socket->waiting;
        enum send_result result = socket_send(socket, waiting->bytes, waiting->length);
        if (result == SEND_BROKEN) {
            return -1;
        }
        if (result == SEND_STUCK) {
            lws_callback_on_writable(socket->wsi);
            return 0;
        }
        socket->waiting = waiting->next;
        socket->waiting_count--;
        free(waiting);
    }
    socket->waiting_last = &socket->waiting;
    if (lws_partial_buffered(socket->wsi)) {
        return 0; /* lws calls again when that is out */
    }
    if (socket->closing && socket->close_code != 0) {
        return close_start(socket);
    }
    if (socket->lagging && !socket->closing) {
        struct buffer *text = &socket->connection->thread->answer;
        buffer_reset(text);
        buffer_text(text, "{\"resync\":true}");
        socket->lagging = false;
        socket_say(socket, text);
    }
    return 0;
}

void socket_look(struct socket *socket, int64_t second) {
    struct wheel *wheel = &socket->connection->thread->wheel;
    if (!socket->session.joined || socket->closing || socket->bye != NULL ||
        (socket->lagging && second - socket->since >= LAGGARD_SECONDS)) {
        log_count("hung_up");
        thread_kill(socket->wsi);
        return;
    }
    if (socket->lagging) {
        wheel_put(wheel, &socket->connection->due, socket->since + LAGGARD_SECONDS);
    } else if (second < socket->heard + PING_SECONDS) {
        wheel_put(wheel, &socket->connection->due, socket->heard + PING_SECONDS);
    } else if (!socket->pinged) {
        socket->pinged = true;
        if (socket_send(socket, PING_FRAME, sizeof PING_FRAME) == SEND_BROKEN) {
            thread_kill(socket->wsi);
            return;
        }
        wheel_put(wheel, &socket->connection->due, second + PONG_SECONDS);
    } else {
        log_count("silent");
        thread_kill(socket->wsi);
    }
}

int socket_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t length) {
    (void)user;
    struct connection *connection = NULL;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_RECEIVE_PONG:
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
    case LWS_CALLBACK_CLOSED:
        connection = lws_get_opaque_user_data(wsi);
        break;
    default:
        return 0;
    }
    if (reason == LWS_CALLBACK_ESTABLISHED) {
        return connection == NULL || connection->door == NULL ? -1 : socket_open(connection, wsi);
    }
    struct socket *socket = connection == NULL ? NULL : connection->socket;
    if (socket == NULL) {
        return 0;
    }
    switch (reason) {
    case LWS_CALLBACK_RECEIVE:
        socket_receive(socket, in, length);
        return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
        socket->heard = second_now(socket);
        socket->pinged = false;
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return socket_writable(socket);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: {
        /* Where our close frame went first this is the answer to it: lws must not send another. */
        bool answered = socket->closing && socket->close_code == 0;
        attendance_leave(socket);
        closing_begin(socket);
        return answered ? -1 : 0;
    }
    default:
        socket_free(socket);
        return 0;
    }
}
