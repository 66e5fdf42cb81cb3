/* Posts on the AT Protocol: records as they are written, and what is done when answers are missing,
 * late, or nonsense. */
#include "posting.h"

/* ---- keys and far ids */

static const char base32[] = "234567abcdefghijklmnopqrstuvwxyz";

static uint64_t number_of(const char *rkey) {
    uint64_t value = 0;
    assert_int_equal(strlen(rkey), 13);
    for (; *rkey != '\0'; rkey++) {
        const char *at = strchr(base32, *rkey);
        assert_non_null(at);
        value = value << 5 | (uint64_t)(at - base32);
    }
    return value;
}

static void test_tokens(void **state) {
    (void)state;
    char token[LIMIT_POST_TOKEN_BYTES + 1], last[LIMIT_POST_TOKEN_BYTES + 1] = "";
    for (int i = 0; i < 5000; i++) {
        bluesky_token(token);
        assert_true(strcmp(token, last) > 0); /* in order as texts, too */
        assert_true(number_of(token) >> 10 > (*last == '\0' ? 0 : number_of(last) >> 10));
        memcpy(last, token, sizeof last);
    }
    uint64_t ms = (number_of(token) >> 10) / 1000, now = (uint64_t)clock_unix_ms();
    assert_in_range(ms, now - 5000, now + 5000);
}

static void test_ring(void **state) {
    (void)state;
    static const char *const bad[] = {
        "", "3mckq7abcde2", "3mckq7abcde222", "3mckq7abcde21", "3MCKQ7ABCDE22", "../etc/passwd"};
    char rkey[LIMIT_POST_TOKEN_BYTES + 1];
    assert_true(bluesky_rkey(rkey, RKEY, 0));
    assert_string_equal(rkey, RKEY);
    assert_true(bluesky_rkey(rkey, RKEY, 4));
    assert_string_equal(rkey, PLACE4);
    assert_true(bluesky_rkey(rkey, "3mckq7abcdfzz", 1)); /* stays in its instant */
    assert_int_equal(number_of(rkey) >> 10, number_of("3mckq7abcdfzz") >> 10);
    assert_int_equal(number_of(rkey) & 1023, 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(bluesky_rkey(rkey, bad[i], 0));
    }
}

static void test_far_ids(void **state) {
    (void)state;
    struct far_parts parts;
    char far[LIMIT_POST_FAR_BYTES + 1];
    assert_true(bluesky_far_write(far, DID, RKEY, CID, NULL));
    assert_string_equal(far, FAR);
    assert_true(bluesky_far_write(far, DID, PLACE1, "bafy2", "at://a b at://root rootcid"));
    assert_string_equal(far, URI PLACE1 " bafy2 at://root rootcid");
    assert_true(bluesky_far_read(&parts, far));
    assert_string_equal(parts.part[0], URI PLACE1);
    assert_string_equal(parts.part[3], "rootcid");
    static const char *const bad[] = {"", " ", "a", "a b c", "a b c ", "a  c d", "a b c d e"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(bluesky_far_read(&parts, bad[i]));
    }
    char endless[901];
    memset(endless, 'a', sizeof endless - 1);
    endless[900] = '\0';
    assert_false(bluesky_far_read(&parts, endless));
    assert_false(bluesky_far_write(far, DID, RKEY, endless, NULL));
    endless[101] = '\0';
    assert_false(bluesky_far_write(far, DID, RKEY, endless, NULL));
    endless[100] = '\0';
    assert_true(bluesky_far_write(far, DID, RKEY, endless, NULL));
    static const char *const cids[] = {NULL, "", "a b", "a\nb", "a/b", "\xc3\xa4"};
    for (size_t i = 0; i < sizeof cids / sizeof *cids; i++) {
        assert_false(bluesky_far_write(far, DID, RKEY, cids[i], NULL));
    }
    /* the longest DID there is, with room for both CIDs; and one too long for any */
    char did[500] = "did:web:";
    memset(did + 8, 'a', 253);
    assert_true(bluesky_far_write(far, did, RKEY, CID, NULL));
    memset(did + 8, 'a', 400);
    assert_false(bluesky_far_write(far, did, RKEY, CID, NULL));
}

/* ---- records */

static void record_is(const char *expected) {
    json_t *record = bluesky_record(&world.job, INT64_C(1795000000012));
    char *text = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, expected);
    free(text);
    json_decref(record);
}

