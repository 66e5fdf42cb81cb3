/* Links back and posts with a code: what shows that an account is somebody's, and what does not,
 * at far servers that lie. */
#include "scripted.h"

#include "bridge/proof.h"

#define OK     "200 OK"
#define TYPED  "200 OK\r\nContent-Type: "
#define HTML   TYPED "text/html; charset=utf-8"
#define OBJECT TYPED "application/activity+json; charset=utf-8"
#define NO     "404 Not Found"
#define TARGET "https://raute.example/e/hro/people/AAAAAAAAAAA"
#define WANTED "https://raute.example/e/hro/q/17#AAAAAAAAAAAAAAAAAAAAAA"
#define PUBLIC "https://www.w3.org/ns/activitystreams#Public"

static struct {
    unsigned ends;
    enum refusal refusal;
    char actor[300], source[300];
} told;

static void tell(void *context, enum refusal refusal, const char *actor, const char *source) {
    assert_ptr_equal(context, &told);
    told.ends++;
    told.refusal = refusal;
    (void)snprintf(told.actor, sizeof told.actor, "%s", actor == NULL ? "" : actor);
    (void)snprintf(told.source, sizeof told.source, "%s", source == NULL ? "" : source);
}

static void until_told(void) {
    for (int i = 0; told.ends == 0; i++) {
        if (script.wrong[0] != '\0') {
            fail_msg("%s", script.wrong);
        }
        assert_in_range(i, 0, TURNS_MS / 10);
        http_turn(world.reach.http, NULL, 0, 10);
    }
    assert_int_equal(told.ends, 1);
}

/* ---- links */

static void test_link(void **state) {
    (void)state;
    static const char *const good[] = {
        "<a rel=\"me\" href=\"" TARGET "\">",
        "<link href='" TARGET "/' rel='noopener ME nofollow'>",
        "<p><b><i><a rel=me href=HTTPS://RAUTE.example:443/e/hro/people/AAAAAAAAAAA#x>",
        "<html><head><link rel=\"me\" href=\" " TARGET "\"></head></html>",
        "<a rel=me href='https://other.example/'></a><a rel=me href='" TARGET "'>",
    };
    static const char *const bad[] = {
        "",
        TARGET,
        "<a href=\"" TARGET "\">",
        "<a rel=\"me2\" href=\"" TARGET "\">",
        "<a rel=\"some\" href=\"" TARGET "\">",
        "<a rel=\"me\" href=\"" TARGET "B\">",
        "<a rel=\"me\" href=\"" TARGET "?x=1\">",
        "<a rel=\"me\" href=\"http://raute.example/e/hro/people/AAAAAAAAAAA\">",
        "<a rel=\"me\" href=\"https://raute.example/e/hro/people/aaaaaaaaaaa\">",
        "<a rel=\"me\" href=\"https://evil.example/e/hro/people/AAAAAAAAAAA\">",
        "<!-- <a rel=\"me\" href=\"" TARGET "\"> -->",
        "<script>'<a rel=\"me\" href=\"" TARGET "\">'</script>",
        "<area rel=\"me\" href=\"" TARGET "\">",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(relme_has(good[i], strlen(good[i]), TARGET));
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (relme_has(bad[i], strlen(bad[i]), TARGET)) {
            fail_msg("%s", bad[i]);
        }
    }
}

/* However deep it is. */
static void test_link_deep(void **state) {
    (void)state;
    enum { DEEP = 100000 };
    char *page = malloc(DEEP * 5 + 200);
    size_t length = 0;
    for (int i = 0; i < DEEP; i++) {
        memcpy(page + length, "<div>", 5);
        length += 5;
    }
    length += (size_t)snprintf(page + length, 200, "<a rel=me href=%s>", TARGET);
    (void)relme_has(page, length, TARGET);
    free(page);
}

