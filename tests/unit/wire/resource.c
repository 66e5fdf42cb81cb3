/* What HTTP gives out: cached bytes, ETag, gzip, what is not there. */
#include "wire/world.h"

#include <pthread.h>
#include <zlib.h>

#include "wire/encode_people.h"

static struct resource *got(struct world *world, const uint8_t *event, enum resource_kind kind,
                            uint64_t which) {
    struct resource *resource = resource_wait(world, event, kind, which);
    assert_non_null(resource->plain);
    assert_int_equal(strlen(resource->etag), 24);
    return resource;
}

static void age(void) {
    struct timespec pause = {.tv_sec = SNAPSHOT_AGE_MS / 1000, .tv_nsec = 50000000};
    (void)nanosleep(&pause, NULL);
}

static void snapshot_is_cached(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    struct place place = place_usual(&world);
    struct resource *first = got(&world, place.id, RESOURCE_SNAPSHOT_PUBLIC, 0);
    assert_int_equal(first->status, 200);
    assert_string_equal(first->type, "application/json");
    place_ask(&world, &place, "three", "Noch eine?");
    struct resource *second = resources_get(world.resources, place.id, RESOURCE_SNAPSHOT_PUBLIC, 0,
                                            &world.read, 7); /* fresh: at once */
    assert_non_null(second);
    assert_ptr_equal(first->plain, second->plain);
    assert_string_equal(first->etag, second->etag);
    age();
    struct resource *third = got(&world, place.id, RESOURCE_SNAPSHOT_PUBLIC, 0);
    assert_ptr_not_equal(first->plain, third->plain);
    assert_string_not_equal(first->etag, third->etag);
    age();
    struct resource *same = got(&world, place.id, RESOURCE_SNAPSHOT_PUBLIC, 0);
    assert_ptr_equal(third->plain, same->plain); /* nothing changed: the same bytes */
    struct resource *staff = got(&world, place.id, RESOURCE_SNAPSHOT_STAFF, 0);
    assert_ptr_not_equal(third->plain, staff->plain);
    resource_free(first);
    resource_free(second);
    resource_free(third);
    resource_free(same);
    resource_free(staff);
    place_free(&place);
    world_close(&world);
}

static void gunzip_check(const struct resource *resource) {
    uint8_t *bytes = memory_new(resource->plain->length);
    z_stream stream = {.next_in = resource->gzip->bytes,
                       .avail_in = (uInt)resource->gzip->length,
                       .next_out = bytes,
                       .avail_out = (uInt)resource->plain->length};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, resource->plain->length);
    assert_memory_equal(bytes, resource->plain->bytes, resource->plain->length);
    (void)inflateEnd(&stream);
    free(bytes);
}

static void gzip_is_made_once(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    struct place place = place_usual(&world);
    struct resource *first = got(&world, place.id, RESOURCE_LIST_DE, 0);
    struct resource *second = got(&world, place.id, RESOURCE_LIST_DE, 0);
    assert_null(first->gzip);
    resource_finish(world.resources, first);
    resource_finish(world.resources, second);
    assert_non_null(first->gzip);
    assert_ptr_equal(first->gzip, second->gzip);
    gunzip_check(first);
    struct resource *third = got(&world, place.id, RESOURCE_LIST_DE, 0);
    assert_ptr_equal(first->gzip, third->gzip);
    resource_free(first);
    resource_free(second);
    resource_free(third);
    place_free(&place);
    world_close(&world);
}

static void snapshot_opens_the_rings(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    struct place place = place_usual(&world);
    struct frames *others = frames_new(); /* as after a start: knows no event */
    struct wire wire = world.wire;
    wire.frames = others;
    struct resources *resources = resources_new(&wire);
    uint64_t lead;
    assert_int_equal(frames_since(others, place.id, VIEW_PUBLIC, 1, NULL, 0, &lead), -1);
    assert_null(resources_get(resources, place.id, RESOURCE_SNAPSHOT_PUBLIC, 0, &world.read, 1));
    struct resource *resource =
        (struct resource *)queue_wait(&world.read, 1, clock_monotonic_ms() + WAIT_MS);
    json_t *snapshot =
        json_loadb((const char *)resource->plain->bytes, resource->plain->length, 0, NULL);
    uint64_t seq = (uint64_t)json_integer_value(json_object_get(snapshot, "seq"));
    assert_int_equal(frames_since(others, place.id, VIEW_PUBLIC, seq, NULL, 0, &lead), 0);
    json_decref(snapshot);
    resource_free(resource);
    place_free(&place);
    world_close(&world);
    resources_free(resources);
    frames_free(others);
}

static void not_there(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    struct place place = place_usual(&world);
    const uint8_t nowhere[EVENT_ID_BYTES] = {7};
    struct resource *json = got(&world, nowhere, RESOURCE_SNAPSHOT_PUBLIC, 0);
    assert_int_equal(json->status, 404);
    assert_non_null(strstr((const char *)json->plain->bytes, "\"unknown\""));
    struct resource *page = got(&world, place.id, RESOURCE_QUESTION_DE, 99);
    assert_int_equal(page->status, 404);
    assert_string_equal(page->type, "text/html; charset=utf-8");
    struct resource *there = got(&world, place.id, RESOURCE_QUESTION_EN, 1);
    assert_int_equal(there->status, 200);
    place_command(&world, &place, ROLE_MODERATOR,
                  "{\"cmd\":\"move\",\"id\":1,\"n\":1,\"from\":\"listed\",\"to\":\"hidden\"}");
    struct resource *hidden = got(&world, place.id, RESOURCE_QUESTION_EN, 1);
    assert_int_equal(hidden->status, 404);
    resource_free(json);
    resource_free(page);
    resource_free(there);
    resource_free(hidden);
    place_free(&place);
    world_close(&world);
}

