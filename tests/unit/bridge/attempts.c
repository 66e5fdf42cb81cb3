/* Log-ins and trials, asked for by organisers. Runs under TSan too. */
#include "stage.h"

#define VERIFIER "abcdefghijklmnopqrstuvwxyz0123456789-._~ABCDEFG"

static struct journal_request *connect_request(uint8_t event, enum network network) {
    struct journal_request *request = journal_request_new(COMMAND_CONNECT, house_id(event));
    request->command.as.connect.network = network;
    request->command.as.connect.server = memory_text("far.example");
    crypto_hash_sha256(request->command.as.connect.challenge, (const uint8_t *)VERIFIER,
                       strlen(VERIFIER));
    return request;
}

static struct journal_request *finish_request(uint8_t event, const char *state,
                                              const char *verifier) {
    struct journal_request *request = journal_request_new(COMMAND_CONNECT_FINISH, house_id(event));
    request->command.as.connect.state = memory_text(state);
    request->command.as.connect.code = memory_text("code");
    request->command.as.connect.issuer = memory_text("issuer");
    request->command.as.connect.verifier = memory_text(verifier);
    return request;
}

/* Begins a log-in. */
static void state_get(struct stage *stage, char state[LOGIN_STATE_CHARS + 1]) {
    char answer[256];
    assert_int_equal(stage_ask(stage, connect_request(1, NETWORK_MASTODON), answer, sizeof answer),
                     REFUSAL_OK);
    json_t *json = json_loads(answer, 0, NULL);
    assert_string_equal(json_text(json, "url"), "https://far.example/authorize");
    assert_int_equal(strlen(json_text(json, "state")), LOGIN_STATE_CHARS);
    strcpy(state, json_text(json, "state"));
    json_decref(json);
}

static bool is_connected(const struct event *event, const void *context) {
    (void)context;
    return event->account_count == 1 && event->accounts[0]->state == ACCOUNT_CONNECTED &&
           strcmp(event->accounts[0]->remote, "anna") == 0;
}

static bool is_in_state(const struct event *event, const void *context) {
    return event->accounts[0]->state == *(const enum account_state *)context;
}

static void test_connect(void **state) {
    (void)state;
    struct stage stage;
    char one[LOGIN_STATE_CHARS + 1], two[LOGIN_STATE_CHARS + 1], answer[64];
    stage_open(&stage);
    state_get(&stage, one);
    assert_string_equal(play.hashtag, "HRO");
    assert_string_equal(play.server, "far.example");
    state_get(&stage, two);
    assert_string_not_equal(one, two);
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER), answer, sizeof answer),
                     REFUSAL_OK);
    assert_string_equal(answer, "{\"account\":1}");
    assert_string_equal(play.code, "code");
    assert_string_equal(play.issuer, "issuer");
    assert_true(stage_looks(&stage, is_connected, NULL));
    /* Once each. */
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER), NULL, 0), REFUSAL_EXPIRED);
    /* Again: the same account. */
    assert_int_equal(stage_ask(&stage, finish_request(1, two, VERIFIER), answer, sizeof answer),
                     REFUSAL_OK);
    assert_string_equal(answer, "{\"account\":1}");
    stage_close(&stage);
}

static void test_strangers(void **state) {
    (void)state;
    struct stage stage;
    char one[LOGIN_STATE_CHARS + 1];
    stage_open(&stage);
    assert_int_equal(stage_run(&stage, create_request(2, "other", true), NULL), REFUSAL_OK);
    state_get(&stage, one);
    assert_int_equal(stage_ask(&stage, finish_request(2, one, VERIFIER), NULL, 0), REFUSAL_EXPIRED);
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER "x"), NULL, 0),
                     REFUSAL_REFUSED);
    assert_int_equal(stage_ask(&stage, finish_request(1, "short", VERIFIER), NULL, 0),
                     REFUSAL_EXPIRED);
    assert_int_equal(
        stage_ask(&stage, finish_request(1, "AAAAAAAAAAAAAAAAAAAAAA", VERIFIER), NULL, 0),
        REFUSAL_EXPIRED);
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER), NULL, 0), REFUSAL_OK);
    stage_close(&stage);
}

