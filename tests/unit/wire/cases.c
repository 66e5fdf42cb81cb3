/* Every case of tests/protocol/ through session_message, with a real journal behind it.
 *
 * A case: name; as: who says it (nobody has not joined); message, or raw bytes (a text, {text,
 * pad}, {repeat, times} or {hex}); before: what was said before, and accepted; expect: "ok" or a
 * code; answer: members that `ok` must have, "$any" for any value. In messages {repeat, times} is a
 * long text, and these texts stand for what is known at run time only: $key:NAME, $salt:NAME,
 * $card:NAME, $member, $organiser, $moderator, $stage, $slug, $minute and $minute:OFF (a number),
 * $hash:TEXT, $code (the first of the last `tickets`), $sign (by the key in `key` or `card`), and
 * the wrong signatures $sign:key, $sign:event, $sign:label and $sign:MEMBER, each of them for
 * another value of just that. */
#include "wire/signing.h"

static const char *const FILES[] = {
    "join",         "ask",         "edit",        "withdraw",       "degree",
    "card",         "card_delete", "card_hide",   "claim",          "unclaim",
    "interest",     "tickets",     "pass",        "own_login",      "own_finish",
    "prove",        "take_home",   "vote",        "unvote",         "move",
    "pin",          "publish",     "open",        "warn",           "post_retry",
    "post_drop",    "settings",    "talk_select", "talk_open",      "talk_add",
    "talk_rename",  "talk_order",  "connect",     "connect_finish", "connect_password",
    "account_test", "disconnect",  "link",        "wipe",           "delete",
    "message",
};

struct actor {
    struct world *world;
    struct place *place;
    struct session sessions[5]; /* by enum role, and nobody */
    bool present[5];
    struct asker asker, card; /* of the last $key:NAME and $card:NAME */
    char code[TICKET_CHARS + 4];
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
        actor->asker = asker_named(text + 5);
        return text_encoded(actor->asker.public, sizeof actor->asker.public);
    }
    if (strncmp(text, "$card:", 6) == 0) {
        actor->card = card_named(text + 6);
        return text_encoded(actor->card.public, sizeof actor->card.public);
    }
    if (strncmp(text, "$minute", 7) == 0) {
        long off = text[7] == ':' ? strtol(text + 8, NULL, 10) : 0;
        return json_integer(clock_unix_ms() / 60000 + off);
    }
    if (strncmp(text, "$hash:", 6) == 0) {
        return text_hashed(actor->place->id, text + 6);
    }
    if (strcmp(text, "$code") == 0) {
        return json_string(actor->code);
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

static void signature_fill(struct actor *actor, json_t *message, const char *member) {
    const char *sign = json_string_value(json_object_get(message, member));
    const struct signing *signing = signing_find(message, member);
    if (sign == NULL || strncmp(sign, "$sign", 5) != 0 || signing == NULL) {
        return;
    }
    const char *wrong = sign[5] == ':' ? sign + 6 : NULL;
    const struct asker *signer = signing->card ? &actor->card : &actor->asker;
    json_object_set_new(message, member,
                        message_signature(signing, signer, actor->place->id, message, wrong));
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
    actor->asker = actor->card = asker_named("nobody");
    json_t *message = filled(actor, json_object_get(object, "message"));
    signature_fill(actor, message, "sig");
    signature_fill(actor, message, "card_sig");
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

/* A code that `tickets` gave. */
static void code_learn(struct actor *actor, const json_t *answer) {
    const json_t *codes = json_object_get(json_object_get(answer, "ok"), "codes");
    const char *code = json_string_value(json_array_get(codes, 0));
    if (code != NULL) {
        (void)snprintf(actor->code, sizeof actor->code, "%s", code);
    }
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
        code_learn(&actor, answer);
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
