/* Founding, importing, links, wiping, closing, deleting. */
#include "kit.h"

static void test_create(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.start = settings.end = 0;
    struct kit kit = kit_empty();
    assert_int_equal(event_due(kit.event), INT64_MAX);
    assert_int_equal(kit_apply(&kit, kit_create(&settings, "hro")), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_CREATED, 0));
    assert_string_equal(kit.event->slug, "hro");
    assert_int_equal(kit.event->role_hash[2][31], 7);
    assert_int_equal(kit.event->settings.start, NOW_MINUTE);
    assert_int_equal(kit.event->settings.end, NOW_MINUTE + 1440);
    assert_int_equal(kit.event->talk_count, 1);
    assert_int_equal(kit.event->talks[0].id, 1);
    assert_true(kit.event->talks[0].open);
    assert_string_equal(kit.event->talks[0].title, settings.title);
    assert_int_equal(kit.event->current_talk, 1);
    assert_int_equal(kit.event->next_number, 1);
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], 1);
    assert_int_equal(kit.event->seq[VIEW_STAFF], 1);
    assert_int_equal(event_due(kit.event), NOW + 2 * DAY);
    assert_int_equal(kit_apply(&kit, kit_create(&settings, "hro")), REFUSAL_PRESENT);
    kit_free(&kit);
}

static void test_create_times(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.start = NOW_MINUTE + 9000;
    settings.end = 0;
    struct kit kit = kit_new(&settings);
    assert_int_equal(kit.event->settings.end, NOW_MINUTE + 9000 + 1440);
    kit_free(&kit);
}

static void test_create_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"", "ab", "Hro", "h-o", "hr o", "h\xc3\xa4o"};
    struct settings settings = kit_settings();
    struct kit kit = kit_empty();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(kit_apply(&kit, kit_create(&settings, bad[i])), REFUSAL_BAD_SLUG);
    }
    settings.ask_burst = 0;
    assert_int_equal(kit_apply(&kit, kit_create(&settings, "hro")), REFUSAL_BAD_VALUE);
    /* nothing else goes before it */
    assert_int_equal(ask(&kit, 1), REFUSAL_UNKNOWN);
    assert_int_equal(plain(&kit, COMMAND_TICK), REFUSAL_UNKNOWN);
    assert_int_equal(plain(&kit, COMMAND_WIPE), REFUSAL_UNKNOWN);
    assert_int_equal(plain(&kit, COMMAND_DELETE), REFUSAL_UNKNOWN);
    assert_true(kit.event->talk_count == 0);
    kit_free(&kit);
}

static enum refusal link_role(struct kit *kit, int role, uint8_t byte) {
    struct command command = {.kind = COMMAND_LINK};
    command.as.link.role = (enum role)role;
    memset(command.as.link.hash, byte, ROLE_HASH_BYTES);
    return kit_apply(kit, command);
}

static void test_link(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    uint64_t seq = kit.event->seq[VIEW_STAFF];
    assert_int_equal(link_role(&kit, ROLE_MODERATOR, 9), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_ROLE, ROLE_MODERATOR));
    assert_int_equal(kit.event->role_hash[ROLE_MODERATOR - 1][0], 9);
    assert_int_equal(kit.event->role_hash[ROLE_ORGANISER - 1][0], 7);
    assert_int_equal(kit.event->seq[VIEW_STAFF], seq);
    assert_int_equal(link_role(&kit, ROLE_MODERATOR, 9), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(link_role(&kit, ROLE_AUDIENCE, 9), REFUSAL_BAD_VALUE);
    assert_int_equal(link_role(&kit, ROLE_STAGE + 1, 9), REFUSAL_BAD_VALUE);
    kit_free(&kit);
}

