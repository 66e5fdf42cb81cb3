#include "bridge/html.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"

#define REFERENCE_CHARS 10 /* of the longest that is decoded, "&#1114111;" */

static bool starts(const char *text, const char *with) {
    return strncasecmp(text, with, strlen(with)) == 0;
}

static void point_append(struct buffer *out, unsigned long point) {
    uint8_t bytes[6];
    int length = point == 0 || point > 0x10FFFF
                     ? -1
                     : u8_uctomb(bytes, (ucs4_t)point, (ptrdiff_t)sizeof bytes);
    if (length > 0) {
        buffer_append(out, bytes, (size_t)length);
    }
}

/* Decodes the reference at `text`; returns its bytes, 0: it is none. */
static size_t reference(struct buffer *out, const char *text) {
    static const struct {
        const char *name, *value;
    } named[] = {{"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
                 {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", " "}};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (starts(text, named[i].name)) {
            buffer_text(out, named[i].value);
            return strlen(named[i].name);
        }
    }
    size_t length = strcspn(text, "; \n<");
    if (text[1] != '#' || text[length] != ';' || length >= REFERENCE_CHARS) {
        return 0;
    }
    bool hexadecimal = text[2] == 'x' || text[2] == 'X';
    point_append(out, strtoul(text + (hexadecimal ? 3 : 2), NULL, hexadecimal ? 16 : 10));
    return length + 1;
}

char *html_plain(const char *html) {
    struct buffer out = buffer_make(LIMIT_FAR_BYTES);
    while (*html != '\0') {
        size_t taken = *html == '&' ? reference(&out, html) : 0;
        const char *end = *html == '<' ? strchr(html, '>') : NULL;
        if (end != NULL) {
            if (starts(html, "</p>") || starts(html, "<br")) {
                buffer_text(&out, "\n");
            }
            taken = (size_t)(end - html) + 1;
        } else if (taken == 0) {
            buffer_append(&out, html, 1);
            taken = 1;
        }
        html += taken;
    }
    size_t length;
    char *text = (char *)buffer_take(&out, &length);
    return text == NULL ? memory_text("") : text;
}
