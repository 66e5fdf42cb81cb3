/* From a row that is ready to a post that is known of: order, retries, crashes, farewells. Runs
 * under TSan too. */
#include "stage.h"

#define QUESTIONS 7

/* ---- what the event says */

struct rows {
    enum post_state state;
    uint32_t count;
};

static bool has_rows(const struct event *event, const void *context) {
    const struct rows *rows = context;
    uint32_t count = 0;
    for (uint32_t at = 0; at < event->outgoing_count; at++) {
        count += event->outgoing[at].state == rows->state;
    }
    return count == rows->count;
}

static void rows_until(struct stage *stage, enum post_state state, uint32_t count) {
    stage_until(stage, has_rows, &(struct rows){state, count});
}

static bool has_trouble(const struct event *event, const void *context) {
    return event->outgoing_count > 0 &&
           event->outgoing[0].trouble == *(const enum post_trouble *)context;
}

static bool has_account_state(const struct event *event, const void *context) {
    return event->account_count > 0 &&
           event->accounts[0]->state == *(const enum account_state *)context;
}

static void account_until(struct stage *stage, enum account_state state) {
    stage_until(stage, has_account_state, &state);
}

static bool has_no_account(const struct event *event, const void *context) {
    (void)context;
    return event->account_count == 0;
}

static bool sent_well(const struct event *event, const void *context) {
    (void)context;
    for (uint32_t at = 0; at < event->outgoing_count; at++) {
        const struct outgoing *row = &event->outgoing[at];
        if (strncmp(row->far, "far-token", 9) != 0 || row->token[0] != '\0' ||
            strncmp(row->url, "https://far.example/token", 25) != 0) {
            return false;
        }
    }
    return true;
}

static struct played played_at(unsigned at) {
    pthread_mutex_lock(&play.mutex);
    assert_true(at < play.count);
    struct played played = play.played[at];
    pthread_mutex_unlock(&play.mutex);
    return played;
}

static void play_hold(bool hold) {
    pthread_mutex_lock(&play.mutex);
    play.hold = hold;
    pthread_mutex_unlock(&play.mutex);
}

static void stage_question(struct stage *stage, uint32_t question) {
    assert_int_equal(stage_run(stage, ask_out(question, "Wann gibt es Kuchen?"), NULL), REFUSAL_OK);
}

/* A stage with an account and one question that is out there. */
static uint32_t stage_posted(struct stage *stage) {
    stage_open(stage);
    uint32_t account = account_connect(stage, "anna");
    stage_question(stage, 1);
    rows_until(stage, POST_SENT, 1);
    return account;
}

/* ---- the tests */

/* Questions that leave together leave in any order, each once. */
static void test_shuffled(void **state) {
    (void)state;
    bool ordered = true;
    for (unsigned round = 0; ordered && round < 3; round++) {
        struct stage stage;
        stage_open(&stage);
        for (uint32_t question = 1; question <= QUESTIONS; question++) {
            stage_question(&stage, question);
        }
        account_connect(&stage, "anna"); /* now all of them are due */
        rows_until(&stage, POST_SENT, QUESTIONS);
        assert_true(stage_looks(&stage, sent_well, NULL));
        assert_int_equal(play_count(), QUESTIONS);
        uint32_t seen = 0;
        for (unsigned at = 0; at < QUESTIONS; at++) {
            struct played played = played_at(at);
            seen |= 1u << played.number;
            ordered = ordered && played.number == at + 1;
            assert_int_equal(played.act, ACT_POST);
            assert_false(played.doubtful);
            assert_non_null(strstr(played.text, "Wann gibt es Kuchen?"));
            assert_non_null(strstr(played.text, "#HRO"));
            assert_non_null(strstr(played.text, "https://raute.example/e/hro/q/"));
            assert_string_equal(played.access, "connected");
        }
        assert_int_equal(seen, (1u << (QUESTIONS + 1)) - 2);
        stage_close(&stage);
    }
    assert_false(ordered);
}

