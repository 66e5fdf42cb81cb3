/* Every case of tests/protocol/ through session_message, with a real journal behind it.
 *
 * A case: name; as: who says it (nobody has not joined); message, or raw bytes (a text, {text,
 * pad}, {repeat, times} or {hex}); before: what was said before, and accepted; expect: "ok" or a
 * code; answer: members that `ok` must have, "$any" for any value. In messages {repeat, times} is a
 * long text, and these texts stand for what is known at run time only: $key:NAME, $salt:NAME,
 * $member, $organiser, $moderator, $stage, $slug, $sign (by the key in `key`), and the wrong
 * signatures $sign:key, $sign:event, $sign:text, $sign:degree, $sign:label. */
#include "wire/world.h"

static const char *const FILES[] = {
    "join",
    "ask",
    "edit",
    "withdraw",
    "degree",
    "vote",
    "unvote",
    "move",
    "pin",
    "publish",
    "open",
    "warn",
    "post_retry",
    "post_drop",
    "settings",
    "talk_select",
    "talk_open",
    "talk_add",
    "talk_rename",
    "talk_order",
    "connect",
    "connect_finish",
    "connect_password",
    "account_test",
    "disconnect",
    "link",
    "wipe",
    "delete",
    "message",
};

struct actor {
    struct world *world;
    struct place *place;
    struct session sessions[5]; /* by enum role, and nobody */
    bool present[5];
    char signer[64]; /* the NAME of the last $key:NAME */
    char member[BASE64_CHARS(MEMBER_TOKEN_BYTES) + 1];
};

static json_t *repeated(const json_t *object) {
    struct buffer text = buffer_make(1 << 20);
    for (json_int_t i = 0; i < json_integer_value(json_object_get(object, "times")); i++) {
        buffer_text(&text, json_string_value(json_object_get(object, "repeat")));
    }
    json_t *whole = json_stringn((const char *)text.data, text.length);
    buffer_clear(&text);
    return whole;
}

static json_t *text_filled(struct actor *actor, const char *text) {
    if (strncmp(text, "$key:", 5) == 0) {
        strncpy(actor->signer, text + 5, sizeof actor->signer - 1);
        struct asker asker = asker_named(text + 5);
        return text_encoded(asker.public, sizeof asker.public);
    }
    if (strncmp(text, "$salt:", 6) == 0) {
        struct asker asker = asker_named(text + 6);
        return text_encoded(asker.salt, sizeof asker.salt);
    }
    if (strcmp(text, "$slug") == 0) {
        return json_string(actor->place->slug);
    }
    if (strcmp(text, "$member") == 0) {
        return json_string(actor->member);
    }
    for (int role = ROLE_ORGANISER; role <= ROLE_STAGE; role++) {
        if (text[0] == '$' && strcmp(text + 1, role_name((enum role)role)) == 0) {
            return text_encoded(actor->place->keys->key[role - 1], ROLE_KEY_BYTES);
        }
    }
    return json_string(text);
}

static json_t *filled(struct actor *actor, const json_t *value) {
    if (json_is_string(value)) {
        return text_filled(actor, json_string_value(value));
    }
    if (json_object_get(value, "repeat") != NULL) {
        return repeated(value);
    }
    json_t *copy = json_deep_copy(value);
    const char *name;
    json_t *part;
    size_t index;
    json_object_foreach((json_t *)value, name, part) {
        json_object_set_new(copy, name, filled(actor, part));
    }
    json_array_foreach(value, index, part) {
        json_array_set_new(copy, index, filled(actor, part));
    }
    return copy;
}

