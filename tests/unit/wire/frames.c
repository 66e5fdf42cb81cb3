/* Frames: merging, the ring, since, resync, the allowance for totals; time comes from the test. */
#include "wire/world.h"

#include "wire/hall.h"

/* Takes the next sent frame of the view; NULL: none. The others are freed. */
static struct frame *sent_next(struct hall *hall, enum view view) {
    struct frame *found = NULL;
    for (struct queue_node *node = hall_sent(hall); node != NULL;) {
        struct queue_node *next = node->next;
        struct frame *frame = (struct frame *)node;
        if (found == NULL && frame->kind == FRAME_CHANGES && frame->view == view) {
            found = frame;
        } else {
            assert_true(frame->view != view || frame->kind != FRAME_CHANGES);
            frame_free(frame);
        }
        node = next;
    }
    return found;
}

static json_t *sent_json(struct hall *hall, enum view view) {
    struct frame *frame = sent_next(hall, view);
    assert_non_null(frame);
    json_t *json = frame_read(frame->text);
    assert_int_equal(json_integer_value(json_object_get(json, "from")), frame->from);
    assert_int_equal(json_integer_value(json_object_get(json, "seq")), frame->seq);
    frame_free(frame);
    return json;
}

static json_t *change_find(const json_t *frame, const char *kind, size_t *count) {
    json_t *found = NULL, *change;
    size_t index;
    *count = 0;
    json_array_foreach(json_object_get(frame, "changes"), index, change) {
        if (strcmp(json_string_value(json_object_get(change, "k")), kind) == 0) {
            found = change;
            ++*count;
        }
    }
    return found;
}

static size_t totals_count(const json_t *frame) {
    size_t count;
    const json_t *votes = change_find(frame, "votes", &count);
    return json_array_size(json_object_get(votes, "v"));
}

static void first_leaves_at_once(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 1);
    assert_false(hall_tick(&hall));
    json_t *frame = sent_json(&hall, VIEW_PUBLIC);
    size_t count;
    assert_non_null(change_find(frame, "question", &count));
    assert_non_null(change_find(frame, "order", &count));
    json_decref(frame);

    hall_move(&hall, 1, STATE_LISTED, STATE_ANSWERING);
    hall.now += FRAME_TICK_MS - 1;
    assert_true(hall_tick(&hall));
    assert_null(sent_next(&hall, VIEW_PUBLIC));
    hall.now += 1;
    assert_false(hall_tick(&hall));
    json_decref(sent_json(&hall, VIEW_PUBLIC));
    hall_close(&hall);
}

static void merged_and_sorted(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 5);
    for (uint32_t number = 5; number >= 1; number--) {
        hall_vote(&hall, COMMAND_VOTE, number, 1);
        hall_move(&hall, number, STATE_LISTED, STATE_HIDDEN);
        hall_move(&hall, number, STATE_HIDDEN, STATE_LISTED);
    }
    hall_settle(&hall);
    json_t *frame = sent_json(&hall, VIEW_PUBLIC);
    size_t index, count;
    json_t *change;
    json_int_t last = 0;
    (void)change_find(frame, "question", &count);
    assert_int_equal(count, 5);
    assert_int_equal(totals_count(frame), 0); /* the objects have them */
    json_array_foreach(json_object_get(frame, "changes"), index, change) {
        json_int_t number = json_integer_value(json_object_get(change, "n"));
        if (number != 0) {
            assert_true(number > last);
            last = number;
        }
    }
    json_decref(frame);
    hall_close(&hall);
}

static void views_differ(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 1);
    hall_settle(&hall);
    hall_drop(&hall);
    hall.now += 1000;
    hall_move(&hall, 1, STATE_LISTED, STATE_PENDING);
    hall_tick(&hall);
    size_t texts = 0;
    for (struct queue_node *node = hall_sent(&hall); node != NULL;) {
        struct frame *frame = (struct frame *)node;
        node = node->next;
        json_t *json = frame_read(frame->text);
        size_t count;
        bool text = json_object_get(change_find(json, "question", &count), "text") != NULL;
        assert_int_equal(text, frame->view == VIEW_STAFF);
        texts += text;
        json_decref(json);
        frame_free(frame);
    }
    assert_int_equal(texts, 1);
    hall_close(&hall);
}

static void gone_and_wiped(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 2);
    hall_settle(&hall);
    hall_drop(&hall);
    hall.now += 1000;
    const uint8_t *key = event_question(hall.event, 1)->key;
    struct command withdraw = {.kind = COMMAND_WITHDRAW, .as.question.rev = 1};
    memcpy(withdraw.as.question.key, key, QUESTION_KEY_BYTES);
    hall_vote(&hall, COMMAND_VOTE, 1, 1);
    assert_int_equal(hall_do(&hall, withdraw), REFUSAL_OK);
    hall_tick(&hall);
    json_t *frame = sent_json(&hall, VIEW_PUBLIC);
    size_t count;
    assert_int_equal(json_integer_value(json_object_get(change_find(frame, "gone", &count), "n")),
                     1);
    assert_int_equal(totals_count(frame), 0);
    json_decref(frame);

    hall.now += 1000;
    hall_vote(&hall, COMMAND_VOTE, 2, 1);
    assert_int_equal(hall_do(&hall, (struct command){.kind = COMMAND_WIPE}), REFUSAL_OK);
    hall_ask(&hall, 1);
    hall_tick(&hall);
    frame = sent_json(&hall, VIEW_PUBLIC);
    const json_t *first = json_array_get(json_object_get(frame, "changes"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "k")), "wiped");
    assert_int_equal(
        json_integer_value(json_object_get(change_find(frame, "question", &count), "n")), 3);
    assert_int_equal(totals_count(frame), 0);
    json_decref(frame);
    hall_close(&hall);
}

