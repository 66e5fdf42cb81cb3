/* The subcommands' side of the control socket. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "wire/control.h"
#include "wire/encode.h"
#include "wire/object.h"
#include "wire/words.h"

void control_ask_create(struct buffer *line, const char *title, const char *const *hashtags,
                        size_t hashtag_count, const char *slug, enum language language) {
    buffer_text(line, "{\"cmd\":\"event_create\",\"title\":");
    encode_text(line, title);
    buffer_text(line, ",\"hashtags\":[");
    for (size_t i = 0; i < hashtag_count; i++) {
        buffer_text(line, i > 0 ? "," : "");
        encode_text(line, hashtags[i]);
    }
    buffer_format(line, "],\"language\":\"%s\"", language_name(language));
    if (slug != NULL) {
        buffer_text(line, ",\"slug\":");
        encode_text(line, slug);
    }
    buffer_text(line, "}");
}

static void ask_slug(struct buffer *line, const char *name, const char *slug) {
    buffer_format(line, "{\"cmd\":\"%s\",\"slug\":", name);
    encode_text(line, slug);
    buffer_text(line, "}");
}

void control_ask_delete(struct buffer *line, const char *slug) {
    ask_slug(line, "event_delete", slug);
}

void control_ask_links(struct buffer *line, const char *slug) {
    ask_slug(line, "event_links", slug);
}

bool control_ask_import(struct buffer *line, const uint8_t *bytes, size_t length) {
    json_t *object = object_read(bytes, length, LIMIT_JSON_DEPTH);
    char *compact = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);
    if (compact != NULL) {
        buffer_text(line, "{\"cmd\":\"import\",\"export\":");
        buffer_text(line, compact);
        buffer_text(line, "}");
    }
    bool good = compact != NULL;
    free(compact);
    json_decref(object);
    return good;
}

static char *text_copy(const json_t *object, const char *name) {
    const char *text = object_text(object, name);
    return text == NULL ? NULL : memory_text(text);
}

bool control_result_read(struct control_result *result, const uint8_t *bytes, size_t length) {
    *result = (struct control_result){0};
    json_t *object = object_read(bytes, length, LIMIT_JSON_DEPTH);
    const json_t *ok = json_object_get(object, "ok");
    const json_t *error = json_object_get(object, "error");
    bool read = json_is_object(ok) || (object_text(error, "code") != NULL);
    if (read) {
        result->ok = json_is_object(ok);
        result->code = text_copy(error, "code");
        result->message = text_copy(error, "message");
        result->slug = text_copy(ok, "slug");
        for (int role = 0; role <= ROLE_KEYS; role++) {
            result->link[role] = text_copy(ok, role_name((enum role)role));
        }
    }
    json_decref(object);
    return read;
}

static void text_wipe(char *text) {
    if (text != NULL) {
        sodium_memzero(text, strlen(text));
        free(text);
    }
}

void control_result_clear(struct control_result *result) {
    free(result->code);
    free(result->message);
    free(result->slug);
    for (int role = 0; role <= ROLE_KEYS; role++) {
        text_wipe(result->link[role]);
    }
    *result = (struct control_result){0};
}
