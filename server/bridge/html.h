/* Plain text from a far server's HTML; what came from elsewhere is never shown as HTML. */
#ifndef RAUTE_BRIDGE_HTML_H
#define RAUTE_BRIDGE_HTML_H

/* Tags are dropped, </p> and <br> are line ends, character references are decoded (numbers, and the
 * names that servers escape with). The caller frees it. */
char *html_plain(const char *html);

#endif
