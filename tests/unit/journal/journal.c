/* The journal as a thread: many senders, one order, an answer for each. Runs under TSan too. */
#include "house.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#define SENDERS 4
#define EACH    250
#define WAIT_MS 20000

static struct journal_request *answer_wait(struct queue *queue) {
    struct queue_node *node = queue_wait(queue, 1, clock_monotonic_ms() + WAIT_MS);
    assert_non_null(node);
    return (struct journal_request *)node;
}

static void submit(struct house *house, struct journal_request *request, struct queue *reply,
                   uint64_t handle) {
    request->reply = reply;
    request->handle = handle;
    journal_submit(house->journal, request);
}

/* Submits and waits. */
static enum refusal ask_and_wait(struct house *house, struct queue *reply,
                                 struct journal_request *request) {
    submit(house, request, reply, 0);
    struct journal_request *answer = answer_wait(reply);
    assert_ptr_equal(answer, request);
    enum refusal refusal = answer->refusal;
    journal_request_free(answer);
    return refusal;
}

/* Running, with one event and its questions 1 … `questions`. */
static struct house house_started(struct listener *listener, uint32_t questions) {
    struct house house = house_new();
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    for (uint32_t n = 1; n <= questions; n++) {
        assert_int_equal(house_run(&house, ask_request(1, n)), REFUSAL_OK);
    }
    if (listener != NULL) {
        listen(&house, listener);
    }
    journal_start(house.journal);
    return house;
}

struct sender {
    pthread_t thread;
    struct house *house;
    uint32_t index;
    uint32_t ok, out_of_order;
};

/* Votes, all at once, then takes the answers. */
static void *sender_run(void *context) {
    struct sender *sender = context;
    struct queue reply;
    queue_init(&reply, 0, NULL, NULL);
    for (uint32_t n = 0; n < EACH; n++) {
        uint32_t member = 1000 * (sender->index + 1) + n;
        submit(sender->house, vote_request(1, member, 1 + n % 3), &reply, n);
    }
    for (uint32_t n = 0; n < EACH; n++) {
        struct queue_node *node = queue_wait(&reply, 1, clock_monotonic_ms() + WAIT_MS);
        if (node == NULL) {
            break;
        }
        struct journal_request *answer = (struct journal_request *)node;
        sender->ok += answer->refusal == REFUSAL_OK;
        sender->out_of_order += answer->handle != n;
        journal_request_free(answer);
    }
    queue_destroy(&reply);
    return NULL;
}

struct totals {
    sem_t done;
    uint32_t votes, ballots;
    bool found;
};

static void totals_reader(const struct event *event, bool known, void *context) {
    (void)known;
    struct totals *totals = context;
    totals->found = event != NULL;
    totals->votes = totals->ballots = 0;
    if (event != NULL) {
        totals->ballots = (uint32_t)event->ballots.count;
        for (uint32_t at = 0; at < event->question_count; at++) {
            totals->votes += event->questions[at]->votes;
        }
    }
    sem_post(&totals->done);
}

static struct totals totals_read(struct house *house) {
    struct totals totals;
    sem_init(&totals.done, 0, 0);
    journal_read(house->journal, house_id(1), totals_reader, &totals);
    while (sem_wait(&totals.done) != 0) {}
    return totals;
}

static void test_group_commit(void **state) {
    (void)state;
    struct listener listener = {0};
    struct house house = house_started(&listener, 3);
    struct sender senders[SENDERS] = {0};
    for (uint32_t at = 0; at < SENDERS; at++) {
        senders[at].house = &house;
        senders[at].index = at;
        assert_int_equal(pthread_create(&senders[at].thread, NULL, sender_run, &senders[at]), 0);
    }
    for (uint32_t at = 0; at < SENDERS; at++) {
        pthread_join(senders[at].thread, NULL);
        assert_int_equal(senders[at].ok, EACH);
        assert_int_equal(senders[at].out_of_order, 0);
    }
    struct totals totals = totals_read(&house);
    assert_int_equal(totals.votes, SENDERS * EACH);
    assert_int_equal(totals.ballots, SENDERS * EACH);
    house_shut(&house);
    assert_int_equal(listener.changes[CHANGE_BALLOT], SENDERS * EACH);
    assert_true(listener.committed < SENDERS * EACH); /* commits are shared */
    house_open(&house);
    totals = totals_read(&house);
    assert_int_equal(totals.votes, SENDERS * EACH);
    assert_int_equal(totals.ballots, SENDERS * EACH);
    house_free(&house);
}

