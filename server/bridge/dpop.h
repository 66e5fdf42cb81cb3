/* DPoP (RFC 9449) with ES256, for the AT Protocol's OAuth profile: a P-256 key per session. */
#ifndef RAUTE_BRIDGE_DPOP_H
#define RAUTE_BRIDGE_DPOP_H

#include <stdbool.h>

#include "base/buffer.h"

/* A new private key, 32 bytes as base64url; the caller frees it (login_set wipes). */
char *dpop_key_new(void);
/* Appends a proof: header typ dpop+jwt, alg ES256, jwk; claims jti (random), htm, htu (`url`
 * without query and fragment), iat (seconds), nonce unless NULL, ath = base64url(SHA-256(access))
 * unless `access` is NULL. False: no valid key. */
bool dpop_proof(struct buffer *out, const char *key, const char *method, const char *url,
                const char *nonce, const char *access, int64_t now_unix_s);

#endif
