/* Claims: made, hidden by an edit, signed anew, taken back by either side. */
#include "people_kit.h"

static void test_claim(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    kit.now += 3 * MINUTE;
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_true(kit_changed(&kit, CHANGE_CLAIM, 1));
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1); /* its questions and minute */
    assert_int_equal(kit.changes.count, 3);
    const struct claim *claim = event_claim(kit.event, 1);
    assert_int_equal(claim->rev, 1);
    assert_int_equal(claim->minute, NOW_MINUTE);
    assert_int_equal(claim->by_card[0], 1);
    assert_true(claim->current);
    assert_int_equal(event_question(kit.event, 1)->rev, 1);
    assert_int_equal(card_of(&kit, 1)->minute, kit.now / MINUTE);
    assert_ptr_equal(question_card(kit.event, 1), card_of(&kit, 1));
    assert_null(question_card(kit.event, 2));
    assert_null(event_claim(kit.event, 2));
    /* sent again, also after the question went on */
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(edit(&kit, 1, 2, "New?"), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    kit_free(&kit);
}

static void test_refused(void **state) {
    (void)state;
    struct kit kit = kit_listed(3);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(card_publish(&kit, 2), REFUSAL_OK);
    assert_int_equal(card_as(&kit, 3, 1, false), REFUSAL_OK);
    assert_int_equal(ask(&kit, 9), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 9, 1, 1), REFUSAL_UNKNOWN); /* not released */
    assert_int_equal(claim_as(&kit, 8, 1, 1), REFUSAL_UNKNOWN);
    assert_int_equal(claim_as(&kit, 1, 3, 1), REFUSAL_UNKNOWN); /* not shown */
    assert_int_equal(claim_as(&kit, 1, 4, 1), REFUSAL_UNKNOWN);
    assert_int_equal(claim_as(&kit, 1, 1, 0), REFUSAL_STALE);
    assert_int_equal(claim_as(&kit, 1, 1, 2), REFUSAL_STALE);
    assert_int_equal(claim_text(&kit, 1, 1, 1, "Question 2?"), REFUSAL_STALE);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    /* two cards, one question; before revision and text are looked at */
    assert_int_equal(claim_as(&kit, 1, 2, 2), REFUSAL_ALREADY_CLAIMED);
    assert_int_equal(claim_text(&kit, 1, 2, 7, "?"), REFUSAL_ALREADY_CLAIMED);
    /* one card, two questions */
    assert_int_equal(claim_as(&kit, 2, 1, 1), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 3, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 3, 1, 1), REFUSAL_GONE);
    assert_int_equal(card_delete(&kit, 2, 2), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 2, 2), REFUSAL_GONE);
    kit_free(&kit);
}

/* In any state of the question. */
static void test_states(void **state) {
    (void)state;
    static const enum question_state states[] = {STATE_ANSWERING, STATE_ANSWERED, STATE_DECLINED,
                                                 STATE_HIDDEN, STATE_PENDING};
    struct kit kit = kit_listed(5);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    for (uint32_t n = 1; n <= 5; n++) {
        assert_int_equal(move(&kit, n, STATE_LISTED, states[n - 1]), REFUSAL_OK);
        assert_int_equal(claim_as(&kit, n, 1, 1), REFUSAL_OK);
        assert_non_null(question_card(kit.event, n));
    }
    kit_free(&kit);
}

static void test_edit_hides(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(edit(&kit, 1, 2, "Other?"), REFUSAL_OK);
    assert_non_null(question_card(kit.event, 1)); /* not before everybody sees it */
    tick_due(&kit);
    assert_string_equal(event_question(kit.event, 1)->text, "Other?");
    assert_null(question_card(kit.event, 1));
    assert_non_null(event_claim(kit.event, 1));
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    /* it stands: nobody else may claim meanwhile */
    assert_int_equal(card_publish(&kit, 2), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 2, 3), REFUSAL_ALREADY_CLAIMED);
    assert_int_equal(claim_text(&kit, 1, 1, 3, "Question 1?"), REFUSAL_STALE);
    assert_int_equal(claim_as(&kit, 1, 1, 3), REFUSAL_OK);
    assert_non_null(question_card(kit.event, 1));
    assert_int_equal(kit.event->claim_count, 1);
    assert_int_equal(event_claim(kit.event, 1)->rev, 3);
    /* back to a text that was signed: the signature is of this text */
    assert_int_equal(edit(&kit, 1, 4, "Third?"), REFUSAL_OK);
    tick_due(&kit);
    assert_null(question_card(kit.event, 1));
    assert_int_equal(edit(&kit, 1, 5, "Other?"), REFUSAL_OK);
    tick_due(&kit);
    assert_non_null(question_card(kit.event, 1));
    kit_free(&kit);
}

