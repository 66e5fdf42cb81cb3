/* Slugs: an event's address. Own addresses are reserved in one table. */
#ifndef RAUTE_JOURNAL_SLUG_H
#define RAUTE_JOURNAL_SLUG_H

#include <stdbool.h>

#include "base/limits.h"
#include "event/refusal.h"

/* [a-z0-9], LIMIT_SLUG_CHARS_MIN to LIMIT_SLUG_CHARS of them. */
bool slug_valid(const char *slug);
/* True for what is, or may become, an address of ours. */
bool slug_reserved(const char *slug);
/* Makes `slug` final. "" becomes one from the hashtag (padded with "event" when too short); one
 * that is reserved or `taken` is refused when `exact`, else gets the first number that helps: hro,
 * hro2, hro3 … OK, BAD_SLUG or SLUG_TAKEN. */
enum refusal slug_settle(char slug[LIMIT_SLUG_CHARS + 1], const char *hashtag, bool exact,
                         bool (*taken)(void *context, const char *slug), void *context);

#endif
