/* Forgeries: keys outside the prime-order group, second signatures, swapped fields and labels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "base/random.h"
#include "identity/identity.h"

#include "points.h"

static const uint8_t event[EVENT_ID_BYTES] = {9, 9}, other_event[EVENT_ID_BYTES] = {9, 8};
static const uint8_t salt[QUESTION_SALT_BYTES] = {7}, other_salt[QUESTION_SALT_BYTES] = {6};
static uint8_t key[QUESTION_KEY_BYTES], other_key[QUESTION_KEY_BYTES];
static uint8_t secret[crypto_sign_SECRETKEYBYTES], other_secret[crypto_sign_SECRETKEYBYTES];

static int make_keys(void **state) {
    (void)state;
    static const uint8_t seed[32] = {1}, other_seed[32] = {2};
    assert_int_equal(crypto_sign_seed_keypair(key, secret, seed), 0);
    assert_int_equal(crypto_sign_seed_keypair(other_key, other_secret, other_seed), 0);
    return 0;
}

/* Signs L(label) ‖ event ‖ key ‖ fields; the bytes are written out here once more on purpose. */
static void sign(uint8_t signature[SIGNATURE_BYTES], const char *label, const void *fields,
                 size_t count) {
    uint8_t message[512];
    size_t length = strlen(label);
    message[0] = (uint8_t)length;
    memcpy(message + 1, label, length);
    memcpy(message + 1 + length, event, sizeof event);
    memcpy(message + 1 + length + 16, key, sizeof key);
    memcpy(message + 1 + length + 48, fields, count);
    crypto_sign_detached(signature, NULL, message, 1 + length + 48 + count, secret);
}

static const char ask_fields[] = "\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" /* salt */
                                 "\0\0\0\x03"                         /* talk */
                                 "\x01"                               /* degree */
                                 "\0\x03"
                                 "Why";
static const char edit_fields[] = "\0\0\0\x02\0\x03Why";
static const char withdraw_fields[] = "\0\0\0\x02";
static const char degree_fields[] = "\0\0\0\x02\x01";

static void good_keys_are_valid(void **state) {
    (void)state;
    for (uint8_t at = 0; at < 50; at++) {
        uint8_t own[QUESTION_KEY_BYTES], own_secret[crypto_sign_SECRETKEYBYTES];
        uint8_t seed[32] = {3, at};
        crypto_sign_seed_keypair(own, own_secret, seed);
        assert_true(question_key_valid(own));
    }
}

static void small_order_keys_are_refused(void **state) {
    (void)state;
    for (size_t at = 0; at < 8; at++) {
        assert_false(question_key_valid(small_order[at]));
    }
}

/* A good key plus a point of small order: still on the curve, and signatures may verify under it.
 */
static void mixed_order_keys_are_refused(void **state) {
    (void)state;
    for (size_t at = 1; at < 8; at++) {
        uint8_t mixed[QUESTION_KEY_BYTES];
        assert_int_equal(crypto_core_ed25519_add(mixed, key, small_order[at]), 0);
        assert_memory_not_equal(mixed, key, sizeof key);
        assert_false(question_key_valid(mixed));
    }
}

/* y from p to 2²⁵⁵ − 1, with both signs; and x = 0 with a sign. */
static void non_canonical_keys_are_refused(void **state) {
    (void)state;
    for (uint8_t over = 0; over < 19; over++) {
        uint8_t bytes[QUESTION_KEY_BYTES];
        memset(bytes, 0xff, sizeof bytes);
        bytes[0] = (uint8_t)(0xed + over);
        assert_false(question_key_valid(bytes));
        bytes[31] = 0x7f;
        assert_false(question_key_valid(bytes));
    }
    uint8_t negative_zero[QUESTION_KEY_BYTES] = {[0] = 1, [31] = 0x80};
    assert_false(question_key_valid(negative_zero));
    memcpy(negative_zero, small_order[1], sizeof negative_zero);
    negative_zero[31] |= 0x80;
    assert_false(question_key_valid(negative_zero));
}

