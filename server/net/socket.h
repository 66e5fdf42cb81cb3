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
    uint8_t bytes[]; /* ready frames */
};

struct socket {
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
    uint16_t gathered; /* its item among what the thread has gathered, from 1; 0: none */
};

/* May this request become a session? 0: yes, the connection holds its door; else the status. */
int socket_admit(struct connection *connection, struct lws *wsi, const char *upgrade);

void socket_free(struct socket *socket);
/* The answer to a command of this session. */
void socket_answered(struct socket *socket, const struct journal_request *request);
/* Says {"bye":why} and closes, after the answers that it is still owed. */
void socket_bye(struct socket *socket, const char *why, uint16_t code);
/* Looks after a session whose turn on the wheel it is. */
void socket_look(struct socket *socket, int64_t second);

#endif
