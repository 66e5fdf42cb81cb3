/* The verifiable oblivious pseudorandom function of RFC 9497, ristretto255-SHA512, mode VOPRF (1):
 * what the server does of it. The browser does the rest with its library. */
#ifndef RAUTE_IDENTITY_VOPRF_H
#define RAUTE_IDENTITY_VOPRF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VOPRF_ELEMENT_BYTES 32
#define VOPRF_SCALAR_BYTES  32
#define VOPRF_PROOF_BYTES   64 /* c ‖ s */
#define VOPRF_OUTPUT_BYTES  64
#define VOPRF_RANDOM_BYTES  64 /* for one proof */
#define VOPRF_BATCH_MAX     16

struct voprf_keys {
    uint8_t secret[VOPRF_SCALAR_BYTES];
    uint8_t public[VOPRF_ELEMENT_BYTES];
};

/* DeriveKeyPair, §3.2.1. `info` has at most 255 bytes. */
void voprf_keys_derive(struct voprf_keys *keys, const uint8_t seed[32], const uint8_t *info,
                       size_t length);

/* True for a canonical encoding of an element other than the identity. */
bool voprf_element_valid(const uint8_t element[VOPRF_ELEMENT_BYTES]);

/* BlindEvaluate, §3.3.2, of 1 to VOPRF_BATCH_MAX valid elements, with one proof for all of them
 * (GenerateProof, §2.2.1). `random` makes the proof's scalar: fresh each time. False: an element is
 * not valid, and what was written must not be given away. */
bool voprf_evaluate(uint8_t (*evaluated)[VOPRF_ELEMENT_BYTES], uint8_t proof[VOPRF_PROOF_BYTES],
                    const uint8_t (*blinded)[VOPRF_ELEMENT_BYTES], size_t count,
                    const struct voprf_keys *keys, const uint8_t random[VOPRF_RANDOM_BYTES]);

/* Evaluate, §3.3.1: what Finalize gives for this input. At most 1,000 bytes. False: the input maps
 * to the identity. */
bool voprf_output(uint8_t output[VOPRF_OUTPUT_BYTES], const uint8_t *input, size_t length,
                  const struct voprf_keys *keys);

#endif
