#include "kit.h"

static enum refusal check(const struct settings *settings) {
    return settings_check(settings, NOW_MINUTE);
}

static void title_fill(struct settings *settings, size_t count, const char *letter) {
    size_t bytes = strlen(letter);
    for (size_t i = 0; i < count; i++) {
        memcpy(settings->title + i * bytes, letter, bytes);
    }
    settings->title[count * bytes] = '\0';
}

static void test_defaults(void **state) {
    (void)state;
    struct settings settings = settings_default(NOW_MINUTE);
    assert_int_equal(check(&settings), REFUSAL_BAD_TEXT); /* title and hashtag are missing */
    settings = kit_settings();
    assert_int_equal(check(&settings), REFUSAL_OK);
    assert_int_equal(settings.start, NOW_MINUTE);
    assert_int_equal(settings.end, NOW_MINUTE + 24 * 60);
    assert_true(settings.moderation_before);
    assert_int_equal(settings.release_seconds, 5);
    assert_int_equal(settings.retention_days, 30);
    assert_int_equal(settings.publish, PUBLISH_APPROVED);
    assert_int_equal(settings.publish_seconds, 60);
    assert_int_equal(settings.offset, 0);
}

static void test_title(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    title_fill(&settings, LIMIT_TITLE_GRAPHEMES, "x");
    assert_int_equal(check(&settings), REFUSAL_OK);
    title_fill(&settings, LIMIT_TITLE_GRAPHEMES + 1, "x");
    assert_int_equal(check(&settings), REFUSAL_TOO_LONG);
    title_fill(&settings, LIMIT_TITLE_GRAPHEMES, "\xf0\x9f\x8d\x80");
    assert_int_equal(check(&settings), REFUSAL_OK);
    title_fill(&settings, 1, " ");
    assert_int_equal(check(&settings), REFUSAL_BAD_TEXT);
    title_fill(&settings, 2, "\xff");
    assert_int_equal(check(&settings), REFUSAL_BAD_TEXT);
}

static void hashtag_set(struct settings *settings, uint32_t place, const char *hashtag) {
    memset(settings->hashtags[place], 0, sizeof settings->hashtags[place]);
    strncpy(settings->hashtags[place], hashtag, sizeof settings->hashtags[place] - 1);
    settings->hashtag_count = place + 1;
}

static void test_hashtags(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    static const char *const bad[] = {"", "#X", "two words", "2024", "a-b", "x\xff", "."};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        hashtag_set(&settings, 0, bad[i]);
        assert_int_equal(check(&settings), REFUSAL_BAD_HASHTAG);
    }
    hashtag_set(&settings, 0, "M\xc3\xbcnchen_24");
    assert_int_equal(check(&settings), REFUSAL_OK);
    hashtag_set(&settings, 1, "Net");
    hashtag_set(&settings, 2, "nET");
    assert_int_equal(check(&settings), REFUSAL_BAD_HASHTAG);
    hashtag_set(&settings, 2, "c");
    hashtag_set(&settings, 3, "d");
    hashtag_set(&settings, 4, "e");
    assert_int_equal(check(&settings), REFUSAL_OK);
    settings.hashtag_count = LIMIT_HASHTAGS + 1;
    assert_int_equal(check(&settings), REFUSAL_TOO_LONG);
    settings.hashtag_count = 0;
    assert_int_equal(check(&settings), REFUSAL_BAD_HASHTAG);
    char tag[LIMIT_HASHTAG_GRAPHEMES + 2];
    memset(tag, 'x', sizeof tag);
    tag[LIMIT_HASHTAG_GRAPHEMES + 1] = '\0';
    hashtag_set(&settings, 0, tag);
    assert_int_equal(check(&settings), REFUSAL_TOO_LONG);
    tag[LIMIT_HASHTAG_GRAPHEMES] = '\0';
    hashtag_set(&settings, 0, tag);
    assert_int_equal(check(&settings), REFUSAL_OK);
}