static void test_retried(void **state) {
    (void)state;
    struct stage stage;
    enum post_trouble busy = TROUBLE_BUSY;
    stage_open(&stage);
    account_connect(&stage, "anna");
    play_results(&(struct job_result){.trouble = TROUBLE_BUSY}, 1);
    stage_question(&stage, 1);
    stage_until(&stage, has_trouble, &busy);
    assert_true(stage_looks(&stage, has_rows, &(struct rows){POST_SENDING, 1}));
    int64_t start = clock_monotonic_ms();
    rows_until(&stage, POST_SENT, 1);
    assert_in_range(clock_monotonic_ms() - start, 1000, 4000); /* 2 s, give or take a quarter */
    assert_int_equal(play_count(), 2);
    assert_string_equal(played_at(0).token, played_at(1).token);
    assert_false(played_at(0).doubtful);
    assert_true(played_at(1).doubtful);
    stage_close(&stage);
}

/* A far server that says when it wants to be asked again is not asked before, by nobody. */
static void test_limited(void **state) {
    (void)state;
    struct stage stage;
    stage_posted(&stage);
    int64_t start = clock_unix_ms();
    play_results(&(struct job_result){.trouble = TROUBLE_LIMITED, .retry_at = start + 4000}, 1);
    stage_question(&stage, 2);
    play_until(2);
    assert_int_equal(stage_run(&stage, move_out(1, STATE_LISTED, STATE_HIDDEN), NULL), REFUSAL_OK);
    rows_until(&stage, POST_DELETED, 1);
    assert_true(clock_unix_ms() >= start + 4000);
    rows_until(&stage, POST_SENT, 1);
    assert_int_equal(played_at(2).act, ACT_DELETE); /* first, though it came later */
    assert_int_equal(played_at(3).number, 2);
    assert_false(played_at(3).doubtful); /* it was refused: it is not there */
    stage_close(&stage);
}

static void test_rejected(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    account_connect(&stage, "anna");
    play_results(&(struct job_result){.trouble = TROUBLE_REJECTED, .final = true}, 1);
    stage_question(&stage, 1);
    rows_until(&stage, POST_FAILED, 1);
    stage_question(&stage, 2); /* nothing waits for it */
    rows_until(&stage, POST_SENT, 1);
    assert_int_equal(play_count(), 2);
    stage_close(&stage);
}

/* The end between sending and noting: the next process looks before it sends again. */
static void test_restart(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    account_connect(&stage, "anna");
    play_hold(true);
    stage_question(&stage, 1);
    play_until(1);
    rows_until(&stage, POST_SENDING, 1);
    play_hold(false);
    stage_restart(&stage);
    rows_until(&stage, POST_SENT, 1);
    assert_int_equal(play_count(), 2);
    assert_string_equal(played_at(1).token, played_at(0).token);
    assert_true(played_at(1).doubtful);
    assert_string_equal(played_at(1).access, "connected"); /* opened from what is stored */
    stage_close(&stage);
}

static void test_login_lost(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    uint32_t account = account_connect(&stage, "anna");
    play_results(&(struct job_result){.trouble = TROUBLE_LOGIN}, 1);
    stage_question(&stage, 1);
    account_until(&stage, ACCOUNT_EXPIRED);
    rows_until(&stage, POST_READY, 1);
    stage_question(&stage, 2);
    assert_int_equal(play_count(), 1);
    assert_int_equal(account_connect(&stage, "anna"), account);
    rows_until(&stage, POST_SENT, 2);
    assert_int_equal(play_count(), 3);
    for (unsigned at = 1; at < 3; at++) {
        if (played_at(at).number == 1) {
            assert_string_equal(played_at(at).token, played_at(0).token);
            assert_false(played_at(at).doubtful);
        }
    }
    stage_close(&stage);
}

static bool renewed(const struct event *event, const void *context) {
    (void)context;
    const struct account *account = event->accounts[0];
    struct login *login = login_open(account->secret, account->secret_bytes, account->network,
                                     stage_key, event->id, account->remote);
    bool is = login != NULL && strcmp(login->access, "renewed") == 0 &&
              account->state == ACCOUNT_CONNECTED && account->avatar_bytes == sizeof AVATAR &&
              memcmp(account->avatar, AVATAR, sizeof AVATAR) == 0;
    login_free(login);
    return is;
}

static void test_login_renewed(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    account_connect(&stage, "anna");
    play.renew = "renewed";
    stage_question(&stage, 1);
    rows_until(&stage, POST_SENT, 1);
    stage_until(&stage, renewed, NULL);
    stage_question(&stage, 2);
    rows_until(&stage, POST_SENT, 2);
    assert_string_equal(played_at(1).access, "renewed");
    stage_restart(&stage);
    stage_question(&stage, 3);
    rows_until(&stage, POST_SENT, 3);
    assert_string_equal(played_at(2).access, "renewed");
    stage_close(&stage);
}

