/* The people of an event who chose to be seen, readable without JavaScript. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "wire/encode_people.h"
#include "wire/html.h"
#include "wire/html_parts.h"
#include "wire/words.h"

#define CARDS_MAX 300 /* the page itself would become the slow part */
#define SHELL     "people"

/* What leads away. `rel` besides what holds for every such link. */
static void away_append(struct buffer *out, const char *url, const char *rel, const char *text) {
    buffer_format(out, "<a rel=\"%snofollow noopener\" href=\"", rel);
    html_text(out, url);
    buffer_text(out, "\" dir=\"auto\">");
    html_text(out, text);
    buffer_text(out, "</a>");
}

static void proof_append(struct buffer *out, enum language language, const struct proof *proof) {
    buffer_text(out, " <span class=\"small\">");
    html_proof(out, language, proof->kind);
    buffer_text(out, "</span></li>");
}

static void accounts_append(struct buffer *out, const struct card *card, const char *rel,
                            enum language language) {
    if (card->account_count == 0 && *card->web == '\0') {
        return;
    }
    buffer_text(out, "<ul class=\"acc\">");
    for (uint8_t i = 0; i < card->account_count; i++) {
        const struct card_account *account = &card->accounts[i];
        struct buffer url = buffer_make(LIMIT_URL_BYTES), name = buffer_make(LIMIT_URL_BYTES);
        account_url(&url, account->name);
        buffer_format(&name, "@%s", account->name);
        buffer_text(out, "<li>");
        away_append(out, (const char *)url.data, rel, (const char *)name.data);
        proof_append(out, language, &account->proof);
        buffer_clear(&url);
        buffer_clear(&name);
    }
    if (*card->web != '\0') {
        buffer_text(out, "<li>");
        away_append(out, card->web, rel, card->web);
        proof_append(out, language, &card->web_proof);
    }
    buffer_text(out, "</ul>");
}

static void asked_append(struct buffer *out, const struct event *event, const struct card *card,
                         enum language language) {
    bool any = false;
    for (uint32_t i = 0; i < event->claim_count; i++) {
        const struct claim *claim = &event->claims[i];
        if (memcmp(claim->card, card->key, CARD_KEY_BYTES) != 0 ||
            !claim_seen(event, claim, card, VIEW_PUBLIC)) {
            continue;
        }
        if (!any) {
            buffer_text(out, "<p class=\"asked-l small\">");
            html_words(out, language, "html.people.asked");
            buffer_text(out, "</p><ul class=\"asked\">");
            any = true;
        }
        buffer_format(out,
                      "<li><a href=\"/e/%s/q/%u\"><b>#%u</b> "
                      "<span class=\"voice\" dir=\"auto\">",
                      event->slug, claim->number, claim->number);
        html_text(out, event_question(event, claim->number)->text);
        buffer_text(out, "</span></a></li>");
    }
    buffer_text(out, any ? "</ul>" : "");
}

/* All of a card but its name. */
static void card_append(struct buffer *out, const struct event *event, const struct card *card,
                        const char *rel, enum language language) {
    if (card->alike) {
        buffer_text(out, "<p class=\"small\">");
        html_words(out, language, "html.people.alike");
        buffer_text(out, "</p>");
    }
    if (*card->line != '\0') {
        buffer_text(out, "<p class=\"voice\" dir=\"auto\">");
        html_text(out, card->line);
        buffer_text(out, "</p>");
    }
    accounts_append(out, card, rel, language);
    asked_append(out, event, card, language);
}

static int card_compare(const void *a, const void *b) {
    const struct card *x = *(const struct card *const *)a, *y = *(const struct card *const *)b;
    int by_minute = (x->minute < y->minute) - (x->minute > y->minute);
    return by_minute != 0 ? by_minute : memcmp(x->key, y->key, CARD_KEY_BYTES);
}

/* What everybody sees, the last that did something first; free() it. */
static const struct card **cards_sorted(const struct event *event, uint32_t *count) {
    const struct card **cards = memory_resize(NULL, event->card_count + 1u, sizeof(struct card *));
    *count = 0;
    for (uint32_t i = 0; i < event->card_count; i++) {
        if (card_public(event->cards[i])) {
            cards[(*count)++] = event->cards[i];
        }
    }
    qsort(cards, *count, sizeof(struct card *), card_compare);
    return cards;
}

