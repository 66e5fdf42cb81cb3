/* X's API: tokens that are renewed, posts that nobody knows of, and what X refuses. */
#include "scripted.h"

#include "base/clock.h"
#include "bridge/x.h"

#define LINK "https://raute.example/e/hro/q/1"

static void up(const struct line *lines, const char *secret) {
    scripted_up(lines, NETWORK_X);
    char url[256];
    world.options.x_client_id = "operator";
    world.options.x_client_secret = secret;
    world.options.x_url = script.far->origin;
    login_set(&world.attempt.login->server, script.far->origin);
    (void)snprintf(url, sizeof url, "%s/2/oauth2/token", script.far->origin);
    login_set(&world.attempt.login->token_url, url);
    (void)snprintf(url, sizeof url, "%s/2/oauth2/revoke", script.far->origin);
    login_set(&world.attempt.login->revoke_url, url);
    login_set(&world.attempt.login->access, "old");
    login_set(&world.attempt.login->refresh, "fresh");
}

/* ---- log-in */

#define TOKEN  "POST /2/oauth2/token "
#define OK     "200 OK"
#define TOKENS "{\"access_token\":\"new\",\"refresh_token\":\"next\",\"expires_in\":7200}"
#define WHO    "GET /2/users/me?user.fields=profile_image_url "

static void consent_page(void **state) {
    (void)state;
    static const struct line nobody[] = {{0}};
    char expected[1024];
    up(nobody, NULL);
    x_begin(&world.attempt);
    (void)snprintf(expected, sizeof expected,
                   "%s/i/oauth2/authorize?response_type=code&client_id=operator&redirect_uri="
                   "https%%3A%%2F%%2Fraute.example%%2Foauth%%2Fcallback&scope="
                   "tweet.read%%20tweet.write%%20users.read%%20offline.access"
                   "&state=statestatestatestatest&code_challenge="
                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256",
                   script.far->origin);
    assert_string_equal(world.url, expected);
    world.options.x_url = NULL;
    x_begin(&world.attempt);
    assert_int_equal(strncmp(world.url, "https://x.com/i/oauth2/authorize?", 33), 0);
    assert_string_equal(world.attempt.login->token_url, "https://api.x.com/2/oauth2/token");
    world.options.x_client_id = NULL;
    x_begin(&world.attempt);
    assert_int_equal(world.refusal, REFUSAL_NOT_CONFIGURED);
    scripted_down();
}

static void log_in(void **state) {
    (void)state;
    static const struct {
        struct line lines[3];
        enum refusal refusal;
    } cases[] = {
        {{{TOKEN, OK, TOKENS}, {WHO, OK, "{\"data\":{\"id\":\"12\",\"username\":\"hro\"}}"}},
         REFUSAL_OK},
        {{{TOKEN, "400 No", "{}"}}, REFUSAL_REFUSED},
        {{{TOKEN, "503 No", ""}}, REFUSAL_UNREACHABLE},
        {{{TOKEN, OK, "{}"}}, REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, "{\"access_token\":\"a\",\"scope\":\"tweet.read\"}"}}, REFUSAL_REFUSED},
        {{{TOKEN, OK, TOKENS}, {WHO, OK, "{\"data\":{\"id\":\"x\",\"username\":\"hro\"}}"}},
         REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, TOKENS}, {WHO, OK, "{\"data\":{\"id\":\"1\",\"username\":\"../<b>\"}}"}},
         REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, TOKENS}, {WHO, OK, "{}"}}, REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, TOKENS}, {WHO, "403 No", "{}"}}, REFUSAL_REFUSED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        up(cases[i].lines, i == 0 ? "se:cret" : NULL);
        world.attempt.code = (char *)(uintptr_t) "code";
        world.attempt.verifier = (char *)(uintptr_t) "verifier";
        x_finish(&world.attempt);
        turn(1);
        assert_int_equal(world.refusal, cases[i].refusal);
        assert_int_equal(world.finished, cases[i].refusal == REFUSAL_OK);
        if (world.finished) {
            const struct account *account = world.attempt.account;
            assert_string_equal(account->remote, "12");
            assert_string_equal(account->name, "@hro");
            assert_string_equal(account->url, "https://x.com/hro");
            assert_int_equal(account->post_limit, 280);
            assert_int_equal(account->link_length, 23);
            assert_string_equal(world.attempt.login->refresh, "next");
        }
        scripted_down();
    }
}

