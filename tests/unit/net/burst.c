/* Real sockets, both paths: what a ring says must be what a send() says. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "net/burst.h"
#include <cmocka.h>

#include "net/pairs.h"

#define MANY        1500
#define LARGE_BYTES (4u << 20) /* more than a socket holds */

static const uint8_t FRAME[] = "a ready frame";

/* With *state NULL the plain sends, else the ring. */
static struct burst burst_of(void **state) {
    struct burst burst;
    burst_open(&burst, *state != NULL);
    if (*state != NULL && !burst.ringed) {
        skip(); /* not allowed here */
    }
    assert_int_equal(burst.ringed, *state != NULL);
    return burst;
}

static struct burst_item item_of(struct pair pair) {
    return (struct burst_item){.bytes = FRAME, .length = sizeof FRAME, .fd = pair.ours};
}

static void everybody_gets_the_same(void **state) {
    struct burst burst = burst_of(state);
    static struct pair pairs[MANY];
    static struct burst_item items[MANY];
    uint8_t got[64];
    pairs_allow();
    for (int i = 0; i < MANY; i++) {
        pairs[i] = pair_make();
        items[i] = item_of(pairs[i]);
    }
    for (uint32_t at = 0; at < MANY; at += BURST_MAX) {
        burst_send(&burst, items + at, MANY - at < BURST_MAX ? MANY - at : BURST_MAX);
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(items[i].sent, sizeof FRAME);
        assert_int_equal(pair_read(pairs[i], got, sizeof got), sizeof FRAME);
        assert_memory_equal(got, FRAME, sizeof FRAME);
        pair_close(pairs[i]);
    }
    burst_close(&burst);
}

static void nothing_is_nothing_and_one_is_one(void **state) {
    struct burst burst = burst_of(state);
    struct pair pair = pair_make();
    struct burst_item item = item_of(pair);
    uint8_t got[64];
    burst_send(&burst, NULL, 0);
    burst_send(&burst, &item, 1);
    assert_int_equal(item.sent, sizeof FRAME);
    assert_int_equal(pair_read(pair, got, sizeof got), sizeof FRAME);
    pair_close(pair);
    burst_close(&burst);
}

static void each_outcome_stays_with_its_own(void **state) {
    struct burst burst = burst_of(state);
    enum { GOOD, FULL, GONE, CLOSED, LAST, COUNT };
    struct pair pairs[COUNT];
    struct burst_item items[COUNT];
    uint8_t got[64];
    for (int i = 0; i < COUNT; i++) {
        pairs[i] = pair_make();
        items[i] = item_of(pairs[i]);
    }
    pair_fill(pairs[FULL]);
    close(pairs[GONE].theirs);
    close(pairs[CLOSED].ours);
    burst_send(&burst, items, COUNT);
    assert_int_equal(items[GOOD].sent, sizeof FRAME);
    assert_int_equal(items[FULL].sent, -EAGAIN);
    assert_int_equal(items[GONE].sent, -EPIPE);
    assert_int_equal(items[CLOSED].sent, -EBADF);
    assert_int_equal(items[LAST].sent, sizeof FRAME);
    assert_int_equal(pair_read(pairs[LAST], got, sizeof got), sizeof FRAME);
    close(pairs[GOOD].ours);
    close(pairs[GOOD].theirs);
    pair_close(pairs[FULL]);
    close(pairs[GONE].ours);
    close(pairs[CLOSED].theirs);
    pair_close(pairs[LAST]);
    burst_close(&burst);
}

static void what_does_not_fit_is_cut_to_the_byte(void **state) {
    struct burst burst = burst_of(state);
    struct pair pairs[2] = {pair_make(), pair_make()};
    uint8_t *large = memory_new(LARGE_BYTES), *got = memory_new(LARGE_BYTES);
    for (uint32_t i = 0; i < LARGE_BYTES; i++) {
        large[i] = (uint8_t)(i * 2654435761u >> 24);
    }
    struct burst_item items[2];
    for (int i = 0; i < 2; i++) {
        items[i] = (struct burst_item){.bytes = large, .length = LARGE_BYTES, .fd = pairs[i].ours};
    }
    burst_send(&burst, items, 2);
    for (int i = 0; i < 2; i++) {
        assert_in_range(items[i].sent, 1, LARGE_BYTES - 1);
        assert_int_equal(pair_read(pairs[i], got, LARGE_BYTES), items[i].sent);
        assert_memory_equal(got, large, (size_t)items[i].sent);
        pair_close(pairs[i]);
    }
    free(large);
    free(got);
    burst_close(&burst);
}

/* The kernel takes the ring away: the burst under way is finished by plain sends, each once. */
static void a_ring_that_fails_is_given_up(void **state) {
    struct burst burst = burst_of(state);
    struct pair pairs[3];
    struct burst_item items[3];
    uint8_t got[64];
    for (int i = 0; i < 3; i++) {
        pairs[i] = pair_make();
        items[i] = item_of(pairs[i]);
    }
    int lost = burst.ring.enter_ring_fd;
    burst.ring.enter_ring_fd = -1;
    burst_send(&burst, items, 3);
    assert_false(burst.ringed);
    assert_true(lost >= 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(items[i].sent, sizeof FRAME);
        assert_int_equal(pair_read(pairs[i], got, sizeof got), sizeof FRAME);
    }
    burst_send(&burst, items, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(items[i].sent, sizeof FRAME);
        pair_close(pairs[i]);
    }
    burst_close(&burst);
}

static void off_is_off(void **state) {
    (void)state;
    struct burst burst;
    burst_open(&burst, false);
    assert_false(burst.ringed);
    burst_close(&burst);
}

#define BOTH(test)                                                                                 \
    {#test ", plain", test, NULL, NULL, NULL}, {                                                   \
#test ", ring", test, NULL, NULL, (void *)"ring"                                           \
    }

int main(void) {
    const struct CMUnitTest tests[] = {
        BOTH(everybody_gets_the_same),
        BOTH(nothing_is_nothing_and_one_is_one),
        BOTH(each_outcome_stays_with_its_own),
        BOTH(what_does_not_fit_is_cut_to_the_byte),
        cmocka_unit_test_prestate(a_ring_that_fails_is_given_up, (void *)"ring"),
        cmocka_unit_test(off_is_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