/* About half of all bytes are no point, and 7 of 8 points are of another order. */
static void most_bytes_are_no_key(void **state) {
    (void)state;
    int valid = 0;
    for (uint32_t at = 0; at < 400; at++) {
        uint8_t bytes[QUESTION_KEY_BYTES];
        crypto_generichash(bytes, sizeof bytes, (const uint8_t *)&at, sizeof at, NULL, 0);
        valid += question_key_valid(bytes);
    }
    assert_in_range(valid, 5, 60);
}

static bool ask_good(const uint8_t signature[SIGNATURE_BYTES]) {
    return ask_verify(signature, event, key, salt, 3, 1, "Why");
}

static void ask_fields_are_bound(void **state) {
    (void)state;
    uint8_t signature[SIGNATURE_BYTES];
    sign(signature, "raute.1/ask", ask_fields, sizeof ask_fields - 1);
    assert_true(ask_good(signature));
    assert_false(ask_verify(signature, other_event, key, salt, 3, 1, "Why"));
    assert_false(ask_verify(signature, event, other_key, salt, 3, 1, "Why"));
    assert_false(ask_verify(signature, event, key, other_salt, 3, 1, "Why"));
    assert_false(ask_verify(signature, event, key, salt, 4, 1, "Why"));
    assert_false(ask_verify(signature, event, key, salt, 3U << 24, 1, "Why"));
    assert_false(ask_verify(signature, event, key, salt, 3, 0, "Why"));
    assert_false(ask_verify(signature, event, key, salt, 3, 1, "why"));
    assert_false(ask_verify(signature, event, key, salt, 3, 1, "Wh"));
    assert_false(ask_verify(signature, event, key, salt, 3, 1, "Why "));
    assert_false(ask_verify(signature, event, key, salt, 3, 1, ""));
}

static void edit_and_withdraw_fields_are_bound(void **state) {
    (void)state;
    uint8_t signature[SIGNATURE_BYTES];
    sign(signature, "raute.1/edit", edit_fields, sizeof edit_fields - 1);
    assert_true(edit_verify(signature, event, key, 2, "Why"));
    assert_false(edit_verify(signature, other_event, key, 2, "Why"));
    assert_false(edit_verify(signature, event, other_key, 2, "Why"));
    assert_false(edit_verify(signature, event, key, 3, "Why"));
    assert_false(edit_verify(signature, event, key, 2, "Who"));
    assert_false(withdraw_verify(signature, event, key, 2));
    sign(signature, "raute.1/withdraw", withdraw_fields, sizeof withdraw_fields - 1);
    assert_true(withdraw_verify(signature, event, key, 2));
    assert_false(withdraw_verify(signature, other_event, key, 2));
    assert_false(withdraw_verify(signature, event, other_key, 2));
    assert_false(withdraw_verify(signature, event, key, 1));
    assert_false(edit_verify(signature, event, key, 2, ""));
}

static void degree_fields_are_bound(void **state) {
    (void)state;
    uint8_t signature[SIGNATURE_BYTES];
    sign(signature, "raute.1/degree", degree_fields, sizeof degree_fields - 1);
    assert_true(question_degree_verify(signature, event, key, 2, 1));
    assert_false(question_degree_verify(signature, other_event, key, 2, 1));
    assert_false(question_degree_verify(signature, event, other_key, 2, 1));
    assert_false(question_degree_verify(signature, event, key, 3, 1));
    assert_false(question_degree_verify(signature, event, key, 2, 0));
    assert_false(question_degree_verify(signature, event, key, 2, 2));
    assert_false(withdraw_verify(signature, event, key, 2));
}