/* ---- posts */

#define SEND "POST /2/tweets "
#define LOOK "GET /2/users/12/tweets?max_results=20&tweet.fields=entities,referenced_tweets "
#define MADE "{\"data\":{\"id\":\"8\"}}"
#define OURS "{\"url\":\"https://t.co/x\",\"expanded_url\":\"" LINK "\"}"
#define URLS "\"entities\":{\"urls\":[" OURS "]}"
#define TO   "\"referenced_tweets\":[{\"type\":\"replied_to\",\"id\":\"5\"}]"
#define TAIL "\\n\\n#Tag https://t.co/x"
/* Of the question; and with words of the account's own. */
#define FOUND                                                                                      \
    "{\"data\":[{\"id\":\"7\",\"text\":\"x\"},{\"id\":\"9\",\"text\":\"Wer? https://t.co/y" TAIL   \
    "\","                                                                                          \
    "\"entities\":{\"urls\":[{\"url\":\"https://t.co/y\",\"expanded_url\":\"http://a.de\"}," OURS  \
    "]}}]}"
#define OWN                                                                                        \
    "{\"data\":[{\"id\":\"30\",\"text\":\"Kommt alle! #Tag https://t.co/x\"," URLS "},"            \
    "{\"id\":\"31\",\"text\":\"Wer?" TAIL " Kommt alle!\"," URLS "},"                              \
    "{\"id\":\"32\",\"text\":\"#Tag https://t.co/x\"," URLS "}]}"
#define CALL                                                                                       \
    "{\"id\":\"20\",\"text\":\"There was no time for this on stage. Who has an answer?" TAIL       \
    "\"," URLS "," TO "}"
#define ANSWER    "{\"id\":\"21\",\"text\":\"I &amp; you." TAIL "\"," URLS "," TO "}"
#define THREAD    "{\"data\":[" CALL "," ANSWER "]}"
#define DUPLICATE "{\"detail\":\"You are not allowed to create a Tweet with duplicate content.\"}"
#define GONE(id)  "DELETE /2/tweets/" id " "

struct posting {
    enum post_act act;
    enum post_kind kind;
    bool doubtful, expired, trial, unconfigured;
    const char *far;
    struct line lines[6];
    enum post_trouble trouble;
    bool final;
    const char *got;
    unsigned renewals;
};

