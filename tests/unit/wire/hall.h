/* An event without a journal: commands are applied and told to the frames by the test, at times of
 * its own choosing. */
#ifndef RAUTE_TESTS_WIRE_HALL_H
#define RAUTE_TESTS_WIRE_HALL_H

#include "wire/client.h"
#include "wire/encode.h"
#include "wire/frames.h"

#define START_MS (INT64_C(29000000) * 60000)

struct hall {
    struct event *event;
    struct frames *frames;
    struct journal_subscriber subscriber;
    struct queue sent;
    int64_t now;
    uint32_t asked; /* makes the next question's key */
};

static const uint8_t HALL_ID[EVENT_ID_BYTES] = {1, 2, 3};

/* Applies, tells, and returns what was refused. */
static inline enum refusal hall_do(struct hall *hall, struct command command) {
    struct changes changes = {0};
    uint32_t result;
    memcpy(command.event, hall->event->id, sizeof command.event);
    command.now = hall->now;
    enum refusal refusal = event_apply(hall->event, &command, &changes, &result);
    if (refusal == REFUSAL_OK) {
        hall->subscriber.committed(hall->subscriber.context, hall->event, &changes);
    }
    changes_clear(&changes);
    command_clear(&command);
    return refusal;
}

static inline bool hall_tick(struct hall *hall) {
    return hall->subscriber.tick(hall->subscriber.context, hall->now);
}

/* Lets time pass in ticks until nothing waits. */
static inline void hall_settle(struct hall *hall) {
    for (int i = 0; hall_tick(hall); i++) {
        assert_true(i < 10000);
        hall->now += FRAME_TICK_MS;
    }
}

static inline struct queue_node *hall_sent(struct hall *hall) {
    return queue_take(&hall->sent);
}

static inline void hall_drop(struct hall *hall) {
    for (struct queue_node *node = hall_sent(hall); node != NULL;) {
        struct queue_node *next = node->next;
        frame_free((struct frame *)node);
        node = next;
    }
}

static inline void hall_open(struct hall *hall) {
    memset(hall, 0, sizeof *hall);
    hall->now = START_MS;
    hall->event = event_new(HALL_ID);
    hall->frames = frames_new();
    hall->subscriber = frames_subscriber(hall->frames);
    queue_init(&hall->sent, 0, NULL, NULL);
    frames_attach(hall->frames, &hall->sent);
    struct settings *settings = memory_new(sizeof *settings);
    *settings = settings_default((uint32_t)(hall->now / 60000));
    memcpy(settings->title, "Hall", 5);
    memcpy(settings->hashtags[0], "Hall", 5);
    settings->hashtag_count = 1;
    settings->moderation_before = false;
    settings->release_seconds = 0;
    struct command create = {.kind = COMMAND_CREATE, .as.create.settings = settings};
    memcpy(create.as.create.slug, "hall", 5);
    assert_int_equal(hall_do(hall, create), REFUSAL_OK);
    hall_settle(hall);
    hall_drop(hall);
    hall->now += 10000;
}

static inline void hall_close(struct hall *hall) {
    hall_drop(hall);
    queue_destroy(&hall->sent);
    frames_free(hall->frames);
    event_free(hall->event);
}

/* Time has passed: held questions get their numbers. */
static inline void hall_release(struct hall *hall) {
    struct command tick = {.kind = COMMAND_TICK};
    memset(tick.as.tick.random, (int)hall->asked, sizeof tick.as.tick.random);
    (void)hall_do(hall, tick);
}

static inline void hall_hold(struct hall *hall, uint32_t talk, const char *text) {
    struct command ask = {.kind = COMMAND_ASK, .text = memory_text(text)};
    uint8_t seed[crypto_sign_SEEDBYTES] = {0}, secret[crypto_sign_SECRETKEYBYTES];
    hall->asked++;
    memcpy(seed, &hall->asked, sizeof hall->asked);
    crypto_sign_seed_keypair(ask.as.question.key, secret, seed);
    ask.as.question.talk = talk;
    (void)hall_do(hall, ask);
}

/* Asks `count` questions and releases them. */
static inline void hall_ask(struct hall *hall, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        hall_hold(hall, 1, "Wie finden wir uns wieder?");
    }
    hall_release(hall);
}

