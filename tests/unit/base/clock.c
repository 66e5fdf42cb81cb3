#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "base/clock.h"

static void unix_time_is_in_milliseconds(void **state) {
    (void)state;
    int64_t before = time(NULL);
    int64_t now = clock_unix_ms();
    assert_true(now / 1000 >= before && now / 1000 <= before + 60);
}

static void monotonic_time_goes_on(void **state) {
    (void)state;
    int64_t start = clock_monotonic_ms(), last = start;
    while (last < start + 3) {
        int64_t now = clock_monotonic_ms();
        assert_true(now >= last);
        last = now;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unix_time_is_in_milliseconds),
        cmocka_unit_test(monotonic_time_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
