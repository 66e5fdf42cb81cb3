#include "bridge/dpop.h"

#include <inttypes.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"

#define SCALAR_BYTES 32
#define POINT_BYTES  65 /* 0x04 ‖ x ‖ y */
#define JTI_BYTES    16
#define WORD_BYTES   2048

/* The public point of a private scalar; false: the scalar is no key. */
static bool point_make(uint8_t point[POINT_BYTES], const uint8_t scalar[SCALAR_BYTES]) {
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *public = EC_POINT_new(group);
    BIGNUM *secret = BN_secure_new();
    INVARIANT(group != NULL && public != NULL && secret != NULL);
    bool good = BN_bin2bn(scalar, SCALAR_BYTES, secret) != NULL && !BN_is_zero(secret) &&
                BN_cmp(secret, EC_GROUP_get0_order(group)) < 0 &&
                EC_POINT_mul(group, public, secret, NULL, NULL, NULL) == 1 &&
                EC_POINT_point2oct(group, public, POINT_CONVERSION_UNCOMPRESSED, point, POINT_BYTES,
                                   NULL) == POINT_BYTES;
    BN_clear_free(secret);
    EC_POINT_free(public);
    EC_GROUP_free(group);
    return good;
}

char *dpop_key_new(void) {
    uint8_t scalar[SCALAR_BYTES], point[POINT_BYTES];
    do {
        random_fill(scalar, sizeof scalar);
    } while (!point_make(point, scalar));
    char *text = memory_new(BASE64_CHARS(SCALAR_BYTES) + 1);
    base64_encode(text, scalar, sizeof scalar);
    sodium_memzero(scalar, sizeof scalar);
    return text;
}

static EVP_PKEY *key_make(const uint8_t scalar[SCALAR_BYTES], const uint8_t point[POINT_BYTES]) {
    BIGNUM *secret = BN_secure_new();
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;
    INVARIANT(secret != NULL && build != NULL && context != NULL);
    INVARIANT(BN_bin2bn(scalar, SCALAR_BYTES, secret) != NULL);
    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, POINT_BYTES);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, secret);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    INVARIANT(params != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
              EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) == 1);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(context);
    BN_clear_free(secret);
    return key;
}

/* JWS wants r ‖ s (RFC 7518 §3.4), OpenSSL makes DER. */
static void signature_flatten(uint8_t flat[2 * SCALAR_BYTES], const uint8_t *der, size_t length) {
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)length);
    INVARIANT(signature != NULL);
    INVARIANT(BN_bn2binpad(ECDSA_SIG_get0_r(signature), flat, SCALAR_BYTES) == SCALAR_BYTES);
    INVARIANT(BN_bn2binpad(ECDSA_SIG_get0_s(signature), flat + SCALAR_BYTES, SCALAR_BYTES) ==
              SCALAR_BYTES);
    ECDSA_SIG_free(signature);
}

static void sign(uint8_t flat[2 * SCALAR_BYTES], EVP_PKEY *key, const struct buffer *message) {
    uint8_t der[128];
    size_t length = sizeof der;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    INVARIANT(context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestSign(context, der, &length, message->data, message->length) == 1);
    signature_flatten(flat, der, length);
    EVP_MD_CTX_free(context);
}

static void base64_append(struct buffer *out, const void *bytes, size_t count) {
    char *text = memory_new(BASE64_CHARS(count) + 1);
    base64_encode(text, bytes, count);
    buffer_text(out, text);
    free(text);
}

static void header_append(struct buffer *out, const uint8_t point[POINT_BYTES]) {
    struct buffer header = buffer_make(512);
    buffer_text(&header, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":"
                         "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"");
    base64_append(&header, point + 1, SCALAR_BYTES);
    buffer_text(&header, "\",\"y\":\"");
    base64_append(&header, point + 1 + SCALAR_BYTES, SCALAR_BYTES);
    buffer_text(&header, "\"}}");
    base64_append(out, header.data, header.length);
    buffer_clear(&header);
}

/* A far server's words go into JSON: only what needs no escape there, and has an end. */
static bool plain(const char *text) {
    if (strlen(text) > WORD_BYTES) {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text > '~' || *text == '"' || *text == '\\') {
            return false;
        }
    }
    return true;
}

static void claims_append(struct buffer *out, const char *method, const char *url,
                          const char *nonce, const char *access, int64_t now_unix_s) {
    uint8_t jti[JTI_BYTES], hash[SHA256_DIGEST_LENGTH];
    struct buffer claims = buffer_make(8192);
    random_fill(jti, sizeof jti);
    buffer_text(&claims, "{\"jti\":\"");
    base64_append(&claims, jti, sizeof jti);
    buffer_format(&claims, "\",\"htm\":\"%s\",\"htu\":\"%.*s\",\"iat\":%" PRId64, method,
                  (int)strcspn(url, "?#"), url, now_unix_s);
    if (nonce != NULL) {
        buffer_format(&claims, ",\"nonce\":\"%s\"", nonce);
    }
    if (access != NULL) {
        SHA256((const uint8_t *)access, strlen(access), hash);
        buffer_text(&claims, ",\"ath\":\"");
        base64_append(&claims, hash, sizeof hash);
        buffer_text(&claims, "\"");
    }
    buffer_text(&claims, "}");
    base64_append(out, claims.data, claims.length);
    buffer_clear(&claims);
}

bool dpop_proof(struct buffer *out, const char *key, const char *method, const char *url,
                const char *nonce, const char *access, int64_t now_unix_s) {
    uint8_t scalar[SCALAR_BYTES], point[POINT_BYTES], signature[2 * SCALAR_BYTES];
    bool good = base64_decode(scalar, sizeof scalar, key) && point_make(point, scalar) &&
                plain(method) && plain(url) && (nonce == NULL || plain(nonce));
    if (good) {
        struct buffer message = buffer_make(16384);
        header_append(&message, point);
        buffer_text(&message, ".");
        claims_append(&message, method, url, nonce, access, now_unix_s);
        EVP_PKEY *pair = key_make(scalar, point);
        sign(signature, pair, &message);
        EVP_PKEY_free(pair);
        buffer_append(out, message.data, message.length);
        buffer_text(out, ".");
        base64_append(out, signature, sizeof signature);
        buffer_clear(&message);
    }
    sodium_memzero(scalar, sizeof scalar);
    return good;
}
