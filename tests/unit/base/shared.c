#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/shared.h"

static void holds_a_copy(void **state) {
    (void)state;
    char bytes[] = "frame";
    struct shared *shared = shared_new(bytes, 5);
    bytes[0] = 'x';
    assert_int_equal(shared->length, 5);
    assert_memory_equal(shared->bytes, "frame", 5);
    assert_ptr_equal(shared_hold(shared), shared);
    shared_release(shared);
    assert_memory_equal(shared->bytes, "frame", 5); /* the other reference still holds it */
    shared_release(shared);
    shared_release(NULL);
    shared = shared_new(NULL, 0);
    assert_int_equal(shared->length, 0);
    shared_release(shared);
}

static void *hold_and_release(void *context) {
    struct shared *shared = context;
    for (int round = 0; round < 10000; round++) {
        (void)shared_hold(shared);
        shared_release(shared);
    }
    shared_release(shared);
    return NULL;
}

/* The last of four threads frees it: once, says AddressSanitizer. */
static void counts_across_threads(void **state) {
    (void)state;
    pthread_t threads[4];
    struct shared *shared = shared_new("frame", 5);
    for (int at = 1; at < 4; at++) {
        (void)shared_hold(shared);
    }
    for (int at = 0; at < 4; at++) {
        assert_int_equal(pthread_create(&threads[at], NULL, hold_and_release, shared), 0);
    }
    for (int at = 0; at < 4; at++) {
        assert_int_equal(pthread_join(threads[at], NULL), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_a_copy),
        cmocka_unit_test(counts_across_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
