/* Proofs that an account is the card's owner's, and when they are looked at again. */
#include "people_kit.h"

#define ACCOUNT "p1@peer.example"
#define PAGE    "https://p.example/me"
#define POST    "https://peer.example/post"

static const struct proof *proof_of(const struct kit *kit, uint32_t n) {
    return &card_of(kit, n)->accounts[0].proof;
}

static void test_login(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(proof_login(&kit, 1, ACCOUNT), REFUSAL_UNKNOWN);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(proof_login(&kit, 1, "p2@peer.example"), REFUSAL_UNKNOWN);
    assert_int_equal(proof_login(&kit, 1, ACCOUNT), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_LOGIN);
    assert_string_equal(proof_of(&kit, 1)->actor, "https://peer.example/actor");
    assert_int_equal(proof_of(&kit, 1)->minute, NOW_MINUTE);
    assert_int_equal(kit.event->recheck_at, NOW + DAY);
    assert_int_equal(proof_login(&kit, 1, ACCOUNT), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    /* what is not shown is only stored */
    assert_int_equal(card_as(&kit, 2, 1, false), REFUSAL_OK);
    assert_int_equal(proof_login(&kit, 2, "p2@peer.example"), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD_KEPT, 2), 1);
    assert_int_equal(card_delete(&kit, 1, 2), REFUSAL_OK);
    assert_int_equal(proof_login(&kit, 1, ACCOUNT), REFUSAL_GONE);
    kit_free(&kit);
}

static enum refusal proof_raw(struct kit *kit, const char *account, int kind, const char *source) {
    return kit_apply(kit, proof_command(COMMAND_PROOF, 1, account, (enum proof_kind)kind, source));
}

static void test_values(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(proof_raw(&kit, ACCOUNT, PROOF_NONE, NULL), REFUSAL_BAD_VALUE);
    assert_int_equal(proof_raw(&kit, ACCOUNT, PROOF_KIND_COUNT, PAGE), REFUSAL_BAD_VALUE);
    assert_int_equal(proof_raw(&kit, ACCOUNT, PROOF_LOGIN, PAGE), REFUSAL_BAD_VALUE);
    assert_int_equal(proof_raw(&kit, ACCOUNT, PROOF_LINK, NULL), REFUSAL_BAD_VALUE);
    assert_int_equal(proof_raw(&kit, "", PROOF_LOGIN, NULL), REFUSAL_BAD_VALUE);
    assert_int_equal(proof_raw(&kit, "", PROOF_POST, POST), REFUSAL_BAD_VALUE);
    assert_int_equal(proof_raw(&kit, "", PROOF_LINK, PAGE), REFUSAL_OK);
    assert_int_equal(card_of(&kit, 1)->web_proof.kind, PROOF_LINK);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_NONE); /* a page is no account */
    kit_free(&kit);
}

static struct card *card_two(uint32_t rev, const char *web, const char *other) {
    struct card *card = card_new(1);
    card->rev = rev;
    text_replace(&card->web, web);
    account_add(card, other);
    return card;
}

/* What is still on the card keeps its proof; what is not is not known of it any more. */
static void test_card_changes(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_put(&kit, card_two(1, "https://a.example/", "b@x.example")), REFUSAL_OK);
    assert_int_equal(proof_raw(&kit, "b@x.example", PROOF_LINK, PAGE), REFUSAL_OK);
    assert_int_equal(proof_login(&kit, 1, ACCOUNT), REFUSAL_OK);
    assert_int_equal(proof_raw(&kit, "", PROOF_LINK, PAGE), REFUSAL_OK);
    assert_int_equal(card_put(&kit, card_two(2, "https://a.example/", "c@x.example")), REFUSAL_OK);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_LOGIN);
    assert_int_equal(card_of(&kit, 1)->accounts[1].proof.kind, PROOF_NONE);
    assert_int_equal(card_of(&kit, 1)->web_proof.kind, PROOF_LINK);
    assert_int_equal(card_put(&kit, card_two(3, "", "b@x.example")), REFUSAL_OK);
    assert_int_equal(card_of(&kit, 1)->accounts[1].proof.kind, PROOF_NONE);
    assert_int_equal(card_of(&kit, 1)->web_proof.kind, PROOF_NONE);
    assert_int_equal(proof_raw(&kit, "", PROOF_LINK, PAGE), REFUSAL_UNKNOWN);
    /* nobody brings a proof along */
    struct card *card = card_two(4, "", "b@x.example");
    card->accounts[1].proof.kind = PROOF_LOGIN;
    card->accounts[1].proof.actor = memory_text("me");
    card->hidden = true;
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_int_equal(card_of(&kit, 1)->accounts[1].proof.kind, PROOF_NONE);
    assert_false(card_of(&kit, 1)->hidden);
    kit_free(&kit);
}

