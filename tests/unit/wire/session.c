/* What the case files cannot say: order of events, rates, rotated keys, POST's bearer, statuses. */
#include "wire/world.h"

static void expect_code(struct session *session, const char *text, const char *code) {
    json_t *answer = visitor_says(session, text, strlen(text));
    assert_string_equal(answer_code(answer), code);
    json_decref(answer);
}

static void every_refusal_has_words_and_a_status(void **state) {
    (void)state;
    for (int refusal = 0; refusal < REFUSAL_COUNT; refusal++) {
        struct buffer out = buffer_make(4096);
        answer_error(&out, &(uint32_t){17}, (enum refusal)refusal, LANGUAGE_DE);
        json_t *answer = json_loadb((const char *)out.data, out.length, 0, NULL);
        assert_int_equal(json_integer_value(json_object_get(answer, "id")), 17);
        assert_string_equal(answer_code(answer), refusal_code((enum refusal)refusal));
        json_decref(answer);
        buffer_clear(&out);
        int status = refusal_status((enum refusal)refusal);
        assert_true(refusal == REFUSAL_OK ? status == 200 : status >= 400 && status < 508);
    }
    assert_int_equal(refusal_status(REFUSAL_TOO_LONG), 413);
    assert_int_equal(refusal_status(REFUSAL_MEMBERS_ONLY), 403);
    assert_int_equal(refusal_status(REFUSAL_GONE), 410);
    assert_int_equal(refusal_status(REFUSAL_STALE), 409);
    assert_int_equal(refusal_status(REFUSAL_TOO_OFTEN), 429);
    assert_int_equal(refusal_status(REFUSAL_STORAGE), 507);
    assert_int_equal(refusal_status(REFUSAL_NOT_JOINED), 400);
    assert_int_equal(refusal_status(REFUSAL_BAD_SERVER), 400);
    assert_int_equal(refusal_status(REFUSAL_REFUSED), 403);
    assert_int_equal(refusal_status(REFUSAL_EXPIRED), 410);
    assert_int_equal(refusal_status(REFUSAL_NOT_CONFIGURED), 501);
    assert_int_equal(refusal_status(REFUSAL_UNREACHABLE), 502);
}

static void sentences_follow_the_language(void **state) {
    (void)state;
    struct world world;
    struct session session;
    world_open(&world);
    struct place place = place_usual(&world);
    visitor_start(&session, &world, &place);
    expect_code(&session, "{\"cmd\":\"join\",\"id\":1,\"language\":\"en\"}", "ok");
    json_t *answer = visitor_says(&session, "x", 1);
    assert_true(json_is_null(json_object_get(answer, "id")));
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(answer, "error"), "message")),
        words_refusal(LANGUAGE_EN, REFUSAL_BAD_MESSAGE));
    json_decref(answer);
    session_end(&session);
    place_free(&place);
    world_close(&world);
}

static void frames_since_the_join(void **state) {
    (void)state;
    struct world world;
    struct session session;
    world_open(&world);
    struct place place = place_usual(&world);
    json_t *snapshot = resource_json(&world, &place, RESOURCE_SNAPSHOT_PUBLIC);
    json_int_t seq = json_integer_value(json_object_get(snapshot, "seq"));
    visitor_start(&session, &world, &place);
    char join[128];
    (void)snprintf(join, sizeof join, "{\"cmd\":\"join\",\"id\":1,\"since\":%lld}", (long long)seq);
    expect_code(&session, join, "ok");
    assert_true(session.joined && session.member && !session.resync);
    assert_int_equal(session.seq, seq);
    assert_int_equal(session_view(&session), VIEW_PUBLIC);
    expect_code(&session, "{\"cmd\":\"join\",\"id\":2}", "ok");
    assert_true(session.resync);
    expect_code(&session, "{\"cmd\":\"join\",\"id\":3,\"role\":\"stage\"}", "forbidden");
    assert_false(session.joined);
    expect_code(&session, "{\"cmd\":\"vote\",\"id\":4,\"n\":1}", "not_joined");
    json_decref(snapshot);
    session_end(&session);
    place_free(&place);
    world_close(&world);
}

