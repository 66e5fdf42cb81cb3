/* Tickets and passes of a gated event. A ticket's code buys passes through a blind signature, so
 * that the server cannot know which ticket a pass was for; a pass makes its bearer a member, always
 * the same one. All keys are derived from the live half of the event's secret (subkeys 3 to 5). */
#ifndef RAUTE_IDENTITY_PASS_H
#define RAUTE_IDENTITY_PASS_H

#include "identity/identity.h"
#include "identity/voprf.h"

#define TICKET_CHARS      16 /* Crockford's base 32: 80 bits */
#define TICKET_HASH_BYTES 16
#define PASS_NONCE_BYTES  32
#define PASS_SEATS_MAX    VOPRF_BATCH_MAX

struct pass_keys {
    struct voprf_keys pass;
    uint8_t admitted[DERIVED_KEY_BYTES];
    uint8_t ticket[DERIVED_KEY_BYTES];
};

void pass_keys_derive(struct pass_keys *keys, const uint8_t live[32],
                      const uint8_t event[EVENT_ID_BYTES]);

/* A random code of 16 characters and its NUL. */
void ticket_new(char code[TICKET_CHARS + 1]);
/* False: not a code. Lower case, I, L, O and the separators '-' and ' ' are read as what they stand
 * for; `code` gets the 16 characters. */
bool ticket_read(char code[TICKET_CHARS + 1], const char *text);
/* What is stored of a code. */
void ticket_hash(uint8_t hash[TICKET_HASH_BYTES], const char code[TICKET_CHARS + 1],
                 const struct pass_keys *keys);
/* What is stored of the request that used it: the same elements again are answered again. */
void ticket_request_hash(uint8_t hash[TICKET_HASH_BYTES],
                         const uint8_t (*elements)[VOPRF_ELEMENT_BYTES], size_t count,
                         const struct pass_keys *keys);

/* Checks a pass in constant time. True: `id` is its member's. */
bool pass_redeem(uint8_t id[MEMBER_ID_BYTES], const uint8_t nonce[PASS_NONCE_BYTES],
                 const uint8_t output[VOPRF_OUTPUT_BYTES], const struct pass_keys *keys,
                 const uint8_t event[EVENT_ID_BYTES]);

#endif
