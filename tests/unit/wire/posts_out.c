/* Accounts and posts outside of the protocol: a question's page, exports, pictures. */
#include "wire/world.h"

#include "wire/export.h"
#include "wire/html.h"
#include "wire/picture.h"
#include "wire/posting.h"

static void page_says_where_else(void **state) {
    (void)state;
    struct hall hall;
    (void)posting_hall(&hall, 1);
    struct buffer page = buffer_make(1 << 20);
    html_question(&page, hall.event, event_question(hall.event, 1), LANGUAGE_EN,
                  "https://raute.example");
    assert_null(strstr((const char *)page.data, "Mastodon"));
    sent(&hall, 1, URL "?a=1&b=\"2\"");
    buffer_reset(&page);
    html_question(&page, hall.event, event_question(hall.event, 1), LANGUAGE_EN,
                  "https://raute.example");
    const char *text = (const char *)page.data;
    assert_non_null(strstr(text, "Also on Mastodon:"));
    assert_non_null(strstr(text, "<a rel=\"noopener noreferrer nofollow\" href=\"" URL
                                 "?a=1&amp;b=&quot;2&quot;\""));
    assert_non_null(strstr(text, ">@hro@server.example</a>"));
    assert_null(strstr(text, "b=\"2\""));
    buffer_clear(&page);
    hall_close(&hall);
}

static json_t *export_of(const struct event *event) {
    struct buffer out = buffer_make(1 << 20);
    export_json(&out, event);
    json_t *object = json_loadb((const char *)out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
    assert_null(strstr((const char *)out.data, "server.example"));
    assert_null(strstr((const char *)out.data, "sealed"));
    buffer_clear(&out);
    return object;
}

static void exports_keep_what_was_decided(void **state) {
    (void)state;
    struct hall hall;
    (void)posting_hall(&hall, 1);
    sent(&hall, 1, URL);
    struct command warn = {.kind = COMMAND_WARN, .text = memory_text("Achtung")};
    warn.as.publish.number = 1;
    assert_int_equal(hall_do(&hall, warn), REFUSAL_OK);
    struct command open = {.kind = COMMAND_OPEN, .as.publish = {.number = 1, .on = true}};
    assert_int_equal(hall_do(&hall, open), REFUSAL_OK);
    assert_int_equal(hall_move(&hall, 1, STATE_LISTED, STATE_ANSWERED), REFUSAL_OK);
    json_t *object = export_of(hall.event);
    const json_t *question = part(object, "questions", 0);
    assert_true(json_is_true(json_object_get(question, "approved")));
    assert_true(json_is_true(json_object_get(question, "open")));
    assert_string_equal(said(question, "warning"), "Achtung");
    assert_int_equal(json_integer_value(json_object_get(question, "answered")), hall.now / 60000);
    assert_string_equal(said(json_object_get(object, "event"), "publish"), "all");
    struct journal_request *request = NULL;
    assert_int_equal(import_decode(object, &request), REFUSAL_OK);
    json_t *again = export_of(request->command.as.import.event);
    assert_true(json_equal(object, again));
    request_free(request);
    json_decref(again);
    json_decref(object);
    hall_close(&hall);
}

/* From before there was a bridge. */
static void older_exports_come_back(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 1);
    assert_int_equal(hall_move(&hall, 1, STATE_LISTED, STATE_ANSWERED), REFUSAL_OK);
    json_t *object = export_of(hall.event);
    const char *const newer[] = {"publish", "publish_delay", "offset"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(json_object_del(json_object_get(object, "event"), newer[i]), 0);
    }
    json_object_del((json_t *)part(object, "questions", 0), "answered");
    json_object_del((json_t *)part(object, "questions", 0), "approved");
    struct journal_request *request = NULL;
    assert_int_equal(import_decode(object, &request), REFUSAL_OK);
    const struct settings *settings = &request->command.as.import.event->settings;
    assert_int_equal(settings->publish, PUBLISH_APPROVED);
    assert_int_equal(settings->publish_seconds, 60);
    assert_int_equal(settings->offset, 0);
    request_free(request);
    json_decref(object);
    hall_close(&hall);
}

static void pictures_are_known_by_their_bytes(void **state) {
    (void)state;
    const struct {
        const char *bytes;
        size_t length;
        const char *type;
    } cases[] = {
        {"\x89PNG\r\n\x1a\n....", 12, "image/png"},
        {"\xff\xd8\xff\xe0", 4, "image/jpeg"},
        {"GIF89a..", 8, "image/gif"},
        {"GIF87a", 6, "image/gif"},
        {"RIFF....WEBPVP8 ", 16, "image/webp"},
        {"RIFF....WAVE", 12, NULL},
        {"RIFF....WEB", 11, NULL},
        {"\x89PNG\r\n\x1a", 7, NULL},
        {"<svg xmlns=\"\">", 14, NULL},
        {"<html>", 6, NULL},
        {"", 0, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *type = picture_type((const uint8_t *)cases[i].bytes, cases[i].length);
        assert_true((type == NULL) == (cases[i].type == NULL));
        assert_true(type == NULL || strcmp(type, cases[i].type) == 0);
    }
}

static struct resource *avatar_get(struct world *world, const struct place *place, uint32_t id) {
    struct resource *resource = resource_wait(world, place->id, RESOURCE_AVATAR, id);
    resource_finish(world->resources, resource);
    return resource;
}

static void avatar_put(struct world *world, const struct place *place, const char *remote,
                       const char *bytes) {
    struct journal_request *request = journal_request_new(COMMAND_ACCOUNT_PUT, place->id);
    struct account *account = memory_new(sizeof *account);
    account->network = NETWORK_BLUESKY;
    (void)snprintf(account->server, sizeof account->server, "https://server.example");
    (void)snprintf(account->remote, sizeof account->remote, "%s", remote);
    (void)snprintf(account->name, sizeof account->name, "@%s", remote);
    account->post_limit = 300;
    account->secret = (uint8_t *)memory_text("sealed");
    account->secret_bytes = 6;
    account->avatar = (uint8_t *)memory_text(bytes);
    account->avatar_bytes = (uint32_t)strlen(bytes);
    request->command.as.account.account = account;
    request_run(world, request);
    assert_int_equal(request->refusal, REFUSAL_OK);
    request_free(request);
}

static void avatars_are_given_out(void **state) {
    (void)state;
    struct world world;
    world_open(&world);
    struct place place = place_usual(&world);
    avatar_put(&world, &place, "one", "\x89PNG\r\n\x1a\n picture");
    avatar_put(&world, &place, "two", "<svg onload='alert(1)'/>");
    struct resource *picture = avatar_get(&world, &place, 1);
    assert_int_equal(picture->status, 200);
    assert_string_equal(picture->type, "image/png");
    assert_int_equal(picture->plain->length, 16);
    assert_null(picture->gzip);
    resource_free(picture);
    for (uint32_t id = 2; id <= 3; id++) {
        picture = avatar_get(&world, &place, id);
        assert_int_equal(picture->status, 404);
        assert_string_equal(picture->type, "application/json");
        resource_free(picture);
    }
    place_free(&place);
    world_close(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_says_where_else),
        cmocka_unit_test(exports_keep_what_was_decided),
        cmocka_unit_test(older_exports_come_back),
        cmocka_unit_test(pictures_are_known_by_their_bytes),
        cmocka_unit_test(avatars_are_given_out),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