static const struct posting postings[] = {
    {.lines = {{SEND, "201 Created", MADE}}, .got = "8"},
    {.lines = {{SEND, "201 Created", "{\"data\":{\"id\":8}}"}}, .trouble = TROUBLE_ANSWER},
    {.lines = {{SEND, "403 No", "{\"detail\":\"suspended\"}"}}, .trouble = TROUBLE_FORBIDDEN},
    {.lines = {{SEND, "403 No", DUPLICATE}}, .trouble = TROUBLE_REJECTED, .final = true},
    {.kind = POST_ANSWER,
     .lines = {{SEND, "403 No", "{\"detail\":\"Reply to this conversation is not allowed\"}"}},
     .trouble = TROUBLE_REJECTED,
     .final = true},
    {.lines = {{SEND, "429 No", "{}"}}, .trouble = TROUBLE_LIMITED},
    /* tokens */
    {.lines = {{SEND, "401 No", "{}"}, {TOKEN, OK, TOKENS}, {SEND, "201 Created", MADE}},
     .got = "8",
     .renewals = 1},
    {.expired = true,
     .lines = {{TOKEN, OK, TOKENS}, {SEND, "201 Created", MADE}},
     .got = "8",
     .renewals = 1},
    {.lines = {{SEND, "401 No", "{}"}, {TOKEN, OK, TOKENS}, {SEND, "401 No", "{}"}},
     .trouble = TROUBLE_LOGIN,
     .renewals = 1},
    {.lines = {{SEND, "401 No", "{}"}, {TOKEN, "400 No", "{}"}}, .trouble = TROUBLE_LOGIN},
    {.lines = {{SEND, "401 No", "{}"}, {TOKEN, "503 No", "{}"}}, .trouble = TROUBLE_BUSY},
    /* an operator without a client any more */
    {.unconfigured = true, .lines = {{SEND, "401 No", "{}"}}, .trouble = TROUBLE_LOGIN},
    {.unconfigured = true, .expired = true, .lines = {{SEND, "201 Created", MADE}}, .got = "8"},
    /* looked for; somebody's own posts with the same link are not ours */
    {.doubtful = true, .lines = {{LOOK, OK, OWN}, {SEND, "201 Created", MADE}}, .got = "8"},
    {.act = ACT_DELETE, .doubtful = true, .lines = {{LOOK, OK, OWN}}},
    {.act = ACT_DELETE, .doubtful = true, .trial = true, .lines = {{LOOK, OK, OWN}}},
    {.act = ACT_DELETE,
     .doubtful = true,
     .trial = true,
     .lines = {{LOOK, OK, FOUND}, {GONE("9"), OK, "{}"}}},
    {.doubtful = true, .lines = {{LOOK, OK, FOUND}}, .got = "9"},
    {.doubtful = true, .lines = {{LOOK, OK, "{}"}, {SEND, "201 Created", MADE}}, .got = "8"},
    {.doubtful = true, .lines = {{LOOK, OK, THREAD}, {SEND, "201 Created", MADE}}, .got = "8"},
    {.doubtful = true, .kind = POST_ANSWER, .lines = {{LOOK, OK, THREAD}}, .got = "21"},
    {.doubtful = true, .kind = POST_OPEN, .lines = {{LOOK, OK, THREAD}}, .got = "20"},
    {.doubtful = true, .lines = {{LOOK, "500 No", ""}}, .trouble = TROUBLE_BUSY},
    /* where nothing may be read, X's own refusal tells */
    {.doubtful = true, .lines = {{LOOK, "403 No", "{}"}, {SEND, "403 No", DUPLICATE}}, .got = ""},
    {.doubtful = true, .lines = {{LOOK, "403 No", "{}"}, {SEND, "201 Created", MADE}}, .got = "8"},
    {.act = ACT_DELETE,
     .doubtful = true,
     .lines = {{LOOK, "403 No", "{}"}},
     .trouble = TROUBLE_FORBIDDEN,
     .final = true},
    /* edits */
    {.act = ACT_EDIT,
     .far = "6",
     .lines = {{GONE("6"), OK, "{}"}, {SEND, "201 Created", MADE}},
     .got = "8"},
    {.act = ACT_EDIT,
     .far = "6",
     .lines = {{GONE("6"), "404 No", "{}"}, {SEND, "201 Created", MADE}},
     .got = "8"},
    {.act = ACT_EDIT,
     .far = "6",
     .doubtful = true,
     .lines = {{LOOK, OK, FOUND}},
     .got = "9"}, /* it was replaced */
    {.act = ACT_EDIT,
     .far = "9",
     .doubtful = true,
     .lines = {{LOOK, OK, FOUND}, {GONE("9"), OK, "{}"}, {SEND, "201 Created", MADE}},
     .got = "8"}, /* it was not */
    {.act = ACT_EDIT,
     .far = "6",
     .lines = {{GONE("6"), OK, "{}"}, {SEND, "403 No", DUPLICATE}},
     .trouble = TROUBLE_REJECTED,
     .final = true},
    {.act = ACT_EDIT,
     .far = "6",
     .doubtful = true,
     .lines = {{LOOK, "403 No", "{}"}, {GONE("6"), "404 No", "{}"}, {SEND, "403 No", DUPLICATE}},
     .trouble = TROUBLE_REJECTED,
     .final = true},
    /* deletions: an edit that was given up may have left another post */
    {.act = ACT_DELETE, .far = "6", .lines = {{GONE("6"), OK, "{}"}}},
    {.act = ACT_DELETE, .far = "6", .lines = {{GONE("6"), "404 No", "{}"}, {LOOK, OK, OWN}}},
    {.act = ACT_DELETE, .far = "6", .lines = {{GONE("6"), "404 No", "{}"}, {LOOK, "403 No", ""}}},
    {.act = ACT_DELETE,
     .far = "6",
     .lines = {{GONE("6"), "404 No", "{}"}, {LOOK, OK, FOUND}, {GONE("9"), OK, "{}"}}},
    {.act = ACT_DELETE,
     .far = "6",
     .doubtful = true,
     .lines = {{LOOK, "403 No", "{}"}, {GONE("6"), OK, "{}"}}},
    {.act = ACT_DELETE, .far = "6", .lines = {{GONE("6"), "500 No", ""}}, .trouble = TROUBLE_BUSY},
    {.act = ACT_DELETE, .lines = {{LOOK, OK, FOUND}, {GONE("9"), OK, "{}"}}},
    {.act = ACT_DELETE, .lines = {{LOOK, OK, "{}"}}},
    {.act = ACT_DELETE, .kind = POST_ANSWER, .lines = {{LOOK, OK, THREAD}, {GONE("21"), OK, "{}"}}},
    {.act = ACT_DELETE,
     .far = "6",
     .doubtful = true,
     .lines = {{LOOK, OK, FOUND}, {GONE("6"), OK, "{}"}, {GONE("9"), OK, "{}"}}},
};