static void count_append(struct buffer *out, enum language language, uint32_t count) {
    char number[16];
    (void)snprintf(number, sizeof number, "%u", count);
    buffer_text(out, "<p>");
    words_fill(out, language,
               count == 0   ? "html.people.none"
               : count == 1 ? "html.people.one"
                            : "html.people.many",
               (struct word_value[]){{"n", number}, {0}});
    buffer_text(out, "</p>");
}

static void cards_append(struct buffer *out, const struct event *event, enum language language) {
    uint32_t count;
    const struct card **cards = cards_sorted(event, &count);
    html_head(out, event);
    buffer_text(out, "<main>");
    html_words_in(out, "h2", language, html_people_heading(event));
    count_append(out, language, count);
    buffer_text(out, "<noscript>");
    html_words_in(out, "p", language, "html.people.no_script");
    buffer_text(out, "</noscript>");
    for (uint32_t i = 0; i < count && i < CARDS_MAX; i++) {
        char tag[CARD_TAG_CHARS + 1];
        card_tag_text(tag, cards[i]);
        buffer_format(out, "<article class=\"q card\" id=\"%s\"><h3>", tag);
        html_card_link(out, event, cards[i], cards[i]->name);
        buffer_text(out, "</h3>");
        card_append(out, event, cards[i], "", language);
        buffer_text(out, "</article>");
    }
    if (count > CARDS_MAX) {
        html_words_in(out, "p", language, "html.people.more");
    }
    buffer_format(out, "<p><a href=\"/e/%s\">", event->slug);
    html_words(out, language, "html.question.back");
    buffer_text(out, "</a></p>");
    html_foot(out, language, NULL);
    buffer_text(out, "</main>");
    free(cards);
}

/* The same for every page of people, whoever is on it: of the event alone, and not for search
 * engines. */
static void meta_append(struct buffer *meta, const struct event *event, enum language language,
                        const struct buffer *title, const char *url) {
    struct buffer description = buffer_make(LIMIT_HEADER_BYTES);
    words_fill(&description, language, "html.people.description",
               (struct word_value[]){{"title", event->settings.title},
                                     {"hashtag", event->settings.hashtags[0]},
                                     {0}});
    html_meta(meta, "website", (const char *)title->data, (const char *)description.data, url);
    buffer_text(meta, "<meta name=\"robots\" content=\"noindex\">");
    buffer_clear(&description);
}

static void page_append(struct buffer *out, const struct event *event, enum language language,
                        const char *public_url, const char *word, struct buffer *content) {
    struct buffer title = buffer_make(LIMIT_HEADER_BYTES), url = buffer_make(LIMIT_HEADER_BYTES);
    struct buffer meta = buffer_make(LIMIT_SNAPSHOT_BYTES);
    words_fill(&title, language, word,
               (struct word_value[]){{"title", event->settings.title}, {0}});
    buffer_format(&url, "%s/e/%s/people", public_url, event->slug);
    meta_append(&meta, event, language, &title, (const char *)url.data);
    html_fill(out, SHELL, language, &title, &meta, content);
    buffer_clear(&url);
}

void html_people(struct buffer *out, const struct event *event, enum language language,
                 const char *public_url) {
    struct buffer content = buffer_make(LIMIT_SNAPSHOT_BYTES);
    cards_append(&content, event, language);
    page_append(out, event, language, public_url, "html.people.title", &content);
}

void html_card(struct buffer *out, const struct event *event, const struct card *card,
               enum language language, const char *public_url) {
    struct buffer content = buffer_make(LIMIT_SNAPSHOT_BYTES);
    html_head(&content, event);
    buffer_text(&content, "<main><article class=\"q card\">");
    html_text_in(&content, "h2", card->name);
    card_append(&content, event, card, "me ", language);
    buffer_format(&content, "</article><p><a href=\"/e/%s/people\">", event->slug);
    html_words(&content, language, "html.card.back");
    buffer_text(&content, "</a></p>");
    html_foot(&content, language, NULL);
    buffer_text(&content, "</main>");
    page_append(out, event, language, public_url, "html.card.title", &content);
}
