#include "kit.h"

static enum refusal rename_talk(struct kit *kit, uint32_t talk, const char *title) {
    struct command command = kit_text(COMMAND_TALK_RENAME, title);
    command.as.talk.talk = talk;
    return kit_apply(kit, command);
}

static enum refusal select_talk(struct kit *kit, uint32_t from, uint32_t to) {
    struct command command = {.kind = COMMAND_TALK_SELECT};
    command.as.talk.from = from;
    command.as.talk.to = to;
    return kit_apply(kit, command);
}

static enum refusal order_talks(struct kit *kit, const uint32_t *order, uint32_t count) {
    struct command command = {.kind = COMMAND_TALK_ORDER};
    command.as.talk.order = memory_new((count + 1) * sizeof *order);
    memcpy(command.as.talk.order, order, count * sizeof *order);
    command.as.talk.order_count = count;
    return kit_apply(kit, command);
}

static struct kit kit_three(void) {
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    assert_int_equal(talk_add(&kit, "Second"), REFUSAL_OK);
    assert_int_equal(kit.result, 2);
    assert_int_equal(talk_add(&kit, "Third"), REFUSAL_OK);
    assert_int_equal(kit.result, 3);
    return kit;
}

static void test_add(void **state) {
    (void)state;
    struct kit kit = kit_three();
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_TALK, 3));
    assert_int_equal(kit.event->talk_count, 3);
    assert_true(event_talk(kit.event, 3)->open);
    assert_string_equal(event_talk(kit.event, 3)->title, "Third");
    assert_int_equal(kit.event->current_talk, 1);
    /* sent again: the same talk */
    assert_int_equal(talk_add(&kit, "Second"), REFUSAL_OK);
    assert_int_equal(kit.result, 2);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(talk_add(&kit, " x"), REFUSAL_BAD_TEXT);
    assert_int_equal(talk_add(&kit, NULL), REFUSAL_BAD_TEXT);
    assert_int_equal(kit.result, 0);
    char title[LIMIT_TITLE_GRAPHEMES + 2];
    memset(title, 'x', sizeof title);
    title[LIMIT_TITLE_GRAPHEMES + 1] = '\0';
    assert_int_equal(talk_add(&kit, title), REFUSAL_TOO_LONG);
    title[LIMIT_TITLE_GRAPHEMES] = '\0';
    assert_int_equal(talk_add(&kit, title), REFUSAL_OK);
    kit_free(&kit);
}

static void test_full(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    char title[32];
    for (uint32_t i = 2; i <= LIMIT_EVENT_TALKS; i++) {
        snprintf(title, sizeof title, "Talk %u", i);
        assert_int_equal(talk_add(&kit, title), REFUSAL_OK);
    }
    assert_int_equal(talk_add(&kit, "One more"), REFUSAL_FULL);
    assert_int_equal(talk_add(&kit, "Talk 7"), REFUSAL_OK);
    assert_int_equal(kit.result, 7);
    kit_free(&kit);
}

static void test_rename(void **state) {
    (void)state;
    struct kit kit = kit_three();
    assert_int_equal(rename_talk(&kit, 2, "Zweiter"), REFUSAL_OK);
    assert_true(kit_changed(&kit, CHANGE_TALK, 2));
    assert_string_equal(event_talk(kit.event, 2)->title, "Zweiter");
    assert_int_equal(rename_talk(&kit, 2, "Zweiter"), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(rename_talk(&kit, 2, "Z"), REFUSAL_OK);
    assert_string_equal(event_talk(kit.event, 2)->title, "Z");
    assert_int_equal(rename_talk(&kit, 4, "Z"), REFUSAL_UNKNOWN);
    assert_int_equal(rename_talk(&kit, 2, ""), REFUSAL_BAD_TEXT);
    kit_free(&kit);
}

static void test_order(void **state) {
    (void)state;
    struct kit kit = kit_three();
    const uint32_t as_is[] = {1, 2, 3}, turned[] = {3, 1, 2}, twice[] = {1, 1, 2},
                   other[] = {1, 2, 4};
    uint32_t many[LIMIT_EVENT_TALKS + 1] = {0};
    assert_int_equal(order_talks(&kit, as_is, 3), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(order_talks(&kit, turned, 3), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_TALKS, 0));
    assert_int_equal(kit.event->talks[0].id, 3);
    assert_int_equal(kit.event->talks[2].id, 2);
    assert_string_equal(event_talk(kit.event, 3)->title, "Third");
    assert_int_equal(order_talks(&kit, twice, 3), REFUSAL_BAD_VALUE);
    assert_int_equal(order_talks(&kit, other, 3), REFUSAL_STALE);
    assert_int_equal(order_talks(&kit, as_is, 2), REFUSAL_STALE); /* one was added meanwhile */
    assert_int_equal(order_talks(&kit, as_is, 0), REFUSAL_STALE);
    assert_int_equal(order_talks(&kit, many, LIMIT_EVENT_TALKS + 1), REFUSAL_TOO_LONG);
    kit_free(&kit);
}

static void test_open(void **state) {
    (void)state;
    struct kit kit = kit_three();
    assert_int_equal(talk_open(&kit, 2, false), REFUSAL_OK);
    assert_true(kit_changed(&kit, CHANGE_TALK, 2));
    assert_false(event_talk(kit.event, 2)->open);
    assert_int_equal(talk_open(&kit, 2, false), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(ask_in(&kit, 2, 1, "Why?"), REFUSAL_CLOSED);
    assert_int_equal(ask_in(&kit, 3, 1, "Why?"), REFUSAL_OK);
    assert_int_equal(talk_open(&kit, 2, true), REFUSAL_OK);
    assert_int_equal(ask_in(&kit, 2, 2, "Why?"), REFUSAL_OK);
    assert_int_equal(talk_open(&kit, 0, true), REFUSAL_UNKNOWN);
    kit_free(&kit);
}

static void test_select(void **state) {
    (void)state;
    struct kit kit = kit_three();
    assert_int_equal(select_talk(&kit, 1, 3), REFUSAL_OK);
    assert_true(kit_changed(&kit, CHANGE_TALKS, 0));
    assert_int_equal(kit.event->current_talk, 3);
    assert_int_equal(select_talk(&kit, 1, 3), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(select_talk(&kit, 1, 2), REFUSAL_STALE);
    assert_int_equal(select_talk(&kit, 3, 9), REFUSAL_UNKNOWN);
    assert_int_equal(select_talk(&kit, 3, 1), REFUSAL_OK);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),   cmocka_unit_test(test_full), cmocka_unit_test(test_rename),
        cmocka_unit_test(test_order), cmocka_unit_test(test_open), cmocka_unit_test(test_select),
    };
    return cmocka_run_group_tests_name("talks", tests, NULL, NULL);
}
