/* Whatever happens, in whatever rhythm: a snapshot of then with the frames since laid over it is
 * the snapshot of now. Random commands, two views, clients that come late and come back; and the
 * same rings read by another thread meanwhile. */
#include "wire/world.h"

#include <pthread.h>
#include <stdatomic.h>

#include "wire/hall.h"

#define CLIENTS 6

/* Follows the frames as a network thread would (wire/frames.h). */
struct follower {
    enum view view;
    struct client client;
    bool here;
};

static uint64_t chance_state;

static uint32_t chance(uint32_t bound) {
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % bound;
}

static void do_settings(struct hall *hall) {
    struct command settings = {.kind = COMMAND_SETTINGS};
    settings.as.settings.settings = memory_new(sizeof *settings.as.settings.settings);
    *settings.as.settings.settings = hall->event->settings;
    settings.as.settings.settings->moderation_before = chance(2) == 0;
    settings.as.settings.settings->publish = (enum publish)chance(PUBLISH_COUNT);
    settings.as.settings.settings->publish_seconds = chance(2);
    settings.as.settings.mask = SETTING_MODERATION | SETTING_PUBLISH | SETTING_PUBLISH_SECONDS;
    (void)hall_do(hall, settings);
}

static void do_talks(struct hall *hall) {
    char title[32];
    (void)snprintf(title, sizeof title, "Talk %u", chance(5));
    if (chance(3) == 0) {
        struct command select = {.kind = COMMAND_TALK_SELECT};
        select.as.talk.from = hall->event->current_talk;
        select.as.talk.to = chance(4) + 1;
        (void)hall_do(hall, select);
        return;
    }
    (void)hall_do(hall, (struct command){.kind = COMMAND_TALK_ADD, .text = memory_text(title)});
}

static void do_key(struct hall *hall, enum command_kind kind, uint32_t number) {
    const struct question *question = event_question(hall->event, number);
    if (question != NULL) {
        struct command command = {.kind = kind, .as.question.rev = question->rev + 1};
        memcpy(command.as.question.key, question->key, QUESTION_KEY_BYTES);
        command.text = kind == COMMAND_EDIT ? memory_text("Und \"anders\"?") : NULL;
        (void)hall_do(hall, command);
    }
}

static void do_account(struct hall *hall) {
    const char *const names[] = {"eins", "zwei", "drei"};
    uint32_t id = chance(hall->event->next_account + 1);
    switch (chance(5)) {
    case 0:
    case 1:
        (void)hall_connect(hall, (enum network)chance(NETWORK_COUNT), names[chance(3)]);
        break;
    case 2:
        (void)hall_account(hall, id, ACCOUNT_EXPIRED);
        break;
    case 3:
        (void)hall_do(hall,
                      (struct command){.kind = COMMAND_ACCOUNT_LEAVE, .as.account = {.id = id}});
        break;
    default: {
        const struct account *account = event_account(hall->event, id);
        if (account != NULL && account->state == ACCOUNT_LEAVING) {
            (void)hall_account(hall, id, ACCOUNT_LEFT);
        }
    }
    }
}

/* The bridge, or a moderator, does something about a post. */
static void do_post(struct hall *hall) {
    const enum command_kind kinds[] = {
        COMMAND_POST_SENDING, COMMAND_POST_SENDING, COMMAND_POST_SENT, COMMAND_POST_SENT,
        COMMAND_POST_FAILED,  COMMAND_POST_RETRY,   COMMAND_POST_DROP};
    for (uint32_t i = 0; i < hall->event->outgoing_count; i++) {
        if (chance(4) == 0) {
            const struct outgoing row = hall->event->outgoing[i];
            (void)hall_post(hall, kinds[chance(7)], &row,
                            chance(5) == 0 ? "" : "https://server.example/1");
        }
    }
}

static void do_staff(struct hall *hall, uint32_t number) {
    const struct question *question = event_question(hall->event, number);
    struct command command = {.kind = COMMAND_WARN, .as.publish = {.number = number}};
    command.as.publish.on = chance(2) == 0;
    command.as.publish.rev = question != NULL ? question->rev : 0;
    const enum command_kind kinds[] = {COMMAND_APPROVE, COMMAND_OPEN, COMMAND_WARN};
    command.kind = kinds[chance(3)];
    command.text = command.kind == COMMAND_WARN && chance(2) == 0 ? memory_text("Achtung") : NULL;
    (void)hall_do(hall, command);
}

static void do_outside(struct hall *hall, uint32_t number) {
    switch (chance(4)) {
    case 0:
        do_account(hall);
        break;
    case 1:
        (void)hall_degree(hall, number, (uint8_t)chance(3));
        break;
    case 2:
        do_staff(hall, number);
        break;
    default:
        do_post(hall);
        break;
    }
}