static void test_times(void **state) {
    (void)state;
    static const struct {
        int64_t start, end;
        enum refusal refusal;
    } cases[] = {
        {0, 0, REFUSAL_BAD_VALUE},
        {0, 1, REFUSAL_OK},
        {5, 4, REFUSAL_BAD_VALUE},
        {-1000, -999, REFUSAL_OK}, /* over already: ends it early */
        {0, 30 * 1440, REFUSAL_OK},
        {0, 30 * 1440 + 1, REFUSAL_BAD_VALUE},
        {-100 * 1440, 30 * 1440, REFUSAL_OK}, /* prolonged again and again */
        {-100 * 1440, 30 * 1440 + 1, REFUSAL_BAD_VALUE},
        {400 * 1440, 430 * 1440, REFUSAL_OK},
        {400 * 1440, 430 * 1440 + 1, REFUSAL_BAD_VALUE},
        {400 * 1440 + 1, 401 * 1440, REFUSAL_BAD_VALUE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct settings settings = kit_settings();
        settings.start = (uint32_t)(NOW_MINUTE + cases[i].start);
        settings.end = (uint32_t)(NOW_MINUTE + cases[i].end);
        assert_int_equal(check(&settings), cases[i].refusal);
    }
    struct settings settings = kit_settings();
    settings.start = UINT32_MAX - 1;
    settings.end = UINT32_MAX;
    assert_int_equal(check(&settings), REFUSAL_BAD_VALUE);
}

static void test_ranges(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    static const struct {
        size_t offset;
        uint32_t low, high;
    } cases[] = {
        {offsetof(struct settings, release_seconds), 0, LIMIT_RELEASE_SECONDS},
        {offsetof(struct settings, ask_burst), 1, LIMIT_ASK_BURST},
        {offsetof(struct settings, ask_seconds), 0, LIMIT_ASK_SECONDS},
        {offsetof(struct settings, retention_days), 1, LIMIT_RETENTION_DAYS},
        {offsetof(struct settings, publish_seconds), 0, LIMIT_PUBLISH_SECONDS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const uint32_t values[] = {cases[i].low, cases[i].high, cases[i].low - 1,
                                   cases[i].high + 1};
        for (size_t j = 0; j < 4; j++) {
            settings = kit_settings();
            memcpy((char *)&settings + cases[i].offset, &values[j], sizeof values[j]);
            assert_int_equal(check(&settings), j < 2 ? REFUSAL_OK : REFUSAL_BAD_VALUE);
        }
    }
    settings = kit_settings();
    settings.language = (enum language)2;
    assert_int_equal(check(&settings), REFUSAL_BAD_VALUE);
    settings = kit_settings();
    settings.publish = PUBLISH_COUNT;
    assert_int_equal(check(&settings), REFUSAL_BAD_VALUE);
    for (int32_t minutes = -LIMIT_OFFSET_MINUTES - 1; minutes <= LIMIT_OFFSET_MINUTES + 1;
         minutes += 2 * LIMIT_OFFSET_MINUTES + 2) {
        settings = kit_settings();
        settings.offset = minutes;
        assert_int_equal(check(&settings), REFUSAL_BAD_VALUE);
        settings.offset += minutes < 0 ? 1 : -1;
        assert_int_equal(check(&settings), REFUSAL_OK);
    }
}

/* Each mask bit sets its own setting and no other. */
static void test_command(void **state) {
    (void)state;
    struct settings before = kit_settings(), other = kit_settings();
    title_fill(&other, 3, "z");
    hashtag_set(&other, 0, "Other");
    hashtag_set(&other, 1, "Another");
    other.language = LANGUAGE_EN;
    other.start -= 5;
    other.end += 60;
    other.moderation_before = false;
    other.release_seconds = 15;
    other.ask_burst = 1;
    other.ask_seconds = 60;
    other.retention_days = 2;
    other.publish = PUBLISH_ALL;
    other.publish_seconds = 0;
    other.offset = -60;
    for (uint32_t bit = 0; bit < 13; bit++) {
        struct kit kit = kit_new(&before);
        uint64_t seq = kit.event->seq[VIEW_PUBLIC];
        assert_int_equal(change_settings(&kit, 1u << bit, &other), REFUSAL_OK);
        assert_int_equal(kit.changes.count, 1);
        assert_true(kit_changed(&kit, CHANGE_SETTINGS, 0));
        assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq + 1);
        const struct settings *now = &kit.event->settings;
        assert_int_equal(strcmp(now->title, before.title) != 0, bit == 0);
        assert_int_equal(now->hashtag_count != before.hashtag_count, bit == 1);
        assert_int_equal(now->language != before.language, bit == 2);
        assert_int_equal(now->start != before.start, bit == 3);
        assert_int_equal(now->end != before.end, bit == 4);
        assert_int_equal(now->moderation_before != before.moderation_before, bit == 5);
        assert_int_equal(now->release_seconds != before.release_seconds, bit == 6);
        assert_int_equal(now->ask_burst != before.ask_burst, bit == 7);
        assert_int_equal(now->ask_seconds != before.ask_seconds, bit == 8);
        assert_int_equal(now->retention_days != before.retention_days, bit == 9);
        assert_int_equal(now->publish != before.publish, bit == 10);
        assert_int_equal(now->publish_seconds != before.publish_seconds, bit == 11);
        assert_int_equal(now->offset != before.offset, bit == 12);
        assert_int_equal(change_settings(&kit, 1u << bit, &other), REFUSAL_OK);
        assert_int_equal(kit.changes.count, 0);
        kit_free(&kit);
    }
    struct kit kit = kit_new(&before);
    other.ask_burst = 0;
    assert_int_equal(change_settings(&kit, SETTING_TITLE | SETTING_ASK_BURST, &other),
                     REFUSAL_BAD_VALUE);
    assert_int_equal(change_settings(&kit, 0, &other), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    kit_free(&kit);
}

static void test_end_after_close(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    uint32_t end = settings.end;
    kit.now = (int64_t)end * MINUTE;
    settings.end += 10; /* over, but not closed: it can go on */
    assert_int_equal(change_settings(&kit, SETTING_END, &settings), REFUSAL_OK);
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    tick_at(&kit, kit.now + 2 * DAY, 1);
    assert_true(kit.event->closed);
    assert_int_equal(change_settings(&kit, SETTING_END, &settings), REFUSAL_OK);
    settings.end += 3 * 1440;
    assert_int_equal(change_settings(&kit, SETTING_END, &settings), REFUSAL_CLOSED);
    title_fill(&settings, 3, "z");
    assert_int_equal(change_settings(&kit, SETTING_TITLE, &settings), REFUSAL_OK);
    kit_free(&kit);
}

/* Pending questions stay pending when moderation becomes afterwards. */
static void test_moderation_changes(void **state) {
    (void)state;
    struct settings settings = kit_settings();
    struct kit kit = kit_new(&settings);
    ask_released(&kit, 1, 1);
    settings.moderation_before = false;
    assert_int_equal(change_settings(&kit, SETTING_MODERATION, &settings), REFUSAL_OK);
    assert_int_equal(event_question(kit.event, 1)->state, STATE_PENDING);
    ask_released(&kit, 2, 1);
    assert_int_equal(event_question(kit.event, 2)->state, STATE_LISTED);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),        cmocka_unit_test(test_title),
        cmocka_unit_test(test_hashtags),        cmocka_unit_test(test_times),
        cmocka_unit_test(test_ranges),          cmocka_unit_test(test_command),
        cmocka_unit_test(test_end_after_close), cmocka_unit_test(test_moderation_changes),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
