#include "bridge/html.h"

#include <libxml/HTMLparser.h>
#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/memory.h"

static bool is_named(const xmlNode *node, const char *name) {
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static void before(struct buffer *out, const xmlNode *node) {
    if (is_named(node, "br")) {
        buffer_text(out, "\n");
    } else if (node->type == XML_TEXT_NODE && node->content != NULL) {
        buffer_text(out, (const char *)node->content);
    }
}

static void after(struct buffer *out, const xmlNode *node) {
    if (is_named(node, "p")) {
        buffer_text(out, "\n");
    }
}

/* Depth first without recursion: the far server decides how deep its tags are nested. */
static void walk(struct buffer *out, const xmlNode *root) {
    const xmlNode *node = root;
    while (node != NULL) {
        before(out, node);
        if (node->children != NULL && (is_named(node, "script") || is_named(node, "style")) == 0) {
            node = node->children;
            continue;
        }
        after(out, node);
        while (node != NULL && node != root && node->next == NULL) {
            node = node->parent;
            if (node != NULL) {
                after(out, node);
            }
        }
        node = node == NULL || node == root ? NULL : node->next;
    }
}

char *html_plain(const char *html) {
    struct buffer out = buffer_make(LIMIT_FAR_BYTES);
    size_t length = strlen(html);
    htmlDocPtr document = length > LIMIT_FAR_BYTES
                              ? NULL
                              : htmlReadMemory(html, (int)length, NULL, "UTF-8",
                                               HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                                   HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    if (document != NULL) {
        walk(&out, xmlDocGetRootElement(document));
        xmlFreeDoc(document);
    }
    char *text = (char *)buffer_take(&out, &length);
    return text == NULL ? memory_text("") : text;
}
