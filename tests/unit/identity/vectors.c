/* Bytes made by another implementation: tests/protocol/identity.json, see make-identity.mjs. */
#include "fixture.h"

#include "base/random.h"
#include "identity/identity.h"

static struct member_keys keys;

static int load(void **state) {
    uint8_t secret[SECRET_BYTES];
    fixture_load(state);
    get_bytes(secret, sizeof secret, vectors, "secret");
    member_keys_derive(&keys, secret);
    return 0;
}

static void member_and_ballots(void **state) {
    (void)state;
    const json_t *member = json_object_get(vectors, "member");
    uint8_t id[MEMBER_ID_BYTES], token[MEMBER_TOKEN_BYTES], checked[MEMBER_ID_BYTES];
    get_bytes(id, sizeof id, member, "id");
    get_bytes(token, sizeof token, member, "token");
    assert_true(member_token_check(checked, token, &keys, event));
    assert_memory_equal(checked, id, sizeof id);

    json_t *ballots = json_object_get(vectors, "ballots"), *item;
    size_t at;
    assert_int_equal(json_array_size(ballots), 5);
    json_array_foreach(ballots, at, item) {
        uint8_t expected[BALLOT_BYTES], ballot[BALLOT_BYTES];
        get_bytes(expected, sizeof expected, item, "ballot");
        ballot_make(ballot, &keys, id, get_number(item, "number"));
        assert_memory_equal(ballot, expected, sizeof ballot);
    }
}

static void roles(void **state) {
    (void)state;
    json_t *all = json_object_get(vectors, "roles"), *item;
    size_t at;
    assert_int_equal(json_array_size(all), ROLE_KEYS);
    json_array_foreach(all, at, item) {
        uint8_t key[ROLE_KEY_BYTES], expected[ROLE_HASH_BYTES], hash[ROLE_HASH_BYTES];
        get_bytes(key, sizeof key, item, "key");
        get_bytes(expected, sizeof expected, item, "hash");
        int role = role_find(get_text(item, "role"));
        assert_int_equal(role, at + 1);
        role_hash(hash, event, (enum role)role, key);
        assert_memory_equal(hash, expected, sizeof hash);
    }
}

static void assert_edits(const json_t *question, const uint8_t key[QUESTION_KEY_BYTES]) {
    json_t *edits = json_object_get(question, "edits"), *item;
    size_t at;
    assert_true(json_array_size(edits) > 0);
    json_array_foreach(edits, at, item) {
        uint8_t signature[SIGNATURE_BYTES];
        uint32_t rev = get_number(item, "rev");
        get_bytes(signature, sizeof signature, item, "edit");
        assert_true(edit_verify(signature, event, key, rev, get_text(item, "text")));
        assert_false(edit_verify(signature, event, key, rev + 1, get_text(item, "text")));
        get_bytes(signature, sizeof signature, item, "withdraw");
        assert_true(withdraw_verify(signature, event, key, rev));
        assert_false(withdraw_verify(signature, event, key, rev + 1));
        uint8_t to = (uint8_t)get_number(item, "to");
        get_bytes(signature, sizeof signature, item, "degree");
        assert_true(question_degree_verify(signature, event, key, rev, to));
        assert_false(question_degree_verify(signature, event, key, rev + 1, to));
        assert_false(question_degree_verify(signature, event, key, rev, (uint8_t)(to + 1)));
    }
}

static void questions(void **state) {
    (void)state;
    json_t *all = json_object_get(vectors, "questions"), *item;
    size_t at;
    assert_int_equal(json_array_size(all), 5);
    json_array_foreach(all, at, item) {
        uint8_t key[QUESTION_KEY_BYTES], salt[QUESTION_SALT_BYTES], signature[SIGNATURE_BYTES];
        uint8_t expected[FORGOTTEN_BYTES], hash[FORGOTTEN_BYTES];
        get_bytes(key, sizeof key, item, "key");
        get_bytes(salt, sizeof salt, item, "salt");
        get_bytes(signature, sizeof signature, item, "ask");
        get_bytes(expected, sizeof expected, item, "forgotten");
        assert_true(question_key_valid(key));
        if (!ask_verify(signature, event, key, salt, get_number(item, "talk"),
                        (uint8_t)get_number(item, "degree"), get_text(item, "text"))) {
            fail_msg("%s: the signature of ask is refused", get_text(item, "name"));
        }
        forgotten_hash(hash, event, key);
        assert_memory_equal(hash, expected, sizeof hash);
        assert_edits(item, key);
    }
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(member_and_ballots),
        cmocka_unit_test(roles),
        cmocka_unit_test(questions),
    };
    return cmocka_run_group_tests(tests, load, fixture_free);
}
