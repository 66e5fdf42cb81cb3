/* Accounts: connected, refreshed, lost, disconnected, and what becomes of their posts. */
#include "posts_kit.h"

static const struct account *one(const struct kit *kit) {
    return event_account(kit->event, 1);
}

static void test_put(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    connected(&kit, 1);
    assert_int_equal(kit.result, 1);
    assert_true(kit_changed(&kit, CHANGE_ACCOUNT, 1));
    connected(&kit, 2);
    assert_int_equal(kit.result, 2);
    struct account *again = account_new(1);
    snprintf(again->name, sizeof again->name, "@new@peer1.example");
    assert_int_equal(account_put(&kit, again), REFUSAL_OK);
    assert_int_equal(kit.result, 1);
    assert_int_equal(kit.event->account_count, 2);
    assert_string_equal(one(&kit)->name, "@new@peer1.example");
    assert_null(event_account(kit.event, 3));
    struct account *other = account_new(1); /* the same name at another network */
    other->network = NETWORK_X;
    assert_int_equal(account_put(&kit, other), REFUSAL_OK);
    assert_int_equal(kit.result, 3);
    kit_free(&kit);
}

static void test_put_refused(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    struct account *bad = account_new(1);
    bad->remote[0] = '\0';
    assert_int_equal(account_put(&kit, bad), REFUSAL_BAD_VALUE);
    bad = account_new(1);
    memset(bad->url, 'x', sizeof bad->url);
    assert_int_equal(account_put(&kit, bad), REFUSAL_BAD_VALUE);
    bad = account_new(1);
    free(bad->secret);
    bad->secret = NULL;
    assert_int_equal(account_put(&kit, bad), REFUSAL_BAD_VALUE);
    for (uint32_t n = 1; n <= LIMIT_EVENT_ACCOUNTS; n++) {
        connected(&kit, n);
    }
    assert_int_equal(account_put(&kit, account_new(99)), REFUSAL_FULL);
    assert_int_equal(account_put(&kit, account_new(5)), REFUSAL_OK); /* is there */
    tick_at(&kit, NOW + 3 * DAY, 1);
    assert_true(kit.event->closed);
    assert_int_equal(account_put(&kit, account_new(5)), REFUSAL_CLOSED);
    kit_free(&kit);
}

/* With its id: only the log-in is another one. */
static void test_refreshed(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    struct account *fresh = account_new(1);
    fresh->id = 1;
    fresh->secret[0] = 'S';
    assert_int_equal(account_put(&kit, fresh), REFUSAL_OK);
    assert_int_equal(kit.result, 1);
    assert_int_equal(one(&kit)->state, ACCOUNT_LEAVING);
    assert_int_equal(one(&kit)->secret[0], 'S');
    fresh = account_new(2);
    fresh->id = 1;
    assert_int_equal(account_put(&kit, fresh), REFUSAL_UNKNOWN);
    tick_at(&kit, NOW + 3 * DAY, 1);
    fresh = account_new(1); /* deletions go on in a closed event */
    fresh->id = 1;
    assert_int_equal(account_put(&kit, fresh), REFUSAL_OK);
    kit_free(&kit);
    kit = kit_out();
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_LEFT), REFUSAL_OK);
    fresh = account_new(1);
    fresh->id = 1;
    assert_int_equal(account_put(&kit, fresh), REFUSAL_STALE);
    kit_free(&kit);
}

static void test_state(void **state) {
    (void)state;
    struct kit kit = kit_posts();
    assert_int_equal(account_state(&kit, 7, ACCOUNT_EXPIRED), REFUSAL_UNKNOWN);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_STATE_COUNT), REFUSAL_BAD_VALUE);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_EXPIRED), REFUSAL_OK);
    assert_int_equal(kit_count(&kit, CHANGE_ACCOUNT), 1);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_EXPIRED), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_LEAVING), REFUSAL_OK);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_EXPIRED), REFUSAL_OK);
    assert_int_equal(one(&kit)->state, ACCOUNT_LEAVING); /* what began is finished */
    struct command keeps = {.kind = COMMAND_ACCOUNT_STATE};
    keeps.as.account.id = 1;
    keeps.as.account.state = ACCOUNT_CONNECTED;
    keeps.as.account.keeps = true;
    assert_int_equal(kit_apply(&kit, keeps), REFUSAL_OK);
    assert_true(one(&kit)->keeps);
    assert_int_equal(one(&kit)->state, ACCOUNT_LEAVING);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_LEFT), REFUSAL_OK);
    assert_null(one(&kit)); /* no row refers to it */
    connected(&kit, 1);
    assert_int_equal(kit.result, 2); /* no number twice */
    kit_free(&kit);
}

