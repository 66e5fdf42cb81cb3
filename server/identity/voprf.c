#include "identity/voprf.h"

#include <sodium.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"

#define SUITE       "OPRFV1-\x01-ristretto255-SHA512" /* contextString, §3.1 */
#define HASH_BYTES  crypto_hash_sha512_BYTES
#define BLOCK_BYTES 128 /* of SHA-512's input */
#define INPUT_MAX   2048

static void put_number(struct buffer *out, size_t number, int bytes) {
    for (int byte = bytes - 1; byte >= 0; byte--) {
        uint8_t value = (uint8_t)(number >> 8 * byte);
        buffer_append(out, &value, 1);
    }
}

/* I2OSP(length, 2) ‖ bytes */
static void put_piece(struct buffer *out, const void *bytes, size_t length) {
    put_number(out, length, 2);
    buffer_append(out, bytes, length);
}

static void buffer_hash(struct buffer *message, uint8_t hash[HASH_BYTES]) {
    INVARIANT(!message->overflow);
    crypto_hash_sha512(hash, message->data, message->length);
    sodium_memzero(message->data, message->length);
    buffer_clear(message);
}

/* expand_message_xmd with SHA-512 for 64 bytes, which is one block (RFC 9380, §5.3.1). */
static void message_expand(uint8_t uniform[HASH_BYTES], const uint8_t *message, size_t length,
                           const char *tag) {
    static const uint8_t zeroes[BLOCK_BYTES];
    uint8_t first[HASH_BYTES];
    size_t tag_length = strlen(tag);
    struct buffer text = buffer_make(INPUT_MAX + BLOCK_BYTES + 256);
    buffer_append(&text, zeroes, sizeof zeroes);
    buffer_append(&text, message, length);
    put_number(&text, HASH_BYTES, 2);
    put_number(&text, 0, 1);
    buffer_append(&text, tag, tag_length);
    put_number(&text, tag_length, 1);
    buffer_hash(&text, first);
    buffer_append(&text, first, sizeof first);
    put_number(&text, 1, 1);
    buffer_append(&text, tag, tag_length);
    put_number(&text, tag_length, 1);
    buffer_hash(&text, uniform);
    sodium_memzero(first, sizeof first);
}

static void hash_to_scalar(uint8_t scalar[VOPRF_SCALAR_BYTES], const uint8_t *message,
                           size_t length, const char *tag) {
    uint8_t uniform[HASH_BYTES];
    message_expand(uniform, message, length, tag);
    crypto_core_ristretto255_scalar_reduce(scalar, uniform);
    sodium_memzero(uniform, sizeof uniform);
}

void voprf_keys_derive(struct voprf_keys *keys, const uint8_t seed[32], const uint8_t *info,
                       size_t length) {
    for (unsigned counter = 0;; counter++) {
        INVARIANT(counter <= UINT8_MAX && length <= UINT8_MAX);
        struct buffer input = buffer_make(INPUT_MAX);
        buffer_append(&input, seed, 32);
        put_piece(&input, info, length);
        put_number(&input, counter, 1);
        hash_to_scalar(keys->secret, input.data, input.length, "DeriveKeyPair" SUITE);
        sodium_memzero(input.data, input.length);
        buffer_clear(&input);
        if (crypto_scalarmult_ristretto255_base(keys->public, keys->secret) == 0) {
            return;
        }
    }
}

/* libsodium 1.0.18 ignores the highest bit, which has to be 0. */
bool voprf_element_valid(const uint8_t element[VOPRF_ELEMENT_BYTES]) {
    return (element[VOPRF_ELEMENT_BYTES - 1] & 0x80) == 0 &&
           crypto_core_ristretto255_is_valid_point(element) == 1 &&
           !sodium_is_zero(element, VOPRF_ELEMENT_BYTES);
}

/* The factor of the i-th pair in the composite, §2.2.1. */
static void factor_make(uint8_t factor[VOPRF_SCALAR_BYTES], const uint8_t seed[HASH_BYTES],
                        size_t i, const uint8_t blinded[VOPRF_ELEMENT_BYTES],
                        const uint8_t evaluated[VOPRF_ELEMENT_BYTES]) {
    struct buffer text = buffer_make(INPUT_MAX);
    put_piece(&text, seed, HASH_BYTES);
    put_number(&text, i, 2);
    put_piece(&text, blinded, VOPRF_ELEMENT_BYTES);
    put_piece(&text, evaluated, VOPRF_ELEMENT_BYTES);
    buffer_text(&text, "Composite");
    hash_to_scalar(factor, text.data, text.length, "HashToScalar-" SUITE);
    buffer_clear(&text);
}

