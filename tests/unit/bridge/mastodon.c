/* Mastodon's client API against odd servers: what they say of accounts and limits, and answers to
 * posts that cannot be meant. */
#include "scripted.h"

#include "bridge/mastodon.h"

#define CODE "code"

static void up(const struct line *lines) {
    scripted_up(lines, NETWORK_MASTODON);
    world.reach.apps = apps_new();
}

static void down(void) {
    struct apps *apps = world.reach.apps;
    scripted_down(); /* what the attempt has goes back there */
    apps_free(apps);
}

/* ---- log-in */

#define DISCOVERY "GET /.well-known/oauth-authorization-server "
#define NO        "404 Not Found"
#define OK        "200 OK"
#define SECRET    "0123456789012345678901234567890123456789012345678901234567890123456789"
#define APP       "{\"client_id\":\"id\",\"client_secret\":\"" SECRET "\"}"

static void begin(const char *server) {
    world.attempt.server = (char *)(uintptr_t)server;
    mastodon_begin(&world.attempt);
}

static void consent_page(void **state) {
    (void)state;
    static const struct line lines[] = {
        {DISCOVERY, NO, "no"}, {"POST /api/v1/apps ", OK, APP}, {DISCOVERY, NO, "no"}, {0}};
    up(lines);
    begin(script.far->origin);
    turn(1);
    char expected[1024];
    (void)snprintf(expected, sizeof expected,
                   "%s/oauth/authorize?response_type=code&client_id=id&redirect_uri="
                   "https%%3A%%2F%%2Fraute.example%%2Foauth%%2Fcallback&scope="
                   "read%%3Aaccounts%%20read%%3Astatuses%%20write%%3Astatuses"
                   "&state=statestatestatestatest&code_challenge="
                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge_method=S256",
                   script.far->origin);
    assert_string_equal(world.url, expected);
    world.attempt.own_free(world.attempt.own); /* nobody agreed: the next one takes it */
    world.attempt.own = NULL;
    begin(script.far->origin);
    turn(2);
    assert_string_equal(world.url, expected);
    down();
}

static void no_server(void **state) {
    (void)state;
    static const struct line nobody[] = {{0}};
    static const char *const typed[] = {"",          "localhost",         "http://m.example",
                                        "m",         "https://1.2.3.4",   "https://a@m.example",
                                        "a b.c.d e", "file:///etc/passwd"};
    up(nobody);
    for (unsigned i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        begin(typed[i]);
        assert_int_equal(world.ends, i + 1);
        assert_int_equal(world.refusal, REFUSAL_BAD_SERVER);
    }
    down();
}

