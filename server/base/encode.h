/* base64url without padding, of exact length. */
#ifndef RAUTE_BASE_ENCODE_H
#define RAUTE_BASE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters of `bytes` bytes, without the final NUL. */
#define BASE64_CHARS(bytes) (((bytes)*4 + 2) / 3)

void base64_encode(char *text /* BASE64_CHARS(count) + 1 */, const void *bytes, size_t count);
/* True only when `text` is the canonical encoding of exactly `count` bytes. */
bool base64_decode(void *bytes, size_t count, const char *text);

#endif
