#include "event/settings.h"

#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/text.h"
#include "event/rules.h"

struct settings settings_default(uint32_t now_minute) {
    return (struct settings){
        .language = LANGUAGE_DE,
        .start = now_minute,
        .end = now_minute + DAY_MINUTES,
        .moderation_before = true,
        .release_seconds = 5,
        .ask_burst = 3,
        .ask_seconds = 20,
        .retention_days = 30,
        .publish = PUBLISH_APPROVED,
        .publish_seconds = 60,
    };
}

enum refusal text_check(const char *text, size_t bytes, size_t graphemes) {
    if (text == NULL) {
        return REFUSAL_BAD_TEXT;
    }
    if (strlen(text) > bytes) {
        return REFUSAL_TOO_LONG;
    }
    if (!text_normal(text)) {
        return REFUSAL_BAD_TEXT;
    }
    return text_graphemes(text) > graphemes ? REFUSAL_TOO_LONG : REFUSAL_OK;
}

static enum refusal hashtags_check(const struct settings *settings) {
    if (settings->hashtag_count < 1) {
        return REFUSAL_BAD_HASHTAG;
    }
    if (settings->hashtag_count > LIMIT_HASHTAGS) {
        return REFUSAL_TOO_LONG;
    }
    for (uint32_t i = 0; i < settings->hashtag_count; i++) {
        const char *hashtag = settings->hashtags[i];
        enum refusal refusal = text_check(hashtag, LIMIT_HASHTAG_BYTES, LIMIT_HASHTAG_GRAPHEMES);
        if (refusal == REFUSAL_TOO_LONG) {
            return refusal;
        }
        if (refusal != REFUSAL_OK || !text_hashtag(hashtag)) {
            return REFUSAL_BAD_HASHTAG;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (strcasecmp(hashtag, settings->hashtags[j]) == 0) {
                return REFUSAL_BAD_HASHTAG;
            }
        }
    }
    return REFUSAL_OK;
}

enum refusal settings_check(const struct settings *settings, uint32_t now_minute) {
    enum refusal refusal = text_check(settings->title, LIMIT_TITLE_BYTES, LIMIT_TITLE_GRAPHEMES);
    if (refusal == REFUSAL_OK) {
        refusal = hashtags_check(settings);
    }
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    uint64_t now = now_minute, start = settings->start, end = settings->end;
    uint64_t from = start > now ? start : now;
    bool good =
        (settings->language == LANGUAGE_DE || settings->language == LANGUAGE_EN) &&
        start <= now + (uint64_t)LIMIT_START_AHEAD_DAYS * DAY_MINUTES && end > start &&
        end <= from + (uint64_t)LIMIT_EVENT_DAYS * DAY_MINUTES &&
        settings->release_seconds <= LIMIT_RELEASE_SECONDS && settings->ask_burst >= 1 &&
        settings->ask_burst <= LIMIT_ASK_BURST && settings->ask_seconds <= LIMIT_ASK_SECONDS &&
        settings->retention_days >= 1 && settings->retention_days <= LIMIT_RETENTION_DAYS &&
        (unsigned)settings->publish < PUBLISH_COUNT &&
        settings->publish_seconds <= LIMIT_PUBLISH_SECONDS &&
        settings->offset >= -LIMIT_OFFSET_MINUTES && settings->offset <= LIMIT_OFFSET_MINUTES;
    return good ? REFUSAL_OK : REFUSAL_BAD_VALUE;
}

/* What lies behind the texts' ends may differ, so memcmp would not do. */
static bool settings_equal(const struct settings *a, const struct settings *b) {
    if (strcmp(a->title, b->title) != 0 || a->hashtag_count != b->hashtag_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->hashtag_count; i++) {
        if (strcmp(a->hashtags[i], b->hashtags[i]) != 0) {
            return false;
        }
    }
    return a->language == b->language && a->start == b->start && a->end == b->end &&
           a->moderation_before == b->moderation_before &&
           a->release_seconds == b->release_seconds && a->ask_burst == b->ask_burst &&
           a->ask_seconds == b->ask_seconds && a->retention_days == b->retention_days &&
           a->publish == b->publish && a->publish_seconds == b->publish_seconds &&
           a->offset == b->offset && a->tickets == b->tickets;
}

static void settings_merge(struct settings *into, const struct settings *from, uint32_t mask) {
    if (mask & SETTING_TITLE) {
        memcpy(into->title, from->title, sizeof into->title);
    }
    if (mask & SETTING_HASHTAGS) {
        memcpy(into->hashtags, from->hashtags, sizeof into->hashtags);
        into->hashtag_count = from->hashtag_count;
    }
    if (mask & SETTING_LANGUAGE) {
        into->language = from->language;
    }
    if (mask & SETTING_START) {
        into->start = from->start;
    }
    if (mask & SETTING_END) {
        into->end = from->end;
    }
    if (mask & SETTING_MODERATION) {
        into->moderation_before = from->moderation_before;
    }
    if (mask & SETTING_RELEASE) {
        into->release_seconds = from->release_seconds;
    }
    if (mask & SETTING_ASK_BURST) {
        into->ask_burst = from->ask_burst;
    }
    if (mask & SETTING_ASK_SECONDS) {
        into->ask_seconds = from->ask_seconds;
    }
    if (mask & SETTING_RETENTION) {
        into->retention_days = from->retention_days;
    }
    if (mask & SETTING_PUBLISH) {
        into->publish = from->publish;
    }
    if (mask & SETTING_PUBLISH_SECONDS) {
        into->publish_seconds = from->publish_seconds;
    }
    if (mask & SETTING_OFFSET) {
        into->offset = from->offset;
    }
    if (mask & SETTING_TICKETS) {
        into->tickets = from->tickets;
    }
}

enum refusal rule_settings(struct event *event, struct command *command, struct changes *changes) {
    INVARIANT(command->as.settings.settings != NULL);
    struct settings settings = event->settings;
    settings_merge(&settings, command->as.settings.settings, command->as.settings.mask);
    enum refusal refusal = settings_check(&settings, (uint32_t)(command->now / MINUTE_MS));
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    if (settings_equal(&settings, &event->settings)) {
        return REFUSAL_OK;
    }
    if (event->closed && settings.end != event->settings.end) {
        return REFUSAL_CLOSED; /* its ballots and their key are gone */
    }
    bool publish = settings.publish != event->settings.publish ||
                   settings.moderation_before != event->settings.moderation_before;
    event->settings = settings;
    change_number(changes, CHANGE_SETTINGS, 0);
    if (publish) {
        posts_follow_all(event, command->now, changes);
    }
    return REFUSAL_OK;
}
