/* RFC 9497's own vectors, tests/protocol/voprf.json, and what must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "base/random.h"
#include "identity/voprf.h"

static json_t *file;
static struct voprf_keys keys;

static size_t get_hex(uint8_t *bytes, size_t room, const json_t *value) {
    size_t length = 0;
    const char *text = json_string_value(value);
    assert_non_null(text);
    assert_int_equal(sodium_hex2bin(bytes, room, text, strlen(text), NULL, &length, NULL), 0);
    return length;
}

static int load(void **state) {
    (void)state;
    uint8_t seed[32], info[32];
    random_start();
    file = json_load_file("tests/protocol/voprf.json", 0, NULL);
    assert_non_null(file);
    assert_int_equal(get_hex(seed, sizeof seed, json_object_get(file, "seed")), sizeof seed);
    size_t length = get_hex(info, sizeof info, json_object_get(file, "info"));
    voprf_keys_derive(&keys, seed, info, length);
    return 0;
}

static int unload(void **state) {
    (void)state;
    json_decref(file);
    return 0;
}

static void keys_are_those_of_the_rfc(void **state) {
    (void)state;
    uint8_t bytes[32];
    get_hex(bytes, sizeof bytes, json_object_get(file, "secret"));
    assert_memory_equal(keys.secret, bytes, sizeof bytes);
    get_hex(bytes, sizeof bytes, json_object_get(file, "public"));
    assert_memory_equal(keys.public, bytes, sizeof bytes);
}

static void elements_read(uint8_t (*elements)[VOPRF_ELEMENT_BYTES], const json_t *list) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        get_hex(elements[i], VOPRF_ELEMENT_BYTES, json_array_get(list, i));
    }
}

static void evaluations_and_proofs_are_those_of_the_rfc(void **state) {
    (void)state;
    size_t at;
    const json_t *vector;
    json_array_foreach(json_object_get(file, "vectors"), at, vector) {
        uint8_t blinded[VOPRF_BATCH_MAX][VOPRF_ELEMENT_BYTES];
        uint8_t expected[VOPRF_BATCH_MAX][VOPRF_ELEMENT_BYTES];
        uint8_t evaluated[VOPRF_BATCH_MAX][VOPRF_ELEMENT_BYTES];
        uint8_t proof[VOPRF_PROOF_BYTES], wanted[VOPRF_PROOF_BYTES];
        uint8_t random[VOPRF_RANDOM_BYTES] = {0};
        size_t count = json_array_size(json_object_get(vector, "blinded"));
        elements_read(blinded, json_object_get(vector, "blinded"));
        elements_read(expected, json_object_get(vector, "evaluated"));
        get_hex(wanted, sizeof wanted, json_object_get(vector, "proof"));
        get_hex(random, VOPRF_SCALAR_BYTES, json_object_get(vector, "random"));
        assert_true(voprf_evaluate(evaluated, proof, (const uint8_t(*)[VOPRF_ELEMENT_BYTES])blinded,
                                   count, &keys, random));
        assert_memory_equal(evaluated, expected, count * VOPRF_ELEMENT_BYTES);
        assert_memory_equal(proof, wanted, sizeof proof);
    }
    assert_int_equal(at, 3);
}

static void outputs_are_those_of_the_rfc(void **state) {
    (void)state;
    size_t at;
    const json_t *vector;
    json_array_foreach(json_object_get(file, "vectors"), at, vector) {
        const json_t *inputs = json_object_get(vector, "input");
        for (size_t i = 0; i < json_array_size(inputs); i++) {
            uint8_t input[64], output[VOPRF_OUTPUT_BYTES], expected[VOPRF_OUTPUT_BYTES];
            size_t length = get_hex(input, sizeof input, json_array_get(inputs, i));
            get_hex(expected, sizeof expected,
                    json_array_get(json_object_get(vector, "output"), i));
            assert_true(voprf_output(output, input, length, &keys));
            assert_memory_equal(output, expected, sizeof output);
        }
    }
}

static void assert_refused(const uint8_t element[VOPRF_ELEMENT_BYTES]) {
    uint8_t blinded[2][VOPRF_ELEMENT_BYTES], evaluated[2][VOPRF_ELEMENT_BYTES];
    uint8_t proof[VOPRF_PROOF_BYTES], random[VOPRF_RANDOM_BYTES];
    random_fill(random, sizeof random);
    crypto_core_ristretto255_random(blinded[0]);
    memcpy(blinded[1], element, VOPRF_ELEMENT_BYTES);
    assert_false(voprf_element_valid(element));
    assert_false(voprf_evaluate(evaluated, proof, (const uint8_t(*)[VOPRF_ELEMENT_BYTES])blinded, 2,
                                &keys, random));
}

static void what_is_no_element_is_refused(void **state) {
    (void)state;
    uint8_t element[VOPRF_ELEMENT_BYTES] = {0};
    assert_refused(element); /* the identity */
    element[0] = 1;          /* odd, that is negative */
    assert_refused(element);
    memset(element, 0xff, sizeof element); /* not below the field's prime */
    assert_refused(element);
    crypto_core_ristretto255_random(element);
    assert_true(voprf_element_valid(element));
    element[31] |= 0x80; /* the same, but not canonical */
    assert_refused(element);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_those_of_the_rfc),
        cmocka_unit_test(evaluations_and_proofs_are_those_of_the_rfc),
        cmocka_unit_test(outputs_are_those_of_the_rfc),
        cmocka_unit_test(what_is_no_element_is_refused),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