#define HEAD "{\"$type\":\"app.bsky.feed.post\",\"createdAt\":\"2026-11-18T11:06:40.012Z\","
#define TAIL                                                                                       \
    "\"facets\":[{\"features\":[{\"$type\":\"app.bsky.richtext.facet#tag\",\"tag\":\"Tag\"}],"     \
    "\"index\":{\"byteEnd\":32,\"byteStart\":28}},{\"features\":[{\"$type\":"                      \
    "\"app.bsky.richtext.facet#link\",\"uri\":\"https://a.example/e/a/q/1\"}],"                    \
    "\"index\":{\"byteEnd\":50,\"byteStart\":33}}],\"langs\":[\"de\"],"
#define TEXT "\"text\":\"Warum ist der Himmel blau?\\n\\n#Tag a.example/e/a/q/1\"}"

static void test_record(void **state) {
    (void)state;
    record_is(HEAD "\"embed\":{\"$type\":\"app.bsky.embed.external\",\"external\":{"
                   "\"description\":\"Warum ist der Himmel blau?\",\"title\":\"Abend\","
                   "\"uri\":\"https://a.example/e/a/q/1\"}}," TAIL TEXT);
}

static void test_reply(void **state) {
    (void)state;
    world.job.kind = POST_ANSWER;
    world.job.parent = "at://p cidp at://r cidr";
    record_is(HEAD TAIL "\"reply\":{\"parent\":{\"cid\":\"cidp\",\"uri\":\"at://p\"},"
                        "\"root\":{\"cid\":\"cidr\",\"uri\":\"at://r\"}}," TEXT);
}

/* ---- posts */

static void test_post(void **state) {
    (void)state;
    static const struct act acts[] = {PLAYED(CREATE, 200, WRITTEN)};
    PLAY(acts);
    run();
    sent_to(RKEY);
    const struct http_request *sent = &played.sent[0];
    assert_string_equal(sent->authorization, "Bearer access1");
    assert_string_equal(sent->proof, "");
    assert_non_null(strstr(sent->body, "\"rkey\":\"" RKEY "\""));
    assert_non_null(strstr(sent->body, "\"repo\":\"" DID "\""));
}

static void test_reply_far(void **state) {
    (void)state;
    static const struct act acts[] = {PLAYED(CREATE, 200, WRITTEN)};
    world.job.kind = POST_OPEN;
    world.job.parent = "at://p cidp at://r cidr";
    PLAY(acts);
    run();
    assert_string_equal(told.far, URI RKEY " " CID " at://r cidr");
}

/* Looks before it sends again. */
static void test_doubtful(void **state) {
    (void)state;
    static const struct act there[] = {
        PLAYED(LOOK(RKEY), 200, "{\"uri\":\"x\",\"cid\":\"" CID "\",\"value\":{}}")};
    static const struct act absent[] = {PLAYED(LOOK(RKEY), 400, MISSING),
                                        PLAYED(CREATE, 200, WRITTEN)};
    static const struct act unclear[] = {PLAYED(LOOK(RKEY), 503, "")};
    world.job.doubtful = true;
    PLAY(there);
    run();
    sent_to(RKEY);
    PLAY(absent);
    run();
    sent_to(RKEY);
    PLAY(unclear);
    run();
    failed(TROUBLE_BUSY, false);
}

