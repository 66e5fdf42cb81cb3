/* What the tests of wire share: a real journal on a store in a temporary folder, an event with two
 * listed questions, and visitors that talk to it. */
#ifndef RAUTE_TESTS_WIRE_WORLD_H
#define RAUTE_TESTS_WIRE_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/memory.h"
#include "base/random.h"
#include "wire/answers.h"
#include "wire/create.h"
#include "wire/links.h"
#include "wire/resource.h"
#include "wire/session.h"
#include "wire/words.h"

#define WAIT_MS    10000
#define PUBLIC_URL "https://raute.example"

static const uint8_t BRIDGE_KEY[BRIDGE_KEY_BYTES];

struct world {
    char folder[64];
    struct store *store;
    struct journal *journal;
    struct frames *frames;
    struct resources *resources;
    struct wire wire;
    struct queue replies; /* of all visitors: the tests go one step after the other */
    struct queue sent;    /* frames */
    struct queue read;    /* resources */
};

/* One event and the keys to it. */
struct place {
    char slug[LIMIT_SLUG_CHARS + 1];
    uint8_t id[EVENT_ID_BYTES];
    struct link_keys *keys;
};

static inline void world_open(struct world *world) {
    const char *why = "";
    memset(world, 0, sizeof *world);
    strncpy(world->folder, "/tmp/raute-wire-XXXXXX", sizeof world->folder - 1);
    assert_non_null(mkdtemp(world->folder));
    world->store = store_open(world->folder, STORE_WRITE, &why);
    assert_non_null(world->store);
    world->journal = journal_new(world->store, &why);
    assert_non_null(world->journal);
    queue_init(&world->replies, 0, NULL, NULL);
    queue_init(&world->sent, 0, NULL, NULL);
    queue_init(&world->read, 0, NULL, NULL);
    world->frames = frames_new();
    frames_attach(world->frames, &world->sent);
    journal_subscribe(world->journal, frames_subscriber(world->frames));
    char trouble[256] = "";
    struct bridge *bridge = bridge_new(
        world->journal, &(struct bridge_options){.public_url = PUBLIC_URL, .key = BRIDGE_KEY},
        trouble, sizeof trouble);
    assert_non_null(bridge);
    journal_subscribe(world->journal, bridge_subscriber(bridge));
    world->resources = resources_new(&world->wire);
    world->wire = (struct wire){
        .journal = world->journal,
        .bridge = bridge,
        .frames = world->frames,
        .asks = buckets_new(1000, 600000),
        .cards = buckets_new(1000, 600000),
        .admissions = buckets_new(1000, 600000),
        .public_url = PUBLIC_URL,
    };
    bridge_start(bridge);
    journal_start(world->journal);
}

static inline void frames_drop(struct world *world) {
    for (struct queue_node *node = queue_take(&world->sent); node != NULL;) {
        struct queue_node *next = node->next;
        frame_free((struct frame *)node);
        node = next;
    }
}

static inline void world_close(struct world *world) {
    char remove[128];
    bridge_stop(world->wire.bridge);
    journal_stop(world->journal);
    frames_drop(world);
    queue_destroy(&world->replies);
    queue_destroy(&world->sent);
    queue_destroy(&world->read);
    journal_free(world->journal);
    bridge_free(world->wire.bridge);
    resources_free(world->resources);
    frames_free(world->frames);
    store_close(world->store);
    buckets_free(world->wire.asks);
    buckets_free(world->wire.cards);
    buckets_free(world->wire.admissions);
    (void)snprintf(remove, sizeof remove, "rm -rf %s", world->folder);
    assert_int_equal(system(remove), 0);
}

/* Submits and waits. */
static inline void request_run(struct world *world, struct journal_request *request) {
    request->reply = &world->replies;
    journal_submit(world->journal, request);
    struct queue_node *node = queue_wait(&world->replies, 1, clock_monotonic_ms() + WAIT_MS);
    assert_ptr_equal(node, &request->node);
}

/* An event founded by the body of a POST. */
static inline struct place place_found(struct world *world, const char *body) {
    struct journal_request *request = NULL;
    struct place place = {0};
    assert_int_equal(create_decode((const uint8_t *)body, strlen(body), LANGUAGE_DE, &request),
                     REFUSAL_OK);
    request_run(world, request);
    assert_int_equal(request->refusal, REFUSAL_OK);
    memcpy(place.slug, request->slug, sizeof place.slug);
    memcpy(place.id, request->command.event, sizeof place.id);
    place.keys = request->context;
    request->context = NULL;
    request_free(request);
    return place;
}