/* ComputeCompositesFast: M of all pairs, and Z = k M. False only when M is the identity. */
static bool composites_make(uint8_t m[VOPRF_ELEMENT_BYTES], uint8_t z[VOPRF_ELEMENT_BYTES],
                            const uint8_t (*blinded)[VOPRF_ELEMENT_BYTES],
                            const uint8_t (*evaluated)[VOPRF_ELEMENT_BYTES], size_t count,
                            const struct voprf_keys *keys) {
    static const char tag[] = "Seed-" SUITE;
    uint8_t seed[HASH_BYTES];
    struct buffer text = buffer_make(INPUT_MAX);
    put_piece(&text, keys->public, VOPRF_ELEMENT_BYTES);
    put_piece(&text, tag, sizeof tag - 1);
    buffer_hash(&text, seed);
    memset(m, 0, VOPRF_ELEMENT_BYTES); /* the identity */
    for (size_t i = 0; i < count; i++) {
        uint8_t factor[VOPRF_SCALAR_BYTES], part[VOPRF_ELEMENT_BYTES];
        factor_make(factor, seed, i, blinded[i], evaluated[i]);
        if (crypto_scalarmult_ristretto255(part, factor, blinded[i]) != 0 ||
            crypto_core_ristretto255_add(m, m, part) != 0) {
            return false;
        }
    }
    return crypto_scalarmult_ristretto255(z, keys->secret, m) == 0;
}

/* GenerateProof, §2.2.1, with A the generator and B the public key. */
static bool proof_make(uint8_t proof[VOPRF_PROOF_BYTES],
                       const uint8_t (*blinded)[VOPRF_ELEMENT_BYTES],
                       const uint8_t (*evaluated)[VOPRF_ELEMENT_BYTES], size_t count,
                       const struct voprf_keys *keys, const uint8_t random[VOPRF_RANDOM_BYTES]) {
    uint8_t m[VOPRF_ELEMENT_BYTES], z[VOPRF_ELEMENT_BYTES];
    uint8_t t2[VOPRF_ELEMENT_BYTES], t3[VOPRF_ELEMENT_BYTES];
    uint8_t r[VOPRF_SCALAR_BYTES], product[VOPRF_SCALAR_BYTES];
    uint8_t *c = proof, *s = proof + VOPRF_SCALAR_BYTES;
    crypto_core_ristretto255_scalar_reduce(r, random);
    bool good = composites_make(m, z, blinded, evaluated, count, keys) &&
                crypto_scalarmult_ristretto255_base(t2, r) == 0 &&
                crypto_scalarmult_ristretto255(t3, r, m) == 0;
    if (good) {
        struct buffer text = buffer_make(INPUT_MAX);
        put_piece(&text, keys->public, sizeof keys->public);
        put_piece(&text, m, sizeof m);
        put_piece(&text, z, sizeof z);
        put_piece(&text, t2, sizeof t2);
        put_piece(&text, t3, sizeof t3);
        buffer_text(&text, "Challenge");
        hash_to_scalar(c, text.data, text.length, "HashToScalar-" SUITE);
        buffer_clear(&text);
        crypto_core_ristretto255_scalar_mul(product, c, keys->secret);
        crypto_core_ristretto255_scalar_sub(s, r, product);
    }
    sodium_memzero(r, sizeof r);
    sodium_memzero(product, sizeof product);
    return good;
}

bool voprf_evaluate(uint8_t (*evaluated)[VOPRF_ELEMENT_BYTES], uint8_t proof[VOPRF_PROOF_BYTES],
                    const uint8_t (*blinded)[VOPRF_ELEMENT_BYTES], size_t count,
                    const struct voprf_keys *keys, const uint8_t random[VOPRF_RANDOM_BYTES]) {
    INVARIANT(count >= 1 && count <= VOPRF_BATCH_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!voprf_element_valid(blinded[i]) ||
            crypto_scalarmult_ristretto255(evaluated[i], keys->secret, blinded[i]) != 0) {
            return false;
        }
    }
    return proof_make(proof, blinded, (const uint8_t(*)[VOPRF_ELEMENT_BYTES])evaluated, count, keys,
                      random);
}

bool voprf_output(uint8_t output[VOPRF_OUTPUT_BYTES], const uint8_t *input, size_t length,
                  const struct voprf_keys *keys) {
    uint8_t uniform[HASH_BYTES], element[VOPRF_ELEMENT_BYTES], evaluated[VOPRF_ELEMENT_BYTES];
    INVARIANT(length <= 1000);
    message_expand(uniform, input, length, "HashToGroup-" SUITE);
    crypto_core_ristretto255_from_hash(element, uniform);
    if (crypto_scalarmult_ristretto255(evaluated, keys->secret, element) != 0) {
        return false;
    }
    struct buffer text = buffer_make(INPUT_MAX);
    put_piece(&text, input, length);
    put_piece(&text, evaluated, sizeof evaluated);
    buffer_text(&text, "Finalize");
    buffer_hash(&text, output);
    sodium_memzero(uniform, sizeof uniform);
    sodium_memzero(evaluated, sizeof evaluated);
    return true;
}