static void test_answers(void **state) {
    (void)state;
    static const struct {
        struct act act;
        enum post_trouble trouble;
        bool final;
    } cases[] = {
        {PLAYED(CREATE, 500, "{\"error\":\"InternalServerError\"}"), TROUBLE_BUSY, false},
        {PLAYED(CREATE, 502, "<html>"), TROUBLE_BUSY, false},
        {PLAYED(CREATE, 429, "{\"error\":\"RateLimitExceeded\"}"), TROUBLE_LIMITED, false},
        {PLAYED(CREATE, 400, "{\"error\":\"InvalidRequest\",\"message\":\"too big\"}"),
         TROUBLE_REJECTED, true},
        {PLAYED(CREATE, 403, "{\"error\":\"ScopeMissingError\"}"), TROUBLE_FORBIDDEN, false},
        {PLAYED(CREATE, 401, SUSPENDED), TROUBLE_FORBIDDEN, false},
        {PLAYED(CREATE, 401, "{\"error\":\"AccountDeactivated\"}"), TROUBLE_FORBIDDEN, false},
        {PLAYED(CREATE, 404, "<html>"), TROUBLE_ANSWER, false},
        {PLAYED(CREATE, 301, ""), TROUBLE_ANSWER, false},
        {PLAYED_NO(CREATE, TROUBLE_UNREACHABLE), TROUBLE_UNREACHABLE, false},
        {PLAYED_NO(CREATE, TROUBLE_ANSWER), TROUBLE_ANSWER, false},
        {PLAYED_NO(CREATE, TROUBLE_ADDRESS), TROUBLE_ADDRESS, false},
        /* successes that make no sense: it may be out there all the same */
        {PLAYED(CREATE, 200, ""), TROUBLE_ANSWER, false},
        {PLAYED(CREATE, 200, "[]"), TROUBLE_ANSWER, false},
        {PLAYED(CREATE, 200, "{\"cid\":7}"), TROUBLE_ANSWER, false},
        {PLAYED(CREATE, 200, "{\"cid\":\"\"}"), TROUBLE_ANSWER, false},
        {PLAYED(CREATE, 200, "{\"cid\":\"a b\"}"), TROUBLE_ANSWER, false},
        {PLAYED(CREATE, 200, "{\"results\":{\"cid\":\"a\"}}"), TROUBLE_ANSWER, false},
        {PLAYED(CREATE, 200, "{\"results\":[7,null,{\"cid\":{}}]}"), TROUBLE_ANSWER, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        play(&cases[i].act, 1);
        run();
        failed(cases[i].trouble, cases[i].final);
    }
}

/* ---- edits */

static void edit(void) {
    world.job.act = ACT_EDIT;
    world.job.token = "3zzzzzzzzzz22";
    world.job.far = FAR;
}

static void test_edit(void **state) {
    (void)state;
    static const struct act acts[] = {PLAYED(LOOK(RKEY), 200, "{\"cid\":\"x\",\"value\":{}}"),
                                      PLAYED(WRITES, 200, REPLACED)};
    edit();
    PLAY(acts);
    run();
    sent_to(PLACE1);
    const char *body = played.sent[1].body;
    assert_non_null(strstr(body, "applyWrites#delete\",\"collection\":\"app.bsky.feed.post\","
                                 "\"rkey\":\"" RKEY "\"}"));
    assert_non_null(strstr(body, "applyWrites#create\",\"collection\":\"app.bsky.feed.post\","
                                 "\"rkey\":\"" PLACE1 "\",\"value\":{\"$type\""));
}

/* What is there says `text`; a card and a time, as a PDS gives it back. */
static const char *found(const char *text) {
    static char body[4000];
    char *was = world.text.text;
    world.text.text = (char *)(uintptr_t)text;
    json_t *record = bluesky_record(&world.job, 0);
    world.text.text = was;
    char *value = json_dumps(record, JSON_COMPACT);
    snprintf(body, sizeof body, "{\"uri\":\"x\",\"cid\":\"" CID "\",\"value\":%s}", value);
    free(value);
    json_decref(record);
    return body;
}

/* The answer to an edit was lost: it is found where it must be, if it is this one. */
static void test_edit_lost(void **state) {
    (void)state;
    edit();
    const struct act same[] = {PLAYED(LOOK(RKEY), 400, MISSING),
                               PLAYED(LOOK(PLACE1), 200, found(world.text.text))};
    PLAY(same);
    run();
    sent_to(PLACE1);
    const struct act other[] = {PLAYED(LOOK(RKEY), 400, MISSING),
                                PLAYED(LOOK(PLACE1), 200, found("an edit before this one")),
                                PLAYED(WRITES, 200, REPLACED)};
    PLAY(other);
    run();
    sent_to(PLACE2);
    assert_non_null(strstr(played.sent[2].body, "\"rkey\":\"" PLACE1 "\"}"));
    /* a reply in another thread is not the same */
    world.job.kind = POST_ANSWER;
    world.job.parent = "at://p cidp at://r cidr";
    const char *moved = found(world.text.text);
    world.job.parent = "at://q cidq at://r cidr";
    const struct act thread[] = {PLAYED(LOOK(RKEY), 400, MISSING), PLAYED(LOOK(PLACE1), 200, moved),
                                 PLAYED(WRITES, 200, REPLACED)};
    PLAY(thread);
    run();
    assert_string_equal(told.far, URI PLACE2 " " CID " at://r cidr");
}

static void test_edit_ring(void **state) {
    (void)state;
    static const struct act far_on[] = {PLAYED(LOOK(RKEY), 400, MISSING),
                                        PLAYED(LOOK(PLACE1), 400, MISSING),
                                        PLAYED(LOOK(PLACE2), 400, MISSING),
                                        PLAYED(LOOK(PLACE3), 400, MISSING),
                                        PLAYED(LOOK(PLACE4), 200, "{\"cid\":\"x\",\"value\":[]}"),
                                        PLAYED(WRITES, 200, REPLACED)};
    static const struct act gone[] = {
        PLAYED(LOOK(RKEY), 400, MISSING),   PLAYED(LOOK(PLACE1), 400, MISSING),
        PLAYED(LOOK(PLACE2), 400, MISSING), PLAYED(LOOK(PLACE3), 400, MISSING),
        PLAYED(LOOK(PLACE4), 400, MISSING), PLAYED(CREATE, 200, WRITTEN)};
    edit();
    PLAY(far_on);
    run();
    sent_to(RKEY);
    PLAY(gone);
    run();
    sent_to(PLACE1);
}

static void test_edit_troubles(void **state) {
    (void)state;
    static const struct act suspended[] = {
        PLAYED(LOOK(RKEY), 400,
               "{\"error\":\"InvalidRequest\",\"message\":\"Could not find repo\"}"),
        PLAYED(WRITES, 401, SUSPENDED)};
    static const struct act busy[] = {PLAYED(LOOK(RKEY), 500, "{}")};
    edit();
    PLAY(suspended);
    run();
    failed(TROUBLE_FORBIDDEN, false);
    PLAY(busy);
    run();
    failed(TROUBLE_BUSY, false);
    world.job.far = "at://" DID "/app.bsky.feed.post/self " CID " a b"; /* no post of ours */
    play(NULL, 0);
    played.within = false;
    run();
    failed(TROUBLE_MISSING, true);
}

/* ---- deletions */

static void test_delete(void **state) {
    (void)state;
    static const struct act known[] = {PLAYED(DELETE, 200, "{\"commit\":{\"cid\":\"x\"}}")};
    static const struct act token[] = {PLAYED(DELETE, 200, "{}")};
    world.job.act = ACT_DELETE;
    world.job.text = NULL;
    PLAY(token); /* nobody knows whether there is anything, but where */
    run();
    failed(TROUBLE_NONE, false);
    assert_non_null(strstr(played.sent[0].body, "\"rkey\":\"" RKEY "\""));
    world.job.token = "3zzzzzzzzzz22";
    world.job.far = FAR;
    PLAY(known);
    run();
    failed(TROUBLE_NONE, false);
    assert_false(told.emptied);
    assert_non_null(strstr(played.sent[0].body, "\"rkey\":\"" RKEY "\""));
}

/* Also what an edit may have left, whose answer never came. */
static void test_delete_ring(void **state) {
    (void)state;
    static const struct act moved[] = {PLAYED(DELETE, 200, "{}"),
                                       PLAYED(DELETE, 200, "{\"commit\":{\"cid\":\"x\"}}")};
    static const struct act nothing[] = {PLAYED(DELETE, 200, "{}"), PLAYED(DELETE, 200, "{}"),
                                         PLAYED(DELETE, 200, ""), PLAYED(DELETE, 200, "[]"),
                                         PLAYED(DELETE, 200, "{}")};
    static const struct act cut[] = {PLAYED(DELETE, 200, "{}"),
                                     PLAYED_NO(DELETE, TROUBLE_UNREACHABLE)};
    world.job.act = ACT_DELETE;
    world.job.text = NULL;
    world.job.far = FAR;
    PLAY(moved);
    run();
    failed(TROUBLE_NONE, false);
    assert_non_null(strstr(played.sent[1].body, "\"rkey\":\"" PLACE1 "\""));
    PLAY(nothing);
    run();
    failed(TROUBLE_NONE, false);
    assert_non_null(strstr(played.sent[4].body, "\"rkey\":\"" PLACE4 "\""));
    PLAY(cut);
    run();
    failed(TROUBLE_UNREACHABLE, false);
}

int main(void) {
    random_start();
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_tokens),        TEST(test_ring),   TEST(test_far_ids),     TEST(test_record),
        TEST(test_reply),         TEST(test_post),   TEST(test_reply_far),   TEST(test_doubtful),
        TEST(test_answers),       TEST(test_edit),   TEST(test_edit_lost),   TEST(test_edit_ring),
        TEST(test_edit_troubles), TEST(test_delete), TEST(test_delete_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
