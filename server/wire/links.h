/* The four links of an event, and the keys in them. PUBLIC_URL/e/SLUG for the audience,
 * PUBLIC_URL/e/SLUG/moderator#k=KEY (stage, organiser) for the rest: the key stands in the
 * fragment, which browsers do not send. Only hashes of keys are stored, so whoever makes a request
 * that sets new ones keeps the keys in request->context until the answer has come. */
#ifndef RAUTE_WIRE_LINKS_H
#define RAUTE_WIRE_LINKS_H

#include <stdint.h>

#include "base/buffer.h"
#include "identity/identity.h"
#include "journal/journal.h"

/* Keys by enum role − 1. The only thing that wire ever hangs on request->context. */
struct link_keys {
    uint8_t key[ROLE_KEYS][ROLE_KEY_BYTES];
};

/* New random keys, and their hashes for the event. The caller owns them: link_keys_free wipes. */
struct link_keys *link_keys_new(const uint8_t event[EVENT_ID_BYTES],
                                uint8_t hashes[ROLE_KEYS][ROLE_HASH_BYTES]);
void link_keys_free(struct link_keys *keys); /* NULL is fine */

/* Appends one link; `key` is NULL for the audience. */
void link_append(struct buffer *out, const char *public_url, const char *slug, enum role role,
                 const uint8_t key[ROLE_KEY_BYTES]);
/* Appends {"slug":…,"audience":URL,"moderator":URL,"stage":URL,"organiser":URL}. */
void links_append(struct buffer *out, const char *public_url, const char *slug,
                  const struct link_keys *keys);

/* Frees any request that wire made, with the keys that may hang on its context and the codes that
 * may stand in its answer, wiped. Whoever gets a
 * request back from the journal frees it with this, never with journal_request_free. */
void request_free(struct journal_request *request);

#endif
