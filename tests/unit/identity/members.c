/* Member tokens, ballots, role keys: what must be equal, and what must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/random.h"
#include "identity/identity.h"

static const uint8_t live[32] = {1, 2, 3}, other_live[32] = {1, 2, 4};
static const uint8_t event[EVENT_ID_BYTES] = {9}, other_event[EVENT_ID_BYTES] = {8};

static void keys_depend_on_the_secret(void **state) {
    (void)state;
    struct member_keys keys, again, other;
    member_keys_derive(&keys, live);
    member_keys_derive(&again, live);
    member_keys_derive(&other, other_live);
    assert_memory_equal(&keys, &again, sizeof keys);
    assert_memory_not_equal(keys.member, keys.ballot, sizeof keys.member);
    assert_memory_not_equal(keys.member, other.member, sizeof keys.member);
    assert_memory_not_equal(keys.ballot, other.ballot, sizeof keys.ballot);
}

static void tokens_are_checked(void **state) {
    (void)state;
    struct member_keys keys, other;
    uint8_t token[MEMBER_TOKEN_BYTES], second[MEMBER_TOKEN_BYTES], id[MEMBER_ID_BYTES];
    member_keys_derive(&keys, live);
    member_keys_derive(&other, other_live);
    uint8_t given[MEMBER_ID_BYTES];
    member_token_new(second, given, &keys, event);
    member_token_new(token, given, &keys, event);
    assert_memory_not_equal(token, second, MEMBER_ID_BYTES);
    assert_true(member_token_check(id, token, &keys, event));
    assert_memory_equal(id, token, MEMBER_ID_BYTES);
    assert_memory_equal(id, given, MEMBER_ID_BYTES);
    assert_false(member_token_check(id, token, &keys, other_event));
    assert_false(member_token_check(id, token, &other, event));
    for (size_t bit = 0; bit < 8 * sizeof token; bit++) {
        uint8_t untouched[MEMBER_ID_BYTES] = {0}, none[MEMBER_ID_BYTES] = {0};
        token[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(member_token_check(untouched, token, &keys, event));
        assert_memory_equal(untouched, none, sizeof none);
        token[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    memcpy(second, token, MEMBER_ID_BYTES); /* one member's id with another's MAC */
    assert_false(member_token_check(id, second, &keys, event));
}

static void ballots_name_member_and_number(void **state) {
    (void)state;
    struct member_keys keys, other;
    uint8_t id[MEMBER_ID_BYTES] = {1}, ballot[BALLOT_BYTES], second[BALLOT_BYTES];
    member_keys_derive(&keys, live);
    member_keys_derive(&other, other_live);
    ballot_make(ballot, &keys, id, 17);
    ballot_make(second, &keys, id, 17);
    assert_memory_equal(ballot, second, sizeof ballot);
    ballot_make(second, &keys, id, 18);
    assert_memory_not_equal(ballot, second, sizeof ballot);
    ballot_make(second, &keys, id, 17U << 24); /* the order of the bytes counts */
    assert_memory_not_equal(ballot, second, sizeof ballot);
    ballot_make(second, &other, id, 17);
    assert_memory_not_equal(ballot, second, sizeof ballot);
    id[15] = 1;
    ballot_make(second, &keys, id, 17);
    assert_memory_not_equal(ballot, second, sizeof ballot);
}

static void role_hashes_are_apart(void **state) {
    (void)state;
    uint8_t key[ROLE_KEY_BYTES], other[ROLE_KEY_BYTES];
    uint8_t hash[ROLE_HASH_BYTES], second[ROLE_HASH_BYTES];
    role_key_new(key);
    role_key_new(other);
    assert_memory_not_equal(key, other, sizeof key);
    role_hash(hash, event, ROLE_STAGE, key);
    role_hash(second, event, ROLE_STAGE, key);
    assert_memory_equal(hash, second, sizeof hash);
    role_hash(second, event, ROLE_MODERATOR, key);
    assert_memory_not_equal(hash, second, sizeof hash);
    role_hash(second, other_event, ROLE_STAGE, key);
    assert_memory_not_equal(hash, second, sizeof hash);
    role_hash(second, event, ROLE_STAGE, other);
    assert_memory_not_equal(hash, second, sizeof hash);
}

static void role_names(void **state) {
    (void)state;
    static const char *const unknown[] = {"", "Stage", "stage ", "owner", "organiser\n"};
    for (int role = ROLE_AUDIENCE; role <= ROLE_STAGE; role++) {
        assert_int_equal(role_find(role_name((enum role)role)), role);
    }
    assert_string_equal(role_name(ROLE_ORGANISER), "organiser");
    assert_int_equal(ROLE_ORGANISER, 1);
    assert_int_equal(ROLE_MODERATOR, 2);
    assert_int_equal(ROLE_STAGE, 3);
    for (size_t at = 0; at < sizeof unknown / sizeof *unknown; at++) {
        assert_int_equal(role_find(unknown[at]), -1);
    }
}

static void forgotten_hashes_are_apart(void **state) {
    (void)state;
    uint8_t key[QUESTION_KEY_BYTES] = {5}, hash[FORGOTTEN_BYTES], second[FORGOTTEN_BYTES];
    forgotten_hash(hash, event, key);
    forgotten_hash(second, event, key);
    assert_memory_equal(hash, second, sizeof hash);
    forgotten_hash(second, other_event, key);
    assert_memory_not_equal(hash, second, sizeof hash);
    key[31] = 1;
    forgotten_hash(second, event, key);
    assert_memory_not_equal(hash, second, sizeof hash);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_depend_on_the_secret),
        cmocka_unit_test(tokens_are_checked),
        cmocka_unit_test(ballots_name_member_and_number),
        cmocka_unit_test(role_hashes_are_apart),
        cmocka_unit_test(role_names),
        cmocka_unit_test(forgotten_hashes_are_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
