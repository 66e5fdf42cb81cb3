/* Cards, claims, interest: noble's bytes (identity.json), then every field, label and key that is
 * not as it was signed. */
#include "fixture.h"

#include <sodium.h>

#include "base/random.h"
#include "identity/claim.h"

#include "points.h"

static const uint8_t other_event[EVENT_ID_BYTES] = {9, 8};

static void card_text_read(struct card_text *text, const json_t *card) {
    *text = (struct card_text){.name = get_text(card, "name"),
                               .line = get_text(card, "line"),
                               .web = get_text(card, "web"),
                               .lists = json_is_true(json_object_get(card, "lists"))};
    const json_t *accounts = json_object_get(card, "accounts");
    text->account_count = (uint8_t)json_array_size(accounts);
    assert_in_range(text->account_count, 0, LIMIT_CARD_ACCOUNTS);
    for (size_t i = 0; i < text->account_count; i++) {
        text->accounts[i] = json_string_value(json_array_get(accounts, i));
        assert_non_null(text->accounts[i]);
    }
}

static void cards_are_as_noble_signs_them(void **state) {
    (void)state;
    size_t at;
    const json_t *card;
    json_array_foreach(get_list(vectors, "cards", 4), at, card) {
        uint8_t key[CARD_KEY_BYTES], signature[SIGNATURE_BYTES], deleting[SIGNATURE_BYTES];
        uint8_t expected[FORGOTTEN_BYTES], hash[FORGOTTEN_BYTES];
        struct card_text text;
        uint32_t rev = get_number(card, "rev");
        get_bytes(key, sizeof key, card, "key");
        get_bytes(signature, sizeof signature, card, "sig");
        get_bytes(deleting, sizeof deleting, card, "delete");
        get_bytes(expected, sizeof expected, card, "forgotten");
        card_text_read(&text, card);
        assert_true(question_key_valid(key));
        assert_true(card_verify(signature, event, key, rev, &text));
        assert_true(card_delete_verify(deleting, event, key, rev));
        assert_false(card_verify(deleting, event, key, rev, &text));
        assert_false(card_delete_verify(signature, event, key, rev));
        assert_false(card_delete_verify(deleting, event, key, rev - 1));
        assert_false(card_delete_verify(deleting, other_event, key, rev));
        forgotten_hash(hash, event, key);
        assert_memory_equal(hash, expected, sizeof hash);
    }
}

/* Each change alone, and each that keeps the texts joined together equal. */
static void card_fields_are_bound(void **state) {
    (void)state;
    const json_t *card = json_array_get(json_object_get(vectors, "cards"), 0);
    uint8_t key[CARD_KEY_BYTES], other[CARD_KEY_BYTES], signature[SIGNATURE_BYTES];
    struct card_text good;
    get_bytes(key, sizeof key, card, "key");
    get_bytes(other, sizeof other, json_array_get(json_object_get(vectors, "cards"), 1), "key");
    get_bytes(signature, sizeof signature, card, "sig");
    card_text_read(&good, card);
    assert_int_equal(good.account_count, 2);
    struct card_text wrong[11];
    for (size_t i = 0; i < 11; i++) {
        wrong[i] = good;
    }
    wrong[0].name = "Anna Beispie1";
    wrong[1].line = "";
    wrong[2].web = "https://anna.example/about/";
    wrong[3].accounts[1] = "anna.examples";
    wrong[4].account_count = 1;
    wrong[5].accounts[2] = "";
    wrong[5].account_count = 3;
    wrong[6].accounts[0] = good.accounts[1];
    wrong[6].accounts[1] = good.accounts[0];
    wrong[7].accounts[0] = "anna@social.exampleanna.example";
    wrong[7].account_count = 1;
    wrong[8].lists = false;
    wrong[9].name = good.line;
    wrong[9].line = good.name;
    wrong[10].name = "";
    wrong[10].line = "Anna BeispielI work on open networks";
    for (size_t i = 0; i < 11; i++) {
        assert_false(card_verify(signature, event, key, 1, &wrong[i]));
    }
    assert_false(card_verify(signature, event, key, 2, &good));
    assert_false(card_verify(signature, event, other, 1, &good));
    assert_false(card_verify(signature, other_event, key, 1, &good));
    assert_true(card_verify(signature, event, key, 1, &good));
}

