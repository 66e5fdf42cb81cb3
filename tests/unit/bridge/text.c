#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"
#include "bridge/text.h"

static json_t *cases_load(void) {
    json_error_t error;
    json_t *cases = json_load_file("tests/protocol/posts.json", 0, &error);
    if (cases == NULL) {
        fail_msg("posts.json:%d: %s", error.line, error.text);
    }
    return cases;
}

static const char *text_member(const json_t *item, const char *name) {
    return json_string_value(json_object_get(item, name));
}

static json_int_t number_member(const json_t *item, const char *name) {
    return json_integer_value(json_object_get(item, name));
}

static struct settings settings_of(const json_t *item) {
    struct settings settings = settings_default(0);
    size_t at;
    json_t *tag;
    json_array_foreach(json_object_get(item, "hashtags"), at, tag) {
        assert_true(at < LIMIT_HASHTAGS);
        (void)snprintf(settings.hashtags[at], sizeof settings.hashtags[at], "%s",
                       json_string_value(tag));
    }
    settings.hashtag_count = (uint32_t)at;
    settings.language =
        strcmp(text_member(item, "language"), "de") == 0 ? LANGUAGE_DE : LANGUAGE_EN;
    settings.offset = (int32_t)number_member(item, "offset");
    return settings;
}

static struct post_source source_of(const json_t *item, const struct settings *settings) {
    const char *kind = text_member(item, "kind");
    bool test = strcmp(kind, "test") == 0;
    return (struct post_source){.network = (enum network)network_find(text_member(item, "network")),
                                .limit = (uint32_t)number_member(item, "limit"),
                                .link_length = (uint32_t)number_member(item, "link"),
                                .kind = test ? POST_QUESTION : (enum post_kind)post_kind_find(kind),
                                .test = test,
                                .text = text_member(item, "text"),
                                .answer = text_member(item, "answer"),
                                .warning = text_member(item, "warning"),
                                .answered = (uint32_t)number_member(item, "answered"),
                                .settings = settings,
                                .url = text_member(item, "url")};
}

static void text_same(const char *name, const char *what, const char *made, const char *expected) {
    if ((made == NULL) != (expected == NULL) || (made != NULL && strcmp(made, expected) != 0)) {
        fail_msg("%s: %s is\n%s\nnot\n%s", name, what, made, expected);
    }
}

static void facets_same(const char *name, const struct post_text *made, const json_t *expected) {
    if (made->facet_count != json_array_size(expected)) {
        fail_msg("%s: %zu facets", name, made->facet_count);
    }
    for (size_t i = 0; i < made->facet_count; i++) {
        const struct post_facet *facet = &made->facets[i];
        const json_t *wanted = json_array_get(expected, i);
        if (facet->start != (size_t)number_member(wanted, "start") ||
            facet->end != (size_t)number_member(wanted, "end")) {
            fail_msg("%s: facet %zu is %zu to %zu", name, i, facet->start, facet->end);
        }
        text_same(name, "tag", facet->tag, text_member(wanted, "tag"));
        text_same(name, "uri", facet->uri, text_member(wanted, "uri"));
    }
}

/* The cases that the browser's preview shares. */
static void shared_cases(void **state) {
    (void)state;
    json_t *cases = cases_load(), *item;
    assert_true(json_array_size(cases) > 80);
    size_t at;
    json_array_foreach(cases, at, item) {
        const char *name = text_member(item, "name");
        const json_t *expect = json_object_get(item, "expect");
        struct settings settings = settings_of(item);
        struct post_source source = source_of(item, &settings);
        struct post_text made = post_compose(&source);
        text_same(name, "text", made.text, text_member(expect, "text"));
        text_same(name, "warning", made.warning, text_member(expect, "warning"));
        text_same(name, "language", made.language, text_member(item, "language"));
        if (made.count != (size_t)number_member(expect, "count")) {
            fail_msg("%s: counts %zu", name, made.count);
        }
        facets_same(name, &made, json_object_get(expect, "facets"));
        assert_true(text_utf8_valid(made.text, strlen(made.text)));
        post_text_clear(&made);
        assert_null(made.text);
    }
    json_decref(cases);
}

/* Whatever the limit: what stands before the hashtags is a whole number of the lead's graphemes. */
static void never_within_a_grapheme(void **state) {
    (void)state;
    static const char lead[] =
        "a👨‍👩‍👧‍👦e\xcc\xb1\xcc\x88🇩🇪🇩🇪👩🏽‍🚀…";
    struct settings settings = settings_default(0);
    (void)snprintf(settings.hashtags[0], sizeof settings.hashtags[0], "Tag");
    settings.hashtag_count = 1;
    for (int network = 0; network < NETWORK_COUNT; network++) {
        for (uint32_t limit = 30; limit < 60; limit++) {
            struct post_source source = {.network = (enum network)network,
                                         .limit = limit,
                                         .link_length = 23,
                                         .text = lead,
                                         .settings = &settings,
                                         .url = "https://raute.example/e/a"};
            struct post_text made = post_compose(&source);
            char *end = strstr(made.text, "\n\n#Tag ");
            assert_non_null(end);
            size_t length = (size_t)(end - made.text);
            if (length != strlen(lead)) {
                length -= strlen("…");
                assert_memory_equal(made.text + length, "…", strlen("…"));
            }
            assert_memory_equal(made.text, lead, length);
            size_t kept = 0;
            while (text_cut(lead, kept) < length) {
                kept++;
            }
            assert_int_equal(text_cut(lead, kept), length);
            assert_true(made.count <= limit || length == 0);
            post_text_clear(&made);
        }
    }
}

