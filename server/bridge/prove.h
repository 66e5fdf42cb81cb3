/* What a proof leads to, and when it is looked at again. */
#ifndef RAUTE_BRIDGE_PROVE_H
#define RAUTE_BRIDGE_PROVE_H

#include "bridge/core.h"
#include "bridge/proof.h"

/* The card's own page, which a link back names; the caller frees it. */
char *card_page(const struct bridge *bridge, const char *slug, const uint8_t key[CARD_KEY_BYTES]);
/* The question's page, with a code (POST_CODE_BYTES; NULL: without) as its fragment; the caller
 * frees it. */
char *question_link(const struct bridge *bridge, const char *slug, uint32_t number,
                    const uint8_t *code);

#endif
