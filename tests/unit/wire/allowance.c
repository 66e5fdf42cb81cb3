/* How long a vote waits until its total leaves, and how many bytes a phone gets in a minute: a
 * minute of votes at a steady rate, as the journal would see it, one millisecond after the other.
 */
#include "wire/world.h"

#include "wire/hall.h"
#include "wire/stream.h"

#define MINUTE_MS   60000
#define PHONE_BYTES 60000 /* a minute */
#define MOST        200   /* questions */

struct minute {
    size_t frames, bytes;
    int64_t longest; /* wait of a vote, ms */
};

/* Frames of everybody's view: their bytes, and the totals in them end the waiting of their votes.
 */
static void minute_read(struct minute *minute, struct hall *hall, int64_t since[MOST + 1]) {
    for (struct queue_node *node = hall_sent(hall), *next; node != NULL; node = next) {
        next = node->next;
        struct frame *frame = (struct frame *)node;
        if (frame->view == VIEW_PUBLIC) {
            json_t *json = frame_read(frame->text), *change, *pair;
            size_t i, j;
            json_array_foreach(json_object_get(json, "changes"), i, change) {
                json_array_foreach(json_object_get(change, "v"), j, pair) {
                    size_t number = (size_t)json_integer_value(json_array_get(pair, 0));
                    if (since[number] != 0 && hall->now - since[number] > minute->longest) {
                        minute->longest = hall->now - since[number];
                    }
                    since[number] = 0;
                }
            }
            minute->frames++;
            minute->bytes += frame->text->length;
            json_decref(json);
        }
        frame_free(frame);
    }
}

/* `rate` votes a second on `questions` in turn, among 5,000 who attend. */
static struct minute minute_of(uint32_t questions, uint32_t rate) {
    struct hall hall;
    struct minute minute = {0};
    int64_t since[MOST + 1] = {0}, begin, ticked_at = 0;
    uint32_t votes = 0;
    bool waits = false;
    hall_open(&hall);
    hall_ask(&hall, questions);
    (void)hall_do(&hall, (struct command){.kind = COMMAND_PRESENCE, .as.presence.members = 5000});
    hall_settle(&hall);
    hall_drop(&hall);
    hall.now += 10000;
    for (begin = hall.now; hall.now < begin + MINUTE_MS; hall.now++) {
        uint32_t before = votes;
        while (votes < (uint64_t)(hall.now - begin) * rate / 1000) {
            /* Steps that share no factor with the number of questions reach each of them. */
            uint32_t number = votes * 7 % questions + 1;
            since[number] = since[number] == 0 ? hall.now : since[number];
            assert_int_equal(hall_vote(&hall, COMMAND_VOTE, number, votes++), REFUSAL_OK);
        }
        bool due = event_due(hall.event) <= hall.now;
        if (due) {
            hall_release(&hall);
        }
        if (due || votes > before || (waits && hall.now - ticked_at >= FRAME_TICK_MS)) {
            waits = hall_tick(&hall);
            ticked_at = hall.now;
            minute_read(&minute, &hall, since);
        }
    }
    hall_close(&hall);
    print_message("%u questions, %u votes/s: %zu frames, %zu bytes, at most %d ms\n", questions,
                  rate, minute.frames, minute.bytes, (int)minute.longest);
    return minute;
}

static void few_wait_two_ticks(void **state) {
    (void)state;
    const uint32_t rates[] = {5, 30, 200, 1000};
    for (uint32_t questions = 1; questions <= VOTES_FEW; questions += VOTES_FEW - 1) {
        for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
            struct minute minute = minute_of(questions, rates[i]);
            assert_in_range(minute.longest, 0, 2 * FRAME_TICK_MS);
            assert_in_range(minute.bytes, 1, PHONE_BYTES);
        }
    }
}

static void one_waits_a_tick(void **state) {
    (void)state;
    struct minute minute = minute_of(1, 500);
    assert_in_range(minute.longest, 0, FRAME_TICK_MS);
}

static void many_keep_to_the_budget(void **state) {
    (void)state;
    const uint32_t rates[] = {20, 60, 150, 1000};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct minute minute = minute_of(MOST, rates[i]);
        assert_in_range(minute.bytes, 1, PHONE_BYTES);
        assert_in_range(minute.longest, 0, 5000);
    }
}

/* Whatever else leaves takes few totals along, however long the ticks before were. */
static void few_go_along(void **state) {
    (void)state;
    struct hall hall;
    int64_t since[MOST + 1] = {0};
    struct minute minute = {0};
    hall_open(&hall);
    hall_ask(&hall, 20);
    hall_settle(&hall);
    for (uint32_t number = 1; number <= 20; number++) {
        hall_vote(&hall, COMMAND_VOTE, number, 1);
    }
    hall_settle(&hall); /* and the allowance is used up */
    for (uint32_t member = 2; member < 40; member++) {
        hall.now += FRAME_TICK_MS;
        for (uint32_t number = 1; number <= VOTES_FEW; number++) {
            since[number] = hall.now;
            hall_vote(&hall, COMMAND_VOTE, number, member);
        }
        hall_move(&hall, 20, member % 2 == 0 ? STATE_LISTED : STATE_HIDDEN,
                  member % 2 == 0 ? STATE_HIDDEN : STATE_LISTED);
        assert_false(hall_tick(&hall));
        minute_read(&minute, &hall, since);
        for (uint32_t number = 1; number <= VOTES_FEW; number++) {
            assert_int_equal(since[number], 0);
        }
    }
    hall_close(&hall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_wait_two_ticks),
        cmocka_unit_test(one_waits_a_tick),
        cmocka_unit_test(many_keep_to_the_budget),
        cmocka_unit_test(few_go_along),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
