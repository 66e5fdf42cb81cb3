/* X, by its API v2 with the operator's own client (protocols §4).
 *
 * What X cannot do, and what follows: there is no idempotency key and no editing. A doubtful post
 * is looked for among the account's latest ones by its link (X shows it as t.co, with the address
 * that it stands for beside it) before it is sent again; where the client may not read, X itself
 * refuses the same text twice, and the post then counts as sent without anybody knowing its
 * address: it can be deleted by hand only, which the moderator is told when it comes to that. An
 * edit is a deletion and a new post; a crash between the two leaves neither, and the next try makes
 * the second. A refused duplicate or reply is that post's trouble, not the account's; so is an
 * edit whose new text X refuses as a duplicate: that is another post's. */
#ifndef RAUTE_BRIDGE_X_H
#define RAUTE_BRIDGE_X_H

#include "bridge/network.h"

#define X_SCOPE    "tweet.read tweet.write users.read offline.access"
#define X_LIMIT    280
#define X_LINK     23
#define X_ID_CHARS 32

/* A call of the API with an account's log-in, which is renewed once when it has expired. */
struct x_call {
    struct reach *reach;
    struct login *login;
    void (*changed)(void *context); /* the log-in was renewed: make it durable */
    /* `lost`: the log-in does not hold any more. Called once, never within x_send. */
    void (*done)(void *context, const struct http_answer *answer, bool lost);
    void *context;
};
/* `path` from /2/ on; `body` (may be NULL) is copied. */
void x_send(const struct x_call *call, const char *method, const char *path, const json_t *body);

/* The address under which the API or the page for consent stands: owned by nobody, static or the
 * operator's. */
const char *x_api(const struct bridge_options *options);
/* Adds who the client is to a token request: HTTP Basic with a secret, else client_id. There must
 * be one: an operator may have taken it out after accounts were connected. */
void x_client(struct http_request *request, const struct bridge_options *options);
/* Takes access_token, refresh_token and expires_in; false: they are not there. */
bool x_tokens(struct login *login, const json_t *json);

void x_begin(struct attempt *attempt);
void x_finish(struct attempt *attempt);
void x_token(char token[LIMIT_POST_TOKEN_BYTES + 1]);
void x_post(struct job *job);
/* A post's id: digits. */
bool x_id_sound(const char *id);
/* x_find.c: id of the post among `posts` (of the account itself, newest first) that `job` may have
 * left, not the one that it replaces; NULL: none. Borrowed. */
const char *x_find(const struct job *job, const json_t *posts);
void x_revoke(struct job *job);

#endif