static void look_page(const struct line *lines, const char *account, const char *path) {
    char page[128];
    memset(&told, 0, sizeof told);
    scripted_up(lines, NETWORK_MASTODON);
    (void)snprintf(page, sizeof page, "%s%s", script.far->origin, path);
    char name[128];
    (void)snprintf(name, sizeof name, "%s%s", account, *account == '\0' ? "" : script.far->peer);
    relme_look(&(struct proof_look){.reach = &world.reach,
                                    .account = name,
                                    .page = page,
                                    .wanted = TARGET,
                                    .done = tell,
                                    .context = &told});
    assert_int_equal(told.ends, 0);
    until_told();
}

static void test_page(void **state) {
    (void)state;
    static const struct {
        struct line lines[2];
        enum refusal refusal;
    } cases[] = {
        {{{"GET /me ", HTML, "<a rel=me href='" TARGET "'>"}}, REFUSAL_OK},
        {{{"GET /me ", TYPED "Application/XHTML+XML", "<a rel='me' href='" TARGET "'/>"}},
         REFUSAL_OK},
        {{{"GET /me ", HTML, "<a href='" TARGET "'>"}}, REFUSAL_BAD_CODE},
        /* a file that somebody may leave there */
        {{{"GET /me ", TYPED "text/plain", "<a rel=me href='" TARGET "'>"}}, REFUSAL_BAD_CODE},
        {{{"GET /me ", TYPED "text/html5", "<a rel=me href='" TARGET "'>"}}, REFUSAL_BAD_CODE},
        {{{"GET /me ", OK, "<a rel=me href='" TARGET "'>"}}, REFUSAL_BAD_CODE},
        {{{"GET /me ", NO, "<a rel=me href='" TARGET "'>"}}, REFUSAL_BAD_CODE},
        {{{"GET /me ", "410 Gone", ""}}, REFUSAL_BAD_CODE},
        {{{"GET /me ", "503 Later", ""}}, REFUSAL_UNREACHABLE},
        {{{"GET /me ", "403 No", "<a rel=me href='" TARGET "'>"}}, REFUSAL_BAD_SERVER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        look_page(cases[i].lines, "", "/me");
        assert_int_equal(told.refusal, cases[i].refusal);
        assert_true(strstr(told.source, "/me") != NULL);
        scripted_down();
    }
    /* no page of the app is the account's own */
    memset(&told, 0, sizeof told);
    static const struct line nobody[] = {{0}};
    scripted_up(nobody, NETWORK_MASTODON);
    relme_look(&(struct proof_look){.reach = &world.reach,
                                    .account = "anna.test",
                                    .page = "",
                                    .wanted = TARGET,
                                    .done = tell,
                                    .context = &told});
    until_told();
    assert_int_equal(told.refusal, REFUSAL_BAD_ACCOUNT);
    scripted_down();
}

/* %s: the server's origin */
#define FINGER                                                                                     \
    "{\"links\":[{\"rel\":\"self\",\"type\":\"application/activity+json\","                        \
    "\"href\":\"%s/users/anna\"},{\"rel\":\"http://webfinger.net/rel/profile-page\","              \
    "\"href\":\"%s/@anna\"}]}"
#define ASKED "GET /.well-known/webfinger?resource=acct%3Aanna%40127.0.0.1%3A"

static void test_profile(void **state) {
    (void)state;
    static const struct line good[] = {
        {ASKED, OK, FINGER}, {"GET /@anna ", HTML, "<link rel=me href='" TARGET "'>"}, {0}};
    look_page(good, "anna@", "");
    assert_int_equal(told.refusal, REFUSAL_OK);
    assert_non_null(strstr(told.actor, "/users/anna"));
    assert_non_null(strstr(told.source, "/@anna"));
    scripted_down();
    static const struct line unknown[] = {{ASKED, NO, ""}, {0}};
    look_page(unknown, "anna@", "");
    assert_int_equal(told.refusal, REFUSAL_BAD_ACCOUNT);
    scripted_down();
    static const struct line odd[] = {{ASKED, OK, "{\"links\":[1,{}]}"}, {0}};
    look_page(odd, "anna@", "");
    assert_int_equal(told.refusal, REFUSAL_BAD_SERVER);
    scripted_down();
}

/* ---- posts: what they say */

static enum refusal note_is(const char *text, bool timed) {
    json_t *note = json_loads(text, 0, NULL);
    assert_non_null(note);
    const struct witness_rule rule = {.actor = "https://a/users/anna",
                                      .profile = "https://a/@anna",
                                      .wanted = WANTED,
                                      .not_before = timed ? 1000 : 0,
                                      .not_after = timed ? 2000 : 0};
    enum refusal refusal = witness_note(note, &rule);
    json_decref(note);
    return refusal;
}

#define NOTE(who, to, when, text)                                                                  \
    "{\"attributedTo\":" who ",\"to\":" to ",\"published\":\"" when "\",\"content\":\"" text "\"}"
#define ANNA  "\"https://a/users/anna\""
#define ALL   "[\"" PUBLIC "\"]"
#define THEN  "1970-01-01T00:00:01Z"
#define SAYS  "<p>Frage <a href='" WANTED "'>…</a></p>"
#define SHORT "raute.example/e/hro/q/17#AAAAAAAAAAAAAAAAAAAAAA"

static void test_notes(void **state) {
    (void)state;
    assert_int_equal(note_is(NOTE(ANNA, ALL, THEN, SAYS), true), REFUSAL_OK);
    assert_int_equal(note_is(NOTE("[\"x\"," ANNA "]", "\"as:Public\"", THEN, SHORT "."), true),
                     REFUSAL_OK);
    assert_int_equal(note_is(NOTE(ANNA, ALL, "2001-01-01T00:00:00Z", SAYS), false), REFUSAL_OK);
    assert_int_equal(
        note_is(NOTE(ANNA, ALL, THEN, "raute.example/e/hro/q/17&#35;AAAAAAAAAAAAAAAAAAAAAA"), true),
        REFUSAL_OK);
    static const char *const others[] = {NOTE("\"https://a/users/berta\"", ALL, THEN, SAYS),
                                         NOTE("null", ALL, THEN, SAYS),
                                         NOTE("{\"id\":" ANNA "}", ALL, THEN, SAYS),
                                         NOTE("\"https://a/users/annab\"", ALL, THEN, SAYS)};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_int_equal(note_is(others[i], true), REFUSAL_BAD_ACCOUNT);
    }
    static const char *const without[] = {
        NOTE(ANNA, "[\"https://a/users/anna/followers\"]", THEN, SAYS),
        NOTE(ANNA, ALL, "1970-01-01T00:00:00Z", SAYS), /* before the question */
        NOTE(ANNA, ALL, "1970-01-01T00:00:03Z", SAYS), /* not yet, or long after */
        NOTE(ANNA, ALL, "yesterday", SAYS),
        NOTE(ANNA, ALL, THEN, "https://raute.example/e/hro/q/17"),
        NOTE(ANNA, ALL, THEN, "https://raute.example/e/hro/q/17#BAAAAAAAAAAAAAAAAAAAAA"),
        NOTE(ANNA, ALL, THEN, "https://raute.example/e/hro/q/1#AAAAAAAAAAAAAAAAAAAAAA"),
        NOTE(ANNA, ALL, THEN, WANTED "A")};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        assert_int_equal(note_is(without[i], true), REFUSAL_BAD_CODE);
    }
}

