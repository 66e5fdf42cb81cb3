/* What a post says: question, answer or call, hashtags and link, within a network's own limit and
 * by its own way of counting. The browser's preview (web/core/post.ts) makes the same; both are
 * checked by tests/protocol/posts.json.
 *
 *   question   {question}\n\n{#Tag1 #Tag2 …} {link}
 *   answer     {answer, or when it was answered live}\n\n{#Tag1} {link}
 *   open       {call}\n\n{#Tag1 #Tag2 …} {link}
 *   test       {sentence}\n\n{link}
 *
 * Hashtags are left out from the last one on while hashtags and link take more than half of the
 * limit; the first one stays. Only what stands before them is cut, at a grapheme boundary, and ends
 * in "…" then. A warning goes beside the text on Mastodon, above it as "CW: …" elsewhere, cut to a
 * third of the limit. A U+2060 after an @ before a letter, digit or underscore keeps it from
 * telling anybody there that an anonymous question speaks of them; not on Bluesky, where only
 * facets mention. On Bluesky a link stands without its scheme. */
#ifndef RAUTE_BRIDGE_TEXT_H
#define RAUTE_BRIDGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bridge/count.h"
#include "event/outgoing.h"
#include "event/settings.h"

/* What it is made of; borrowed. */
struct post_source {
    enum network network;
    uint32_t limit, link_length; /* of the account */
    enum post_kind kind;
    bool test;           /* a test post instead */
    const char *text;    /* of the question */
    const char *answer;  /* NULL: answered live */
    const char *warning; /* NULL: none */
    uint32_t answered;   /* minute, Unix time */
    const struct settings *settings;
    const char *url; /* of the question's page; of the event's for a test */
};

/* A part of the text that is more than text: offsets in UTF-8 bytes, end exclusive. */
struct post_facet {
    size_t start, end;
    char *tag; /* without '#'; or */
    char *uri;
};

struct post_text {
    char *text;                                   /* UTF-8; on Mastodon without the warning */
    char *warning;                                /* Mastodon: goes beside the text; else NULL */
    struct post_facet facets[LIMIT_HASHTAGS + 1]; /* Bluesky */
    size_t facet_count;
    size_t count;         /* as the network counts, warning included */
    const char *language; /* "de", "en"; static */
};

/* Longer than the limit only when the limit is too small for hashtag and link. */
struct post_text post_compose(const struct post_source *source);
void post_text_clear(struct post_text *text);

/* For looking whether a post is out there, in plain text as its network shows it. */
/* True when it is this post: the same letters and digits up to the final link, which a network may
 * show in another form, and nothing after it. Without a text (of a deletion it is not known any
 * more): when it ends as our posts do, in a line of hashtags and a link, and is a call if and only
 * if `kind` is OPEN. */
bool post_seen(enum post_kind kind, const struct post_text *text, const char *seen);

#endif
