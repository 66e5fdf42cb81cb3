#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static void assert_buffer(const struct buffer *buffer, const char *expected) {
    assert_int_equal(buffer->length, strlen(expected));
    assert_string_equal((const char *)buffer->data, expected);
}

static void starts_empty(void **state) {
    (void)state;
    struct buffer buffer = buffer_make(10);
    size_t length = 1;
    assert_int_equal(buffer.length, 0);
    assert_null(buffer_take(&buffer, &length));
    assert_int_equal(length, 0);
    buffer_clear(&buffer);
}

static void appends_in_every_way(void **state) {
    (void)state;
    struct buffer buffer = buffer_make(1000);
    buffer_text(&buffer, "ab");
    assert_buffer(&buffer, "ab");
    buffer_append(&buffer, "cdef", 2);
    assert_buffer(&buffer, "abcd");
    buffer_append(&buffer, NULL, 0);
    buffer_format(&buffer, "%d-%s", 17, "x");
    assert_buffer(&buffer, "abcd17-x");
    buffer_format(&buffer, "%s", "");
    assert_buffer(&buffer, "abcd17-x");
    buffer_number(&buffer, 0);
    buffer_number(&buffer, 4096);
    assert_buffer(&buffer, "abcd17-x04096");
    buffer_clear(&buffer);
    buffer_number(&buffer, UINT64_MAX);
    assert_buffer(&buffer, "18446744073709551615");
    assert_false(buffer.overflow);
    buffer_clear(&buffer);
    buffer_format(&buffer, "%s", "again");
    assert_buffer(&buffer, "again");
    buffer_clear(&buffer);
}

/* The model: the same letters in a flat array, in steps of all lengths. */
static void grows_byte_by_byte_and_in_leaps(void **state) {
    (void)state;
    enum { TOTAL = 30000 };
    char *model = calloc(1, TOTAL + 1);
    struct buffer buffer = buffer_make(TOTAL);
    for (size_t length = 0, step = 0; length < TOTAL; step = (step + 7) % 301) {
        size_t count = step < TOTAL - length ? step : TOTAL - length;
        memset(model + length, (int)('a' + step % 26), count);
        if (step % 2 == 0) {
            buffer_append(&buffer, model + length, count);
        } else {
            buffer_format(&buffer, "%s", model + length);
        }
        length += count;
        assert_buffer(&buffer, model);
    }
    assert_false(buffer.overflow);
    buffer_clear(&buffer);
    free(model);
}

static void overflow_is_exact_and_stays(void **state) {
    (void)state;
    struct buffer buffer = buffer_make(5);
    buffer_text(&buffer, "12345");
    assert_false(buffer.overflow);
    buffer_append(&buffer, "", 0);
    assert_false(buffer.overflow);
    buffer_text(&buffer, "6");
    assert_true(buffer.overflow);
    assert_buffer(&buffer, "12345");
    buffer_reset(&buffer);
    assert_false(buffer.overflow);
    assert_buffer(&buffer, "");
    buffer_text(&buffer, "123");
    buffer_text(&buffer, "456");
    assert_true(buffer.overflow);
    buffer_text(&buffer, "4"); /* would fit, but something is missing already */
    assert_buffer(&buffer, "123");
    buffer_clear(&buffer);
    assert_false(buffer.overflow);
    buffer_append(&buffer, "x", SIZE_MAX);
    assert_true(buffer.overflow);
    buffer_clear(&buffer);
}

static void format_overflow_leaves_nothing_behind(void **state) {
    (void)state;
    struct buffer buffer = buffer_make(5);
    buffer_format(&buffer, "%s", "123");
    buffer_format(&buffer, "%s", "456");
    assert_true(buffer.overflow);
    assert_buffer(&buffer, "123");
    buffer_clear(&buffer);
    buffer_format(&buffer, "%s", "123456");
    assert_true(buffer.overflow);
    assert_null(buffer.data);
    buffer_clear(&buffer);
}

static void take_hands_over(void **state) {
    (void)state;
    struct buffer buffer = buffer_make(100);
    buffer_append(&buffer, "a\0b", 3);
    size_t length;
    uint8_t *bytes = buffer_take(&buffer, &length);
    assert_int_equal(length, 3);
    assert_memory_equal(bytes, "a\0b", 4);
    free(bytes);
    assert_int_equal(buffer.length, 0);
    assert_null(buffer.data);
    buffer_text(&buffer, "new");
    assert_buffer(&buffer, "new");
    buffer_clear(&buffer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_empty),
        cmocka_unit_test(appends_in_every_way),
        cmocka_unit_test(grows_byte_by_byte_and_in_leaps),
        cmocka_unit_test(overflow_is_exact_and_stays),
        cmocka_unit_test(format_overflow_leaves_nothing_behind),
        cmocka_unit_test(take_hands_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