static void test_statuses_and_records(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum refusal refusal;
    } statuses[] = {
        {"{\"account\":{\"url\":\"https://a/@anna\"},\"visibility\":\"public\",\"content\":\"" SAYS
         "\"}",
         REFUSAL_OK},
        {"{\"account\":{\"uri\":" ANNA "},\"visibility\":\"private\",\"content\":\"" SAYS "\"}",
         REFUSAL_BAD_CODE},
        {"{\"account\":{\"uri\":" ANNA "},\"visibility\":\"public\",\"content\":\"" SAYS
         "\",\"reblog\":{}}",
         REFUSAL_BAD_CODE},
        {"{\"account\":{\"acct\":\"anna\"},\"visibility\":\"public\",\"content\":\"" SAYS "\"}",
         REFUSAL_BAD_ACCOUNT},
    };
    const struct witness_rule rule = {
        .actor = "https://a/users/anna", .profile = "https://a/@anna", .wanted = WANTED};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        json_t *status = json_loads(statuses[i].text, 0, NULL);
        assert_int_equal(witness_status(status, &rule), statuses[i].refusal);
        json_decref(status);
    }
    static const struct {
        const char *text;
        enum refusal refusal;
    } records[] = {
        {"{\"$type\":\"app.bsky.feed.post\",\"text\":\"" SHORT "\"}", REFUSAL_OK},
        {"{\"$type\":\"app.bsky.feed.post\",\"text\":\"\",\"facets\":[{\"features\":[{\"uri\":"
         "\"" WANTED "\"}]}]}",
         REFUSAL_OK},
        {"{\"$type\":\"app.bsky.feed.post\",\"embed\":{\"external\":{\"uri\":\"" WANTED "\"}}}",
         REFUSAL_OK},
        {"{\"$type\":\"app.bsky.feed.like\",\"text\":\"" SHORT "\"}", REFUSAL_BAD_CODE},
        {"{\"$type\":\"app.bsky.feed.post\",\"text\":\"\",\"facets\":[1,{\"features\":[2]}]}",
         REFUSAL_BAD_CODE},
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        json_t *record = json_loads(records[i].text, 0, NULL);
        assert_int_equal(witness_record(record, &rule), records[i].refusal);
        json_decref(record);
    }
}

