/* Cards that look like each other are marked: against a second, naive statement of the rule, and
 * case by case. */
#include "base/confusable.h"
#include "chance.h"
#include "people_kit.h"

static bool text_alike(const char *a, const char *b) {
    uint8_t x[CONFUSABLE_BYTES], y[CONFUSABLE_BYTES];
    confusable_hash(x, a[0] == '@' ? a + 1 : a);
    confusable_hash(y, b[0] == '@' ? b + 1 : b);
    return memcmp(x, y, sizeof x) == 0;
}

static const char *text_at(const struct card *card, uint8_t i) {
    return i == 0 ? card->name : card->accounts[i - 1].name;
}

static bool cards_alike(const struct card *a, const struct card *b) {
    for (uint8_t i = 0; i <= a->account_count; i++) {
        for (uint8_t j = 0; j <= b->account_count; j++) {
            if (text_alike(text_at(a, i), text_at(b, j))) {
                return true;
            }
        }
    }
    return false;
}

static bool expected(const struct event *event, const struct card *card) {
    bool proved = card_proof(card) != PROOF_NONE;
    for (uint32_t i = 0; i < event->card_count; i++) {
        const struct card *other = event->cards[i];
        if (other != card && card_public(other) && card_public(card) && cards_alike(card, other) &&
            (!proved || card_proof(other) != PROOF_NONE)) {
            return true;
        }
    }
    return false;
}

static void assert_marks(const struct kit *kit) {
    for (uint32_t i = 0; i < kit->event->card_count; i++) {
        assert_int_equal(kit->event->cards[i]->alike, expected(kit->event, kit->event->cards[i]));
    }
}

static void test_names(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_rename(&kit, 2, 1, "Anna"), REFUSAL_OK);
    assert_false(card_of(&kit, 2)->alike);
    assert_int_equal(card_rename(&kit, 1, 1, "\xd0\x90nna"), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 2), 1);
    assert_true(card_of(&kit, 1)->alike);
    assert_true(card_of(&kit, 2)->alike); /* nobody knows who was first */
    /* a third one is told alone */
    assert_int_equal(card_rename(&kit, 3, 1, "ANNA"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    /* whoever proves an account is not marked any more; two of them are, again */
    assert_int_equal(proof_login(&kit, 2, "p2@peer.example"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_false(card_of(&kit, 2)->alike);
    assert_int_equal(proof_login(&kit, 3, "p3@peer.example"), REFUSAL_OK);
    assert_true(card_of(&kit, 2)->alike);
    assert_true(card_of(&kit, 3)->alike);
    assert_int_equal(card_hide(&kit, 3, true), REFUSAL_OK);
    assert_false(card_of(&kit, 2)->alike);
    assert_false(card_of(&kit, 3)->alike);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 2), 1);
    assert_int_equal(card_delete(&kit, 2, 2), REFUSAL_OK);
    assert_false(card_of(&kit, 1)->alike);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    kit_free(&kit);
}

static void test_accounts(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    struct card *card = card_new(2);
    account_add(card, "\xd1\x80"
                      "1@peer.example"); /* a Cyrillic p */
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_true(card_of(&kit, 1)->alike);
    assert_true(card_of(&kit, 2)->alike);
    assert_int_equal(card_as(&kit, 2, 2, true), REFUSAL_OK); /* without it */
    assert_false(card_of(&kit, 1)->alike);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    /* a name like somebody's account; one's own is no other's */
    assert_int_equal(card_rename(&kit, 3, 1, "@P1@peer.example"), REFUSAL_OK);
    assert_true(card_of(&kit, 1)->alike);
    assert_int_equal(card_rename(&kit, 3, 2, "@p3@peer.example"), REFUSAL_OK);
    assert_false(card_of(&kit, 1)->alike);
    assert_false(card_of(&kit, 3)->alike);
    /* what nobody sees looks like nothing */
    card = card_new(4);
    card->shown = false;
    text_replace(&card->name, "Person 1");
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_false(card_of(&kit, 1)->alike);
    assert_false(card_of(&kit, 4)->alike);
    kit_free(&kit);
}

static struct card *card_random(struct chance *chance, const struct event *event) {
    static const char *const names[] = {"Anna", "anna",        "\xd0\x90nna", "Bill",
                                        "B1ll", "a@x.example", "Otto"};
    static const char *const accounts[] = {"a@x.example", "\xd0\xb0@x.example", "Anna",
                                           "o.example"};
    struct card *card = card_new(chance_below(chance, 12));
    const struct card *there = event_card(event, card->key);
    card->rev = there == NULL ? 1 : there->rev + 1;
    card->shown = chance_percent(chance, 85);
    text_replace(&card->name, names[chance_below(chance, 7)]);
    for (uint32_t i = 0; i < 4; i++) {
        if (chance_percent(chance, 30)) {
            account_add(card, accounts[i]);
        }
    }
    return card;
}

static void command_random(struct kit *kit, struct chance *chance) {
    uint32_t draw = chance_below(chance, 100), n = chance_below(chance, 12);
    const struct card *card = card_of(kit, n);
    if (draw < 50 || card == NULL) {
        (void)card_put(kit, card_random(chance, kit->event));
    } else if (draw < 60) {
        (void)card_hide(kit, n, chance_percent(chance, 50));
    } else if (draw < 80) {
        char account[32];
        snprintf(account, sizeof account, "p%u@peer.example", n);
        (void)proof_login(kit, n, account);
    } else {
        (void)proof_lost(kit, n, card->accounts[0].name, PROOF_LOGIN, NULL);
    }
}

/* Every mark is right after every command, and whose mark has changed is told. */
static void test_random(void **state) {
    (void)state;
    uint64_t seed = chance_seed();
    print_message("# RAUTE_SEED=%llu\n", (unsigned long long)seed);
    struct chance chance = {.seed = seed, .state = seed};
    struct kit kit = kit_listed(0);
    for (int i = 0; i < 400; i++) {
        bool before[12] = {false};
        for (uint32_t n = 0; n < 12; n++) {
            before[n] = card_of(&kit, n) != NULL && card_of(&kit, n)->alike;
        }
        command_random(&kit, &chance);
        assert_marks(&kit);
        for (uint32_t n = 0; n < 12; n++) {
            bool after = card_of(&kit, n) != NULL && card_of(&kit, n)->alike;
            size_t told =
                card_changes(&kit, CHANGE_CARD, n) + card_changes(&kit, CHANGE_CARD_GONE, n);
            assert_true(told == 1 || (told == 0 && before[n] == after));
        }
    }
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_random),
    };
    random_start();
    return cmocka_run_group_tests_name("alike", tests, NULL, NULL);
}
