/* Lists to take home: who stands on which, and what a second run changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "bridge/home.h"

#define OWNER "did:plc:ewvi7nxzyoun6zhxrhs64oiz"

/* `count` people, person i in talk i % talks + 1, or in none. */
static void peek_make(struct peek *peek, uint32_t count, uint32_t talks) {
    *peek = (struct peek){.event = {1}};
    (void)snprintf(peek->settings.title, sizeof peek->settings.title, "Netzwerken in Rostock");
    peek->people = memory_new((count + 1) * sizeof *peek->people);
    for (uint32_t i = 0; i < count; i++) {
        char did[40];
        (void)snprintf(did, sizeof did, "did:plc:%024u", i);
        peek->people[peek->person_count++] =
            (struct peek_person){.did = memory_text(did), .talk = talks == 0 ? 0 : i % talks + 1};
    }
    peek->talks = memory_new((talks + 1) * sizeof *peek->talks);
    for (uint32_t i = 0; i < talks; i++) {
        char title[100];
        (void)snprintf(title, sizeof title, "Über den %u. Vortrag %060u", i + 1, i);
        peek->talks[peek->talk_count++] = (struct peek_talk){i + 1, memory_text(title)};
    }
}

static void peek_end(struct peek *peek) {
    for (uint32_t i = 0; i < peek->person_count; i++) {
        free(peek->people[i].did);
    }
    for (uint32_t i = 0; i < peek->talk_count; i++) {
        free(peek->talks[i].title);
    }
    free(peek->people);
    free(peek->talks);
}

static size_t acts(const json_t *writes, const char *act) {
    size_t count = 0;
    for (size_t at = 0; at < json_array_size(writes); at++) {
        const char *type = json_text(json_array_get(writes, at), "$type");
        count += strcmp(strchr(type, '#') + 1, act) == 0;
    }
    return count;
}

/* What was written is there at the next look. */
static void replay(struct home_plan *plan, const json_t *writes) {
    for (size_t at = 0; at < json_array_size(writes); at++) {
        json_t *write = json_array_get(writes, at);
        const char *collection = json_text(write, "collection");
        char uri[300];
        (void)snprintf(uri, sizeof uri, "at://%s/%s/%s", OWNER, collection,
                       json_text(write, "rkey"));
        json_t *record =
            json_pack("{s:s,s:O}", "uri", uri, "value", json_object_get(write, "value"));
        if (strcmp(collection, HOME_LISTS) == 0) {
            home_plan_list(plan, record);
        } else {
            home_plan_item(plan, record);
        }
        json_decref(record);
    }
}

static void test_one_list(void **state) {
    (void)state;
    struct peek peek, fewer;
    struct home_plan plan;
    peek_make(&peek, 150, 3);
    home_plan_make(&plan, &peek, OWNER);
    assert_int_equal(plan.list_count, 1);
    assert_int_equal(plan.person_count, 150);
    assert_string_equal(plan.lists[0].name, "Netzwerken in Rostock");
    json_t *writes = home_plan_writes(&plan, 1000);
    assert_int_equal(json_array_size(writes), 151);
    const json_t *list = json_array_get(writes, 0), *item = json_array_get(writes, 1);
    assert_string_equal(json_text(list, "collection"), HOME_LISTS);
    assert_string_equal(json_text(json_object_get(item, "value"), "list"), plan.lists[0].uri);
    assert_int_equal(strlen(json_text(item, "rkey")), 13);
    assert_non_null(strchr("234567abcdefghij", *json_text(item, "rkey")));
    home_plan_clear(&plan);
    /* again: nothing to do */
    home_plan_make(&plan, &peek, OWNER);
    replay(&plan, writes);
    json_t *again = home_plan_writes(&plan, 2000);
    assert_int_equal(json_array_size(again), 0);
    json_decref(again);
    home_plan_clear(&plan);
    /* who took the consent back goes; what is another's stays */
    peek_make(&fewer, 149, 3);
    (void)snprintf(fewer.settings.title, sizeof fewer.settings.title, "Anders");
    home_plan_make(&plan, &fewer, OWNER);
    replay(&plan, writes);
    json_t *foreign =
        json_pack("{s:s,s:{s:s,s:s}}", "uri", "at://x/app.bsky.graph.listitem/3mckq7abcde22",
                  "value", "list", plan.lists[0].uri, "subject", "did:plc:x");
    home_plan_item(&plan, foreign);
    json_decref(foreign);
    again = home_plan_writes(&plan, 2000);
    assert_int_equal(json_array_size(again), 2);
    assert_int_equal(acts(again, "delete"), 1);
    assert_int_equal(acts(again, "update"), 1);
    json_decref(again);
    json_decref(writes);
    home_plan_clear(&plan);
    peek_end(&fewer);
    peek_end(&peek);
}

static void test_by_talk(void **state) {
    (void)state;
    struct peek peek;
    struct home_plan plan;
    peek_make(&peek, 331, 2);
    free(peek.people[330].did);
    peek.people[330].did = memory_text(peek.people[0].did); /* two cards of one person */
    home_plan_make(&plan, &peek, OWNER);
    assert_int_equal(plan.person_count, 330);
    assert_int_equal(plan.list_count, 4); /* 165 in each talk: 150 and 15 */
    uint32_t sizes[4] = {0};
    for (uint32_t i = 0; i < plan.person_count; i++) {
        sizes[plan.people[i].list]++;
    }
    assert_int_equal(sizes[0], 150);
    assert_int_equal(sizes[1], 15);
    assert_int_equal(sizes[2], 150);
    assert_int_equal(sizes[3], 15);
    for (uint32_t i = 0; i < 4; i++) {
        assert_in_range(strlen(plan.lists[i].name), 60, HOME_NAME);
        for (uint32_t j = 0; j < i; j++) {
            assert_string_not_equal(plan.lists[i].rkey, plan.lists[j].rkey);
        }
    }
    assert_non_null(strstr(plan.lists[1].name, " 2"));
    home_plan_clear(&plan);
    peek_end(&peek);
}

/* Each in another talk, at an account with a long name. */
static void test_urls(void **state) {
    (void)state;
    struct peek peek;
    struct home_plan plan;
    char did[480] = "did:web:";
    memset(did + strlen(did), 'a', sizeof did - strlen(did) - 1);
    did[sizeof did - 1] = '\0';
    peek_make(&peek, 200, 200);
    home_plan_make(&plan, &peek, did);
    assert_int_equal(plan.list_count, 200);
    json_t *urls = home_plan_urls(&plan, did);
    assert_in_range(json_array_size(urls), 100, 199);
    char *text = json_dumps(urls, JSON_COMPACT);
    assert_in_range(strlen(text), LIMIT_REPLY_BYTES - 1000, LIMIT_REPLY_BYTES - 256);
    free(text);
    json_decref(urls);
    home_plan_clear(&plan);
    home_plan_make(&plan, &peek, OWNER);
    urls = home_plan_urls(&plan, OWNER);
    assert_int_equal(json_array_size(urls), 200);
    json_decref(urls);
    home_plan_clear(&plan);
    peek_end(&peek);
}

static void test_nobody(void **state) {
    (void)state;
    struct peek peek;
    struct home_plan plan;
    peek_make(&peek, 0, 0);
    home_plan_make(&plan, &peek, OWNER);
    json_t *writes = home_plan_writes(&plan, 0);
    assert_int_equal(json_array_size(writes), 0);
    json_decref(writes);
    home_plan_clear(&plan);
    peek_end(&peek);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_list),
        cmocka_unit_test(test_by_talk),
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
