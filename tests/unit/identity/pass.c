/* Tickets and passes: noble's bytes (identity.json) from the code to the member, and what buys
 * nothing. */
#include "fixture.h"

#include <sodium.h>

#include "base/random.h"
#include "identity/pass.h"

static const uint8_t other_event[EVENT_ID_BYTES] = {9, 8};
static uint8_t secret[SECRET_BYTES];
static struct pass_keys keys;

static int load(void **state) {
    fixture_load(state);
    get_bytes(secret, sizeof secret, vectors, "secret");
    pass_keys_derive(&keys, secret, event);
    return 0;
}

/* A pass of the vectors, and whose it is. */
struct pass_case {
    uint8_t nonce[PASS_NONCE_BYTES], output[VOPRF_OUTPUT_BYTES], member[MEMBER_ID_BYTES];
};

static struct pass_case pass_read(const json_t *seat) {
    struct pass_case read;
    get_bytes(read.nonce, sizeof read.nonce, seat, "nonce");
    get_bytes(read.output, sizeof read.output, seat, "output");
    get_bytes(read.member, sizeof read.member, seat, "member");
    return read;
}

static const json_t *ticket_at(size_t at) {
    return json_array_get(json_object_get(vectors, "passes"), at);
}

static struct pass_case pass_at(size_t ticket, size_t seat) {
    return pass_read(json_array_get(json_object_get(ticket_at(ticket), "seats"), seat));
}

static void the_key_pair_is_nobles(void **state) {
    (void)state;
    uint8_t bytes[32];
    struct pass_keys other;
    get_bytes(bytes, sizeof bytes, ticket_at(0), "secret");
    assert_memory_equal(keys.pass.secret, bytes, sizeof bytes);
    get_bytes(bytes, sizeof bytes, ticket_at(0), "public");
    assert_memory_equal(keys.pass.public, bytes, sizeof bytes);
    pass_keys_derive(&other, secret, other_event);
    assert_memory_not_equal(keys.pass.public, other.pass.public, sizeof bytes);
    pass_keys_derive(&other, secret + 32, event);
    assert_memory_not_equal(keys.pass.public, other.pass.public, sizeof bytes);
    assert_memory_not_equal(keys.admitted, other.admitted, sizeof keys.admitted);
    assert_memory_not_equal(keys.admitted, keys.ticket, sizeof keys.admitted);
}

static void tickets_and_requests_hash_as_nobles(void **state) {
    (void)state;
    for (size_t at = 0; at < 2; at++) {
        const json_t *ticket = ticket_at(at), *seats = json_object_get(ticket, "seats");
        uint8_t elements[VOPRF_BATCH_MAX][VOPRF_ELEMENT_BYTES];
        uint8_t expected[TICKET_HASH_BYTES], hash[TICKET_HASH_BYTES];
        size_t count = json_array_size(seats);
        assert_int_equal(count, at == 0 ? 1 : PASS_SEATS_MAX);
        ticket_hash(hash, get_text(ticket, "ticket"), &keys);
        get_bytes(expected, sizeof expected, ticket, "ticket_hash");
        assert_memory_equal(hash, expected, sizeof hash);
        for (size_t i = 0; i < count; i++) {
            get_bytes(elements[i], VOPRF_ELEMENT_BYTES, json_array_get(seats, i), "element");
        }
        ticket_request_hash(hash, (const uint8_t(*)[VOPRF_ELEMENT_BYTES])elements, count, &keys);
        get_bytes(expected, sizeof expected, ticket, "request_hash");
        assert_memory_equal(hash, expected, sizeof hash);
        elements[count - 1][31] ^= 1;
        ticket_request_hash(hash, (const uint8_t(*)[VOPRF_ELEMENT_BYTES])elements, count, &keys);
        assert_memory_not_equal(hash, expected, sizeof hash);
    }
}

static void seats_are_answered_as_by_noble(void **state) {
    (void)state;
    for (size_t at = 0; at < 2; at++) {
        const json_t *ticket = ticket_at(at), *seats = json_object_get(ticket, "seats");
        uint8_t elements[VOPRF_BATCH_MAX][VOPRF_ELEMENT_BYTES];
        uint8_t evaluated[VOPRF_BATCH_MAX][VOPRF_ELEMENT_BYTES];
        uint8_t random[VOPRF_RANDOM_BYTES] = {0};
        uint8_t proof[VOPRF_PROOF_BYTES], expected[VOPRF_PROOF_BYTES];
        size_t count = json_array_size(seats);
        for (size_t i = 0; i < count; i++) {
            get_bytes(elements[i], VOPRF_ELEMENT_BYTES, json_array_get(seats, i), "element");
        }
        get_bytes(random, VOPRF_SCALAR_BYTES, ticket, "random");
        assert_true(voprf_evaluate(evaluated, proof,
                                   (const uint8_t(*)[VOPRF_ELEMENT_BYTES])elements, count,
                                   &keys.pass, random));
        for (size_t i = 0; i < count; i++) {
            get_bytes(expected, VOPRF_ELEMENT_BYTES, json_array_get(seats, i), "evaluated");
            assert_memory_equal(evaluated[i], expected, VOPRF_ELEMENT_BYTES);
        }
        get_bytes(expected, sizeof expected, ticket, "proof");
        assert_memory_equal(proof, expected, sizeof proof);
    }
}

