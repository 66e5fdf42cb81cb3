/* People as JSON: their cards, and what a question tells of them (README.md, "Objects"). */
#ifndef RAUTE_WIRE_ENCODE_PEOPLE_H
#define RAUTE_WIRE_ENCODE_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/encode.h"
#include "event/event.h"

#define CARD_TAG_BYTES 8
#define CARD_TAG_CHARS BASE64_CHARS(CARD_TAG_BYTES)

/* One card object. The questions are those that the view shows with it. */
void encode_card(struct buffer *out, const struct event *event, const struct card *card,
                 enum view view);
/* The same without the braces, for a change of a frame. */
void encode_card_members(struct buffer *out, const struct event *event, const struct card *card,
                         enum view view);
/* The body of /e/SLUG/people.json: every card that the view sees, by key. */
void encode_people(struct buffer *out, const struct event *event, enum view view);
/* A question's `,"card":{…}` and `,"interest":n`, or nothing. */
void encode_question_people(struct buffer *out, const struct event *event, uint32_t number);
/* Where an account is at home: its address on the web. */
void account_url(struct buffer *out, const char *name);

/* True when the view sees the card: staff also those that a moderator took away. */
bool card_seen(const struct card *card, enum view view);
/* True when the view shows the claim's question with the card. */
bool claim_seen(const struct event *event, const struct claim *claim, const struct card *card,
                enum view view);
/* The beginning of a card's key, as it stands in addresses, and as a number. */
void card_tag_text(char text[CARD_TAG_CHARS + 1], const struct card *card);
uint64_t card_tag(const uint8_t bytes[CARD_TAG_BYTES]);
/* The card that everybody sees under this tag; NULL: there is none. */
const struct card *card_tagged(const struct event *event, uint64_t tag);

#endif