/* A long answer is cut to what a search from the end finds, and soon. */
static void long_texts(void **state) {
    (void)state;
    static const char *const parts[] = {"Wort, ", "漢", "👨‍👩‍👧‍👦", "a.de ",
                                        "https://a-long-name.example/b "};
    struct settings settings = settings_default(0);
    (void)snprintf(settings.hashtags[0], sizeof settings.hashtags[0], "Tag");
    settings.hashtag_count = 1;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char text[16 * 1024] = "";
        size_t pieces = 2000 / text_graphemes(parts[i]), length = 0;
        for (size_t n = 0; n < pieces && length + strlen(parts[i]) < sizeof text; n++) {
            length += (size_t)snprintf(text + length, sizeof text - length, "%s", parts[i]);
        }
        for (int network = 0; network < NETWORK_COUNT; network++) {
            struct post_source source = {.network = (enum network)network,
                                         .limit = 300,
                                         .link_length = 23,
                                         .text = text,
                                         .settings = &settings,
                                         .url = "https://raute.example/e/a"};
            clock_t start = clock();
            struct post_text made = post_compose(&source);
            if ((clock() - start) * 1000 / CLOCKS_PER_SEC > 100) { /* with sanitizers */
                fail_msg("%s at %s takes too long", parts[i], network_name(source.network));
            }
            assert_in_range(made.count, network == NETWORK_BLUESKY ? 100 : 300 - 26, 300);
            post_text_clear(&made);
        }
    }
}

static void counting(void **state) {
    (void)state;
    static const struct {
        enum network network;
        const char *text;
        uint32_t link;
        size_t count;
    } cases[] = {
        {NETWORK_MASTODON, "", 23, 0},
        {NETWORK_MASTODON, "äöü", 23, 3},
        {NETWORK_MASTODON, "https://a.de", 23, 23},
        {NETWORK_MASTODON, "HTTPS://A.DE/X", 23, 23},
        {NETWORK_MASTODON, "https://a.de", 0, 12},
        {NETWORK_MASTODON, "https://a.de https://b.de", 23, 47},
        {NETWORK_MASTODON, "https://a.de.", 23, 24},
        {NETWORK_MASTODON, "https://a.de/.", 23, 24},
        {NETWORK_MASTODON, "https://a.de/?", 23, 24},
        {NETWORK_MASTODON, "https://a.de?", 23, 24},
        {NETWORK_MASTODON, "https://a.de:80/b", 23, 23},
        {NETWORK_MASTODON, "https://a.de:", 23, 24},
        {NETWORK_MASTODON, "https://a.de/<b", 23, 25},
        {NETWORK_MASTODON, "(https://a.de)", 23, 25},
        {NETWORK_MASTODON, "https://", 23, 23},      /* odd: at least a link */
        {NETWORK_MASTODON, "https://a", 23, 23},     /* odd */
        {NETWORK_MASTODON, "https://a..de", 23, 23}, /* odd */
        {NETWORK_MASTODON, "https://a.d1", 23, 23},  /* odd */
        {NETWORK_MASTODON, "https://localhost:12345/e/halle/q/17", 23, 36},
        {NETWORK_MASTODON, "https://a.deä/bbbbbbbbbbbbbbbbbbbbbbbb", 23, 38},
        {NETWORK_MASTODON, "_https://a.de", 23, 13},
        {NETWORK_MASTODON, "ähttps://a.de", 23, 13},
        {NETWORK_BLUESKY, "https://a.de 👨‍👩‍👧‍👦", 23, 14},
        {NETWORK_X, "aä", 0, 2},
        {NETWORK_X, "…", 0, 2},
        {NETWORK_X, "–", 0, 1},
        {NETWORK_X, "質", 0, 2},
        {NETWORK_X, "👨‍👩‍👧‍👦", 0, 2},
        {NETWORK_X, "🇩🇪🇩🇪", 0, 4},
        {NETWORK_X, "👍\xcc\x81\xcc\x81\xcc\x81", 0, 5}, /* not an emoji: what it is made of */
        {NETWORK_X, "https://a.de", 0, 23},
        {NETWORK_X, "a.de", 0, 23},
        {NETWORK_X, "z.B. 1.5 ...", 0, 12},
        {NETWORK_X, "an-einem-sehr-langen-Namen.example", 0, 34},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t count = post_count(cases[i].network, cases[i].text, cases[i].link);
        if (count != cases[i].count) {
            fail_msg("%s at %s: %zu", cases[i].text, network_name(cases[i].network), count);
        }
    }
}

/* What a far server shows may end anywhere. */
static void seen_ends_in_a_scheme(void **state) {
    (void)state;
    struct post_text text = {.text = (char *)"Wer?\n\n#A https://a.de"};
    char *seen = memory_text("Wer? https://");
    assert_false(post_seen(POST_QUESTION, &text, seen));
    free(seen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seen_ends_in_a_scheme),
        cmocka_unit_test(shared_cases),
        cmocka_unit_test(never_within_a_grapheme),
        cmocka_unit_test(long_texts),
        cmocka_unit_test(counting),
    };
    return cmocka_run_group_tests_name("bridge/text", tests, NULL, NULL);
}
