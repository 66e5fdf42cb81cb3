#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/random.h"

static void fills_are_different(void **state) {
    (void)state;
    uint8_t a[32] = {0}, b[32] = {0}, none[32] = {0};
    random_fill(a, sizeof a);
    random_fill(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_not_equal(a, none, sizeof a);
    random_fill(none, 0);
    assert_int_equal(none[0], 0);
}

/* 6,000 throws: each side within six standard deviations of 1,000. */
static void below_is_uniform(void **state) {
    (void)state;
    int seen[6] = {0};
    for (int at = 0; at < 6000; at++) {
        uint32_t value = random_below(6);
        assert_true(value < 6);
        seen[value]++;
    }
    for (int at = 0; at < 6; at++) {
        assert_in_range(seen[at], 820, 1180);
    }
    assert_int_equal(random_below(1), 0);
}

int main(void) {
    random_start();
    random_start(); /* a second time does no harm */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_are_different),
        cmocka_unit_test(below_is_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
