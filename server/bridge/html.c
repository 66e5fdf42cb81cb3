#include "bridge/html.h"

#include <libxml/HTMLparser.h>
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

static htmlDocPtr document_read(const char *html, size_t length, const char *encoding) {
    return htmlReadMemory(html, (int)length, NULL, encoding,
                          HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                              HTML_PARSE_NONET);
}

char *html_plain(const char *html) {
    struct buffer out = buffer_make(LIMIT_FAR_BYTES);
    size_t length = strlen(html);
    htmlDocPtr document = length > LIMIT_FAR_BYTES ? NULL : document_read(html, length, "UTF-8");
    if (document != NULL) {
        walk(&out, xmlDocGetRootElement(document));
        xmlFreeDoc(document);
    }
    char *text = (char *)buffer_take(&out, &length);
    return text == NULL ? memory_text("") : text;
}

static bool link_give(const xmlNode *node,
                      bool (*take)(void *context, const char *rel, const char *href),
                      void *context) {
    if (!is_named(node, "a") && !is_named(node, "link")) {
        return false;
    }
    xmlChar *rel = xmlGetProp(node, (const xmlChar *)"rel");
    xmlChar *href = xmlGetProp(node, (const xmlChar *)"href");
    bool taken =
        href != NULL && take(context, rel == NULL ? "" : (const char *)rel, (const char *)href);
    xmlFree(rel);
    xmlFree(href);
    return taken;
}

/* The node that follows in the document, however deep it is nested; NULL: none. */
static const xmlNode *node_after(const xmlNode *node) {
    if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
        return node->children;
    }
    while (node != NULL && node->next == NULL) {
        node = node->parent;
    }
    return node == NULL ? NULL : node->next;
}

bool html_links(const char *html, size_t length,
                bool (*take)(void *context, const char *rel, const char *href), void *context) {
    htmlDocPtr document = document_read(html, length, NULL);
    bool taken = false;
    if (document == NULL) {
        return false;
    }
    for (const xmlNode *node = xmlDocGetRootElement(document); node != NULL && !taken;
         node = node_after(node)) {
        taken = link_give(node, take, context);
    }
    xmlFreeDoc(document);
    return taken;
}