/* Two hundred totals, all changing all the time: what leaves in a minute keeps to the budget, and
 * every question has its turn. */
static void totals_keep_the_budget(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 200);
    hall_settle(&hall);
    hall_drop(&hall);
    hall.now += 10000;
    size_t bytes = 0, frames = 0, told[201] = {0};
    for (int tick = 0; tick < 600; tick++) {
        for (uint32_t number = 1; number <= 200; number++) {
            hall_vote(&hall, tick % 2 == 0 ? COMMAND_VOTE : COMMAND_UNVOTE, number, 1);
        }
        hall_tick(&hall);
        struct frame *frame = sent_next(&hall, VIEW_PUBLIC);
        if (frame != NULL) {
            json_t *json = frame_read(frame->text);
            size_t index, count;
            json_t *pair;
            json_array_foreach(json_object_get(change_find(json, "votes", &count), "v"), index,
                               pair) {
                told[json_integer_value(json_array_get(pair, 0))]++;
            }
            json_decref(json);
            bytes += frame->text->length;
            frames++;
            frame_free(frame);
        }
        hall.now += FRAME_TICK_MS;
    }
    assert_in_range(bytes, 50000, 60000);
    assert_in_range(frames, 26, 40);
    for (size_t number = 1; number <= 200; number++) {
        assert_in_range(told[number], 22, 40);
    }
    hall_close(&hall);
}

static void few_totals_leave_at_once(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 3);
    hall_settle(&hall);
    hall_drop(&hall);
    hall.now += 10000;
    for (uint32_t member = 1; member <= 20; member++) {
        hall_vote(&hall, COMMAND_VOTE, member % 3 + 1, member);
        assert_false(hall_tick(&hall));
        json_t *frame = sent_json(&hall, VIEW_PUBLIC);
        assert_int_equal(totals_count(frame), 1);
        json_decref(frame);
        hall.now += FRAME_TICK_MS;
    }
    hall_close(&hall);
}

/* Other changes do not wait for totals; the totals follow in a frame without a seq of its own. */
static void late_totals(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 200);
    hall_settle(&hall);
    for (uint32_t number = 1; number <= 200; number++) {
        hall_vote(&hall, COMMAND_VOTE, number, 1);
    }
    hall.now += 10000;
    hall_tick(&hall); /* empties the allowance */
    hall_drop(&hall);
    hall.now += FRAME_TICK_MS;
    for (uint32_t number = 1; number <= 200; number++) {
        hall_vote(&hall, COMMAND_VOTE, number, 2);
    }
    hall_move(&hall, 200, STATE_LISTED, STATE_HIDDEN);
    assert_true(hall_tick(&hall));
    json_t *frame = sent_json(&hall, VIEW_PUBLIC);
    uint64_t seq = (uint64_t)json_integer_value(json_object_get(frame, "seq"));
    assert_int_equal(seq, hall.event->seq[VIEW_PUBLIC]);
    assert_int_equal(totals_count(frame), 0);
    json_decref(frame);

    uint64_t lead;
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, seq, NULL, 0, &lead), 0);
    size_t told = 0, late = 0;
    for (int tick = 0; hall_tick(&hall) || tick == 0; tick++) {
        hall.now += FRAME_TICK_MS;
        (void)hall_tick(&hall);
        struct frame *sent = sent_next(&hall, VIEW_PUBLIC);
        if (sent != NULL) {
            assert_int_equal(sent->from, seq);
            assert_int_equal(sent->seq, seq);
            json_t *json = frame_read(sent->text);
            told += totals_count(json);
            late++;
            json_decref(json);
            frame_free(sent);
        }
    }
    assert_int_equal(told, 199); /* the hidden one's is nobody's business */
    /* Who joins at this seq may lack them, and is given them. */
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, seq, NULL, 0, &lead), late);
    assert_int_equal(lead, seq);
    hall_close(&hall);
}

static void presence_rides_along(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    struct command presence = {.kind = COMMAND_PRESENCE, .as.presence.members = 143};
    uint64_t seq = hall.event->seq[VIEW_PUBLIC], lead;
    for (int i = 0; i < 3; i++) {
        presence.as.presence.members++;
        hall_do(&hall, presence);
        hall.now += 10000;
        hall_release(&hall);
        hall_tick(&hall);
        json_t *frame = sent_json(&hall, VIEW_PUBLIC);
        assert_int_equal(json_integer_value(json_object_get(frame, "present")), 144 + i);
        assert_int_equal(json_integer_value(json_object_get(frame, "from")), seq);
        assert_int_equal(json_integer_value(json_object_get(frame, "seq")), seq);
        json_decref(frame);
    }
    /* Only the last one is worth keeping. */
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, seq, NULL, 0, &lead), 1);
    hall_close(&hall);
}