static void test_refused(void **state) {
    (void)state;
    struct stage stage;
    char one[LOGIN_STATE_CHARS + 1];
    stage_open(&stage);
    assert_int_equal(stage_ask(&stage, connect_request(3, NETWORK_MASTODON), NULL, 0),
                     REFUSAL_UNKNOWN);
    assert_int_equal(stage_ask(&stage, connect_request(1, NETWORK_X), NULL, 0),
                     REFUSAL_NOT_CONFIGURED);
    struct journal_request *request = connect_request(1, NETWORK_MASTODON);
    free(request->command.as.connect.server);
    request->command.as.connect.server = NULL;
    assert_int_equal(stage_ask(&stage, request, NULL, 0), REFUSAL_BAD_SERVER);
    state_get(&stage, one);
    play.refusal = REFUSAL_UNREACHABLE;
    assert_int_equal(stage_ask(&stage, connect_request(1, NETWORK_BLUESKY), NULL, 0),
                     REFUSAL_UNREACHABLE);
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER), NULL, 0),
                     REFUSAL_UNREACHABLE);
    play.refusal = REFUSAL_OK;
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER), NULL, 0), REFUSAL_EXPIRED);
    stage_close(&stage);
}

/* An event has few log-ins that wait: the oldest is given up. */
static void test_many(void **state) {
    (void)state;
    struct stage stage;
    char states[9][LOGIN_STATE_CHARS + 1];
    stage_open(&stage);
    for (size_t at = 0; at < 9; at++) {
        state_get(&stage, states[at]);
    }
    assert_int_equal(stage_ask(&stage, finish_request(1, states[0], VERIFIER), NULL, 0),
                     REFUSAL_EXPIRED);
    assert_int_equal(stage_ask(&stage, finish_request(1, states[1], VERIFIER), NULL, 0),
                     REFUSAL_OK);
    stage_close(&stage);
}

/* What the event does not take is ended where it was made. */
static void test_full(void **state) {
    (void)state;
    struct stage stage;
    char remote[16], answer[64];
    stage_open(&stage);
    for (int at = 0; at < LIMIT_EVENT_ACCOUNTS; at++) {
        snprintf(remote, sizeof remote, "anna%d", at);
        account_connect(&stage, remote);
    }
    snprintf(play.remote, sizeof play.remote, "one too many");
    char one[LOGIN_STATE_CHARS + 1];
    state_get(&stage, one);
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER), answer, sizeof answer),
                     REFUSAL_FULL);
    play_until(1);
    assert_true(play.played[0].revoke);
    stage_close(&stage);
}

/* A token that came to nothing is ended too. */
static void test_wasted(void **state) {
    (void)state;
    struct stage stage;
    char one[LOGIN_STATE_CHARS + 1];
    stage_open(&stage);
    state_get(&stage, one);
    play.wasted = true;
    play.refusal = REFUSAL_UNREACHABLE;
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER), NULL, 0),
                     REFUSAL_UNREACHABLE);
    play_until(1);
    assert_true(play.played[0].revoke);
    assert_string_equal(play.played[0].access, "connected");
    stage_close(&stage);
}

/* One event does not keep the others from connecting. */
static void test_few_at_once(void **state) {
    (void)state;
    struct stage stage;
    char one[LOGIN_STATE_CHARS + 1], answer[256];
    stage_open(&stage);
    assert_int_equal(stage_run(&stage, create_request(2, "other", true), NULL), REFUSAL_OK);
    state_get(&stage, one);
    play.hold = true;
    for (size_t at = 0; at < 4; at++) {
        bridge_submit(stage.bridge, connect_request(1, NETWORK_MASTODON)); /* nobody listens */
    }
    assert_int_equal(stage_ask(&stage, connect_request(1, NETWORK_MASTODON), NULL, 0),
                     REFUSAL_BUSY);
    assert_int_equal(stage_ask(&stage, finish_request(1, one, VERIFIER), NULL, 0), REFUSAL_BUSY);
    play.hold = false;
    assert_int_equal(stage_ask(&stage, connect_request(2, NETWORK_MASTODON), answer, sizeof answer),
                     REFUSAL_OK);
    stage_close(&stage);
}

