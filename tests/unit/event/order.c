/* The fair order in a running event: exposure, steps, newcomers. The formula: fair.c. */
#include "kit.h"

static struct kit kit_with(uint32_t members, uint32_t questions) {
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    struct kit kit = kit_new(&settings);
    assert_int_equal(present(&kit, members), REFUSAL_OK);
    for (uint32_t n = 1; n <= questions; n++) {
        assert_int_equal(ask(&kit, n), REFUSAL_OK);
    }
    tick_at(&kit, NOW + 5 * SECOND, 1);
    assert_int_equal(kit.event->question_count, questions);
    return kit;
}

static uint64_t exposure(const struct kit *kit, uint32_t number) {
    return event_question(kit->event, number)->exposure;
}

/* Votes and exposure as if the event had run for long. */
static void set_question(struct kit *kit, uint32_t number, uint32_t votes, uint64_t x) {
    kit->event->questions[number - 1]->votes = votes;
    kit->event->questions[number - 1]->exposure = x;
    kit->twin->questions[number - 1]->votes = votes;
    kit->twin->questions[number - 1]->exposure = x;
}

/* The second worked case, lived through: ten people, half a minute, one vote. */
static void test_step(void **state) {
    (void)state;
    struct kit kit = kit_with(10, 3);
    assert_order(&kit, 1, "3 2 1");
    assert_int_equal(kit.event->step_at, NOW + 35 * SECOND);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_order(&kit, 1, "3 2 1"); /* a vote alone moves nothing */
    uint64_t seq = kit.event->seq[VIEW_PUBLIC];
    tick_at(&kit, NOW + 35 * SECOND, 1);
    assert_int_equal(exposure(&kit, 3), 4800);
    assert_int_equal(exposure(&kit, 2), 4200);
    assert_int_equal(exposure(&kit, 1), 3600);
    assert_order(&kit, 1, "1 3 2");
    assert_int_equal(kit_count(&kit, CHANGE_EXPOSURE), 3);
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 1);
    assert_int_equal(kit.changes.count, 4);
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq + 1); /* exposure is seen by nobody */
    assert_int_equal(kit.event->step_at, NOW + 65 * SECOND);
    tick_at(&kit, NOW + 65 * SECOND, 1);
    assert_int_equal(exposure(&kit, 1), 3600 + 4800);
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 0);
    kit_free(&kit);
}

static void test_places(void **state) {
    (void)state;
    struct kit kit = kit_with(1, 18);
    tick_at(&kit, NOW + 35 * SECOND, 1);
    static const uint32_t weights[] = {16, 14, 12, 10, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1};
    for (uint32_t place = 0; place < 18; place++) {
        assert_int_equal(exposure(&kit, 18 - place), 30 * weights[place]);
    }
    kit_free(&kit);
}

/* What is being answered comes first, then what is pinned; the order itself keeps their places. */
static void test_above(void **state) {
    (void)state;
    struct kit kit = kit_with(1, 5);
    assert_order(&kit, 1, "5 4 3 2 1");
    assert_int_equal(move(&kit, 2, STATE_LISTED, STATE_ANSWERING), REFUSAL_OK);
    assert_int_equal(pin(&kit, 1, true), REFUSAL_OK);
    assert_int_equal(pin(&kit, 3, true), REFUSAL_OK);
    tick_at(&kit, NOW + 35 * SECOND, 1);
    static const uint32_t shown[] = {2, 3, 1, 5, 4}, weights[] = {16, 14, 12, 10, 8};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(exposure(&kit, shown[i]), 30 * weights[i]);
    }
    assert_order(&kit, 1, "5 4 3 2 1");
    kit_free(&kit);
}

static void test_nobody(void **state) {
    (void)state;
    struct kit kit = kit_with(0, 2);
    assert_int_equal(kit.event->step_at, 0);
    assert_int_equal(event_due(kit.event), NOW + 2 * DAY);
    tick_at(&kit, NOW + 60 * MINUTE, 1);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(present(&kit, 4), REFUSAL_OK);
    assert_int_equal(kit.event->step_at, NOW + 60 * MINUTE + 30 * SECOND);
    tick_due(&kit);
    assert_int_equal(exposure(&kit, 2), 4 * 16 * 30); /* not of the hour without them */
    assert_int_equal(present(&kit, 0), REFUSAL_OK);
    assert_int_equal(kit.event->step_at, 0);
    kit_free(&kit);
}

/* The number of people at the step counts, whatever is published. */
static void test_present_true(void **state) {
    (void)state;
    struct kit kit = kit_with(3, 1);
    assert_int_equal(present(&kit, 7), REFUSAL_OK);
    tick_at(&kit, NOW + 35 * SECOND, 1);
    assert_int_equal(kit.event->present_shown, 0);
    assert_int_equal(exposure(&kit, 1), 7 * 16 * 30);
    kit_free(&kit);
}

