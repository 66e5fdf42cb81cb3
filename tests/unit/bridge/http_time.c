/* When a far server wants to be asked again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bridge/http_request.h"

#define HOUR_MS 3600000

static void test_retry_times(void **state) {
    (void)state;
    const int64_t now = INT64_C(1793880000000); /* 2026-11-05T12:00:00Z */
    static const struct {
        const char *after, *reset;
        int64_t ms; /* from now; 0: none */
    } cases[] = {
        {"120", NULL, 120000},
        {"0", NULL, 0},
        {"Thu, 05 Nov 2026 12:01:00 GMT", NULL, 60000},
        {"Thu, 05 Nov 2026 11:01:00 GMT", NULL, 0},
        {"999999999", NULL, 24 * HOUR_MS},
        {"99999999999999999999", NULL, 0},
        {"-5", NULL, 0},
        {"soon", NULL, 0},
        {"soon", "1793880030", 30000},
        {"10", "1793880030", 10000},
        {NULL, "2026-11-05T12:05:00.000Z", 300000},
        {NULL, "2026-11-05T12:05:00.023000Z", 301000}, /* never before it is over */
        {NULL, "2026-11-05T13:05:00.123456+01:00", 301000},
        {NULL, "2026-11-05T10:05:00-02:00", 300000},
        {NULL, "2026-11-05T11:00:00.000Z", 0},
        {NULL, "2026-12-24T11:00:00.000Z", 24 * HOUR_MS},
        {NULL, "1793880030", 30000},
        {NULL, "1793880030000", 30000},
        {NULL, "1793880030.5", 30000},
        {NULL, "", 0},
        {NULL, "2026-11-05", 0},
        {NULL, "tomorrow", 0},
        {NULL, NULL, 0},
    };
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        int64_t got = http_retry_at(cases[at].after, cases[at].reset, now);
        assert_int_equal(got, cases[at].ms == 0 ? 0 : now + cases[at].ms);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_retry_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