/* ---- visitors */

static inline void visitor_start(struct session *session, struct world *world,
                                 const struct place *place) {
    struct door *door = journal_door(world->journal, place->slug);
    assert_non_null(door);
    session_start(session, &world->wire, door);
    session->replies = &world->replies;
}

/* Says one message and waits for its answer. */
static inline json_t *visitor_says(struct session *session, const void *bytes, size_t length) {
    struct buffer answer = buffer_make(1 << 20);
    (void)session_message(session, bytes, length, &answer);
    if (answer.length == 0) {
        struct queue_node *node = queue_wait(session->replies, 1, clock_monotonic_ms() + WAIT_MS);
        assert_non_null(node);
        session_answer(session, (struct journal_request *)node, &answer);
        request_free((struct journal_request *)node);
    }
    json_t *read = json_loadb((const char *)answer.data, answer.length, 0, NULL);
    assert_non_null(read);
    buffer_clear(&answer);
    return read;
}

static inline const char *answer_code(const json_t *answer) {
    const json_t *error = json_object_get(answer, "error");
    return error == NULL ? "ok" : json_string_value(json_object_get(error, "code"));
}

static inline json_t *visitor_sends(struct session *session, const json_t *message) {
    char *text = json_dumps(message, JSON_COMPACT);
    json_t *answer = visitor_says(session, text, strlen(text));
    free(text);
    return answer;
}

static inline json_t *text_encoded(const void *bytes, size_t count) {
    char text[BASE64_CHARS(SIGNATURE_BYTES) + 1];
    base64_encode(text, bytes, count);
    return json_string(text);
}

static inline void visitor_join(struct session *session, struct world *world,
                                const struct place *place, enum role role) {
    visitor_start(session, world, place);
    json_t *join = json_pack("{s:s,s:i,s:s}", "cmd", "join", "id", 0, "role", role_name(role));
    if (role != ROLE_AUDIENCE) {
        json_object_set_new(join, "key", text_encoded(place->keys->key[role - 1], ROLE_KEY_BYTES));
    }
    json_t *answer = visitor_sends(session, join);
    assert_string_equal(answer_code(answer), "ok");
    json_decref(join);
    json_decref(answer);
}

/* A question's keys, always the same for a name. */
struct asker {
    uint8_t public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    uint8_t salt[QUESTION_SALT_BYTES];
};

static inline struct asker asker_named(const char *name) {
    struct asker asker;
    uint8_t seed[crypto_sign_SEEDBYTES];
    crypto_generichash(seed, sizeof seed, (const uint8_t *)name, strlen(name), NULL, 0);
    crypto_generichash(asker.salt, sizeof asker.salt, seed, sizeof seed, NULL, 0);
    crypto_sign_seed_keypair(asker.public, asker.secret, seed);
    return asker;
}

static inline void bytes_integer(struct buffer *out, uint32_t value, size_t count) {
    for (size_t i = count; i > 0; i--) {
        buffer_append(out, &(uint8_t){(uint8_t)(value >> (8 * (i - 1)))}, 1);
    }
}

/* Of a question of degree 0; all signatures: signing.h. */
static inline json_t *ask_signed(const struct asker *asker, const uint8_t event[EVENT_ID_BYTES],
                                 uint32_t talk, const char *text) {
    struct buffer bytes = buffer_make(65536);
    uint8_t signature[SIGNATURE_BYTES];
    bytes_integer(&bytes, (uint32_t)strlen("raute.1/ask"), 1);
    buffer_text(&bytes, "raute.1/ask");
    buffer_append(&bytes, event, EVENT_ID_BYTES);
    buffer_append(&bytes, asker->public, sizeof asker->public);
    buffer_append(&bytes, asker->salt, sizeof asker->salt);
    bytes_integer(&bytes, talk, 4);
    bytes_integer(&bytes, 0, 1);
    bytes_integer(&bytes, (uint32_t)strlen(text), 2);
    buffer_text(&bytes, text);
    crypto_sign_detached(signature, NULL, bytes.data, bytes.length, asker->secret);
    buffer_clear(&bytes);
    return text_encoded(signature, sizeof signature);
}

