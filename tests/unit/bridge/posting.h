/* One post of one account on the AT Protocol, its far server played (played.h), the bridge's core
 * too. */
#ifndef RAUTE_TESTS_BRIDGE_POSTING_H
#define RAUTE_TESTS_BRIDGE_POSTING_H

#include "played.h"

#include "base/clock.h"
#include "base/random.h"
#include "bridge/bluesky.h"
#include "bridge/dpop.h"

#define DID    "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
#define PDS    "https://pds.example/xrpc/"
#define RKEY   "3mckq7abcde22"
#define PLACE1 "3mckq7abcde23" /* the places after it in its ring */
#define PLACE2 "3mckq7abcde24"
#define PLACE3 "3mckq7abcde25"
#define PLACE4 "3mckq7abcde26"
#define URI    "at://" DID "/app.bsky.feed.post/"
#define CID    "bafyreihyrpefhacm6kkp4ql6j6udakdit7g3dmkzfriqfykhjw6cad5lrm"
#define FAR    URI RKEY " " CID " " URI RKEY " " CID

#define CREATE  "POST " PDS "com.atproto.repo.createRecord"
#define WRITES  "POST " PDS "com.atproto.repo.applyWrites"
#define DELETE  "POST " PDS "com.atproto.repo.deleteRecord"
#define REFRESH "POST " PDS "com.atproto.server.refreshSession"
#define LOOK(rkey)                                                                                 \
    "GET " PDS "com.atproto.repo.getRecord?repo=did%3Aplc%3Aewvi7nxzyoun6zhxrhs64oiz"              \
    "&collection=app.bsky.feed.post&rkey=" rkey
#define WRITTEN   "{\"uri\":\"x\",\"cid\":\"" CID "\"}"
#define REPLACED  "{\"results\":[{\"$type\":\"x#deleteResult\"},{\"cid\":\"" CID "\"}]}"
#define MISSING   "{\"error\":\"RecordNotFound\",\"message\":\"Could not locate record\"}"
#define EXPIRED   "{\"error\":\"ExpiredToken\",\"message\":\"Token has expired\"}"
#define SUSPENDED "{\"error\":\"AccountTakedown\",\"message\":\"Account has been taken down\"}"
#define RENEWED   "{\"accessJwt\":\"access2\",\"refreshJwt\":\"refresh2\",\"did\":\"" DID "\"}"

/* ---- the core's side */

static struct {
    unsigned done, renewed;
    enum post_trouble trouble;
    bool final, emptied;
    char far[900], url[900];
} told;

void job_login_changed(struct job *job) {
    (void)job;
    told.renewed++;
}

void job_done(struct job *job, const struct job_result *result) {
    (void)job;
    assert_false(played.within);
    told.done++;
    told.trouble = result->trouble;
    told.final = result->final;
    told.emptied = result->emptied;
    snprintf(told.far, sizeof told.far, "%s", result->far == NULL ? "" : result->far);
    snprintf(told.url, sizeof told.url, "%s", result->url == NULL ? "" : result->url);
}

void attempt_began(struct attempt *attempt, const char *url) {
    (void)attempt;
    (void)url;
    fail();
}
void attempt_finished(struct attempt *attempt) {
    (void)attempt;
    fail();
}
void attempt_failed(struct attempt *attempt, enum refusal refusal) {
    (void)attempt;
    (void)refusal;
    fail();
}

static struct world {
    struct reach reach;
    struct account account;
    struct login *login;
    struct post_text text;
    struct job job;
} world;

static int setup(void **state) {
    (void)state;
    memset(&world, 0, sizeof world);
    snprintf(world.account.remote, sizeof world.account.remote, "%s", DID);
    world.login = login_new(NETWORK_BLUESKY);
    login_set(&world.login->server, "https://pds.example");
    login_set(&world.login->access, "access1");
    login_set(&world.login->refresh, "refresh1");
    world.text = (struct post_text){
        .text = (char *)(uintptr_t) "Warum ist der Himmel blau?\n\n#Tag a.example/e/a/q/1",
        .language = "de",
        .facets = {{.start = 28, .end = 32, .tag = (char *)(uintptr_t) "Tag"},
                   {.start = 33,
                    .end = 50,
                    .uri = (char *)(uintptr_t) "https://a.example/e/a/q/1"}},
        .facet_count = 2};
    world.job = (struct job){.reach = &world.reach,
                             .login = world.login,
                             .account = &world.account,
                             .token = RKEY,
                             .far = "",
                             .text = &world.text,
                             .link = "https://a.example/e/a/q/1",
                             .title = "Abend",
                             .description = "Warum ist der Himmel blau?"};
    return 0;
}

static int teardown(void **state) {
    (void)state;
    login_free(world.login);
    return 0;
}

static void run(void) {
    memset(&told, 0, sizeof told);
    bluesky_post(&world.job);
    played_on();
    assert_int_equal(told.done, 1);
}

static void sent_to(const char *rkey) {
    char far[1800], url[400];
    snprintf(far, sizeof far, URI "%s " CID " " URI "%s " CID, rkey, rkey);
    snprintf(url, sizeof url, "https://bsky.app/profile/" DID "/post/%s", rkey);
    assert_int_equal(told.trouble, TROUBLE_NONE);
    assert_string_equal(told.far, far);
    assert_string_equal(told.url, url);
}

static void failed(enum post_trouble trouble, bool final) {
    assert_int_equal(told.trouble, trouble);
    assert_int_equal(told.final, final);
}

#endif
