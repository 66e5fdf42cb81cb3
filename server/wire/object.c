#include "wire/object.h"

#include <string.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/text.h"

/* The parser's own depth limit is far too generous, and it recurses. */
static bool depth_within(const uint8_t *bytes, size_t length, size_t depth) {
    size_t open = 0;
    bool inside = false;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = bytes[i];
        if (inside) {
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                inside = false;
            }
        } else if (c == '"') {
            inside = true;
        } else if (c == '{' || c == '[') {
            if (++open > depth) {
                return false;
            }
        } else if ((c == '}' || c == ']') && open > 0) {
            open--;
        }
    }
    return true;
}

json_t *object_read(const uint8_t *bytes, size_t length, size_t depth) {
    if (!depth_within(bytes, length, depth)) {
        return NULL;
    }
    json_t *object = json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);
    if (object != NULL && !json_is_object(object)) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static enum refusal integer_check(const json_t *value, json_int_t minimum, json_int_t maximum) {
    if (!json_is_integer(value)) {
        return REFUSAL_BAD_MESSAGE;
    }
    json_int_t number = json_integer_value(value);
    return number >= minimum && number <= maximum ? REFUSAL_OK : REFUSAL_BAD_VALUE;
}

static enum refusal member_check(const json_t *value, const struct member *member) {
    bool right = false;
    switch (member->type) {
    case MEMBER_NUMBER:
        return integer_check(value, 0, UINT32_MAX);
    case MEMBER_SIGNED:
        return integer_check(value, INT32_MIN, INT32_MAX);
    case MEMBER_BIG:
        return integer_check(value, 0, INT64_MAX);
    case MEMBER_FLAG:
        right = json_is_boolean(value);
        break;
    case MEMBER_BYTES:
    case MEMBER_WORD:
    case MEMBER_TEXT:
        right = json_is_string(value);
        break;
    case MEMBER_LIST:
        right = json_is_array(value);
        break;
    case MEMBER_OBJECT:
        right = json_is_object(value);
        break;
    }
    return right ? REFUSAL_OK : REFUSAL_BAD_MESSAGE;
}

enum refusal object_check_shape(const json_t *object, const struct member *members) {
    size_t known = 0;
    enum refusal worst = REFUSAL_OK;
    for (const struct member *member = members; member->name != NULL; member++) {
        const json_t *value = json_object_get(object, member->name);
        if (value == NULL) {
            if (!member->optional) {
                return REFUSAL_BAD_MESSAGE;
            }
            continue;
        }
        known++;
        enum refusal refusal = member_check(value, member);
        if (refusal == REFUSAL_BAD_MESSAGE) {
            return refusal;
        }
        worst = refusal != REFUSAL_OK ? refusal : worst;
    }
    return known == json_object_size(object) ? worst : REFUSAL_BAD_MESSAGE;
}

enum refusal object_check_encoding(const json_t *object, const struct member *members) {
    uint8_t bytes[64];
    for (const struct member *member = members; member->name != NULL; member++) {
        const char *text = object_text(object, member->name);
        if (member->type != MEMBER_BYTES || text == NULL) {
            continue;
        }
        INVARIANT(member->bytes <= sizeof bytes);
        if (!base64_decode(bytes, member->bytes, text)) {
            return REFUSAL_BAD_ENCODING;
        }
    }
    return REFUSAL_OK;
}

enum refusal object_check_text(const char *text, size_t bytes, size_t graphemes) {
    if (strlen(text) > bytes) {
        return REFUSAL_TOO_LONG;
    }
    if (!text_normal(text)) {
        return REFUSAL_BAD_TEXT;
    }
    return text_graphemes(text) <= graphemes ? REFUSAL_OK : REFUSAL_TOO_LONG;
}

enum refusal object_check_texts(const json_t *object, const struct member *members) {
    for (const struct member *member = members; member->name != NULL; member++) {
        const char *text = object_text(object, member->name);
        if (member->type != MEMBER_TEXT || text == NULL) {
            continue;
        }
        enum refusal refusal = object_check_text(text, member->bytes, member->graphemes);
        if (refusal != REFUSAL_OK) {
            return refusal;
        }
    }
    return REFUSAL_OK;
}

bool object_has(const json_t *object, const char *name) {
    return json_object_get(object, name) != NULL;
}

uint32_t object_number(const json_t *object, const char *name) {
    return (uint32_t)json_integer_value(json_object_get(object, name));
}

int32_t object_signed(const json_t *object, const char *name) {
    return (int32_t)json_integer_value(json_object_get(object, name));
}

uint64_t object_big(const json_t *object, const char *name) {
    return (uint64_t)json_integer_value(json_object_get(object, name));
}

bool object_flag(const json_t *object, const char *name) {
    return json_is_true(json_object_get(object, name));
}

const char *object_text(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

void object_bytes(void *bytes, size_t count, const json_t *object, const char *name) {
    const char *text = object_text(object, name);
    INVARIANT(text != NULL && base64_decode(bytes, count, text));
}

bool object_copy(char *to, size_t room, const json_t *object, const char *name) {
    const char *text = object_text(object, name);
    INVARIANT(text != NULL);
    size_t length = strlen(text);
    if (length >= room) {
        return false;
    }
    memcpy(to, text, length + 1);
    return true;
}