static void test_newcomer(void **state) {
    (void)state;
    struct kit kit = kit_with(1, 1);
    kit.now = NOW + 22 * SECOND;
    assert_int_equal(ask(&kit, 2), REFUSAL_OK);
    tick_at(&kit, NOW + 25 * SECOND, 1);
    assert_order(&kit, 1, "2 1"); /* at once */
    assert_int_equal(kit.event->step_at, NOW + 35 * SECOND);
    tick_at(&kit, NOW + 35 * SECOND, 1);
    assert_int_equal(exposure(&kit, 2), 10 * 16);
    assert_int_equal(exposure(&kit, 1), 30 * 14);
    kit_free(&kit);
}

/* Below the outstanding, above the average; restored ones by their own votes and exposure. */
static void test_newcomer_place(void **state) {
    (void)state;
    struct kit kit = kit_with(0, 4);
    set_question(&kit, 4, 60, 480000);
    set_question(&kit, 3, 20, 960000);
    set_question(&kit, 2, 100, 4000000);
    set_question(&kit, 1, 10, 900000);
    assert_int_equal(ask(&kit, 9), REFUSAL_OK);
    tick_due(&kit);
    assert_order(&kit, 1, "4 5 3 2 1");
    assert_int_equal(move(&kit, 2, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    assert_int_equal(move(&kit, 2, STATE_HIDDEN, STATE_LISTED), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 1);
    assert_order(&kit, 1, "4 5 2 3 1");
    assert_int_equal(event_question(kit.event, 2)->votes, 100);
    assert_int_equal(exposure(&kit, 2), 4000000);
    kit_free(&kit);
}

/* Answered questions stay in the sums, hidden ones do not: here that decides who is first. */
static void sums_case(enum question_state state, const char *expected) {
    struct kit kit = kit_with(1, 3);
    assert_int_equal(move(&kit, 1, STATE_LISTED, state), REFUSAL_OK);
    set_question(&kit, 1, 0, 10000000);
    set_question(&kit, 3, 5, 100000);
    set_question(&kit, 2, 4, 50000);
    tick_at(&kit, NOW + 35 * SECOND, 1);
    assert_order(&kit, 1, expected);
    kit_free(&kit);
}

static void test_sums(void **state) {
    (void)state;
    sums_case(STATE_ANSWERED, "3 2");
    sums_case(STATE_HIDDEN, "2 3");
    sums_case(STATE_DECLINED, "2 3");
    sums_case(STATE_PENDING, "2 3");
}

/* Talks do not mix. */
static void test_talks(void **state) {
    (void)state;
    struct kit kit = kit_with(10, 2);
    assert_int_equal(talk_add(&kit, "Second"), REFUSAL_OK);
    assert_int_equal(ask_in(&kit, 2, 50, "Here?"), REFUSAL_OK);
    tick_at(&kit, NOW + 10 * SECOND, 1);
    assert_order(&kit, 1, "2 1");
    assert_order(&kit, 2, "3");
    tick_at(&kit, NOW + 35 * SECOND, 1);
    assert_int_equal(exposure(&kit, 2), 10 * 16 * 30);
    assert_int_equal(exposure(&kit, 3), 10 * 16 * 25);
    kit_free(&kit);
}

static void test_closed_talk(void **state) {
    (void)state;
    struct kit kit = kit_with(10, 2);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(talk_open(&kit, 1, false), REFUSAL_OK);
    assert_int_equal(kit.event->step_at, 0);
    tick_at(&kit, NOW + 5 * MINUTE, 1);
    assert_int_equal(exposure(&kit, 2), 0);
    assert_order(&kit, 1, "2 1");
    assert_int_equal(talk_open(&kit, 1, true), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(kit.now, NOW + 5 * MINUTE + 30 * SECOND);
    assert_int_equal(exposure(&kit, 2), 10 * 16 * 30);
    assert_order(&kit, 1, "1 2");
    kit_free(&kit);
}

static void test_after_end(void **state) {
    (void)state;
    struct kit kit = kit_with(10, 2);
    int64_t end = (int64_t)kit.event->settings.end * MINUTE;
    tick_at(&kit, end - 10 * SECOND, 1);
    uint64_t before = exposure(&kit, 2);
    assert_true(before > 0);
    tick_at(&kit, end + 20 * SECOND, 1); /* the step was planned, but it is over */
    assert_int_equal(exposure(&kit, 2), before);
    assert_int_equal(kit.event->step_at, 0);
    kit_free(&kit);
}

/* A machine that slept for an hour saw nobody reading; a clock set back does no harm. */
static void test_clocks(void **state) {
    (void)state;
    struct kit kit = kit_with(1, 1);
    tick_at(&kit, NOW + 60 * MINUTE, 1);
    assert_int_equal(exposure(&kit, 1), 60 * 16);
    kit.now = NOW;
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.event->step_at, NOW + 30 * SECOND);
    tick_due(&kit);
    assert_int_equal(exposure(&kit, 1), 60 * 16);
    tick_due(&kit);
    assert_int_equal(exposure(&kit, 1), 60 * 16 + 30 * 16);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_step),           cmocka_unit_test(test_places),
        cmocka_unit_test(test_above),          cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_present_true),   cmocka_unit_test(test_newcomer),
        cmocka_unit_test(test_newcomer_place), cmocka_unit_test(test_sums),
        cmocka_unit_test(test_talks),          cmocka_unit_test(test_closed_talk),
        cmocka_unit_test(test_after_end),      cmocka_unit_test(test_clocks),
    };
    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