static inline json_t *message_ask(const struct place *place, const char *name, uint32_t talk,
                                  const char *text) {
    struct asker asker = asker_named(name);
    json_t *ask = json_pack("{s:s,s:i,s:o,s:o,s:I,s:i,s:s}", "cmd", "ask", "id", 1, "key",
                            text_encoded(asker.public, sizeof asker.public), "salt",
                            text_encoded(asker.salt, sizeof asker.salt), "talk", (json_int_t)talk,
                            "degree", 0, "text", text);
    json_object_set_new(ask, "sig", ask_signed(&asker, place->id, talk, text));
    return ask;
}

/* ---- looking at the event */

struct look {
    struct queue_node node;
    struct queue *done;
    uint32_t questions;
};

static inline void look_read(const struct event *event, bool known, void *context) {
    (void)known;
    struct look *look = context;
    look->questions = event == NULL ? 0 : event->question_count;
    (void)queue_push(look->done, &look->node);
}

static inline uint32_t place_questions(struct world *world, const struct place *place) {
    struct look look = {.done = &world->replies};
    journal_read(world->journal, place->id, look_read, &look);
    assert_ptr_equal(queue_wait(&world->replies, 1, clock_monotonic_ms() + WAIT_MS), &look.node);
    return look.questions;
}

/* Asks, and waits for the release. */
static inline void place_ask(struct world *world, const struct place *place, const char *name,
                             const char *text) {
    struct session session;
    uint32_t before = place_questions(world, place);
    visitor_join(&session, world, place, ROLE_AUDIENCE);
    json_t *ask = message_ask(place, name, 1, text);
    json_t *answer = visitor_sends(&session, ask);
    assert_string_equal(answer_code(answer), "ok");
    json_decref(ask);
    json_decref(answer);
    session_end(&session);
    int64_t until = clock_monotonic_ms() + WAIT_MS;
    while (place_questions(world, place) == before) {
        assert_true(clock_monotonic_ms() < until);
    }
}

/* What a staff role says in JSON text; expects ok. */
static inline void place_command(struct world *world, const struct place *place, enum role role,
                                 const char *text) {
    struct session session;
    visitor_join(&session, world, place, role);
    json_t *answer = visitor_says(&session, text, strlen(text));
    assert_string_equal(answer_code(answer), "ok");
    json_decref(answer);
    session_end(&session);
}

/* An event where what is asked is released and shown at once, with questions 1 and 2. */
static inline struct place place_usual(struct world *world) {
    struct place place = place_found(
        world, "{\"title\":\"Netzwerken in Rostock\",\"hashtags\":[\"NetzwerkenHRO\"]}");
    place_command(world, &place, ROLE_ORGANISER,
                  "{\"cmd\":\"settings\",\"id\":1,\"moderation\":\"after\",\"release\":0}");
    place_ask(world, &place, "one", "Wie finden wir uns wieder?");
    place_ask(world, &place, "two", "Which networks will still be around?");
    return place;
}

static inline void place_free(struct place *place) {
    link_keys_free(place->keys);
}

/* What resources_get() gives, at once or later; with handle 7. */
static inline struct resource *resource_wait(struct world *world, const uint8_t *event,
                                             enum resource_kind kind, uint64_t which) {
    struct resource *resource =
        resources_get(world->resources, event, kind, which, &world->read, 7);
    if (resource == NULL) {
        resource = (struct resource *)queue_wait(&world->read, 1, clock_monotonic_ms() + WAIT_MS);
        assert_non_null(resource);
        assert_int_equal(resource->handle, 7);
    }
    return resource;
}

static inline json_t *resource_json(struct world *world, const struct place *place,
                                    enum resource_kind kind) {
    struct resource *resource = resource_wait(world, place->id, kind, 0);
    json_t *read =
        json_loadb((const char *)resource->plain->bytes, resource->plain->length, 0, NULL);
    assert_non_null(read);
    resource_free(resource);
    return read;
}

static inline int world_setup(void **state) {
    random_start();
    wire_start();
    *state = NULL;
    return 0;
}

static inline int world_teardown(void **state) {
    (void)state;
    wire_stop();
    return 0;
}

#endif