static void post_once(const struct posting *posting) {
    struct account account = {.remote = "12"};
    static const char *const words[] = {
        [POST_QUESTION] = "Wer? a.de\n\n#Tag " LINK,
        [POST_ANSWER] = "I & you.\n\n#Tag " LINK,
        [POST_OPEN] = "There was no time for this on stage. Who has an answer?\n\n#Tag " LINK,
    };
    struct post_text text = {.text = (char *)(uintptr_t)words[posting->kind], .language = "de"};
    up(posting->lines, NULL);
    world.attempt.login->expires_at = posting->expired ? clock_unix_ms() : 0;
    if (posting->unconfigured) {
        world.options.x_client_id = world.options.x_client_secret = NULL;
    }
    struct job job = {.reach = &world.reach,
                      .login = world.attempt.login,
                      .account = &account,
                      .act = posting->act,
                      .doubtful = posting->doubtful,
                      .token = "key",
                      .far = posting->far == NULL ? "" : posting->far,
                      .parent = posting->kind == POST_QUESTION ? NULL : "5",
                      .kind = posting->kind,
                      .text = posting->act == ACT_DELETE && !posting->trial ? NULL : &text,
                      .link = LINK};
    x_post(&job);
    turn(1);
    char url[64] = "";
    if (posting->got != NULL && *posting->got != '\0') {
        (void)snprintf(url, sizeof url, "https://x.com/i/status/%s", posting->got);
    }
    if (world.result.trouble != posting->trouble || world.result.final != posting->final) {
        fail_msg("posting %td: %s; %s", posting - postings, post_trouble_name(world.result.trouble),
                 script.wrong);
    }
    assert_int_equal(world.renewals, posting->renewals);
    assert_string_equal(world.far, posting->got == NULL ? "" : posting->got);
    assert_string_equal(world.url, url);
    scripted_down();
}

static void posts(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof postings / sizeof postings[0]; i++) {
        post_once(&postings[i]);
    }
}

static void revoking(void **state) {
    (void)state;
    static const struct line lines[] = {{"POST /2/oauth2/revoke ", OK, "{}"}, {0}};
    up(lines, NULL);
    struct job job = {.reach = &world.reach, .login = world.attempt.login};
    x_revoke(&job);
    turn(1);
    assert_int_equal(world.result.trouble, TROUBLE_NONE);
    assert_true(far_saw(script.far, "token=fresh"));
    assert_true(far_saw(script.far, "client_id=operator"));
    world.options.x_client_id = NULL; /* nobody may: that is the end of it */
    x_revoke(&job);
    assert_int_equal(world.ends, 2);
    assert_true(world.result.trouble != TROUBLE_NONE && world.result.final);
    scripted_down();
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(consent_page),
        cmocka_unit_test(log_in),
        cmocka_unit_test(posts),
        cmocka_unit_test(revoking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
