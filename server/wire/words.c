#include "wire/words.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"

#define LANGUAGES 2

static json_t *catalogues[LANGUAGES];

static const char *const language_names[LANGUAGES] = {[LANGUAGE_DE] = "de", [LANGUAGE_EN] = "en"};

static json_t *catalogue_read(const unsigned char *bytes, size_t length) {
    json_t *catalogue = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
    INVARIANT(json_is_object(catalogue));
    return catalogue;
}

void words_start(void) {
    INVARIANT(catalogues[LANGUAGE_DE] == NULL);
    catalogues[LANGUAGE_DE] = catalogue_read(words_de_json, words_de_json_length);
    catalogues[LANGUAGE_EN] = catalogue_read(words_en_json, words_en_json_length);
}

void words_stop(void) {
    for (size_t i = 0; i < LANGUAGES; i++) {
        json_decref(catalogues[i]);
        catalogues[i] = NULL;
    }
}

const char *words_get(enum language language, const char *key) {
    const char *text = json_string_value(json_object_get(catalogues[language], key));
    INVARIANT(text != NULL);
    return text;
}

const char *words_refusal(enum language language, enum refusal refusal) {
    char key[64];
    (void)snprintf(key, sizeof key, "refusal.%s", refusal_code(refusal));
    return words_get(language, key);
}

/* The value of the placeholder whose name stands at `name`; NULL when it is none. */
static const char *value_find(const struct word_value *values, const char *name, size_t length) {
    for (; values->name != NULL; values++) {
        if (strlen(values->name) == length && memcmp(values->name, name, length) == 0) {
            return values->text;
        }
    }
    return NULL;
}

void words_fill(struct buffer *out, enum language language, const char *key,
                const struct word_value *values) {
    const char *text = words_get(language, key);
    while (*text != '\0') {
        size_t plain = strcspn(text, "{");
        buffer_append(out, text, plain);
        text += plain;
        if (*text != '{') {
            continue;
        }
        const char *end = strchr(text, '}');
        const char *value =
            end == NULL ? NULL : value_find(values, text + 1, (size_t)(end - text - 1));
        if (value == NULL) {
            buffer_append(out, text, 1);
            text++;
        } else {
            buffer_text(out, value);
            text = end + 1;
        }
    }
}

const char *language_name(enum language language) {
    return language_names[language];
}

int language_find(const char *name) {
    for (int i = 0; i < LANGUAGES; i++) {
        if (strcmp(name, language_names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

/* Quality of one range of the header in thousandths, 1000 without a q: ";q=0.8". */
static long range_quality(const char *range, size_t length) {
    char text[64];
    if (length >= sizeof text) {
        return 0;
    }
    memcpy(text, range, length);
    text[length] = '\0';
    const char *q = strstr(text, "q=");
    return q == NULL ? 1000 : (long)(strtod(q + 2, NULL) * 1000);
}

enum language language_accepted(const char *header, enum language otherwise) {
    enum language best = otherwise;
    long best_quality = 0;
    for (const char *at = header; at != NULL && *at != '\0';) {
        at += strspn(at, ", \t");
        size_t length = strcspn(at, ",");
        size_t tag = strcspn(at, "-;, \t");
        for (int i = 0; i < LANGUAGES; i++) {
            if (tag == 2 && strncasecmp(at, language_names[i], 2) == 0) {
                long quality = range_quality(at, length);
                if (quality > best_quality) {
                    best_quality = quality;
                    best = (enum language)i;
                }
            }
        }
        at += length;
    }
    return best;
}