/* Expired: what is queued waits, and is not counted for a batch. */
static void test_expired_waits(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    assert_int_equal(account_state(&kit, 1, ACCOUNT_EXPIRED), REFUSAL_OK);
    assert_true(kit.event->post_at == 0);
    assert_int_equal(ask_degree(&kit, 2, 1), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(move(&kit, 2, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    assert_row(&kit, 2, POST_QUESTION, POST_QUEUED, ACT_POST); /* it is made all the same */
    kit.now += DAY / 2;
    connected(&kit, 1);
    carry_out(&kit, 1, POST_QUESTION, "far1");
    assert_row(&kit, 2, POST_QUESTION, POST_READY, ACT_POST);
    kit_free(&kit);
}

static void test_lost_while_sending(void **state) {
    (void)state;
    static const struct {
        enum post_trouble trouble;
        enum account_state state;
    } ways[] = {{TROUBLE_LOGIN, ACCOUNT_EXPIRED}, {TROUBLE_FORBIDDEN, ACCOUNT_REFUSED}};
    for (size_t i = 0; i < 2; i++) {
        struct kit kit = kit_queued();
        leave(&kit, 1, POST_QUESTION);
        assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
        char token[LIMIT_POST_TOKEN_BYTES + 1];
        memcpy(token, row_of(&kit, 1, POST_QUESTION)->token, sizeof token);
        assert_int_equal(failed(&kit, 1, POST_QUESTION, ways[i].trouble, false), REFUSAL_OK);
        assert_int_equal(one(&kit)->state, ways[i].state);
        assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_POST);
        assert_int_equal(row_of(&kit, 1, POST_QUESTION)->trouble, ways[i].trouble);
        assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_STALE); /* not now */
        connected(&kit, 1);
        kit.now += SECOND;
        assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
        assert_string_equal(row_of(&kit, 1, POST_QUESTION)->token, token); /* the same one */
        assert_int_equal(row_of(&kit, 1, POST_QUESTION)->trouble, TROUBLE_NONE);
        kit_free(&kit);
    }
}

static void test_connected_again_revives(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_LOGIN, true), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_POST);
    connected(&kit, 1);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_POST);
    kit_free(&kit);
}

