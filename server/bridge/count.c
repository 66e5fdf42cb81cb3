#include "bridge/count.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unictype.h>
#include <unigbrk.h>
#include <unistr.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

#define COUNT_BYTES (64 * 1024)
#define UTF8_BYTES  4 /* of one character at most */

static ucs4_t letter_at(const char *text) {
    ucs4_t c;
    (void)u8_mbtouc(&c, (const uint8_t *)text, strnlen(text, UTF8_BYTES));
    return c;
}

static ucs4_t letter_before(const char *text, const char *at) {
    ucs4_t c = 0;
    (void)u8_prev(&c, (const uint8_t *)at, (const uint8_t *)text);
    return c;
}

static bool is_word(ucs4_t c) {
    return c == '_' || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L) ||
           uc_is_general_category_withtable(c, UC_CATEGORY_MASK_N);
}

static bool is_letter(ucs4_t c) {
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L);
}

/* ---- plain text */

/* Weight of a code point at X. */
static size_t point_weight(ucs4_t c) {
    bool light = c <= 0x10FF || (c >= 0x2000 && c <= 0x200D) || (c >= 0x2010 && c <= 0x201F) ||
                 (c >= 0x2032 && c <= 0x2037);
    return light ? 1 : 2;
}

static bool is_picture(ucs4_t c) {
    return uc_is_property_extended_pictographic(c) || (c >= 0x1F1E6 && c <= 0x1F1FF);
}

/* Joiner, variation, skin tone, tag: what an emoji sequence has besides pictures. */
static bool joins_pictures(ucs4_t c) {
    return c == 0x200D || c == 0xFE0F || (c >= 0x1F3FB && c <= 0x1F3FF) ||
           (c >= 0xE0020 && c <= 0xE007F);
}

static size_t grapheme_weight(const uint8_t *text, size_t length) {
    size_t weight = 0;
    bool picture = false, other = false;
    for (size_t at = 0; at < length;) {
        ucs4_t c;
        at += (size_t)u8_mbtouc(&c, text + at, length - at);
        weight += point_weight(c);
        picture = picture || is_picture(c);
        other = other || !(is_picture(c) || joins_pictures(c));
    }
    return picture && !other ? 2 : weight;
}

static size_t plain_weight(const char *text) {
    const uint8_t *bytes = (const uint8_t *)text;
    size_t length = strlen(text), weight = 0;
    char *breaks = memory_new(length + 1);
    u8_grapheme_breaks(bytes, length, breaks);
    for (size_t at = 0, end; at < length; at = end) {
        end = at + 1;
        while (end < length && breaks[end] == 0) {
            end++;
        }
        weight += grapheme_weight(bytes + at, end - at);
    }
    free(breaks);
    return weight;
}

static size_t plain_count(enum network network, const char *text) {
    return network == NETWORK_X ? plain_weight(text) : text_graphemes(text);
}

static size_t part_count(enum network network, const char *text, size_t bytes) {
    char *part = memory_text_n(text, bytes);
    size_t count = plain_count(network, part);
    free(part);
    return count;
}

/* ---- links: each becomes one letter, and `more` has what it counts above that */

static size_t scheme_length(const char *text) {
    return strncasecmp(text, "https://", 8) == 0 ? 8 : strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
}

/* Bytes of a domain name: labels with dots between them, the last of two letters at least. 0: none.
 */
static size_t domain_length(const char *text) {
    size_t end = 0, dot = 0;
    bool letters = true; /* only, since the dot */
    while (isalnum((unsigned char)text[end]) || text[end] == '-' ||
           (text[end] == '.' && end > dot &&
            (isalnum((unsigned char)text[end + 1]) || text[end + 1] == '-'))) {
        if (text[end] == '.') {
            dot = end + 1;
            letters = true;
        } else {
            letters = letters && isalpha((unsigned char)text[end]);
        }
        end++;
    }
    bool more = text[end] == '.' ? is_word(letter_at(text + end + 1))
                                 : text[end] != '\0' && is_word(letter_at(text + end));
    return dot > 0 && letters && end - dot >= 2 && !more ? end : 0;
}

