/* One log-in at an AT Protocol server, its far server played (played.h); the handle is resolved
 * already. */
#ifndef RAUTE_TESTS_BRIDGE_ATTEMPT_H
#define RAUTE_TESTS_BRIDGE_ATTEMPT_H

#include "played.h"

#include "base/encode.h"
#include "base/random.h"
#include "bridge/atproto.h"
#include "bridge/bluesky.h"
#include "bridge/dpop.h"
#include "bridge/handle.h"

#define DID      "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
#define ELSE     "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
#define PDS      "https://pds.example"
#define ISSUER   "https://issuer.example"
#define PASSWORD "ab12-cd34-ef56-gh78"
#define CALLBACK "https%3A%2F%2Fa.example%2Foauth%2Fcallback"
#define LISTS                                                                                      \
    "%20repo%3Aapp.bsky.graph.list%3Faction%3Dcreate%26action%3Dupdate"                            \
    "%20repo%3Aapp.bsky.graph.listitem%3Faction%3Dcreate%26action%3Ddelete"
#define CLIENT "https%3A%2F%2Fa.example%2Foauth%2Fclient.json"

#define SESSION  "POST " PDS "/xrpc/com.atproto.server.createSession"
#define END      "POST " PDS "/xrpc/com.atproto.server.deleteSession"
#define PROFILE  "GET " PDS "/xrpc/com.atproto.repo.getRecord?repo=did%3Aplc%3A"
#define BLOB     "GET " PDS "/xrpc/com.atproto.sync.getBlob?did=did%3Aplc%3A"
#define RESOURCE "GET " PDS "/.well-known/oauth-protected-resource"
#define META     "GET " ISSUER "/.well-known/oauth-authorization-server"
#define PUSH     "POST " ISSUER "/par"
#define TOKEN    "POST " ISSUER "/token"
#define REVOKE   "POST " ISSUER "/revoke"

#define OPENED                                                                                     \
    "{\"accessJwt\":\"access1\",\"refreshJwt\":\"refresh1\",\"did\":\"" DID                        \
    "\",\"handle\":\"liar.example\",\"email\":\"a@b\"}"
#define NONE    "{\"error\":\"RecordNotFound\"}"
#define NONCE   "{\"error\":\"use_dpop_nonce\"}"
#define GUARDED "{\"resource\":\"" PDS "\",\"authorization_servers\":[\"" ISSUER "\"]}"
#define SERVED(issuer, authorize, token)                                                           \
    "{\"issuer\":\"" issuer "\",\"scopes_supported\":[\"x\",\"atproto\"],"                         \
    "\"authorization_endpoint\":\"" authorize "\",\"token_endpoint\":\"" token "\","               \
    "\"pushed_authorization_request_endpoint\":\"" ISSUER "/par\","                                \
    "\"revocation_endpoint\":\"" ISSUER "/revoke\"}"
#define GOOD_SERVED SERVED(ISSUER, ISSUER "/authorize", ISSUER "/token")
#define PUSHED      "{\"request_uri\":\"urn:x:y z\",\"expires_in\":299}"
#define TOKENS(did, type, scope)                                                                   \
    "{\"access_token\":\"access1\",\"refresh_token\":\"refresh1\",\"token_type\":\"" type          \
    "\",\"scope\":\"" scope "\",\"sub\":\"" did "\",\"expires_in\":3599}"

/* ---- the core's side, and a handle that is resolved already */

static struct {
    unsigned ends;
    bool began, finished;
    enum refusal refusal;
    char url[3000];
    struct job_result result;
} told;

static struct {
    enum refusal refusal;
    struct identity identity;
    void (*done)(void *context, enum refusal refusal, const struct identity *identity);
    void *context;
} resolved;

void identity_resolve(struct reach *reach, const char *name,
                      void (*done)(void *context, enum refusal refusal,
                                   const struct identity *identity),
                      void *context) {
    (void)reach;
    assert_string_equal(name, "anna.example");
    resolved.done = done;
    resolved.context = context;
}

void attempt_began(struct attempt *attempt, const char *url) {
    (void)attempt;
    told.ends++;
    told.began = true;
    snprintf(told.url, sizeof told.url, "%s", url);
}

void attempt_finished(struct attempt *attempt) {
    assert_non_null(attempt->account);
    told.ends++;
    told.finished = true;
}

void attempt_failed(struct attempt *attempt, enum refusal refusal) {
    (void)attempt;
    told.ends++;
    told.refusal = refusal;
}

void job_login_changed(struct job *job) {
    (void)job;
    fail();
}

void job_done(struct job *job, const struct job_result *result) {
    (void)job;
    told.ends++;
    told.result = *result;
}

static struct world {
    struct bridge_options options;
    struct reach reach;
    struct attempt attempt;
} world;

static int setup(void **state) {
    (void)state;
    memset(&world, 0, sizeof world);
    memset(&resolved, 0, sizeof resolved);
    world.options.public_url = "https://a.example";
    world.reach.options = &world.options;
    world.attempt.reach = &world.reach;
    world.attempt.login = login_new(NETWORK_BLUESKY);
    world.attempt.server = memory_text("anna.example");
    world.attempt.password = memory_text(PASSWORD);
    memcpy(world.attempt.state, "AAAAAAAAAAAAAAAAAAAAAA", LOGIN_STATE_CHARS);
    memset(world.attempt.challenge, 0xff, sizeof world.attempt.challenge);
    resolved.identity = (struct identity){.did = DID, .handle = "anna.example", .pds = PDS};
    return 0;
}

static int teardown(void **state) {
    (void)state;
    struct attempt *attempt = &world.attempt;
    if (attempt->own != NULL) {
        attempt->own_free(attempt->own);
    }
    login_free(attempt->login);
    account_free(attempt->account);
    login_set(&attempt->server, NULL);
    login_set(&attempt->password, NULL);
    login_set(&attempt->code, NULL);
    login_set(&attempt->issuer, NULL);
    login_set(&attempt->verifier, NULL);
    return 0;
}

static void run(void (*step)(struct attempt *attempt)) {
    memset(&told, 0, sizeof told);
    step(&world.attempt);
    if (resolved.done != NULL) {
        void (*done)(void *, enum refusal, const struct identity *) = resolved.done;
        resolved.done = NULL;
        done(resolved.context, resolved.refusal,
             resolved.refusal == REFUSAL_OK ? &resolved.identity : NULL);
    }
    played_on();
    assert_int_equal(told.ends, 1);
}

static void again(void) {
    (void)teardown(NULL);
    (void)setup(NULL);
}

#endif