/* A claim of the vectors with all its signatures. */
struct claim_case {
    struct claim_message claim;
    uint8_t by_question[SIGNATURE_BYTES], by_card[SIGNATURE_BYTES];
    uint8_t unclaim[SIGNATURE_BYTES], card_unclaim[SIGNATURE_BYTES];
    uint8_t forgotten[FORGOTTEN_BYTES];
    const char *text;
};

static struct claim_case claim_read(const json_t *item) {
    struct claim_case read = {
        .claim = {.rev = get_number(item, "rev"), .minute = get_number(item, "minute")}};
    const json_t *question = get_item(item, "question", "questions");
    get_bytes(read.claim.key, sizeof read.claim.key, question, "key");
    get_bytes(read.claim.card, sizeof read.claim.card, get_item(item, "card", "cards"), "key");
    get_bytes(read.claim.hash, sizeof read.claim.hash, item, "hash");
    get_bytes(read.by_question, sizeof read.by_question, item, "sig");
    get_bytes(read.by_card, sizeof read.by_card, item, "card_sig");
    get_bytes(read.unclaim, sizeof read.unclaim, item, "unclaim");
    get_bytes(read.card_unclaim, sizeof read.card_unclaim, item, "card_unclaim");
    get_bytes(read.forgotten, sizeof read.forgotten, item, "forgotten");
    read.text = get_text(question, "text");
    return read;
}

static struct claim_case claim_at(size_t at) {
    return claim_read(json_array_get(json_object_get(vectors, "claims"), at));
}

static bool claim_good(const struct claim_case *claim) {
    return claim_verify(claim->by_question, claim->by_card, event, &claim->claim);
}

static void claims_are_as_noble_signs_them(void **state) {
    (void)state;
    size_t at;
    const json_t *item;
    json_array_foreach(get_list(vectors, "claims", 4), at, item) {
        struct claim_case read = claim_read(item);
        const struct claim_message *claim = &read.claim;
        uint8_t hash[TEXT_HASH_BYTES];
        text_hash(hash, event, read.text);
        assert_memory_equal(hash, claim->hash, sizeof hash);
        assert_true(claim_good(&read));
        assert_true(
            unclaim_verify(read.unclaim, event, claim->key, claim->card, claim->rev, false));
        assert_true(
            unclaim_verify(read.card_unclaim, event, claim->key, claim->card, claim->rev, true));
        claim_forgotten_hash(hash, event, read.by_question);
        assert_memory_equal(hash, read.forgotten, FORGOTTEN_BYTES);
    }
}

static void a_claim_needs_both_signatures(void **state) {
    (void)state;
    static const uint8_t none[SIGNATURE_BYTES] = {0};
    struct claim_case good = claim_at(0), other = claim_at(1);
    const struct claim_message *claim = &good.claim;
    assert_false(claim_verify(good.by_question, none, event, claim));
    assert_false(claim_verify(none, good.by_card, event, claim));
    assert_false(claim_verify(good.by_question, good.by_question, event, claim));
    assert_false(claim_verify(good.by_card, good.by_card, event, claim));
    assert_false(claim_verify(good.by_card, good.by_question, event, claim));
    assert_false(claim_verify(good.by_question, other.by_card, event, claim));
    assert_false(claim_verify(other.by_question, good.by_card, event, claim));
    assert_false(claim_verify(good.unclaim, good.card_unclaim, event, claim));
    assert_false(claim_verify(good.by_question, good.by_card, other_event, claim));
    assert_true(claim_good(&good));
}

static void claim_fields_are_bound(void **state) {
    (void)state;
    const struct claim_case good = claim_at(0), other = claim_at(2);
    struct claim_case wrong = good;
    memcpy(wrong.claim.key, other.claim.key, QUESTION_KEY_BYTES);
    assert_false(claim_good(&wrong));
    wrong = good;
    memcpy(wrong.claim.card, other.claim.card, CARD_KEY_BYTES);
    assert_false(claim_good(&wrong));
    wrong = good;
    memcpy(wrong.claim.card, good.claim.key, CARD_KEY_BYTES);
    memcpy(wrong.claim.key, good.claim.card, QUESTION_KEY_BYTES);
    assert_false(claim_good(&wrong));
    wrong = good;
    wrong.claim.rev++;
    assert_false(claim_good(&wrong));
    wrong = good;
    wrong.claim.minute++;
    assert_false(claim_good(&wrong));
    wrong = good;
    wrong.claim.rev = good.claim.minute;
    wrong.claim.minute = good.claim.rev;
    assert_false(claim_good(&wrong));
    wrong = good;
    wrong.claim.hash[31] ^= 1;
    assert_false(claim_good(&wrong));
}

