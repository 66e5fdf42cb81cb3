#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "net/route.h"

static void fixed_addresses(void **state) {
    (void)state;
    assert_int_equal(route_find("/").name, ROUTE_START);
    assert_int_equal(route_find("/healthz").name, ROUTE_HEALTH);
    assert_int_equal(route_find("/privacy").name, ROUTE_PRIVACY);
    struct route events = route_find("/events");
    assert_int_equal(events.name, ROUTE_EVENTS);
    assert_int_equal(events.method, METHOD_POST);
    assert_int_equal(route_find("/oauth/callback").name, ROUTE_CALLBACK);
    assert_int_equal(route_find("/oauth/client.json").name, ROUTE_CLIENT);
}

static void addresses_of_an_event(void **state) {
    (void)state;
    static const struct {
        const char *path;
        enum route_name name;
    } cases[] = {
        {"/e/hro", ROUTE_AUDIENCE},
        {"/e/hro/moderator", ROUTE_MODERATOR},
        {"/e/hro/stage", ROUTE_STAGE},
        {"/e/hro/organiser", ROUTE_ORGANISER},
        {"/e/hro/snapshot", ROUTE_SNAPSHOT},
        {"/e/hro/keys", ROUTE_KEYS},
        {"/e/hro/people", ROUTE_PEOPLE},
        {"/e/hro/people.json", ROUTE_PEOPLE_JSON},
        {"/e/hro/people/AAAAAAAAAAE", ROUTE_CARD},
        {"/e/hro/follow", ROUTE_FOLLOW},
        {"/e/hro/export", ROUTE_EXPORT},
        {"/e/hro/live", ROUTE_LIVE},
        {"/e/hro/commands", ROUTE_COMMANDS},
        {"/e/hro/q/17", ROUTE_QUESTION},
        {"/e/hro/accounts/1/avatar", ROUTE_AVATAR},
        {"/hro", ROUTE_SHORT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route route = route_find(cases[i].path);
        assert_int_equal(route.name, cases[i].name);
        assert_string_equal(route.slug, "hro");
    }
    assert_int_equal(route_find("/e/hro/q/4294967295").number, 4294967295u);
    assert_int_equal(route_find("/e/hro/accounts/3/avatar").number, 3);
    assert_int_equal(route_find("/e/hro/commands").method, METHOD_POST);
    assert_true(route_find("/e/hro/people/AAAAAAAAAAE").tag == 1);
    assert_true(route_find("/e/hro/people/__________8").tag == UINT64_MAX);
    assert_true(route_find("/e/hro/people/-_8AAAAAAAA").tag == UINT64_C(0xfbff000000000000));
}

static void typed_in_upper_case(void **state) {
    (void)state;
    struct route route = route_find("/NetzwerkenHRO");
    assert_int_equal(route.name, ROUTE_SHORT);
    assert_string_equal(route.slug, "netzwerkenhro");
}

static void a_slash_too_many(void **state) {
    (void)state;
    assert_int_equal(route_find("/hro/").name, ROUTE_SHORT);
    assert_int_equal(route_find("/e/hro/").name, ROUTE_SHORT);
    assert_string_equal(route_find("/e/HRO/").slug, "hro");
}

static void everything_else_may_be_a_file(void **state) {
    (void)state;
    static const char *const paths[] = {
        "",
        "/e",
        "/e/",
        "/e/ab",
        "/e/hro//",
        "/e/hro/q",
        "/e/hro/q/",
        "/e/hro/q/0",
        "/e/hro/q/017",
        "/e/hro/q/17x",
        "/e/hro/q/17/",
        "/e/hro/q/4294967296",
        "/e/hro/q/-1",
        "/e/hro/moderators",
        "/e/h_o/stage",
        "/hr-o",
        "/healthz/x",
        "/e/../live",
        "//",
        "/assets/audience-AB12.js",
        "/favicon.svg",
        "/events/x",
        "/e/hro/live/",
        "/e/hro/accounts/1",
        "/e/hro/accounts/0/avatar",
        "/e/hro/accounts/1/avatar/",
        "/e/hro/accounts//avatar",
        "/e/hro/people/",
        "/e/hro/people.jso",
        "/e/hro/people/AAAAAAAAAAA/",
        "/e/hro/people/AAAAAAAAAA",
        "/e/hro/people/AAAAAAAAAAAA",
        "/e/hro/people/AAAAAAAAAAB", /* stray bits */
        "/e/hro/people/AAAAAAAAAA=",
        "/e/hro/people/AAAAAAAAAA+",
        "/privacy/x",
        "/oauth/callback/",
        "/oauth/client.jso",
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(route_find(paths[i]).name, ROUTE_ASSET);
    }
    assert_int_equal(route_find("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").name, ROUTE_SHORT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_addresses),
        cmocka_unit_test(addresses_of_an_event),
        cmocka_unit_test(typed_in_upper_case),
        cmocka_unit_test(a_slash_too_many),
        cmocka_unit_test(everything_else_may_be_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