static bool keeps(const struct event *event, const void *context) {
    (void)context;
    return event->accounts[0]->keeps && event->outgoing[0].emptied;
}

static void test_emptied(void **state) {
    (void)state;
    struct stage stage;
    stage_posted(&stage);
    play.empties = true;
    assert_int_equal(stage_run(&stage, move_out(1, STATE_LISTED, STATE_HIDDEN), NULL), REFUSAL_OK);
    rows_until(&stage, POST_DELETED, 1);
    stage_until(&stage, keeps, NULL);
    assert_int_equal(played_at(1).act, ACT_DELETE);
    assert_string_equal(played_at(1).far, "far-token1");
    stage_close(&stage);
}

/* Hidden while nobody knows whether it is out there: it is not sent again but deleted, by token. */
static void test_hidden_in_doubt(void **state) {
    (void)state;
    struct stage stage;
    enum post_trouble unreachable = TROUBLE_UNREACHABLE;
    stage_open(&stage);
    account_connect(&stage, "anna");
    play_results(
        &(struct job_result){.trouble = TROUBLE_UNREACHABLE, .retry_at = clock_unix_ms() + 600000},
        1);
    stage_question(&stage, 1);
    stage_until(&stage, has_trouble, &unreachable);
    assert_int_equal(stage_run(&stage, move_out(1, STATE_LISTED, STATE_HIDDEN), NULL), REFUSAL_OK);
    rows_until(&stage, POST_DELETED, 1);
    assert_int_equal(play_count(), 2);
    assert_int_equal(played_at(1).act, ACT_DELETE);
    assert_string_equal(played_at(1).token, played_at(0).token);
    assert_string_equal(played_at(1).far, "");
    stage_close(&stage);
}

/* A try that we gave up waiting for may be carried out after its deletion: which is done again. */
static void test_hidden_while_pending(void **state) {
    (void)state;
    struct stage stage;
    enum post_trouble unreachable = TROUBLE_UNREACHABLE;
    stage_open(&stage);
    account_connect(&stage, "anna");
    play_results(&(struct job_result){.trouble = TROUBLE_UNREACHABLE, .pending = true}, 1);
    stage_question(&stage, 1);
    stage_until(&stage, has_trouble, &unreachable);
    assert_int_equal(stage_run(&stage, move_out(1, STATE_LISTED, STATE_HIDDEN), NULL), REFUSAL_OK);
    play_until(2);
    assert_int_equal(played_at(1).act, ACT_DELETE);
    stage_question(&stage, 2); /* goes on meanwhile */
    rows_until(&stage, POST_SENT, 1);
    assert_true(stage_looks(&stage, has_rows, &(struct rows){POST_SENDING, 1}));
    assert_true(stage_looks(&stage, has_rows, &(struct rows){POST_DELETED, 0}));
    stage_close(&stage);
}

static void test_answer_in_thread(void **state) {
    (void)state;
    struct stage stage;
    stage_posted(&stage);
    struct journal_request *request = move_out(1, STATE_LISTED, STATE_ANSWERED);
    request->command.text = memory_text("Um vier.");
    assert_int_equal(stage_run(&stage, request, NULL), REFUSAL_OK);
    rows_until(&stage, POST_SENT, 2);
    assert_int_equal(played_at(1).kind, POST_ANSWER);
    assert_string_equal(played_at(1).parent, "far-token1");
    assert_non_null(strstr(played_at(1).text, "Um vier."));
    stage_close(&stage);
}

static struct journal_request *leave_request(uint32_t account) {
    struct journal_request *request = journal_request_new(COMMAND_ACCOUNT_LEAVE, house_id(1));
    request->command.as.account.id = account;
    return request;
}

/* Disconnected: the log-in is ended at the far server, though it takes three tries. */
static void test_leaving(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    uint32_t account = account_connect(&stage, "anna");
    play_results(&(struct job_result){.trouble = TROUBLE_UNREACHABLE}, 1);
    assert_int_equal(stage_run(&stage, leave_request(account), NULL), REFUSAL_OK);
    stage_until(&stage, has_no_account, NULL);
    assert_int_equal(play_count(), 2);
    assert_true(played_at(0).revoke && played_at(1).revoke);
    assert_string_equal(played_at(0).access, "connected");
    stage_close(&stage);
}

