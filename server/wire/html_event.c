/* The pages of an event that can be read without JavaScript: the list and one question. */
#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"
#include "wire/encode.h"
#include "wire/html.h"
#include "wire/html_parts.h"
#include "wire/words.h"

#define LIST_QUESTIONS_MAX 300 /* the page itself would become the slow part */
#define PREVIEW_GRAPHEMES  200

/* Whose question it is, where somebody said so. */
static void asker_append(struct buffer *out, const struct event *event, uint32_t number,
                         enum language language) {
    const struct card *card = question_card(event, number);
    if (card == NULL) {
        return;
    }
    buffer_text(out, " <span class=\"by\">");
    html_words(out, language, "html.question.by");
    buffer_text(out, " ");
    html_card_link(out, event, card, card->name);
    buffer_text(out, " (");
    html_proof(out, language, card_proof(card));
    buffer_text(out, ")</span>");
}

/* What stands under a question's text, and its answer. `link`: its number leads to its page. */
static void question_append(struct buffer *out, const struct event *event,
                            const struct question *question, enum language language, bool link) {
    char votes[16];
    (void)snprintf(votes, sizeof votes, "%u", question->votes);
    buffer_text(out, "<p class=\"q-text\" dir=\"auto\">");
    html_text(out, question->text);
    buffer_text(out, "</p><p class=\"q-foot\">");
    if (link) {
        buffer_format(out, "<a class=\"no\" href=\"/e/%s/q/%u\">#%u</a> ", event->slug,
                      question->number, question->number);
    }
    buffer_text(out, "<span>");
    words_fill(out, language, "html.list.votes", (struct word_value[]){{"votes", votes}, {0}});
    buffer_text(out, "</span>");
    asker_append(out, event, question->number, language);
    buffer_text(out, "</p>");
    if (question->answer != NULL) {
        buffer_text(out, "<div class=\"answer\">");
        html_words_in(out, "h3", language, "html.question.answer");
        html_text_in(out, "p", question->answer);
        buffer_text(out, "</div>");
    }
}

/* Where else the question stands. */
static void posts_append(struct buffer *out, const struct event *event,
                         const struct question *question, enum language language) {
    static const char *const names[NETWORK_COUNT] = {
        [NETWORK_MASTODON] = "Mastodon", [NETWORK_BLUESKY] = "Bluesky", [NETWORK_X] = "X"};
    uint32_t first, count = event_posts(event, question->number, &first);
    for (uint32_t i = first; i < first + count; i++) {
        const struct outgoing *row = &event->outgoing[i];
        if (!post_public(event, row)) {
            continue;
        }
        const struct account *account = event_account(event, row->account);
        buffer_text(out, "<p class=\"q-foot\"><span>");
        words_fill(out, language, "html.question.also",
                   (struct word_value[]){{"network", names[account->network]}, {0}});
        buffer_text(out, "</span> <a rel=\"noopener noreferrer nofollow\" href=\"");
        html_text(out, row->url);
        buffer_text(out, "\" dir=\"auto\">");
        html_text(out, account->name);
        buffer_text(out, "</a></p>");
    }
}

static void item_append(struct buffer *out, const struct event *event,
                        const struct question *question, enum language language, uint32_t *count) {
    if (++*count > LIST_QUESTIONS_MAX) {
        return;
    }
    buffer_format(out, "<li class=\"q\" id=\"q%u\">", question->number);
    question_append(out, event, question, language, true);
    buffer_text(out, "</li>");
}

/* The listed questions of a talk, pinned ones first, in fair order. */
static void talk_listed(struct buffer *out, const struct event *event, const struct talk *talk,
                        enum language language, uint32_t *count) {
    uint32_t before = *count;
    for (int pinned = 1; pinned >= 0; pinned--) {
        for (uint32_t i = 0; i < talk->order_count; i++) {
            const struct question *question = event_question(event, talk->order[i]);
            if (question != NULL && question->state == STATE_LISTED &&
                question->pinned == (pinned == 1)) {
                buffer_text(out, *count == before ? "<ol>" : "");
                item_append(out, event, question, language, count);
            }
        }
    }
    if (*count > before) {
        buffer_text(out, "</ol>");
    } else {
        html_words_in(out, "p", language, "html.list.empty");
    }
}

static void talk_answering(struct buffer *out, const struct event *event, const struct talk *talk,
                           enum language language) {
    for (uint32_t i = 0; i < talk->order_count; i++) {
        const struct question *question = event_question(event, talk->order[i]);
        if (question != NULL && question->state == STATE_ANSWERING) {
            buffer_format(out, "<section class=\"q q-now\" id=\"q%u\">", question->number);
            html_words_in(out, "h3", language, "html.list.now");
            question_append(out, event, question, language, true);
            buffer_text(out, "</section>");
        }
    }
}