/* ---- trials */

static struct journal_request *trial_request(uint32_t account) {
    struct journal_request *request = journal_request_new(COMMAND_ACCOUNT_TEST, house_id(1));
    request->command.as.connect.account = account;
    return request;
}

static void test_trial(void **state) {
    (void)state;
    struct stage stage;
    char answer[128];
    stage_open(&stage);
    uint32_t account = account_connect(&stage, "anna");
    assert_int_equal(stage_ask(&stage, trial_request(account), answer, sizeof answer), REFUSAL_OK);
    json_t *json = json_loads(answer, 0, NULL);
    assert_true(json_is_true(json_object_get(json, "deleted")));
    assert_string_equal(json_text(json, "url"), "https://far.example/token1");
    json_decref(json);
    assert_int_equal(play.count, 2);
    assert_int_equal(play.played[0].act, ACT_POST);
    assert_non_null(strstr(play.played[0].text, "https://raute.example/e/hro"));
    assert_int_equal(play.played[0].number, 0);
    assert_int_equal(play.played[1].act, ACT_DELETE);
    assert_string_equal(play.played[1].far, "far-token1");
    play.empties = true;
    assert_int_equal(stage_ask(&stage, trial_request(account), answer, sizeof answer), REFUSAL_OK);
    assert_non_null(strstr(answer, "\"deleted\":false"));
    assert_non_null(strstr(answer, "\"emptied\":true"));
    assert_int_equal(stage_ask(&stage, trial_request(account + 1), NULL, 0), REFUSAL_UNKNOWN);
    stage_close(&stage);
}

/* Its deletion is worth some tries. */
static void test_trial_stays(void **state) {
    (void)state;
    static const struct job_result busy = {.trouble = TROUBLE_BUSY};
    struct stage stage;
    char answer[128];
    stage_open(&stage);
    uint32_t account = account_connect(&stage, "anna");
    play_results((struct job_result[]){{0}, busy, busy}, 3);
    assert_int_equal(stage_ask(&stage, trial_request(account), answer, sizeof answer), REFUSAL_OK);
    assert_non_null(strstr(answer, "\"deleted\":true"));
    assert_int_equal(play.count, 4);
    assert_string_equal(play.played[3].far, "far-token1");
    play_results((struct job_result[]){{0}, busy, busy, busy}, 4);
    assert_int_equal(stage_ask(&stage, trial_request(account), answer, sizeof answer), REFUSAL_OK);
    assert_non_null(strstr(answer, "\"deleted\":false"));
    assert_null(strstr(answer, "emptied"));
    assert_int_equal(play.count, 8);
    /* One that may come late is deleted then, and nobody waits so long. */
    play_results(&(struct job_result){.trouble = TROUBLE_UNREACHABLE, .pending = true}, 1);
    assert_int_equal(stage_ask(&stage, trial_request(account), NULL, 0), REFUSAL_UNREACHABLE);
    assert_int_equal(play.count, 9);
    stage_close(&stage);
}

static void test_trial_troubles(void **state) {
    (void)state;
    static const struct {
        enum post_trouble trouble;
        enum refusal refusal;
        unsigned acts; /* what may be there is deleted */
    } cases[] = {
        {TROUBLE_UNREACHABLE, REFUSAL_UNREACHABLE, 2}, {TROUBLE_BUSY, REFUSAL_UNREACHABLE, 2},
        {TROUBLE_LIMITED, REFUSAL_UNREACHABLE, 1},     {TROUBLE_ADDRESS, REFUSAL_BAD_SERVER, 1},
        {TROUBLE_REJECTED, REFUSAL_REFUSED, 1},        {TROUBLE_ANSWER, REFUSAL_BAD_SERVER, 2},
        {TROUBLE_LOGIN, REFUSAL_REFUSED, 1},
    };
    struct stage stage;
    stage_open(&stage);
    uint32_t account = account_connect(&stage, "anna");
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        play.count = 0;
        play_results(&(struct job_result){.trouble = cases[at].trouble}, 1);
        assert_int_equal(stage_ask(&stage, trial_request(account), NULL, 0), cases[at].refusal);
        assert_int_equal(play.count, cases[at].acts);
    }
    enum account_state expired = ACCOUNT_EXPIRED;
    stage_until(&stage, is_in_state, &expired);
    stage_close(&stage);
}

