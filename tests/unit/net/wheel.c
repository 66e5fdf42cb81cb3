#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "net/wheel.h"
#include <cmocka.h>

#define START 1000

static void due_in_its_second(void **state) {
    (void)state;
    struct wheel wheel;
    struct wheel_entry a = {0}, b = {0};
    wheel_start(&wheel, START);
    wheel_put(&wheel, &a, START + 2);
    wheel_put(&wheel, &b, START + 5);
    assert_null(wheel_due(&wheel, START + 1));
    assert_ptr_equal(wheel_due(&wheel, START + 2), &a);
    assert_null(wheel_due(&wheel, START + 2));
    assert_null(wheel_due(&wheel, START + 4));
    assert_ptr_equal(wheel_due(&wheel, START + 5), &b);
    assert_null(wheel_due(&wheel, START + 200));
}

static void several_in_one_second(void **state) {
    (void)state;
    struct wheel wheel;
    struct wheel_entry entries[5] = {0};
    wheel_start(&wheel, START);
    for (int i = 0; i < 5; i++) {
        wheel_put(&wheel, &entries[i], START + 30);
    }
    wheel_remove(&entries[2]);
    wheel_remove(&entries[2]);
    int found = 0;
    struct wheel_entry *entry;
    while ((entry = wheel_due(&wheel, START + 30)) != NULL) {
        assert_ptr_not_equal(entry, &entries[2]);
        found++;
    }
    assert_int_equal(found, 4);
}

static void put_again_while_turning(void **state) {
    (void)state;
    struct wheel wheel;
    struct wheel_entry a = {0};
    wheel_start(&wheel, START);
    wheel_put(&wheel, &a, START + 1);
    for (int64_t now = START + 1; now < START + 300; now++) {
        assert_ptr_equal(wheel_due(&wheel, now), &a);
        wheel_put(&wheel, &a, now); /* at the earliest in the next second */
        assert_null(wheel_due(&wheel, now));
    }
}

static void reach_is_limited(void **state) {
    (void)state;
    struct wheel wheel;
    struct wheel_entry a = {0}, b = {0};
    wheel_start(&wheel, START);
    wheel_put(&wheel, &a, START + 100000);
    assert_null(wheel_due(&wheel, START + WHEEL_SECONDS - 2));
    assert_ptr_equal(wheel_due(&wheel, START + WHEEL_SECONDS - 1), &a);
    wheel_put(&wheel, &b, 1); /* long ago */
    assert_ptr_equal(wheel_due(&wheel, START + WHEEL_SECONDS), &b);
}

static void after_a_long_sleep_all_are_due(void **state) {
    (void)state;
    struct wheel wheel;
    struct wheel_entry entries[WHEEL_SECONDS - 1] = {0};
    wheel_start(&wheel, START);
    for (int i = 0; i < WHEEL_SECONDS - 1; i++) {
        wheel_put(&wheel, &entries[i], START + 1 + i);
    }
    int found = 0;
    while (wheel_due(&wheel, START + 100000) != NULL) {
        found++;
    }
    assert_int_equal(found, WHEEL_SECONDS - 1);
    assert_int_equal(wheel.second, START + 100000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_in_its_second),
        cmocka_unit_test(several_in_one_second),
        cmocka_unit_test(put_again_while_turning),
        cmocka_unit_test(reach_is_limited),
        cmocka_unit_test(after_a_long_sleep_all_are_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
