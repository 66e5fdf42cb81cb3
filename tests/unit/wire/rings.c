/* What the rings of all events hold together, and when they end. */
#include "wire/world.h"

#include "wire/hall.h"

#define HALLS 10

/* Another event behind the same frames. */
static void hall_beside(struct hall *hall, const struct hall *first, uint8_t id) {
    hall_open(hall);
    hall->subscriber.gone(hall->subscriber.context, HALL_ID, false);
    frames_free(hall->frames);
    hall->frames = first->frames;
    hall->subscriber = first->subscriber;
    hall->event->id[0] = id;
    frames_open(hall->event, true, hall->frames);
}

static void hall_leave(struct hall *hall) {
    hall->frames = frames_new(); /* for hall_close */
    hall_close(hall);
}

static int kept(const struct hall *hall, uint64_t since) {
    uint64_t lead;
    return frames_since(hall->frames, hall->event->id, VIEW_PUBLIC, since, NULL, 0, &lead);
}

/* Fills both rings of the hall: frames of nearly 64 KiB. */
static void rings_fill(struct hall *hall, int64_t *now) {
    for (uint32_t n = 0; n < 75; n++) {
        hall->now = *now += 1000;
        for (uint32_t number = 1; number <= hall->event->question_count; number++) {
            struct command pin = {.kind = COMMAND_PIN};
            pin.as.pin.number = number;
            pin.as.pin.on = n % 2 == 0;
            assert_int_equal(hall_do(hall, pin), REFUSAL_OK);
        }
        hall_tick(hall);
    }
}

static void all_keep_to_one_limit(void **state) {
    (void)state;
    static struct hall halls[HALLS];
    uint64_t start[HALLS];
    char text[LIMIT_QUESTION_BYTES + 1];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    hall_open(&halls[0]);
    int64_t now = halls[0].now;
    for (uint8_t i = 1; i < HALLS; i++) {
        hall_beside(&halls[i], &halls[0], (uint8_t)(100 + i));
    }
    for (uint32_t i = 0; i < HALLS; i++) {
        for (uint32_t n = 0; n < 20; n++) {
            hall_hold(&halls[i], 1, text);
        }
        halls[i].now = now += 1000;
        hall_release(&halls[i]);
        hall_tick(&halls[i]);
        hall_drop(&halls[0]);
        start[i] = halls[i].event->seq[VIEW_PUBLIC];
        rings_fill(&halls[i], &now);
        hall_drop(&halls[0]);
    }
    /* Eight rings of everybody's view and of the staff's fill the limit; the first two are gone. */
    for (uint32_t i = 0; i < HALLS; i++) {
        uint64_t latest = halls[i].event->seq[VIEW_PUBLIC];
        assert_int_equal(kept(&halls[i], start[i]), -1);
        assert_int_equal(kept(&halls[i], latest), i < 2 ? -1 : 0);
        assert_true(i < 2 || kept(&halls[i], latest - 1) == 1);
    }
    /* Whoever fetches the snapshot opens them again. */
    frames_open(halls[0].event, true, halls[0].frames);
    assert_int_equal(kept(&halls[0], halls[0].event->seq[VIEW_PUBLIC]), 0);
    for (uint32_t i = 1; i < HALLS; i++) {
        hall_leave(&halls[i]);
    }
    hall_close(&halls[0]);
}

static void silence_ends_them(void **state) {
    (void)state;
    struct hall hall, other;
    hall_open(&hall);
    hall_beside(&other, &hall, 100);
    hall_ask(&hall, 1);
    hall_settle(&hall);
    uint64_t seq = hall.event->seq[VIEW_PUBLIC];
    int64_t last = hall.now;
    assert_int_equal(kept(&hall, seq - 1), 1);
    hall.now = last + RING_IDLE_MS - FRAME_TICK_MS - 1;
    hall_tick(&hall);
    assert_int_equal(kept(&hall, seq - 1), 1);
    hall.now = last + RING_IDLE_MS;
    hall_vote(&other, COMMAND_VOTE, 1, 1); /* refused: nothing was noted, it is silent too */
    hall_tick(&hall);
    assert_int_equal(kept(&hall, seq), -1);
    assert_int_equal(kept(&other, other.event->seq[VIEW_PUBLIC]), -1);

    /* Those who stayed go on where they are. */
    hall_drop(&hall);
    hall_vote(&hall, COMMAND_VOTE, 1, 1);
    hall_tick(&hall);
    for (struct queue_node *node = hall_sent(&hall), *next; node != NULL; node = next) {
        next = node->next;
        struct frame *frame = (struct frame *)node;
        if (frame->view == VIEW_PUBLIC) {
            assert_int_equal(frame->from, seq);
            assert_int_equal(frame->seq, seq + 1);
        }
        frame_free(frame);
    }
    assert_int_equal(kept(&hall, seq), 1);
    hall_leave(&other);
    hall_close(&hall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_keep_to_one_limit),
        cmocka_unit_test(silence_ends_them),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