static void ring_forgets(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 1);
    hall_settle(&hall);
    uint64_t start = hall.event->seq[VIEW_PUBLIC], lead;
    for (int i = 0; i < LIMIT_RING_FRAMES; i++) {
        assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, start, NULL, 0, &lead), i);
        hall.now += 1000;
        hall_vote(&hall, i % 2 == 0 ? COMMAND_VOTE : COMMAND_UNVOTE, 1, 1);
        assert_false(hall_tick(&hall));
        hall_drop(&hall);
    }
    struct shared *texts[LIMIT_RING_FRAMES];
    int found =
        frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, start, texts, LIMIT_RING_FRAMES, &lead);
    assert_int_equal(found, LIMIT_RING_FRAMES);
    assert_int_equal(lead, hall.event->seq[VIEW_PUBLIC]);
    for (int i = 0; i < found; i++) {
        shared_release(texts[i]);
    }
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, start, texts, 3, &lead), -1);
    hall.now += 1000;
    hall_vote(&hall, COMMAND_VOTE, 1, 1);
    hall_tick(&hall);
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, start, NULL, 0, &lead), -1);
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, start + 1, NULL, 0, &lead),
                     LIMIT_RING_FRAMES);
    uint64_t now = hall.event->seq[VIEW_PUBLIC];
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, now, NULL, 0, &lead), 0);
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, now + 1, NULL, 0, &lead), -1);
    const uint8_t other[EVENT_ID_BYTES] = {9};
    assert_int_equal(frames_since(hall.frames, other, VIEW_PUBLIC, 0, NULL, 0, &lead), -1);
    hall_close(&hall);
}

static size_t kinds_count(struct hall *hall, enum frame_kind kind) {
    size_t count = 0;
    for (struct queue_node *node = hall_sent(hall); node != NULL;) {
        struct frame *frame = (struct frame *)node;
        node = node->next;
        if (frame->kind == kind) {
            assert_memory_equal(frame->event, HALL_ID, EVENT_ID_BYTES);
            count++;
        }
        frame_free(frame);
    }
    return count;
}

static void too_large_is_a_resync(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    char text[LIMIT_QUESTION_BYTES + 1];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 30; i++) {
        hall_hold(&hall, 1, text);
    }
    hall_release(&hall);
    uint64_t before = 1, lead;
    hall_tick(&hall);
    assert_int_equal(kinds_count(&hall, FRAME_RESYNC), VIEW_COUNT);
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, before, NULL, 0, &lead), -1);
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, hall.event->seq[VIEW_PUBLIC],
                                  NULL, 0, &lead),
                     0);
    hall_close(&hall);
}

static void notices(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    struct command link = {.kind = COMMAND_LINK, .as.link.role = ROLE_STAGE};
    link.as.link.hash[0] = 1;
    hall_do(&hall, link);
    assert_int_equal(kinds_count(&hall, FRAME_ROLES), 1);
    hall_ask(&hall, 1); /* noted, never sent */
    hall.subscriber.gone(hall.subscriber.context, HALL_ID, false);
    assert_int_equal(kinds_count(&hall, FRAME_RESYNC), 1);
    assert_false(hall_tick(&hall));
    uint64_t lead;
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, hall.event->seq[VIEW_PUBLIC],
                                  NULL, 0, &lead),
                     -1);
    frames_open(hall.event, true, hall.frames);
    assert_int_equal(frames_since(hall.frames, HALL_ID, VIEW_PUBLIC, hall.event->seq[VIEW_PUBLIC],
                                  NULL, 0, &lead),
                     0);
    hall.subscriber.gone(hall.subscriber.context, HALL_ID, true);
    assert_int_equal(kinds_count(&hall, FRAME_DELETED), 1);
    hall_close(&hall);
}

static void clock_set_back(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 1);
    hall_tick(&hall);
    hall_drop(&hall);
    hall.now -= 3600000;
    hall_vote(&hall, COMMAND_VOTE, 1, 1);
    hall_settle(&hall);
    json_decref(sent_json(&hall, VIEW_PUBLIC));
    hall_close(&hall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_leaves_at_once),
        cmocka_unit_test(merged_and_sorted),
        cmocka_unit_test(views_differ),
        cmocka_unit_test(gone_and_wiped),
        cmocka_unit_test(totals_keep_the_budget),
        cmocka_unit_test(few_totals_leave_at_once),
        cmocka_unit_test(late_totals),
        cmocka_unit_test(presence_rides_along),
        cmocka_unit_test(ring_forgets),
        cmocka_unit_test(too_large_is_a_resync),
        cmocka_unit_test(notices),
        cmocka_unit_test(clock_set_back),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
