#include "base/encode.h"

#include <sodium.h>
#include <string.h>

void base64_encode(char *text, const void *bytes, size_t count) {
    (void)sodium_bin2base64(text, BASE64_CHARS(count) + 1, bytes, count,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool base64_decode(void *bytes, size_t count, const char *text) {
    size_t chars = BASE64_CHARS(count), decoded = 0;
    /* libsodium 1.0.18 takes some bytes from 0x80 up for letters, hence the alphabet. Without an
     * end pointer it refuses stray bits in the last character. */
    return strspn(text, alphabet) == chars && text[chars] == '\0' &&
           sodium_base642bin(bytes, count, text, chars, NULL, &decoded, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           decoded == count;
}
