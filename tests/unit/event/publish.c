/* Who may say that a question goes out, and what they may say of it. */
#include "posts_kit.h"

static const struct question *one(const struct kit *kit) {
    return event_question(kit->event, 1);
}

static void test_degree(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    assert_int_equal(degree(&kit, 1, 1, 3), REFUSAL_BAD_VALUE);
    assert_int_equal(degree(&kit, 9, 1, 1), REFUSAL_UNKNOWN);
    assert_int_equal(degree(&kit, 1, 0, 0), REFUSAL_STALE);
    assert_int_equal(degree(&kit, 1, 2, 0), REFUSAL_STALE);
    assert_int_equal(degree(&kit, 1, 1, 2), REFUSAL_OK);
    assert_int_equal(one(&kit)->degree, 2);
    assert_int_equal(one(&kit)->rev, 1);
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    assert_int_equal(degree(&kit, 1, 1, 2), REFUSAL_OK); /* in force */
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(degree(&kit, 1, 1, 0), REFUSAL_STALE);
    assert_int_equal(move(&kit, 1, STATE_PENDING, STATE_DECLINED), REFUSAL_OK);
    tick_at(&kit, NOW + 3 * DAY, 1); /* also after the end, in any state */
    assert_int_equal(degree(&kit, 1, 2, 0), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 3), REFUSAL_OK);
    assert_int_equal(degree(&kit, 1, 4, 0), REFUSAL_GONE);
    kit_free(&kit);
}

/* Before its release, and while an edit waits. */
static void test_degree_of_held(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    assert_int_equal(ask_degree(&kit, 1, 0), REFUSAL_OK);
    assert_int_equal(degree(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_HELD), 1);
    tick_due(&kit);
    assert_int_equal(one(&kit)->degree, 1);
    assert_int_equal(one(&kit)->rev, 1);
    assert_int_equal(edit(&kit, 1, 2, "Else?"), REFUSAL_OK);
    assert_int_equal(degree(&kit, 1, 2, 0), REFUSAL_STALE);
    assert_int_equal(degree(&kit, 1, 3, 0), REFUSAL_OK);
    assert_int_equal(one(&kit)->degree, 0); /* taken back at once */
    assert_int_equal(one(&kit)->rev, 1);
    tick_due(&kit);
    assert_int_equal(one(&kit)->degree, 0);
    assert_int_equal(one(&kit)->rev, 3);
    assert_string_equal(one(&kit)->text, "Else?");
    kit_free(&kit);
}

