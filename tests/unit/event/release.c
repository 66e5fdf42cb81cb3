/* The release: its instants, its randomness, the published presence. */
#include "kit.h"

static struct kit kit_with(uint32_t release_seconds, bool moderation_before) {
    struct settings settings = kit_settings();
    settings.release_seconds = release_seconds;
    settings.moderation_before = moderation_before;
    return kit_new(&settings);
}

static void test_instants(void **state) {
    (void)state;
    struct kit kit = kit_with(5, true);
    assert_int_equal(kit.event->release_at, 0);
    kit.now = NOW + 1;
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    assert_int_equal(event_due(kit.event), NOW + 5 * SECOND);
    kit.now = NOW + 4999;
    assert_int_equal(ask(&kit, 2), REFUSAL_OK);
    assert_int_equal(event_due(kit.event), NOW + 5 * SECOND);
    tick_at(&kit, NOW + 4999, 1); /* too early: nothing happens */
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(kit.event->held_count, 2);
    tick_at(&kit, NOW + 5 * SECOND, 1);
    assert_int_equal(kit.event->held_count, 0);
    assert_int_equal(kit.event->release_at, 0);
    /* asked exactly at an instant: the next one */
    kit.now = NOW + 10 * SECOND;
    assert_int_equal(ask(&kit, 3), REFUSAL_OK);
    assert_int_equal(event_due(kit.event), NOW + 15 * SECOND);
    kit_free(&kit);
}

static void test_interval_zero(void **state) {
    (void)state;
    struct kit kit = kit_with(0, true);
    kit.now = NOW + 123;
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    assert_int_equal(event_due(kit.event), NOW + 123);
    tick_at(&kit, NOW + 123, 1);
    assert_int_equal(kit.event->question_count, 1);
    kit_free(&kit);
}

/* A shorter interval hurries what waits; a longer one does not delay it. */
static void test_interval_changes(void **state) {
    (void)state;
    struct kit kit = kit_with(60, true);
    struct settings settings = kit_settings();
    kit.now = NOW + 1;
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    assert_int_equal(kit.event->release_at, NOW + 60 * SECOND);
    settings.release_seconds = 10;
    assert_int_equal(change_settings(&kit, SETTING_RELEASE, &settings), REFUSAL_OK);
    assert_int_equal(kit.event->release_at, NOW + 10 * SECOND);
    settings.release_seconds = 60;
    assert_int_equal(change_settings(&kit, SETTING_RELEASE, &settings), REFUSAL_OK);
    assert_int_equal(kit.event->release_at, NOW + 10 * SECOND);
    settings.release_seconds = 0;
    assert_int_equal(change_settings(&kit, SETTING_RELEASE, &settings), REFUSAL_OK);
    assert_int_equal(kit.event->release_at, NOW + 1);
    kit_free(&kit);
}

/* A clock that is set back must not keep questions waiting for an hour. */
static void test_clock_set_back(void **state) {
    (void)state;
    struct kit kit = kit_with(5, true);
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    kit.now = NOW - 60 * MINUTE;
    assert_int_equal(ask(&kit, 2), REFUSAL_OK);
    assert_int_equal(kit.event->release_at, kit.now + 5 * SECOND);
    kit_free(&kit);
}

static void test_content(void **state) {
    (void)state;
    struct kit kit = kit_with(5, true);
    struct command command = kit_text(COMMAND_ASK, "Why?");
    command.as.question.talk = 1;
    command.as.question.degree = 2;
    kit_key(command.as.question.key, 9);
    memset(command.as.question.salt, 3, QUESTION_SALT_BYTES);
    assert_int_equal(kit_apply(&kit, command), REFUSAL_OK);
    uint64_t public = kit.event->seq[VIEW_PUBLIC], staff = kit.event->seq[VIEW_STAFF];
    tick_at(&kit, NOW + 2 * MINUTE + 5, 1);
    const struct question *question = event_question(kit.event, 1);
    assert_non_null(question);
    assert_int_equal(question->talk, 1);
    assert_int_equal(question->degree, 2);
    assert_int_equal(question->salt[0], 3);
    assert_int_equal(question->key[3], 9);
    assert_int_equal(question->state, STATE_PENDING);
    assert_int_equal(question->minute, NOW_MINUTE + 2);
    assert_int_equal(question->votes, 0);
    assert_string_equal(question->text, "Why?");
    assert_order(&kit, 1, "");
    assert_int_equal(kit.changes.count, 2);
    assert_true(kit_changed(&kit, CHANGE_QUESTION, 1));
    assert_int_equal(kit_count(&kit, CHANGE_HELD_GONE), 1);
    /* the audience is told of a pending one as well, without its text */
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], public + 1);
    assert_int_equal(kit.event->seq[VIEW_STAFF], staff + 1);
    assert_false(question_shown(question, VIEW_PUBLIC));
    assert_true(question_shown(question, VIEW_STAFF));
    kit_free(&kit);
}

static void test_listed_at_once(void **state) {
    (void)state;
    struct kit kit = kit_with(5, false);
    assert_int_equal(talk_add(&kit, "Second"), REFUSAL_OK);
    for (uint32_t n = 1; n <= 6; n++) {
        assert_int_equal(ask_in(&kit, 1 + n % 2, n, "Why?"), REFUSAL_OK);
    }
    tick_due(&kit);
    assert_int_equal(kit_count(&kit, CHANGE_QUESTION), 6);
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 2); /* once per talk */
    for (uint32_t talk = 1; talk <= 2; talk++) {        /* newest first */
        const struct talk *found = event_talk(kit.event, talk);
        assert_int_equal(found->order_count, 3);
        assert_true(found->order[0] > found->order[1] && found->order[1] > found->order[2]);
    }
    kit_free(&kit);
}

