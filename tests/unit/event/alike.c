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

/* What a card has to say for looking like this. */
struct right {
    bool proved;
    uint32_t since;
};

static struct right right_of(const struct card *card, const char *text) {
    struct right right = {.since = UINT32_MAX};
    for (uint8_t i = 0; i <= card->account_count; i++) {
        uint32_t since = i == 0 ? card->name_since : card->accounts[i - 1].since;
        if (text_alike(text_at(card, i), text)) {
            right.since = since < right.since ? since : right.since;
            right.proved |= i > 0 && card->accounts[i - 1].proof.kind != PROOF_NONE;
        }
    }
    return right;
}

static bool looks_like(const struct card *card, const char *text) {
    for (uint8_t i = 0; i <= card->account_count; i++) {
        if (text_alike(text_at(card, i), text)) {
            return true;
        }
    }
    return false;
}

/* Whether `other` shows something like a text of the card, with at least as good a right. */
static bool marked_by(const struct card *card, const struct card *other) {
    for (uint8_t i = 0; i <= card->account_count; i++) {
        const char *text = text_at(card, i);
        struct right own = right_of(card, text), theirs = right_of(other, text);
        bool first = own.proved != theirs.proved ? own.proved : own.since < theirs.since;
        if (looks_like(other, text) && !first) {
            return true;
        }
    }
    return false;
}

static bool expected(const struct event *event, const struct card *card) {
    for (uint32_t i = 0; i < event->card_count; i++) {
        const struct card *other = event->cards[i];
        if (other != card && card_public(other) && card_public(card) && marked_by(card, other)) {
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
    assert_true(card_of(&kit, 2)->alike); /* in the same minute: nobody knows who was first */
    /* a third one is told alone */
    assert_int_equal(card_rename(&kit, 3, 1, "ANNA"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    /* what else somebody proves says nothing of the name */
    assert_int_equal(proof_login(&kit, 2, "p2@peer.example"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(card_of(&kit, 2)->alike);
    assert_int_equal(card_hide(&kit, 1, true), REFUSAL_OK);
    assert_int_equal(card_delete(&kit, 2, 2), REFUSAL_OK);
    assert_false(card_of(&kit, 3)->alike);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 3), 1);
    kit_free(&kit);
}

/* Who was first stays unmarked, whatever who comes later proves; and not who only changes to it. */
static void test_first(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_rename(&kit, 1, 1, "Bill"), REFUSAL_OK);
    kit.now += MINUTE;
    assert_int_equal(card_rename(&kit, 2, 1, "Anna"), REFUSAL_OK);
    kit.now += MINUTE;
    assert_int_equal(card_rename(&kit, 1, 2, "Anna"), REFUSAL_OK);
    assert_int_equal(proof_login(&kit, 1, "p1@peer.example"), REFUSAL_OK);
    assert_true(card_of(&kit, 1)->alike);
    assert_false(card_of(&kit, 2)->alike);
    /* a new line, a new account, another spelling, a pause: it is still who was first */
    kit.now += MINUTE;
    struct card *card = card_new(2);
    card->rev = 2;
    text_replace(&card->name, "ANNA");
    account_add(card, "anna@peer.example");
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_false(card_of(&kit, 2)->alike);
    assert_int_equal(card_as(&kit, 1, 3, false), REFUSAL_OK);
    assert_int_equal(card_rename(&kit, 2, 3, "Anna"), REFUSAL_OK);
    assert_int_equal(card_rename(&kit, 1, 4, "Anna"), REFUSAL_OK);
    assert_true(card_of(&kit, 1)->alike);
    assert_false(card_of(&kit, 2)->alike);
    kit_free(&kit);
}

/* An account is whose it is proved to be, and not who said so first. */
static void test_own_account(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    struct card *card = card_new(1);
    account_add(card, "anna@peer.example");
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    kit.now += MINUTE;
    card = card_new(2);
    account_add(card, "anna@peer.example");
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_true(card_of(&kit, 2)->alike);
    assert_int_equal(proof_login(&kit, 1, "p1@peer.example"), REFUSAL_OK); /* any other account */
    assert_int_equal(proof_login(&kit, 2, "anna@peer.example"), REFUSAL_OK);
    assert_true(card_of(&kit, 1)->alike);
    assert_false(card_of(&kit, 2)->alike);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    /* with another account proved, too, losing this proof still counts */
    assert_int_equal(proof_login(&kit, 2, "p2@peer.example"), REFUSAL_OK);
    assert_int_equal(proof_lost(&kit, 2, "anna@peer.example", PROOF_LOGIN, NULL), REFUSAL_OK);
    assert_false(card_of(&kit, 1)->alike);
    assert_true(card_of(&kit, 2)->alike);
    kit_free(&kit);
}

/* Whoever is met through an interest alone is compared with those who are seen, and marks nobody.
 */
static void test_kept(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    for (uint32_t n = 1; n <= 2; n++) {
        struct card *card = card_new(n);
        card->shown = false;
        text_replace(&card->name, "Anna");
        account_add(card, "anna@peer.example");
        assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    }
    assert_false(card_alike(kit.event, card_of(&kit, 1)));
    kit.now += MINUTE;
    struct card *card = card_new(3);
    account_add(card, "anna@peer.example");
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_false(card_of(&kit, 3)->alike);
    assert_true(card_alike(kit.event, card_of(&kit, 1)));
    assert_int_equal(proof_login(&kit, 1, "anna@peer.example"), REFUSAL_OK);
    assert_false(card_alike(kit.event, card_of(&kit, 1)));
    assert_true(card_alike(kit.event, card_of(&kit, 2)));
    assert_false(card_of(&kit, 3)->alike);
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
        bool other = card->account_count > 1 && chance_percent(chance, 60);
        (void)proof_login(kit, n, other ? card->accounts[1].name : account);
    } else {
        uint32_t at = chance_below(chance, card->account_count);
        (void)proof_lost(kit, n, card->accounts[at].name, PROOF_LOGIN, NULL);
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
        kit.now += chance_percent(&chance, 60) ? MINUTE : 0;
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
        cmocka_unit_test(test_names),       cmocka_unit_test(test_first),
        cmocka_unit_test(test_own_account), cmocka_unit_test(test_kept),
        cmocka_unit_test(test_accounts),    cmocka_unit_test(test_random),
    };
    random_start();
    return cmocka_run_group_tests_name("alike", tests, NULL, NULL);
}
