#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "net/origin.h"
#include <cmocka.h>

#define PUBLIC "https://raute.example"

static void own_pages_may(void **state) {
    (void)state;
    assert_true(origin_allowed("http://192.0.2.1:7681", "192.0.2.1:7681", PUBLIC));
    assert_true(origin_allowed("https://host.example", "host.example", PUBLIC));
    assert_true(origin_allowed("http://[::1]:7681", "[::1]:7681", PUBLIC));
    assert_true(origin_allowed("HTTP://Host.Example", "host.example", PUBLIC));
    assert_true(origin_allowed("https://raute.example", "127.0.0.1:7681", PUBLIC));
    assert_true(origin_allowed("https://raute.example", NULL, PUBLIC));
    assert_true(origin_allowed("https://raute.example", "x", "https://raute.example/sub"));
}

static void programs_may(void **state) {
    (void)state;
    assert_true(origin_allowed(NULL, "host.example", PUBLIC));
}

static void foreign_pages_may_not(void **state) {
    (void)state;
    static const char *const foreign[] = {
        "https://evil.example",
        "http://raute.example", /* the public URL's scheme counts */
        "https://raute.example.evil.example",
        "https://raute.exampl",
        "https://raute.example:444",
        "https://evil.example/raute.example",
        "https://host.example.evil.example",
        "http://host.example@evil.example",
        "null",
        "",
        "http://",
        "file://host.example",
        "ftp://host.example",
    };
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        assert_false(origin_allowed(foreign[i], "host.example", PUBLIC));
    }
    assert_false(origin_allowed("http://", "", PUBLIC));
}

static void hosts_fit_for_a_header(void **state) {
    (void)state;
    assert_true(host_clean("host.example:7681"));
    assert_true(host_clean("[2001:db8::1]:80"));
    assert_false(host_clean(""));
    assert_false(host_clean("a b"));
    assert_false(host_clean("a;script-src *"));
    assert_false(host_clean("a\r\nx: y"));
    assert_false(host_clean("a'b"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_pages_may),
        cmocka_unit_test(programs_may),
        cmocka_unit_test(foreign_pages_may_not),
        cmocka_unit_test(hosts_fit_for_a_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
