/* A bridge on a real journal and store in a scratch folder, and a network that the test plays: its
 * driver does what the test says. network_driver() is the test's own, so that the linker leaves the
 * bridge's out. */
#ifndef RAUTE_TESTS_BRIDGE_STAGE_H
#define RAUTE_TESTS_BRIDGE_STAGE_H

#include "journal/house.h"

#include <semaphore.h>

#include "bridge/bridge.h"
#include "bridge/network.h"

#define WAIT_MS     15000
#define PLAYED_MOST 64
#define AVATAR      "\x89PNG\r\n\x1a\n"

/* What the driver was asked. */
struct played {
    enum post_kind kind;
    enum post_act act;
    uint32_t number; /* from the link; 0: the event's */
    bool doubtful, revoke;
    char token[LIMIT_POST_TOKEN_BYTES + 1], far[64], parent[64], text[256], access[32];
};

static struct {
    pthread_mutex_t mutex;
    struct played played[PLAYED_MOST];
    unsigned count;
    /* How the next acts end; then all is well. */
    struct job_result results[8];
    unsigned result_count;
    bool wasted;           /* an attempt that fails has a token */
    bool hold;             /* acts and attempts are kept and never end */
    struct job *held;      /* the latest act that is kept */
    const char *waits_for; /* acts end well once this page was read; NULL: at once */
    bool end_held;         /* the next attempt's step ends it so, on the bridge's thread: */
    struct job_result ends;
    const char *renew; /* the next act renews the log-in to this */
    bool empties;      /* a deletion takes out the text only */
    unsigned tokens;
    enum refusal refusal; /* of an attempt's step; OK: it goes well */
    char remote[32];      /* who logs in */
    char actor[80];       /* likewise, where its server says it */
    char code[32], issuer[32], hashtag[32], server[64];
} play = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static inline void play_token(char token[LIMIT_POST_TOKEN_BYTES + 1]) {
    pthread_mutex_lock(&play.mutex);
    snprintf(token, LIMIT_POST_TOKEN_BYTES + 1, "token%u", ++play.tokens);
    pthread_mutex_unlock(&play.mutex);
}

static inline struct played *play_note(const struct job *job) {
    assert_true(play.count < PLAYED_MOST);
    struct played *played = &play.played[play.count++];
    const char *page = job->link == NULL ? NULL : strstr(job->link, "/q/");
    *played = (struct played){.kind = job->kind, .act = job->act, .doubtful = job->doubtful};
    played->number = page == NULL ? 0 : (uint32_t)strtoul(page + 3, NULL, 10);
    snprintf(played->token, sizeof played->token, "%s", job->token);
    snprintf(played->far, sizeof played->far, "%s", job->far);
    snprintf(played->parent, sizeof played->parent, "%s", job->parent == NULL ? "" : job->parent);
    snprintf(played->text, sizeof played->text, "%.200s", job->text == NULL ? "" : job->text->text);
    snprintf(played->access, sizeof played->access, "%s", job->login->access);
    return played;
}

static inline void play_read(void *context, const struct http_answer *answer) {
    job_done(context,
             &(struct job_result){.trouble = answer->trouble, .url = "https://far.example/late"});
}

static inline void play_post(struct job *job) {
    struct job_result result = {0};
    char far[64], url[64];
    pthread_mutex_lock(&play.mutex);
    play_note(job);
    bool hold = play.hold, renew = play.renew != NULL;
    if (play.result_count > 0) {
        result = play.results[0];
        memmove(&play.results[0], &play.results[1], sizeof play.results - sizeof play.results[0]);
        play.result_count--;
    }
    if (renew) {
        login_set(&job->login->access, play.renew);
        play.renew = NULL;
    }
    snprintf(far, sizeof far, "far-%s", job->token);
    snprintf(url, sizeof url, "https://far.example/%s", job->token);
    result.emptied = job->act == ACT_DELETE && play.empties && result.trouble == TROUBLE_NONE;
    pthread_mutex_unlock(&play.mutex);
    if (renew) {
        job_login_changed(job);
    }
    if (hold) {
        play.held = job;
    } else if (play.waits_for != NULL) {
        http_send(job->reach->http, http_request_new("GET", play.waits_for), play_read, job);
    } else {
        result.far = far;
        result.url = url;
        job_done(job, &result);
    }
}

static inline void play_revoke(struct job *job) {
    pthread_mutex_lock(&play.mutex);
    play_note(job)->revoke = true;
    struct job_result result = {0};
    if (play.result_count > 0) {
        result = play.results[0];
        memmove(&play.results[0], &play.results[1], sizeof play.results - sizeof play.results[0]);
        play.result_count--;
    }
    pthread_mutex_unlock(&play.mutex);
    job_done(job, &result);
}

