/* Ask, edit, withdraw. */
#include "kit.h"

static struct kit open_kit(bool moderation_before) {
    struct settings settings = kit_settings();
    settings.moderation_before = moderation_before;
    return kit_new(&settings);
}

static const struct held *held_of(const struct kit *kit, uint32_t n) {
    uint8_t key[QUESTION_KEY_BYTES];
    kit_key(key, n);
    return event_held(kit->event, key);
}

static const struct question *by_key(const struct kit *kit, uint32_t n) {
    uint8_t key[QUESTION_KEY_BYTES];
    kit_key(key, n);
    return event_question_by_key(kit->event, key);
}

static void test_ask(void **state) {
    (void)state;
    struct kit kit = open_kit(true);
    uint64_t seq = kit.event->seq[VIEW_STAFF];

    assert_int_equal(ask_in(&kit, 1, 5, "Why?"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(kit.changes.items[0].kind, CHANGE_HELD);
    assert_memory_equal(kit.changes.items[0].as.key, held_of(&kit, 5)->key, QUESTION_KEY_BYTES);
    assert_int_equal(kit.event->seq[VIEW_STAFF], seq);
    assert_string_equal(held_of(&kit, 5)->text, "Why?");
    assert_int_equal(held_of(&kit, 5)->salt[3], 5);
    assert_int_equal(held_of(&kit, 5)->number, 0);
    assert_int_equal(kit.event->question_count, 0);
    /* sent again, even with another text or after the end */
    assert_int_equal(ask_in(&kit, 1, 5, "Why not?"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_string_equal(held_of(&kit, 5)->text, "Why?");
    tick_due(&kit);
    kit.now += 30 * DAY / 2;
    assert_int_equal(ask_in(&kit, 9, 5, "Why?"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    kit_free(&kit);
}

static void test_ask_refused(void **state) {
    (void)state;
    struct kit kit = open_kit(true);
    struct command command = kit_text(COMMAND_ASK, "Why?");
    command.as.question.talk = 1;
    command.as.question.degree = 3;
    assert_int_equal(kit_apply(&kit, command), REFUSAL_BAD_VALUE);
    assert_int_equal(ask_in(&kit, 2, 1, "Why?"), REFUSAL_UNKNOWN);
    assert_int_equal(talk_open(&kit, 1, false), REFUSAL_OK);
    assert_int_equal(ask(&kit, 1), REFUSAL_CLOSED);
    assert_int_equal(talk_open(&kit, 1, true), REFUSAL_OK);
    kit.now = (int64_t)kit.event->settings.end * MINUTE - 1;
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    kit.now++;
    assert_int_equal(ask(&kit, 2), REFUSAL_CLOSED);
    kit_free(&kit);
}

static void test_ask_before_start(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.start = NOW_MINUTE + 1000;
    settings.end = NOW_MINUTE + 2000;
    struct kit kit = kit_new(&settings);
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    kit_free(&kit);
}

/* Rows stand by key, whatever the order of asking was. */
static void test_held_sorted(void **state) {
    (void)state;
    struct kit kit = open_kit(true), other = open_kit(true);
    static const uint32_t order[] = {40, 7, 99, 1, 300, 8};
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(ask(&kit, order[i]), REFUSAL_OK);
        assert_int_equal(ask(&other, order[5 - i]), REFUSAL_OK);
    }
    kit_assert_same(kit_dump(kit.event, true), kit_dump(other.event, true));
    /* and so the numbers do not depend on it either */
    tick_due(&kit);
    tick_due(&other);
    kit_assert_same(kit_dump(kit.event, true), kit_dump(other.event, true));
    kit_free(&kit);
    kit_free(&other);
}

static void test_full(void **state) {
    (void)state;
    struct kit kit = open_kit(true);
    kit.quick = true;
    for (uint32_t n = 1; n <= LIMIT_EVENT_QUESTIONS; n++) {
        if (n % LIMIT_EVENT_HELD == 1 && n > 1) {
            assert_int_equal(ask(&kit, n), REFUSAL_FULL);
            tick_due(&kit);
        }
        assert_int_equal(ask(&kit, n), REFUSAL_OK);
    }
    tick_due(&kit);
    assert_int_equal(kit.event->question_count, LIMIT_EVENT_QUESTIONS);
    assert_int_equal(ask(&kit, 50000), REFUSAL_FULL);
    assert_int_equal(withdraw(&kit, 77, 1), REFUSAL_OK);
    assert_int_equal(ask(&kit, 50000), REFUSAL_OK);
    assert_int_equal(ask(&kit, 50001), REFUSAL_FULL); /* the held one has its place already */
    tick_due(&kit);
    assert_true(event_check(kit.event));
    assert_int_equal(kit.event->questions[LIMIT_EVENT_QUESTIONS - 1]->number,
                     LIMIT_EVENT_QUESTIONS + 1);
    /* edits wait for a release as well */
    for (uint32_t n = 101; n <= 100 + LIMIT_EVENT_HELD; n++) {
        assert_int_equal(edit(&kit, n, 1, "New"), REFUSAL_OK);
    }
    assert_int_equal(edit(&kit, 5000, 1, "New"), REFUSAL_FULL);
    assert_int_equal(edit(&kit, 200, 2, "Newer"), REFUSAL_OK);
    kit_free(&kit);
}

static void test_edit_held(void **state) {
    (void)state;
    struct kit kit = open_kit(true);
    assert_int_equal(edit(&kit, 1, 1, "A"), REFUSAL_UNKNOWN);
    assert_int_equal(ask_in(&kit, 1, 1, "A"), REFUSAL_OK);
    assert_int_equal(edit(&kit, 1, 1, "B"), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_HELD), 1);
    assert_int_equal(kit.changes.count, 1);
    assert_string_equal(held_of(&kit, 1)->text, "B");
    assert_int_equal(held_of(&kit, 1)->rev, 1);
    /* again; another text under the same revision; a revision left out */
    assert_int_equal(edit(&kit, 1, 1, "B"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(edit(&kit, 1, 1, "C"), REFUSAL_STALE);
    assert_int_equal(edit(&kit, 1, 3, "C"), REFUSAL_STALE);
    assert_int_equal(edit(&kit, 1, 0, "A"), REFUSAL_STALE);
    tick_due(&kit);
    assert_string_equal(by_key(&kit, 1)->text, "B");
    assert_int_equal(by_key(&kit, 1)->rev, 1);
    assert_int_equal(edit(&kit, 1, 1, "B"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    kit_free(&kit);
}

static void test_edit_released(void **state) {
    (void)state;
    struct kit kit = open_kit(false);
    ask_released(&kit, 1, 2);
    vote(&kit, 1, 1);
    uint64_t seq = kit.event->seq[VIEW_PUBLIC];
    assert_int_equal(edit(&kit, 1, 1, "New"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_HELD, 0));
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq);
    assert_string_equal(event_question(kit.event, 1)->text, "Question 1?");
    assert_int_equal(held_of(&kit, 1)->number, 1);
    assert_int_equal(edit(&kit, 1, 2, "Newer"), REFUSAL_OK);
    assert_int_equal(edit(&kit, 1, 2, "Newer"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(edit(&kit, 1, 1, "New"), REFUSAL_STALE);
    tick_due(&kit);
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    assert_int_equal(kit_count(&kit, CHANGE_HELD_GONE), 1);
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 0);
    assert_string_equal(event_question(kit.event, 1)->text, "Newer");
    assert_int_equal(event_question(kit.event, 1)->rev, 2);
    assert_int_equal(event_question(kit.event, 1)->state, STATE_LISTED);
    assert_int_equal(event_question(kit.event, 1)->votes, 1);
    kit_free(&kit);
}

static void test_edit_moderated(void **state) {
    (void)state;
    struct kit kit = open_kit(true);
    ask_released(&kit, 1, 2);
    move(&kit, 1, STATE_PENDING, STATE_LISTED);
    move(&kit, 2, STATE_PENDING, STATE_LISTED);
    pin(&kit, 1, true);
    vote(&kit, 1, 1);
    assert_int_equal(edit(&kit, 1, 1, "New"), REFUSAL_OK);
    assert_order(&kit, 1, "2 1");
    tick_due(&kit);
    const struct question *question = event_question(kit.event, 1);
    assert_string_equal(question->text, "New");
    assert_int_equal(question->state, STATE_PENDING);
    assert_int_equal(question->votes, 1);
    assert_false(question->pinned);
    assert_order(&kit, 1, "2");
    assert_int_equal(kit_count(&kit, CHANGE_QUESTION), 1);
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 1);
    kit_free(&kit);
}

/* Past editing: refused; and dropped at the release when it was taken up meanwhile. */
static void test_edit_too_late(void **state) {
    (void)state;
    static const enum question_state late[] = {STATE_ANSWERING, STATE_ANSWERED, STATE_DECLINED,
                                               STATE_HIDDEN};
    for (size_t i = 0; i < 4; i++) {
        struct kit kit = open_kit(false);
        ask_released(&kit, 1, 1);
        assert_int_equal(edit(&kit, 1, 1, "New"), REFUSAL_OK);
        assert_int_equal(move(&kit, 1, STATE_LISTED, late[i]), REFUSAL_OK);
        assert_int_equal(edit(&kit, 1, 1, "New"), REFUSAL_OK); /* waits already */
        assert_int_equal(edit(&kit, 1, 2, "Newer"), REFUSAL_CLOSED);
        tick_due(&kit);
        assert_int_equal(kit_count(&kit, CHANGE_HELD_GONE), 1);
        assert_string_equal(event_question(kit.event, 1)->text, "Question 1?");
        /* the revision is spent: the browser that was told ok goes on from it */
        assert_int_equal(kit_count(&kit, CHANGE_QUESTION), 1);
        assert_int_equal(event_question(kit.event, 1)->rev, 1);
        assert_int_equal(edit(&kit, 1, 2, "New"), REFUSAL_CLOSED);
        assert_int_equal(withdraw(&kit, 1, 2), REFUSAL_OK);
        kit_free(&kit);
    }
    struct kit kit = open_kit(false);
    ask_released(&kit, 1, 1);
    kit.now = (int64_t)kit.event->settings.end * MINUTE;
    assert_int_equal(edit(&kit, 1, 1, "New"), REFUSAL_CLOSED);
    assert_int_equal(edit(&kit, 1, 0, "Question 1?"), REFUSAL_OK);
    kit_free(&kit);
}

static void test_withdraw_held(void **state) {
    (void)state;
    struct kit kit = open_kit(true);
    uint64_t seq = kit.event->seq[VIEW_STAFF];
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_UNKNOWN);
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 0), REFUSAL_STALE);
    assert_int_equal(withdraw(&kit, 1, 2), REFUSAL_STALE);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 2);
    assert_true(kit_changed(&kit, CHANGE_GONE, 0));
    assert_true(kit_changed(&kit, CHANGE_HELD_GONE, 0));
    assert_int_equal(kit.event->seq[VIEW_STAFF], seq); /* nobody saw it */
    assert_int_equal(kit.event->held_count, 0);
    assert_int_equal(kit.event->release_at, 0);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 9), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(ask(&kit, 1), REFUSAL_GONE);
    assert_int_equal(edit(&kit, 1, 1, "New"), REFUSAL_GONE);
    assert_int_equal(kit.event->forgotten.count, 1);
    kit_free(&kit);
}

static void test_withdraw_released(void **state) {
    (void)state;
    struct kit kit = open_kit(false);
    ask_released(&kit, 1, 3);
    vote(&kit, 1, 2);
    assert_int_equal(edit(&kit, 2, 1, "New"), REFUSAL_OK);
    uint64_t seq = kit.event->seq[VIEW_PUBLIC];
    assert_int_equal(withdraw(&kit, 2, 3), REFUSAL_STALE);
    assert_int_equal(withdraw(&kit, 2, 2), REFUSAL_OK);
    assert_true(kit_changed(&kit, CHANGE_GONE, 2));
    assert_true(kit_changed(&kit, CHANGE_HELD_GONE, 0));
    assert_true(kit_changed(&kit, CHANGE_ORDER, 1));
    assert_int_equal(kit.changes.count, 3);
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq + 2);
    assert_order(&kit, 1, "3 1");
    assert_null(event_question(kit.event, 2));
    assert_null(by_key(&kit, 2));
    assert_int_equal(kit.event->ballots.count, 1); /* it names nothing */
    assert_int_equal(edit(&kit, 2, 2, "Newer"), REFUSAL_GONE);
    /* its number is never given again */
    assert_int_equal(withdraw(&kit, 3, 1), REFUSAL_OK);
    ask_released(&kit, 9, 1);
    assert_int_equal(by_key(&kit, 9)->number, 4);
    kit_free(&kit);
}

/* The answer to the edit was lost: the revision before is good enough for this. */
static void test_withdraw_behind_edit(void **state) {
    (void)state;
    struct kit kit = open_kit(false);
    ask_released(&kit, 1, 1);
    assert_int_equal(edit(&kit, 1, 1, "New"), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.event->held_count, 0);
    assert_int_equal(kit.event->question_count, 0);
    kit_free(&kit);
}

static void test_withdraw_any_state(void **state) {
    (void)state;
    for (int i = 0; i < STATE_COUNT; i++) {
        enum question_state to = (enum question_state)i;
        struct kit kit = open_kit(false);
        ask_released(&kit, 1, 2);
        if (to != STATE_LISTED) {
            assert_int_equal(move(&kit, 1, STATE_LISTED, to), REFUSAL_OK);
        }
        assert_int_equal(talk_open(&kit, 1, false), REFUSAL_OK);
        kit.now += 2 * DAY; /* also after the end, in a closed talk */
        tick_at(&kit, kit.now, 1);
        assert_true(kit.event->closed);
        bool ordered = to == STATE_LISTED || to == STATE_ANSWERING;
        assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
        assert_true(kit_changed(&kit, CHANGE_GONE, 1));
        assert_int_equal(kit_count(&kit, CHANGE_ORDER), ordered);
        assert_order(&kit, 1, "2");
        kit_free(&kit);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ask),
        cmocka_unit_test(test_ask_refused),
        cmocka_unit_test(test_ask_before_start),
        cmocka_unit_test(test_held_sorted),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_edit_held),
        cmocka_unit_test(test_edit_released),
        cmocka_unit_test(test_edit_moderated),
        cmocka_unit_test(test_edit_too_late),
        cmocka_unit_test(test_withdraw_held),
        cmocka_unit_test(test_withdraw_released),
        cmocka_unit_test(test_withdraw_behind_edit),
        cmocka_unit_test(test_withdraw_any_state),
    };
    return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
