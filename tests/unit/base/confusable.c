#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/confusable.h"

static bool alike(const char *a, const char *b) {
    uint8_t x[CONFUSABLE_BYTES], y[CONFUSABLE_BYTES];
    confusable_hash(x, a);
    confusable_hash(y, b);
    return memcmp(x, y, sizeof x) == 0;
}

static void test_alike(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"Anna", "Anna"},
        {"Anna", "anna"},
        {"Anna", "\xd0\x90nna"},                                 /* Cyrillic A */
        {"paypal", "\xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0l"}, /* Cyrillic but for the l */
        {"paypal", "paypaI"},                                    /* a capital I */
        {"Alice", "A1ice"},                                      /* a one */
        {"Tom", "T0m"},                                          /* a zero */
        {"modern", "rnodern"},                                   /* r and n for m */
        {"Anna", "An\xe2\x80\x8dna"},                            /* a joiner in it */
        {"Anna", "An\xc2\xadna"},                                /* a soft hyphen */
        {"Anna", "\xef\xbc\xa1nna"},                             /* full width */
        {"J\xc3\xbcrgen", "Ju\xcc\x88rgen"},                     /* composed or not */
        {"anna@example.social", "anna@ex\xd0\xb0mple.social"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (!alike(pairs[i][0], pairs[i][1])) {
            fail_msg("%s and %s", pairs[i][0], pairs[i][1]);
        }
    }
}

static void test_different(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"Anna", "Anne"},
        {"Anna", "Ann"},
        {"Anna", ""},
        {"Jurgen", "J\xc3\xbcrgen"},
        {"anna@example.social", "anna@example.org"},
        {"Tom", "Tim"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (alike(pairs[i][0], pairs[i][1])) {
            fail_msg("%s and %s", pairs[i][0], pairs[i][1]);
        }
    }
}

/* Much longer than a card's texts, and one letter that becomes eighteen. */
static void test_long(void **state) {
    (void)state;
    char text[12001], other[12001];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    memcpy(other, text, sizeof text);
    assert_true(alike(text, other));
    other[0] = 'b';
    assert_false(alike(text, other));
    for (size_t i = 0; i + 3 < sizeof text; i += 3) {
        memcpy(text + i, "\xef\xb7\xba", 3);
    }
    assert_true(alike(text, text));
    assert_false(alike(text, other));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alike),
        cmocka_unit_test(test_different),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests_name("confusable", tests, NULL, NULL);
}
