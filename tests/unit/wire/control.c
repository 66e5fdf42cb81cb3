/* The control socket's commands: create, links, delete, and import of a real event. */
#include "wire/world.h"

#include "wire/carded.h"
#include "wire/control.h"
#include "wire/object.h"

static struct control_result control_run(struct world *world, const struct buffer *line) {
    struct control control;
    struct journal_request *request;
    control_start(&control, world->journal, PUBLIC_URL, LANGUAGE_EN, line->data, line->length);
    while ((request = control_next(&control)) != NULL) {
        request_run(world, request);
        control_answered(&control, request);
    }
    struct buffer answer = buffer_make(65536);
    struct control_result result;
    control_finish(&control, &answer);
    assert_null(strchr((const char *)answer.data, '\n'));
    assert_true(control_result_read(&result, answer.data, answer.length));
    assert_int_equal(result.ok, result.code == NULL);
    buffer_clear(&answer);
    return result;
}

static void assert_refused(struct world *world, const char *text, const char *code) {
    struct buffer line = buffer_make(1 << 20);
    buffer_text(&line, text);
    struct control_result result = control_run(world, &line);
    assert_string_equal(result.code, code);
    assert_true(strlen(result.message) > 5);
    control_result_clear(&result);
    buffer_clear(&line);
}

static void control_creates_links_deletes(void **state) {
    (void)state;
    struct world world;
    struct buffer line = buffer_make(1 << 20);
    world_open(&world);
    control_ask_create(&line, "Netzwerken", (const char *const[]){"NetzwerkenHRO"}, 1, "hro",
                       LANGUAGE_DE);
    struct control_result made = control_run(&world, &line);
    assert_true(made.ok);
    assert_string_equal(made.slug, "hro");
    assert_string_equal(made.link[ROLE_AUDIENCE], PUBLIC_URL "/e/hro");
    assert_non_null(strstr(made.link[ROLE_STAGE], "/e/hro/stage#k="));
    struct control_result taken = control_run(&world, &line);
    assert_string_equal(taken.code, "slug_taken");

    buffer_reset(&line);
    control_ask_links(&line, "hro");
    struct control_result links = control_run(&world, &line);
    assert_true(links.ok);
    struct session session;
    struct door *door = journal_door(world.journal, "hro");
    session_start(&session, &world.wire, door);
    for (int role = ROLE_ORGANISER; role <= ROLE_STAGE; role++) {
        assert_true(session_bearer(&session, strstr(links.link[role], "#k=") + 3));
        assert_int_equal(session.role, role);
        assert_false(session_bearer(&session, strstr(made.link[role], "#k=") + 3));
    }
    session_end(&session);

    buffer_reset(&line);
    control_ask_delete(&line, "hro");
    struct control_result gone = control_run(&world, &line), again = control_run(&world, &line);
    assert_true(gone.ok);
    assert_string_equal(gone.slug, "hro");
    assert_string_equal(again.code, "unknown");
    control_result_clear(&made);
    control_result_clear(&taken);
    control_result_clear(&links);
    control_result_clear(&gone);
    control_result_clear(&again);
    buffer_clear(&line);
    world_close(&world);
}

static void control_refuses(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    assert_refused(&world, "", "bad_message");
    assert_refused(&world, "hello", "bad_message");
    assert_refused(&world, "{\"cmd\":1}", "bad_message");
    assert_refused(&world, "{\"cmd\":\"explode\"}", "unknown_command");
    assert_refused(&world, "{\"cmd\":\"event_delete\"}", "bad_message");
    assert_refused(&world, "{\"cmd\":\"event_delete\",\"slug\":\"nobody\"}", "unknown");
    assert_refused(&world, "{\"cmd\":\"event_links\",\"slug\":\"nobody\",\"x\":1}", "bad_message");
    assert_refused(&world, "{\"cmd\":\"import\",\"export\":{}}", "bad_message");
    assert_refused(&world, "{\"cmd\":\"event_create\",\"title\":\"a\",\"hashtags\":[]}",
                   "bad_hashtag");
    struct control_result result;
    assert_false(control_result_read(&result, (const uint8_t *)"{}", 2));
    assert_false(control_result_read(&result, (const uint8_t *)"x", 1));
    world_close(&world);
}

/* After the close nobody is a member, and cards and claims go on; now by address. */
static void closed_event_takes_cards(const struct place *place, struct session *session) {
    const char *const names[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        json_t *card = message_card(place, names[i]);
        json_t *answer = visitor_sends(session, card);
        assert_string_equal(answer_code(answer), i < LIMIT_CARDS_BURST ? "ok" : "too_often");
        json_decref(answer);
        json_decref(card);
    }
    const char token[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_true(session_bearer(session, NULL)); /* by POST, too */
    assert_true(session_bearer(session, token));
    assert_int_equal(session->role, ROLE_AUDIENCE);
    assert_false(session_bearer(session, "x"));
}

/* A real event, deleted, comes back from its export; a question withdrawn in between does not. */
static void import_comes_back(void **state) {
    (void)state;
    struct world world;
    struct buffer line = buffer_make(1 << 20);
    world_open(&world);
    struct place place = place_usual(&world);
    json_t *before = resource_json(&world, &place, RESOURCE_EXPORT_JSON);
    char *file = json_dumps(before, JSON_INDENT(2));
    assert_false(control_ask_import(&line, (const uint8_t *)"[1]", 3));
    assert_true(control_ask_import(&line, (const uint8_t *)file, strlen(file)));
    assert_null(strchr((const char *)line.data, '\n'));
    struct control_result present = control_run(&world, &line);
    assert_string_equal(present.code, "present");

    char text[128];
    (void)snprintf(text, sizeof text, "{\"cmd\":\"delete\",\"id\":1,\"slug\":\"%s\"}", place.slug);
    place_command(&world, &place, ROLE_ORGANISER, text);
    struct control_result back = control_run(&world, &line);
    if (!back.ok) {
        fail_msg("%s", back.code);
    }
    json_t *after = resource_json(&world, &place, RESOURCE_EXPORT_JSON);
    assert_true(
        json_equal(json_object_get(before, "questions"), json_object_get(after, "questions")));
    assert_true(json_equal(json_object_get(before, "talks"), json_object_get(after, "talks")));
    assert_true(json_integer_value(json_object_get(json_object_get(after, "event"), "end")) <=
                clock_unix_ms() / 60000);
    struct session session;
    visitor_start(&session, &world, &place);
    const char join[] = "{\"cmd\":\"join\",\"id\":1}",
               vote[] = "{\"cmd\":\"vote\",\"id\":1,\"n\":1}";
    json_t *joined = visitor_says(&session, join, sizeof join - 1);
    json_t *voted = visitor_says(&session, vote, sizeof vote - 1);
    assert_string_equal(answer_code(joined), "ok");
    assert_null(json_object_get(json_object_get(joined, "ok"), "member"));
    assert_string_equal(answer_code(voted), "closed");
    json_decref(joined);
    json_decref(voted);
    closed_event_takes_cards(&place, &session);
    session_end(&session);
    json_decref(before);
    json_decref(after);
    free(file);
    control_result_clear(&present);
    control_result_clear(&back);
    buffer_clear(&line);
    place_free(&place);
    world_close(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_creates_links_deletes),
        cmocka_unit_test(control_refuses),
        cmocka_unit_test(import_comes_back),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
