/* An event's parts as JSON, the same in frames and snapshots (README.md, "Objects"). Each function
 * appends one value. */
#ifndef RAUTE_WIRE_ENCODE_H
#define RAUTE_WIRE_ENCODE_H

#include <stddef.h>

#include "base/buffer.h"
#include "event/event.h"

void encode_text(struct buffer *out, const char *text);                 /* quoted and escaped */
void encode_bytes(struct buffer *out, const void *bytes, size_t count); /* quoted base64url */

/* For a view that may not see the text: number, state, tag, nothing else. */
void encode_question(struct buffer *out, const struct question *question, enum view view);
/* The same without the braces, for a change of a frame. */
void encode_question_members(struct buffer *out, const struct question *question, enum view view);
void encode_talks(struct buffer *out, const struct event *event);          /* a list */
void encode_order(struct buffer *out, const struct talk *talk);            /* a list of numbers */
void encode_settings(struct buffer *out, const struct settings *settings); /* members, no braces */
void encode_event(struct buffer *out, const struct event *event);
void encode_snapshot(struct buffer *out, const struct event *event, enum view view,
                     const char *public_url);
void encode_keys(struct buffer *out, const struct event *event); /* the body of /e/SLUG/keys */

#endif
