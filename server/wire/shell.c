#include "wire/shell.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "wire/asset.h"
#include "wire/words.h"

void html_text(struct buffer *out, const char *text) {
    const char *from = text;
    for (const char *at = text; *at != '\0'; at++) {
        const char *safe = *at == '&'    ? "&amp;"
                           : *at == '<'  ? "&lt;"
                           : *at == '>'  ? "&gt;"
                           : *at == '"'  ? "&quot;"
                           : *at == '\'' ? "&#39;"
                                         : NULL;
        if (safe != NULL) {
            buffer_append(out, from, (size_t)(at - from));
            buffer_text(out, safe);
            from = at + 1;
        }
    }
    buffer_text(out, from);
}

void html_words(struct buffer *out, enum language language, const char *key) {
    html_text(out, words_get(language, key));
}

/* Appends the value whose placeholder begins `text`; returns the placeholder's length, 0: none. */
static size_t placeholder_fill(struct buffer *out, const char *text, size_t length,
                               const struct shell_values *values) {
    const struct {
        const char *name, *value;
        bool plain;
    } places[] = {
        {"{{lang}}", language_name(values->language), false},
        {"{{title}}", values->title, true},
        {"{{meta}}", values->meta, false},
        {"{{content}}", values->content, false},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t name = strlen(places[i].name);
        if (name <= length && memcmp(text, places[i].name, name) == 0) {
            if (places[i].plain) {
                html_text(out, places[i].value);
            } else {
                buffer_text(out, places[i].value);
            }
            return name;
        }
    }
    return 0;
}

void shell_fill(struct buffer *out, const char *name, const struct shell_values *values) {
    char path[64];
    (void)snprintf(path, sizeof path, "shell/%s.html", name);
    const struct asset *shell = asset_find(path);
    INVARIANT(shell != NULL);
    const char *text = (const char *)shell->plain;
    size_t length = shell->plain_length, from = 0, at = 0;
    while (at < length) {
        if (text[at] != '{') {
            at++;
            continue;
        }
        buffer_append(out, text + from, at - from);
        size_t filled = placeholder_fill(out, text + at, length - at, values);
        from = at + filled;
        at = filled > 0 ? from : at + 1;
    }
    buffer_append(out, text + from, at - from);
}