static void passes_are_redeemed(void **state) {
    (void)state;
    for (size_t at = 0; at < 2; at++) {
        size_t i;
        const json_t *seat;
        json_array_foreach(json_object_get(ticket_at(at), "seats"), i, seat) {
            struct pass_case pass = pass_read(seat);
            uint8_t id[MEMBER_ID_BYTES], again[MEMBER_ID_BYTES];
            assert_true(pass_redeem(id, pass.nonce, pass.output, &keys, event));
            assert_memory_equal(id, pass.member, sizeof id);
            assert_true(pass_redeem(again, pass.nonce, pass.output, &keys, event));
            assert_memory_equal(again, id, sizeof id);
        }
    }
}

static void assert_worthless(const struct pass_case *pass, const struct pass_keys *with,
                             const uint8_t of[EVENT_ID_BYTES]) {
    static const uint8_t none[MEMBER_ID_BYTES] = {0};
    uint8_t id[MEMBER_ID_BYTES] = {0};
    assert_false(pass_redeem(id, pass->nonce, pass->output, with, of));
    assert_memory_equal(id, none, sizeof id);
}

static void wrong_passes_are_worth_nothing(void **state) {
    (void)state;
    const struct pass_case good = pass_at(1, 0), other = pass_at(1, 1);
    struct pass_case wrong = good;
    for (size_t bit = 0; bit < 8 * sizeof wrong.nonce; bit++) {
        wrong.nonce[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_worthless(&wrong, &keys, event);
        wrong.nonce[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 8 * sizeof wrong.output; bit++) {
        wrong.output[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_worthless(&wrong, &keys, event);
        wrong.output[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    memcpy(wrong.output, other.output, sizeof wrong.output);
    assert_worthless(&wrong, &keys, event);
    memset(wrong.output, 0, sizeof wrong.output);
    assert_worthless(&wrong, &keys, event);
    assert_worthless(&good, &keys, other_event);
    struct pass_keys others;
    pass_keys_derive(&others, secret + 32, event);
    assert_worthless(&good, &others, event);
}

static void tickets_are_random_and_read_back(void **state) {
    (void)state;
    char code[TICKET_CHARS + 1], second[TICKET_CHARS + 1], read[TICKET_CHARS + 1];
    uint8_t hash[TICKET_HASH_BYTES], other[TICKET_HASH_BYTES];
    bool seen[128] = {false};
    int letters = 0;
    for (int i = 0; i < 200; i++) {
        ticket_new(code);
        assert_int_equal(strlen(code), TICKET_CHARS);
        assert_true(ticket_read(read, code));
        assert_string_equal(read, code);
        for (size_t at = 0; at < TICKET_CHARS; at++) {
            letters += !seen[(size_t)code[at]];
            seen[(size_t)code[at]] = true;
        }
    }
    assert_int_equal(letters, 32);
    assert_false(seen['I'] || seen['L'] || seen['O'] || seen['U']);
    ticket_new(second);
    assert_string_not_equal(code, second);
    ticket_hash(hash, code, &keys);
    ticket_hash(other, second, &keys);
    assert_memory_not_equal(hash, other, sizeof hash);
}

static void tickets_are_read_as_people_type_them(void **state) {
    (void)state;
    static const char *const good[] = {
        "0123456789ABCDEF",    "0123456789abcdef",      "O1234S6789ABCDEF",
        "oI23-4567-89AB-CDEF", " 0l23 4567 89ab cdef ", "0i23--4567 - 89AbCdEf-",
        "0L234567-89ABCDEF",   "- - 0123456789ABCDEF",
    };
    static const char *const bad[] = {
        "",
        "-",
        "0123456789ABCDE",
        "0123456789ABCDEF0",
        "0123-4567-89AB-CDE",
        "0123-4567-89AB-CDEF-0",
        "0123456789ABCDEU",
        "0123456789ABCDE!",
        "0123.4567.89AB.CDEF",
        "0123456789ABCDE\n",
        "0123456789ABCD\xc3\xa9",
        "\xef\xbc\x90"
        "123456789ABCDEF",
    };
    char code[TICKET_CHARS + 1];
    for (size_t at = 0; at < sizeof good / sizeof *good; at++) {
        assert_true(ticket_read(code, good[at]));
        assert_string_equal(code, at == 2 ? "01234S6789ABCDEF" : "0123456789ABCDEF");
    }
    for (size_t at = 0; at < sizeof bad / sizeof *bad; at++) {
        assert_false(ticket_read(code, bad[at]));
    }
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_pair_is_nobles),
        cmocka_unit_test(tickets_and_requests_hash_as_nobles),
        cmocka_unit_test(seats_are_answered_as_by_noble),
        cmocka_unit_test(passes_are_redeemed),
        cmocka_unit_test(wrong_passes_are_worth_nothing),
        cmocka_unit_test(tickets_are_random_and_read_back),
        cmocka_unit_test(tickets_are_read_as_people_type_them),
    };
    return cmocka_run_group_tests(tests, load, fixture_free);
}
