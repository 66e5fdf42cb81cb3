#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/limits.h"
#include "base/memory.h"

bool text_utf8_valid(const void *bytes, size_t length) {
    return length == 0 || (memchr(bytes, '\0', length) == NULL && u8_check(bytes, length) == NULL);
}

/* Walks `limit` clusters into `text`; says how many there were and where the last one ends. */
static size_t graphemes_walk(const char *text, size_t limit, size_t *end) {
    size_t length = strlen(text), count = 0, at = 0;
    if (length > 0) {
        /* The whole text at once: breaks depend on more than two neighbours (flags, emoji). */
        char *breaks = memory_new(length);
        u8_grapheme_breaks((const uint8_t *)text, length, breaks);
        for (; at < length; at++) {
            if (at == 0 || breaks[at] != 0) {
                if (count == limit) {
                    break;
                }
                count++;
            }
        }
        free(breaks);
    }
    *end = at;
    return count;
}

size_t text_graphemes(const char *text) {
    size_t end;
    return graphemes_walk(text, SIZE_MAX, &end);
}

size_t text_cut(const char *text, size_t graphemes) {
    size_t end;
    (void)graphemes_walk(text, graphemes, &end);
    return end;
}

/* C0, DEL, C1, embeddings, overrides and isolates. */
static bool is_forbidden(ucs4_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* Single spaces inside, no other white space, nothing forbidden. */
static bool characters_normal(const uint8_t *text, size_t length) {
    bool after_space = true;
    for (size_t at = 0; at < length;) {
        ucs4_t c;
        at += (size_t)u8_mbtouc(&c, text + at, length - at);
        bool space = c == ' ';
        if (is_forbidden(c) || (space && after_space) ||
            (!space && uc_is_property_white_space(c))) {
            return false;
        }
        after_space = space;
    }
    return !after_space;
}

static bool is_ascii(const uint8_t *text, size_t length) {
    for (size_t at = 0; at < length; at++) {
        if (text[at] >= 0x80) {
            return false;
        }
    }
    return true;
}

static bool is_nfc(const uint8_t *text, size_t length) {
    if (is_ascii(text, length)) {
        return true;
    }
    size_t nfc_length = 0;
    uint8_t *nfc = u8_normalize(UNINORM_NFC, text, length, NULL, &nfc_length);
    bool same = nfc != NULL && nfc_length == length && memcmp(nfc, text, length) == 0;
    free(nfc);
    return same;
}

bool text_normal(const char *text) {
    const uint8_t *bytes = (const uint8_t *)text;
    size_t length = strlen(text);
    return length > 0 && u8_check(bytes, length) == NULL && characters_normal(bytes, length) &&
           is_nfc(bytes, length);
}

/* What a character adds to a slug: a static text, "" for nothing; or `letter`, filled in. */
static const char *slug_part(ucs4_t c, char letter[2]) {
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    for (;;) {
        switch (c) {
        case 0xE4:
            return "ae";
        case 0xF6:
            return "oe";
        case 0xFC:
            return "ue";
        case 0xDF:
            return "ss";
        default:
            break;
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            letter[0] = (char)c;
            letter[1] = '\0';
            return letter;
        }
        if (uc_canonical_decomposition(c, parts) < 1) {
            return "";
        }
        c = parts[0];
    }
}

void text_slug(char *slug, const char *hashtag) {
    size_t length = 0, count = 0;
    uint8_t *nfc =
        u8_normalize(UNINORM_NFC, (const uint8_t *)hashtag, strlen(hashtag), NULL, &length);
    for (size_t at = 0; nfc != NULL && at < length;) {
        ucs4_t c;
        char letter[2];
        at += (size_t)u8_mbtouc(&c, nfc + at, length - at);
        for (const char *part = slug_part(uc_tolower(c), letter); *part != '\0'; part++) {
            if (count < LIMIT_SLUG_CHARS) {
                slug[count++] = *part;
            }
        }
    }
    slug[count] = '\0';
    free(nfc);
}

bool text_hashtag(const char *text) {
    const uint8_t *bytes = (const uint8_t *)text;
    size_t length = strlen(text);
    bool letters = false;
    for (size_t at = 0; at < length;) {
        ucs4_t c;
        at += (size_t)u8_mbtouc(&c, bytes + at, length - at);
        if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L)) {
            letters = true;
        } else if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M)) {
            if (!letters) {
                return false;
            }
        } else if (c != '_' && !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Nd)) {
            return false;
        }
    }
    return letters && text_normal(text);
}
