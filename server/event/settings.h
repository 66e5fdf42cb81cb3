/* What the organiser sets. A plain value: copy it freely. */
#ifndef RAUTE_EVENT_SETTINGS_H
#define RAUTE_EVENT_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "event/refusal.h"

enum language { LANGUAGE_DE, LANGUAGE_EN };

/* Which questions whose asker wants it go out under the hashtag. */
enum publish { PUBLISH_OFF, PUBLISH_APPROVED, PUBLISH_ALL, PUBLISH_COUNT };

/* "off", "approved", "all"; static text. −1 when the name is unknown. */
const char *settings_publish_name(enum publish publish);
int settings_publish_find(const char *name);

struct settings {
    char title[LIMIT_TITLE_BYTES + 1];
    char hashtags[LIMIT_HASHTAGS][LIMIT_HASHTAG_BYTES + 1]; /* without '#' */
    uint32_t hashtag_count;                                 /* at least 1 */
    enum language language;
    uint32_t start, end;      /* minutes, Unix time */
    bool moderation_before;   /* a question is shown only after approval */
    uint32_t release_seconds; /* 0 to LIMIT_RELEASE_SECONDS */
    uint32_t ask_burst;       /* questions that one member may ask at once, from 1 */
    uint32_t ask_seconds;     /* one more after so long; 0 = no limit */
    uint32_t retention_days;  /* after the end, then everything is deleted */
    enum publish publish;
    uint32_t publish_seconds; /* least time from approval to post, to LIMIT_PUBLISH_SECONDS; 0: at
                               * once and without a batch */
    bool tickets;             /* only who has a ticket becomes a member */
    int32_t offset;           /* local time − UTC in minutes, for times in posts */
};

/* Defaults for an event created at `now_minute`; title and hashtags empty. */
struct settings settings_default(uint32_t now_minute);

/* Checks every value and range: texts in normal form, 1 to LIMIT_HASHTAGS different hashtags (ASCII
 * case ignored), start at most LIMIT_START_AHEAD_DAYS ahead, end after start and at most
 * LIMIT_EVENT_DAYS after the later of start and now, retention at least a day.
 * BAD_VALUE, BAD_HASHTAG, BAD_TEXT or TOO_LONG. */
enum refusal settings_check(const struct settings *settings, uint32_t now_minute);

#endif