/* A reader sees every command that was submitted before it, answered or not. */
static void test_read_after_submit(void **state) {
    (void)state;
    struct house house = house_started(NULL, 1);
    for (uint32_t member = 0; member < 100; member++) {
        submit(&house, vote_request(1, member, 1), NULL, 0); /* nobody waits */
        assert_int_equal(totals_read(&house).votes, member + 1);
    }
    house_free(&house);
}

static void told_committed(void *context, const struct event *event,
                           const struct changes *changes) {
    (void)event;
    (void)changes;
    atomic_fetch_add((atomic_uint *)context, 1);
}

static void told_gone(void *context, const uint8_t event[EVENT_ID_BYTES], bool deleted) {
    (void)event;
    (void)deleted;
    atomic_fetch_add((atomic_uint *)context, 1);
}

static bool told_tick(void *context, int64_t now) {
    (void)context;
    (void)now;
    return false;
}

/* Subscribers hear of a commit, and doors are replaced, before the answer leaves. */
static void test_told_before_answered(void **state) {
    (void)state;
    atomic_uint told = 0;
    struct house house = house_new();
    journal_subscribe(house.journal,
                      (struct journal_subscriber){&told, told_committed, told_gone, told_tick});
    journal_start(house.journal);
    struct queue reply;
    queue_init(&reply, 0, NULL, NULL);
    assert_int_equal(ask_and_wait(&house, &reply, create_request(1, "hro", true)), REFUSAL_OK);
    assert_int_equal(atomic_load(&told), 1);
    struct door *door = journal_door(house.journal, "hro");
    assert_non_null(door);
    door_release(door);
    for (uint32_t n = 1; n <= 50; n++) {
        assert_int_equal(ask_and_wait(&house, &reply, ask_request(1, n)), REFUSAL_OK);
        assert_int_equal(atomic_load(&told), 1 + n);
    }
    assert_int_equal(ask_and_wait(&house, &reply, journal_request_new(COMMAND_DELETE, house_id(1))),
                     REFUSAL_OK);
    assert_int_equal(atomic_load(&told), 52);
    assert_null(journal_door(house.journal, "hro"));
    queue_destroy(&reply);
    house_free(&house);
}

/* What was taken is finished; afterwards nothing is taken. */
static void test_stop(void **state) {
    (void)state;
    struct house house = house_started(NULL, 1);
    struct queue reply;
    queue_init(&reply, 0, NULL, NULL);
    for (uint32_t member = 0; member < 500; member++) {
        submit(&house, vote_request(1, member, 1), &reply, member);
    }
    journal_stop(house.journal);
    submit(&house, vote_request(1, 501, 1), &reply, 501);
    assert_false(totals_read(&house).found);
    for (uint64_t handle = 0; handle < 500; handle++) {
        struct journal_request *answer = answer_wait(&reply);
        assert_int_equal(answer->handle, handle);
        assert_int_equal(answer->refusal, REFUSAL_OK);
        journal_request_free(answer);
    }
    struct journal_request *late = answer_wait(&reply);
    assert_int_equal(late->refusal, REFUSAL_BUSY);
    journal_request_free(late);
    house_restart(&house);
    assert_int_equal(totals_read(&house).votes, 500);
    queue_destroy(&reply);
    house_free(&house);
}

struct gate {
    sem_t reached, opened;
};

static void gate_reader(const struct event *event, bool known, void *context) {
    (void)known;
    struct gate *gate = context;
    (void)event;
    sem_post(&gate->reached);
    while (sem_wait(&gate->opened) != 0) {}
}

