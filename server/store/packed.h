/* Cards and interests as the bytes that are sealed. Integers big-endian; a text is u16 length ‖
 * UTF-8, one that may be missing has a u8 (0: missing, 1: it follows) before it.
 *
 * card      key 32 ‖ u32 rev ‖ u32 minute ‖ u8 hidden ‖ u8 lists ‖ u32 since ‖ name ‖ line ‖
 *           web ‖ proof of web ‖ u8 n ‖ n × (u32 since ‖ account ‖ proof) ‖ signature 64, then
 *           zeroes up to a multiple of PACKED_STEP_BYTES
 * proof     u8 kind, and unless it is NONE: u32 minute ‖ actor? ‖ source? ‖ u32 number ‖ salt 16
 * interest  card 32 ‖ u32 number ‖ u32 minute ‖ u8 scope ‖ signature 64
 */
#ifndef RAUTE_STORE_PACKED_H
#define RAUTE_STORE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "event/people.h"

#define PACKED_STEP_BYTES     1024
#define PACKED_CARD_BYTES     (16 * PACKED_STEP_BYTES) /* at most */
#define PACKED_INTEREST_BYTES (CARD_KEY_BYTES + 4 + 4 + 1 + SIGNATURE_BYTES)

/* buffer_clear() it. */
struct buffer card_pack(const struct card *card);
/* NULL: these are not the bytes of a card. card_free() it. */
struct card *card_unpack(const uint8_t *bytes, size_t count);

void interest_pack(uint8_t bytes[PACKED_INTEREST_BYTES], const struct interest *interest);
/* False: these are not the bytes of an interest. */
bool interest_unpack(struct interest *interest, const uint8_t *bytes, size_t count);

#endif