/* ---- posts: where they stand */

static void look_post(const struct line *lines, const char *path, const char *actor) {
    char page[128], name[64];
    memset(&told, 0, sizeof told);
    scripted_up(lines, NETWORK_MASTODON);
    (void)snprintf(page, sizeof page, "%s%s", *path == '/' ? script.far->origin : "", path);
    (void)snprintf(name, sizeof name, "anna@%s", script.far->peer);
    witness_look(&(struct proof_look){.reach = &world.reach,
                                      .account = name,
                                      .page = page,
                                      .wanted = WANTED,
                                      .actor = actor,
                                      .done = tell,
                                      .context = &told});
    assert_int_equal(told.ends, 0);
    until_told();
}

#define NOTED                                                                                      \
    "{\"id\":\"%s/@anna/1\",\"attributedTo\":\"%s/users/anna\",\"to\":\"as:Public\","              \
    "\"content\":\"" SAYS "\"}"
#define STATUS                                                                                     \
    "{\"account\":{\"uri\":\"%s/users/anna\"},\"visibility\":\"public\",\"content\":\"" SAYS "\"}"
#define OTHER "{\"id\":\"%s/@anna/1\",\"attributedTo\":\"%s/users/berta\",\"content\":\"" SAYS "\"}"
#define ELSEWHERE                                                                                  \
    "{\"id\":\"%s/@anna/2\",\"attributedTo\":\"%s/users/anna\",\"to\":\"as:Public\","              \
    "\"content\":\"" SAYS "\"}"
#define LINKED  TYPED "application/ld+json"
#define STREAMS "https://www.w3.org/ns/activitystreams"
#define POST    "GET /@anna/1 "
#define API     "GET /api/v1/statuses/1 "

