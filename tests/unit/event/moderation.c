#include "kit.h"

static struct kit kit_listed(uint32_t count) {
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    struct kit kit = kit_new(&settings);
    ask_released(&kit, 1, count);
    return kit;
}

static enum question_state state_of(const struct kit *kit, uint32_t number) {
    return event_question(kit->event, number)->state;
}

static void bring_to(struct kit *kit, uint32_t number, enum question_state to) {
    if (to != STATE_LISTED) {
        assert_int_equal(move(kit, number, STATE_LISTED, to), REFUSAL_OK);
    }
}

/* Every pair of states; 1: may go. Rows from, columns to, in the order of the enum:
 * pending, listed, answering, answered, declined, hidden. */
static const char *const MAY_GO[STATE_COUNT] = {"010010", "101111", "010101",
                                                "011101", "110000", "111100"};

static void test_all_pairs(void **state) {
    (void)state;
    for (int i = 0; i < STATE_COUNT; i++) {
        for (int j = 0; j < STATE_COUNT; j++) {
            enum question_state from = (enum question_state)i, to = (enum question_state)j;
            struct kit kit = kit_listed(1);
            bring_to(&kit, 1, from);
            const char *answer = to == STATE_ANSWERED ? "So." : NULL;
            enum decline_reason reason = to == STATE_DECLINED ? REASON_RUDE : REASON_NONE;
            bool allowed = MAY_GO[i][j] == '1';
            assert_int_equal(move_with(&kit, 1, from, to, reason, answer),
                             allowed ? REFUSAL_OK : REFUSAL_BAD_VALUE);
            assert_int_equal(state_of(&kit, 1), allowed ? to : from);
            if (allowed) {
                assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
                bool was = i == STATE_LISTED || i == STATE_ANSWERING;
                bool is = j == STATE_LISTED || j == STATE_ANSWERING;
                assert_int_equal(kit_count(&kit, CHANGE_ORDER), was != is);
                assert_order(&kit, 1, is ? "1" : "");
                /* once more: done already */
                assert_int_equal(move_with(&kit, 1, from, to, reason, answer), REFUSAL_OK);
                assert_int_equal(kit.changes.count, 0);
            }
            kit_free(&kit);
        }
    }
}

static void test_stale(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    assert_int_equal(move(&kit, 1, STATE_PENDING, STATE_DECLINED), REFUSAL_STALE);
    assert_int_equal(move(&kit, 1, STATE_HIDDEN, STATE_LISTED), REFUSAL_OK); /* it is listed */
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_DECLINED, REASON_RUDE, NULL),
                     REFUSAL_OK);
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_DECLINED, REASON_OTHER, NULL),
                     REFUSAL_STALE);
    kit_free(&kit);
}

static void test_values(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_DECLINED, REASON_NONE, NULL),
                     REFUSAL_BAD_VALUE);
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_HIDDEN, REASON_RUDE, NULL),
                     REFUSAL_BAD_VALUE);
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_DECLINED, REASON_COUNT, NULL),
                     REFUSAL_BAD_VALUE);
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_HIDDEN, REASON_NONE, "So."),
                     REFUSAL_BAD_VALUE);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_COUNT), REFUSAL_BAD_VALUE);
    assert_int_equal(move(&kit, 1, STATE_COUNT, STATE_LISTED), REFUSAL_BAD_VALUE);
    assert_int_equal(move(&kit, 2, STATE_LISTED, STATE_HIDDEN), REFUSAL_UNKNOWN);
    assert_int_equal(move(&kit, 0, STATE_LISTED, STATE_HIDDEN), REFUSAL_UNKNOWN);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_GONE);
    kit_free(&kit);
}

static void test_reasons(void **state) {
    (void)state;
    for (int reason = REASON_OFF_TOPIC; reason < REASON_COUNT; reason++) {
        struct kit kit = kit_listed(1);
        assert_int_equal(
            move_with(&kit, 1, STATE_LISTED, STATE_DECLINED, (enum decline_reason)reason, NULL),
            REFUSAL_OK);
        assert_int_equal(event_question(kit.event, 1)->reason, reason);
        assert_int_equal(move(&kit, 1, STATE_DECLINED, STATE_LISTED), REFUSAL_OK);
        assert_int_equal(event_question(kit.event, 1)->reason, REASON_NONE);
        kit_free(&kit);
    }
}

static char *long_text(size_t count, const char *letter) {
    struct buffer out = buffer_make(count * strlen(letter) + 1);
    for (size_t i = 0; i < count; i++) {
        buffer_text(&out, letter);
    }
    size_t length;
    return (char *)buffer_take(&out, &length);
}

static enum refusal answer_long(struct kit *kit, size_t count, const char *letter) {
    char *text = long_text(count, letter);
    enum refusal refusal = move_with(kit, 1, STATE_LISTED, STATE_ANSWERED, REASON_NONE, text);
    free(text);
    return refusal;
}

