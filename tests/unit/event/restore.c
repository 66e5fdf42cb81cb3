/* Rebuilding an event from its parts. */
#include "parts.h"

/* Numbers 1 to 6; 1 withdrawn, 2 answered, 3 declined, 4 pinned, 5 being edited, 6 in talk 2; one
 * new question waits. */
static struct kit kit_full(void) {
    struct settings settings = kit_settings();
    settings.moderation_before = false;
    struct kit kit = kit_new(&settings);
    assert_int_equal(talk_add(&kit, "Second"), REFUSAL_OK);
    ask_released(&kit, 1, 5);
    assert_int_equal(ask_in(&kit, 2, 6, "Here?"), REFUSAL_OK);
    tick_due(&kit);
    assert_int_equal(vote(&kit, 1, 4), REFUSAL_OK);
    assert_int_equal(vote(&kit, 2, 4), REFUSAL_OK);
    assert_int_equal(withdraw(&kit, 1, 1), REFUSAL_OK);
    assert_int_equal(move_with(&kit, 2, STATE_LISTED, STATE_ANSWERED, REASON_NONE, "Yes."),
                     REFUSAL_OK);
    assert_int_equal(move(&kit, 3, STATE_LISTED, STATE_DECLINED), REFUSAL_OK);
    assert_int_equal(pin(&kit, 4, true), REFUSAL_OK);
    assert_int_equal(edit(&kit, 5, 1, "New"), REFUSAL_OK);
    assert_int_equal(ask(&kit, 7), REFUSAL_OK);
    return kit;
}

static void test_round_trip(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    struct changes changes = {0};
    assert_true(event_restored(copy, &changes));
    assert_int_equal(changes.count, 0);
    kit_assert_same(kit_dump(kit.event, false), kit_dump(copy, false));
    assert_true(event_due(copy) <= NOW); /* what waits is released at once */
    /* and it goes on like the original */
    event_free(kit.twin);
    kit.twin = event_new(EVENT_ID);
    struct event *original = kit.event;
    kit.event = copy;
    kit.quick = true;
    tick_due(&kit);
    assert_string_equal(event_question(copy, 5)->text, "New");
    assert_int_equal(copy->question_count, 6);
    event_free(original);
    kit_free(&kit);
}

static void test_counters(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    copy->next_number = 1;
    copy->next_talk = 1;
    assert_true(event_restored(copy, NULL));
    assert_int_equal(copy->next_number, 7);
    assert_int_equal(copy->next_talk, 3);
    event_free(copy);
    copy = parts_copy(kit.event);
    copy->next_number = 90; /* higher ones were withdrawn */
    assert_true(event_restored(copy, NULL));
    assert_int_equal(copy->next_number, 90);
    event_free(copy);
    kit_free(&kit);
}

static void forget(struct event *event, uint32_t n) {
    uint8_t key[QUESTION_KEY_BYTES], hash[FORGOTTEN_BYTES];
    kit_key(key, n);
    forgotten_hash(hash, EVENT_ID, key);
    event_restore_forgotten(event, hash);
}

static void test_forgotten(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    forget(copy, 4); /* listed */
    forget(copy, 3); /* declined */
    forget(copy, 5); /* being edited */
    forget(copy, 7); /* waiting */
    forget(copy, 99);
    struct changes changes = {0};
    assert_true(event_restored(copy, &changes));
    kit.changes = (changes_clear(&kit.changes), changes);
    assert_true(kit_changed(&kit, CHANGE_GONE, 4));
    assert_true(kit_changed(&kit, CHANGE_GONE, 3));
    assert_true(kit_changed(&kit, CHANGE_GONE, 5));
    assert_true(kit_changed(&kit, CHANGE_GONE, 0));
    assert_int_equal(kit_count(&kit, CHANGE_GONE), 4);
    assert_int_equal(kit_count(&kit, CHANGE_HELD_GONE), 2);
    assert_int_equal(kit_count(&kit, CHANGE_ORDER), 1);
    assert_int_equal(kit.changes.count, 7);
    assert_int_equal(copy->seq[VIEW_PUBLIC], kit.event->seq[VIEW_PUBLIC] + 4);
    assert_int_equal(copy->question_count, 2);
    assert_int_equal(copy->held_count, 0);
    assert_int_equal(copy->release_at, 0);
    event_free(copy);
    kit_free(&kit);
}

/* An import brings no orders. */
static void test_orders_missing(void **state) {
    (void)state;
    struct kit kit = kit_full();
    struct event *copy = parts_copy(kit.event);
    copy->talks[0].order_count = 1; /* "5 4" */
    copy->talks[1].order_count = 0;
    struct changes changes = {0};
    assert_true(event_restored(copy, &changes));
    assert_int_equal(changes.count, 2);
    assert_int_equal(changes.items[0].kind, CHANGE_ORDER);
    assert_int_equal(copy->talks[0].order_count, 2);
    assert_int_equal(copy->talks[0].order[0], 4); /* has votes */
    assert_int_equal(copy->talks[1].order[0], 6);
    changes_clear(&changes);
    event_free(copy);
    kit_free(&kit);
}

