/* A phone: a connection that goes through the steps of its script, the last of which it stays in.
 */
#ifndef RAUTE_BENCH_PHONE_H
#define RAUTE_BENCH_PHONE_H

#include "bench/load/http.h"
#include "bench/load/line.h"
#include "bench/load/websocket.h"

enum step {
    STEP_NONE, /* no connection */
    STEP_PAGE,
    STEP_SNAPSHOT, /* compressed, as a browser asks for it */
    STEP_FETCH,    /* plain: its seq is for everybody */
    STEP_AGAIN,    /* a new connection for what follows */
    STEP_UPGRADE,
    STEP_JOIN,
    STEP_JOIN_ORGANISER,
    STEP_MQTT_CONNECT,
    STEP_MQTT_SUBSCRIBE,
    STEP_LIVE,   /* receives what is broadcast */
    STEP_RESYNC, /* live, but waits for a snapshot to join with */
    STEP_DRIVE,  /* makes what is broadcast */
    STEP_ASK,
    STEP_LEAVE, /* waits for the server to close */
    STEP_DONE,  /* closes */
    STEP_COUNT
};

struct voter;
struct asker;

struct phone {
    struct line line;
    const uint8_t *script; /* the current step and those after it */
    uint64_t seq;          /* raute */
    uint8_t *carry;        /* the beginning of a message whose end has not arrived, or NULL */
    uint32_t carried;      /* bytes of it */
    uint32_t next;         /* the frame that it expects */
    union {
        struct voter *voter; /* of a live phone, or NULL */
        struct asker *asker;
    };
    bool connecting, opening, muted;
};

/* Consumed bytes; 0: more must come; negative: wrong or over, the phone is to be closed. */
typedef ssize_t step_receive(struct phone *phone, const uint8_t *bytes, size_t length, int64_t now);

/* What a step does when it is entered, and with what arrives. NULL enters nothing. */
struct step_row {
    bool (*enter)(struct phone *phone);
    step_receive *receive;
};
extern const struct step_row step_rows[STEP_COUNT];

static inline enum step phone_step(const struct phone *phone) {
    return phone->script == NULL ? STEP_NONE : (enum step) * phone->script;
}

/* Enters the next step of the script. */
bool phone_advance(struct phone *phone);
/* Reads all that is there; false: the connection is over. `ended`: the other side has ended it,
 * which is told once only, so that reading goes on to the very end. */
bool phone_read(struct phone *phone, bool ended);
void phone_close(struct phone *phone);

/* For the steps: a request to send, an answer to read. */
bool phone_send_text(struct phone *phone, const char *text);
/* Answers pings; true: the message was one of the connection's own, and is done with. */
bool phone_control(struct phone *phone, const struct message *message);

#endif