static void registration_refused(void **state) {
    (void)state;
    static const struct {
        struct line lines[3];
        enum refusal refusal;
    } cases[] = {
        {{{DISCOVERY, NO, ""}, {"POST /api/v1/apps", NO, ""}}, REFUSAL_BAD_SERVER},
        {{{DISCOVERY, NO, ""}, {"POST /api/v1/apps", "200 OK", "<html>"}}, REFUSAL_BAD_SERVER},
        {{{DISCOVERY, NO, ""}, {"POST /api/v1/apps", "200 OK", "{\"client_id\":\"a\"}"}},
         REFUSAL_BAD_SERVER},
        {{{DISCOVERY, NO, ""},
          {"POST /api/v1/apps", "200 OK", "{\"client_id\":\"a\\r\\nb\",\"client_secret\":\"s\"}"}},
         REFUSAL_BAD_SERVER},
        {{{DISCOVERY, NO, ""}, {"POST /api/v1/apps", "403 No", "{}"}}, REFUSAL_REFUSED},
        {{{DISCOVERY, NO, ""}, {"POST /api/v1/apps", "429 No", "{}"}}, REFUSAL_UNREACHABLE},
        {{{DISCOVERY, "502 No", ""}, {"POST /api/v1/apps", "502 No", ""}}, REFUSAL_UNREACHABLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        up(cases[i].lines);
        begin(script.far->origin);
        turn(1);
        assert_int_equal(world.refusal, cases[i].refusal);
        down();
    }
}

/* Two attempts at a time have an application each. */
static void two_attempts(void **state) {
    (void)state;
    static const struct line lines[] = {
        {DISCOVERY, NO, ""},
        {"POST /api/v1/apps ", OK, APP},
        {DISCOVERY, NO, ""},
        {"POST /api/v1/apps ", OK, "{\"client_id\":\"id2\",\"client_secret\":\"secret\"}"},
        {0}};
    up(lines);
    struct attempt other = world.attempt;
    other.login = login_new(NETWORK_MASTODON);
    begin(script.far->origin);
    turn(1);
    other.server = (char *)(uintptr_t)script.far->origin;
    mastodon_begin(&other);
    turn(2);
    assert_string_equal(world.attempt.login->client_id, "id");
    assert_string_equal(other.login->client_id, "id2");
    other.own_free(other.own);
    login_free(other.login);
    down();
}

#define TOKEN "POST /oauth/token "
#define GIVEN "{\"access_token\":\"t\",\"scope\":\"write\"}"
#define WHO   "GET /api/v1/accounts/verify_credentials "
#define V2    "GET /api/v2/instance "
#define V1    "GET /api/v1/instance "

static void finish(const struct line *lines) {
    up(lines);
    login_set(&world.attempt.login->server, script.far->origin);
    login_set(&world.attempt.login->client_id, "id");
    login_set(&world.attempt.login->client_secret, "secret");
    world.attempt.code = (char *)(uintptr_t)CODE;
    world.attempt.verifier = (char *)(uintptr_t) "verifier";
    mastodon_finish(&world.attempt);
    turn(1);
}

static void log_in_refused(void **state) {
    (void)state;
    static const struct {
        struct line lines[3];
        enum refusal refusal;
    } cases[] = {
        {{{TOKEN, "400 No", "{\"error\":\"invalid_grant\"}"}}, REFUSAL_REFUSED},
        {{{TOKEN, "401 No", "{}"}}, REFUSAL_REFUSED},
        {{{TOKEN, "500 No", ""}}, REFUSAL_UNREACHABLE},
        {{{TOKEN, OK, "{}"}}, REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, "{\"access_token\":\"a b\"}"}}, REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, "{\"access_token\":\"a\",\"scope\":\"read write:media\"}"}}, REFUSAL_REFUSED},
        {{{TOKEN, OK, GIVEN}, {WHO, "422 No", ""}}, REFUSAL_REFUSED},
        {{{TOKEN, OK, GIVEN}, {WHO, OK, "[]"}}, REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, GIVEN}, {WHO, OK, "{\"id\":7,\"username\":\"a\"}"}}, REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, GIVEN}, {WHO, OK, "{\"id\":\"7@\",\"username\":\"a\"}"}}, REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, GIVEN}, {WHO, OK, "{\"id\":\"7\",\"username\":\"a@b.example\"}"}},
         REFUSAL_BAD_SERVER},
        {{{TOKEN, OK, GIVEN}, {WHO, OK, "{\"id\":\"7\",\"username\":\"<b>a b</b>\"}"}},
         REFUSAL_BAD_SERVER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        finish(cases[i].lines);
        if (world.finished || world.refusal != cases[i].refusal) {
            fail_msg("case %zu: %s", i, refusal_code(world.refusal));
        }
        down();
    }
}