static void signature_fill(struct actor *actor, json_t *message) {
    const char *sign = json_string_value(json_object_get(message, "sig"));
    if (sign == NULL || strncmp(sign, "$sign", 5) != 0) {
        return;
    }
    struct asker asker = asker_named(actor->signer);
    const char *command = json_string_value(json_object_get(message, "cmd"));
    const char *text = json_string_value(json_object_get(message, "text"));
    uint8_t event[EVENT_ID_BYTES];
    json_t *meant = json_copy(message);
    memcpy(event, actor->place->id, sizeof event);
    if (strcmp(sign, "$sign:key") == 0) {
        struct asker other = asker_named("another");
        memcpy(asker.secret, other.secret, sizeof asker.secret);
    } else if (strcmp(sign, "$sign:event") == 0) {
        event[0] ^= 1;
    } else if (strcmp(sign, "$sign:text") == 0) {
        text = "something else";
    } else if (strcmp(sign, "$sign:degree") == 0) {
        json_int_t degree = json_integer_value(json_object_get(meant, "degree"));
        json_object_set_new(meant, "degree", json_integer(degree ^ 1));
    } else if (strcmp(sign, "$sign:label") == 0) {
        command = strcmp(command, "edit") == 0 ? "withdraw" : "edit";
    }
    json_object_set_new(message, "sig", message_sign(&asker, command, event, meant, text));
    json_decref(meant);
}

static struct session *actor_session(struct actor *actor, const char *as) {
    int role = role_find(as);
    size_t place = role < 0 ? 4 : (size_t)role;
    if (!actor->present[place]) {
        actor->present[place] = true;
        if (role < 0) {
            visitor_start(&actor->sessions[place], actor->world, actor->place);
        } else {
            visitor_join(&actor->sessions[place], actor->world, actor->place, (enum role)role);
        }
    }
    return &actor->sessions[place];
}

static json_t *said(struct actor *actor, const json_t *object) {
    const char *as = json_string_value(json_object_get(object, "as"));
    json_t *message = filled(actor, json_object_get(object, "message"));
    signature_fill(actor, message);
    json_t *answer = visitor_sends(actor_session(actor, as), message);
    json_decref(message);
    return answer;
}

static json_t *said_raw(struct actor *actor, const json_t *object, const json_t *raw) {
    const char *as = json_string_value(json_object_get(object, "as"));
    struct buffer bytes = buffer_make(1 << 20);
    const char *text = json_string_value(json_is_string(raw) ? raw : json_object_get(raw, "text"));
    const char *hex = json_string_value(json_object_get(raw, "hex"));
    if (text != NULL) {
        buffer_text(&bytes, text);
    } else if (hex != NULL) {
        for (; *hex != '\0'; hex += 2) {
            char pair[3] = {hex[0], hex[1], '\0'};
            buffer_append(&bytes, &(uint8_t){(uint8_t)strtoul(pair, NULL, 16)}, 1);
        }
    } else {
        json_t *whole = repeated(raw);
        buffer_text(&bytes, json_string_value(whole));
        json_decref(whole);
    }
    while ((json_int_t)bytes.length < json_integer_value(json_object_get(raw, "pad"))) {
        buffer_text(&bytes, " ");
    }
    /* An exact copy, so that a byte read behind the end is seen. */
    uint8_t *exact = memory_resize(NULL, bytes.length + (bytes.length == 0), 1);
    if (bytes.length > 0) {
        memcpy(exact, bytes.data, bytes.length);
    }
    json_t *answer = visitor_says(actor_session(actor, as), exact, bytes.length);
    free(exact);
    buffer_clear(&bytes);
    return answer;
}

static void answer_check(const char *name, const json_t *object, const json_t *answer) {
    const char *expect = json_string_value(json_object_get(object, "expect"));
    char *text = json_dumps(answer, JSON_COMPACT);
    if (strcmp(answer_code(answer), expect) != 0) {
        fail_msg("%s: %s: %s, not %s", name, json_string_value(json_object_get(object, "name")),
                 text, expect);
    }
    const char *member;
    json_t *value;
    json_object_foreach(json_object_get(object, "answer"), member, value) {
        const json_t *is = json_object_get(json_object_get(answer, "ok"), member);
        bool any = json_is_string(value) && strcmp(json_string_value(value), "$any") == 0;
        if (is == NULL || (!any && !json_equal(is, value))) {
            fail_msg("%s: %s: %s", name, json_string_value(json_object_get(object, "name")), text);
        }
    }
    const json_t *error = json_object_get(answer, "error");
    if (error != NULL) {
        assert_true(json_string_length(json_object_get(error, "message")) > 5);
    }
    free(text);
}

