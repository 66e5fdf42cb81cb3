/* Which addresses and URLs a far server may have: the ranges of protocols §2.6, and odd spellings.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "bridge/address.h"

static bool is_public(const char *text) {
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return address_public((struct sockaddr *)&four);
    }
    if (inet_pton(AF_INET6, text, &six.sin6_addr) != 1) {
        fail_msg("%s", text);
    }
    return address_public((struct sockaddr *)&six);
}

/* First and last address of each range, and their neighbours outside. */
static const char *const closed[] = {
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.0.255",
    "192.0.2.0",
    "192.0.2.255",
    "192.88.99.0",
    "192.88.99.255",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.0",
    "198.51.100.255",
    "203.0.113.0",
    "203.0.113.255",
    "224.0.0.0",
    "239.255.255.255",
    "240.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::ffff:0.0.0.0",
    "::ffff:169.254.169.254",
    "::ffff:0:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::",
    "2001::",
    "2001:0:ffff::1",
    "2001:10::1",
    "2001:2f:ffff::",
    "2001:1ff:ffff::",
    "2001:db8::1",
    "2001:db8:ffff::",
    "2002:7f00:1::",
    "2002:ffff::",
    "3fff::1",
    "3fff:fff:ffff::",
    "4000::1",
    "5f00::1",
    "fc00::",
    "fdff:ffff::",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff00::",
    "ff02::1",
    "ffff:ffff::",
    "1fff::1",
};
static const char *const open[] = {
    "1.0.0.0",         "9.255.255.255",   "11.0.0.0",       "100.63.255.255",
    "100.128.0.0",     "126.255.255.255", "128.0.0.0",      "169.253.255.255",
    "169.255.0.0",     "172.15.255.255",  "172.32.0.0",     "191.255.255.255",
    "192.0.1.0",       "192.0.3.0",       "192.88.98.255",  "192.88.100.0",
    "192.167.255.255", "192.169.0.0",     "198.17.255.255", "198.20.0.0",
    "198.51.99.255",   "198.51.101.0",    "203.0.112.255",  "203.0.114.0",
    "223.255.255.255", "8.8.8.8",         "2000::1",        "2001:200::1",
    "2001:db7::1",     "2001:db9::1",     "2003::1",        "2a00::1",
    "3ffe::1",         "3fff:1000::1",    "::ffff:8.8.8.8", "2606:4700::6810:84e5",
};

static void test_ranges(void **state) {
    (void)state;
    for (size_t at = 0; at < sizeof closed / sizeof *closed; at++) {
        if (is_public(closed[at])) {
            fail_msg("%s is not public", closed[at]);
        }
    }
    for (size_t at = 0; at < sizeof open / sizeof *open; at++) {
        if (!is_public(open[at])) {
            fail_msg("%s is public", open[at]);
        }
    }
    struct sockaddr local = {.sa_family = AF_UNIX};
    assert_false(address_public(&local));
}

/* An IPv4 address is as public as the IPv6 address that stands for it. */
static void test_mapped(void **state) {
    (void)state;
    for (unsigned at = 0; at < 100000; at++) {
        struct sockaddr_in four = {.sin_family = AF_INET};
        struct sockaddr_in6 six = {.sin6_family = AF_INET6};
        random_fill(&four.sin_addr, sizeof four.sin_addr);
        memset(six.sin6_addr.s6_addr + 10, 0xff, 2);
        memcpy(six.sin6_addr.s6_addr + 12, &four.sin_addr, 4);
        assert_int_equal(address_public((struct sockaddr *)&four),
                         address_public((struct sockaddr *)&six));
    }
}

static const char *const peers[] = {"127.0.0.1:8001", "localhost:2583", "[::1]:9", "Far.test:443"};
#define PEERS (sizeof peers / sizeof *peers)

static void test_origins(void **state) {
    (void)state;
    static const struct {
        const char *text, *origin; /* NULL: refused */
    } cases[] = {
        {"example.social", "https://example.social"},
        {"https://example.social/", "https://example.social"},
        {"https://example.social", "https://example.social"},
        {"https://Example.SOCIAL/@someone?x#y", "https://example.social"},
        {"HTTPS://example.social:443", "https://example.social"},
        {"https://example.social:8443/", "https://example.social:8443"},
        {"xn--bcher-kva.example", "https://xn--bcher-kva.example"},
        {"bücher.example", NULL},
        {"http://127.0.0.1:8001", "http://127.0.0.1:8001"},
        {"http://127.0.0.1:8001/x", "http://127.0.0.1:8001"},
        {"http://2130706433:8001", "http://127.0.0.1:8001"}, /* the same address */
        {"http://localhost:2583", "http://localhost:2583"},
        {"localhost:2583", "https://localhost:2583"},
        {"http://[::1]:9/", "http://[::1]:9"},
        {"far.test", "https://far.test"},
        {"https://far.test:443", "https://far.test"},
        {"http://far.test:443", "http://far.test:443"},
        {"http://far.test", NULL},
        {"http://example.social", NULL},
        {"http://127.0.0.1:8002", NULL},
        {"https://127.0.0.1:8002", NULL},
        {"https://1.1.1.1", NULL},
        {"https://0x7f.1", NULL},
        {"https://[::1]", NULL},
        {"https://[2606:4700::1]", NULL},
        {"localhost", NULL},
        {"https://intranet/", NULL},
        {"https://anna@example.social", NULL},
        {"https://anna:secret@example.social", NULL},
        {"@anna@example.social", NULL},
        {"https://example.social@127.0.0.1:8001", NULL},
        {"ftp://example.social", NULL},
        {"file:///etc/passwd", NULL},
        {"gopher://127.0.0.1:8001", NULL},
        {"javascript://example.social", NULL},
        {"https://", NULL},
        {"", NULL},
        {" ", NULL},
        {"example social", NULL},
        {"example.social:99999", NULL},
        {"example.social:0x50", NULL},
        {"https://example..social", NULL},
        {"https://.example.social", NULL},
        {"https://example.social.", NULL},
        {"https://-example.social", NULL},
        {"https://exa_mple.social", NULL},
        {"https://example.123", NULL},
        {"https://exa%6dple.social", "https://example.social"},
        {"https://exam%2fple.social", NULL},
        {"https://exam\nple.social", NULL},
        {"https://example.social\\@evil.example", NULL},
    };
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        char origin[300] = "";
        bool read = origin_read(origin, sizeof origin, cases[at].text, peers, PEERS);
        if (read != (cases[at].origin != NULL) || (read && strcmp(origin, cases[at].origin) != 0)) {
            fail_msg("%s: %s", cases[at].text, read ? origin : "refused");
        }
    }
    char small[10];
    assert_false(origin_read(small, sizeof small, "example.social", NULL, 0));
    char longer[1200];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    char origin[2000];
    assert_false(origin_read(origin, sizeof origin, longer, NULL, 0));
}

