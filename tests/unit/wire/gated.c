/* Gated events: who has a ticket is a member, once per seat, and everybody else watches. */
#include "wire/signing.h"

static json_t *say(struct session *session, const char *text, const char *code) {
    json_t *answer = visitor_says(session, text, strlen(text));
    if (strcmp(answer_code(answer), code) != 0) {
        fail_msg("%s: %s, not %s", text, answer_code(answer), code);
    }
    return answer;
}

static void expect(struct session *session, const char *text, const char *code) {
    json_decref(say(session, text, code));
}

static struct place place_gated(struct world *world) {
    struct place place = place_usual(world);
    place_command(world, &place, ROLE_ORGANISER,
                  "{\"cmd\":\"settings\",\"id\":1,\"admission\":\"tickets\"}");
    return place;
}

/* A join with the pass that this nonce has, written down without identity/pass.c. */
static void pass_join(char text[256], const struct door *door, uint8_t nonce, uint8_t spoil) {
    struct buffer input = buffer_make(256);
    uint8_t bytes[PASS_NONCE_BYTES] = {nonce}, output[VOPRF_OUTPUT_BYTES];
    char nonce_text[BASE64_CHARS(sizeof bytes) + 1], output_text[BASE64_CHARS(sizeof output) + 1];
    bytes_integer(&input, (uint32_t)strlen("raute.1/pass"), 1);
    buffer_text(&input, "raute.1/pass");
    buffer_append(&input, door->event, EVENT_ID_BYTES);
    buffer_append(&input, bytes, sizeof bytes);
    assert_true(voprf_output(output, input.data, input.length, &door->pass->pass));
    output[0] ^= spoil;
    base64_encode(nonce_text, bytes, sizeof bytes);
    base64_encode(output_text, output, sizeof output);
    (void)snprintf(text, 256, "{\"cmd\":\"join\",\"id\":1,\"nonce\":\"%s\",\"output\":\"%s\"}",
                   nonce_text, output_text);
    buffer_clear(&input);
}

static char *member_of(const json_t *answer) {
    const char *token = json_string_value(json_object_get(json_object_get(answer, "ok"), "member"));
    return token != NULL ? memory_text(token) : NULL;
}

static void a_pass_is_one_member(void **state) {
    (void)state;
    struct world world;
    struct session session;
    char join[256];
    world_open(&world);
    struct place place = place_gated(&world);
    visitor_start(&session, &world, &place);
    json_t *watching = say(&session, "{\"cmd\":\"join\",\"id\":0}", "ok");
    assert_null(json_object_get(json_object_get(watching, "ok"), "member"));
    assert_int_equal(
        json_string_length(json_object_get(json_object_get(watching, "ok"), "pass_key")),
        BASE64_CHARS(VOPRF_ELEMENT_BYTES));
    expect(&session, "{\"cmd\":\"vote\",\"id\":1,\"n\":2}", "members_only");
    json_t *card = message_card(&place, "Anna"), *refused = visitor_sends(&session, card);
    assert_string_equal(answer_code(refused), "members_only");
    json_decref(card);
    json_decref(refused);
    pass_join(join, session.door, 1, 1);
    expect(&session, join, "bad_pass");
    expect(&session, "{\"cmd\":\"vote\",\"id\":1,\"n\":2}", "not_joined");
    pass_join(join, session.door, 1, 0);
    json_t *first = say(&session, join, "ok"), *again = say(&session, join, "ok");
    char *token = member_of(first), *same = member_of(again);
    assert_string_equal(token, same);
    expect(&session, "{\"cmd\":\"vote\",\"id\":1,\"n\":2}", "ok");
    assert_true(session_bearer(&session, token));
    expect(&session, "{\"cmd\":\"vote\",\"id\":1,\"n\":2}", "ok");
    pass_join(join, session.door, 2, 0);
    json_t *second = say(&session, join, "ok");
    char *other = member_of(second);
    assert_string_not_equal(token, other);
    expect(&session, "{\"cmd\":\"vote\",\"id\":1,\"n\":2}", "ok");
    json_t *snapshot = resource_json(&world, &place, RESOURCE_SNAPSHOT_PUBLIC);
    const json_t *question = json_array_get(json_object_get(snapshot, "questions"), 1);
    assert_int_equal(json_integer_value(json_object_get(question, "votes")), 2);
    free(token);
    free(same);
    free(other);
    json_decref(watching);
    json_decref(first);
    json_decref(again);
    json_decref(second);
    json_decref(snapshot);
    session_end(&session);
    place_free(&place);
    world_close(&world);
}

/* 500 codes, all different, in one answer; the journal's request has their hashes alone. */
static void codes_are_told_once(void **state) {
    (void)state;
    struct world world;
    struct session session;
    struct buffer answer = buffer_make(LIMIT_REPLY_BYTES);
    const char text[] = "{\"cmd\":\"tickets\",\"id\":1,\"count\":500,\"seats\":1}";
    world_open(&world);
    struct place place = place_gated(&world);
    visitor_join(&session, &world, &place, ROLE_ORGANISER);
    assert_int_equal(session_message(&session, (const uint8_t *)text, strlen(text), &answer),
                     REFUSAL_OK);
    struct queue_node *node = queue_wait(session.replies, 1, clock_monotonic_ms() + WAIT_MS);
    struct journal_request *request = (struct journal_request *)node;
    assert_non_null(node);
    session_answer(&session, request, &answer);
    assert_false(answer.overflow);
    json_t *read = json_loadb((const char *)answer.data, answer.length, 0, NULL);
    const json_t *codes = json_object_get(json_object_get(read, "ok"), "codes");
    assert_int_equal(json_array_size(codes), 500);
    for (size_t i = 0; i < 500; i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        assert_int_equal(strlen(code), 19);
        assert_true(code[4] == '-' && code[9] == '-' && code[14] == '-');
        assert_string_not_equal(code, json_string_value(json_array_get(codes, i == 0 ? 1 : i - 1)));
    }
    request_free(request);
    json_decref(read);
    buffer_clear(&answer);
    session_end(&session);
    place_free(&place);
    world_close(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_is_one_member),
        cmocka_unit_test(codes_are_told_once),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
