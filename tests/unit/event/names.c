/* Names on the wire, and what a command owns. */
#include "kit.h"

static void test_states(void **state) {
    (void)state;
    static const char *const names[] = {"pending",  "listed",   "answering",
                                        "answered", "declined", "hidden"};
    for (int i = 0; i < STATE_COUNT; i++) {
        assert_string_equal(question_state_name((enum question_state)i), names[i]);
        assert_int_equal(question_state_find(names[i]), i);
    }
    assert_int_equal(question_state_find("Listed"), -1);
    assert_int_equal(question_state_find(""), -1);
}

static void test_reasons(void **state) {
    (void)state;
    static const char *const names[] = {"",     "off_topic", "duplicate", "unclear",
                                        "rude", "personal",  "other"};
    for (int i = 0; i < REASON_COUNT; i++) {
        assert_string_equal(decline_reason_name((enum decline_reason)i), names[i]);
        assert_int_equal(decline_reason_find(names[i]), i == 0 ? -1 : i);
    }
    assert_int_equal(decline_reason_find("boring"), -1);
}

static void test_refusals(void **state) {
    (void)state;
    assert_string_equal(refusal_code(REFUSAL_OK), "ok");
    assert_string_equal(refusal_code(REFUSAL_TOO_OFTEN), "too_often");
    for (int i = 0; i < REFUSAL_COUNT; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(refusal_code((enum refusal)i), refusal_code((enum refusal)j));
        }
    }
}

/* The address sanitizer sees what stays behind. */
static void test_clear(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct command command = kit_create(&settings, "hro");
    command_clear(&command);
    command_clear(&command);
    command = kit_text(COMMAND_ASK, "Why?");
    command_clear(&command);
    command = (struct command){.kind = COMMAND_SETTINGS};
    command.as.settings.settings = kit_copy(&settings, sizeof settings);
    command_clear(&command);
    command = (struct command){.kind = COMMAND_TALK_ORDER};
    command.as.talk.order = memory_new(4);
    command_clear(&command);
    command = (struct command){.kind = COMMAND_IMPORT};
    command.as.import.event = event_new(EVENT_ID);
    command_clear(&command);
    assert_null(command.as.import.event);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_clear),
    };
    random_start();
    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