/* The code of another server is given to nobody. */
static void mix_up(void **state) {
    (void)state;
    static const struct {
        const char *issuer; /* %s: the far server; NULL: none was told */
        bool promised, asked;
    } cases[] = {
        {NULL, false, true},
        {NULL, true, false},
        {"%s", true, true},
        {"%s/", false, true},
        {"%s/other", false, false},
        {"https://evil.example", false, false},
        {"evil.example", false, false},
        {"", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        static const struct line lines[] = {{TOKEN, "400 No", "{}"}, {0}}, nobody[] = {{0}};
        static const char document[] = "{\"authorization_response_iss_parameter_supported\":true}";
        const struct line began[] = {{DISCOVERY, OK, cases[i].promised ? document : "{}"},
                                     {"POST /api/v1/apps ", OK, APP},
                                     cases[i].asked ? lines[0] : nobody[0],
                                     {0}};
        char issuer[128] = "";
        up(began);
        begin(script.far->origin);
        turn(1);
        if (cases[i].issuer != NULL) {
            (void)snprintf(issuer, sizeof issuer, cases[i].issuer, script.far->origin);
            world.attempt.issuer = issuer;
        }
        world.attempt.code = (char *)(uintptr_t) "code";
        world.attempt.verifier = (char *)(uintptr_t) "verifier";
        mastodon_finish(&world.attempt);
        turn(2);
        assert_int_equal(world.refusal, REFUSAL_REFUSED);
        down();
    }
}

static void accounts(void **state) {
    (void)state;
    static const struct {
        const char *who, *v2, *v1; /* NULL: 404 */
        const char *name;          /* %s: the far server's host */
        bool url;
        uint32_t limit, link;
    } cases[] = {
        {"{\"id\":\"7\",\"username\":\"a\",\"url\":\"%s/@a\"}",
         "{\"domain\":\"social.example\",\"configuration\":{\"statuses\":{\"max_characters\":1000,"
         "\"characters_reserved_per_url\":25}}}",
         NULL, "@a@%s", true, 1000, 25}, /* another domain than the server's own is not believed */
        /* snac */
        {"{\"id\":\"7\",\"username\":\"a\",\"url\":\"%s/a\"}", NULL,
         "{\"configuration\":{\"statuses\":{\"max_characters\":100000,"
         "\"characters_reserved_per_url\":32}}}",
         "@a@%s", true, 100000, 32},
        /* Pleroma: limits by other names */
        {"{\"id\":\"AbC7\",\"username\":\"a\",\"url\":null}", "{\"domain\":\"a@b\"}",
         "{\"max_toot_chars\":5000}", "@a@%s", false, 5000, 23},
        /* nothing, and nonsense */
        {"{\"id\":\"7\",\"username\":\"a\",\"url\":\"javascript:alert(1)\"}", NULL, NULL, "@a@%s",
         false, 500, 23},
        {"{\"id\":\"7\",\"username\":\"a\",\"url\":\"http://inside/\"}",
         "{\"domain\":\"<b>\\\"\",\"configuration\":{\"statuses\":{\"max_characters\":-5,"
         "\"characters_reserved_per_url\":99999999}}}",
         "{\"configuration\":[],\"max_toot_chars\":\"1\"}", "@a@%s", false, 500, 23},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool second = cases[i].v1 != NULL || cases[i].v2 == NULL;
        const struct line lines[] = {
            {TOKEN, OK, GIVEN},
            {WHO, OK, cases[i].who},
            {V2, cases[i].v2 == NULL ? NO : OK, cases[i].v2 == NULL ? "" : cases[i].v2},
            {second ? V1 : NULL, cases[i].v1 == NULL ? NO : OK,
             cases[i].v1 == NULL ? "" : cases[i].v1},
            {0}};
        finish(lines);
        const struct account *account = world.attempt.account;
        assert_true(world.finished);
        char name[400], url[400], remote[400];
        (void)snprintf(name, sizeof name, cases[i].name, script.far->peer);
        (void)snprintf(url, sizeof url, "%s/", script.far->origin);
        (void)snprintf(remote, sizeof remote, "%s@%s", i == 2 ? "AbC7" : "7", script.far->origin);
        assert_string_equal(account->name, name);
        assert_string_equal(account->remote, remote);
        assert_string_equal(account->server, script.far->origin);
        assert_int_equal(strncmp(account->url, url, strlen(url)) == 0, cases[i].url);
        assert_int_equal(account->url[0] != '\0', cases[i].url);
        assert_int_equal(account->post_limit, cases[i].limit);
        assert_int_equal(account->link_length, cases[i].link);
        assert_null(account->avatar);
        down();
    }
}

/* ---- posts */

#define SEND   "POST /api/v1/statuses "
#define LOOK   "GET /api/v1/accounts/42/statuses?limit=40 "
#define PLACE  "/api/v1/statuses/far%2Fid"
#define DELETE "DELETE " PLACE " "
#define SHOWN  "GET " PLACE " "
#define EDIT   "PUT " PLACE " "
#define LINK   "https://raute.example/e/hro/q/1"
#define FOUND                                                                                      \
    "[{\"id\":\"9\",\"url\":null,\"account\":{\"id\":\"42\"},\"in_reply_to_id\":null,"             \
    "\"text\":\"Wer?\\n\\n#Tag " LINK "\"}]"

struct posting {
    enum post_act act;
    bool doubtful;
    const char *far, *parent;
    struct line lines[6];
    enum post_trouble trouble;
    bool final, emptied;
    const char *got; /* far id */
    const char *url; /* %s: the far server's origin */
};

static const struct posting postings[] = {
    {.lines = {{SEND, OK, "{\"id\":\"8\",\"url\":\"%s/8\"}"}}, .got = "8", .url = "%s/8"},
    {.lines = {{SEND, "202 Accepted", "{\"id\":\"8\"}"}}, .got = "8", .url = ""},
    {.lines = {{SEND, OK, "{\"id\":\"8\",\"url\":\"javascript:alert(1)\"}"}},
     .got = "8",
     .url = ""},
    {.lines = {{SEND, OK, "{\"id\":8}"}}, .trouble = TROUBLE_ANSWER},
    {.lines = {{SEND, OK, "{\"id\":\"a b\"}"}}, .trouble = TROUBLE_ANSWER},
    {.lines = {{SEND, OK, "soon"}}, .trouble = TROUBLE_ANSWER},
    {.lines = {{SEND, "302 Found", ""}}, .trouble = TROUBLE_ANSWER},
    {.lines = {{SEND, "401 No", ""}}, .trouble = TROUBLE_LOGIN},
    {.lines = {{SEND, "403 No", ""}}, .trouble = TROUBLE_FORBIDDEN},
    {.lines = {{SEND, "422 No", ""}}, .trouble = TROUBLE_REJECTED, .final = true},
    {.lines = {{SEND, "429 No", ""}}, .trouble = TROUBLE_LIMITED},
    {.lines = {{SEND, "503 No", ""}}, .trouble = TROUBLE_BUSY},
    /* looked for first */
    {.doubtful = true, .lines = {{LOOK, OK, FOUND}}, .got = "9", .url = ""},
    {.doubtful = true, .lines = {{LOOK, OK, "[]"}, {SEND, OK, "{\"id\":\"8\"}"}}, .got = "8"},
    {.doubtful = true, .lines = {{LOOK, OK, "{}"}}, .trouble = TROUBLE_ANSWER},
    {.doubtful = true, .lines = {{LOOK, "500 No", ""}}, .trouble = TROUBLE_BUSY},
    {.doubtful = true, .lines = {{LOOK, "403 No", ""}}, .trouble = TROUBLE_FORBIDDEN},
    {.doubtful = true,
     .lines = {{LOOK, NO, ""}, {SEND, OK, "{\"id\":\"8\"}"}},
     .got = "8"}, /* a server that shows no statuses has but the key */
    {.doubtful = true,
     .parent = "p/1",
     .lines = {{LOOK, NO, ""},
               {"GET /api/v1/statuses/p%2F1/context ", OK, "{\"descendants\":[]}"},
               {SEND, OK, "{\"id\":\"8\"}"}},
     .got = "8"},
    /* edits */
    {.act = ACT_EDIT, .far = "far/id", .lines = {{EDIT, OK, "{\"id\":\"10\"}"}}, .got = "10"},
    {.act = ACT_EDIT,
     .far = "far/id",
     .lines = {{EDIT, NO, ""}, {SHOWN, NO, ""}},
     .trouble = TROUBLE_MISSING,
     .final = true},
    {.act = ACT_EDIT,
     .far = "far/id",
     .lines = {{EDIT, NO, ""}, {SHOWN, "500 No", ""}},
     .trouble = TROUBLE_BUSY},
    {.act = ACT_EDIT,
     .far = "far/id",
     .lines = {{EDIT, NO, ""}, {SHOWN, OK, "{}"}, {DELETE, OK, "{}"}, {SEND, OK, "{\"id\":\"8\"}"}},
     .got = "8"},
    {.act = ACT_EDIT,
     .far = "far/id",
     .lines = {{EDIT, NO, ""}, {SHOWN, OK, "{}"}, {DELETE, NO, ""}},
     .trouble = TROUBLE_REJECTED,
     .final = true},
    {.act = ACT_EDIT,
     .doubtful = true,
     .far = "far/id",
     .lines = {{EDIT, NO, ""}, {SHOWN, NO, ""}, {LOOK, OK, FOUND}},
     .got = "9"}, /* it had been replaced */
    {.act = ACT_EDIT, .far = "", .lines = {{LOOK, OK, FOUND}}, .got = "9"},
    /* deletions */
    {.act = ACT_DELETE, .far = "far/id", .lines = {{DELETE, OK, "{}"}}},
    {.act = ACT_DELETE, .far = "far/id", .lines = {{DELETE, NO, ""}, {SHOWN, "410 Gone", ""}}},
    {.act = ACT_DELETE,
     .far = "far/id",
     .lines = {{DELETE, NO, ""}, {SHOWN, OK, "{}"}, {EDIT, OK, "{\"id\":\"11\"}"}},
     .got = "11",
     .emptied = true},
    {.act = ACT_DELETE,
     .far = "far/id",
     .lines = {{DELETE, "501 No", ""}, {SHOWN, OK, "{}"}, {EDIT, "501 No", ""}},
     .trouble = TROUBLE_REJECTED,
     .final = true},
    {.act = ACT_DELETE,
     .far = "far/id",
     .lines = {{DELETE, "429 No", ""}},
     .trouble = TROUBLE_LIMITED},
    {.act = ACT_DELETE, .far = "", .lines = {{LOOK, OK, "[]"}}},
    {.act = ACT_DELETE,
     .far = "",
     .lines = {{LOOK, OK, FOUND}, {"DELETE /api/v1/statuses/9 ", OK, "{}"}}},
    {.act = ACT_DELETE,
     .far = "far/id",
     .doubtful = true,
     .lines = {{DELETE, OK, "{}"}, {LOOK, OK, FOUND}, {"DELETE /api/v1/statuses/9 ", OK, "{}"}}},
};

static void post_once(const struct posting *posting) {
    struct account account = {.remote = "42@x"};
    struct post_text text = {.text = memory_text("Wer?\n\n#Tag " LINK), .language = "de"};
    char url[400];
    up(posting->lines);
    (void)snprintf(account.server, sizeof account.server, "%s", script.far->origin);
    login_set(&world.attempt.login->server, script.far->origin);
    login_set(&world.attempt.login->access, "token");
    struct job job = {.reach = &world.reach,
                      .login = world.attempt.login,
                      .account = &account,
                      .act = posting->act,
                      .doubtful = posting->doubtful,
                      .token = "key",
                      .far = posting->far == NULL ? "" : posting->far,
                      .parent = posting->parent,
                      .kind = posting->parent == NULL ? POST_QUESTION : POST_ANSWER,
                      .text = posting->act == ACT_DELETE ? NULL : &text,
                      .link = LINK};
    mastodon_post(&job);
    turn(1);
    (void)snprintf(url, sizeof url, posting->url == NULL ? "" : posting->url, script.far->origin);
    if (world.result.trouble != posting->trouble || world.result.final != posting->final) {
        fail_msg("posting %td: %s; %s", posting - postings, post_trouble_name(world.result.trouble),
                 script.wrong);
    }
    assert_int_equal(world.result.emptied, posting->emptied);
    assert_string_equal(world.far, posting->got == NULL ? "" : posting->got);
    assert_string_equal(world.url, url);
    free(text.text);
    down();
}

static void posts(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof postings / sizeof postings[0]; i++) {

        post_once(&postings[i]);
    }
}