/* Bytes of the link at `text`, which begins with its scheme; 0: not one that all servers know. */
static size_t link_bytes(const char *text) {
    size_t scheme = scheme_length(text), domain = domain_length(text + scheme);
    if (domain == 0) {
        return 0;
    }
    size_t end = scheme + domain;
    if (text[end] == ':' && isdigit((unsigned char)text[end + 1])) {
        end += 1 + strspn(text + end + 1, "0123456789");
    }
    size_t least = end;
    if (text[end] == '/' || text[end] == '?' || text[end] == '#') {
        while (isalnum((unsigned char)text[end]) ||
               (text[end] != '\0' && strchr("/?#._~%+=&:@!,;*'-", text[end]) != NULL)) {
            end++;
        }
        while (end > least && !isalnum((unsigned char)text[end - 1]) && text[end - 1] != '/') {
            end--;
        }
    }
    return end;
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

static void links_out(struct buffer *out, enum network network, const char *text, size_t length,
                      size_t *more) {
    for (const char *at = text; *at != '\0';) {
        ucs4_t before = letter_before(text, at);
        if (scheme_length(at) == 0 || is_word(before) || before == '@' || before == '#' ||
            before == '$') {
            buffer_append(out, at++, 1);
            continue;
        }
        size_t bytes = link_bytes(at);
        if (bytes > 0) {
            *more += length - 1;
        } else {
            bytes = strcspn(at, " \n");
            *more += larger(part_count(network, at, bytes), length) - 1;
        }
        buffer_text(out, "x");
        at += bytes;
    }
}

/* Letters, digits, dots, hyphens with a dot before two letters: a domain name to X, perhaps. */
static void domains_out(struct buffer *out, const char *text, size_t *more) {
    while (*text != '\0') {
        size_t end = 0;
        bool domain = false;
        ucs4_t c, last[2] = {0, 0}; /* the one before, and the one before that */
        for (c = letter_at(text); c != 0 && (is_word(c) || c == '.' || c == '-');
             c = letter_at(text + end)) {
            ucs4_t next;
            size_t size =
                (size_t)u8_mblen((const uint8_t *)text + end, strnlen(text + end, UTF8_BYTES));
            next = text[end + size] == '\0' ? 0 : letter_at(text + end + size);
            domain = domain || (last[1] != 0 && last[1] != '.' && last[0] == '.' && is_letter(c) &&
                                is_letter(next));
            last[1] = last[0];
            last[0] = c;
            end += size;
        }
        if (domain) {
            buffer_text(out, "x");
            *more += larger(part_count(NETWORK_X, text, end), LINK_LENGTH_AT_X) - 1;
        } else if (end > 0) {
            buffer_append(out, text, end);
        } else {
            end = (size_t)u8_mblen((const uint8_t *)text, strnlen(text, UTF8_BYTES));
            buffer_append(out, text, end);
        }
        text += end;
    }
}

size_t post_count(enum network network, const char *text, uint32_t link_length) {
    if (*text == '\0') {
        return 0;
    }
    size_t length = network == NETWORK_X ? LINK_LENGTH_AT_X : link_length, more = 0;
    if (network == NETWORK_BLUESKY || length == 0) {
        return plain_count(network, text);
    }
    struct buffer plain = buffer_make(COUNT_BYTES), bare = buffer_make(COUNT_BYTES);
    links_out(&plain, network, text, length, &more);
    if (network == NETWORK_X) {
        domains_out(&bare, (const char *)plain.data, &more);
    } else {
        buffer_append(&bare, plain.data, plain.length);
    }
    size_t count = plain_count(network, (const char *)bare.data) + more;
    buffer_clear(&plain);
    buffer_clear(&bare);
    return count;
}