static void test_approve(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    settings.release_seconds = 0;
    struct kit kit = kit_new(&settings);
    connected(&kit, 1);
    assert_int_equal(ask_degree(&kit, 1, 1), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(approve(&kit, 9, 0), REFUSAL_UNKNOWN);
    assert_int_equal(approve(&kit, 1, 1), REFUSAL_STALE); /* another text than was read */
    assert_false(one(&kit)->approved);
    assert_int_equal(approve(&kit, 1, 0), REFUSAL_OK);
    assert_true(one(&kit)->approved);
    assert_int_equal(approve(&kit, 1, 0), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    assert_false(one(&kit)->approved);
    assert_int_equal(approve(&kit, 1, 0), REFUSAL_STALE);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(approve(&kit, 1, 0), REFUSAL_GONE);
    kit_free(&kit);
}

static void test_moves_approve(void **state) {
    (void)state;
    static const struct {
        enum question_state from, to;
        bool approved;
    } steps[] = {
        {STATE_PENDING, STATE_LISTED, true},     {STATE_LISTED, STATE_PENDING, false},
        {STATE_PENDING, STATE_DECLINED, false},  {STATE_DECLINED, STATE_LISTED, true},
        {STATE_LISTED, STATE_HIDDEN, false},     {STATE_HIDDEN, STATE_ANSWERING, true},
        {STATE_ANSWERING, STATE_ANSWERED, true}, {STATE_ANSWERED, STATE_HIDDEN, false},
        {STATE_HIDDEN, STATE_ANSWERED, true},
    };
    struct kit kit = kit_posts();
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(move(&kit, 1, steps[i].from, steps[i].to), REFUSAL_OK);
        assert_int_equal(one(&kit)->approved, steps[i].approved);
    }
    kit_free(&kit);
}

static void test_open_refused(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.release_seconds = 0;
    struct kit kit = kit_new(&settings);
    assert_int_equal(ask_degree(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(ask_degree(&kit, 2, 0), REFUSAL_OK);
    tick_due(&kit);
    uint8_t key[QUESTION_KEY_BYTES];
    kit_key(key, 1);
    uint32_t number = event_question_by_key(kit.event, key)->number, other = 3 - number;
    assert_int_equal(open_on(&kit, 9, true), REFUSAL_UNKNOWN);
    assert_int_equal(open_on(&kit, other, true), REFUSAL_FORBIDDEN);
    assert_int_equal(open_on(&kit, number, true), REFUSAL_CLOSED); /* no account */
    connected(&kit, 1);
    assert_int_equal(open_on(&kit, number, true), REFUSAL_STALE); /* pending */
    assert_int_equal(move(&kit, number, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    assert_int_equal(publish(&kit, PUBLISH_OFF), REFUSAL_OK);
    assert_int_equal(open_on(&kit, number, true), REFUSAL_CLOSED);
    assert_int_equal(publish(&kit, PUBLISH_APPROVED), REFUSAL_OK);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_int_equal(open_on(&kit, number, true), REFUSAL_CLOSED);
    assert_int_equal(open_on(&kit, number, false), REFUSAL_OK);
    connected(&kit, 1);
    assert_int_equal(open_on(&kit, number, true), REFUSAL_OK);
    assert_int_equal(open_on(&kit, number, true), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(degree(&kit, 1, 1, 0), REFUSAL_OK); /* the asker has the last word */
    assert_false(event_question(kit.event, number)->open);
    kit_free(&kit);
}

/* Whoever asks the hashtag has read the text. */
static void test_open_approves(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    settings.release_seconds = 0;
    struct kit kit = kit_new(&settings);
    connected(&kit, 1);
    assert_int_equal(ask_degree(&kit, 1, 1), REFUSAL_OK);
    tick_due(&kit);
    assert_none(&kit, 1, POST_QUESTION);
    assert_int_equal(open_on(&kit, 1, true), REFUSAL_OK);
    assert_true(one(&kit)->approved);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_POST);
    /* but not of the next one */
    assert_int_equal(edit(&kit, 1, 1, "Something else"), REFUSAL_OK);
    tick_due(&kit);
    assert_false(one(&kit)->approved);
    assert_none(&kit, 1, POST_QUESTION);
    kit_free(&kit);
}

static void test_warn(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    assert_int_equal(warn(&kit, 9, "war"), REFUSAL_UNKNOWN);
    assert_int_equal(warn(&kit, 1, " war"), REFUSAL_BAD_TEXT);
    assert_int_equal(warn(&kit, 1, ""), REFUSAL_BAD_TEXT);
    char text[LIMIT_WARNING_GRAPHEMES + 2];
    memset(text, 'x', sizeof text);
    text[LIMIT_WARNING_GRAPHEMES + 1] = '\0';
    assert_int_equal(warn(&kit, 1, text), REFUSAL_TOO_LONG);
    text[LIMIT_WARNING_GRAPHEMES] = '\0';
    assert_int_equal(warn(&kit, 1, text), REFUSAL_OK);
    assert_string_equal(one(&kit)->warning, text);
    assert_int_equal(warn(&kit, 1, text), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(warn(&kit, 1, NULL), REFUSAL_OK);
    assert_null(one(&kit)->warning);
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    kit_free(&kit);
}

/* A mark tells text, warning, answer and minute apart, and is neither of the two special ones. */
static void test_marks(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    struct question question = *one(&kit);
    uint8_t marks[8][POST_MARK_BYTES];
    post_mark(marks[0], &question, POST_QUESTION);
    question.warning = (char *)(uintptr_t) "war";
    post_mark(marks[1], &question, POST_QUESTION);
    question.text = (char *)(uintptr_t) "Question 1?war";
    question.warning = NULL;
    post_mark(marks[2], &question, POST_QUESTION);
    question.answered = 1;
    post_mark(marks[3], &question, POST_ANSWER);
    question.answered = 2;
    post_mark(marks[4], &question, POST_ANSWER);
    question.answer = (char *)(uintptr_t) "No.";
    post_mark(marks[5], &question, POST_ANSWER);
    post_mark(marks[6], &question, POST_OPEN);
    question.key[0] ^= 1; /* of another question */
    post_mark(marks[7], &question, POST_OPEN);
    for (int i = 0; i < 8; i++) {
        for (int j = 0; j < i; j++) {
            assert_memory_not_equal(marks[i], marks[j], POST_MARK_BYTES);
        }
        assert_true((marks[i][0] & 0x80) == 0 && (marks[i][1] & 1) == 1);
    }
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_degree),       cmocka_unit_test(test_degree_of_held),
        cmocka_unit_test(test_approve),      cmocka_unit_test(test_moves_approve),
        cmocka_unit_test(test_open_refused), cmocka_unit_test(test_open_approves),
        cmocka_unit_test(test_warn),         cmocka_unit_test(test_marks),
    };
    return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
