/* Cards and claims as they are sent and as they stand in an export: read, and checked by their
 * signatures. The objects have passed object_check_shape and object_check_encoding. */
#ifndef RAUTE_WIRE_SIGNED_H
#define RAUTE_WIRE_SIGNED_H

#include <jansson.h>

#include "event/people.h"
#include "event/refusal.h"

/* Members `card`, `rev`, `name`, `line`, `web`, `lists` and `sig` into a zeroed card, which owns
 * its texts from then on. Accounts come apart. */
void card_read(struct card *card, const json_t *object);
/* What the card names (BAD_VALUE, BAD_ACCOUNT), its key (BAD_KEY), its signature (BAD_SIGNATURE).
 */
enum refusal card_check(const struct card *card, const uint8_t event[EVENT_ID_BYTES]);

/* Members `card`, `rev`, `minute`, `hash`, `sig` and `card_sig`. */
void claim_read(struct claim *claim, const json_t *object);
/* Of the question with this key. BAD_KEY: it is the card's, too; BAD_SIGNATURE: one of both. */
enum refusal claim_check(const struct claim *claim, const uint8_t key[QUESTION_KEY_BYTES],
                         const uint8_t event[EVENT_ID_BYTES]);

#endif