static void test_wipe(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    struct kit kit = kit_new(&settings);
    assert_int_equal(plain(&kit, COMMAND_WIPE), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(talk_add(&kit, "Second"), REFUSAL_OK);
    ask_released(&kit, 1, 3);
    assert_int_equal(withdraw(&kit, 3, 1), REFUSAL_OK);
    vote(&kit, 1, 1);
    ask(&kit, 4);
    present(&kit, 5);
    uint64_t seq = kit.event->seq[VIEW_PUBLIC];
    assert_int_equal(plain(&kit, COMMAND_WIPE), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_WIPED, 0));
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq + 1);
    assert_int_equal(kit.event->question_count, 0);
    assert_int_equal(kit.event->held_count, 0);
    assert_int_equal(kit.event->ballots.count, 0);
    assert_int_equal(kit.event->release_at, 0);
    assert_int_equal(kit.event->step_at, 0);
    assert_int_equal(kit.event->talk_count, 2);
    assert_order(&kit, 1, "");
    assert_int_equal(plain(&kit, COMMAND_WIPE), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    /* numbers go on; what was withdrawn stays so; what was wiped may be asked */
    assert_int_equal(vote(&kit, 1, 1), REFUSAL_GONE);
    assert_int_equal(ask(&kit, 3), REFUSAL_GONE);
    ask_released(&kit, 1, 1);
    assert_order(&kit, 1, "4");
    kit_free(&kit);
}

static void test_delete(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    ask_released(&kit, 1, 1);
    assert_int_equal(plain(&kit, COMMAND_DELETE), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_DELETED, 0));
    assert_int_equal(event_due(kit.event), INT64_MAX);
    /* what comes in the same batch */
    assert_int_equal(plain(&kit, COMMAND_DELETE), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(ask(&kit, 2), REFUSAL_GONE);
    assert_int_equal(kit_apply(&kit, kit_create(&settings, "hro")), REFUSAL_GONE);
    kit_free(&kit);
}

static void test_close(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    struct kit kit = kit_new(&settings);
    ask_released(&kit, 1, 1);
    vote(&kit, 1, 1);
    vote(&kit, 2, 1);
    int64_t end = (int64_t)kit.event->settings.end * MINUTE;
    assert_int_equal(event_due(kit.event), end + DAY);
    tick_at(&kit, end + DAY - 1, 1);
    assert_false(kit.event->closed);
    assert_int_equal(kit.event->ballots.count, 2);
    tick_at(&kit, end + DAY, 1);
    assert_true(kit.event->closed);
    assert_int_equal(kit_count(&kit, CHANGE_BALLOTS_DESTROYED), 1);
    assert_int_equal(kit_count(&kit, CHANGE_SETTINGS), 1);
    assert_int_equal(kit.event->ballots.count, 0);
    assert_int_equal(event_question(kit.event, 1)->votes, 2);
    assert_int_equal(event_due(kit.event), end + 30 * DAY);
    tick_at(&kit, end + DAY + 1, 1);
    assert_int_equal(kit.changes.count, 0);
    kit_free(&kit);
}

static void test_retention(void **state) {
    (void)state;
    for (uint32_t days = 1; days <= 2; days++) {
        struct settings settings = kit_settings();
        settings.retention_days = days;
        struct kit kit = kit_new(&settings);
        int64_t due = (int64_t)settings.end * MINUTE + days * DAY;
        ask_released(&kit, 1, 1);
        tick_at(&kit, due - 1, 1);
        assert_int_equal(event_due(kit.event), due);
        tick_at(&kit, due, 1);
        assert_int_equal(kit.changes.count, 1); /* closing would be idle */
        assert_true(kit_changed(&kit, CHANGE_DELETED, 0));
        assert_int_equal(plain(&kit, COMMAND_TICK), REFUSAL_GONE);
        kit_free(&kit);
    }
}

/* ---- import */

static struct event *export_make(uint32_t start, uint32_t end) {
    struct event *event = event_new(EVENT_ID);
    event->settings = kit_settings();
    event->settings.start = start;
    event->settings.end = end;
    strncpy(event->slug, "old", sizeof event->slug - 1);
    struct talk talk = {.id = 3, .title = "Talk", .open = true};
    event_restore_talk(event, &talk);
    event->current_talk = 3;
    struct question question = {.number = 8, .talk = 3, .state = STATE_LISTED, .votes = 4};
    kit_key(question.key, 8);
    question.text = memory_text("Why?");
    event_restore_question(event, &question);
    assert_true(event_restored(event, NULL));
    return event;
}

