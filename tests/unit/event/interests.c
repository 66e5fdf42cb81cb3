/* Interest in a question: counted from three people on, taken back at any time. */
#include "people_kit.h"

static uint32_t count_of(const struct kit *kit, uint32_t number) {
    uint32_t first, count = event_interests(kit->event, number, &first);
    for (uint32_t i = first; i < first + count; i++) {
        assert_int_equal(kit->event->interests[i].number, number);
    }
    return count;
}

static void test_crowd(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    for (uint32_t n = 1; n <= 5; n++) {
        assert_int_equal(card_as(&kit, n, 1, n % 2 == 0), REFUSAL_OK); /* shown or not */
    }
    uint64_t seq = kit.event->seq[VIEW_STAFF];
    for (uint32_t n = 1; n <= 4; n++) {
        assert_int_equal(interest(&kit, 1, n, INTEREST_PROVED), REFUSAL_OK);
        assert_int_equal(card_changes(&kit, CHANGE_INTEREST, n), 1);
        assert_int_equal(kit_count(&kit, CHANGE_BY_LINE), n >= INTEREST_CROWD);
        assert_int_equal(count_of(&kit, 1), n);
    }
    assert_int_equal(kit.event->seq[VIEW_STAFF], seq + 2);
    assert_int_equal(count_of(&kit, 2), 0);
    /* the same again, another scope: nobody is counted anew */
    assert_int_equal(interest(&kit, 1, 1, INTEREST_PROVED), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_ALL), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    uint8_t key[CARD_KEY_BYTES];
    card_key(key, 1);
    assert_int_equal(event_interest(kit.event, 1, key)->scope, INTEREST_ALL);
    assert_null(event_interest(kit.event, 2, key));
    /* back: from four to three to two, which is nobody */
    assert_int_equal(interest(&kit, 1, 4, INTEREST_OFF), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_BY_LINE), 1);
    assert_int_equal(interest(&kit, 1, 3, INTEREST_OFF), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_BY_LINE), 1);
    assert_int_equal(interest(&kit, 1, 2, INTEREST_OFF), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_BY_LINE), 0);
    assert_int_equal(interest(&kit, 1, 2, INTEREST_OFF), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(count_of(&kit, 1), 1);
    kit_free(&kit);
}

static void test_refused(void **state) {
    (void)state;
    struct kit kit = kit_listed(3);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(interest(&kit, 1, 9, INTEREST_ALL), REFUSAL_UNKNOWN);
    assert_int_equal(interest(&kit, 4, 1, INTEREST_ALL), REFUSAL_UNKNOWN);
    assert_int_equal(interest(&kit, 0, 1, INTEREST_ALL), REFUSAL_UNKNOWN);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_COUNT), REFUSAL_BAD_VALUE);
    assert_int_equal(interest(&kit, 2, 1, INTEREST_ALL), REFUSAL_OK);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    assert_int_equal(move(&kit, 2, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_ALL), REFUSAL_UNKNOWN);
    assert_int_equal(interest(&kit, 2, 1, INTEREST_PROVED), REFUSAL_UNKNOWN);
    assert_int_equal(interest(&kit, 2, 1, INTEREST_OFF), REFUSAL_OK);
    assert_int_equal(kit.event->interest_count, 0);
    assert_int_equal(withdraw(&kit, 3, 1), REFUSAL_OK);
    assert_int_equal(interest(&kit, 3, 1, INTEREST_ALL), REFUSAL_GONE);
    assert_int_equal(interest(&kit, 3, 1, INTEREST_OFF), REFUSAL_OK);
    assert_int_equal(card_delete(&kit, 1, 2), REFUSAL_OK);
    assert_int_equal(move(&kit, 1, STATE_HIDDEN, STATE_LISTED), REFUSAL_OK);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_ALL), REFUSAL_GONE);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_OFF), REFUSAL_OK);
    kit_free(&kit);
}

/* A deleted card was interested in three questions, two of them in a crowd. */
static void test_card_deleted(void **state) {
    (void)state;
    struct kit kit = kit_listed(3);
    for (uint32_t n = 1; n <= 4; n++) {
        assert_int_equal(card_publish(&kit, n), REFUSAL_OK);
        assert_int_equal(interest(&kit, 1, n, INTEREST_ALL), REFUSAL_OK);
        if (n <= 3) {
            assert_int_equal(interest(&kit, 2, n, INTEREST_ALL), REFUSAL_OK);
        }
        if (n <= 2) {
            assert_int_equal(interest(&kit, 3, n, INTEREST_ALL), REFUSAL_OK);
        }
    }
    assert_int_equal(card_delete(&kit, 2, 2), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_INTEREST, 2), 3);
    assert_true(kit_changed(&kit, CHANGE_BY_LINE, 1));
    assert_true(kit_changed(&kit, CHANGE_BY_LINE, 2));
    assert_int_equal(kit_count(&kit, CHANGE_BY_LINE), 2);
    assert_int_equal(count_of(&kit, 1), 3);
    assert_int_equal(count_of(&kit, 2), 2);
    assert_int_equal(count_of(&kit, 3), 1);
    kit_free(&kit);
}

static void test_full(void **state) {
    (void)state;
    enum { QUESTIONS = 10 };
    struct kit kit = kit_listed(QUESTIONS + 1);
    kit.quick = true;
    assert_int_equal(card_publish(&kit, 0), REFUSAL_OK);
    for (uint32_t number = 1; number <= QUESTIONS; number++) {
        for (uint32_t n = 0; n < LIMIT_EVENT_INTERESTS / QUESTIONS; n++) {
            struct interest row = {.number = number, .scope = INTEREST_ALL};
            card_key(row.card, n);
            event_restore_interest(kit.event, &row);
        }
    }
    assert_int_equal(interest(&kit, QUESTIONS + 1, 0, INTEREST_ALL), REFUSAL_FULL);
    assert_int_equal(interest(&kit, 1, 0, INTEREST_PROVED), REFUSAL_OK);
    assert_int_equal(interest(&kit, 1, 0, INTEREST_OFF), REFUSAL_OK);
    assert_int_equal(interest(&kit, QUESTIONS + 1, 0, INTEREST_ALL), REFUSAL_OK);
    kit_free(&kit);
}

static void test_many_of_one_card(void **state) {
    (void)state;
    struct kit kit = kit_listed(LIMIT_CARD_INTERESTS + 1);
    kit.quick = true;
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(card_publish(&kit, 2), REFUSAL_OK);
    for (uint32_t number = 1; number <= LIMIT_CARD_INTERESTS; number++) {
        assert_int_equal(interest(&kit, number, 1, INTEREST_ALL), REFUSAL_OK);
    }
    assert_int_equal(interest(&kit, LIMIT_CARD_INTERESTS + 1, 1, INTEREST_ALL), REFUSAL_FULL);
    assert_int_equal(interest(&kit, LIMIT_CARD_INTERESTS + 1, 2, INTEREST_ALL), REFUSAL_OK);
    assert_int_equal(interest(&kit, 7, 1, INTEREST_PROVED), REFUSAL_OK);
    assert_int_equal(interest(&kit, 7, 1, INTEREST_OFF), REFUSAL_OK);
    assert_int_equal(interest(&kit, LIMIT_CARD_INTERESTS + 1, 1, INTEREST_ALL), REFUSAL_OK);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crowd),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_card_deleted),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_many_of_one_card),
    };
    return cmocka_run_group_tests_name("interests", tests, NULL, NULL);
}
