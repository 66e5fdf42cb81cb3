/* One visitor of one event: what a WebSocket connection, or one POST, may do. Turns messages into
 * requests to the journal and answers into messages. Lives on one network thread. */
#ifndef RAUTE_WIRE_SESSION_H
#define RAUTE_WIRE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bucket.h"
#include "base/buffer.h"
#include "bridge/bridge.h"
#include "journal/journal.h"
#include "wire/frames.h"

/* What all sessions of the server share; made by main. */
struct wire {
    struct journal *journal;
    struct bridge *bridge;
    struct frames *frames;
    struct buckets *asks;       /* per member */
    struct buckets *cards;      /* per member, in a closed event per address: cards, claims, … */
    struct buckets *admissions; /* per address: new members */
    const char *public_url;     /* without a final slash */
    bool plain_pages;           /* web pages on cards may be http: the operator allows peers */
};

/* Once per process, before any other function of wire: reads the words, makes the fixed pages.
 * Needs random_start. */
void wire_start(void);
void wire_stop(void);

struct session {
    struct wire *wire;
    struct door *door;     /* held; as of the last message */
    uint64_t handle;       /* the network thread's; copied into requests */
    struct queue *replies; /* the network thread's */
    uint8_t address[16];   /* for rates; in memory only */
    uint64_t seq;          /* of the last frame sent */
    enum language language;
    enum role role;
    bool joined, member, resync; /* resync: no frames until the next join */
    uint8_t member_id[MEMBER_ID_BYTES];
    uint8_t role_hash[ROLE_HASH_BYTES]; /* as it was at joining */
    uint32_t waiting;                   /* commands without an answer */
};

/* `door` is held by the session from now on. */
void session_start(struct session *session, struct wire *wire, struct door *door);
void session_end(struct session *session); /* wipes it */

/* What a session of this role sees. */
static inline enum view session_view(const struct session *session) {
    bool staff = session->role == ROLE_ORGANISER || session->role == ROLE_MODERATOR;
    return staff ? VIEW_STAFF : VIEW_PUBLIC;
}

/* One whole message. Whatever can be answered at once is appended to `answer` (one JSON text);
 * nothing is appended when the answer comes later through session->replies. After a `join` the
 * caller sends the frames that frames_since() gives, if session->resync is false.
 * Returns what was answered (a POST's status is refusal_status of it, see wire/answers.h). */
enum refusal session_message(struct session *session, const uint8_t *bytes, size_t length,
                             struct buffer *answer);
/* The answer to a request that came back; the caller then frees the request with request_free
 * (wire/links.h), as also when its session is gone. A POST's status: refusal_status of
 * request->refusal. */
void session_answer(struct session *session, const struct journal_request *request,
                    struct buffer *answer);
/* Takes from the address's bucket of new members; false: it is empty. */
bool session_newcomer(const struct session *session);
/* For POST: takes the Bearer, a role key or a member token; false: it is neither (FORBIDDEN). A day
 * after the end any token is the audience's, and so is no Bearer (NULL; before, false). */
bool session_bearer(struct session *session, const char *bearer);

#endif
