/* Answers to commands, as one JSON object each:
 * {"id":N,"ok":{…}} or {"id":N,"error":{"code":"too_often","message":"a sentence"}}. */
#ifndef RAUTE_WIRE_ANSWERS_H
#define RAUTE_WIRE_ANSWERS_H

#include <stdint.h>

#include "base/buffer.h"
#include "event/refusal.h"
#include "event/settings.h"

/* The HTTP status that says a refusal: OK 200, bad_… 400, forbidden 403, unknown 404, gone 410, …
 */
int refusal_status(enum refusal refusal);

/* Appends a whole error; `id` NULL is written as null (the message had no readable id). */
void answer_error(struct buffer *out, const uint32_t *id, enum refusal refusal,
                  enum language language);
/* Appends an answer that says nothing but ok. */
void answer_ok(struct buffer *out, uint32_t id);
/* For HTTP: {"error":{"code":…,"message":…}}, without an id. */
void answer_problem(struct buffer *out, enum refusal refusal, enum language language);

#endif