static void test_post(void **state) {
    (void)state;
    struct kit kit = kit_listed(2);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(card_publish(&kit, 2), REFUSAL_OK);
    assert_int_equal(proof_post(&kit, 1, ACCOUNT, 1), REFUSAL_UNKNOWN); /* whose question? */
    assert_int_equal(claim_as(&kit, 1, 2, 1), REFUSAL_OK);
    assert_int_equal(proof_post(&kit, 1, ACCOUNT, 1), REFUSAL_UNKNOWN);
    assert_int_equal(claim_as(&kit, 2, 1, 1), REFUSAL_OK);
    assert_int_equal(proof_post(&kit, 1, ACCOUNT, 2), REFUSAL_OK);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_POST);
    assert_int_equal(proof_of(&kit, 1)->salt[3], 5);
    assert_true(kit_changed(&kit, CHANGE_BY_LINE, 2));
    /* taken back: neither the post nor the number may tell who asked */
    assert_int_equal(unclaim(&kit, 2, 1, 2), REFUSAL_OK);
    assert_int_equal(proof_of(&kit, 1)->kind, PROOF_NONE);
    assert_int_equal(proof_of(&kit, 1)->number, 0);
    assert_null(proof_of(&kit, 1)->source);
    assert_int_equal(claim_as(&kit, 2, 1, 3), REFUSAL_OK);
    assert_int_equal(proof_post(&kit, 1, ACCOUNT, 2), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 2, 4), REFUSAL_OK);
    assert_int_equal(proof_of(&kit, 1)->kind, PROOF_NONE);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    kit_free(&kit);
}

