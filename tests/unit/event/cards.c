/* Cards: published, changed, kept back, taken away, deleted. */
#include "people_kit.h"

static void test_publish(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    uint64_t seq[VIEW_COUNT] = {kit.event->seq[0], kit.event->seq[1]};
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq[VIEW_PUBLIC] + 1);
    assert_int_equal(kit.event->seq[VIEW_STAFF], seq[VIEW_STAFF] + 1);
    const struct card *card = card_of(&kit, 1);
    assert_true(card_public(card));
    assert_string_equal(card->name, "Person 1");
    assert_int_equal(card->minute, kit.now / MINUTE);
    assert_int_equal(card_proof(card), PROOF_NONE);
    assert_null(card_of(&kit, 2));
    /* sent again; another text with a revision that is spent; one too far */
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(card_rename(&kit, 1, 1, "Anna"), REFUSAL_STALE);
    assert_int_equal(card_rename(&kit, 1, 3, "Anna"), REFUSAL_STALE);
    assert_int_equal(card_as(&kit, 1, 0, true), REFUSAL_STALE);
    assert_int_equal(card_as(&kit, 2, 2, true), REFUSAL_STALE);
    kit.now += 5 * MINUTE;
    assert_int_equal(card_rename(&kit, 1, 2, "Anna"), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_string_equal(card_of(&kit, 1)->name, "Anna");
    assert_int_equal(card_of(&kit, 1)->rev, 2);
    assert_int_equal(card_of(&kit, 1)->minute, kit.now / MINUTE);
    kit_free(&kit);
}

static void test_kept(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    uint64_t seq = kit.event->seq[VIEW_STAFF];
    assert_int_equal(card_as(&kit, 1, 1, false), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD_KEPT, 1), 1);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(kit.event->seq[VIEW_STAFF], seq);
    /* the signature does not cover whether it is shown: another revision says so */
    assert_int_equal(card_as(&kit, 1, 1, true), REFUSAL_STALE);
    assert_int_equal(card_as(&kit, 1, 2, true), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_int_equal(card_as(&kit, 1, 3, false), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD_GONE, 1), 1);
    assert_int_equal(kit.event->seq[VIEW_STAFF], seq + 2);
    assert_int_equal(card_delete(&kit, 1, 4), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD_KEPT, 1), 1);
    assert_null(card_of(&kit, 1));
    kit_free(&kit);
}

static enum refusal named(struct kit *kit, const char *name, const char *line, const char *web) {
    struct card *card = card_new(1);
    text_replace(&card->name, name);
    text_replace(&card->line, line);
    text_replace(&card->web, web);
    return card_put(kit, card);
}

static void test_texts(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    char text[700];
    memset(text, 'x', sizeof text);
    text[LIMIT_CARD_NAME_GRAPHEMES + 1] = '\0';
    assert_int_equal(named(&kit, "", "", ""), REFUSAL_BAD_TEXT);
    assert_int_equal(named(&kit, " Anna", "", ""), REFUSAL_BAD_TEXT);
    assert_int_equal(named(&kit, "Anna", "a\nb", ""), REFUSAL_BAD_TEXT);
    assert_int_equal(named(&kit, text, "", ""), REFUSAL_TOO_LONG);
    text[LIMIT_CARD_NAME_GRAPHEMES + 1] = 'x';
    text[LIMIT_CARD_LINE_GRAPHEMES + 1] = '\0';
    assert_int_equal(named(&kit, "Anna", text, ""), REFUSAL_TOO_LONG);
    text[LIMIT_CARD_LINE_GRAPHEMES + 1] = 'x';
    text[LIMIT_CARD_WEB_BYTES + 1] = '\0';
    assert_int_equal(named(&kit, "Anna", "", text), REFUSAL_TOO_LONG);
    assert_int_equal(named(&kit, "Anna", "", ""), REFUSAL_OK);
    kit_free(&kit);
}

static void test_accounts(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    struct card *card = card_new(1);
    account_add(card, "p1@peer.example");
    assert_int_equal(card_put(&kit, card), REFUSAL_BAD_ACCOUNT);
    card = card_new(1);
    account_add(card, "");
    assert_int_equal(card_put(&kit, card), REFUSAL_BAD_ACCOUNT);
    char text[LIMIT_CARD_ACCOUNT_BYTES + 2];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    card = card_new(1);
    account_add(card, text);
    assert_int_equal(card_put(&kit, card), REFUSAL_BAD_ACCOUNT);
    card = card_new(1);
    account_add(card, text + 1);
    account_add(card, "third");
    account_add(card, "fourth");
    account_add(card, "fifth");
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_int_equal(card_of(&kit, 1)->account_count, 5);
    kit_free(&kit);
}

static void test_delete(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_delete(&kit, 1, 2), REFUSAL_UNKNOWN);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(card_delete(&kit, 1, 1), REFUSAL_STALE);
    assert_int_equal(card_delete(&kit, 1, 3), REFUSAL_STALE);
    assert_int_equal(card_delete(&kit, 1, 2), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(card_changes(&kit, CHANGE_CARD_GONE, 1), 1);
    assert_null(card_of(&kit, 1));
    assert_int_equal(kit.event->forgotten.count, 1);
    assert_int_equal(card_delete(&kit, 1, 2), REFUSAL_OK);
    assert_int_equal(card_delete(&kit, 1, 9), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_GONE);
    assert_int_equal(card_as(&kit, 1, 2, true), REFUSAL_GONE);
    assert_int_equal(card_hide(&kit, 1, true), REFUSAL_GONE);
    kit_free(&kit);
}

