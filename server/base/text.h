/* Texts by people, in UTF-8. The browser makes the normal form, the server checks it. */
#ifndef RAUTE_BASE_TEXT_H
#define RAUTE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool text_utf8_valid(const void *bytes, size_t length); /* no surrogates, no overlongs, no NUL */
/* User-perceived characters (extended grapheme clusters). */
size_t text_graphemes(const char *text);
/* Normal form: valid UTF-8, NFC, no control character (C0, U+007F, C1), no U+202A–202E and
 * U+2066–2069, white space (Unicode White_Space) only as single U+0020 inside, not empty. The cases
 * that the browser's tests share: tests/protocol/text.json. */
bool text_normal(const char *text);
/* Bytes of the first `graphemes` grapheme clusters of `text` (all, when it has fewer). */
size_t text_cut(const char *text, size_t graphemes);
/* A slug from a hashtag: lower case, ä → ae, ö → oe, ü → ue, ß → ss, other accents dropped, all but
 * [a-z0-9] dropped, cut at LIMIT_SLUG_CHARS. `slug` has LIMIT_SLUG_CHARS + 1 bytes; may become "",
 * or shorter than LIMIT_SLUG_CHARS_MIN. */
void text_slug(char *slug, const char *hashtag);
/* Hashtag that works on the open networks, without its #: letters (with their marks), digits,
 * underscore, at least one letter; in normal form. Its length is the caller's business. */
bool text_hashtag(const char *text);

#endif