static void test_lost(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    assert_int_equal(proof_lost(&kit, 1, ACCOUNT, PROOF_LINK, PAGE), REFUSAL_OK);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(proof_lost(&kit, 1, ACCOUNT, PROOF_NONE, NULL), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(proof_link(&kit, 1, ACCOUNT, NOW_MINUTE), REFUSAL_OK);
    assert_int_equal(proof_lost(&kit, 1, ACCOUNT, PROOF_LOGIN, NULL), REFUSAL_OK);
    assert_int_equal(proof_lost(&kit, 1, ACCOUNT, PROOF_LINK, POST), REFUSAL_OK);
    assert_int_equal(proof_lost(&kit, 1, "", PROOF_LINK, PAGE), REFUSAL_OK);
    assert_int_equal(proof_lost(&kit, 1, "x", PROOF_LINK, PAGE), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(proof_lost(&kit, 1, ACCOUNT, PROOF_LINK, PAGE), REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_true(kit_changed(&kit, CHANGE_BY_LINE, 1));
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_NONE);
    kit_free(&kit);
}

/* A day after it was seen it is due; it waits for the bridge, and then for the next day. */
static void test_recheck(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(card_as(&kit, 2, 1, false), REFUSAL_OK);
    assert_int_equal(proof_link(&kit, 1, ACCOUNT, NOW_MINUTE), REFUSAL_OK);
    assert_int_equal(proof_link(&kit, 2, "p2@peer.example", NOW_MINUTE + 5), REFUSAL_OK);
    assert_int_equal(event_due(kit.event), NOW + DAY);
    tick_at(&kit, NOW + DAY - 1, 1);
    assert_false(proof_of(&kit, 1)->due);
    tick_at(&kit, NOW + DAY, 1);
    assert_true(proof_of(&kit, 1)->due);
    assert_false(proof_of(&kit, 2)->due);
    assert_int_equal(kit.changes.count, 1);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_int_equal(kit.event->recheck_at, NOW + DAY + 5 * MINUTE);
    tick_at(&kit, NOW + DAY + 5 * MINUTE, 1);
    assert_int_equal(card_changes(&kit, CHANGE_CARD_KEPT, 2), 1);
    assert_int_equal(kit.event->recheck_at, 0);
    /* it holds, also when it was seen in the minute that is known */
    assert_int_equal(proof_link(&kit, 1, ACCOUNT, NOW_MINUTE + 1441), REFUSAL_OK);
    assert_false(proof_of(&kit, 1)->due);
    assert_int_equal(kit.event->recheck_at, NOW + 2 * DAY + MINUTE);
    assert_int_equal(proof_link(&kit, 2, "p2@peer.example", NOW_MINUTE + 5), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_false(proof_of(&kit, 2)->due);
    assert_int_equal(kit.event->recheck_at, kit.now + 10 * SECOND); /* not at once again */
    assert_int_equal(proof_lost(&kit, 1, ACCOUNT, PROOF_LINK, PAGE), REFUSAL_OK);
    assert_int_equal(proof_lost(&kit, 2, "p2@peer.example", PROOF_LINK, PAGE), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(kit.event->recheck_at, 0);
    kit_free(&kit);
}

/* Whose the account is, is looked at again without a token. */
static enum refusal login_looked(struct kit *kit, enum command_kind kind, const char *actor) {
    struct command command = proof_command(kind, 1, ACCOUNT, PROOF_LOGIN, NULL);
    command.as.proof.proof.due = true;
    command.as.proof.proof.minute = NOW_MINUTE + 1440;
    text_replace(&command.as.proof.proof.actor, actor);
    return kit_apply(kit, command);
}

static void test_recheck_login(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(proof_login(&kit, 1, ACCOUNT), REFUSAL_OK);
    assert_int_equal(event_due(kit.event), NOW + DAY);
    tick_at(&kit, NOW + DAY, 1);
    assert_true(proof_of(&kit, 1)->due);
    assert_int_equal(login_looked(&kit, COMMAND_PROOF, "did:plc:another"), REFUSAL_OK);
    assert_int_equal(login_looked(&kit, COMMAND_PROOF_LOST, "did:plc:another"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_true(proof_of(&kit, 1)->due);
    assert_int_equal(login_looked(&kit, COMMAND_PROOF, "https://peer.example/actor"), REFUSAL_OK);
    assert_false(proof_of(&kit, 1)->due);
    assert_int_equal(proof_of(&kit, 1)->minute, NOW_MINUTE + 1440);
    assert_int_equal(kit.event->recheck_at, NOW + 2 * DAY);
    tick_due(&kit);
    assert_int_equal(login_looked(&kit, COMMAND_PROOF_LOST, "https://peer.example/actor"),
                     REFUSAL_OK);
    assert_int_equal(card_changes(&kit, CHANGE_CARD, 1), 1);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_NONE);
    tick_due(&kit);
    assert_int_equal(kit.event->recheck_at, 0);
    kit_free(&kit);
}

/* Many at once are spread. */
static void test_spread(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    char account[32];
    for (uint32_t n = 1; n <= 20; n++) {
        assert_int_equal(card_publish(&kit, n), REFUSAL_OK);
        snprintf(account, sizeof account, "p%u@peer.example", n);
        assert_int_equal(proof_link(&kit, n, account, NOW_MINUTE), REFUSAL_OK);
    }
    static const uint32_t steps[] = {8, 8, 4};
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(event_due(kit.event), NOW + DAY + i * 10 * SECOND);
        tick_due(&kit);
        assert_int_equal(kit_count(&kit, CHANGE_CARD), steps[i]);
    }
    assert_int_equal(kit.event->recheck_at, 0);
    kit_free(&kit);
}

static void test_best(void **state) {
    (void)state;
    struct kit kit = kit_listed(1);
    struct card *card = card_new(1);
    account_add(card, "b@x.example");
    account_add(card, "c@x.example");
    assert_int_equal(card_put(&kit, card), REFUSAL_OK);
    assert_int_equal(claim_as(&kit, 1, 1, 1), REFUSAL_OK);
    assert_int_equal(proof_post(&kit, 1, "c@x.example", 1), REFUSAL_OK);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_POST);
    assert_int_equal(proof_link(&kit, 1, "b@x.example", NOW_MINUTE), REFUSAL_OK);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_LINK);
    assert_int_equal(proof_login(&kit, 1, ACCOUNT), REFUSAL_OK);
    assert_int_equal(card_proof(card_of(&kit, 1)), PROOF_LOGIN);
    assert_int_equal(proof_link(&kit, 1, ACCOUNT, NOW_MINUTE), REFUSAL_OK); /* takes nothing away */
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(proof_of(&kit, 1)->kind, PROOF_LOGIN);
    kit_free(&kit);
}

/* Of what is another proof by now, or none, a look says nothing. */
static enum refusal proof_seen(struct kit *kit, const char *source) {
    struct command command = proof_command(COMMAND_PROOF, 1, ACCOUNT, PROOF_LINK, source);
    command.as.proof.proof.due = true;
    command.as.proof.proof.minute = NOW_MINUTE + 1440;
    return kit_apply(kit, command);
}

static void test_seen_late(void **state) {
    (void)state;
    struct kit kit = kit_listed(0);
    assert_int_equal(card_publish(&kit, 1), REFUSAL_OK);
    assert_int_equal(proof_seen(&kit, PAGE), REFUSAL_OK);
    assert_int_equal(proof_of(&kit, 1)->kind, PROOF_NONE);
    assert_int_equal(proof_link(&kit, 1, ACCOUNT, NOW_MINUTE), REFUSAL_OK);
    assert_int_equal(proof_seen(&kit, POST), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_string_equal(proof_of(&kit, 1)->source, PAGE);
    assert_int_equal(proof_of(&kit, 1)->minute, NOW_MINUTE);
    assert_int_equal(proof_seen(&kit, PAGE), REFUSAL_OK);
    assert_int_equal(proof_of(&kit, 1)->minute, NOW_MINUTE + 1440);
    assert_int_equal(proof_login(&kit, 1, ACCOUNT), REFUSAL_OK);
    assert_int_equal(proof_seen(&kit, PAGE), REFUSAL_OK);
    assert_int_equal(proof_of(&kit, 1)->kind, PROOF_LOGIN);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login),        cmocka_unit_test(test_values),
        cmocka_unit_test(test_card_changes), cmocka_unit_test(test_post),
        cmocka_unit_test(test_lost),         cmocka_unit_test(test_recheck),
        cmocka_unit_test(test_spread),       cmocka_unit_test(test_best),
        cmocka_unit_test(test_seen_late),    cmocka_unit_test(test_recheck_login),
    };
    return cmocka_run_group_tests_name("proofs", tests, NULL, NULL);
}
