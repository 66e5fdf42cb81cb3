/* WebFinger (RFC 7033; protocols §2.1): what the host of an account "name@host" says of it. The
 * host alone decides whose name that is: an actor elsewhere that claims it counts for nothing. */
#ifndef RAUTE_BRIDGE_WEBFINGER_H
#define RAUTE_BRIDGE_WEBFINGER_H

#include "bridge/network.h"

/* Each is https (or an allowed peer's), at most LIMIT_URL_BYTES, or NULL. Borrowed. */
struct finger {
    const char *actor;     /* ActivityPub id */
    const char *profile;   /* its page for people */
    const char *subscribe; /* where its people follow others: has {uri} */
};

/* `done` is called once, never within; OK, or BAD_ACCOUNT (the host knows no such account),
 * BAD_SERVER, UNREACHABLE, REFUSED. */
void finger_ask(struct reach *reach, const char *account,
                void (*done)(void *context, enum refusal refusal, const struct finger *finger),
                void *context);

#endif