static void test_hide(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    assert_int_equal(card_hide(&kit, 1, true), REFUSAL_UNKNOWN);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(card_hide(&kit, 1, false), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(card_hide(&kit, 1, true), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD_GONE, 1), 1);
    assert_true(kit_changed(&kit, CHANGE_BY_LINE, 1));
    assert_int_equal(kit.changes.count, 2);
    assert_null(question_card(kit.event, 1));
    /* its owner cannot undo it */
    uint64_t seq[VIEW_COUNT] = {kit.event->seq[0], kit.event->seq[1]};
    assert_int_equal(card_rename(&kit, 1, 2, "Anna"), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1); /* staff see it */
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq[VIEW_PUBLIC]);
    assert_int_equal(kit.event->seq[VIEW_STAFF], seq[VIEW_STAFF] + 1);
    assert_false(card_public(card_of(&kit, 1)));
    assert_int_equal(card_as(&kit, 1, 3, false), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD_GONE, 1), 1);
    assert_int_equal(card_rename(&kit, 1, 4, "Anna"), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_int_equal(claim_as(&kit, 1, 1, 2), REFUSAL_OK);
    assert_null(question_card(kit.event, 1));
    assert_int_equal(card_hide(&kit, 1, false), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_true(kit_changed(&kit, CHANGE_BY_LINE, 1));
    assert_ptr_equal(question_card(kit.event, 1), card_of(&kit, 1));
    kit_free(&kit);
}

/* A key is a question's or a card's: else forgetting one would take the other along. */
static void test_keys(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    assert_int_equal(ask(&kit, 2), REFUSAL_OK);
    for (uint32_t n = 1; n <= 2; n++) {
        struct card *card = card_new(1);
        kit_key(card->key, n);
        assert_int_equal(card_put(&kit, card), REFUSAL_BAD_KEY);
    }
    struct card *card = card_new(1);
    kit_key(card->key, 3);
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_int_equal(ask(&kit, 3), REFUSAL_BAD_KEY);
    kit_free(&kit);
}

static void test_full(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    kit.quick = true;
    for (uint32_t n = 0; n < LIMIT_EVENT_CARDS; n++) {
        assert_int_equal(card_publish(&kit, n * 7919 % LIMIT_EVENT_CARDS), REFUSAL_OK);
    }
    assert_true(event_check(kit.event));
    assert_int_equal(card_publish(&kit, LIMIT_EVENT_CARDS), REFUSAL_FULL);
    assert_int_equal(card_as(&kit, 5, 2, true), REFUSAL_OK);
    assert_int_equal(card_delete(&kit, 5, 3), REFUSAL_OK);
    assert_int_equal(card_publish(&kit, LIMIT_EVENT_CARDS), REFUSAL_OK);
    assert_true(event_check(kit.event));
    kit_free(&kit);
}

/* Nobody can take all places by cards that nobody sees or meets. */
static void test_idle_leaves(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    kit.quick = true;
    for (uint32_t n = 0; n < LIMIT_EVENT_CARDS; n++) {
        kit.now += n < 10 ? MINUTE : 0;
        assert_int_equal(card_as(&kit, n, 1, n == 0), REFUSAL_OK);
    }
    assert_int_equal(interest(&kit, 1, 1, INTEREST_ALL), REFUSAL_OK);
    assert_int_equal(card_hide(&kit, 2, true), REFUSAL_OK);
    assert_int_equal(card_publish(&kit, LIMIT_EVENT_CARDS), REFUSAL_OK);
    assert_non_null(card_of(&kit, LIMIT_EVENT_CARDS));
    assert_null(card_of(&kit, 3)); /* the oldest but for those that are seen, met or taken away */
    assert_int_equal(card_changes(&kit, CHANGE_CARD_KEPT, 3), 1);
    assert_int_equal(kit.event->card_count, LIMIT_EVENT_CARDS);
    assert_int_equal(kit.event->forgotten.count, 0);
    assert_int_equal(card_as(&kit, 3, 1, false), REFUSAL_OK); /* may come again */
    assert_null(card_of(&kit, 4));
    assert_true(event_check(kit.event));
    kit_free(&kit);
}

/* Also after the end and after the close; and until everything is deleted. */
static void test_late(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    tick_at(&kit, (int64_t)kit.event->settings.end * MINUTE + DAY, 1);
    assert_true(kit.event->closed);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_ALL), REFUSAL_OK);
    tick_at(&kit, event_due(kit.event), 1);
    assert_true(kit.event->deleted);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(card_publish(&kit, 2), REFUSAL_GONE);
    kit_free(&kit);
}

/* Where one was let in by ticket nobody comes along once the tickets are gone. */
static void test_gated_late(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    struct settings settings = kit.event->settings;
    settings.tickets = true;
    assert_int_equal(change_settings(&kit, SETTING_TICKETS, &settings), REFUSAL_OK);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    tick_at(&kit, (int64_t)kit.event->settings.end * MINUTE + DAY, 1);
    assert_int_equal(card_publish(&kit, 2), REFUSAL_CLOSED);
    assert_int_equal(card_as(&kit, 3, 1, false), REFUSAL_CLOSED);
    assert_int_equal(card_rename(&kit, 1, 2, "Anders"), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(interest(&kit, 1, 1, INTEREST_ALL), REFUSAL_OK);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_publish),     cmocka_unit_test(test_kept),
        cmocka_unit_test(test_texts),       cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_delete),      cmocka_unit_test(test_hide),
        cmocka_unit_test(test_keys),        cmocka_unit_test(test_full),
        cmocka_unit_test(test_idle_leaves), cmocka_unit_test(test_late),
        cmocka_unit_test(test_gated_late),
    };
    return cmocka_run_group_tests_name("cards", tests, NULL, NULL);
}
