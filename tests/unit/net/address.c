#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <string.h>

#include "net/address.h"

static void listens_on_six(void **state) {
    (void)state;
    struct sockaddr_storage address;
    socklen_t length;
    assert_true(address_listen("[::]:7681", &address, &length));
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address;
    assert_int_equal(six->sin6_family, AF_INET6);
    assert_int_equal(ntohs(six->sin6_port), 7681);
    assert_int_equal(length, sizeof *six);
    assert_true(IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr));
    assert_true(address_listen("[fe80::1]:0", &address, &length));
    assert_int_equal(six->sin6_port, 0);
}

static void listens_on_four(void **state) {
    (void)state;
    struct sockaddr_storage address;
    socklen_t length;
    assert_true(address_listen("127.0.0.1:65535", &address, &length));
    struct sockaddr_in *four = (struct sockaddr_in *)&address;
    assert_int_equal(four->sin_family, AF_INET);
    assert_int_equal(ntohs(four->sin_port), 65535);
    assert_int_equal(four->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
}

static void refuses_what_is_no_address(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "7681",
        ":7681",
        "localhost:7681",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:x",
        "1.2.3.4:65536",
        "1.2.3.4:000001",
        "::1:7681",
        "[::1]7681",
        "[127.0.0.1]:1",
        "[::1:7681",
        "1.2.3:80",
        "1.2.3.4:-1",
        "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]:1",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct sockaddr_storage address;
        socklen_t length;
        assert_false(address_listen(wrong[i], &address, &length));
    }
}

static void parses(uint8_t address[ADDRESS_BYTES], const char *text) {
    assert_true(address_parse(address, text));
}

static void one_network_is_one_address(void **state) {
    (void)state;
    uint8_t a[ADDRESS_BYTES], b[ADDRESS_BYTES];
    parses(a, "2001:db8:1:2:3::4");
    parses(b, "2001:db8:1:2:ffff::9");
    assert_memory_equal(a, b, ADDRESS_BYTES);
    parses(b, "2001:db8:1:3::4");
    assert_memory_not_equal(a, b, ADDRESS_BYTES);
    parses(a, "192.0.2.1");
    parses(b, "192.0.2.2");
    assert_memory_not_equal(a, b, ADDRESS_BYTES);
    parses(b, "::ffff:192.0.2.1");
    assert_memory_equal(a, b, ADDRESS_BYTES);
}

static void peers_of_both_kinds_are_the_same(void **state) {
    (void)state;
    uint8_t a[ADDRESS_BYTES], b[ADDRESS_BYTES];
    struct sockaddr_storage peer = {0};
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&peer;
    six->sin6_family = AF_INET6;
    inet_pton(AF_INET6, "::ffff:10.0.0.7", &six->sin6_addr);
    assert_true(address_of(a, &peer));
    memset(&peer, 0, sizeof peer);
    struct sockaddr_in *four = (struct sockaddr_in *)&peer;
    four->sin_family = AF_INET;
    inet_pton(AF_INET, "10.0.0.7", &four->sin_addr);
    assert_true(address_of(b, &peer));
    assert_memory_equal(a, b, ADDRESS_BYTES);
    peer.ss_family = AF_UNIX;
    assert_false(address_of(b, &peer));
}

static void forwards(const char *header, const char *expected) {
    uint8_t address[ADDRESS_BYTES], wanted[ADDRESS_BYTES];
    assert_true(address_forwarded(address, header));
    parses(wanted, expected);
    assert_memory_equal(address, wanted, ADDRESS_BYTES);
}

static void the_right_most_hop_counts(void **state) {
    (void)state;
    forwards("198.51.100.7", "198.51.100.7");
    forwards("1.1.1.1, 2.2.2.2,198.51.100.7", "198.51.100.7");
    forwards("1.1.1.1,  198.51.100.7\t", "198.51.100.7");
    forwards("nonsense, 198.51.100.7:4711", "198.51.100.7");
    forwards("2001:db8::1", "2001:db8::1");
    forwards("1.1.1.1, [2001:db8::1]", "2001:db8::1");
    forwards("[2001:db8::1]:443", "2001:db8::1");
}

static void unreadable_hops_are_none(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        ",",
        "1.1.1.1,",
        "unknown",
        "1.1.1.1, x",
        "[2001:db8::1",
        "[::1]x",
        "1.2.3.4 5.6.7.8",
        "_hidden",
        "1.1.1.1, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint8_t address[ADDRESS_BYTES];
        assert_false(address_forwarded(address, wrong[i]));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listens_on_six),
        cmocka_unit_test(listens_on_four),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(one_network_is_one_address),
        cmocka_unit_test(peers_of_both_kinds_are_the_same),
        cmocka_unit_test(the_right_most_hop_counts),
        cmocka_unit_test(unreadable_hops_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
