/* Mastodon's client API (protocols §1), as Mastodon, GoToSocial, Pleroma, Akkoma and snac speak it.
 * Requests are forms, which all of them take.
 *
 * Servers differ, so nothing is taken for granted:
 * - An Idempotency-Key may be forgotten or ignored. A post of which nobody knows whether it is out
 *   there is looked for among the account's latest ones, by its link and text, before it is sent
 *   again.
 * - Where nothing can be deleted (404, and the post is still there) its text is taken out.
 * - Where nothing can be edited (likewise) an edit is a deletion and a new post. */
#ifndef RAUTE_BRIDGE_MASTODON_H
#define RAUTE_BRIDGE_MASTODON_H

#include "bridge/network.h"

#define MASTODON_LIMIT 500 /* of a server that does not say */
#define MASTODON_LINK  23

/* mastodon.c: applications that are registered, have given no token yet and wait for the next
 * attempt, by origin. An application is good for one log-in: servers with one token per application
 * would end the log-in of another event. */
struct app {
    struct app *next;
    char *origin, *id, *secret, *scopes;
};
/* Takes the newest one of this origin and these scopes out of the list, for app_clear; false: none.
 */
bool app_take(struct apps *apps, const char *origin, const char *scopes, struct app *taken);
/* Copies; forgets the oldest beyond a limit. */
void app_add(struct apps *apps, const char *origin, const char *id, const char *secret,
             const char *scopes);
/* Wipes its texts. */
void app_clear(struct app *app);

/* A far server's word that goes into paths, names and headers: printable ASCII without blanks, 1 to
 * `most` characters. */
bool word_sound(const char *word, size_t most);
/* True when people may be sent to this URL of `server`: its own, or https with a host name. */
bool link_sound(const char *url, const char *server, const struct bridge_options *options);

/* mastodon_login.c */
void mastodon_begin(struct attempt *attempt);
void mastodon_finish(struct attempt *attempt);
void mastodon_revoke(struct job *job);

/* mastodon_account.c: who has logged in, and the limits of the server; then attempt_finished. */
void mastodon_account(struct attempt *attempt);
/* The account's id at its server, out of account->remote, "ID@ORIGIN"; the caller frees it. */
char *mastodon_account_id(const struct account *account);

/* mastodon_posts.c */
void mastodon_token(char token[LIMIT_POST_TOKEN_BYTES + 1]);
void mastodon_post(struct job *job);

/* mastodon_find.c: the post among `statuses` (of the account itself, newest first) that `job` may
 * have left; NULL: none. Borrowed. */
const json_t *mastodon_find(const struct job *job, const json_t *statuses);

#endif
