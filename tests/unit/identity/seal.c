/* Sealing: what comes back whole, what does not open, and the names of sealed rows. */
#include "fixture.h"

#include <sodium.h>

#include "base/random.h"
#include "identity/seal.h"

static const uint8_t other_event[EVENT_ID_BYTES] = {9, 8};
static uint8_t key[DERIVED_KEY_BYTES], other_key[DERIVED_KEY_BYTES];

static int load(void **state) {
    uint8_t secret[SECRET_BYTES];
    fixture_load(state);
    get_bytes(secret, sizeof secret, vectors, "secret");
    seal_key_derive(key, secret + 32);
    seal_key_derive(other_key, secret);
    return 0;
}

static void what_is_sealed_opens(void **state) {
    (void)state;
    static const size_t counts[] = {0, 1, 104, 1024};
    for (size_t at = 0; at < sizeof counts / sizeof *counts; at++) {
        uint8_t bytes[1024], opened[1024], sealed[1024 + SEAL_BYTES];
        size_t count = counts[at];
        random_fill(bytes, sizeof bytes);
        seal(sealed, bytes, count, "raute.1/interest", event, key);
        assert_true(seal_open(opened, sealed, count + SEAL_BYTES, "raute.1/interest", event, key));
        assert_memory_equal(opened, bytes, count);
    }
}

/* nonce ‖ XChaCha20-Poly1305 with L(label) ‖ event as associated data, written out once more. */
static void sealed_bytes_are_as_specified(void **state) {
    (void)state;
    uint8_t data[1 + 5 + EVENT_ID_BYTES] = "\x05label", sealed[3 + SEAL_BYTES], opened[3];
    memcpy(data + 6, event, EVENT_ID_BYTES);
    seal(sealed, (const uint8_t *)"abc", 3, "label", event, key);
    assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(opened, NULL, NULL, sealed + 24,
                                                                sizeof sealed - 24, data,
                                                                sizeof data, sealed, key),
                     0);
    assert_memory_equal(opened, "abc", 3);
}

static void the_same_is_never_sealed_alike(void **state) {
    (void)state;
    uint8_t first[3 + SEAL_BYTES], second[3 + SEAL_BYTES];
    seal(first, (const uint8_t *)"abc", 3, "label", event, key);
    seal(second, (const uint8_t *)"abc", 3, "label", event, key);
    assert_memory_not_equal(first, second, 24);
    assert_memory_not_equal(first + 24, second + 24, 3);
}

static void what_was_touched_does_not_open(void **state) {
    (void)state;
    uint8_t sealed[20 + SEAL_BYTES], opened[20 + SEAL_BYTES];
    seal(sealed, (const uint8_t *)"twenty bytes of text", 20, "label", event, key);
    assert_true(seal_open(opened, sealed, sizeof sealed, "label", event, key));
    for (size_t count = 0; count < sizeof sealed; count++) {
        assert_false(seal_open(opened, sealed, count, "label", event, key));
    }
    for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(seal_open(opened, sealed, sizeof sealed, "label", event, key));
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_false(seal_open(opened, sealed, sizeof sealed, "labels", event, key));
    assert_false(seal_open(opened, sealed, sizeof sealed, "", event, key));
    assert_false(seal_open(opened, sealed, sizeof sealed, "label", other_event, key));
    assert_false(seal_open(opened, sealed, sizeof sealed, "label", event, other_key));
    assert_true(seal_open(opened, sealed, sizeof sealed, "label", event, key));
}

static void rows_are_named_as_noble_names_them(void **state) {
    (void)state;
    size_t at;
    const json_t *item;
    json_array_foreach(get_list(vectors, "interests", 4), at, item) {
        uint8_t card[CARD_KEY_BYTES], expected[SEALED_KEY_BYTES], name[SEALED_KEY_BYTES];
        uint32_t number = get_number(item, "number");
        get_bytes(card, sizeof card, get_item(item, "card", "cards"), "key");
        get_bytes(expected, sizeof expected, item, "row");
        sealed_key_make(name, card, number, key);
        assert_memory_equal(name, expected, sizeof name);
        sealed_key_make(name, card, number + 1, key);
        assert_memory_not_equal(name, expected, sizeof name);
        sealed_key_make(name, card, number, other_key);
        assert_memory_not_equal(name, expected, sizeof name);
        card[31] ^= 1;
        sealed_key_make(name, card, number, key);
        assert_memory_not_equal(name, expected, sizeof name);
    }
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens),
        cmocka_unit_test(sealed_bytes_are_as_specified),
        cmocka_unit_test(the_same_is_never_sealed_alike),
        cmocka_unit_test(what_was_touched_does_not_open),
        cmocka_unit_test(rows_are_named_as_noble_names_them),
    };
    return cmocka_run_group_tests(tests, load, fixture_free);
}
