/* Calls with a log-in that has ended, or is said to have: renewed once, then lost. */
#include "posting.h"

static void test_renewal(void **state) {
    (void)state;
    static const struct act acts[] = {PLAYED(CREATE, 400, EXPIRED), PLAYED(REFRESH, 200, RENEWED),
                                      PLAYED(CREATE, 200, WRITTEN)};
    PLAY(acts);
    run();
    sent_to(RKEY);
    assert_int_equal(told.renewed, 1);
    assert_string_equal(played.sent[1].authorization, "Bearer refresh1");
    assert_string_equal(played.sent[2].authorization, "Bearer access2");
    assert_string_equal(played.sent[0].body, played.sent[2].body);
    assert_string_equal(world.login->refresh, "refresh2");
}

static void test_renewal_refused(void **state) {
    (void)state;
    static const struct {
        struct act act;
        enum post_trouble trouble;
    } cases[] = {
        {PLAYED(REFRESH, 400, "{\"error\":\"ExpiredToken\"}"),
         TROUBLE_LOGIN}, /* password revoked */
        {PLAYED(REFRESH, 401, "{\"error\":\"AuthenticationRequired\"}"), TROUBLE_LOGIN},
        {PLAYED(REFRESH, 401, SUSPENDED), TROUBLE_FORBIDDEN},
        {PLAYED(REFRESH, 503, ""), TROUBLE_BUSY},
        {PLAYED(REFRESH, 429, "{}"), TROUBLE_LIMITED},
        {PLAYED(REFRESH, 404, "<html>"), TROUBLE_ANSWER},
        {PLAYED_NO(REFRESH, TROUBLE_UNREACHABLE), TROUBLE_UNREACHABLE},
        {PLAYED(REFRESH, 200, "{}"), TROUBLE_LOGIN},
        {PLAYED(REFRESH, 200, "{\"accessJwt\":\"a\",\"refreshJwt\":\"\"}"), TROUBLE_LOGIN},
        {PLAYED(REFRESH, 200, "{\"accessJwt\":\"a b\",\"refreshJwt\":\"r\"}"), TROUBLE_LOGIN},
        {PLAYED(REFRESH, 200, "{\"accessJwt\":\"a\",\"refreshJwt\":\"\\r\\nX: y\"}"),
         TROUBLE_LOGIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct act acts[] = {PLAYED(CREATE, 401, "{\"error\":\"InvalidToken\"}"),
                                   cases[i].act};
        PLAY(acts);
        run();
        failed(cases[i].trouble, false);
        assert_int_equal(told.renewed, 0);
        assert_string_equal(world.login->access, "access1");
    }
    /* no deletion is done because a renewal said something */
    static const struct act deletion[] = {PLAYED(DELETE, 401, "{}"), PLAYED(REFRESH, 200, "{}")};
    world.job.act = ACT_DELETE;
    PLAY(deletion);
    run();
    failed(TROUBLE_LOGIN, false);
}

/* It is renewed once, whatever the server says. */
static void test_renewal_endless(void **state) {
    (void)state;
    static const struct act acts[] = {PLAYED(CREATE, 401, "{}"), PLAYED(REFRESH, 200, RENEWED),
                                      PLAYED(CREATE, 401, EXPIRED)};
    PLAY(acts);
    run();
    failed(TROUBLE_LOGIN, false);
    assert_int_equal(told.renewed, 1);
}

#define TOKENS                                                                                     \
    "{\"access_token\":\"access2\",\"refresh_token\":\"refresh2\",\"expires_in\":3600,"            \
    "\"token_type\":\"DPoP\"}"
#define NONCE "{\"error\":\"use_dpop_nonce\"}"
#define TOKEN "POST https://issuer.example/token"

static void oauth(void) {
    world.login->oauth = true;
    world.login->dpop = dpop_key_new();
    login_set(&world.login->client_id, "https://a.example/oauth/client.json");
    login_set(&world.login->token_url, "https://issuer.example/token");
}

static void test_oauth(void **state) {
    (void)state;
    static const struct act acts[] = {
        PLAYED_WITH(CREATE, 401, NONCE, "n1"),
        PLAYED_WITH(CREATE, 401, "{\"error\":\"invalid_token\"}", "n2"),
        PLAYED_WITH(TOKEN, 400, NONCE, "i1"),
        PLAYED_WITH(TOKEN, 200, TOKENS, "i2"),
        PLAYED_WITH(CREATE, 401, NONCE, "n3"), /* a new nonce once more */
        PLAYED_WITH(CREATE, 200, WRITTEN, "n4"),
    };
    oauth();
    PLAY(acts);
    run();
    sent_to(RKEY);
    assert_int_equal(told.renewed, 1);
    assert_string_equal(played.sent[0].authorization, "DPoP access1");
    assert_string_equal(played.sent[5].authorization, "DPoP access2");
    for (unsigned i = 0; i < 6; i++) {
        assert_true(strlen(played.sent[i].proof) > 100);
    }
    assert_string_equal(played.sent[3].authorization, "");
    assert_string_equal(played.sent[3].body,
                        "grant_type=refresh_token&refresh_token=refresh1"
                        "&client_id=https%3A%2F%2Fa.example%2Foauth%2Fclient.json");
    assert_string_equal(world.login->nonce_server, "n4");
    assert_string_equal(world.login->nonce_issuer, "i2");
    assert_in_range(world.login->expires_at, clock_unix_ms() + 3590000, clock_unix_ms() + 3600000);
}

/* An hour is over: renewed before it is used; a replayed refresh token ends the log-in. */
static void test_oauth_over(void **state) {
    (void)state;
    static const struct act acts[] = {
        PLAYED_WITH(TOKEN, 400, "{\"error\":\"invalid_grant\"}", "\"},{")};
    oauth();
    world.login->expires_at = 1;
    PLAY(acts);
    run();
    failed(TROUBLE_LOGIN, false);
    assert_null(world.login->nonce_issuer); /* no word for a proof */
}

/* For ever asking for another nonce, it is asked twice. */
static void test_oauth_nonces(void **state) {
    (void)state;
    static const struct act acts[] = {
        PLAYED_WITH(CREATE, 401, NONCE, "n1"), PLAYED_WITH(CREATE, 401, NONCE, "n2"),
        PLAYED_WITH(TOKEN, 400, NONCE, "i1"), PLAYED_WITH(TOKEN, 400, NONCE, "i2")};
    oauth();
    PLAY(acts);
    run();
    failed(TROUBLE_LOGIN, false);
}

int main(void) {
    random_start();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_renewal), TEST(test_renewal_refused), TEST(test_renewal_endless),
        TEST(test_oauth),   TEST(test_oauth_over),      TEST(test_oauth_nonces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
