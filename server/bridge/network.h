/* What the bridge asks of a network, one file per network: log-in, posts, farewell. All of it runs
 * on the bridge thread, in steps: a function sends a request and returns, the next step is the
 * request's `done`. Each of them ends by calling exactly one of the functions at the end of this
 * page, which may free what it was given. */
#ifndef RAUTE_BRIDGE_NETWORK_H
#define RAUTE_BRIDGE_NETWORK_H

#include "bridge/bridge.h"
#include "bridge/http.h"
#include "bridge/login.h"
#include "bridge/text.h"
#include "event/refusal.h"

#define LOGIN_STATE_CHARS 22

/* What the networks share; lives as long as the bridge. */
struct reach {
    struct http *http;
    const struct bridge_options *options;
    struct lookup *lookup; /* TXT records (lookup.h) */
    struct apps *apps;     /* client registrations per Mastodon server, in memory (mastodon.c) */
};

struct apps *apps_new(void); /* mastodon.c */
void apps_free(struct apps *apps);

/* What a log-in is for; it asks for no more rights than that needs. */
enum login_purpose {
    LOGIN_EVENT, /* an event's account: posts, edits, deletions, lists */
    LOGIN_PROVE, /* who somebody is, once */
    LOGIN_POST   /* likewise, and one post */
};

/* A log-in under way: from `connect` to the account. In memory only. */
struct attempt {
    struct reach *reach;
    enum login_purpose purpose;
    char state[LOGIN_STATE_CHARS + 1]; /* random, ours */
    uint8_t challenge[32];             /* S256 of the browser's verifier */
    char *server;                      /* as typed: host or origin; handle or DID */
    char *password;                    /* Bluesky by app password; wiped after use */
    char *code, *issuer, *verifier;    /* CONNECT_FINISH; issuer may be NULL */
    const char *hashtag;               /* the event's first; for names shown at consent */
    struct login *login;               /* filled step by step */
    struct account *account; /* filled at the end: network, server, remote, name, url, limits,
                              * avatar (of an event's); not id, state, secret */
    char *actor;             /* Mastodon: its ActivityPub id, where its server says it */
    void *own;               /* the network's, between begin and finish */
    void (*own_free)(void *own);
    void *core; /* the bridge's */
};

/* One act on one post. */
struct job {
    struct reach *reach;
    struct login *login;           /* may be renewed: then call job_login_changed at once */
    const struct account *account; /* a copy of the bridge's */
    enum post_kind kind;
    enum post_act act;
    bool doubtful;      /* may have been sent before with this token: look first */
    const char *token;  /* idempotency key or record key (network->token made it) */
    const char *far;    /* EDIT, DELETE: what is out there; "" when it is not known whether
                         * there is anything: look by `token` and `link` */
    const char *parent; /* far id of the post that this one answers; NULL: none */
    const struct post_text *text;    /* POST, EDIT */
    const char *link;                /* the question's page: every post of ours has it */
    const char *title, *description; /* of the page, for a card; plain text */
    void *own;                       /* the network's; freed by it before job_done */
    void *core;                      /* the bridge's */
};

struct job_result {
    enum post_trouble trouble; /* NONE: done */
    bool final;                /* no use in trying again */
    bool pending;              /* the far server may still be carrying it out */
    int64_t retry_at;          /* Unix ms, not before; 0: the bridge's own backoff */
    const char *far, *url;     /* POST, EDIT; url may be "" */
    bool emptied;              /* DELETE: its text was taken out, the post stays */
};

struct network_driver {
    /* Finds the server and makes the address where the organiser agrees. → attempt_began. */
    void (*begin)(struct attempt *attempt);
    /* code, issuer, verifier are there; → attempt_finished. */
    void (*finish)(struct attempt *attempt);
    /* server and password; → attempt_finished. NULL: there is no such way. */
    void (*password)(struct attempt *attempt);
    /* A new token for an act: random, or made from the time of sending. */
    void (*token)(char token[LIMIT_POST_TOKEN_BYTES + 1]);
    void (*post)(struct job *job); /* → job_done */
    /* Ends the log-in at the far server, best effort. → job_done. */
    void (*revoke)(struct job *job);
};

extern const struct network_driver mastodon_driver, bluesky_driver, x_driver;
const struct network_driver *network_driver(enum network network);

/* The ends (bridge core). */
void attempt_began(struct attempt *attempt, const char *url);
void attempt_finished(struct attempt *attempt);
void attempt_failed(struct attempt *attempt, enum refusal refusal);
/* The log-in's tokens were renewed: makes them durable before the next request leaves is not
 * possible everywhere, so call it in the step that learned them. */
void job_login_changed(struct job *job);
void job_done(struct job *job, const struct job_result *result);

/* Fetches an account's picture: PNG, JPEG, GIF or WebP by its first bytes, at most
 * LIMIT_AVATAR_BYTES. `done` is called once, never within; it owns the bytes; NULL and 0 when there
 * is none. */
void avatar_fetch(struct reach *reach, const char *url,
                  void (*done)(void *context, uint8_t *bytes, uint32_t count), void *context);

/* What was asked for is not there, says who must know. */
bool is_missing(const struct http_answer *answer);
/* For a refused log-in: what an answer without the expected document means. */
enum refusal refusal_of(const struct http_answer *answer);
/* What whoever asked is told of it; OK for NONE. */
enum refusal trouble_refusal(enum post_trouble trouble);
/* For a refused act: trouble, final and retry_at of an answer that is not a success (401 LOGIN, 403
 * FORBIDDEN, 404/410 MISSING and final, 408/5xx BUSY, 429 LIMITED, other 4xx REJECTED and final; a
 * success that makes no sense is ANSWER). */
struct job_result result_of(const struct http_answer *answer);

#endif