static void test_posts(void **state) {
    (void)state;
    static const struct {
        struct line lines[4];
        enum refusal refusal;
    } cases[] = {
        {{{ASKED, OK, FINGER}, {POST, OBJECT, NOTED}}, REFUSAL_OK},
        {{{ASKED, OK, FINGER}, {POST, LINKED "; profile=\"" STREAMS "\"", NOTED}}, REFUSAL_OK},
        {{{ASKED, OK, FINGER}, {POST, OBJECT, OTHER}}, REFUSAL_BAD_ACCOUNT},
        /* a file that somebody may leave there */
        {{{ASKED, OK, FINGER}, {POST, OK, NOTED}, {API, NO, "{}"}}, REFUSAL_BAD_CODE},
        {{{ASKED, OK, FINGER}, {POST, TYPED "application/json", NOTED}, {API, NO, "{}"}},
         REFUSAL_BAD_CODE},
        {{{ASKED, OK, FINGER}, {POST, LINKED, NOTED}, {API, NO, "{}"}}, REFUSAL_BAD_CODE},
        {{{ASKED, OK, FINGER}, {POST, LINKED "; profile=\"x\"", NOTED}, {API, NO, "{}"}},
         REFUSAL_BAD_CODE},
        {{{ASKED, OK, FINGER}, {POST, OBJECT, ELSEWHERE}, {API, OK, STATUS}}, REFUSAL_OK},
        {{{ASKED, OK, FINGER}, {POST, OBJECT, ELSEWHERE}, {API, NO, "{}"}}, REFUSAL_BAD_CODE},
        {{{ASKED, OK, FINGER}, {POST, "401 No", "{}"}, {API, OK, STATUS}}, REFUSAL_OK},
        {{{ASKED, OK, FINGER}, {POST, OK, "<html>"}, {API, NO, "{}"}}, REFUSAL_BAD_CODE},
        {{{ASKED, OK, FINGER}, {POST, NO, "{}"}, {API, NO, "{}"}}, REFUSAL_BAD_CODE},
        {{{ASKED, OK, FINGER}, {POST, "410 Gone", "{}"}}, REFUSAL_BAD_CODE},
        {{{ASKED, OK, FINGER}, {POST, "502 No", "{}"}}, REFUSAL_UNREACHABLE},
        /* another host's object with this name */
        {{{ASKED, OK, FINGER},
          {POST, OBJECT,
           "{\"id\":\"https://evil.example/1\",\"attributedTo\":\"%s/users/anna\","
           "\"to\":\"as:Public\",\"content\":\"" SAYS "\"}"},
          {API, NO, "{}"}},
         REFUSAL_BAD_CODE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        look_post(cases[i].lines, "/@anna/1", NULL);
        assert_int_equal(told.refusal, cases[i].refusal);
        scripted_down();
    }
}

/* A copy at another server, whose word it would be; and a name that changed hands. */
static void test_posts_elsewhere(void **state) {
    (void)state;
    static const struct line lines[] = {{ASKED, OK, FINGER}, {0}};
    static const char *const pages[] = {"https://evil.example/@anna/1",
                                        "http://127.0.0.1:1/@anna/1",
                                        "https://169.254.169.254/@anna/1"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        look_post(lines, pages[i], NULL);
        assert_int_equal(told.refusal, REFUSAL_BAD_ACCOUNT);
        scripted_down();
    }
    look_post(lines, "/@anna/1", "https://a.example/users/anna");
    assert_int_equal(told.refusal, REFUSAL_BAD_ACCOUNT);
    scripted_down();
}

/* Whose a name is, for those who have logged in. By DID, since DNS has a test of its own. */
#define DID "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
#define PLC "GET /" DID " "
#define DOCUMENT                                                                                   \
    "{\"id\":\"" DID "\",\"service\":[{\"id\":\"#atproto_pds\",\"serviceEndpoint\":\"%s\","        \
    "\"type\":\"AtprotoPersonalDataServer\"}]}"

static void test_names(void **state) {
    (void)state;
    static const struct {
        struct line lines[2];
        const char *account, *actor; /* NULL: at the far server, and the actor too */
        enum refusal refusal;
    } cases[] = {
        {{{ASKED, OK, FINGER}}, NULL, "users/anna", REFUSAL_OK},
        {{{ASKED, OK, FINGER}}, NULL, "users/berta", REFUSAL_BAD_ACCOUNT},
        {{{ASKED, NO, ""}}, NULL, "users/anna", REFUSAL_BAD_ACCOUNT},
        {{{ASKED, "503 Later", ""}}, NULL, "users/anna", REFUSAL_UNREACHABLE},
        {{{ASKED, OK, "{\"links\":[]}"}}, NULL, "users/anna", REFUSAL_BAD_SERVER},
        {{{PLC, OK, DOCUMENT}}, DID, DID, REFUSAL_OK},
        {{{PLC, OK, DOCUMENT}}, DID, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", REFUSAL_BAD_ACCOUNT},
        {{{PLC, "410 Gone", ""}}, DID, DID, REFUSAL_BAD_ACCOUNT},
        {{{PLC, "503 Later", ""}}, DID, DID, REFUSAL_UNREACHABLE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[64], actor[128];
        memset(&told, 0, sizeof told);
        scripted_up(cases[i].lines, NETWORK_MASTODON);
        world.options.plc_url = script.far->origin;
        (void)snprintf(name, sizeof name, "anna@%s", script.far->peer);
        (void)snprintf(actor, sizeof actor, "%s/%s", script.far->origin, cases[i].actor);
        bool far = cases[i].account == NULL;
        witness_look(&(struct proof_look){.reach = &world.reach,
                                          .account = far ? name : cases[i].account,
                                          .actor = far ? actor : cases[i].actor,
                                          .done = tell,
                                          .context = &told});
        until_told();
        assert_int_equal(told.refusal, cases[i].refusal);
        scripted_down();
    }
}

/* Nobody leads us into the house, or gives us more than we take. */
static bool endless;
static bool hostile_answer(struct far_line *line, const char *request) {
    static const char start[] = "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n";
    (void)request;
    if (!endless) {
        return far_answer(line, "302 Found", "Location: https://127.0.0.1/me\r\n", "");
    }
    static char piece[65536];
    bool more = far_write(line, start, strlen(start));
    for (int i = 0; more && i < 1000; i++) {
        more = far_write(line, piece, sizeof piece);
    }
    return false;
}

static void test_hostile(void **state) {
    (void)state;
    static const struct line nobody[] = {{0}};
    for (int i = 0; i < 2; i++) {
        char page[64];
        endless = i == 1;
        memset(&told, 0, sizeof told);
        scripted_up(nobody, NETWORK_MASTODON);
        script.far->answer = hostile_answer;
        (void)snprintf(page, sizeof page, "%s/me", script.far->origin);
        relme_look(&(struct proof_look){.reach = &world.reach,
                                        .account = "",
                                        .page = page,
                                        .wanted = TARGET,
                                        .done = tell,
                                        .context = &told});
        until_told();
        assert_int_equal(told.refusal, REFUSAL_BAD_SERVER);
        scripted_down();
    }
}

/* Who may lead visitors of the page away has not made it theirs. */
static char away[64];
static bool away_answer(struct far_line *line, const char *request) {
    char header[128];
    if (line->far != script.far) {
        return far_answer(line, HTML, "", "<a rel=me href='" TARGET "'>");
    }
    bool inside = strncmp(request, "GET /inside ", 12) == 0;
    if (strncmp(request, "GET /me ", 8) == 0) {
        return far_answer(line, HTML, "", "<a rel=me href='" TARGET "'>");
    }
    (void)snprintf(header, sizeof header, "Location: %s/me\r\n", inside ? "" : away);
    return far_answer(line, "302 Found", header, "");
}

static void test_page_elsewhere(void **state) {
    (void)state;
    static const struct line nobody[] = {{0}};
    static const char *const paths[] = {"/inside", "/outside"};
    for (int i = 0; i < 2; i++) {
        char page[64];
        struct far *other = far_start(away_answer);
        memset(&told, 0, sizeof told);
        scripted_up(nobody, NETWORK_MASTODON);
        script.far->answer = away_answer;
        const char *peers[] = {script.far->peer, other->peer};
        world.options.peers = peers;
        world.options.peer_count = 2;
        (void)snprintf(away, sizeof away, "%s", other->origin);
        (void)snprintf(page, sizeof page, "%s%s", script.far->origin, paths[i]);
        relme_look(&(struct proof_look){.reach = &world.reach,
                                        .account = "",
                                        .page = page,
                                        .wanted = TARGET,
                                        .done = tell,
                                        .context = &told});
        until_told();
        assert_int_equal(told.refusal, i == 0 ? REFUSAL_OK : REFUSAL_BAD_CODE);
        scripted_down();
        far_stop(other);
    }
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link),    cmocka_unit_test(test_link_deep),
        cmocka_unit_test(test_page),    cmocka_unit_test(test_profile),
        cmocka_unit_test(test_notes),   cmocka_unit_test(test_statuses_and_records),
        cmocka_unit_test(test_posts),   cmocka_unit_test(test_posts_elsewhere),
        cmocka_unit_test(test_hostile), cmocka_unit_test(test_page_elsewhere),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