/* The vote of a member counts once, over however many connections and in whatever order. */
static void one_member_one_vote(void **state) {
    (void)state;
    struct world world;
    struct session session;
    world_open(&world);
    struct place place = place_usual(&world);
    visitor_start(&session, &world, &place);
    const char first[] = "{\"cmd\":\"join\",\"id\":0}";
    json_t *joined = visitor_says(&session, first, sizeof first - 1);
    const char *token = json_string_value(json_object_get(json_object_get(joined, "ok"), "member"));
    for (int i = 0; i < 3; i++) {
        expect_code(&session, "{\"cmd\":\"vote\",\"id\":1,\"n\":2}", "ok");
        session_end(&session);
        visitor_start(&session, &world, &place);
        char again[128];
        (void)snprintf(again, sizeof again, "{\"cmd\":\"join\",\"id\":0,\"member\":\"%s\"}", token);
        expect_code(&session, again, "ok");
    }
    session_end(&session);
    visitor_join(&session, &world, &place, ROLE_AUDIENCE);
    expect_code(&session, "{\"cmd\":\"vote\",\"id\":1,\"n\":2}", "ok");
    session_end(&session);
    json_t *snapshot = resource_json(&world, &place, RESOURCE_SNAPSHOT_PUBLIC);
    const json_t *question = json_array_get(json_object_get(snapshot, "questions"), 1);
    assert_int_equal(json_integer_value(json_object_get(question, "votes")), 2);
    json_decref(snapshot);
    json_decref(joined);
    place_free(&place);
    world_close(&world);
}

static void token_of_another_event(void **state) {
    (void)state;
    struct world world;
    struct session session;
    world_open(&world);
    struct place here = place_usual(&world), there = place_usual(&world);
    visitor_start(&session, &world, &there);
    const char join[] = "{\"cmd\":\"join\",\"id\":0}";
    json_t *joined = visitor_says(&session, join, sizeof join - 1);
    const char *token = json_string_value(json_object_get(json_object_get(joined, "ok"), "member"));
    session_end(&session);
    visitor_start(&session, &world, &here);
    char again[128];
    (void)snprintf(again, sizeof again, "{\"cmd\":\"join\",\"id\":0,\"member\":\"%s\"}", token);
    expect_code(&session, again, "forbidden");
    assert_false(session_bearer(&session, token));
    session_end(&session);
    json_decref(joined);
    place_free(&here);
    place_free(&there);
    world_close(&world);
}

static void admissions_per_address(void **state) {
    (void)state;
    struct world world;
    struct session session;
    world_open(&world);
    struct place place = place_usual(&world);
    int64_t now = clock_monotonic_ms();
    for (int i = 0; i < LIMIT_ADMISSIONS_PER_ADDRESS; i++) {
        const uint8_t address[16] = {1};
        assert_true(buckets_take(world.wire.admissions, address, sizeof address,
                                 LIMIT_ADMISSIONS_PER_ADDRESS, 1000000, now));
    }
    visitor_start(&session, &world, &place);
    session.address[0] = 1;
    /* A few may have come back while the bucket was emptied. */
    json_t *answer = NULL;
    for (int i = 0; i < 10000; i++) {
        const char join[] = "{\"cmd\":\"join\",\"id\":1}";
        json_decref(answer);
        answer = visitor_says(&session, join, sizeof join - 1);
        if (strcmp(answer_code(answer), "too_often") == 0) {
            break;
        }
    }
    assert_string_equal(answer_code(answer), "too_often");
    session.address[0] = 2;
    expect_code(&session, "{\"cmd\":\"join\",\"id\":1}", "ok");
    json_decref(answer);
    session_end(&session);
    place_free(&place);
    world_close(&world);
}

static void rotated_key_ends_the_session(void **state) {
    (void)state;
    struct world world;
    struct session moderator, organiser;
    world_open(&world);
    struct place place = place_usual(&world);
    visitor_join(&moderator, &world, &place, ROLE_MODERATOR);
    visitor_join(&organiser, &world, &place, ROLE_ORGANISER);
    const char rotate[] = "{\"cmd\":\"link\",\"id\":1,\"role\":\"moderator\"}";
    json_t *answer = visitor_says(&organiser, rotate, sizeof rotate - 1);
    const char *link = json_string_value(json_object_get(json_object_get(answer, "ok"), "link"));
    const char *key = strstr(link, "/moderator#k=");
    assert_int_equal(strncmp(link, PUBLIC_URL "/e/", strlen(PUBLIC_URL "/e/")), 0);
    assert_non_null(key);
    expect_code(&moderator, "{\"cmd\":\"pin\",\"id\":2,\"n\":1,\"on\":true}", "forbidden");
    assert_true(session_bearer(&moderator, key + strlen("/moderator#k=")));
    expect_code(&moderator, "{\"cmd\":\"pin\",\"id\":3,\"n\":1,\"on\":true}", "ok");
    json_decref(answer);
    session_end(&moderator);
    session_end(&organiser);
    place_free(&place);
    world_close(&world);
}