static void revoking(void **state) {
    (void)state;
    static const struct {
        const char *status;
        enum post_trouble trouble;
    } cases[] = {{OK, TROUBLE_NONE},
                 {"403 No", TROUBLE_NONE}, /* it is not ours any more */
                 {NO, TROUBLE_NONE},
                 {"500 No", TROUBLE_BUSY}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct line lines[] = {{"POST /oauth/revoke ", cases[i].status, "{}"}, {0}};
        up(lines);
        login_set(&world.attempt.login->server, script.far->origin);
        login_set(&world.attempt.login->client_id, "id");
        login_set(&world.attempt.login->client_secret, "secret");
        login_set(&world.attempt.login->access, "token");
        struct job job = {.reach = &world.reach, .login = world.attempt.login};
        mastodon_revoke(&job);
        turn(1);
        assert_int_equal(world.result.trouble, cases[i].trouble);
        assert_true(far_saw(script.far, "client_id=id&client_secret=secret&token=token"));
        down();
    }
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(consent_page),
        cmocka_unit_test(no_server),
        cmocka_unit_test(registration_refused),
        cmocka_unit_test(two_attempts),
        cmocka_unit_test(log_in_refused),
        cmocka_unit_test(mix_up),
        cmocka_unit_test(accounts),
        cmocka_unit_test(posts),
        cmocka_unit_test(revoking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