/* While an edit waits, the revision goes on from it; the text is the one that is seen. */
static void test_edit_waits(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(edit(&kit, 1, 1, "Other?"), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_STALE);
    assert_int_equal(claim_text(&kit, 1, 1, 2, "Other?"), REFUSAL_STALE);
    assert_int_equal(claim_as(&kit, 1, 1, 2), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_HELD), 1);
    assert_int_equal(event_question(kit.event, 1)->rev, 0);
    assert_non_null(question_card(kit.event, 1));
    assert_int_equal(unclaim(&kit, 1, 1, 3), REFUSAL_OK);
    assert_null(question_card(kit.event, 1));
    assert_int_equal(claim_as(&kit, 1, 1, 4), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(event_question(kit.event, 1)->rev, 4);
    assert_null(question_card(kit.event, 1));
    kit_free(&kit);
}

static void test_unclaim(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(card_publish(&kit, 2), REFUSAL_OK);
    assert_int_equal(unclaim(&kit, 1, 1, 1), REFUSAL_OK); /* nothing to take back */
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(unclaim(&kit, 8, 1, 1), REFUSAL_UNKNOWN);
    assert_int_equal(unclaim(&kit, 1, 8, 1), REFUSAL_UNKNOWN);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(unclaim(&kit, 1, 1, 1), REFUSAL_STALE);
    assert_int_equal(unclaim(&kit, 1, 1, 3), REFUSAL_STALE);
    assert_int_equal(unclaim(&kit, 1, 2, 2), REFUSAL_OK); /* not that card's */
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(unclaim(&kit, 1, 1, 2), REFUSAL_OK);
    assert_true(kit_changed(&kit, CHANGE_CLAIM, 1));
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_null(event_claim(kit.event, 1));
    assert_null(question_card(kit.event, 1));
    assert_int_equal(event_question(kit.event, 1)->rev, 2);
    assert_int_equal(unclaim(&kit, 1, 1, 2), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    /* the same signatures again, then new ones, then by another card */
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_GONE);
    assert_int_equal(claim_as(&kit, 1, 1, 3), REFUSAL_OK);
    assert_int_equal(unclaim(&kit, 1, 1, 2), REFUSAL_STALE);
    assert_int_equal(unclaim(&kit, 1, 1, 4), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 3), REFUSAL_GONE);
    assert_int_equal(claim_as(&kit, 1, 2, 5), REFUSAL_OK);
    assert_int_equal(kit.event->forgotten.count, 2);
    kit_free(&kit);
}

static void test_withdraw(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 2, 1, 1), REFUSAL_OK);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_ALL), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 2), REFUSAL_OK);
    assert_true(kit_changed(&kit, CHANGE_CLAIM, 1));
    assert_int_equal(card_changes(&kit, CHANGE_INTEREST, 1), 1);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_int_equal(kit.event->claim_count, 1);
    assert_int_equal(kit.event->interest_count, 0);
    assert_int_equal(kit.event->forgotten.count, 1); /* the question alone says it */
    assert_int_equal(claim_as(&kit, 1, 1, 2), REFUSAL_GONE);
    assert_int_equal(unclaim(&kit, 1, 1, 2), REFUSAL_OK);
    kit_free(&kit);
}