/* ---- the end */

/* Whatever is under way: who waits is answered. */
static void test_stop(void **state) {
    (void)state;
    struct stage stage;
    stage_open(&stage);
    uint32_t account = account_connect(&stage, "anna");
    uint32_t second = account_connect(&stage, "berta");
    char one[LOGIN_STATE_CHARS + 1];
    state_get(&stage, one);
    play.hold = true;
    struct journal_request *waiting[] = {connect_request(1, NETWORK_MASTODON),
                                         finish_request(1, one, VERIFIER), trial_request(account),
                                         trial_request(account), trial_request(second)};
    for (size_t at = 0; at < 5; at++) {
        waiting[at]->reply = &stage.reply;
        bridge_submit(stage.bridge, waiting[at]);
    }
    play_until(2);
    stage_down(&stage);
    struct journal_request *late = trial_request(account);
    late->reply = &stage.reply;
    bridge_submit(stage.bridge, late);
    for (size_t at = 0; at < 6; at++) {
        struct journal_request *answer =
            (struct journal_request *)queue_wait(&stage.reply, 1, clock_monotonic_ms() + WAIT_MS);
        assert_non_null(answer);
        assert_int_equal(answer->refusal, REFUSAL_BUSY);
        journal_request_free(answer);
    }
    stage_close(&stage);
}

static void test_never_started(void **state) {
    (void)state;
    char why[128] = "";
    const char *peers[] = {"127.0.0.1:8001", "nonsense"};
    struct bridge_options options = {.public_url = "http://127.0.0.1:1", .key = stage_key};
    struct house house = house_new();
    struct bridge *bridge = bridge_new(house.journal, &options, why, sizeof why);
    assert_non_null(bridge);
    struct buffer out = buffer_make(4096);
    assert_false(bridge_client_metadata(bridge, &out));
    assert_false(bridge_offers(bridge, NETWORK_X));
    assert_true(bridge_offers(bridge, NETWORK_MASTODON));
    bridge_stop(bridge);
    bridge_free(bridge);
    options.peers = peers;
    options.peer_count = 2;
    assert_null(bridge_new(house.journal, &options, why, sizeof why));
    assert_non_null(strstr(why, "--allow-peer"));
    options.peer_count = 1;
    options.plc_url = "http://plc.example";
    assert_null(bridge_new(house.journal, &options, why, sizeof why));
    options.plc_url = "http://127.0.0.1:8001";
    options.public_url = "https://raute.example";
    options.x_client_id = "id";
    bridge = bridge_new(house.journal, &options, why, sizeof why);
    assert_non_null(bridge);
    assert_true(bridge_offers(bridge, NETWORK_X));
    assert_true(bridge_client_metadata(bridge, &out));
    json_t *json = json_loads((const char *)out.data, 0, NULL);
    assert_string_equal(json_text(json, "client_id"), "https://raute.example/oauth/client.json");
    assert_string_equal(json_text(json, "token_endpoint_auth_method"), "none");
    assert_true(json_is_true(json_object_get(json, "dpop_bound_access_tokens")));
    const json_t *uris = json_object_get(json, "redirect_uris");
    assert_string_equal(json_string_value(json_array_get(uris, 0)),
                        "https://raute.example/oauth/callback");
    json_decref(json);
    buffer_clear(&out);
    bridge_free(bridge);
    house_free(&house);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connect),        cmocka_unit_test(test_strangers),
        cmocka_unit_test(test_refused),        cmocka_unit_test(test_many),
        cmocka_unit_test(test_full),           cmocka_unit_test(test_trial),
        cmocka_unit_test(test_trial_troubles), cmocka_unit_test(test_stop),
        cmocka_unit_test(test_never_started),  cmocka_unit_test(test_wasted),
        cmocka_unit_test(test_few_at_once),    cmocka_unit_test(test_trial_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
