#include "wire/picture.h"

#include <stdbool.h>
#include <string.h>

const char *picture_type(const uint8_t *bytes, size_t length) {
    static const struct {
        const char *type, *magic;
        size_t length;
    } types[] = {
        {"image/png", "\x89PNG\r\n\x1a\n", 8},
        {"image/jpeg", "\xff\xd8\xff", 3},
        {"image/gif", "GIF87a", 6},
        {"image/gif", "GIF89a", 6},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (length >= types[i].length && memcmp(bytes, types[i].magic, types[i].length) == 0) {
            return types[i].type;
        }
    }
    bool webp = length >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0;
    return webp ? "image/webp" : NULL;
}