/* A card that goes takes its claims along, unpublished or deleted; nothing of them comes back. */
static void test_card_goes(void **state) {
    (void)state;
    for (int deleted = 0; deleted <= 1; deleted++) {
        struct kit kit = kit_listed(3);
        assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
        assert_int_equal(card_publish(&kit, 2), REFUSAL_OK);
        assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
        assert_int_equal(claim_as(&kit, 2, 2, 1), REFUSAL_OK);
        assert_int_equal(claim_as(&kit, 3, 1, 1), REFUSAL_OK);
        assert_int_equal(interest(&kit, 2, 1, INTEREST_ALL), REFUSAL_OK);
        assert_int_equal(deleted ? card_delete(&kit, 1, 2) : card_as(&kit, 1, 2, false),
                         REFUSAL_OK);
        assert_int_equal(card_changes(&kit, CHANGE_CARD_GONE, 1), 1);
        for (uint32_t n = 1; n <= 3; n += 2) {
            assert_true(kit_changed(&kit, CHANGE_CLAIM, n));
            assert_true(kit_changed(&kit, CHANGE_BY_LINE, n));
            assert_null(event_claim(kit.event, n));
        }
        assert_int_equal(kit_count(&kit, CHANGE_BY_LINE), 2);
        assert_non_null(question_card(kit.event, 2));
        assert_int_equal(kit.event->interest_count, deleted ? 0 : 1);
        assert_int_equal(kit.event->forgotten.count, deleted ? 1 : 2);
        if (!deleted) {
            assert_int_equal(card_as(&kit, 1, 3, true), REFUSAL_OK);
            assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_GONE);
            assert_int_equal(claim_as(&kit, 1, 1, 2), REFUSAL_OK);
        }
        kit_free(&kit);
    }
}

/* A by-line is the card's name and mark: questions are told when these change, and only then. */
static void test_by_line(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 2, 1, 1), REFUSAL_OK);
    struct card *card = card_new(1);
    card->rev = 2;
    text_replace(&card->line, "Another line");
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(card_rename(&kit, 1, 3, "Anna"), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_BY_LINE), 2);
    assert_int_equal(edit(&kit, 2, 2, "Other?"), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(proof_login(&kit, 1, "p1@peer.example"), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_BY_LINE), 1); /* the other one is hidden */
    assert_true(kit_changed(&kit, CHANGE_BY_LINE, 1));
    kit_free(&kit);
}

/* Changes that this view sees, of questions and of cards. */
static void assert_seen(const struct kit *kit, enum view view, size_t questions, size_t cards) {
    size_t seen[2] = {0};
    for (size_t i = 0; i < kit->changes.count; i++) {
        const struct change *change = &kit->changes.items[i];
        bool card = change->kind == CHANGE_CARD || change->kind == CHANGE_CARD_GONE ||
                    change->kind == CHANGE_CARD_STAFF;
        bool question = change->kind == CHANGE_QUESTION || change->kind == CHANGE_BY_LINE ||
                        change->kind == CHANGE_GONE;
        bool visible = change_visible(kit->event, change, view);
        seen[0] += question && visible;
        seen[1] += card && visible;
    }
    assert_int_equal(seen[0], questions);
    assert_int_equal(seen[1], cards);
}

/* Of a question that not everybody sees, nothing tells everybody who asked it: neither a card that
 * changes along with it, nor the question along with its card. */
