/* Somebody logs in at the own server, once. Runs under TSan too. */
#include "person.h"

#define FINGER                                                                                     \
    "{\"links\":[{\"rel\":\"self\",\"type\":\"application/activity+json\","                        \
    "\"href\":\"%s/users/anna\"}]}"

static struct journal_request *begin_request(const char *account, bool post) {
    struct journal_request *request = own_request(COMMAND_OWN_LOGIN, account);
    request->command.as.own.post = post;
    request->command.as.own.number = post ? 1 : 0;
    crypto_hash_sha256(request->command.as.own.challenge, (const uint8_t *)VERIFIER,
                       strlen(VERIFIER));
    return request;
}

static struct journal_request *finish_request(const char *state, const char *verifier) {
    struct journal_request *request = journal_request_new(COMMAND_OWN_FINISH, house_id(1));
    request->command.as.own.state = memory_text(state);
    request->command.as.own.code = memory_text("code");
    request->command.as.own.verifier = memory_text(verifier);
    return request;
}

static enum refusal finish(struct stage *stage, const char *state, const char *verifier,
                           char answer[256]) {
    return stage_ask(stage, finish_request(state, verifier), answer, 256);
}

static void begin(struct stage *stage, const char *account, bool post,
                  char state[LOGIN_STATE_CHARS + 1]) {
    char answer[256];
    assert_int_equal(stage_ask(stage, begin_request(account, post), answer, sizeof answer),
                     REFUSAL_OK);
    json_t *json = json_loads(answer, 0, NULL);
    assert_string_equal(json_text(json, "url"), "https://far.example/authorize");
    assert_int_equal(strlen(json_text(json, "state")), LOGIN_STATE_CHARS);
    strcpy(state, json_text(json, "state"));
    json_decref(json);
}

static bool is_proved(const struct event *event, const void *context) {
    const struct proof *proof = person_proof(event, HANDLE);
    return proof->kind == PROOF_LOGIN && strcmp(proof->actor, context) == 0 &&
           proof->source == NULL && event->account_count == 0;
}

static bool is_not_proved(const struct event *event, const void *context) {
    return person_proof(event, context)->kind == PROOF_NONE;
}

static void test_prove(void **state) {
    (void)state;
    struct stage stage;
    char login[LOGIN_STATE_CHARS + 1], answer[256];
    stage_open(&stage);
    person_card(&stage, NULL, "");
    begin(&stage, HANDLE, false, login);
    assert_string_equal(play.server, HANDLE);
    assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_OK);
    assert_string_equal(answer, "{\"account\":\"" HANDLE "\"}");
    assert_true(stage_looks(&stage, is_proved, "anna"));
    assert_int_equal(play_count(), 1);
    assert_true(play.played[0].revoke);
    assert_string_equal(play.played[0].access, "connected");
    stage_close(&stage);
}

/* Only who began can finish, once, and not as an organiser's log-in. */
static void test_strangers(void **state) {
    (void)state;
    struct stage stage;
    char login[LOGIN_STATE_CHARS + 1], answer[256];
    stage_open(&stage);
    person_card(&stage, NULL, "");
    begin(&stage, HANDLE, false, login);
    assert_int_equal(finish(&stage, login, VERIFIER "x", answer), REFUSAL_REFUSED);
    assert_int_equal(finish(&stage, "AAAAAAAAAAAAAAAAAAAAAA", VERIFIER, answer), REFUSAL_EXPIRED);
    struct journal_request *request = journal_request_new(COMMAND_CONNECT_FINISH, house_id(1));
    request->command.as.connect.state = memory_text(login);
    request->command.as.connect.code = memory_text("code");
    request->command.as.connect.verifier = memory_text(VERIFIER);
    assert_int_equal(stage_ask(&stage, request, NULL, 0), REFUSAL_EXPIRED);
    assert_true(stage_looks(&stage, is_not_proved, HANDLE));
    assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_OK);
    assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_EXPIRED);
    stage_close(&stage);
}

static void test_refused(void **state) {
    (void)state;
    struct stage stage;
    char login[LOGIN_STATE_CHARS + 1], answer[256];
    stage_open(&stage);
    assert_int_equal(stage_ask(&stage, begin_request(HANDLE, false), NULL, 0), REFUSAL_UNKNOWN);
    person_card(&stage, NULL, "https://anna.example/");
    assert_int_equal(stage_ask(&stage, begin_request("berta.test", false), NULL, 0),
                     REFUSAL_BAD_ACCOUNT);
    assert_int_equal(stage_ask(&stage, begin_request("", false), NULL, 0), REFUSAL_BAD_ACCOUNT);
    /* a question that is not the card's */
    person_ask(&stage);
    assert_int_equal(stage_ask(&stage, begin_request(HANDLE, true), NULL, 0), REFUSAL_UNKNOWN);
    begin(&stage, HANDLE, false, login);
    play.refusal = REFUSAL_BAD_ACCOUNT; /* somebody else's token */
    assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_BAD_ACCOUNT);
    assert_true(stage_looks(&stage, is_not_proved, HANDLE));
    stage_close(&stage);
}

static void test_post(void **state) {
    (void)state;
    struct stage stage;
    char login[LOGIN_STATE_CHARS + 1], answer[256];
    stage_open(&stage);
    person_card(&stage, NULL, "");
    person_ask(&stage);
    person_claim(&stage);
    begin(&stage, HANDLE, true, login);
    assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_OK);
    assert_string_equal(answer,
                        "{\"account\":\"" HANDLE "\",\"url\":\"https://far.example/token1\"}");
    assert_int_equal(play_count(), 2);
    assert_int_equal(play.played[0].number, 1);
    assert_int_equal(strncmp(play.played[0].text, TEXT, strlen(TEXT)), 0);
    assert_non_null(strstr(play.played[0].text, "#HRO"));
    assert_true(play.played[1].revoke);
    assert_true(stage_looks(&stage, is_proved, "anna"));
    stage_close(&stage);
}

