/* Making an event: the body of POST /events, and the same over the control socket:
 * {"title":…,"hashtags":["X"],"slug"?:…,"language"?:"de","publish"?:…,"publish_delay"?:…,"offset"?:…}.
 */
#ifndef RAUTE_WIRE_CREATE_H
#define RAUTE_WIRE_CREATE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "event/refusal.h"
#include "event/settings.h"
#include "journal/journal.h"

/* Decodes the body. OK: *request is a COMMAND_CREATE with a fresh event id and the hashes of fresh
 * keys, the keys on its context; the caller sets reply and handle, submits it, and frees it with
 * request_free (wire/links.h). `otherwise` is the event's language when the body names none.
 * Whether the caller may create (the create key) was checked before. */
enum refusal create_decode(const uint8_t *bytes, size_t length, enum language otherwise,
                           struct journal_request **request);

/* The same of an object that was read already. */
enum refusal create_request(const json_t *object, enum language otherwise,
                            struct journal_request **request);

/* Appends what the answered request says: the slug and the four links, or an answer_problem.
 * Returns the HTTP status: 201 or that of the refusal. */
int create_answer(const struct journal_request *request, const char *public_url,
                  enum language language, struct buffer *answer);

#endif
