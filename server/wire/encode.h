/* An event's parts as JSON, the same in frames and snapshots (README.md, "Objects"). Each function
 * appends one value. */
#ifndef RAUTE_WIRE_ENCODE_H
#define RAUTE_WIRE_ENCODE_H

#include <stddef.h>

#include "base/buffer.h"
#include "event/event.h"

void encode_text(struct buffer *out, const char *text);                 /* quoted and escaped */
void encode_bytes(struct buffer *out, const void *bytes, size_t count); /* quoted base64url */
/* A further member, left out when it is "" or false. */
void member_text(struct buffer *out, const char *name, const char *text);
void member_true(struct buffer *out, const char *name, bool value);

/* For a view that may not see the text: number, state, tag, nothing else. */
void encode_question(struct buffer *out, const struct event *event, const struct question *question,
                     enum view view);
/* The same without the braces, for a change of a frame. */
void encode_question_members(struct buffer *out, const struct event *event,
                             const struct question *question, enum view view);
void encode_talks(struct buffer *out, const struct event *event);          /* a list */
void encode_order(struct buffer *out, const struct talk *talk);            /* a list of numbers */
void encode_settings(struct buffer *out, const struct settings *settings); /* members, no braces */
void encode_event(struct buffer *out, const struct event *event);
/* `offers`: the networks that can be connected here, 1 << enum network each. */
void encode_snapshot(struct buffer *out, const struct event *event, enum view view,
                     const char *public_url, unsigned offers);
void encode_keys(struct buffer *out, const struct event *event); /* the body of /e/SLUG/keys */

/* encode_posts.c */
void encode_accounts(struct buffer *out, const struct event *event, enum view view); /* a list */
/* `,"posts":[…]`, or nothing when the view sees none of the question's. */
void encode_posts(struct buffer *out, const struct event *event, uint32_t number, enum view view);
void encode_left(struct buffer *out, const struct event *event); /* a list: rows without question */
void encode_offers(struct buffer *out, unsigned offers);         /* a list of networks */
/* True for a row that everybody may know of: it is out there, with a web address, at an account of
 * the event. Whether its question is shown to everybody is another matter. */
bool post_public(const struct event *event, const struct outgoing *row);

#endif