/* A token that a join gave. */
static void member_learn(struct actor *actor) {
    struct session session;
    visitor_start(&session, actor->world, actor->place);
    const char join[] = "{\"cmd\":\"join\",\"id\":0}";
    json_t *answer = visitor_says(&session, join, sizeof join - 1);
    const char *token = json_string_value(json_object_get(json_object_get(answer, "ok"), "member"));
    assert_non_null(token);
    memcpy(actor->member, token, sizeof actor->member);
    json_decref(answer);
    session_end(&session);
}

static void case_run(struct world *world, const char *name, const json_t *object) {
    struct place place = place_usual(world);
    struct actor actor = {.world = world, .place = &place};
    member_learn(&actor);
    (void)actor_session(&actor, json_string_value(json_object_get(object, "as")));
    size_t index;
    json_t *before;
    json_array_foreach(json_object_get(object, "before"), index, before) {
        json_t *answer = said(&actor, before);
        if (strcmp(answer_code(answer), "ok") != 0) {
            fail_msg("%s: %s: before: %s", name, json_string_value(json_object_get(object, "name")),
                     answer_code(answer));
        }
        json_decref(answer);
    }
    const json_t *raw = json_object_get(object, "raw");
    json_t *answer = raw != NULL ? said_raw(&actor, object, raw) : said(&actor, object);
    answer_check(name, object, answer);
    json_decref(answer);
    for (size_t i = 0; i < 5; i++) {
        if (actor.present[i]) {
            session_end(&actor.sessions[i]);
        }
    }
    place_free(&place);
    frames_drop(world);
}

static json_t *file_read(const char *name) {
    char path[64];
    (void)snprintf(path, sizeof path, "tests/protocol/%s.json", name);
    json_error_t error;
    json_t *cases = json_load_file(path, 0, &error);
    if (cases == NULL) {
        fail_msg("%s:%d: %s", path, error.line, error.text);
    }
    return cases;
}

static void cases_run(void **state) {
    struct world world;
    world_open(&world);
    json_t *cases = file_read(*state);
    assert_true(json_array_size(cases) > 0);
    size_t index;
    json_t *object;
    json_array_foreach(cases, index, object) {
        case_run(&world, *state, object);
    }
    json_decref(cases);
    world_close(&world);
}

static void create_case(struct world *world, const json_t *object) {
    struct actor actor = {.world = world};
    json_t *message = filled(&actor, json_object_get(object, "message"));
    char *body = json_dumps(message, JSON_COMPACT);
    struct journal_request *request = NULL;
    enum refusal refusal =
        create_decode((const uint8_t *)body, strlen(body), LANGUAGE_EN, &request);
    if (refusal == REFUSAL_OK) {
        struct buffer answer = buffer_make(65536);
        request_run(world, request);
        refusal = request->refusal;
        int status = create_answer(request, PUBLIC_URL, LANGUAGE_EN, &answer);
        assert_int_equal(status, refusal == REFUSAL_OK ? 201 : refusal_status(refusal));
        json_t *said_back = json_loadb((const char *)answer.data, answer.length, 0, NULL);
        const char *member = refusal == REFUSAL_OK ? "organiser" : "error";
        assert_non_null(json_object_get(said_back, member));
        json_decref(said_back);
        buffer_clear(&answer);
        request_free(request);
    }
    const char *expect = json_string_value(json_object_get(object, "expect"));
    if (strcmp(refusal_code(refusal), expect) != 0) {
        fail_msg("create: %s: %s, not %s", json_string_value(json_object_get(object, "name")),
                 refusal_code(refusal), expect);
    }
    json_decref(message);
    free(body);
}

static void create_run(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    json_t *cases = file_read("create");
    size_t index;
    json_t *object;
    json_array_foreach(cases, index, object) {
        create_case(&world, object);
    }
    json_decref(cases);
    world_close(&world);
}

int main(void) {
    struct CMUnitTest tests[sizeof FILES / sizeof FILES[0] + 1];
    size_t count = sizeof FILES / sizeof FILES[0];
    for (size_t i = 0; i < count; i++) {
        tests[i] = (struct CMUnitTest){
            .name = FILES[i], .test_func = cases_run, .initial_state = (void *)FILES[i]};
    }
    tests[count] = (struct CMUnitTest)cmocka_unit_test(create_run);
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
