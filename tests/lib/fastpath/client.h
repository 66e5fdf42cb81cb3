/* One client, on a thread of its own: joins, reads, misbehaves after its habit, and checks all that
 * it is told. */
#ifndef FASTPATH_CLIENT_H
#define FASTPATH_CLIENT_H

#include "lib/fastpath/link.h"
#include "lib/fastpath/parser.h"
#include "lib/fastpath/state.h"

#define WAITING_MAX 8 /* unanswered commands */
#define PING_MAX    125

/* How somebody behaves. Percentages are of each turn: one read, at most 64 KiB. */
struct habit {
    bool prompt;            /* reads whatever comes at once, with the kernel's buffer */
    bool deaf;              /* reads nothing until the run settles */
    unsigned stall, crumbs; /* percent: does not read for a while; reads few bytes */
    unsigned say, ping;     /* percent: a command; a ping */
    unsigned cut, part;     /* percent: tears the connection within a frame; closes it */
};

enum joining {
    JOIN_NONE,    /* needs a snapshot, or a connection */
    JOIN_SENT,    /* no frame may come before the answer */
    JOIN_JOINED,  /* frames come */
    JOIN_RESYNC,  /* was told to; no frame may come */
    JOIN_REFUSED, /* its since was too old */
};

struct client {
    struct run *run;
    int who;
    enum view view;
    const struct habit *habit;
    uint64_t dice;
    struct link link;
    struct parser parser;
    struct state state;
    bool broken; /* a fault was found: goes no further */
    enum joining joining;
    uint64_t since; /* of the join under way */
    bool fresh;     /* no frame since it joined: the first may overlap the snapshot */
    bool stale;     /* wants a snapshot before it joins */
    bool closing;   /* has sent a close, waits for the answer */
    bool cutting;   /* tears the connection at the next torn frame */
    char member[64];
    uint32_t next_id, join_id;
    uint32_t waiting[WAITING_MAX]; /* ids, 0: free */
    uint8_t ping[PING_MAX];        /* one at a time: of two the library answers only the first */
    size_t ping_length;            /* 0: none is under way */
    int64_t entered;               /* ms: when it connected */
};

/* The thread. `argument` is a client with run, who, view, habit and dice. */
void *client_main(void *argument);

/* ---- hear.c: what it is told */

/* A whole frame is in the parser. */
void client_hear(struct client *client);
/* Something is wrong: this client goes no further. */
void client_fault(struct client *client, const char *what, const char *detail);

/* ---- say.c: what it says */

bool client_join(struct client *client);
void client_command(struct client *client); /* one at random */
void client_ping(struct client *client);
void client_part(struct client *client); /* a close frame */
bool client_send(struct client *client, enum opcode opcode, const void *payload, size_t length);
/* Forgets what was asked on a connection that is no more. */
void client_forget(struct client *client);

#endif