static void do_something(struct hall *hall) {
    uint32_t number = chance(hall->event->next_number + 1);
    switch (chance(17)) {
    case 0:
    case 1:
        hall_hold(hall, chance(3) + 1, "Warum \\ \"nicht\"? 🙂");
        break;
    case 2:
    case 3:
        hall_release(hall);
        break;
    case 4:
        do_settings(hall);
        break;
    case 5:
        do_talks(hall);
        break;
    case 6:
        do_key(hall, chance(3) == 0 ? COMMAND_WITHDRAW : COMMAND_EDIT, number);
        break;
    case 7:
        (void)hall_do(hall, (struct command){.kind = COMMAND_PIN,
                                             .as.pin = {.number = number, .on = chance(2) == 0}});
        break;
    case 8:
        (void)hall_do(
            hall, (struct command){.kind = COMMAND_PRESENCE, .as.presence.members = chance(40)});
        break;
    case 9:
    case 10: {
        const struct question *question = event_question(hall->event, number);
        if (question != NULL) {
            (void)hall_move(hall, number, question->state, (enum question_state)chance(6));
        }
        break;
    }
    case 14:
    case 15:
    case 16:
        do_outside(hall, number);
        break;
    case 11:
        if (chance(20) == 0) {
            (void)hall_do(hall, (struct command){.kind = COMMAND_WIPE});
        }
        break;
    default:
        for (uint32_t i = chance(30); i > 0; i--) {
            (void)hall_vote(hall, chance(4) == 0 ? COMMAND_UNVOTE : COMMAND_VOTE,
                            chance(hall->event->next_number) + 1, chance(50));
        }
        break;
    }
}

static void follow(struct follower *followers, struct frame *frame) {
    assert_int_equal(frame->kind, FRAME_CHANGES);
    for (size_t i = 0; i < CLIENTS; i++) {
        struct follower *follower = &followers[i];
        uint64_t seq = follower->client.seq;
        bool news = frame->seq > seq || (frame->from == frame->seq && frame->seq >= seq);
        if (follower->here && follower->view == frame->view && news) {
            client_take(&follower->client, frame->text);
        }
    }
    frame_free(frame);
}

static void deliver(struct hall *hall, struct follower *followers) {
    for (struct queue_node *node = hall_sent(hall); node != NULL;) {
        struct queue_node *next = node->next;
        follow(followers, (struct frame *)node);
        node = next;
    }
}

/* Comes back with what it knows, or with a new snapshot when that is too old. */
static void come(struct hall *hall, struct follower *follower) {
    struct shared *texts[LIMIT_RING_FRAMES];
    uint64_t lead;
    int count = frames_since(hall->frames, HALL_ID, follower->view, follower->client.seq, texts,
                             LIMIT_RING_FRAMES, &lead);
    if (count < 0) {
        client_free(&follower->client);
        follower->client = hall_client(hall, follower->view);
        count = frames_since(hall->frames, HALL_ID, follower->view, follower->client.seq, texts,
                             LIMIT_RING_FRAMES, &lead);
        assert_true(count >= 0);
    }
    for (int i = 0; i < count; i++) {
        client_take(&follower->client, texts[i]);
        shared_release(texts[i]);
    }
    follower->here = true;
}

/* Everything has been told: who is here knows what a snapshot says. */
static void check(struct hall *hall, struct follower *followers) {
    hall_settle(hall);
    deliver(hall, followers);
    for (size_t i = 0; i < CLIENTS; i++) {
        if (followers[i].here) {
            hall_check(hall, &followers[i].client, followers[i].view);
        }
    }
}

static void replay(uint64_t seed) {
    struct hall hall;
    struct follower followers[CLIENTS] = {0};
    chance_state = seed;
    hall_open(&hall);
    for (size_t i = 0; i < CLIENTS; i++) {
        followers[i].view = (enum view)(i % VIEW_COUNT);
        followers[i].client = hall_client(&hall, followers[i].view);
        followers[i].here = true;
    }
    for (int step = 0; step < 1500; step++) {
        do_something(&hall);
        hall.now += chance(120);
        if (chance(3) > 0) {
            (void)hall_tick(&hall);
        }
        deliver(&hall, followers);
        struct follower *one = &followers[2 + chance(CLIENTS - 2)];
        if (one->here && chance(40) == 0) {
            one->here = false;
        } else if (!one->here && chance(15) == 0) {
            come(&hall, one);
        }
        if (step % 50 == 49) {
            check(&hall, followers);
        }
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        if (!followers[i].here) {
            come(&hall, &followers[i]);
        }
    }
    check(&hall, followers);
    for (size_t i = 0; i < CLIENTS; i++) {
        client_free(&followers[i].client);
    }
    hall_close(&hall);
}

static void replay_gives_the_snapshot(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        replay(seed);
    }
}

struct reader {
    struct frames *frames;
    atomic_bool ended;
    uint64_t found;
};

static void *reader_run(void *context) {
    struct reader *reader = context;
    uint64_t since = 1;
    while (!atomic_load(&reader->ended)) {
        struct shared *texts[LIMIT_RING_FRAMES];
        uint64_t lead;
        int count = frames_since(reader->frames, HALL_ID, VIEW_PUBLIC, since, texts,
                                 LIMIT_RING_FRAMES, &lead);
        for (int i = 0; i < count; i++) {
            assert_int_equal(texts[i]->bytes[0], 0x81);
            shared_release(texts[i]);
        }
        since = count < 0 ? since + 1 : lead;
        reader->found += count > 0 ? (uint64_t)count : 0;
    }
    return NULL;
}

static void rings_are_read_meanwhile(void **state) {
    (void)state;
    struct hall hall;
    pthread_t thread;
    chance_state = 99;
    hall_open(&hall);
    struct reader reader = {.frames = hall.frames};
    assert_int_equal(pthread_create(&thread, NULL, reader_run, &reader), 0);
    for (int step = 0; step < 1500; step++) {
        do_something(&hall);
        hall.now += 100;
        (void)hall_tick(&hall);
        hall_drop(&hall);
    }
    hall.subscriber.gone(hall.subscriber.context, HALL_ID, true);
    atomic_store(&reader.ended, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(reader.found > 0);
    hall_close(&hall);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_gives_the_snapshot),
        cmocka_unit_test(rings_are_read_meanwhile),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
