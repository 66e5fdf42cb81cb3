/* A hall whose questions go out, and a bridge that is the test's own hand. */
#ifndef RAUTE_TESTS_WIRE_POSTING_H
#define RAUTE_TESTS_WIRE_POSTING_H

#include "wire/hall.h"

#define URL "https://server.example/@hro/1"

/* A hall with one account and `count` questions that want to go out at once, all ready. */
static inline uint32_t posting_hall(struct hall *hall, uint32_t count) {
    hall_open(hall);
    struct command settings = {.kind = COMMAND_SETTINGS};
    settings.as.settings.mask = SETTING_PUBLISH | SETTING_PUBLISH_SECONDS;
    settings.as.settings.settings = memory_new(sizeof *settings.as.settings.settings);
    *settings.as.settings.settings = hall->event->settings;
    settings.as.settings.settings->publish = PUBLISH_ALL;
    settings.as.settings.settings->publish_seconds = 0;
    assert_int_equal(hall_do(hall, settings), REFUSAL_OK);
    uint32_t account = hall_connect(hall, NETWORK_MASTODON, "hro");
    assert_int_equal(account, 1);
    hall_ask(hall, count);
    for (uint32_t number = 1; number <= count; number++) {
        assert_int_equal(hall_degree(hall, number, 1), REFUSAL_OK);
    }
    hall->now += 1000;
    hall_release(hall);
    return account;
}

static inline void step(struct hall *hall, enum command_kind kind, uint32_t number,
                        enum post_kind what, const char *url) {
    const struct outgoing *row = event_outgoing(hall->event, number, 1, what);
    assert_non_null(row);
    const struct outgoing copy = *row;
    assert_int_equal(hall_post(hall, kind, &copy, url), REFUSAL_OK);
}

static inline void sent(struct hall *hall, uint32_t number, const char *url) {
    step(hall, COMMAND_POST_SENDING, number, POST_QUESTION, "");
    step(hall, COMMAND_POST_SENT, number, POST_QUESTION, url);
}

static inline struct buffer snapshot_text(const struct hall *hall, enum view view) {
    struct buffer out = buffer_make(LIMIT_SNAPSHOT_BYTES);
    encode_snapshot(&out, hall->event, view, "https://raute.example",
                    1u << NETWORK_MASTODON | 1u << NETWORK_X);
    return out;
}

static inline json_t *snapshot_json(const struct hall *hall, enum view view) {
    struct buffer out = snapshot_text(hall, view);
    json_t *json = json_loadb((const char *)out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    buffer_clear(&out);
    return json;
}

static inline const json_t *part(const json_t *json, const char *list, size_t index) {
    return json_array_get(json_object_get(json, list), index);
}

static inline const char *said(const json_t *object, const char *member) {
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

#endif