static void keys_are_listed(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    struct place place = place_usual(&world);
    json_t *keys = resource_json(&world, &place, RESOURCE_KEYS);
    const json_t *rows = json_object_get(keys, "keys");
    assert_int_equal(json_array_size(rows), 2);
    struct asker asker = asker_named("one");
    json_t *key = text_encoded(asker.public, sizeof asker.public);
    json_t *salt = text_encoded(asker.salt, sizeof asker.salt);
    const json_t *row = json_array_get(rows, 0);
    assert_int_equal(json_integer_value(json_array_get(row, 0)), 1);
    assert_true(json_equal(json_array_get(row, 1), key));
    assert_true(json_equal(json_array_get(row, 2), salt));
    json_decref(key);
    json_decref(salt);
    json_decref(keys);
    place_free(&place);
    world_close(&world);
}

static void card_put(struct world *world, const struct place *place, uint32_t rev, bool shown) {
    struct journal_request *request = journal_request_new(COMMAND_CARD, place->id);
    struct card *card = memory_new(sizeof *card);
    struct asker asker = asker_named("card");
    memcpy(card->key, asker.public, sizeof card->key);
    card->rev = rev;
    card->shown = shown;
    card->name = memory_text("Anna");
    card->line = memory_text("");
    card->web = memory_text("");
    request->command.as.card.card = card;
    request_run(world, request);
    assert_int_equal(request->refusal, REFUSAL_OK);
    request_free(request);
}

static void people_come_and_go(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    struct place place = place_usual(&world);
    struct asker asker = asker_named("card");
    uint64_t tag = card_tag(asker.public);
    card_put(&world, &place, 1, true);
    struct resource *first = got(&world, place.id, RESOURCE_PEOPLE_PUBLIC, 0);
    struct resource *again = got(&world, place.id, RESOURCE_PEOPLE_PUBLIC, 0);
    assert_ptr_equal(first->plain, again->plain);
    assert_string_equal(first->type, "application/json");
    json_t *people = resource_json(&world, &place, RESOURCE_PEOPLE_PUBLIC);
    json_t *snapshot = resource_json(&world, &place, RESOURCE_SNAPSHOT_PUBLIC);
    assert_true(json_equal(json_object_get(people, "seq"), json_object_get(snapshot, "seq")));
    assert_int_equal(json_array_size(json_object_get(people, "cards")), 1);
    struct resource *page = got(&world, place.id, RESOURCE_CARD_DE, tag);
    assert_int_equal(page->status, 200);
    assert_string_equal(page->type, "text/html; charset=utf-8");
    struct resource *nobody = got(&world, place.id, RESOURCE_CARD_EN, tag + 1);
    assert_int_equal(nobody->status, 404);
    struct resource *list = got(&world, place.id, RESOURCE_CARDS_EN, 0);
    assert_int_equal(list->status, 200);

    card_put(&world, &place, 2, false); /* a page is made anew for each request */
    struct resource *gone = got(&world, place.id, RESOURCE_CARD_DE, tag);
    assert_int_equal(gone->status, 404);
    age();
    json_t *nothing = resource_json(&world, &place, RESOURCE_PEOPLE_STAFF);
    assert_int_equal(json_array_size(json_object_get(nothing, "cards")), 0);
    json_decref(people);
    json_decref(snapshot);
    json_decref(nothing);
    resource_free(first);
    resource_free(again);
    resource_free(page);
    resource_free(nobody);
    resource_free(list);
    resource_free(gone);
    place_free(&place);
    world_close(&world);
}

struct visitor {
    struct world *world;
    const struct place *place;
};

/* A network thread of its own: many requests, each answered once, compressed by whoever is first.
 */
static void *visitor_run(void *context) {
    struct visitor *visitor = context;
    struct queue read;
    queue_init(&read, 0, NULL, NULL);
    for (uint64_t i = 0; i < 300; i++) {
        enum resource_kind kind = i % 3 == 0 ? RESOURCE_QUESTION_DE : RESOURCE_LIST_DE;
        struct resource *resource =
            resources_get(visitor->world->resources, visitor->place->id, kind, 1, &read, i);
        if (resource == NULL) {
            resource = (struct resource *)queue_wait(&read, 1, clock_monotonic_ms() + WAIT_MS);
            assert_non_null(resource);
            assert_int_equal(resource->handle, i);
        }
        resource_finish(visitor->world->resources, resource);
        assert_non_null(resource->gzip);
        resource_free(resource);
    }
    queue_destroy(&read);
    return NULL;
}

static void many_threads(void **state) {
    (void)state;
    struct world world;
    pthread_t threads[3];
    world_open(&world);
    struct place place = place_usual(&world);
    struct visitor visitor = {.world = &world, .place = &place};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, visitor_run, &visitor), 0);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    place_free(&place);
    world_close(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshot_is_cached),
        cmocka_unit_test(gzip_is_made_once),
        cmocka_unit_test(snapshot_opens_the_rings),
        cmocka_unit_test(not_there),
        cmocka_unit_test(people_come_and_go),
        cmocka_unit_test(keys_are_listed),
        cmocka_unit_test(many_threads),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
