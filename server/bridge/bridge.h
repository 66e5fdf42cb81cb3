/* The way out: log-in at other servers, and the event's posts on open networks. One thread of its
 * own; it changes nothing itself but submits commands to the journal, and whatever a far server
 * does, nobody waits for it but the organiser who asked. */
#ifndef RAUTE_BRIDGE_BRIDGE_H
#define RAUTE_BRIDGE_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "journal/journal.h"

#define BRIDGE_PEERS 16

struct bridge;

/* Texts are borrowed for the bridge's life; NULL: not given. */
struct bridge_options {
    const char *public_url;      /* without a final slash */
    const uint8_t *key;          /* BRIDGE_KEY_BYTES: seals the accounts' log-ins */
    const char *const *peers;    /* HOST:PORT that may be private and speak http */
    size_t peer_count;           /* at most BRIDGE_PEERS */
    const char *ca_file;         /* PEM: trusted besides the system's; NULL: none */
    const char *plc_url;         /* NULL: https://plc.directory */
    const char *dns;             /* ADDR:PORT asked for handles; NULL: the system's */
    const char *x_client_id;     /* NULL: X is off */
    const char *x_client_secret; /* NULL: a public client */
    const char *x_url;           /* NULL: https://x.com and https://api.x.com */
};

/* NULL and a sentence in `why` when an option is wrong. */
struct bridge *bridge_new(struct journal *journal, const struct bridge_options *options, char *why,
                          size_t room);
/* For journal_subscribe, before journal_start. */
struct journal_subscriber bridge_subscriber(struct bridge *bridge);
/* Before journal_start: looks at every event that is there, then starts the thread. */
void bridge_start(struct bridge *bridge);
/* Drops what is under way (its outcome is found out at the next start), answers requests BUSY.
 * Before journal_stop. */
void bridge_stop(struct bridge *bridge);
void bridge_free(struct bridge *bridge); /* after journal_free: the journal may still tell it */

/* Takes a request of a kind that the bridge answers (event/command.h). It comes back on
 * request->reply; OK: request->answer is the ok object. BUSY beyond LIMIT_BRIDGE_WAITING;
 * BAD_SERVER, UNREACHABLE, REFUSED, EXPIRED, NOT_CONFIGURED, and what the journal refuses.
 *
 * - OWN_LOGIN, OWN_FINISH: a person logs in at the own server, once, to show whose an account is,
 *   or to post an own question there. BAD_ACCOUNT: the card does not list the account, or somebody
 *   else logged in; UNKNOWN: no such card, or no claim of it on the question. Nothing is kept; the
 *   token is ended before the answer says so ("revoked": false when its server would not).
 * - PROVE: looks for a link back, or at a post. UNKNOWN as above, BAD_ACCOUNT also for an account
 *   that cannot be shown in this way or another's post; BAD_CODE: there is nothing that shows it.
 * - TAKE_HOME: lists on Bluesky of the people who agreed to stand on them, made or brought up to
 *   date by the event's account. REFUSED: its log-in may not make lists.
 * - FOLLOW: the address where people of a server follow others, with {uri} in the place of the
 *   other: {"template":…}. */
void bridge_submit(struct bridge *bridge, struct journal_request *request);

/* A request of kind FOLLOW for the server at `host`. */
struct journal_request *bridge_follow(const uint8_t event[EVENT_ID_BYTES], const char *host);

/* Appends the AT Protocol client metadata (protocols: OAuth profile); false when the public URL is
 * not https, so that there is none. Any thread. */
bool bridge_client_metadata(const struct bridge *bridge, struct buffer *out);
/* True when X is configured. Any thread. */
bool bridge_offers(const struct bridge *bridge, enum network network);

#endif
