#include "kit.h"

static struct kit kit_listed(void) {
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    struct kit kit = kit_new(&settings);
    ask_released(&kit, 1, 2);
    return kit;
}

static uint32_t votes(const struct kit *kit, uint32_t number) {
    return event_question(kit->event, number)->votes;
}

static void test_vote(void **state) {
    (void)state;
    struct kit kit = kit_listed();
    uint64_t public = kit.event->seq[VIEW_PUBLIC], staff = kit.event->seq[VIEW_STAFF];
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 2);
    assert_int_equal(kit.changes.items[0].kind, CHANGE_BALLOT);
    uint8_t ballot[BALLOT_BYTES];
    kit_ballot(ballot, 1, 1);
    assert_memory_equal(kit.changes.items[0].as.ballot, ballot, BALLOT_BYTES);
    assert_int_equal(kit.changes.items[0].number, 0); /* a ballot names no question */
    assert_true(kit_changed(&kit, CHANGE_VOTES, 1));
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], public + 1);
    assert_int_equal(kit.event->seq[VIEW_STAFF], staff + 1);
    assert_int_equal(votes(&kit, 1), 1);
    /* again; others; another question */
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(vote(&kit, 2, 1), REFUSAL_OK);
    assert_int_equal(vote(&kit, 1, 2), REFUSAL_OK);
    assert_int_equal(votes(&kit, 1), 2);
    assert_int_equal(votes(&kit, 2), 1);
    assert_int_equal(kit.event->ballots.count, 3);
    kit_free(&kit);
}

static void test_unvote(void **state) {
    (void)state;
    struct kit kit = kit_listed();
    assert_int_equal(unvote(&kit, 1, 1), REFUSAL_OK); /* there was none */
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(unvote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_BALLOT_GONE), 1);
    assert_true(kit_changed(&kit, CHANGE_VOTES, 1));
    assert_int_equal(kit.changes.count, 2);
    assert_int_equal(votes(&kit, 1), 0);
    assert_int_equal(kit.event->ballots.count, 0);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(votes(&kit, 1), 1);
    kit_free(&kit);
}

/* What either command is answered in each state, with and without a ballot that is there already.
 */
static void test_states(void **state) {
    (void)state;
    static const enum refusal expected[STATE_COUNT] = {
        [STATE_PENDING] = REFUSAL_UNKNOWN,  [STATE_LISTED] = REFUSAL_OK,
        [STATE_ANSWERING] = REFUSAL_OK,     [STATE_ANSWERED] = REFUSAL_CLOSED,
        [STATE_DECLINED] = REFUSAL_UNKNOWN, [STATE_HIDDEN] = REFUSAL_UNKNOWN,
    };
    for (int i = 0; i < STATE_COUNT; i++) {
        struct kit kit = kit_listed();
        assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
        if (i != STATE_LISTED) {
            move(&kit, 1, STATE_LISTED, (enum question_state)i);
        }
        assert_int_equal(vote(&kit, 2, 1), expected[i]);
        assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
        assert_int_equal(kit.changes.count, 0);
        assert_int_equal(unvote(&kit, 3, 1), REFUSAL_OK);
        assert_int_equal(kit.changes.count, 0);
        assert_int_equal(unvote(&kit, 1, 1), expected[i]);
        kit_free(&kit);
    }
}

static void test_unknown(void **state) {
    (void)state;
    struct kit kit = kit_listed();
    assert_int_equal(vote(&kit, 1, 0), REFUSAL_UNKNOWN);
    assert_int_equal(vote(&kit, 1, 3), REFUSAL_UNKNOWN);
    assert_int_equal(unvote(&kit, 1, 0), REFUSAL_UNKNOWN);
    assert_int_equal(unvote(&kit, 1, 3), REFUSAL_UNKNOWN);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(vote(&kit, 2, 1), REFUSAL_GONE);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK); /* was counted once */
    assert_int_equal(unvote(&kit, 1, 1), REFUSAL_GONE);
    assert_int_equal(unvote(&kit, 2, 1), REFUSAL_OK);
    kit_free(&kit);
}

static void test_closed(void **state) {
    (void)state;
    struct kit kit = kit_listed();
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(talk_open(&kit, 1, false), REFUSAL_OK);
    assert_int_equal(vote(&kit, 2, 1), REFUSAL_CLOSED);
    assert_int_equal(unvote(&kit, 1, 1), REFUSAL_CLOSED);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(talk_open(&kit, 1, true), REFUSAL_OK);
    kit.now = (int64_t)kit.event->settings.end * MINUTE - 1;
    assert_int_equal(vote(&kit, 2, 1), REFUSAL_OK);
    kit.now++;
    assert_int_equal(vote(&kit, 3, 1), REFUSAL_CLOSED);
    assert_int_equal(unvote(&kit, 1, 1), REFUSAL_CLOSED);
    /* destroyed ballots: the totals stay, nobody can vote again */
    tick_at(&kit, kit.now + DAY, 1);
    assert_int_equal(votes(&kit, 1), 2);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_CLOSED);
    kit.now = NOW; /* a clock set back does not bring them back */
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_CLOSED);
    kit_free(&kit);
}

static void test_full(void **state) {
    (void)state;
    struct kit kit = kit_listed();
    kit.quick = true;
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    size_t count = kit.event->ballots.count;
    kit.event->ballots.count = LIMIT_EVENT_BALLOTS;
    assert_int_equal(vote(&kit, 2, 1), REFUSAL_FULL);
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    kit.event->ballots.count = count;
    assert_int_equal(vote(&kit, 2, 1), REFUSAL_OK);
    kit_free(&kit);
}

/* A file whose totals lost a ballot's vote must not stop the server. */
static void test_damaged_total(void **state) {
    (void)state;
    struct kit kit = kit_listed();
    kit.quick = true;
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_OK);
    kit.event->questions[0]->votes = 0;
    assert_int_equal(unvote(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(votes(&kit, 1), 0);
    assert_int_equal(kit.event->ballots.count, 0);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vote),          cmocka_unit_test(test_unvote),
        cmocka_unit_test(test_states),        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_closed),        cmocka_unit_test(test_full),
        cmocka_unit_test(test_damaged_total),
    };
    return cmocka_run_group_tests_name("votes", tests, NULL, NULL);
}
