/* Somebody's own log-in at a Mastodon server: no right more than it needs, and no question more. */
#include "scripted.h"

#include "bridge/mastodon.h"

#define DISCOVERY "GET /.well-known/oauth-authorization-server "
#define NEWER     "{\"scopes_supported\":[\"read\",\"profile\"]}"
#define APP       "{\"client_id\":\"id\",\"client_secret\":\"secret\"}"
#define OK        "200 OK"
#define WHO                                                                                        \
    "{\"id\":\"1\",\"username\":\"anna\",\"url\":\"%s/@anna\",\"uri\":\"%s/users/anna\","          \
    "\"avatar_static\":\"%s/a.png\"}"
#define GIVEN "{\"access_token\":\"t\",\"scope\":\"profile\"}"

static void up(const struct line *lines, enum login_purpose purpose) {
    scripted_up(lines, NETWORK_MASTODON);
    world.reach.apps = apps_new();
    world.attempt.purpose = purpose;
}

static void down(void) {
    struct apps *apps = world.reach.apps;
    scripted_down();
    apps_free(apps);
}

static void test_scopes(void **state) {
    (void)state;
    static const struct line newer[] = {
        {DISCOVERY, OK, NEWER}, {"POST /api/v1/apps ", OK, APP}, {0}};
    static const struct line older[] = {
        {DISCOVERY, "404 No", ""}, {"POST /api/v1/apps ", OK, APP}, {0}};
    static const struct {
        const struct line *lines;
        enum login_purpose purpose;
        const char *asked;
    } cases[] = {
        {newer, LOGIN_PROVE, "&scope=profile&"},
        {older, LOGIN_PROVE, "&scope=read%3Aaccounts&"},
        {newer, LOGIN_POST, "&scope=profile%20write%3Astatuses&"},
        {older, LOGIN_POST, "&scope=read%3Aaccounts%20write%3Astatuses&"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        up(cases[i].lines, cases[i].purpose);
        world.attempt.server = script.far->origin;
        mastodon_begin(&world.attempt);
        turn(1);
        assert_non_null(strstr(world.url, cases[i].asked));
        down();
    }
}

static void finish(const struct line *lines, enum login_purpose purpose) {
    up(lines, purpose);
    login_set(&world.attempt.login->server, script.far->origin);
    login_set(&world.attempt.login->client_id, "id");
    login_set(&world.attempt.login->client_secret, "secret");
    world.attempt.code = (char *)(uintptr_t) "code";
    world.attempt.verifier = (char *)(uintptr_t) "verifier";
    mastodon_finish(&world.attempt);
    turn(1);
}

static void test_who(void **state) {
    (void)state;
    static const struct line lines[] = {{"POST /oauth/token ", OK, GIVEN},
                                        {"GET /api/v1/accounts/verify_credentials ", OK, WHO},
                                        {0}};
    char actor[64];
    finish(lines, LOGIN_PROVE);
    assert_true(world.finished);
    (void)snprintf(actor, sizeof actor, "%s/users/anna", script.far->origin);
    assert_string_equal(world.attempt.actor, actor);
    assert_null(world.attempt.account->avatar);
    down();
}

/* To post, its limits are asked for, but no picture. */
static void test_post(void **state) {
    (void)state;
    static const struct line lines[] = {
        {"POST /oauth/token ", OK, "{\"access_token\":\"t\",\"scope\":\"profile write:statuses\"}"},
        {"GET /api/v1/accounts/verify_credentials ", OK, WHO},
        {"GET /api/v2/instance ", OK,
         "{\"configuration\":{\"statuses\":{\"max_characters\":700}}}"},
        {0}};
    finish(lines, LOGIN_POST);
    assert_true(world.finished);
    assert_int_equal(world.attempt.account->post_limit, 700);
    down();
    static const struct line refused[] = {{"POST /oauth/token ", OK, GIVEN}, {0}};
    finish(refused, LOGIN_POST);
    assert_int_equal(world.refusal, REFUSAL_REFUSED);
    down();
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scopes),
        cmocka_unit_test(test_who),
        cmocka_unit_test(test_post),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
