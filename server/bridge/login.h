/* The log-in of one account: who it is at its network, and what the bridge needs to act for it.
 * All texts are owned, and wiped when freed. Stored sealed, as JSON. */
#ifndef RAUTE_BRIDGE_LOGIN_H
#define RAUTE_BRIDGE_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bridge/bridge.h"
#include "event/outgoing.h"

struct login {
    enum network network;
    bool oauth;   /* Bluesky: by OAuth (DPoP), else a session by app password (Bearer) */
    char *server; /* origin of its API: instance, PDS, https://api.x.com */
    char *access, *refresh;
    int64_t expires_at; /* Unix ms, of `access`; 0: not known */
    char *client_id, *client_secret;
    char *issuer, *token_url, *revoke_url; /* of its authorization server */
    char *dpop;                            /* private P-256 key, 32 bytes, base64url */
    char *nonce_server, *nonce_issuer;     /* latest DPoP nonces; not stored */
};

struct login *login_new(enum network network);
void login_free(struct login *login); /* NULL is fine */
/* Replaces an owned text by a copy (NULL: none), wiping the old one. */
void login_set(char **text, const char *value);

/* Sealed bytes for struct account: XChaCha20-Poly1305, random nonce first, associated data
 * L("raute.1/account") ‖ event ‖ T(remote) (anonymity §4, Sealing). The caller frees *bytes. */
void login_seal(const struct login *login, const uint8_t key[BRIDGE_KEY_BYTES],
                const uint8_t event[EVENT_ID_BYTES], const char *remote, uint8_t **bytes,
                uint32_t *count);
/* NULL: another key, or damaged. */
struct login *login_open(const uint8_t *bytes, uint32_t count, enum network network,
                         const uint8_t key[BRIDGE_KEY_BYTES], const uint8_t event[EVENT_ID_BYTES],
                         const char *remote);

#endif
