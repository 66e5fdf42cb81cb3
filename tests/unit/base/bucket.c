#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/bucket.h"
#include "base/random.h"

#define HOUR_MS 3600000

static bool take(struct buckets *buckets, const char *subject, int64_t now_ms) {
    return buckets_take(buckets, subject, strlen(subject), 3, 1000, now_ms);
}

static int take_all(struct buckets *buckets, const char *subject, int64_t now_ms) {
    int taken = 0;
    while (take(buckets, subject, now_ms)) {
        taken++;
    }
    return taken;
}

static void burst_then_one_per_refill(void **state) {
    (void)state;
    struct buckets *buckets = buckets_new(100, HOUR_MS);
    assert_int_equal(take_all(buckets, "a", 5000), 3);
    assert_false(take(buckets, "a", 5999));
    assert_true(take(buckets, "a", 6000));
    assert_false(take(buckets, "a", 6000));
    assert_false(take(buckets, "a", 6999));
    assert_int_equal(take_all(buckets, "a", 8500), 2);
    assert_true(take(buckets, "a", 9000));                /* the half token of 8500 was not lost */
    assert_int_equal(take_all(buckets, "a", 1000000), 3); /* never more than the burst */
    buckets_free(buckets);
}

static void refusals_cost_nothing(void **state) {
    (void)state;
    struct buckets *buckets = buckets_new(100, HOUR_MS);
    assert_int_equal(take_all(buckets, "a", 0), 3);
    for (int at = 0; at < 100; at++) {
        assert_false(take(buckets, "a", 999));
    }
    assert_true(take(buckets, "a", 1000));
    buckets_free(buckets);
}

static void subjects_are_apart(void **state) {
    (void)state;
    struct buckets *buckets = buckets_new(100, HOUR_MS);
    assert_int_equal(take_all(buckets, "a", 0), 3);
    assert_int_equal(take_all(buckets, "b", 0), 3);
    assert_int_equal(take_all(buckets, "ab", 0), 3);
    assert_true(buckets_take(buckets, "ab\0", 3, 3, 1000, 0));
    assert_true(buckets_take(buckets, "", 0, 3, 1000, 0));
    buckets_free(buckets);
}

static void extreme_settings(void **state) {
    (void)state;
    struct buckets *buckets = buckets_new(100, HOUR_MS);
    for (int at = 0; at < 1000; at++) {
        assert_true(buckets_take(buckets, "a", 1, 1, 0, 0)); /* refill 0: no limit */
    }
    assert_false(buckets_take(buckets, "a", 1, 0, 1000, 0)); /* burst 0: never */
    for (int at = 0; at < 1000; at++) {
        assert_true(buckets_take(buckets, "b", 1, UINT32_MAX, UINT32_MAX, 0));
    }
    /* Settings that change take effect at once. */
    assert_int_equal(take_all(buckets, "c", 0), 3);
    assert_true(buckets_take(buckets, "c", 1, 4, 1000, 0));
    assert_false(buckets_take(buckets, "c", 1, 2, 1000, 2000));
    buckets_free(buckets);
    buckets_free(NULL);
}

static void buckets_move_along_while_used(void **state) {
    (void)state;
    struct buckets *buckets = buckets_new(100, 10000);
    /* Empty, and refilled only after 3,000,000 ms. */
    for (int at = 0; at < 3; at++) {
        assert_true(buckets_take(buckets, "a", 1, 3, 1000000, 0));
    }
    for (int64_t now = 0; now < 200000; now += 9000) {
        assert_false(buckets_take(buckets, "a", 1, 3, 1000000, now));
    }
    buckets_free(buckets);
}

static void unused_buckets_are_forgotten(void **state) {
    (void)state;
    struct buckets *buckets = buckets_new(100, 10000);
    assert_true(buckets_take(buckets, "a", 1, 1, 1000000, 0));
    assert_true(buckets_take(buckets, "b", 1, 1, 1000000, 10000));  /* first rotation */
    assert_false(buckets_take(buckets, "a", 1, 1, 1000000, 19999)); /* moved from the old one */
    assert_true(buckets_take(buckets, "c", 1, 1, 1000000, 20000));  /* second */
    assert_true(buckets_take(buckets, "d", 1, 1, 1000000, 30000));  /* third: a and b are gone */
    assert_true(buckets_take(buckets, "a", 1, 1, 1000000, 30000));
    assert_true(buckets_take(buckets, "b", 1, 1, 1000000, 30000));
    assert_false(buckets_take(buckets, "c", 1, 1, 1000000, 30000));
    /* After a long silence both generations are old. */
    assert_true(buckets_take(buckets, "c", 1, 1, 1000000, 50000));
    buckets_free(buckets);
}

static void the_fullest_go_first(void **state) {
    (void)state;
    struct buckets *buckets = buckets_new(16, HOUR_MS);
    assert_int_equal(take_all(buckets, "empty", 0), 3);
    for (uint32_t at = 0; at < 1000; at++) {
        assert_true(buckets_take(buckets, &at, sizeof at, 3, 1000, 0));
    }
    assert_false(take(buckets, "empty", 0)); /* still known among a thousand others */
    buckets_free(buckets);
}

struct taker {
    struct buckets *buckets;
    atomic_int taken;
};

static void *take_many(void *context) {
    struct taker *taker = context;
    for (uint32_t at = 0; at < 2000; at++) {
        /* The time goes on for one thread and stands for another, as between real threads. */
        taker->taken += buckets_take(taker->buckets, "a", 1, 1000, 1000000, at % 2);
        (void)buckets_take(taker->buckets, &at, sizeof at, 2, 1, at % 2);
    }
    return NULL;
}

static void threads_share_a_bucket(void **state) {
    (void)state;
    struct taker taker = {.buckets = buckets_new(300, HOUR_MS)};
    pthread_t threads[4];
    for (int at = 0; at < 4; at++) {
        assert_int_equal(pthread_create(&threads[at], NULL, take_many, &taker), 0);
    }
    for (int at = 0; at < 4; at++) {
        assert_int_equal(pthread_join(threads[at], NULL), 0);
    }
    assert_int_equal(taker.taken, 1000);
    buckets_free(taker.buckets);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burst_then_one_per_refill),
        cmocka_unit_test(refusals_cost_nothing),
        cmocka_unit_test(subjects_are_apart),
        cmocka_unit_test(extreme_settings),
        cmocka_unit_test(buckets_move_along_while_used),
        cmocka_unit_test(unused_buckets_are_forgotten),
        cmocka_unit_test(the_fullest_go_first),
        cmocka_unit_test(threads_share_a_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