static bool gave_up(const struct event *event, const void *context) {
    (void)context;
    return event->account_count == 0 || event->outgoing_count == 0 ||
           event->outgoing[0].state == POST_FAILED || event->outgoing[0].act == ACT_DELETE;
}

/* Disconnected while a post waits for its next try: it is not posted any more. */
static void test_leaving_in_doubt(void **state) {
    (void)state;
    struct stage stage;
    enum post_trouble busy = TROUBLE_BUSY;
    stage_open(&stage);
    uint32_t account = account_connect(&stage, "anna");
    play_results(&(struct job_result){.trouble = TROUBLE_BUSY}, 1);
    stage_question(&stage, 1);
    stage_until(&stage, has_trouble, &busy);
    assert_int_equal(stage_run(&stage, leave_request(account), NULL), REFUSAL_OK);
    stage_until(&stage, gave_up, NULL);
    play_until(2);
    for (unsigned at = 1; at < play_count(); at++) {
        assert_true(played_at(at).revoke || played_at(at).act == ACT_DELETE);
    }
    stage_close(&stage);
}

/* On the bridge's thread there is nobody else while it is held. */
static void held_end(const struct job_result *result) {
    pthread_mutex_lock(&play.mutex);
    play.ends = *result;
    play.end_held = true;
    play.hold = false;
    pthread_mutex_unlock(&play.mutex);
}

/* A post that began with the log-in before says nothing about the one that replaced it. */
static void test_reconnected_meanwhile(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    uint32_t account = account_connect(&stage, "anna");
    play_hold(true);
    stage_question(&stage, 1);
    play_until(1);
    play_hold(false);
    assert_int_equal(account_connect(&stage, "anna"), account);
    held_end(&(struct job_result){.trouble = TROUBLE_LOGIN});
    account_connect(&stage, "berta"); /* its attempt is a step on the bridge's thread */
    rows_until(&stage, POST_SENT, 2);
    assert_true(stage_looks(&stage, has_account_state, &(enum account_state){ACCOUNT_CONNECTED}));
    stage_close(&stage);
}

static void test_event_deleted(void **state) {
    (void)state;
    struct stage stage;
    stage_posted(&stage);
    assert_int_equal(stage_run(&stage, journal_request_new(COMMAND_DELETE, house_id(1)), NULL),
                     REFUSAL_OK);
    play_until(2);
    assert_true(played_at(1).revoke);
    stage_close(&stage);
}

/* Another key, as after a restore without secrets: the organiser sees that it is to be connected
 * again, and nothing is sent. */
static void test_unreadable(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    struct journal_request *request = journal_request_new(COMMAND_ACCOUNT_PUT, house_id(1));
    struct account *account = play_account(NETWORK_MASTODON, "anna");
    account->secret = kit_copy("not sealed by us", 16);
    account->secret_bytes = 16;
    request->command.as.account.account = account;
    assert_int_equal(stage_run(&stage, request, NULL), REFUSAL_OK);
    stage_question(&stage, 1);
    account_until(&stage, ACCOUNT_EXPIRED);
    assert_int_equal(play_count(), 0);
    assert_int_equal(stage_run(&stage, leave_request(1), NULL), REFUSAL_OK);
    stage_until(&stage, has_no_account, NULL);
    stage_close(&stage);
}

static void test_accounts_side_by_side(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    account_connect(&stage, "anna");
    account_connect(&stage, "berta");
    play_hold(true);
    stage_question(&stage, 1);
    play_until(2); /* neither waits for the other */
    stage_question(&stage, 2);
    usleep(50000);
    assert_int_equal(play_count(), 2); /* but one act at a time each */
    stage_close(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shuffled),
        cmocka_unit_test(test_retried),
        cmocka_unit_test(test_limited),
        cmocka_unit_test(test_rejected),
        cmocka_unit_test(test_restart),
        cmocka_unit_test(test_login_lost),
        cmocka_unit_test(test_login_renewed),
        cmocka_unit_test(test_emptied),
        cmocka_unit_test(test_hidden_in_doubt),
        cmocka_unit_test(test_answer_in_thread),
        cmocka_unit_test(test_leaving),
        cmocka_unit_test(test_event_deleted),
        cmocka_unit_test(test_hidden_while_pending),
        cmocka_unit_test(test_leaving_in_doubt),
        cmocka_unit_test(test_reconnected_meanwhile),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_accounts_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
