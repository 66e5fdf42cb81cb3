/* Plain text from a far server's HTML; what came from elsewhere is never shown as HTML. */
#ifndef RAUTE_BRIDGE_HTML_H
#define RAUTE_BRIDGE_HTML_H

#include <stdbool.h>
#include <stddef.h>

/* Its text alone, </p> and <br> as line ends, nothing of scripts and styles; empty when it is none
 * or longer than LIMIT_FAR_BYTES. Read by libxml2, which takes whatever comes. The caller frees it.
 */
char *html_plain(const char *html);

/* Gives `take` what every <a> and <link> with an address says ("" without a rel), until it returns
 * true; then true. */
bool html_links(const char *html, size_t length,
                bool (*take)(void *context, const char *rel, const char *href), void *context);

#endif
