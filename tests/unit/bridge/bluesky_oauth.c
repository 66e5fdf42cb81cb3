/* Log-in by OAuth: what must come before what, and far servers that lie. */
#include "attempt.h"

static void begin(void) {
    static const struct act acts[] = {
        PLAYED(RESOURCE, 200, GUARDED),
        PLAYED(META, 200, GOOD_SERVED),
        PLAYED_WITH(PUSH, 400, NONCE, "n1"),
        PLAYED_WITH(PUSH, 201, PUSHED, "n2"),
    };
    PLAY(acts);
    run(bluesky_begin);
    assert_true(told.began);
}

static void finish(const char *issuer) {
    world.attempt.code = memory_text("cod-1");
    world.attempt.verifier = memory_text("verifier");
    world.attempt.issuer = issuer == NULL ? NULL : memory_text(issuer);
    run(bluesky_finish);
}

static void test_begin(void **state) {
    (void)state;
    begin();
    assert_string_equal(told.url,
                        ISSUER "/authorize?client_id=" CLIENT "&request_uri=urn%3Ax%3Ay%20z");
    const struct http_request *sent = &played.sent[3];
    assert_string_equal(
        sent->body,
        "client_id=" CLIENT
        "&response_type=code&code_challenge=__________________________________________8"
        "&code_challenge_method=S256&state=AAAAAAAAAAAAAAAAAAAAAA&redirect_uri=" CALLBACK
        "&scope=atproto%20repo%3Aapp.bsky.feed.post%3Faction%3Dcreate%26action%3Ddelete" LISTS
        "&login_hint=anna.example");
    assert_true(strlen(sent->proof) > 100);
    assert_string_equal(sent->authorization, "");
    assert_string_not_equal(sent->proof, played.sent[2].proof);
}

static void test_finish(void **state) {
    (void)state;
    begin();
    static const struct act acts[] = {
        PLAYED_WITH(TOKEN, 400, NONCE, "n3"),
        PLAYED(TOKEN, 200,
               TOKENS(DID, "DPoP", "atproto repo:app.bsky.feed.post?action=create&action=delete")),
        PLAYED(PROFILE, 400, NONE)};
    PLAY(acts);
    finish(ISSUER);
    assert_true(told.finished);
    assert_string_equal(played.sent[1].body,
                        "grant_type=authorization_code&code=cod-1&redirect_uri=" CALLBACK
                        "&client_id=" CLIENT "&code_verifier=verifier");
    const struct login *login = world.attempt.login;
    assert_true(login->oauth);
    assert_string_equal(login->access, "access1");
    assert_string_equal(login->revoke_url, ISSUER "/revoke");
    assert_string_equal(login->token_url, ISSUER "/token");
    assert_string_equal(login->server, PDS);
    assert_int_not_equal(login->expires_at, 0);
    assert_string_equal(world.attempt.account->remote, DID);
}

/* A mix-up: the code is of another server, or nobody says of which. */
static void test_finish_issuer(void **state) {
    (void)state;
    static const char *const issuers[] = {NULL, "", "https://evil.example", ISSUER "/"};
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++) {
        again();
        begin();
        play(NULL, 0);
        finish(issuers[i]);
        assert_int_equal(told.refusal, REFUSAL_REFUSED);
    }
}

