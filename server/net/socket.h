/* A WebSocket session: its life, its messages, what it is sent. */
#ifndef RAUTE_NET_SOCKET_H
#define RAUTE_NET_SOCKET_H

#include "base/shared.h"
#include "net/thread.h"
#include "net/wheel.h"
#include "wire/session.h"

struct attendance;

/* An answer that waits because the socket is full. */
struct socket_waiting {
    struct socket_waiting *next;
    size_t length;
    uint8_t bytes[]; /* a ready frame */
};

struct socket {
    struct wheel_entry ping; /* first member: wheel entries are cast back */
    struct lws *wsi;
    struct connection *connection;
    int fd;
    bool closing;        /* sends nothing but what waits */
    bool too_long;       /* the rest of this message is dropped */
    bool pinged;         /* and not heard of since */
    bool lagging;        /* is owed a resync, once it can be written to */
    uint16_t close_code; /* with `closing`: sent when nothing waits any more */
    int64_t heard;       /* second of the last sign of life */
    int64_t since;       /* second when it began to lag */
    struct session session;
    struct attendance *attendance; /* NULL before it joined */
    uint32_t place;                /* in the attendance's list of its view */
    enum view view;                /* that it attends */
    const char *bye; /* static text: said when the answers that are still owed are out; or NULL */
    uint16_t bye_code;
    bool counted; /* as a member, with `member` */
    uint8_t member[MEMBER_ID_BYTES];
    struct buffer message; /* pieces so far */
    struct socket_waiting *waiting, **waiting_last;
    uint32_t waiting_count;
};

/* May this request become a session? 0: yes, the connection holds its door; else the status. */
int socket_admit(struct connection *connection, struct lws *wsi, const char *upgrade);

void socket_free(struct socket *socket);
/* One JSON text, now or when there is room. */
void socket_say(struct socket *socket, const struct buffer *text);
/* The answer to a command of this session. */
void socket_answered(struct socket *socket, const struct journal_request *request);
/* Says {"bye":why} and closes, after the answers that it is still owed. */
void socket_bye(struct socket *socket, const char *why, uint16_t code);
/* Looks after a session whose turn on the wheel it is. */
void socket_look(struct socket *socket, int64_t second);

enum send_result { SEND_DONE, SEND_STUCK, SEND_BROKEN };
/* Sends ready frames, or nothing (STUCK), never a part. */
enum send_result socket_send(struct socket *socket, const uint8_t *frame, size_t length);
/* Skips frames from now on; told to resync as soon as there is room. */
void socket_lag(struct socket *socket);

#endif