/* The right fields under every other label. */
static void labels_are_bound(void **state) {
    (void)state;
    static const char *const labels[] = {"raute.1/ask",
                                         "raute.1/edit",
                                         "raute.1/withdraw",
                                         "raute.1/degree",
                                         "raute.1/unclaim-question",
                                         "raute.2/ask",
                                         "raute.1/",
                                         ""};
    for (size_t at = 0; at < sizeof labels / sizeof *labels; at++) {
        uint8_t signature[SIGNATURE_BYTES];
        sign(signature, labels[at], ask_fields, sizeof ask_fields - 1);
        assert_int_equal(ask_good(signature), at == 0);
        sign(signature, labels[at], edit_fields, sizeof edit_fields - 1);
        assert_int_equal(edit_verify(signature, event, key, 2, "Why"), at == 1);
        sign(signature, labels[at], withdraw_fields, sizeof withdraw_fields - 1);
        assert_int_equal(withdraw_verify(signature, event, key, 2), at == 2);
        sign(signature, labels[at], degree_fields, sizeof degree_fields - 1);
        assert_int_equal(question_degree_verify(signature, event, key, 2, 1), at == 3);
    }
}

static void flipped_bits_are_refused(void **state) {
    (void)state;
    uint8_t signature[SIGNATURE_BYTES], none[SIGNATURE_BYTES] = {0};
    sign(signature, "raute.1/ask", ask_fields, sizeof ask_fields - 1);
    for (size_t bit = 0; bit < 8 * sizeof signature; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(ask_good(signature));
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(ask_good(signature));
    assert_false(ask_good(none));
}

/* S + L satisfies the same equation; only S below L is accepted. */
static void second_signatures_are_refused(void **state) {
    (void)state;
    uint8_t signature[SIGNATURE_BYTES];
    sign(signature, "raute.1/ask", ask_fields, sizeof ask_fields - 1);
    for (int times = 1; times <= 7; times++) {
        sodium_add(signature + 32, group_order, sizeof group_order);
        assert_false(ask_good(signature));
    }
}

/* With the neutral key, R = S·B verifies for every message in naive verifiers. */
static void signatures_under_small_keys_are_refused(void **state) {
    (void)state;
    for (size_t at = 0; at < 8; at++) {
        uint8_t signature[SIGNATURE_BYTES] = {1};
        assert_false(ask_verify(signature, event, small_order[at], salt, 3, 1, "Why"));
        memcpy(signature, small_order[at], 32); /* a small R under a good key */
        assert_false(ask_good(signature));
    }
}

static void long_texts_are_signed_whole(void **state) {
    (void)state;
    static char text[65536];
    static uint8_t message[66000];
    uint8_t signature[SIGNATURE_BYTES];
    static const char head[] = "\x0craute.1/edit";
    size_t length = sizeof head - 1;
    memset(text, 'x', 65535);
    memcpy(message, head, length);
    memcpy(message + length, event, 16);
    memcpy(message + length + 16, key, 32);
    memcpy(message + length + 48, "\0\0\0\x01\xff\xff", 6);
    memcpy(message + length + 54, text, 65535);
    crypto_sign_detached(signature, NULL, message, length + 54 + 65535, secret);
    assert_true(edit_verify(signature, event, key, 1, text));
    text[65534] = 'y';
    assert_false(edit_verify(signature, event, key, 1, text));
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_keys_are_valid),
        cmocka_unit_test(small_order_keys_are_refused),
        cmocka_unit_test(mixed_order_keys_are_refused),
        cmocka_unit_test(non_canonical_keys_are_refused),
        cmocka_unit_test(most_bytes_are_no_key),
        cmocka_unit_test(ask_fields_are_bound),
        cmocka_unit_test(edit_and_withdraw_fields_are_bound),
        cmocka_unit_test(degree_fields_are_bound),
        cmocka_unit_test(labels_are_bound),
        cmocka_unit_test(flipped_bits_are_refused),
        cmocka_unit_test(second_signatures_are_refused),
        cmocka_unit_test(signatures_under_small_keys_are_refused),
        cmocka_unit_test(long_texts_are_signed_whole),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
