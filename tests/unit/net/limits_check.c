/* What is said about a machine that is too small for a full hall. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include "base/limits.h"
#include "net/limits_check.h"
#include <cmocka.h>

/* A machine where all is well; each test makes one thing too small. */
static const struct machine GOOD = {
    .descriptors = 11000, .accept_queue = 4096, .send_buffer = 32768, .tcp_memory_pages = 20000};

static void said(struct machine machine, const char *name, const char *value, const char *remedy) {
    struct buffer sentences = buffer_make(4096);
    limits_judge(&sentences, &machine);
    assert_true(sentences.length > 0 && !sentences.overflow);
    const char *text = (const char *)sentences.data;
    assert_non_null(strstr(text, name));
    assert_non_null(strstr(text, value));
    assert_non_null(strstr(text, remedy));
    assert_ptr_equal(strchr(text, '\n'), text + sentences.length - 1); /* one sentence */
    buffer_clear(&sentences);
}

static void is_silent(struct machine machine) {
    struct buffer sentences = buffer_make(4096);
    limits_judge(&sentences, &machine);
    assert_int_equal(sentences.length, 0);
    buffer_clear(&sentences);
}

static void test_one_each(void **state) {
    (void)state;
    struct machine machine = GOOD;
    machine.descriptors = 10999;
    said(machine, "10999 descriptors", "about 9999 phones", "LimitNOFILE=32768");
    machine.descriptors = 256;
    said(machine, "256 descriptors", "about 0 phones", "ulimit -n 32768");
    machine = GOOD;
    machine.accept_queue = 128;
    said(machine, "net.core.somaxconn", "is 128", "sysctl -w net.core.somaxconn=4096");
    machine = GOOD;
    machine.send_buffer = 4096;
    said(machine, "net.core.wmem_max", "is 4096", "sysctl -w net.core.wmem_max=32768");
    machine = GOOD;
    machine.tcp_memory_pages = 19999;
    said(machine, "net.ipv4.tcp_mem", "19999 pages", "net.ipv4.tcp_mem=\"10000 15000 20000\"");
}

static void test_enough_or_unknown(void **state) {
    (void)state;
    is_silent(GOOD);
    is_silent((struct machine){-1, -1, -1, -1});
}

static void test_all_at_once_fits(void **state) {
    (void)state;
    struct buffer sentences = buffer_make(4096);
    limits_judge(&sentences, &(struct machine){0});
    assert_false(sentences.overflow);
    int lines = 0;
    for (const char *at = (const char *)sentences.data; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    assert_int_equal(lines, 4);
    buffer_clear(&sentences);
}

static void test_read(void **state) {
    (void)state;
    struct rlimit before, after;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    limits_raise();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &after), 0);
    assert_int_equal(after.rlim_max, before.rlim_max);
    assert_int_equal(after.rlim_cur,
                     before.rlim_max < LIMIT_DESCRIPTORS ? before.rlim_max : LIMIT_DESCRIPTORS);
    struct machine machine = limits_read();
    assert_int_equal(machine.descriptors, after.rlim_cur);
    assert_true(machine.accept_queue > 0 && machine.tcp_memory_pages > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_each),
        cmocka_unit_test(test_enough_or_unknown),
        cmocka_unit_test(test_all_at_once_fits),
        cmocka_unit_test(test_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
