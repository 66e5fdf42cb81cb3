/* What the server's own pages have in common. */
#ifndef RAUTE_WIRE_HTML_PARTS_H
#define RAUTE_WIRE_HTML_PARTS_H

#include "base/buffer.h"
#include "event/event.h"
#include "wire/shell.h"

/* An element that holds a sentence of the catalogue, or what somebody wrote. */
void html_words_in(struct buffer *out, const char *tag, enum language language, const char *key);
void html_text_in(struct buffer *out, const char *tag, const char *text);

/* Hashtag and title above a page of the event. */
void html_head(struct buffer *out, const struct event *event);
/* The key of what the page of people is called, while the event lasts and after it. */
const char *html_people_heading(const struct event *event);
/* Links below a page, the last thing in it; `event` NULL: it is of none. */
void html_foot(struct buffer *out, enum language language, const struct event *event);
/* A link with this text to the card's page. */
void html_card_link(struct buffer *out, const struct event *event, const struct card *card,
                    const char *text);
/* How it was shown that an account is the card's owner's, or that it was not. */
void html_proof(struct buffer *out, enum language language, enum proof_kind kind);
/* What networks show of a link: never of people, whatever the page holds. */
void html_meta(struct buffer *out, const char *type, const char *title, const char *description,
               const char *url);
/* Builds meta data and content into the shell; the buffers are freed. */
void html_fill(struct buffer *out, const char *shell, enum language language, struct buffer *title,
               struct buffer *meta, struct buffer *content);

#endif
