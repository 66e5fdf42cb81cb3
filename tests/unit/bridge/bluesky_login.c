/* Log-in by app password, what every log-in ends in, and farewell. */
#include "attempt.h"

static void test_password_forms(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "hunter2",
                                      "ab12-cd34-ef56-gh7",
                                      "ab12-cd34-ef56-gh789",
                                      "AB12-cd34-ef56-gh78",
                                      "ab12 cd34 ef56 gh78",
                                      "ab12-cd34-ef56_gh78",
                                      "ab1--cd34-ef56-gh78",
                                      "ab12-cd34-ef56-gh\xc3\xa4"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        login_set(&world.attempt.password, bad[i]);
        play(NULL, 0);
        run(bluesky_password);
        assert_int_equal(told.refusal, REFUSAL_REFUSED);
    }
}

static void test_password(void **state) {
    (void)state;
    static const struct act acts[] = {PLAYED(SESSION, 200, OPENED), PLAYED(PROFILE, 400, NONE)};
    PLAY(acts);
    run(bluesky_password);
    assert_true(told.finished);
    assert_string_equal(played.sent[0].body,
                        "{\"identifier\":\"" DID "\",\"password\":\"" PASSWORD "\"}");
    assert_string_equal(played.sent[1].authorization, "");
    assert_null(world.attempt.password);
    const struct account *account = world.attempt.account;
    assert_int_equal(account->network, NETWORK_BLUESKY);
    assert_string_equal(account->remote, DID);
    assert_string_equal(account->name, "@anna.example");
    assert_string_equal(account->server, PDS);
    assert_string_equal(account->url, "https://bsky.app/profile/" DID);
    assert_int_equal(account->post_limit, 300);
    assert_string_equal(world.attempt.login->access, "access1");
    assert_string_equal(world.attempt.login->refresh, "refresh1");
    assert_false(world.attempt.login->oauth);
}

static void test_password_refused(void **state) {
    (void)state;
    static const struct {
        struct act act;
        enum refusal refusal;
    } cases[] = {
        {PLAYED(SESSION, 401, "{\"error\":\"AuthenticationRequired\"}"), REFUSAL_REFUSED},
        {PLAYED(SESSION, 429, "{}"), REFUSAL_UNREACHABLE},
        {PLAYED(SESSION, 500, "{}"), REFUSAL_UNREACHABLE},
        {PLAYED_NO(SESSION, TROUBLE_UNREACHABLE), REFUSAL_UNREACHABLE},
        {PLAYED_NO(SESSION, TROUBLE_ADDRESS), REFUSAL_BAD_SERVER},
        {PLAYED(SESSION, 404, "<html>"), REFUSAL_BAD_SERVER},
        {PLAYED(SESSION, 200, "<html>"), REFUSAL_BAD_SERVER},
        {PLAYED(SESSION, 200, "{\"accessJwt\":\"a\",\"refreshJwt\":\"r\"}"), REFUSAL_BAD_SERVER},
        {PLAYED(SESSION, 200, "{\"accessJwt\":\"a\",\"refreshJwt\":\"r\",\"did\":\"" ELSE "\"}"),
         REFUSAL_BAD_SERVER},
        {PLAYED(SESSION, 200, "{\"accessJwt\":7,\"refreshJwt\":{},\"did\":\"" DID "\"}"),
         REFUSAL_BAD_SERVER},
        {PLAYED(SESSION, 200, "{\"accessJwt\":\"a\\n\",\"refreshJwt\":\"r\",\"did\":\"" DID "\"}"),
         REFUSAL_BAD_SERVER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        again();
        play(&cases[i].act, 1);
        run(bluesky_password);
        assert_int_equal(told.refusal, cases[i].refusal);
        assert_null(world.attempt.login->access);
    }
    again();
    resolved.refusal = REFUSAL_UNREACHABLE;
    play(NULL, 0);
    run(bluesky_password);
    assert_int_equal(told.refusal, REFUSAL_UNREACHABLE);
    again();
    resolved.refusal = REFUSAL_BAD_ACCOUNT;
    run(bluesky_password);
    assert_int_equal(told.refusal, REFUSAL_BAD_SERVER); /* no such handle */
}

/* A token that would not fit into a header, or into what is sealed. */
static void test_endless_tokens(void **state) {
    (void)state;
    char body[20000], token[5001];
    memset(token, 'a', sizeof token - 1);
    token[5000] = '\0';
    snprintf(body, sizeof body, "{\"accessJwt\":\"%s\",\"refreshJwt\":\"r\",\"did\":\"" DID "\"}",
             token);
    const struct act acts[] = {PLAYED(SESSION, 200, body)};
    PLAY(acts);
    run(bluesky_password);
    assert_int_equal(told.refusal, REFUSAL_BAD_SERVER);
}

static void test_profile(void **state) {
    (void)state;
    static const char *const without[] = {
        "",
        "[]",
        "{\"value\":7}",
        "{\"value\":{\"avatar\":\"x\"}}",
        "{\"value\":{\"avatar\":{\"ref\":{\"$link\":7}}}}",
    };
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        const struct act acts[] = {PLAYED(SESSION, 200, OPENED), PLAYED(PROFILE, 200, without[i])};
        again();
        PLAY(acts);
        run(bluesky_password);
        assert_true(told.finished);
        assert_null(world.attempt.account->avatar);
    }
    static const char pictured[] = "{\"value\":{\"avatar\":{\"ref\":{\"$link\":\"bafy&x=y\"}}}}";
    static const struct act image[] = {PLAYED(SESSION, 200, OPENED), PLAYED(PROFILE, 200, pictured),
                                       PLAYED(BLOB, 200, "GIF89a…")};
    static const struct act page[] = {PLAYED(SESSION, 200, OPENED), PLAYED(PROFILE, 200, pictured),
                                      PLAYED(BLOB, 200, "<svg>")};
    again();
    PLAY(image);
    run(bluesky_password);
    assert_int_equal(world.attempt.account->avatar_bytes, strlen("GIF89a…"));
    assert_non_null(strstr(played.sent[2].line, "&cid=bafy%26x%3Dy"));
    again();
    PLAY(page);
    run(bluesky_password);
    assert_true(told.finished);
    assert_null(world.attempt.account->avatar);
}

