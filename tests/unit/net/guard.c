#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"
#include "net/guard.h"
#include <cmocka.h>

static const uint8_t ANNA[ADDRESS_BYTES] = {1}, BERT[ADDRESS_BYTES] = {2};

#define NOW    1000
#define KEY_MS ((int64_t)GUARD_KEY_MINUTES * 60 * 1000)

static void each_address_has_its_maximum(void **state) {
    (void)state;
    struct guard *guard = guard_new(3);
    uint8_t tickets[4][GUARD_TICKET_BYTES], other[GUARD_TICKET_BYTES];
    for (int i = 0; i < 3; i++) {
        assert_true(guard_enter(guard, ANNA, NOW, tickets[i]));
    }
    assert_false(guard_enter(guard, ANNA, NOW, tickets[3]));
    assert_true(guard_enter(guard, BERT, NOW, other));
    guard_leave(guard, tickets[0]);
    assert_true(guard_enter(guard, ANNA, NOW, tickets[0]));
    assert_false(guard_enter(guard, ANNA, NOW, tickets[3]));
    for (int i = 0; i < 3; i++) {
        guard_leave(guard, tickets[i]);
    }
    guard_leave(guard, other);
    guard_free(guard);
}

static void nothing_links_two_visits(void **state) {
    (void)state;
    struct guard *guard = guard_new(10);
    uint8_t first[GUARD_TICKET_BYTES], second[GUARD_TICKET_BYTES];
    assert_true(guard_enter(guard, ANNA, NOW, first));
    guard_leave(guard, first); /* the last one: a new key */
    assert_true(guard_enter(guard, ANNA, NOW, second));
    assert_memory_not_equal(first, second, GUARD_TICKET_BYTES);
    assert_memory_not_equal(second, ANNA, ADDRESS_BYTES);
    guard_leave(guard, second);
    guard_free(guard);
}

static void a_new_key_each_hour_and_the_old_ones_count(void **state) {
    (void)state;
    struct guard *guard = guard_new(2);
    uint8_t first[GUARD_TICKET_BYTES], second[GUARD_TICKET_BYTES], third[GUARD_TICKET_BYTES];
    assert_true(guard_enter(guard, ANNA, NOW, first));
    assert_true(guard_enter(guard, ANNA, NOW + KEY_MS, second));
    assert_memory_not_equal(first, second, GUARD_TICKET_BYTES);
    assert_false(guard_enter(guard, ANNA, NOW + KEY_MS + 1, third));
    guard_leave(guard, first);
    assert_true(guard_enter(guard, ANNA, NOW + KEY_MS + 1, third));
    assert_memory_equal(second, third, GUARD_TICKET_BYTES);
    guard_leave(guard, second);
    guard_leave(guard, third);
    guard_free(guard);
}

static int start(void **state) {
    (void)state;
    random_start();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_address_has_its_maximum),
        cmocka_unit_test(nothing_links_two_visits),
        cmocka_unit_test(a_new_key_each_hour_and_the_old_ones_count),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