static inline enum refusal play_attempt(const struct attempt *attempt, bool *hold) {
    pthread_mutex_lock(&play.mutex);
    snprintf(play.hashtag, sizeof play.hashtag, "%s", attempt->hashtag);
    snprintf(play.server, sizeof play.server, "%s", attempt->server);
    snprintf(play.code, sizeof play.code, "%s", attempt->code == NULL ? "" : attempt->code);
    snprintf(play.issuer, sizeof play.issuer, "%s", attempt->issuer == NULL ? "" : attempt->issuer);
    enum refusal refusal = play.refusal;
    *hold = play.hold;
    struct job *held = play.end_held ? play.held : NULL;
    play.end_held = false;
    pthread_mutex_unlock(&play.mutex);
    if (held != NULL) {
        job_done(held, &play.ends);
    }
    return refusal;
}

static inline void play_begin(struct attempt *attempt) {
    bool hold;
    enum refusal refusal = play_attempt(attempt, &hold);
    attempt->own = memory_new(8);
    attempt->own_free = free;
    if (hold) {
        return;
    }
    if (refusal != REFUSAL_OK) {
        attempt_failed(attempt, refusal);
    } else {
        attempt_began(attempt, "https://far.example/authorize");
    }
}

static inline struct account *play_account(enum network network, const char *remote) {
    struct account *account = memory_new(sizeof *account);
    account->network = network;
    snprintf(account->server, sizeof account->server, "https://far.example");
    snprintf(account->remote, sizeof account->remote, "%s", remote);
    snprintf(account->name, sizeof account->name, "@%s@far.example", remote);
    account->post_limit = 500;
    account->link_length = 23;
    account->avatar = kit_copy(AVATAR, sizeof AVATAR);
    account->avatar_bytes = sizeof AVATAR;
    return account;
}

static inline void play_finish(struct attempt *attempt) {
    bool hold;
    enum refusal refusal = play_attempt(attempt, &hold);
    if (hold) {
        return;
    }
    if (refusal == REFUSAL_OK || play.wasted) {
        login_set(&attempt->login->access, "connected");
    }
    if (refusal != REFUSAL_OK) {
        attempt_failed(attempt, refusal);
        return;
    }
    attempt->account = play_account(attempt->login->network, play.remote);
    attempt->actor = play.actor[0] == '\0' ? NULL : memory_text(play.actor);
    attempt_finished(attempt);
}

static const struct network_driver play_driver = {.begin = play_begin,
                                                  .finish = play_finish,
                                                  .password = play_finish,
                                                  .token = play_token,
                                                  .post = play_post,
                                                  .revoke = play_revoke};

const struct network_driver *network_driver(enum network network) {
    (void)network;
    return &play_driver;
}

/* ---- the stage */

struct stage {
    struct house house;
    struct bridge *bridge;
    struct queue reply;
    sem_t read;
};

static const uint8_t stage_key[BRIDGE_KEY_BYTES] = {7};
static const char *stage_peer; /* that the bridge may reach; NULL: none */

static inline void stage_up(struct stage *stage) {
    char why[128] = "";
    const struct bridge_options options = {.public_url = "https://raute.example",
                                           .key = stage_key,
                                           .peers = &stage_peer,
                                           .peer_count = stage_peer != NULL};
    stage->bridge = bridge_new(stage->house.journal, &options, why, sizeof why);
    if (stage->bridge == NULL) {
        fail_msg("%s", why);
    }
    journal_subscribe(stage->house.journal, bridge_subscriber(stage->bridge));
    bridge_start(stage->bridge);
    journal_start(stage->house.journal);
}

/* As fast as it must be, whatever is under way. */
static inline void stage_down(struct stage *stage) {
    int64_t start = clock_monotonic_ms();
    bridge_stop(stage->bridge);
    assert_in_range(clock_monotonic_ms() - start, 0, 1000);
}

static inline void stage_restart(struct stage *stage) {
    stage_down(stage);
    journal_stop(stage->house.journal);
    struct bridge *bridge = stage->bridge;
    journal_free(stage->house.journal);
    bridge_free(bridge);
    store_close(stage->house.store);
    house_open(&stage->house);
    stage_up(stage);
}

static inline enum refusal stage_answer(struct stage *stage, struct journal_request *request,
                                        uint32_t *result, char *answer, size_t room) {
    struct queue_node *node = queue_wait(&stage->reply, 1, clock_monotonic_ms() + WAIT_MS);
    assert_ptr_equal(node, &request->node);
    enum refusal refusal = request->refusal;
    if (result != NULL) {
        *result = request->result;
    }
    if (answer != NULL) {
        snprintf(answer, room, "%s", request->answer == NULL ? "" : request->answer);
    }
    journal_request_free(request);
    return refusal;
}