/* A post that the server does not take: no proof either, but the token ends. */
static void test_post_refused(void **state) {
    (void)state;
    struct stage stage;
    char login[LOGIN_STATE_CHARS + 1], answer[256];
    static const struct job_result results[] = {{.trouble = TROUBLE_REJECTED, .final = true}};
    stage_open(&stage);
    person_card(&stage, NULL, "");
    person_ask(&stage);
    person_claim(&stage);
    begin(&stage, HANDLE, true, login);
    play_results(results, 1);
    assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_REFUSED);
    assert_int_equal(play_count(), 2);
    assert_true(play.played[1].revoke);
    assert_true(stage_looks(&stage, is_not_proved, HANDLE));
    stage_close(&stage);
}

/* The person is told that the token lives on; it is tried again. */
static void test_not_revoked(void **state) {
    (void)state;
    struct stage stage;
    char login[LOGIN_STATE_CHARS + 1], answer[256];
    static const struct job_result results[] = {{.trouble = TROUBLE_UNREACHABLE}};
    stage_open(&stage);
    person_card(&stage, NULL, "");
    begin(&stage, HANDLE, false, login);
    play_results(results, 1);
    assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_OK);
    assert_string_equal(answer, "{\"account\":\"" HANDLE "\",\"revoked\":false}");
    play_until(2);
    assert_true(play.played[1].revoke);
    stage_close(&stage);
}

/* The host of the name says who that is; whoever logs in must be it. */
static void test_host(void **state) {
    (void)state;
    static const struct page shown[] = {
        {"/.well-known/webfinger?resource=acct%3Aanna%40", "200 OK", FINGER}, {0}};
    struct stage stage;
    char account[64], actor[64], login[LOGIN_STATE_CHARS + 1], answer[256];
    pages_open(&stage, shown);
    snprintf(account, sizeof account, "anna@%s", far_server->peer);
    snprintf(actor, sizeof actor, "%s/users/anna", far_server->origin);
    person_card(&stage, account, "");
    const char *const others[] = {"", "https://evil.example/users/anna", "http://127.0.0.1"};
    for (size_t at = 0; at < sizeof others / sizeof others[0]; at++) {
        begin(&stage, account, false, login);
        assert_int_equal(strncmp(play.server, far_server->origin, strlen(far_server->origin)), 0);
        snprintf(play.actor, sizeof play.actor, "%s", others[at]);
        assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_BAD_ACCOUNT);
        assert_true(stage_looks(&stage, is_not_proved, account));
        assert_int_equal(play_count(), at + 1);
        assert_true(play.played[at].revoke);
    }
    begin(&stage, account, false, login);
    snprintf(play.actor, sizeof play.actor, "%s", actor);
    assert_int_equal(finish(&stage, login, VERIFIER, answer), REFUSAL_OK);
    assert_false(stage_looks(&stage, is_not_proved, account));
    pages = (const struct page[]){{0}};
    assert_int_equal(stage_ask(&stage, begin_request(account, false), NULL, 0),
                     REFUSAL_BAD_ACCOUNT);
    pages_close(&stage);
}

/* Stopping ends whatever is under way. */
static void test_stop(void **state) {
    (void)state;
    struct stage stage;
    char login[LOGIN_STATE_CHARS + 1];
    stage_open(&stage);
    person_card(&stage, NULL, "");
    begin(&stage, HANDLE, false, login);
    play.hold = true;
    struct journal_request *request = finish_request(login, VERIFIER);
    request->reply = &stage.reply;
    bridge_submit(stage.bridge, request);
    stage_down(&stage);
    assert_int_equal(stage_answer(&stage, request, NULL, NULL, 0), REFUSAL_BUSY);
    stage_close(&stage);
}

/* A token that is there is ended, as far as that takes no time. */
static bool slow(struct far_line *line, const char *request) {
    (void)request;
    usleep(300000);
    return far_answer(line, "200 OK", "", "{}");
}

static void test_stop_revokes(void **state) {
    (void)state;
    static const struct page shown[] = {{0}};
    struct stage stage;
    char login[LOGIN_STATE_CHARS + 1], answer[256];
    pages_open(&stage, shown);
    far_server->answer = slow;
    person_card(&stage, NULL, "");
    person_ask(&stage);
    person_claim(&stage);
    begin(&stage, HANDLE, true, login);
    play.waits_for = far_server->origin;
    struct journal_request *request = finish_request(login, VERIFIER);
    request->reply = &stage.reply;
    bridge_submit(stage.bridge, request);
    play_until(1);
    stage_down(&stage);
    assert_int_equal(stage_answer(&stage, request, NULL, answer, sizeof answer), REFUSAL_OK);
    assert_int_equal(play_count(), 2);
    assert_true(play.played[1].revoke);
    pages_close(&stage);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prove),        cmocka_unit_test(test_strangers),
        cmocka_unit_test(test_refused),      cmocka_unit_test(test_post),
        cmocka_unit_test(test_post_refused), cmocka_unit_test(test_not_revoked),
        cmocka_unit_test(test_host),         cmocka_unit_test(test_stop),
        cmocka_unit_test(test_stop_revokes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