/* The numbers that four questions get, by their keys' order, as one value. */
static uint32_t release_four(uint8_t seed) {
    struct kit kit = kit_with(5, true);
    for (uint32_t n = 1; n <= 4; n++) {
        assert_int_equal(ask(&kit, n), REFUSAL_OK);
    }
    tick_at(&kit, NOW + 5 * SECOND, seed);
    uint32_t numbers = 0;
    for (uint32_t n = 1; n <= 4; n++) {
        uint8_t key[QUESTION_KEY_BYTES];
        kit_key(key, n);
        numbers = numbers * 10 + event_question_by_key(kit.event, key)->number;
    }
    kit_free(&kit);
    return numbers;
}

/* All 24 orders happen, each about equally often, and only the seed decides. */
static void test_shuffle(void **state) {
    (void)state;
    uint32_t seen[24], times[24] = {0}, kinds = 0;
    for (int seed = 0; seed < 256; seed++) {
        uint32_t numbers = release_four((uint8_t)seed), i = 0;
        while (i < kinds && seen[i] != numbers) {
            i++;
        }
        if (i == kinds) {
            assert_true(kinds < 24);
            seen[kinds++] = numbers;
        }
        times[i]++;
    }
    assert_int_equal(kinds, 24);
    for (uint32_t i = 0; i < 24; i++) {
        assert_in_range(times[i], 2, 26); /* 10.7 on average; the seeds are fixed */
    }
    assert_int_equal(release_four(77), release_four(77));
}

/* Edits come after the new questions and in the order of their numbers. */
static void test_edits_by_number(void **state) {
    (void)state;
    struct kit kit = kit_with(5, true);
    ask_released(&kit, 30, 1); /* number 1 has the highest key */
    ask_released(&kit, 20, 1);
    ask_released(&kit, 10, 1);
    for (uint32_t n = 10; n <= 30; n += 10) {
        assert_int_equal(edit(&kit, n, 1, "New"), REFUSAL_OK);
    }
    assert_int_equal(ask(&kit, 40), REFUSAL_OK);
    tick_due(&kit);
    uint32_t numbers[4], count = 0;
    for (size_t i = 0; i < kit.changes.count; i++) {
        if (kit.changes.items[i].kind == CHANGE_QUESTION) {
            numbers[count++] = kit.changes.items[i].number;
        }
    }
    assert_int_equal(count, 4);
    assert_int_equal(numbers[0], 4);
    for (uint32_t i = 1; i < 4; i++) {
        assert_int_equal(numbers[i], i);
    }
    kit_free(&kit);
}

/* What was asked in time is released after the end, and in a talk closed meanwhile. */
static void test_after_end(void **state) {
    (void)state;
    struct kit kit = kit_with(60, true);
    kit.now = (int64_t)kit.event->settings.end * MINUTE - 1;
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    assert_int_equal(talk_open(&kit, 1, false), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(kit.event->question_count, 1);
    kit_free(&kit);
}

static void test_presence(void **state) {
    (void)state;
    struct kit kit = kit_with(5, true);
    uint64_t seq = kit.event->seq[VIEW_PUBLIC];
    kit.now = NOW + 1200;
    assert_int_equal(present(&kit, 9), REFUSAL_OK);
    assert_int_equal(kit.event->present_at, 0); /* fewer than ten: nothing new */
    assert_int_equal(present(&kit, 10), REFUSAL_OK);
    assert_int_equal(kit.changes.count, 0);
    assert_int_equal(kit.event->present_shown, 0);
    assert_int_equal(event_due(kit.event), NOW + 5 * SECOND);
    kit.now = NOW + 3 * SECOND;
    assert_int_equal(present(&kit, 143), REFUSAL_OK);
    tick_at(&kit, NOW + 5 * SECOND, 1);
    assert_int_equal(kit.changes.count, 1);
    assert_true(kit_changed(&kit, CHANGE_PRESENCE, 0));
    assert_int_equal(kit.event->present_shown, 143);
    assert_int_equal(kit.event->seq[VIEW_PUBLIC], seq);
    /* up and back between two releases: nobody learns of it */
    kit.now = NOW + 6 * SECOND;
    assert_int_equal(present(&kit, 144), REFUSAL_OK);
    assert_int_equal(present(&kit, 143), REFUSAL_OK);
    assert_int_equal(kit.event->present_at, 0);
    assert_int_equal(present(&kit, 3), REFUSAL_OK);
    tick_at(&kit, NOW + 10 * SECOND, 1);
    assert_int_equal(kit.event->present_shown, 0);
    assert_int_equal(kit.event->present, 3);
    kit_free(&kit);
}

static void test_presence_interval_zero(void **state) {
    (void)state;
    struct kit kit = kit_with(0, true);
    kit.now = NOW + 1200;
    assert_int_equal(present(&kit, 20), REFUSAL_OK);
    assert_int_equal(event_due(kit.event), NOW + 2 * SECOND);
    /* a question that is released at once does not carry it */
    assert_int_equal(ask(&kit, 1), REFUSAL_OK);
    tick_at(&kit, NOW + 1200, 1);
    assert_int_equal(kit.event->question_count, 1);
    assert_int_equal(kit.event->present_shown, 0);
    tick_at(&kit, NOW + 2 * SECOND, 1);
    assert_int_equal(kit.event->present_shown, 20);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instants),
        cmocka_unit_test(test_interval_zero),
        cmocka_unit_test(test_interval_changes),
        cmocka_unit_test(test_clock_set_back),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_listed_at_once),
        cmocka_unit_test(test_shuffle),
        cmocka_unit_test(test_edits_by_number),
        cmocka_unit_test(test_after_end),
        cmocka_unit_test(test_presence),
        cmocka_unit_test(test_presence_interval_zero),
    };
    return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