/* ---- farewell */

static void revoke(const struct act *acts, unsigned count) {
    struct job job = {.reach = &world.reach, .login = world.attempt.login};
    memset(&told, 0, sizeof told);
    play(acts, count);
    bluesky_revoke(&job);
    played_on();
    assert_int_equal(told.ends, 1);
}

static void test_revoke(void **state) {
    (void)state;
    static const struct {
        struct act act;
        enum post_trouble trouble;
    } cases[] = {
        {PLAYED(END, 200, ""), TROUBLE_NONE},
        {PLAYED(END, 400, "{\"error\":\"ExpiredToken\"}"), TROUBLE_NONE},
        {PLAYED(END, 429, ""), TROUBLE_LIMITED},
        {PLAYED(END, 502, ""), TROUBLE_BUSY},
        {PLAYED_NO(END, TROUBLE_UNREACHABLE), TROUBLE_UNREACHABLE},
    };
    static const struct act ended[] = {PLAYED_WITH(REVOKE, 400, NONCE, "n1"),
                                       PLAYED(REVOKE, 200, "{}")};
    struct login *login = world.attempt.login;
    login_set(&login->server, PDS);
    login_set(&login->refresh, "refresh1");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        revoke(&cases[i].act, 1);
        assert_int_equal(told.result.trouble, cases[i].trouble);
        assert_string_equal(played.sent[0].authorization, "Bearer refresh1");
    }
    login->oauth = true;
    login_set(&login->client_id, "https://a.example/oauth/client.json");
    login_set(&login->revoke_url, ISSUER "/revoke");
    login->dpop = dpop_key_new();
    revoke(ended, 2);
    assert_int_equal(told.result.trouble, TROUBLE_NONE);
    assert_string_equal(played.sent[1].body, "client_id=" CLIENT "&token=refresh1");
    assert_string_equal(played.sent[1].authorization, "");
    assert_true(strlen(played.sent[1].proof) > 100);
}

int main(void) {
    random_start();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_password_forms), TEST(test_password), TEST(test_password_refused),
        TEST(test_endless_tokens), TEST(test_profile),  TEST(test_revoke),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
