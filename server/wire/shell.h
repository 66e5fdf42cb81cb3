/* Filling a page shell of the web build, and writing HTML that cannot be broken out of. */
#ifndef RAUTE_WIRE_SHELL_H
#define RAUTE_WIRE_SHELL_H

#include "base/buffer.h"
#include "event/settings.h"

/* What goes into a shell. `title` is plain text, `meta` and `content` are HTML. */
struct shell_values {
    enum language language;
    const char *title, *meta, *content;
};

/* Appends the shell "shell/NAME.html", filled. A shell that the build lacks is a broken invariant.
 */
void shell_fill(struct buffer *out, const char *name, const struct shell_values *values);

/* Appends text so that it is text wherever it stands, between tags or inside quotes. */
void html_text(struct buffer *out, const char *text);
/* Appends a sentence of the catalogue, escaped. */
void html_words(struct buffer *out, enum language language, const char *key);

#endif
