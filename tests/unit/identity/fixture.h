/* tests/protocol/identity.json, read member by member; what is not as expected fails the test. */
#ifndef RAUTE_TESTS_IDENTITY_FIXTURE_H
#define RAUTE_TESTS_IDENTITY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "base/encode.h"

static json_t *vectors;
static uint8_t event[16];

static inline void get_bytes(void *bytes, size_t count, const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    if (text == NULL || !base64_decode(bytes, count, text)) {
        fail_msg("identity.json: %s is not %zu bytes", name, count);
    }
}

static inline uint32_t get_number(const json_t *object, const char *name) {
    json_t *number = json_object_get(object, name);
    assert_true(json_is_integer(number));
    return (uint32_t)json_integer_value(number);
}

static inline const char *get_text(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    assert_non_null(text);
    return text;
}

/* The list of that name, which has so many items. */
static inline json_t *get_list(const json_t *object, const char *name, size_t count) {
    json_t *list = json_object_get(object, name);
    assert_int_equal(json_array_size(list), count);
    return list;
}

/* The item of the list `list` that the number `name` of `object` points to. */
static inline const json_t *get_item(const json_t *object, const char *name, const char *list) {
    const json_t *item = json_array_get(json_object_get(vectors, list), get_number(object, name));
    assert_non_null(item);
    return item;
}

static inline int fixture_load(void **state) {
    (void)state;
    vectors = json_load_file("tests/protocol/identity.json", 0, NULL);
    assert_non_null(vectors);
    get_bytes(event, sizeof event, vectors, "event");
    return 0;
}

static inline int fixture_free(void **state) {
    (void)state;
    json_decref(vectors);
    return 0;
}

#endif