static enum refusal import_event(struct kit *kit, struct event *event) {
    struct command command = {.kind = COMMAND_IMPORT};
    command.as.import.event = event;
    kit->quick = true;
    return kit_apply(kit, command);
}

static void test_import(void **state) {
    (void)state;
    struct kit kit = kit_empty();
    assert_int_equal(import_event(&kit, export_make(NOW_MINUTE - 90, NOW_MINUTE + 90)), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_CREATED, 0));
    assert_true(event_check(kit.event));
    assert_true(kit.event->closed);
    assert_int_equal(kit.event->settings.end, NOW_MINUTE);
    assert_int_equal(kit.event->settings.start, NOW_MINUTE - 90);
    assert_int_equal(kit.event->next_number, 9);
    assert_int_equal(kit.event->next_talk, 4);
    assert_order(&kit, 3, "8");
    assert_int_equal(event_question(kit.event, 8)->votes, 4);
    assert_int_equal(event_due(kit.event), NOW + 30 * DAY);
    assert_int_equal(vote(&kit, 1, 8), REFUSAL_CLOSED);
    assert_int_equal(withdraw(&kit, 8, 1), REFUSAL_OK);
    assert_int_equal(import_event(&kit, export_make(NOW_MINUTE - 90, NOW_MINUTE + 90)),
                     REFUSAL_PRESENT);
    kit_free(&kit);
}

static void test_import_times(void **state) {
    (void)state;
    struct kit kit = kit_empty();
    assert_int_equal(import_event(&kit, export_make(NOW_MINUTE - 900, NOW_MINUTE - 90)),
                     REFUSAL_OK);
    assert_int_equal(kit.event->settings.end, NOW_MINUTE - 90);
    kit_free(&kit);
    kit = kit_empty(); /* exported before it began */
    assert_int_equal(import_event(&kit, export_make(NOW_MINUTE + 10, NOW_MINUTE + 90)), REFUSAL_OK);
    assert_int_equal(kit.event->settings.end, NOW_MINUTE);
    assert_int_equal(kit.event->settings.start, NOW_MINUTE - 1);
    kit_free(&kit);
    kit = kit_empty(); /* should have been deleted by now */
    uint32_t end = NOW_MINUTE - 30 * 1440;
    assert_int_equal(import_event(&kit, export_make(end - 90, end)), REFUSAL_GONE);
    assert_int_equal(kit.event->talk_count, 0);
    assert_int_equal(import_event(&kit, export_make(end - 90, end + 1)), REFUSAL_OK);
    kit_free(&kit);
}

static void test_import_refused(void **state) {
    (void)state;
    struct kit kit = kit_empty();
    struct event *event = export_make(NOW_MINUTE - 90, NOW_MINUTE);
    event->settings.ask_burst = 0;
    assert_int_equal(import_event(&kit, event), REFUSAL_BAD_VALUE);
    event = export_make(NOW_MINUTE - 90, NOW_MINUTE);
    memcpy(event->slug, "Old", 4);
    assert_int_equal(import_event(&kit, event), REFUSAL_BAD_SLUG);
    event = export_make(NOW_MINUTE - 90, NOW_MINUTE);
    event_restore_ballot(event, EVENT_ID);
    assert_int_equal(import_event(&kit, event), REFUSAL_BAD_VALUE);
    event = event_new(EVENT_ID);
    event->settings = kit_settings();
    memcpy(event->slug, "old", 4);
    assert_int_equal(import_event(&kit, event), REFUSAL_BAD_VALUE);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),         cmocka_unit_test(test_create_times),
        cmocka_unit_test(test_create_refused), cmocka_unit_test(test_link),
        cmocka_unit_test(test_wipe),           cmocka_unit_test(test_delete),
        cmocka_unit_test(test_close),          cmocka_unit_test(test_retention),
        cmocka_unit_test(test_import),         cmocka_unit_test(test_import_times),
        cmocka_unit_test(test_import_refused),
    };
    return cmocka_run_group_tests_name("life", tests, NULL, NULL);
}