static void test_urls(void **state) {
    (void)state;
    assert_true(url_allowed("https://example.social/api?x=y", NULL, 0));
    assert_false(url_allowed("http://example.social/api", peers, PEERS));
    assert_true(url_allowed("http://127.0.0.1:8001/api", peers, PEERS));
    assert_true(url_allowed("http://LOCALHOST:2583/", peers, PEERS));
    assert_false(url_allowed("https://a@example.social/", peers, PEERS));
    assert_false(url_allowed("https://example.social/ä", peers, PEERS));
    assert_false(url_allowed("https://example.social/a b", peers, PEERS));
    assert_false(url_allowed("https://example.social/\r\n", peers, PEERS));
    assert_false(url_allowed("", peers, PEERS));
    assert_true(peer_allowed("https://127.0.0.1:8001/x", peers, PEERS));
    assert_false(peer_allowed("https://127.0.0.1:80/x", peers, PEERS));
    assert_false(peer_allowed("https://127.0.0.1/x", peers, PEERS));
    assert_true(peer_allowed("https://far.test/", peers, PEERS));
    assert_false(peer_allowed("http://far.test/", peers, PEERS));
    assert_true(origin_same("https://a.example/x", "https://A.example:443/y"));
    assert_false(origin_same("https://a.example/x", "https://a.example:444/x"));
    assert_false(origin_same("https://a.example/x", "http://a.example:443/x"));
    assert_false(origin_same("https://a.example/x", "https://b.example/x"));
    assert_false(origin_same("nonsense", "nonsense"));
}

static void test_same_page(void **state) {
    (void)state;
    assert_true(url_same("https://a.example/x", "HTTPS://A.example:443/x/#y"));
    assert_true(url_same("https://a.example", "https://a.example/"));
    assert_true(url_same("https://a.example/x?a=b", "https://a.example/x?a=b"));
    assert_true(url_same("https://a.example/b/../x", "https://a.example/x"));
    assert_false(url_same("https://a.example/x?a=b", "https://a.example/x"));
    assert_false(url_same("https://a.example/x", "https://a.example/X"));
    assert_false(url_same("https://a.example/x", "https://a.example/xy"));
    assert_false(url_same("https://a.example/x", "http://a.example/x"));
    assert_false(url_same("/x", "/x"));
    char origin[300];
    assert_true(host_origin(origin, sizeof origin, "a.example", peers, PEERS));
    assert_string_equal(origin, "https://a.example");
    assert_true(host_origin(origin, sizeof origin, "127.0.0.1:8001", peers, PEERS));
    assert_string_equal(origin, "http://127.0.0.1:8001");
    static const char *const none[] = {"", "a", "127.0.0.1", "a.example/x", "b@a.example", "a?b.c"};
    for (size_t at = 0; at < sizeof none / sizeof none[0]; at++) {
        assert_false(host_origin(origin, sizeof origin, none[at], peers, PEERS));
    }
}

/* Whatever is typed: no crash, and what is read is a plain https origin that reads as itself. */
static void test_noise(void **state) {
    (void)state;
    static const char alphabet[] = "aA0.-_:/@[]%#?\\ \xc3\xbc"
                                   "https://";
    for (unsigned at = 0; at < 50000; at++) {
        char text[24], origin[300], second[300];
        uint32_t length = random_below(sizeof text);
        for (uint32_t n = 0; n < length; n++) {
            text[n] = alphabet[random_below(sizeof alphabet - 1)];
        }
        text[length] = '\0';
        (void)url_allowed(text, peers, PEERS);
        if (origin_read(origin, sizeof origin, text, NULL, 0)) {
            assert_int_equal(strncmp(origin, "https://", 8), 0);
            assert_null(strpbrk(origin + 8, "/@[]%#?\\ _"));
            assert_true(origin_read(second, sizeof second, origin, NULL, 0));
            assert_string_equal(origin, second);
        }
    }
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),  cmocka_unit_test(test_mapped),
        cmocka_unit_test(test_origins), cmocka_unit_test(test_urls),
        cmocka_unit_test(test_noise),   cmocka_unit_test(test_same_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