static void test_finish_refused(void **state) {
    (void)state;
    static const char *const bodies[] = {
        TOKENS(ELSE, "DPoP", "atproto repo:app.bsky.feed.post"),
        TOKENS(DID, "Bearer", "atproto repo:app.bsky.feed.post"),
        TOKENS(DID, "DPoP", "repo:app.bsky.feed.post"),
        TOKENS(DID, "DPoP", "atproto"),
        TOKENS(DID, "DPoP", "atprotox repo:app.bsky.feed.post"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const struct act acts[] = {PLAYED(TOKEN, 200, bodies[i]), PLAYED(REVOKE, 200, "{}")};
        again();
        begin();
        PLAY(acts);
        finish(ISSUER);
        assert_int_equal(told.refusal, REFUSAL_REFUSED);
        assert_non_null(strstr(played.sent[1].body, "token=refresh1"));
        assert_null(world.attempt.login->access);
    }
    static const struct {
        struct act act;
        enum refusal refusal;
    } cases[] = {
        {PLAYED(TOKEN, 400, "{\"error\":\"invalid_grant\"}"), REFUSAL_REFUSED},
        {PLAYED(TOKEN, 200, "{}"), REFUSAL_REFUSED},
        {PLAYED(TOKEN, 200, "[[[["), REFUSAL_REFUSED},
        {PLAYED(TOKEN, 503, ""), REFUSAL_UNREACHABLE},
        {PLAYED_NO(TOKEN, TROUBLE_UNREACHABLE), REFUSAL_UNREACHABLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        again();
        begin();
        play(&cases[i].act, 1);
        finish(ISSUER);
        assert_int_equal(told.refusal, cases[i].refusal);
    }
}

/* Who somebody is wants no right but that, and asks for no picture. */
static void test_own(void **state) {
    (void)state;
    static const struct {
        enum login_purpose purpose;
        const char *scope, *granted;
        enum refusal refusal;
    } cases[] = {
        {LOGIN_PROVE, "&scope=atproto&", TOKENS(DID, "DPoP", "atproto"), REFUSAL_OK},
        {LOGIN_PROVE, "&scope=atproto&", TOKENS(ELSE, "DPoP", "atproto"), REFUSAL_BAD_ACCOUNT},
        {LOGIN_POST, "&scope=atproto%20repo%3Aapp.bsky.feed.post%3Faction%3Dcreate&",
         TOKENS(DID, "DPoP", "atproto repo:app.bsky.feed.post?action=create"), REFUSAL_OK},
        {LOGIN_POST, "&scope=atproto%20repo%3Aapp.bsky.feed.post%3Faction%3Dcreate&",
         TOKENS(DID, "DPoP", "atproto"), REFUSAL_REFUSED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        again();
        world.attempt.purpose = cases[i].purpose;
        begin();
        assert_non_null(strstr(played.sent[3].body, cases[i].scope));
        const struct act acts[] = {PLAYED(TOKEN, 200, cases[i].granted), PLAYED(REVOKE, 200, "{}")};
        play(acts, cases[i].refusal == REFUSAL_OK ? 1 : 2);
        finish(ISSUER);
        assert_int_equal(told.finished, cases[i].refusal == REFUSAL_OK);
        assert_int_equal(told.refusal, cases[i].refusal);
    }
}

/* Every document of a server that leads elsewhere than it may. */
static void test_begin_refused(void **state) {
    (void)state;
    static const struct {
        struct act acts[3];
        unsigned count;
        enum refusal refusal;
    } cases[] = {
        {{PLAYED(RESOURCE, 404, "")}, 1, REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, "{}")}, 1, REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, "{\"authorization_servers\":\"" ISSUER "\"}")},
         1,
         REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, "{\"authorization_servers\":[7]}")}, 1, REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, "{\"authorization_servers\":[\"http://issuer.example\"]}")},
         1,
         REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, "{\"authorization_servers\":[\"https://127.0.0.1\"]}")},
         1,
         REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, GUARDED), PLAYED_NO(META, TROUBLE_UNREACHABLE)},
         2,
         REFUSAL_UNREACHABLE},
        {{PLAYED(RESOURCE, 200, GUARDED), PLAYED(META, 200, "{}")}, 2, REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, GUARDED),
          PLAYED(META, 200, SERVED("https://evil.example", ISSUER "/authorize", ISSUER "/token"))},
         2,
         REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, GUARDED),
          PLAYED(META, 200, SERVED(ISSUER, "javascript:alert(1)", ISSUER "/token"))},
         2,
         REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, GUARDED),
          PLAYED(META, 200, SERVED(ISSUER, ISSUER "/authorize#x", ISSUER "/token"))},
         2,
         REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, GUARDED),
          PLAYED(META, 200, SERVED(ISSUER, ISSUER "/authorize", "http://issuer.example/token"))},
         2,
         REFUSAL_BAD_SERVER},
        {{PLAYED(RESOURCE, 200, GUARDED), PLAYED(META, 200, GOOD_SERVED),
          PLAYED(PUSH, 400, "{\"error\":\"invalid_client\"}")},
         3,
         REFUSAL_REFUSED},
        {{PLAYED(RESOURCE, 200, GUARDED), PLAYED(META, 200, GOOD_SERVED), PLAYED(PUSH, 201, "{}")},
         3,
         REFUSAL_BAD_SERVER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        again();
        play(cases[i].acts, cases[i].count);
        run(bluesky_begin);
        assert_int_equal(told.refusal, cases[i].refusal);
    }
}

static void test_authorize_query(void **state) {
    (void)state;
    static const struct act acts[] = {
        PLAYED(RESOURCE, 200, GUARDED),
        PLAYED(META, 200, SERVED(ISSUER, ISSUER "/authorize?a=b", ISSUER "/token")),
        PLAYED(PUSH, 201, PUSHED)};
    PLAY(acts);
    run(bluesky_begin);
    assert_memory_equal(
        told.url, ISSUER "/authorize?a=b&client_id=", strlen(ISSUER "/authorize?a=b&client_id="));
}

static void test_clients(void **state) {
    (void)state;
    static const char *const without[] = {
        "http://a.example",   "http://localhost:8080",  "http://192.168.1.5:8080",
        "http://127.0.0.1.a", "https://a.example:8443", "https://192.0.2.7",
        "https://localhost",  "http://127.0.0.12:8080",
    };
    char *id = NULL, *uri = NULL;
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        assert_false(atproto_client(without[i], "atproto", &id, &uri));
        again();
        world.options.public_url = without[i];
        play(NULL, 0);
        run(bluesky_begin);
        assert_int_equal(told.refusal, REFUSAL_NOT_CONFIGURED);
    }
    assert_true(atproto_client("https://a.example", "atproto", &id, &uri));
    assert_string_equal(id, "https://a.example/oauth/client.json");
    assert_string_equal(uri, "https://a.example/oauth/callback");
    free(id);
    free(uri);
    assert_true(atproto_client("http://127.0.0.1:8080", atproto_scope(LOGIN_POST), &id, &uri));
    assert_string_equal(uri, "http://127.0.0.1:8080/oauth/callback");
    assert_string_equal(
        id, "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Foauth%2Fcallback"
            "&scope=atproto%20repo%3Aapp.bsky.feed.post%3Faction%3Dcreate");
    free(id);
    free(uri);
    assert_true(atproto_client("http://[::1]:8080", "atproto", &id, &uri));
    free(id);
    free(uri);
}

int main(void) {
    random_start();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_begin),          TEST(test_finish),        TEST(test_finish_issuer),
        TEST(test_finish_refused), TEST(test_begin_refused), TEST(test_authorize_query),
        TEST(test_clients),        TEST(test_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