static void test_unseen(void **state) {
    (void)state;
    static const enum question_state states[] = {STATE_PENDING, STATE_DECLINED, STATE_HIDDEN};
    for (size_t i = 0; i < 3; i++) {
        struct kit kit = kit_listed(3);
        assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
        for (uint32_t n = 1; n <= 3; n++) {
            assert_int_equal(move(&kit, n, STATE_LISTED, states[i]), REFUSAL_OK);
        }
        uint32_t minute = card_of(&kit, 1)->minute;
        kit.now += 3 * MINUTE;
        assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
        assert_seen(&kit, VIEW_PUBLIC, 1, 0);
        assert_seen(&kit, VIEW_STAFF, 1, 1);
        assert_int_equal(card_of(&kit, 1)->minute, minute);
        struct command degree = {.kind = COMMAND_DEGREE, .as.question = {.rev = 2, .degree = 1}};
        kit_key(degree.as.question.key, 1);
        assert_int_equal(kit_apply(&kit, degree), REFUSAL_OK);
        assert_seen(&kit, VIEW_PUBLIC, 1, 0);
        assert_int_equal(unclaim(&kit, 1, 1, 3), REFUSAL_OK);
        assert_seen(&kit, VIEW_PUBLIC, 1, 0);
        assert_seen(&kit, VIEW_STAFF, 1, 1);
        assert_int_equal(claim_as(&kit, 1, 1, 4), REFUSAL_OK);
        assert_int_equal(claim_as(&kit, 2, 1, 1), REFUSAL_OK);
        assert_int_equal(claim_as(&kit, 3, 1, 1), REFUSAL_OK);
        assert_int_equal(card_rename(&kit, 1, 2, "Anna"), REFUSAL_OK);
        assert_seen(&kit, VIEW_PUBLIC, 0, 1);
        assert_seen(&kit, VIEW_STAFF, 3, 1);
        assert_int_equal(withdraw(&kit, 2, 2), REFUSAL_OK);
        assert_seen(&kit, VIEW_PUBLIC, 1, 0);
        assert_seen(&kit, VIEW_STAFF, 1, 1);
        if (states[i] == STATE_PENDING) {
            assert_int_equal(edit(&kit, 3, 2, "Other?"), REFUSAL_OK);
            tick_due(&kit);
            assert_seen(&kit, VIEW_PUBLIC, 1, 0);
            assert_seen(&kit, VIEW_STAFF, 1, 1);
        }
        /* what everybody sees from now on, the card says, too */
        assert_int_equal(move(&kit, 1, states[i], STATE_LISTED), REFUSAL_OK);
        assert_seen(&kit, VIEW_PUBLIC, 1, 1);
        assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
        assert_seen(&kit, VIEW_PUBLIC, 1, 1);
        if (i == 0) {
            assert_int_equal(plain(&kit, COMMAND_WIPE), REFUSAL_OK);
            assert_seen(&kit, VIEW_PUBLIC, 0, 0);
        } else {
            assert_int_equal(card_delete(&kit, 1, 3), REFUSAL_OK);
            assert_seen(&kit, VIEW_PUBLIC, 0, 1);
        }
        kit_free(&kit);
    }
}

/* A claim is signed with the minute now: sent again it differs in that alone. */
static void test_again(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    struct command again = claim_command(COMMAND_CLAIM, 1, 1, 1, "Question 1?");
    again.as.claim.claim.minute += 5;
    memset(again.as.claim.claim.by_card, 9, SIGNATURE_BYTES);
    assert_int_equal(kit_apply(&kit, again), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(event_claim(kit.event, 1)->minute, NOW_MINUTE);
    assert_int_equal(event_question(kit.event, 1)->rev, 1);
    kit_free(&kit);
}

static void test_wipe(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 2, 1, 1), REFUSAL_OK);
    assert_int_equal(proof_post(&kit, 1, "p1@peer.example", 2), REFUSAL_OK);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_ALL), REFUSAL_OK);
    assert_int_equal(interest(&kit, 2, 1, INTEREST_ALL), REFUSAL_OK);
    assert_int_equal(plain(&kit, COMMAND_WIPE), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_CLAIM), 2);
    assert_int_equal(kit_count(&kit, CHANGE_INTEREST), 2);
    assert_int_equal(kit_count(&kit, CHANGE_QUESTION), 0);
    assert_int_equal(kit.event->claim_count, 0);
    assert_int_equal(kit.event->interest_count, 0);
    assert_int_equal(kit.event->card_count, 1);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_NONE);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claim),      cmocka_unit_test(test_refused),
        cmocka_unit_test(test_states),     cmocka_unit_test(test_edit_hides),
        cmocka_unit_test(test_edit_waits), cmocka_unit_test(test_unclaim),
        cmocka_unit_test(test_withdraw),   cmocka_unit_test(test_card_goes),
        cmocka_unit_test(test_by_line),    cmocka_unit_test(test_unseen),
        cmocka_unit_test(test_again),      cmocka_unit_test(test_wipe),
    };
    return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