static void flipped_and_second_signatures_are_refused(void **state) {
    (void)state;
    struct claim_case claim = claim_at(0);
    uint8_t *const signatures[] = {claim.by_question, claim.by_card};
    for (size_t i = 0; i < 2; i++) {
        uint8_t kept[SIGNATURE_BYTES];
        memcpy(kept, signatures[i], sizeof kept);
        for (size_t bit = 0; bit < 8 * sizeof kept; bit++) {
            signatures[i][bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_false(claim_good(&claim));
            signatures[i][bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        for (int times = 1; times <= 7; times++) { /* S + L, where only S below L is right */
            sodium_add(signatures[i] + 32, group_order, sizeof group_order);
            assert_false(claim_good(&claim));
        }
        memcpy(signatures[i], kept, sizeof kept);
        assert_true(claim_good(&claim));
    }
}

/* Whoever could choose such a key would sign for every message, or with one key look like several.
 */
static void keys_of_another_order_are_refused(void **state) {
    (void)state;
    const struct claim_case good = claim_at(0);
    for (size_t at = 0; at < 8; at++) {
        struct claim_case wrong = good;
        const uint8_t neutral[SIGNATURE_BYTES] = {1}; /* R = 1, S = 0 */
        memcpy(wrong.claim.card, small_order[at], CARD_KEY_BYTES);
        memcpy(wrong.by_card, neutral, sizeof neutral);
        assert_false(question_key_valid(wrong.claim.card));
        assert_false(claim_good(&wrong));
        assert_false(unclaim_verify(neutral, event, good.claim.key, small_order[at], 1, true));
        assert_false(interest_verify(neutral, event, small_order[at], 1, 1, INTEREST_ALL));
        assert_false(card_delete_verify(neutral, event, small_order[at], 1));
        wrong = good;
        memcpy(wrong.claim.key, small_order[at], QUESTION_KEY_BYTES);
        memcpy(wrong.by_question, neutral, sizeof neutral);
        assert_false(claim_good(&wrong));
        uint8_t mixed[CARD_KEY_BYTES];
        assert_int_equal(crypto_core_ed25519_add(mixed, good.claim.card, small_order[at]), 0);
        assert_int_equal(question_key_valid(mixed), at == 0); /* the first is the neutral one */
    }
}

/* y from the field's prime to 2²⁵⁵ − 1: two keys in bytes, one in arithmetic. */
static void non_canonical_card_keys_are_refused(void **state) {
    (void)state;
    static const uint8_t neutral[SIGNATURE_BYTES] = {1};
    for (uint8_t over = 0; over < 19; over++) {
        uint8_t key[CARD_KEY_BYTES];
        memset(key, 0xff, sizeof key);
        key[0] = (uint8_t)(0xed + over);
        key[31] = 0x7f;
        assert_false(question_key_valid(key));
        assert_false(card_delete_verify(neutral, event, key, 1));
    }
}

static void unclaims_are_of_one_side(void **state) {
    (void)state;
    const struct claim_case good = claim_at(0), other = claim_at(1);
    const uint8_t *key = good.claim.key, *card = good.claim.card;
    uint32_t rev = good.claim.rev;
    assert_true(unclaim_verify(good.unclaim, event, key, card, rev, false));
    assert_false(unclaim_verify(good.unclaim, event, key, card, rev, true));
    assert_false(unclaim_verify(good.card_unclaim, event, key, card, rev, false));
    assert_false(unclaim_verify(good.by_question, event, key, card, rev, false));
    assert_false(unclaim_verify(good.unclaim, other_event, key, card, rev, false));
    assert_false(unclaim_verify(good.unclaim, event, key, card, rev + 1, false));
    assert_false(unclaim_verify(good.unclaim, event, other.claim.key, card, rev, false));
    assert_false(unclaim_verify(good.unclaim, event, key, key, rev, false));
    assert_false(unclaim_verify(good.unclaim, event, card, key, rev, true));
}

static void interest_is_bound_to_card_question_and_scope(void **state) {
    (void)state;
    size_t at;
    const json_t *item;
    json_array_foreach(get_list(vectors, "interests", 4), at, item) {
        uint8_t card[CARD_KEY_BYTES], signature[SIGNATURE_BYTES];
        get_bytes(card, sizeof card, get_item(item, "card", "cards"), "key");
        get_bytes(signature, sizeof signature, item, "sig");
        uint32_t number = get_number(item, "number"), minute = get_number(item, "minute");
        int scope = (int)get_number(item, "scope");
        for (int each = 0; each < INTEREST_COUNT; each++) {
            assert_int_equal(
                interest_verify(signature, event, card, number, minute, (enum interest_scope)each),
                each == scope);
        }
        enum interest_scope right = (enum interest_scope)scope;
        assert_false(interest_verify(signature, other_event, card, number, minute, right));
        assert_false(interest_verify(signature, event, card, number + 1, minute, right));
        assert_false(interest_verify(signature, event, card, number, minute + 1, right));
        card[0] ^= 1;
        assert_false(interest_verify(signature, event, card, number, minute, right));
    }
}

/* By what nobody can make up who has not got it: keys and revisions are known to all. */
static void a_claim_is_forgotten_by_its_signature(void **state) {
    (void)state;
    const struct claim_case good = claim_at(0);
    uint8_t hash[FORGOTTEN_BYTES];
    claim_forgotten_hash(hash, event, good.by_card);
    assert_memory_not_equal(hash, good.forgotten, sizeof hash);
    claim_forgotten_hash(hash, event, good.unclaim);
    assert_memory_not_equal(hash, good.forgotten, sizeof hash);
    claim_forgotten_hash(hash, other_event, good.by_question);
    assert_memory_not_equal(hash, good.forgotten, sizeof hash);
    forgotten_hash(hash, event, good.claim.key);
    assert_memory_not_equal(hash, good.forgotten, sizeof hash);
}

static void text_hashes_are_of_event_and_text(void **state) {
    (void)state;
    uint8_t hash[TEXT_HASH_BYTES], other[TEXT_HASH_BYTES];
    text_hash(hash, event, "Why?");
    text_hash(other, event, "Why? ");
    assert_memory_not_equal(hash, other, sizeof hash);
    text_hash(other, other_event, "Why?");
    assert_memory_not_equal(hash, other, sizeof hash);
    text_hash(other, event, "");
    assert_memory_not_equal(hash, other, sizeof hash);
}

/* Question, card, salt and account, each of which whoever copies a code would have to change. */
static void posting_codes_commit(void **state) {
    (void)state;
    size_t at;
    const json_t *item;
    json_array_foreach(get_list(vectors, "codes", 3), at, item) {
        uint8_t key[QUESTION_KEY_BYTES], card[CARD_KEY_BYTES], salt[QUESTION_SALT_BYTES];
        uint8_t expected[POST_CODE_BYTES], code[POST_CODE_BYTES];
        const char *account = get_text(item, "account");
        get_bytes(key, sizeof key, get_item(item, "question", "questions"), "key");
        get_bytes(card, sizeof card, get_item(item, "card", "cards"), "key");
        get_bytes(salt, sizeof salt, item, "salt");
        get_bytes(expected, sizeof expected, item, "code");
        post_code_make(code, event, key, card, salt, account);
        assert_memory_equal(code, expected, sizeof code);
        post_code_make(code, other_event, key, card, salt, account);
        assert_memory_not_equal(code, expected, sizeof code);
        post_code_make(code, event, card, key, salt, account);
        assert_memory_not_equal(code, expected, sizeof code);
        post_code_make(code, event, key, key, salt, account);
        assert_memory_not_equal(code, expected, sizeof code);
        post_code_make(code, event, key, card, salt, "mallory@social.example");
        assert_memory_not_equal(code, expected, sizeof code);
        salt[15] ^= 1;
        post_code_make(code, event, key, card, salt, account);
        assert_memory_not_equal(code, expected, sizeof code);
    }
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_are_as_noble_signs_them),
        cmocka_unit_test(card_fields_are_bound),
        cmocka_unit_test(claims_are_as_noble_signs_them),
        cmocka_unit_test(a_claim_needs_both_signatures),
        cmocka_unit_test(claim_fields_are_bound),
        cmocka_unit_test(flipped_and_second_signatures_are_refused),
        cmocka_unit_test(keys_of_another_order_are_refused),
        cmocka_unit_test(non_canonical_card_keys_are_refused),
        cmocka_unit_test(unclaims_are_of_one_side),
        cmocka_unit_test(interest_is_bound_to_card_question_and_scope),
        cmocka_unit_test(a_claim_is_forgotten_by_its_signature),
        cmocka_unit_test(text_hashes_are_of_event_and_text),
        cmocka_unit_test(posting_codes_commit),
    };
    return cmocka_run_group_tests(tests, fixture_load, fixture_free);
}
