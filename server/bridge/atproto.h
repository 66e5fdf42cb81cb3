/* Calls of an AT Protocol server with an account's log-in: by app password (Bearer) or by OAuth
 * (DPoP, RFC 9449). A nonce that is asked for is used at once, an expired log-in is renewed once;
 * refresh tokens may be used only once, so an account has one call at a time. */
#ifndef RAUTE_BRIDGE_ATPROTO_H
#define RAUTE_BRIDGE_ATPROTO_H

#include <jansson.h>
#include <stdbool.h>

#include "bridge/network.h"

/* What a log-in asks for. The client metadata has all of them (bridge_client_metadata), as far as
 * the public URL is not a loopback address, whose client_id says what it asks for. */
const char *atproto_scope(enum login_purpose purpose);
#define ATPROTO_EVENT_SCOPES                                                                       \
    "repo:app.bsky.feed.post?action=create&action=delete "                                         \
    "repo:app.bsky.graph.list?action=create&action=update "                                        \
    "repo:app.bsky.graph.listitem?action=create&action=delete"
#define ATPROTO_POST_SCOPE "repo:app.bsky.feed.post?action=create"
#define ATPROTO_SCOPES     "atproto " ATPROTO_EVENT_SCOPES " " ATPROTO_POST_SCOPE

struct atproto_call {
    struct reach *reach;
    struct login *login;
    /* The log-in was renewed: make it durable. */
    void (*changed)(void *context);
    /* `lost`: the log-in does not hold any more. */
    void (*done)(void *context, const struct http_answer *answer, bool lost);
    void *context;
};

/* `query` begins with '?' or is empty. `done` is called once, never within. */
void atproto_get(const struct atproto_call *call, const char *method, const char *query);
void atproto_post(const struct atproto_call *call, const char *method, const json_t *body);

/* Ends a token at login->revoke_url, which must be there. `done` is called once, never within. */
void atproto_revoke(struct reach *reach, struct login *login, const char *token,
                    void (*done)(void *context, const struct http_answer *answer), void *context);

/* A request with a DPoP proof by login->dpop: `nonce` is the server's latest, `access` NULL for an
 * authorization server. */
void atproto_prove(struct http_request *request, const struct login *login, const char *method,
                   const char *url, const char *nonce, const char *access);
/* Keeps the nonce of an answer. True when it says that the request is to be sent again with it. */
bool atproto_nonce(const struct http_answer *answer, char **nonce);
/* A token of an answer; NULL: none, or none that fits into a header and a sealed log-in. */
const char *atproto_secret(const json_t *json, const char *name);
/* True when an answer says that the account itself is deactivated, suspended or taken down. */
bool atproto_suspended(const struct http_answer *answer);
/* When a token of this answer expires (expires_in), Unix ms; 0: not said. */
int64_t atproto_expiry(const json_t *json);
/* client_id and redirect_uri as the public URL allows them; false: it is neither https with a host
 * name and no port (what the profile wants of a client_id) nor a loopback address. The caller frees
 * both. */
bool atproto_client(const char *public_url, const char *scope, char **client_id,
                    char **redirect_uri);

#endif
