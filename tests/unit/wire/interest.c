/* Interest: from three people on, those who opted in for a question see each other, nobody else. */
#include "wire/carded.h"
#include "wire/decode.h"

static const char *const NO_ACCOUNTS[] = {NULL};

static void card_add(struct hall *hall, const char *name) {
    assert_int_equal(hall_card(hall, card_signed(hall, name, 1, "", NO_ACCOUNTS)), REFUSAL_OK);
}

/* The answer that this person gets. */
static json_t *interest_say(struct hall *hall, const char *name, uint32_t number,
                            enum interest_scope scope) {
    struct journal_request request = {.command = {.kind = COMMAND_INTEREST}};
    struct command *command = &request.command;
    memcpy(command->as.interest.card, card_named(name).public, CARD_KEY_BYTES);
    command->as.interest.number = number;
    command->as.interest.scope = scope;
    command->as.interest.minute = (uint32_t)(hall->now / 60000);
    assert_int_equal(hall_do(hall, *command), REFUSAL_OK);
    interest_compose(hall->event, &request);
    json_t *answer = json_loads(request.answer, 0, NULL);
    assert_non_null(answer);
    free(request.answer);
    return answer;
}

/* Says it, and expects this count and these names, in any order, each ended with a space. */
static void interest_shows(struct hall *hall, const char *name, enum interest_scope scope,
                           json_int_t count, const char *names) {
    json_t *answer = interest_say(hall, name, 1, scope);
    json_t *cards = json_object_get(answer, "cards"), *card;
    size_t index, length = 0;
    assert_int_equal(json_integer_value(json_object_get(answer, "count")), count);
    json_array_foreach(cards, index, card) {
        char one[64];
        (void)snprintf(one, sizeof one, "%s ", json_string_value(json_object_get(card, "name")));
        assert_non_null(strstr(names, one));
        length += strlen(one);
    }
    assert_int_equal(length, strlen(names));
    json_decref(answer);
}

static void prove(struct hall *hall, const char *name) {
    const char *const accounts[] = {"anna@example.social", NULL};
    struct card *card = card_signed(hall, name, 2, "", accounts);
    assert_int_equal(hall_card(hall, card), REFUSAL_OK);
    struct command proof = {.kind = COMMAND_PROOF};
    memcpy(proof.as.proof.card, card_named(name).public, CARD_KEY_BYTES);
    memcpy(proof.as.proof.account, accounts[0], strlen(accounts[0]) + 1);
    proof.as.proof.proof = (struct proof){.kind = PROOF_LOGIN,
                                          .minute = (uint32_t)(hall->now / 60000),
                                          .actor = memory_text("https://example.social/a/1")};
    assert_int_equal(hall_do(hall, proof), REFUSAL_OK);
}

static void a_circle_meets(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 2);
    const char *const names[] = {"Anna", "Ben", "Cleo", "Dina"};
    for (size_t i = 0; i < 4; i++) {
        card_add(&hall, names[i]);
    }
    interest_shows(&hall, "Anna", INTEREST_ALL, 0, "");
    interest_shows(&hall, "Ben", INTEREST_PROVED, 0, "");
    interest_shows(&hall, "Cleo", INTEREST_ALL, 3, "Anna ");
    interest_shows(&hall, "Anna", INTEREST_ALL, 3, "Cleo ");
    /* To see Ben it takes a proof; to see anybody it takes one's own card. */
    prove(&hall, "Anna");
    interest_shows(&hall, "Anna", INTEREST_ALL, 3, "Ben Cleo ");
    interest_shows(&hall, "Dina", INTEREST_OFF, 3, "");
    interest_shows(&hall, "Dina", INTEREST_ALL, 4, "Anna Cleo ");
    /* Another question is another circle. */
    json_t *other = interest_say(&hall, "Dina", 2, INTEREST_ALL);
    assert_int_equal(json_integer_value(json_object_get(other, "count")), 0);
    json_decref(other);
    struct command hide = {.kind = COMMAND_CARD_HIDE, .as.card_key.on = true};
    memcpy(hide.as.card_key.key, card_named("Cleo").public, CARD_KEY_BYTES);
    assert_int_equal(hall_do(&hall, hide), REFUSAL_OK);
    /* Who was taken away sees nobody, and does not count. */
    interest_shows(&hall, "Dina", INTEREST_ALL, 3, "Anna ");
    interest_shows(&hall, "Cleo", INTEREST_ALL, 3, "");
    interest_shows(&hall, "Dina", INTEREST_OFF, 0, "");
    hall_close(&hall);
}

/* An answer keeps to what a socket sends at once, and each sees those behind them. */
static void a_crowd_is_cut(void **state) {
    (void)state;
    struct hall hall;
    char name[LIMIT_CARD_NAME_BYTES];
    hall_open(&hall);
    hall_ask(&hall, 1);
    for (int i = 0; i < 400; i++) {
        (void)snprintf(name, sizeof name, "%d %040d", i, i);
        card_add(&hall, name);
        json_decref(interest_say(&hall, name, 1, INTEREST_ALL));
    }
    json_t *answer = interest_say(&hall, name, 1, INTEREST_ALL);
    char *text = json_dumps(answer, JSON_COMPACT);
    size_t shown = json_array_size(json_object_get(answer, "cards"));
    assert_int_equal(json_integer_value(json_object_get(answer, "count")), 400);
    assert_true(strlen(text) < LIMIT_REPLY_BYTES && shown > 50 && shown < 399);
    free(text);
    json_decref(answer);
    hall_close(&hall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_circle_meets),
        cmocka_unit_test(a_crowd_is_cut),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
