/* DPoP proofs as another party reads them: parts, claims, and the signature under the key within.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/encode.h"
#include "base/memory.h"
#include "base/random.h"
#include "bridge/dpop.h"

#define PROOF_BYTES 16384
#define URL         "https://pds.example/xrpc/com.atproto.repo.createRecord"
#define NOW         INT64_C(1795000000)

/* The scalar 1, whose point is the generator. */
static const char one[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE";

struct proof {
    char text[PROOF_BYTES];
    json_t *header, *claims;
    uint8_t signature[64];
    size_t signed_bytes; /* header and claims with the dot between them */
};

/* base64url of any length, by OpenSSL alone; free() it. */
static char *decoded(const char *text, size_t length) {
    char *padded = memory_new(length + 4);
    memcpy(padded, text, length);
    for (size_t at = 0; at < length; at++) {
        padded[at] = padded[at] == '-' ? '+' : padded[at] == '_' ? '/' : padded[at];
        assert_int_not_equal(padded[at], '=');
    }
    size_t fill = (4 - length % 4) % 4;
    memset(padded + length, '=', fill);
    char *bytes = memory_new(length + 4);
    int count = EVP_DecodeBlock((uint8_t *)bytes, (const uint8_t *)padded, (int)(length + fill));
    assert_true(count >= (int)fill);
    bytes[(size_t)count - fill] = '\0';
    free(padded);
    return bytes;
}

static json_t *part_read(const char *text, size_t length) {
    char *bytes = decoded(text, length);
    json_t *json = json_loads(bytes, JSON_REJECT_DUPLICATES, NULL);
    assert_true(json_is_object(json));
    free(bytes);
    return json;
}

static void proof_make(struct proof *proof, const char *key, const char *method, const char *url,
                       const char *nonce, const char *access) {
    struct buffer out = buffer_make(PROOF_BYTES - 1);
    assert_true(dpop_proof(&out, key, method, url, nonce, access, NOW));
    assert_false(out.overflow);
    memcpy(proof->text, out.data, out.length + 1);
    buffer_clear(&out);
    const char *first = strchr(proof->text, '.'), *second = strchr(first + 1, '.');
    assert_null(strchr(second + 1, '.'));
    proof->signed_bytes = (size_t)(second - proof->text);
    proof->header = part_read(proof->text, (size_t)(first - proof->text));
    proof->claims = part_read(first + 1, (size_t)(second - first - 1));
    assert_true(base64_decode(proof->signature, sizeof proof->signature, second + 1));
}

static void proof_clear(struct proof *proof) {
    json_decref(proof->header);
    json_decref(proof->claims);
}

static const char *word(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

/* The key that the proof itself names. */
static EVP_PKEY *key_of(const struct proof *proof) {
    const json_t *jwk = json_object_get(proof->header, "jwk");
    uint8_t point[65] = {4};
    assert_true(base64_decode(point + 1, 32, word(jwk, "x")));
    assert_true(base64_decode(point + 33, 32, word(jwk, "y")));
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char[]){"P-256"}, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end()};
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    EVP_PKEY_CTX_free(context);
    return key;
}

static bool verifies(const struct proof *proof) {
    uint8_t *der = NULL;
    ECDSA_SIG *signature = ECDSA_SIG_new();
    ECDSA_SIG_set0(signature, BN_bin2bn(proof->signature, 32, NULL),
                   BN_bin2bn(proof->signature + 32, 32, NULL));
    int length = i2d_ECDSA_SIG(signature, &der);
    EVP_PKEY *key = key_of(proof);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key), 1);
    bool good = EVP_DigestVerify(context, der, (size_t)length, (const uint8_t *)proof->text,
                                 proof->signed_bytes) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    OPENSSL_free(der);
    ECDSA_SIG_free(signature);
    return good;
}

