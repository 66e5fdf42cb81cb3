/* What of an event goes out to open networks: the event's accounts there, and for each question,
 * account and kind of post one row that says what is out there and what is to be done about it.
 *
 * The event decides (rules in posts.c), the bridge carries out and reports by commands:
 *
 *   queued → ready → sending → sent          a post, an edit or a deletion, by `act`
 *                       └────→ failed        with a reason; a moderator may retry
 *
 * A row is QUEUED until it may leave (delay, batch), READY until the bridge has chosen a token for
 * it and SENDING from the commit of that token on: so after a crash it is known that something may
 * be out there, and under which token. A deletion that is done leaves DELETED while the question
 * is there, else no row.
 *
 * A token stays until an outcome is known (SENT, DELETED), also when the row comes to another act
 * meanwhile, and POST_SENDING does not replace it. So an act whose row has a token when it becomes
 * READY was tried before: what may be out there under the token is to be looked for. A post that is
 * found is taken for the new one; an edit edits it; a deletion deletes it besides `far`, which may
 * be empty then: it is done when neither is there any more. */
#ifndef RAUTE_EVENT_OUTGOING_H
#define RAUTE_EVENT_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

enum network { NETWORK_MASTODON, NETWORK_BLUESKY, NETWORK_X, NETWORK_COUNT };

enum account_state {
    ACCOUNT_CONNECTED,
    ACCOUNT_EXPIRED, /* its log-in does not hold any more: its posts wait for a new one */
    ACCOUNT_REFUSED, /* suspended, or not allowed to post: likewise */
    ACCOUNT_LEAVING, /* being disconnected: finishes deletions, then its token is revoked */
    ACCOUNT_LEFT,    /* disconnected; no log-in is kept; stays while it has posts */
    ACCOUNT_STATE_COUNT
};

struct account {
    uint32_t id; /* in its event, from 1, never used twice */
    enum network network;
    enum account_state state;
    char server[LIMIT_ORIGIN_BYTES + 1];     /* "https://example.social"; the PDS at Bluesky */
    char remote[LIMIT_REMOTE_BYTES + 1];     /* who it is: id at its server; DID; X user id */
    char name[LIMIT_ACCOUNT_NAME_BYTES + 1]; /* as people write it: "@hro@example.social" */
    char url[LIMIT_URL_BYTES + 1];           /* its profile on the web, https; or empty */
    uint32_t post_limit;                     /* characters of a post, as its network counts */
    uint32_t link_length;                    /* what a link counts there; 0: its own length */
    bool keeps;      /* its server deletes nothing: posts are emptied instead */
    uint8_t *secret; /* the log-in, sealed by the bridge, opaque here; owned; NULL when LEFT */
    uint32_t secret_bytes; /* at most LIMIT_ACCOUNT_SECRET_BYTES */
    uint8_t *avatar;       /* PNG, JPEG, GIF or WebP; owned; NULL: none */
    uint32_t avatar_bytes; /* at most LIMIT_AVATAR_BYTES */
};

enum post_kind {
    POST_QUESTION,
    POST_ANSWER, /* in its thread */
    POST_OPEN,   /* in its thread: the stage had no time, who knows? */
    POST_KIND_COUNT
};

enum post_state {
    POST_QUEUED,
    POST_READY,
    POST_SENDING,
    POST_SENT,
    POST_FAILED,
    POST_DELETED,
    POST_STATE_COUNT
};

enum post_act { ACT_POST, ACT_EDIT, ACT_DELETE, ACT_COUNT };

/* Why a post waits or has failed. */
enum post_trouble {
    TROUBLE_NONE,
    TROUBLE_UNREACHABLE, /* no connection, cut off, or too slow */
    TROUBLE_ADDRESS,     /* its name leads to an address that is not public */
    TROUBLE_CERTIFICATE, /* TLS failed */
    TROUBLE_BUSY,        /* 5xx */
    TROUBLE_LIMITED,     /* 429: too many posts */
    TROUBLE_LOGIN,       /* 401: connect the account again */
    TROUBLE_FORBIDDEN,   /* 403: suspended, or not allowed */
    TROUBLE_REJECTED,    /* 4xx: the network does not take this post */
    TROUBLE_MISSING,     /* the post is no longer there */
    TROUBLE_ANSWER,      /* an answer that makes no sense, or has no end */
    TROUBLE_COUNT
};

struct outgoing {
    uint32_t number, account;
    enum post_kind kind;
    enum post_state state;
    enum post_act act;             /* under way, done last, or failed */
    enum post_trouble trouble;     /* FAILED: why; READY, SENDING: why the last try did not do */
    bool dropped;                  /* a moderator deleted it: stays away until sent again by hand */
    bool emptied;                  /* DELETED, but only its text could be taken out */
    uint32_t due;                  /* QUEUED: minute from which it may leave, rounded up; else 0 */
    uint8_t sent[POST_MARK_BYTES]; /* mark (post_mark) of what is out there; zero: nothing */
    uint8_t sending[POST_MARK_BYTES];       /* mark of what is under way, or has failed */
    char token[LIMIT_POST_TOKEN_BYTES + 1]; /* chosen by the bridge, random or made from the time
                                             * of sending: idempotency key, record key; empty
                                             * before SENDING, see above */
    char far[LIMIT_POST_FAR_BYTES + 1];     /* its id at the network, in the bridge's form */
    char url[LIMIT_URL_BYTES + 1];          /* of the post, for people, https; or empty */
    int64_t due_at;                         /* not stored: `due` in Unix ms */
};

struct event;
struct question;

/* What a post of this kind says now, as a mark: 8 bytes of a hash over text and content warning
 * (question), answer or minute of answering (answer). For POST_SENDING and to see what is stale. */
void post_mark(uint8_t mark[POST_MARK_BYTES], const struct question *question, enum post_kind kind);

/* What should be out there, seen from this row (which need not be in the event).
 * KEEP: what is out there stays, nothing new. `question` NULL: it is gone. */
enum want { WANT_NO, WANT_KEEP, WANT_YES };
enum want post_wanted(const struct event *event, const struct question *question,
                      const struct outgoing *row);

/* Look-ups; NULL when there is none. Borrowed. */
const struct account *event_account(const struct event *event, uint32_t id);
const struct outgoing *event_outgoing(const struct event *event, uint32_t number, uint32_t account,
                                      enum post_kind kind);
/* The rows of a question: *first is the index in event->outgoing, how many is returned. */
uint32_t event_posts(const struct event *event, uint32_t number, uint32_t *first);

/* Frees what the account owns and the account itself. The secret is wiped. NULL is fine. */
void account_free(struct account *account);

/* Names on the wire and on disk. Static text. */
const char *network_name(enum network network);           /* "mastodon", "bluesky", "x" */
const char *account_state_name(enum account_state state); /* "connected", … */
const char *post_kind_name(enum post_kind kind);          /* "question", "answer", "open" */
const char *post_state_name(enum post_state state);       /* "queued", … */
const char *post_act_name(enum post_act act);             /* "post", "edit", "delete" */
const char *post_trouble_name(enum post_trouble trouble); /* "" for TROUBLE_NONE */
/* −1 when the name is unknown. */
int network_find(const char *name);
int account_state_find(const char *name);
int post_kind_find(const char *name);
int post_state_find(const char *name);
int post_act_find(const char *name);
int post_trouble_find(const char *name);

#endif