/* The queue has its limit, and says so at once. */
static void test_busy(void **state) {
    (void)state;
    struct house house = house_started(NULL, 1);
    struct gate gate;
    struct queue reply;
    queue_init(&reply, 0, NULL, NULL);
    sem_init(&gate.reached, 0, 0);
    sem_init(&gate.opened, 0, 0);
    journal_read(house.journal, house_id(1), gate_reader, &gate);
    while (sem_wait(&gate.reached) != 0) {}
    for (uint32_t n = 0; n < LIMIT_JOURNAL_WAITING; n++) {
        submit(&house, presence_request(1, 0, n), NULL, 0);
    }
    for (uint32_t n = 0; n < 5; n++) {
        assert_int_equal(ask_and_wait(&house, &reply, vote_request(1, n, 1)), REFUSAL_BUSY);
    }
    sem_post(&gate.opened);
    assert_int_equal(totals_read(&house).votes, 0); /* all are through */
    assert_int_equal(ask_and_wait(&house, &reply, vote_request(1, 1, 1)), REFUSAL_OK);
    queue_destroy(&reply);
    house_free(&house);
}

static void count_wake(void *context) {
    ++*(int *)context;
}

/* What one thread asked comes back in its order and in one piece, whoever else asked in between. */
static void test_answers_together(void **state) {
    (void)state;
    struct house house = house_started(NULL, 1);
    struct gate gate;
    struct queue replies[2];
    int wakes[2] = {0};
    sem_init(&gate.reached, 0, 0);
    sem_init(&gate.opened, 0, 0);
    for (int at = 0; at < 2; at++) {
        queue_init(&replies[at], 0, count_wake, &wakes[at]);
    }
    journal_read(house.journal, house_id(1), gate_reader, &gate);
    while (sem_wait(&gate.reached) != 0) {}
    for (uint32_t n = 0; n < 30; n++) {
        struct queue *reply = n % 3 == 2 ? NULL : &replies[n % 3];
        submit(&house, vote_request(1, n, 1), reply, n);
    }
    sem_post(&gate.opened);
    assert_int_equal(totals_read(&house).votes, 30);
    for (uint32_t at = 0; at < 2; at++) {
        uint32_t expected = at;
        for (struct queue_node *node = queue_take(&replies[at]), *next; node != NULL; node = next) {
            struct journal_request *answer = (struct journal_request *)node;
            next = node->next;
            assert_int_equal(answer->handle, expected);
            assert_int_equal(answer->refusal, REFUSAL_OK);
            expected += 3;
            journal_request_free(answer);
        }
        assert_int_equal(expected, 30 + at);
        assert_int_equal(wakes[at], 1);
        queue_destroy(&replies[at]);
    }
    house_free(&house);
}

struct visitor {
    pthread_t thread;
    struct house *house;
    atomic_bool *leave;
    uint32_t visits, missing;
};

static void *visitor_run(void *context) {
    struct visitor *visitor = context;
    uint8_t key[ROLE_KEY_BYTES];
    memset(key, ROLE_ORGANISER, sizeof key);
    while (!atomic_load(visitor->leave)) {
        struct door *door = journal_door(visitor->house->journal, "hro");
        visitor->missing += door == NULL || !door_admits(door, ROLE_ORGANISER, key);
        visitor->visits++;
        door_release(door);
    }
    return NULL;
}

/* Doors are replaced while other threads go through them. */
static void test_doors_under_way(void **state) {
    (void)state;
    struct house house = house_started(NULL, 1);
    atomic_bool leave = false;
    struct visitor visitors[2] = {{.house = &house, .leave = &leave},
                                  {.house = &house, .leave = &leave}};
    struct queue reply;
    queue_init(&reply, 0, NULL, NULL);
    for (size_t at = 0; at < 2; at++) {
        assert_int_equal(pthread_create(&visitors[at].thread, NULL, visitor_run, &visitors[at]), 0);
    }
    for (uint8_t turn = 0; turn < 100; turn++) {
        struct journal_request *link = journal_request_new(COMMAND_LINK, house_id(1));
        link->command.as.link.role = ROLE_STAGE;
        memset(link->command.as.link.hash, turn, ROLE_HASH_BYTES);
        assert_int_equal(ask_and_wait(&house, &reply, link), REFUSAL_OK);
    }
    atomic_store(&leave, true);
    for (size_t at = 0; at < 2; at++) {
        pthread_join(visitors[at].thread, NULL);
        assert_true(visitors[at].visits > 0);
        assert_int_equal(visitors[at].missing, 0);
    }
    queue_destroy(&reply);
    house_free(&house);
}

