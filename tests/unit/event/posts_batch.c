/* When posts leave: the delay, the batch, what needs none. */
#include "posts_kit.h"

/* Questions 1 to count, pending, of degree 1. */
static struct kit kit_pending(uint32_t count) {
    struct kit kit = kit_posts();
    for (uint32_t n = 2; n <= count; n++) {
        assert_int_equal(ask_degree(&kit, n, 1), REFUSAL_OK);
        tick_due(&kit);
    }
    return kit;
}

static void list_at(struct kit *kit, uint32_t number, int64_t now) {
    kit->now = now;
    assert_int_equal(move(kit, number, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
}

static uint32_t ready(const struct kit *kit) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < kit->event->outgoing_count; i++) {
        count += kit->event->outgoing[i].state == POST_READY;
    }
    return count;
}

/* One alone waits for ten minutes after its delay. */
static void test_alone(void **state) {
    (void)state;
    struct kit kit = kit_pending(1);
    list_at(&kit, 1, NOW + 7 * SECOND);
    int64_t at = NOW + 7 * SECOND + DELAY + POST_BATCH_MS;
    assert_true(kit.event->post_at == at && event_due(kit.event) == at);
    tick_at(&kit, at - 1, 1);
    assert_int_equal(ready(&kit), 0);
    tick_at(&kit, at, 1);
    assert_int_equal(ready(&kit), 1);
    assert_true(kit.event->post_at == 0);
    kit_free(&kit);
}

/* The third that is due takes the others along, but not what is not due yet. */
static void test_three(void **state) {
    (void)state;
    struct kit kit = kit_pending(4);
    list_at(&kit, 1, NOW);
    list_at(&kit, 2, NOW + 20 * SECOND);
    assert_true(kit.event->post_at == NOW + DELAY + POST_BATCH_MS);
    list_at(&kit, 3, NOW + 30 * SECOND);
    assert_true(kit.event->post_at == NOW + 30 * SECOND + DELAY);
    list_at(&kit, 4, NOW + 40 * SECOND);
    tick_at(&kit, NOW + 30 * SECOND + DELAY - 1, 1);
    assert_int_equal(ready(&kit), 0);
    tick_at(&kit, NOW + 30 * SECOND + DELAY, 1);
    assert_int_equal(ready(&kit), 3);
    assert_row(&kit, 4, POST_QUESTION, POST_QUEUED, ACT_POST);
    assert_true(kit.event->post_at == NOW + 40 * SECOND + DELAY + POST_BATCH_MS);
    kit_free(&kit);
}

/* When the oldest has waited long enough, all that are due leave. */
static void test_two_after_ten_minutes(void **state) {
    (void)state;
    struct kit kit = kit_pending(3);
    list_at(&kit, 1, NOW);
    list_at(&kit, 2, NOW + 5 * MINUTE);
    list_at(&kit, 3, NOW + POST_BATCH_MS + 1); /* will not be due */
    tick_at(&kit, NOW + DELAY + POST_BATCH_MS, 1);
    assert_int_equal(ready(&kit), 2);
    assert_row(&kit, 3, POST_QUESTION, POST_QUEUED, ACT_POST);
    kit_free(&kit);
}

/* One question at three accounts is still one. */
static void test_questions_count(void **state) {
    (void)state;
    struct kit kit = kit_pending(1);
    connected(&kit, 2);
    connected(&kit, 3);
    list_at(&kit, 1, NOW);
    assert_int_equal(kit.event->outgoing_count, 3);
    assert_true(kit.event->post_at == NOW + DELAY + POST_BATCH_MS);
    tick_at(&kit, kit.event->post_at, 1);
    assert_int_equal(ready(&kit), 3);
    kit_free(&kit);
}

/* An edit tells when somebody typed, too. */
static void test_edits_count(void **state) {
    (void)state;
    struct kit kit = kit_out();
    int64_t now = kit.now;
    for (uint32_t n = 2; n <= 3; n++) {
        assert_int_equal(ask_degree(&kit, n, 1), REFUSAL_OK);
        tick_due(&kit);
        list_at(&kit, n, now);
    }
    assert_true(kit.event->post_at == now + DELAY + POST_BATCH_MS);
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    assert_true(kit.event->post_at == now + DELAY);
    kit_free(&kit);
}

static void test_at_once(void **state) {
    (void)state;
    struct kit kit = kit_pending(2);
    assert_int_equal(publish_delay(&kit, 0), REFUSAL_OK);
    list_at(&kit, 1, NOW + 7 * SECOND);
    assert_true(kit.event->post_at == NOW + 7 * SECOND);
    tick_at(&kit, NOW + 7 * SECOND, 1);
    assert_int_equal(ready(&kit), 1);
    kit_free(&kit);
}

/* What is queued already leaves by the new setting's batch, with its old delay. */
static void test_setting_changes(void **state) {
    (void)state;
    struct kit kit = kit_pending(1);
    list_at(&kit, 1, NOW);
    assert_int_equal(publish_delay(&kit, 0), REFUSAL_OK);
    assert_true(kit.event->post_at == NOW + DELAY);
    assert_int_equal(publish_delay(&kit, 3600), REFUSAL_OK);
    assert_true(kit.event->post_at == NOW + DELAY + POST_BATCH_MS);
    kit_free(&kit);
}

/* Deletions leave at once, whatever else waits. */
static void test_deletion_at_once(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(ready(&kit), 1);
    assert_true(kit.event->post_at == 0);
    kit_free(&kit);
}

/* The due minute on disk is never before the instant, and tells no second. */
static void test_minute(void **state) {
    (void)state;
    struct kit kit = kit_pending(2);
    list_at(&kit, 1, NOW + 1);
    assert_int_equal(row_of(&kit, 1, POST_QUESTION)->due, NOW_MINUTE + 2);
    list_at(&kit, 2, NOW + MINUTE);
    assert_int_equal(row_of(&kit, 2, POST_QUESTION)->due, NOW_MINUTE + 2);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_three),
        cmocka_unit_test(test_two_after_ten_minutes),
        cmocka_unit_test(test_questions_count),
        cmocka_unit_test(test_edits_count),
        cmocka_unit_test(test_at_once),
        cmocka_unit_test(test_setting_changes),
        cmocka_unit_test(test_deletion_at_once),
        cmocka_unit_test(test_minute),
    };
    return cmocka_run_group_tests_name("posts_batch", tests, NULL, NULL);
}