/* ---- parts that contradict each other, each in its own way */

static struct question *number_of(struct event *event, uint32_t number) {
    for (uint32_t i = 0; i < event->question_count; i++) {
        if (event->questions[i]->number == number) {
            return event->questions[i];
        }
    }
    return NULL;
}

static struct held *waiting(struct event *event, bool edited) {
    return &event->held[(event->held[0].number != 0) == edited ? 0 : 1];
}

static void spoil_number(struct event *event) {
    number_of(event, 2)->number = 3;
}
static void spoil_number_zero(struct event *event) {
    number_of(event, 2)->number = 0;
}
static void spoil_question_talk(struct event *event) {
    number_of(event, 2)->talk = 9;
}
static void spoil_key(struct event *event) {
    memcpy(number_of(event, 2)->key, number_of(event, 3)->key, QUESTION_KEY_BYTES);
}
static void spoil_state(struct event *event) {
    number_of(event, 2)->state = STATE_COUNT;
}
static void spoil_reason_missing(struct event *event) {
    number_of(event, 3)->reason = REASON_NONE;
}
static void spoil_reason(struct event *event) {
    number_of(event, 2)->reason = REASON_RUDE;
}
static void spoil_pinned(struct event *event) {
    number_of(event, 2)->pinned = true;
}
static void spoil_answer(struct event *event) {
    number_of(event, 2)->state = STATE_HIDDEN;
}
static void spoil_degree(struct event *event) {
    number_of(event, 2)->degree = 3;
}
static void spoil_two_answering(struct event *event) {
    number_of(event, 4)->state = number_of(event, 5)->state = STATE_ANSWERING;
}
static void spoil_order_state(struct event *event) {
    event->talks[0].order[0] = 2;
}
static void spoil_order_twice(struct event *event) {
    event->talks[0].order[0] = event->talks[0].order[1];
}
static void spoil_order_talk(struct event *event) {
    event->talks[0].order[0] = 6;
}
static void spoil_order_unknown(struct event *event) {
    event->talks[0].order[0] = 77;
}
static void spoil_talk_id(struct event *event) {
    event->talks[1].id = 1;
}
static void spoil_title(struct event *event) {
    event->talks[1].title[0] = '\0';
}
static void spoil_current(struct event *event) {
    event->current_talk = 9;
}
static void spoil_edit_number(struct event *event) {
    waiting(event, true)->number = 4;
}
static void spoil_edit_rev(struct event *event) {
    waiting(event, true)->rev = 0;
}
static void spoil_edit_new(struct event *event) {
    waiting(event, true)->number = 0;
}
static void spoil_held_talk(struct event *event) {
    waiting(event, false)->talk = 9;
}
static void spoil_held_number(struct event *event) {
    waiting(event, false)->number = 4;
}
static void spoil_held_key(struct event *event) {
    memcpy(waiting(event, false)->key, waiting(event, true)->key, QUESTION_KEY_BYTES);
}
static void spoil_held_degree(struct event *event) {
    waiting(event, false)->degree = 3;
}
static void spoil_closed(struct event *event) {
    event->closed = true; /* but has ballots */
}
static void spoil_end(struct event *event) {
    event->settings.end = event->settings.start;
}

static void (*const SPOILS[])(struct event *) = {
    spoil_number,      spoil_number_zero,    spoil_question_talk, spoil_key,
    spoil_state,       spoil_reason_missing, spoil_reason,        spoil_pinned,
    spoil_answer,      spoil_degree,         spoil_two_answering, spoil_order_state,
    spoil_order_twice, spoil_order_talk,     spoil_order_unknown, spoil_talk_id,
    spoil_title,       spoil_current,        spoil_edit_number,   spoil_edit_rev,
    spoil_edit_new,    spoil_held_talk,      spoil_held_number,   spoil_held_key,
    spoil_held_degree, spoil_closed,         spoil_end,
};

static void test_contradictions(void **state) {
    (void)state;
    struct kit kit = kit_full();
    assert_order(&kit, 1, "5 4");
    for (size_t i = 0; i < sizeof SPOILS / sizeof SPOILS[0]; i++) {
        struct event *copy = parts_copy(kit.event);
        SPOILS[i](copy);
        if (event_restored(copy, NULL)) {
            fail_msg("contradiction %zu was not seen", i);
        }
        event_free(copy);
    }
    struct event *empty = event_new(EVENT_ID);
    assert_false(event_restored(empty, NULL));
    event_free(empty);
    event_free(NULL);
    kit_free(&kit);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),     cmocka_unit_test(test_counters),
        cmocka_unit_test(test_forgotten),      cmocka_unit_test(test_orders_missing),
        cmocka_unit_test(test_contradictions),
    };
    return cmocka_run_group_tests_name("restore", tests, NULL, NULL);
}