static void count_reader(const struct event *event, bool known, void *context) {
    (void)known;
    struct totals *totals = context;
    totals->votes = event->question_count;
    sem_post(&totals->done);
}

/* Waits, at most 10 s, until there are so many. */
static void questions_wait(struct house *house, uint32_t count) {
    struct totals totals = {0};
    int64_t until = clock_monotonic_ms() + 10000;
    sem_init(&totals.done, 0, 0);
    do {
        assert_true(clock_monotonic_ms() < until);
        journal_read(house->journal, house_id(1), count_reader, &totals);
        while (sem_wait(&totals.done) != 0) {}
    } while (totals.votes != count);
}

/* A release comes when its time has come, without any command. */
static void test_ticks_by_itself(void **state) {
    (void)state;
    struct house house = house_new();
    struct journal_request *request = create_request(1, "hro", true);
    request->command.as.create.settings->release_seconds = 1;
    assert_int_equal(house_run(&house, request), REFUSAL_OK);
    journal_start(house.journal);
    struct queue reply;
    queue_init(&reply, 0, NULL, NULL);
    for (uint32_t n = 1; n <= 3; n++) {
        assert_int_equal(ask_and_wait(&house, &reply, ask_request(1, n)), REFUSAL_OK);
    }
    questions_wait(&house, 3);
    queue_destroy(&reply);
    house_free(&house);
}

struct metronome {
    sem_t ticked;
    uint32_t wanted;
};

static bool metronome_tick(void *context, int64_t now) {
    struct metronome *metronome = context;
    (void)now;
    sem_post(&metronome->ticked);
    return metronome->wanted > 0 && --metronome->wanted > 0;
}

/* A subscriber that asks for it is ticked again, though nothing else happens. */
static void test_subscribers_tick(void **state) {
    (void)state;
    struct metronome metronome = {.wanted = 4};
    sem_init(&metronome.ticked, 0, 0);
    struct house house = house_new();
    journal_subscribe(house.journal, (struct journal_subscriber){&metronome, told_committed,
                                                                 told_gone, metronome_tick});
    journal_start(house.journal);
    (void)totals_read(&house); /* one turn */
    int64_t begun = clock_monotonic_ms();
    struct timespec until = {.tv_sec = (time_t)(clock_unix_ms() / 1000 + 10)};
    for (int tick = 0; tick < 4; tick++) {
        assert_int_equal(sem_timedwait(&metronome.ticked, &until), 0);
    }
    assert_true(clock_monotonic_ms() - begun >= 2 * FRAME_TICK_MS);
    house_free(&house);
}

static void visit(const struct event *event, void *context) {
    uint32_t *sum = context;
    *sum += 100 + event->question_count + event->held_count;
}

/* Before the start a subscriber looks at every event that is there. */
static void test_visit(void **state) {
    (void)state;
    struct house house = house_new();
    uint32_t sum = 0;
    journal_visit(house.journal, visit, &sum);
    assert_int_equal(sum, 0);
    assert_int_equal(create(&house, 1, "hro"), REFUSAL_OK);
    assert_int_equal(create(&house, 2, "rostock"), REFUSAL_OK);
    assert_int_equal(house_run(&house, ask_request(1, 5)), REFUSAL_OK);
    journal_visit(house.journal, visit, &sum);
    assert_int_equal(sum, 201);
    house_free(&house);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_group_commit),
        cmocka_unit_test(test_read_after_submit),
        cmocka_unit_test(test_told_before_answered),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_busy),
        cmocka_unit_test(test_answers_together),
        cmocka_unit_test(test_doors_under_way),
        cmocka_unit_test(test_ticks_by_itself),
        cmocka_unit_test(test_subscribers_tick),
        cmocka_unit_test(test_visit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