static inline enum refusal hall_vote(struct hall *hall, enum command_kind kind, uint32_t number,
                                     uint32_t member) {
    struct command vote = {.kind = kind, .as.vote.number = number};
    memcpy(vote.as.vote.ballot, &number, sizeof number);
    memcpy(vote.as.vote.ballot + 4, &member, sizeof member);
    return hall_do(hall, vote);
}

static inline enum refusal hall_move(struct hall *hall, uint32_t number, enum question_state from,
                                     enum question_state to) {
    struct command move = {.kind = COMMAND_MOVE};
    move.as.move.number = number;
    move.as.move.from = from;
    move.as.move.to = to;
    move.as.move.reason = to == STATE_DECLINED ? REASON_RUDE : REASON_NONE;
    return hall_do(hall, move);
}

/* Connects an account that `name` names, or connects it anew. Its id. */
static inline uint32_t hall_connect(struct hall *hall, enum network network, const char *name) {
    struct account *account = memory_new(sizeof *account);
    account->network = network;
    (void)snprintf(account->server, sizeof account->server, "https://server.example");
    (void)snprintf(account->remote, sizeof account->remote, "remote-%s", name);
    (void)snprintf(account->name, sizeof account->name, "@%s@server.example", name);
    (void)snprintf(account->url, sizeof account->url, "https://server.example/@%s", name);
    account->post_limit = 500;
    account->link_length = 23;
    account->secret = (uint8_t *)memory_text("sealed");
    account->secret_bytes = 6;
    (void)hall_do(
        hall, (struct command){.kind = COMMAND_ACCOUNT_PUT, .as.account = {.account = account}});
    for (uint32_t i = 0; i < hall->event->account_count; i++) {
        const struct account *there = hall->event->accounts[i];
        if (strstr(there->remote, name) != NULL) {
            return there->id;
        }
    }
    return 0;
}

static inline enum refusal hall_account(struct hall *hall, uint32_t id, enum account_state state) {
    struct command command = {.kind = COMMAND_ACCOUNT_STATE};
    command.as.account.id = id;
    command.as.account.state = state;
    return hall_do(hall, command);
}

/* The next step of a row, as the bridge would report it; `url` is where it went. */
static inline enum refusal hall_post(struct hall *hall, enum command_kind kind,
                                     const struct outgoing *row, const char *url) {
    struct command command = {.kind = kind};
    command.as.post.number = row->number;
    command.as.post.account = row->account;
    command.as.post.kind = row->kind;
    command.as.post.act = row->act;
    command.as.post.trouble = kind == COMMAND_POST_FAILED ? TROUBLE_REJECTED : TROUBLE_NONE;
    command.as.post.final = kind == COMMAND_POST_FAILED;
    const struct question *question = event_question(hall->event, row->number);
    if (question != NULL && row->act != ACT_DELETE) {
        post_mark(command.as.post.mark, question, row->kind);
    }
    (void)snprintf(command.as.post.token, sizeof command.as.post.token, "token-%u", row->number);
    (void)snprintf(command.as.post.far, sizeof command.as.post.far, "far-%u", row->number);
    (void)snprintf(command.as.post.url, sizeof command.as.post.url, "%s", url);
    return hall_do(hall, command);
}

/* A question's degree as of now, by its asker. */
static inline enum refusal hall_degree(struct hall *hall, uint32_t number, uint8_t degree) {
    const struct question *question = event_question(hall->event, number);
    if (question == NULL) {
        return REFUSAL_UNKNOWN;
    }
    const struct held *held = event_held(hall->event, question->key);
    struct command command = {.kind = COMMAND_DEGREE};
    memcpy(command.as.question.key, question->key, QUESTION_KEY_BYTES);
    command.as.question.rev = (held != NULL ? held->rev : question->rev) + 1;
    command.as.question.degree = degree;
    return hall_do(hall, command);
}

static inline struct client hall_client(const struct hall *hall, enum view view) {
    struct buffer snapshot = buffer_make(LIMIT_SNAPSHOT_BYTES);
    encode_snapshot(&snapshot, hall->event, view, "https://raute.example", 1u << NETWORK_MASTODON);
    struct client client = client_make(&snapshot);
    buffer_clear(&snapshot);
    return client;
}

static inline void hall_check(const struct hall *hall, const struct client *client,
                              enum view view) {
    struct buffer snapshot = buffer_make(LIMIT_SNAPSHOT_BYTES);
    encode_snapshot(&snapshot, hall->event, view, "https://raute.example", 1u << NETWORK_MASTODON);
    client_check(client, &snapshot);
    buffer_clear(&snapshot);
}

#endif
