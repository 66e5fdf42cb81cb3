/* Inside the import only: what its files share. */
#ifndef RAUTE_WIRE_IMPORT_H
#define RAUTE_WIRE_IMPORT_H

#include <jansson.h>

#include "event/event.h"
#include "wire/object.h"

/* Shape, encoding and texts of an object inside the export. */
enum refusal part_check(const json_t *part, const struct member *members);

/* import_people.c: one card of an export, new and with its proofs, into *card, which the caller
 * owns. BAD_MESSAGE, … as part_check; and as card_check, when its signature is not good. */
enum refusal import_card(struct card **card, const json_t *part,
                         const uint8_t event[EVENT_ID_BYTES]);
/* One claim of an export; *key is that of its question. As claim_check. */
enum refusal import_claim(struct claim *claim, uint8_t key[QUESTION_KEY_BYTES], const json_t *part,
                          const uint8_t event[EVENT_ID_BYTES]);
/* All of them into the event, whose questions are there. BAD_SIGNATURE also for a claim of another
 * text or key than its question has, BAD_MESSAGE for one without its question or card. */
enum refusal import_people(struct event *event, const json_t *object);

#endif
