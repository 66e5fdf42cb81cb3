/* Pages. Shells come from the web build (wire/asset.h); their placeholders {{lang}}, {{title}},
 * {{meta}} and {{content}} are filled here, all else in them is left alone. What people wrote is
 * escaped, always. The pages that are the same for all events are made once, at wire_start. */
#ifndef RAUTE_WIRE_HTML_H
#define RAUTE_WIRE_HTML_H

#include "base/buffer.h"
#include "base/shared.h"
#include "event/event.h"
#include "event/settings.h"

#define HTML_TYPE "text/html; charset=utf-8"

enum html_page {
    HTML_START,
    HTML_MISSING, /* to be sent with 404 */
    HTML_MODERATOR,
    HTML_STAGE,
    HTML_ORGANISER,
    HTML_CALLBACK, /* where other servers send an organiser back to */
    HTML_PRIVACY,  /* what anonymous means here */
    HTML_PAGE_COUNT
};

struct page {
    struct shared *plain;
    struct shared *gzip;
    char etag[28]; /* quoted; of the plain bytes */
};

/* One of the fixed pages; borrowed, valid until wire_stop. Any thread. */
const struct page *html_page(enum html_page page, enum language language);

void html_start(void); /* after words_start; wire_start does it */
void html_stop(void);

/* Appends the audience's page of an event: current talk and its list, readable without
 * JavaScript. */
void html_list(struct buffer *out, const struct event *event, enum language language,
               const char *public_url);
/* Appends one question's page. The caller has checked that the audience may see it. */
void html_question(struct buffer *out, const struct event *event, const struct question *question,
                   enum language language, const char *public_url);
/* html_people.c: appends the page of all cards, most recent activity first, and that of one, which
 * everybody sees. */
void html_people(struct buffer *out, const struct event *event, enum language language,
                 const char *public_url);
void html_card(struct buffer *out, const struct event *event, const struct card *card,
               enum language language, const char *public_url);

#endif