static void talk_answered(struct buffer *out, const struct event *event, const struct talk *talk,
                          enum language language, uint32_t *count) {
    bool any = false;
    for (uint32_t i = 0; i < event->question_count; i++) {
        const struct question *question = event->questions[i];
        if (question->talk != talk->id || question->state != STATE_ANSWERED) {
            continue;
        }
        if (!any) {
            html_words_in(out, "h3", language, "html.list.answered");
            buffer_text(out, "<ol>");
            any = true;
        }
        item_append(out, event, question, language, count);
    }
    if (any) {
        buffer_text(out, "</ol>");
    }
}

static void talk_append(struct buffer *out, const struct event *event, const struct talk *talk,
                        enum language language, uint32_t *count) {
    buffer_text(out, "<section class=\"talk\">");
    html_text_in(out, "h2", talk->title);
    talk_answering(out, event, talk, language);
    talk_listed(out, event, talk, language, count);
    talk_answered(out, event, talk, language, count);
    buffer_text(out, "</section>");
}

static void list_content(struct buffer *out, const struct event *event, enum language language) {
    uint32_t count = 0;
    html_head(out, event);
    buffer_text(out, "<main><noscript>");
    html_words_in(out, "p", language, "html.list.no_script");
    buffer_text(out, "</noscript>");
    const struct talk *current = event_talk(event, event->current_talk);
    if (current != NULL) {
        talk_append(out, event, current, language, &count);
    }
    for (uint32_t i = 0; i < event->talk_count; i++) {
        if (&event->talks[i] != current) {
            talk_append(out, event, &event->talks[i], language, &count);
        }
    }
    if (count > LIST_QUESTIONS_MAX) {
        html_words_in(out, "p", language, "html.list.more");
    }
    html_foot(out, language, event);
    buffer_text(out, "</main>");
}

void html_list(struct buffer *out, const struct event *event, enum language language,
               const char *public_url) {
    struct buffer title = buffer_make(LIMIT_HEADER_BYTES), meta = buffer_make(LIMIT_SNAPSHOT_BYTES);
    struct buffer content = buffer_make(LIMIT_SNAPSHOT_BYTES);
    struct buffer description = buffer_make(LIMIT_HEADER_BYTES);
    struct buffer url = buffer_make(LIMIT_HEADER_BYTES);
    const struct word_value values[] = {
        {"title", event->settings.title}, {"hashtag", event->settings.hashtags[0]}, {0}};
    words_fill(&title, language, "html.list.title", values);
    words_fill(&description, language, "html.list.description", values);
    buffer_format(&url, "%s/e/%s", public_url, event->slug);
    html_meta(&meta, "website", (const char *)title.data, (const char *)description.data,
              (const char *)url.data);
    list_content(&content, event, language);
    html_fill(out, "audience", language, &title, &meta, &content);
    buffer_clear(&description);
    buffer_clear(&url);
}

void html_question(struct buffer *out, const struct event *event, const struct question *question,
                   enum language language, const char *public_url) {
    struct buffer title = buffer_make(LIMIT_HEADER_BYTES), meta = buffer_make(LIMIT_SNAPSHOT_BYTES);
    struct buffer content = buffer_make(LIMIT_SNAPSHOT_BYTES);
    struct buffer preview = buffer_make(LIMIT_HEADER_BYTES), url = buffer_make(LIMIT_HEADER_BYTES);
    char number[16];
    (void)snprintf(number, sizeof number, "%u", question->number);
    const struct word_value values[] = {{"number", number}, {"title", event->settings.title}, {0}};
    words_fill(&title, language, "html.question.title", values);
    size_t cut = text_cut(question->text, PREVIEW_GRAPHEMES);
    buffer_append(&preview, question->text, cut);
    buffer_text(&preview, question->text[cut] != '\0' ? "…" : "");
    buffer_format(&url, "%s/e/%s/q/%s", public_url, event->slug, number);
    html_meta(&meta, "article", (const char *)title.data, (const char *)preview.data,
              (const char *)url.data);

    html_head(&content, event);
    buffer_text(&content, "<main><article class=\"q\"><h2>");
    words_fill(&content, language, "html.question.heading",
               (struct word_value[]){{"number", number}, {0}});
    buffer_text(&content, "</h2>");
    question_append(&content, event, question, language, false);
    posts_append(&content, event, question, language);
    buffer_format(&content, "</article><p><a href=\"/e/%s\">", event->slug);
    html_words(&content, language, "html.question.back");
    buffer_text(&content, "</a></p>");
    html_foot(&content, language, event);
    buffer_text(&content, "</main>");
    html_fill(out, "question", language, &title, &meta, &content);
    buffer_clear(&preview);
    buffer_clear(&url);
}
