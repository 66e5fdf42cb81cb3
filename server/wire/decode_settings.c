#include <string.h>

#include "wire/decode.h"
#include "wire/encode.h"
#include "wire/words.h"

static enum refusal hashtags_read(const json_t *list, struct settings *settings) {
    size_t count = json_array_size(list);
    if (count > LIMIT_HASHTAGS) {
        return REFUSAL_TOO_LONG;
    }
    for (size_t i = 0; i < count; i++) {
        const char *hashtag = json_string_value(json_array_get(list, i));
        if (hashtag == NULL) {
            return REFUSAL_BAD_MESSAGE;
        }
        size_t length = strlen(hashtag);
        if (length > LIMIT_HASHTAG_BYTES) {
            return REFUSAL_TOO_LONG;
        }
        memcpy(settings->hashtags[i], hashtag, length + 1);
    }
    settings->hashtag_count = (uint32_t)count;
    return REFUSAL_OK;
}

static enum refusal words_read(const json_t *object, struct settings *settings, uint32_t *mask) {
    const char *language = object_text(object, "language");
    if (language != NULL) {
        int found = language_find(language);
        if (found < 0) {
            return REFUSAL_BAD_VALUE;
        }
        settings->language = (enum language)found;
        *mask |= SETTING_LANGUAGE;
    }
    const char *moderation = object_text(object, "moderation");
    if (moderation != NULL) {
        settings->moderation_before = strcmp(moderation, "before") == 0;
        if (!settings->moderation_before && strcmp(moderation, "after") != 0) {
            return REFUSAL_BAD_VALUE;
        }
        *mask |= SETTING_MODERATION;
    }
    const char *publish = object_text(object, "publish");
    if (publish != NULL) {
        int found = settings_publish_find(publish);
        if (found < 0) {
            return REFUSAL_BAD_VALUE;
        }
        settings->publish = (enum publish)found;
        *mask |= SETTING_PUBLISH;
    }
    const char *admission = object_text(object, "admission");
    if (admission != NULL) {
        settings->tickets = strcmp(admission, "tickets") == 0;
        if (!settings->tickets && strcmp(admission, "open") != 0) {
            return REFUSAL_BAD_VALUE;
        }
        *mask |= SETTING_TICKETS;
    }
    return REFUSAL_OK;
}

static enum refusal texts_read(const json_t *object, struct settings *settings, uint32_t *mask) {
    if (object_has(object, "title")) {
        if (!object_copy(settings->title, sizeof settings->title, object, "title")) {
            return REFUSAL_TOO_LONG;
        }
        *mask |= SETTING_TITLE;
    }
    if (object_has(object, "hashtags")) {
        *mask |= SETTING_HASHTAGS;
        return hashtags_read(json_object_get(object, "hashtags"), settings);
    }
    return REFUSAL_OK;
}

enum refusal settings_read(const json_t *object, struct settings *settings, uint32_t *mask) {
    const struct {
        const char *name;
        uint32_t *value;
        uint32_t bit;
    } numbers[] = {
        {"start", &settings->start, SETTING_START},
        {"end", &settings->end, SETTING_END},
        {"release", &settings->release_seconds, SETTING_RELEASE},
        {"ask_burst", &settings->ask_burst, SETTING_ASK_BURST},
        {"ask_seconds", &settings->ask_seconds, SETTING_ASK_SECONDS},
        {"retention", &settings->retention_days, SETTING_RETENTION},
        {"publish_delay", &settings->publish_seconds, SETTING_PUBLISH_SECONDS},
    };
    *mask = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (object_has(object, numbers[i].name)) {
            *numbers[i].value = object_number(object, numbers[i].name);
            *mask |= numbers[i].bit;
        }
    }
    if (object_has(object, "offset")) {
        settings->offset = object_signed(object, "offset");
        *mask |= SETTING_OFFSET;
    }
    enum refusal refusal = words_read(object, settings, mask);
    return refusal == REFUSAL_OK ? texts_read(object, settings, mask) : refusal;
}