/* Submits to the journal and waits. */
static inline enum refusal stage_run(struct stage *stage, struct journal_request *request,
                                     uint32_t *result) {
    request->reply = &stage->reply;
    journal_submit(stage->house.journal, request);
    return stage_answer(stage, request, result, NULL, 0);
}

/* The same to the bridge. */
static inline enum refusal stage_ask(struct stage *stage, struct journal_request *request,
                                     char *answer, size_t room) {
    request->reply = &stage->reply;
    bridge_submit(stage->bridge, request);
    return stage_answer(stage, request, NULL, answer, room);
}

static inline void stage_open(struct stage *stage) {
    memset(stage, 0, sizeof *stage);
    memset(play.played, 0, sizeof play.played);
    play.count = play.result_count = play.tokens = 0;
    play.hold = play.empties = play.wasted = play.end_held = false;
    play.renew = play.waits_for = NULL;
    play.refusal = REFUSAL_OK;
    play.actor[0] = '\0';
    snprintf(play.remote, sizeof play.remote, "anna");
    sem_init(&stage->read, 0, 0);
    queue_init(&stage->reply, 0, NULL, NULL);
    stage->house = house_new();
    struct journal_request *request = create_request(1, "hro", true);
    request->command.as.create.settings->publish = PUBLISH_ALL;
    request->command.as.create.settings->publish_seconds = 0;
    request->command.as.create.settings->ask_seconds = 0;
    assert_int_equal(house_run(&stage->house, request), REFUSAL_OK);
    stage_up(stage);
}

static inline void stage_close(struct stage *stage) {
    stage_down(stage);
    journal_stop(stage->house.journal);
    struct bridge *bridge = stage->bridge;
    house_free(&stage->house);
    bridge_free(bridge);
    queue_destroy(&stage->reply);
    sem_destroy(&stage->read);
}

/* ---- looking */

struct look {
    bool (*at)(const struct event *event, const void *context);
    const void *context;
    bool found;
    sem_t *read;
};

static inline void look_reader(const struct event *event, bool known, void *context) {
    (void)known;
    struct look *look = context;
    look->found = event != NULL && look->at(event, look->context);
    sem_post(look->read);
}

static inline bool stage_looks(struct stage *stage,
                               bool (*at)(const struct event *event, const void *context),
                               const void *context) {
    struct look look = {.at = at, .context = context, .read = &stage->read};
    journal_read(stage->house.journal, house_id(1), look_reader, &look);
    while (sem_wait(&stage->read) != 0) {}
    return look.found;
}

/* Until the event looks like this. */
static inline void stage_until(struct stage *stage,
                               bool (*at)(const struct event *event, const void *context),
                               const void *context) {
    int64_t end = clock_monotonic_ms() + WAIT_MS;
    while (!stage_looks(stage, at, context)) {
        assert_true(clock_monotonic_ms() < end);
        usleep(5000);
    }
}

static inline unsigned play_count(void) {
    pthread_mutex_lock(&play.mutex);
    unsigned count = play.count;
    pthread_mutex_unlock(&play.mutex);
    return count;
}

/* Until the driver was asked so often. */
static inline void play_until(unsigned count) {
    int64_t end = clock_monotonic_ms() + WAIT_MS;
    while (play_count() < count) {
        assert_true(clock_monotonic_ms() < end);
        usleep(5000);
    }
}

static inline void play_results(const struct job_result *results, unsigned count) {
    pthread_mutex_lock(&play.mutex);
    memcpy(play.results, results, count * sizeof *results);
    play.result_count = count;
    pthread_mutex_unlock(&play.mutex);
}

/* ---- commands */

static inline struct journal_request *ask_out(uint32_t question, const char *text) {
    struct journal_request *request = ask_request(1, question);
    free(request->command.text);
    request->command.text = memory_text(text);
    request->command.as.question.degree = 1;
    return request;
}

static inline struct journal_request *move_out(uint32_t number, enum question_state from,
                                               enum question_state to) {
    struct journal_request *request = journal_request_new(COMMAND_MOVE, house_id(1));
    request->command.as.move.number = number;
    request->command.as.move.from = from;
    request->command.as.move.to = to;
    return request;
}

/* Connects by password; the account's id. */
static inline uint32_t account_connect(struct stage *stage, const char *remote) {
    char answer[64];
    struct journal_request *request = journal_request_new(COMMAND_CONNECT_PASSWORD, house_id(1));
    snprintf(play.remote, sizeof play.remote, "%s", remote);
    request->command.as.connect.network = NETWORK_MASTODON;
    request->command.as.connect.server = memory_text("far.example");
    request->command.as.connect.password = memory_text("secret");
    assert_int_equal(stage_ask(stage, request, answer, sizeof answer), REFUSAL_OK);
    assert_int_equal(strncmp(answer, "{\"account\":", 11), 0);
    return (uint32_t)strtoul(answer + 11, NULL, 10);
}

#endif