static void bearer(void **state) {
    (void)state;
    struct world world;
    struct session session;
    char key[BASE64_CHARS(ROLE_KEY_BYTES) + 1];
    world_open(&world);
    struct place place = place_usual(&world);
    visitor_start(&session, &world, &place);
    const char *const wrong[] = {"", "x", "AAAAAAAAAAAAAAAAAAAAAA",
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Bearer"};
    assert_false(session_bearer(&session, NULL));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(session_bearer(&session, wrong[i]));
        assert_false(session.joined);
    }
    for (int role = ROLE_ORGANISER; role <= ROLE_STAGE; role++) {
        base64_encode(key, place.keys->key[role - 1], ROLE_KEY_BYTES);
        assert_true(session_bearer(&session, key));
        assert_int_equal(session.role, role);
    }
    expect_code(&session, "{\"cmd\":\"vote\",\"id\":1,\"n\":1}", "forbidden");
    session_end(&session);
    place_free(&place);
    world_close(&world);
}

/* Answers that nobody fetches: the next command is refused, none is lost. */
static void too_many_unanswered(void **state) {
    (void)state;
    struct world world;
    struct session session;
    world_open(&world);
    struct place place = place_usual(&world);
    visitor_join(&session, &world, &place, ROLE_AUDIENCE);
    const char vote[] = "{\"cmd\":\"vote\",\"id\":1,\"n\":1}";
    struct buffer answer = buffer_make(4096);
    for (int i = 0; i < LIMIT_SESSION_WAITING; i++) {
        assert_int_equal(session_message(&session, (const uint8_t *)vote, sizeof vote - 1, &answer),
                         REFUSAL_OK);
        assert_int_equal(answer.length, 0);
    }
    assert_int_equal(session_message(&session, (const uint8_t *)vote, sizeof vote - 1, &answer),
                     REFUSAL_BUSY);
    buffer_reset(&answer);
    for (int i = 0; i < LIMIT_SESSION_WAITING; i++) {
        struct queue_node *node = queue_wait(&world.replies, 1, clock_monotonic_ms() + WAIT_MS);
        assert_non_null(node);
        session_answer(&session, (struct journal_request *)node, &answer);
        request_free((struct journal_request *)node);
    }
    assert_int_equal(session.waiting, 0);
    buffer_clear(&answer);
    expect_code(&session, vote, "ok");
    session_end(&session);
    place_free(&place);
    world_close(&world);
}

/* What came back from the bridge: its object, or why not. */
static void answers_of_the_bridge(void **state) {
    (void)state;
    struct world world;
    struct session session;
    struct buffer out = buffer_make(LIMIT_MESSAGE_BYTES);
    world_open(&world);
    struct place place = place_usual(&world);
    visitor_join(&session, &world, &place, ROLE_ORGANISER);
    struct journal_request *request = journal_request_new(COMMAND_CONNECT_FINISH, place.id);
    request->id = 17;
    request->answer = memory_text("{\"account\":3}");
    session.waiting = 3;
    session_answer(&session, request, &out);
    assert_string_equal((const char *)out.data, "{\"id\":17,\"ok\":{\"account\":3}}");
    buffer_reset(&out);
    request->refusal = REFUSAL_UNREACHABLE;
    session_answer(&session, request, &out);
    json_t *answer = json_loadb((const char *)out.data, out.length, 0, NULL);
    assert_string_equal(answer_code(answer), "unreachable");
    json_decref(answer);
    /* more than a socket takes at once */
    char *long_text = memory_new(LIMIT_MESSAGE_BYTES + 1);
    memset(long_text, ' ', LIMIT_MESSAGE_BYTES);
    free(request->answer);
    request->answer = long_text;
    request->refusal = REFUSAL_OK;
    buffer_reset(&out);
    session_answer(&session, request, &out);
    answer = json_loadb((const char *)out.data, out.length, 0, NULL);
    assert_string_equal(answer_code(answer), "full");
    json_decref(answer);
    request_free(request);
    buffer_clear(&out);
    session_end(&session);
    place_free(&place);
    world_close(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_has_words_and_a_status),
        cmocka_unit_test(sentences_follow_the_language),
        cmocka_unit_test(frames_since_the_join),
        cmocka_unit_test(one_member_one_vote),
        cmocka_unit_test(token_of_another_event),
        cmocka_unit_test(admissions_per_address),
        cmocka_unit_test(rotated_key_ends_the_session),
        cmocka_unit_test(bearer),
        cmocka_unit_test(too_many_unanswered),
        cmocka_unit_test(answers_of_the_bridge),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
