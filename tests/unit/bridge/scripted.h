/* A driver of a network against a far server on loopback that says what the test wants, in order;
 * the test plays the bridge's core. */
#ifndef RAUTE_TESTS_BRIDGE_SCRIPTED_H
#define RAUTE_TESTS_BRIDGE_SCRIPTED_H

#include "far.h"

#include "base/memory.h"
#include "base/random.h"
#include "bridge/network.h"

#define TURNS_MS 20000

struct line {
    const char *request; /* how it begins: "GET /api/…" */
    const char *status;
    const char *body; /* %s: the server's origin, as often as it stands there */
};

static struct {
    struct far *far;
    const struct line *lines;
    atomic_uint at;
    char wrong[512];
} script;

static struct {
    struct bridge_options options;
    const char *peers[1];
    struct reach reach;
    struct attempt attempt;
    struct job_result result;
    char url[4096], far[900];
    unsigned ends, renewals;
    bool finished;
    enum refusal refusal;
} world;

/* ---- the core's side */

void attempt_began(struct attempt *attempt, const char *url) {
    (void)attempt;
    world.ends++;
    (void)snprintf(world.url, sizeof world.url, "%s", url);
}
void attempt_finished(struct attempt *attempt) {
    assert_non_null(attempt->account);
    world.ends++;
    world.finished = true;
}
void attempt_failed(struct attempt *attempt, enum refusal refusal) {
    (void)attempt;
    world.ends++;
    world.refusal = refusal;
}
void job_login_changed(struct job *job) {
    (void)job;
    world.renewals++;
}
void job_done(struct job *job, const struct job_result *result) {
    (void)job;
    world.ends++;
    world.result = *result;
    (void)snprintf(world.far, sizeof world.far, "%s", result->far == NULL ? "" : result->far);
    (void)snprintf(world.url, sizeof world.url, "%s", result->url == NULL ? "" : result->url);
}

/* ---- the far side */

static inline bool scripted_answer(struct far_line *line, const char *request) {
    const struct line *said = &script.lines[atomic_fetch_add(&script.at, 1)];
    if (said->request == NULL || strncmp(request, said->request, strlen(said->request)) != 0) {
        (void)snprintf(script.wrong, sizeof script.wrong, "%.100s, not %s", request,
                       said->request == NULL ? "nothing" : said->request);
        return false;
    }
    char body[4096];
    const char *origin = script.far->origin;
    (void)snprintf(body, sizeof body, said->body, origin, origin, origin);
    return far_answer(line, said->status, "", body);
}

static inline void scripted_up(const struct line *lines, enum network network) {
    const char *why;
    memset(&world, 0, sizeof world);
    script.lines = lines;
    script.wrong[0] = '\0';
    atomic_store(&script.at, 0);
    script.far = far_start(scripted_answer);
    world.peers[0] = script.far->peer;
    world.options = (struct bridge_options){
        .public_url = "https://raute.example", .peers = world.peers, .peer_count = 1};
    world.reach = (struct reach){.http = http_new(&world.options, &why), .options = &world.options};
    world.attempt.reach = &world.reach;
    world.attempt.login = login_new(network);
    (void)snprintf(world.attempt.state, sizeof world.attempt.state, "statestatestatestatest");
    assert_non_null(world.reach.http);
}

static inline void scripted_down(void) {
    if (world.attempt.own != NULL) {
        world.attempt.own_free(world.attempt.own);
    }
    account_free(world.attempt.account);
    free(world.attempt.actor);
    login_free(world.attempt.login);
    http_stop(world.reach.http);
    http_free(world.reach.http);
    far_stop(script.far);
    assert_string_equal(script.wrong, "");
    assert_null(script.lines[atomic_load(&script.at)].request); /* all of it was played */
}

/* Until that many steps have ended. */
static inline void turn(unsigned ends) {
    for (int i = 0; world.ends < ends; i++) {
        if (script.wrong[0] != '\0') {
            fail_msg("%s", script.wrong);
        }
        assert_in_range(i, 0, TURNS_MS / 10);
        http_turn(world.reach.http, NULL, 0, 10);
    }
    assert_int_equal(world.ends, ends);
}

#endif