static void test_answer_text(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    static const char *const bad[] = {"", " x", "x ", "a  b", "a\nb", "\xff", "e\xcc\x81"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_ANSWERED, REASON_NONE, bad[i]),
                         REFUSAL_BAD_TEXT);
    }
    assert_int_equal(answer_long(&kit, LIMIT_ANSWER_GRAPHEMES + 1, "x"), REFUSAL_TOO_LONG);
    assert_int_equal(answer_long(&kit, LIMIT_ANSWER_BYTES / 4 + 1, "\xf0\x9f\x8d\x80"),
                     REFUSAL_TOO_LONG);
    assert_int_equal(answer_long(&kit, LIMIT_ANSWER_GRAPHEMES, "x"), REFUSAL_OK);
    kit_free(&kit);
}

static void test_answers(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    const struct question *question = event_question(kit.event, 1);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_ANSWERED), REFUSAL_OK);
    assert_null(question->answer);
    assert_int_equal(move_with(&kit, 1, STATE_ANSWERED, STATE_ANSWERED, REASON_NONE, "Yes."),
                     REFUSAL_OK);
    assert_string_equal(question->answer, "Yes.");
    assert_int_equal(move_with(&kit, 1, STATE_ANSWERED, STATE_ANSWERED, REASON_NONE, "No."),
                     REFUSAL_OK);
    assert_string_equal(question->answer, "No.");
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_ANSWERED, REASON_NONE, "Yes."),
                     REFUSAL_STALE);
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_ANSWERED, REASON_NONE, "No."),
                     REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(move(&kit, 1, STATE_ANSWERED, STATE_ANSWERED), REFUSAL_OK);
    assert_null(question->answer);
    /* away from answered, an answer stays behind; coming back, the command brings it */
    assert_int_equal(move_with(&kit, 1, STATE_ANSWERED, STATE_ANSWERED, REASON_NONE, "Yes."),
                     REFUSAL_OK);
    assert_int_equal(move(&kit, 1, STATE_ANSWERED, STATE_LISTED), REFUSAL_OK);
    assert_null(question->answer);
    assert_int_equal(move_with(&kit, 1, STATE_LISTED, STATE_ANSWERED, REASON_NONE, "Yes."),
                     REFUSAL_OK);
    assert_string_equal(question->answer, "Yes.");
    kit_free(&kit);
}

static void test_one_answering(void **state) {
    (void)state;
    struct kit kit = kit_listed(3);
    assert_int_equal(talk_add(&kit, "Second"), REFUSAL_OK);
    assert_int_equal(ask_in(&kit, 2, 50, "Here?"), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(move(&kit, 4, STATE_LISTED, STATE_ANSWERING), REFUSAL_OK);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_ANSWERING), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 0); /* it keeps its place */
    assert_order(&kit, 1, "3 2 1");
    assert_int_equal(move(&kit, 2, STATE_LISTED, STATE_ANSWERING), REFUSAL_OK);
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 2));
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 1);
    assert_int_equal(state_of(&kit, 1), STATE_ANSWERED);
    assert_int_equal(state_of(&kit, 2), STATE_ANSWERING);
    assert_int_equal(state_of(&kit, 4), STATE_ANSWERING); /* of another talk */
    assert_order(&kit, 1, "3 2");
    /* undone: the earlier one is answered again from where it was */
    assert_int_equal(move(&kit, 1, STATE_ANSWERED, STATE_ANSWERING), REFUSAL_OK);
    assert_int_equal(state_of(&kit, 2), STATE_ANSWERED);
    kit_free(&kit);
}

static void test_pin(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    uint64_t seq = kit.event->seq[VIEW_PUBLIC];
    assert_int_equal(pin(&kit, 1, true), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq + 1);
    assert_true(event_question(kit.event, 1)->pinned);
    assert_int_equal(pin(&kit, 1, true), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_ANSWERING), REFUSAL_OK);
    assert_true(event_question(kit.event, 1)->pinned);
    assert_int_equal(move(&kit, 1, STATE_ANSWERING, STATE_ANSWERED), REFUSAL_OK);
    assert_false(event_question(kit.event, 1)->pinned);
    assert_int_equal(pin(&kit, 1, true), REFUSAL_STALE);
    assert_int_equal(pin(&kit, 1, false), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(pin(&kit, 3, true), REFUSAL_UNKNOWN);
    assert_int_equal(withdraw(&kit, 2, 1), REFUSAL_OK);
    assert_int_equal(pin(&kit, 2, true), REFUSAL_GONE);
    kit_free(&kit);
}

/* Moderators go on after the end, also when the ballots are gone. */
static void test_after_end(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    tick_at(&kit, NOW + 3 * DAY, 1);
    assert_true(kit.event->closed);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    assert_int_equal(move(&kit, 1, STATE_HIDDEN, STATE_LISTED), REFUSAL_OK);
    assert_int_equal(pin(&kit, 2, true), REFUSAL_OK);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_pairs),     cmocka_unit_test(test_stale),
        cmocka_unit_test(test_values),        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_answer_text),   cmocka_unit_test(test_answers),
        cmocka_unit_test(test_one_answering), cmocka_unit_test(test_pin),
        cmocka_unit_test(test_after_end),
    };
    return cmocka_run_group_tests_name("moderation", tests, NULL, NULL);
}