static void test_proof(void **state) {
    (void)state;
    struct proof proof;
    proof_make(&proof, one, "POST", URL "?a=b#c", "nonce-1", "the token");
    const json_t *jwk = json_object_get(proof.header, "jwk");
    assert_int_equal(json_object_size(proof.header), 3);
    assert_string_equal(word(proof.header, "typ"), "dpop+jwt");
    assert_string_equal(word(proof.header, "alg"), "ES256");
    assert_int_equal(json_object_size(jwk), 4); /* no private part */
    assert_string_equal(word(jwk, "kty"), "EC");
    assert_string_equal(word(jwk, "crv"), "P-256");
    /* the generator, from the curve's specification */
    assert_string_equal(word(jwk, "x"), "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY");
    assert_string_equal(word(jwk, "y"), "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU");
    assert_int_equal(json_object_size(proof.claims), 6);
    assert_string_equal(word(proof.claims, "htm"), "POST");
    assert_string_equal(word(proof.claims, "htu"), URL);
    assert_string_equal(word(proof.claims, "nonce"), "nonce-1");
    /* printf 'the token' | openssl dgst -sha256 -binary | basenc --base64url */
    assert_string_equal(word(proof.claims, "ath"), "2Udy_Xap46HBcGc4R7qPloUf1COxp4NIcc0seGM8fpc");
    assert_int_equal(json_integer_value(json_object_get(proof.claims, "iat")), NOW);
    assert_int_equal(strlen(word(proof.claims, "jti")), 22);
    assert_true(verifies(&proof));
    proof.signature[0] ^= 1;
    assert_false(verifies(&proof));
    proof_clear(&proof);
}

static void test_without(void **state) {
    (void)state;
    struct proof proof;
    proof_make(&proof, one, "GET", "https://pds.example", NULL, NULL);
    assert_int_equal(json_object_size(proof.claims), 4);
    assert_string_equal(word(proof.claims, "htu"), "https://pds.example");
    assert_true(verifies(&proof));
    proof_clear(&proof);
}

/* r and s have leading zeros now and then, and jti is never the same. */
static void test_many(void **state) {
    (void)state;
    char last[64] = "";
    for (int i = 0; i < 300; i++) {
        struct proof proof;
        char *key = dpop_key_new();
        proof_make(&proof, key, "POST", URL, "n", "t");
        assert_true(verifies(&proof));
        assert_string_not_equal(word(proof.claims, "jti"), last);
        snprintf(last, sizeof last, "%s", word(proof.claims, "jti"));
        proof_clear(&proof);
        free(key);
    }
}

static bool refused(const char *key, const char *url, const char *nonce) {
    struct buffer out = buffer_make(PROOF_BYTES);
    bool good = dpop_proof(&out, key, "POST", url, nonce, NULL, NOW);
    bool nothing = out.length == 0;
    buffer_clear(&out);
    return !good && nothing;
}

static void test_bad_keys(void **state) {
    (void)state;
    static const char *const keys[] = {
        "",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", /* 0 */
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE", /* the group's order */
        "__________________________________________8", /* beyond it */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAF", /* not canonical */
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=",
        "AAAA",
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        assert_true(refused(keys[i], URL, NULL));
    }
    /* one below the order is a key */
    assert_false(refused("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVA", URL, NULL));
}

static void test_hostile_words(void **state) {
    (void)state;
    static const char *const words[] = {
        "\",\"htm\":\"GET", "back\\slash", "two\r\nlines", "a b", "\x7f", "ü", "\t"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        assert_true(refused(one, URL, words[i]));
        assert_true(refused(one, words[i], NULL));
    }
    char *endless = memory_new(100001);
    memset(endless, 'n', 100000);
    assert_true(refused(one, URL, endless));
    assert_true(refused(one, endless, NULL));
    endless[2048] = '\0'; /* the longest of both at once still fits */
    struct proof proof;
    proof_make(&proof, one, "POST", endless, endless, endless);
    assert_string_equal(word(proof.claims, "nonce"), endless);
    assert_true(verifies(&proof));
    proof_clear(&proof);
    free(endless);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proof),         cmocka_unit_test(test_without),
        cmocka_unit_test(test_many),          cmocka_unit_test(test_bad_keys),
        cmocka_unit_test(test_hostile_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