static void test_leaving(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(ask_degree(&kit, 2, 1), REFUSAL_OK);
    assert_int_equal(ask_degree(&kit, 3, 1), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(move(&kit, 2, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_QUEUED, ACT_EDIT);
    assert_int_equal(account_leave(&kit, 9), REFUSAL_UNKNOWN);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST); /* the edit is given up */
    assert_none(&kit, 2, POST_QUESTION);                     /* the new post, too */
    assert_int_equal(move(&kit, 3, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    assert_none(&kit, 3, POST_QUESTION);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    carry_out(&kit, 1, POST_QUESTION, ""); /* deletions go on */
    assert_row(&kit, 1, POST_QUESTION, POST_DELETED, ACT_DELETE);
    connected(&kit, 1); /* and back */
    assert_int_equal(one(&kit)->state, ACCOUNT_CONNECTED);
    assert_row(&kit, 2, POST_QUESTION, POST_QUEUED, ACT_POST);
    kit_free(&kit);
}

/* A far server that says no to a leaving account will not be asked for ever. */
static void test_leaving_without_log_in(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(failed(&kit, 1, POST_QUESTION, TROUBLE_LOGIN, false), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_DELETE);
    assert_int_equal(one(&kit)->state, ACCOUNT_LEAVING);
    assert_int_equal(retry(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    kit_free(&kit);
}

static void test_left(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(ask_degree(&kit, 2, 1), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(move(&kit, 2, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_LEFT), REFUSAL_OK);
    assert_null(one(&kit)->secret);
    assert_none(&kit, 2, POST_QUESTION);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    assert_int_equal(warn(&kit, 1, "war"), REFUSAL_OK); /* cannot be changed any more */
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_EDIT);
    assert_int_equal(row_of(&kit, 1, POST_QUESTION)->trouble, TROUBLE_LOGIN);
    assert_int_equal(warn(&kit, 1, NULL), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST);
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_DELETE);
    assert_int_equal(retry(&kit, 1, POST_QUESTION), REFUSAL_STALE);
    assert_int_equal(drop(&kit, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_DELETE);
    connected(&kit, 1); /* the same log-in again takes it away */
    assert_int_equal(kit.event->account_count, 1);
    carry_out(&kit, 1, POST_QUESTION, "");
    kit_free(&kit);
}

/* What was under way when it left: nobody knows, and it is shown so. */
static void test_left_while_sending(void **state) {
    (void)state;
    struct kit kit = kit_queued();
    leave(&kit, 1, POST_QUESTION);
    assert_int_equal(sending(&kit, 1, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_SENDING, ACT_POST);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_LEFT), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_POST);
    assert_int_equal(sent(&kit, 1, POST_QUESTION, "far1"), REFUSAL_STALE);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_DELETE);
    connected(&kit, 1);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_true(row_of(&kit, 1, POST_QUESTION)->token[0] != '\0'); /* to be found by */
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_int_equal(kit.event->outgoing_count, 0);
    kit_free(&kit);
}

/* An account that was left goes with its last row. */
static void test_left_is_dropped(void **state) {
    (void)state;
    struct kit kit = kit_out();
    assert_int_equal(move(&kit, 1, STATE_LISTED, STATE_HIDDEN), REFUSAL_OK);
    carry_out(&kit, 1, POST_QUESTION, "");
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_LEFT), REFUSAL_OK);
    assert_non_null(one(&kit));
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_null(one(&kit));
    assert_true(kit_changed(&kit, CHANGE_ACCOUNT, 1));
    kit_free(&kit);
}

static void test_close(void **state) {
    (void)state;
    struct kit kit = kit_out();
    connected(&kit, 2);
    assert_int_equal(account_state(&kit, 2, ACCOUNT_EXPIRED), REFUSAL_OK);
    tick_at(&kit, NOW + 3 * DAY, 1);
    assert_true(kit.event->closed);
    assert_int_equal(one(&kit)->state, ACCOUNT_LEAVING);
    assert_int_equal(event_account(kit.event, 2)->state, ACCOUNT_LEAVING);
    assert_int_equal(kit_count(&kit, CHANGE_ACCOUNT), 2);
    assert_row(&kit, 1, POST_QUESTION, POST_SENT, ACT_POST); /* stays out there */
    assert_null(event_outgoing(kit.event, 1, 2, POST_QUESTION));
    assert_int_equal(degree(&kit, 1, 1, 0), REFUSAL_OK); /* also now */
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_int_equal(account_leave(&kit, 1), REFUSAL_OK);
    assert_int_equal(account_state(&kit, 1, ACCOUNT_LEFT), REFUSAL_OK);
    assert_row(&kit, 1, POST_QUESTION, POST_FAILED, ACT_DELETE);
    kit_free(&kit);
}

static void test_wipe(void **state) {
    (void)state;
    struct kit kit = kit_out();
    for (uint32_t n = 2; n <= 4; n++) {
        assert_int_equal(ask_degree(&kit, n, 1), REFUSAL_OK);
        tick_due(&kit);
        assert_int_equal(move(&kit, n, STATE_PENDING, STATE_LISTED), REFUSAL_OK);
    }
    leave(&kit, 2, POST_QUESTION);
    assert_int_equal(sending(&kit, 2, POST_QUESTION), REFUSAL_OK);
    assert_int_equal(plain(&kit, COMMAND_WIPE), REFUSAL_OK);
    assert_int_equal(kit.event->outgoing_count, 2);
    assert_row(&kit, 1, POST_QUESTION, POST_READY, ACT_DELETE);
    assert_row(&kit, 2, POST_QUESTION, POST_SENDING, ACT_POST);
    assert_int_equal(sent(&kit, 2, POST_QUESTION, "far2"), REFUSAL_OK);
    carry_out(&kit, 1, POST_QUESTION, "");
    carry_out(&kit, 2, POST_QUESTION, "");
    assert_int_equal(kit.event->outgoing_count, 0);
    assert_int_equal(kit.event->account_count, 1);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_put),
        cmocka_unit_test(test_put_refused),
        cmocka_unit_test(test_refreshed),
        cmocka_unit_test(test_state),
        cmocka_unit_test(test_expired_waits),
        cmocka_unit_test(test_lost_while_sending),
        cmocka_unit_test(test_connected_again_revives),
        cmocka_unit_test(test_leaving),
        cmocka_unit_test(test_leaving_without_log_in),
        cmocka_unit_test(test_left),
        cmocka_unit_test(test_left_while_sending),
        cmocka_unit_test(test_left_is_dropped),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_wipe),
    };
    return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
