#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "wire/export.h"
#include "wire/words.h"

/* Every mark that Markdown, or HTML inside it, might read. */
static void markdown_text(struct buffer *out, const char *text) {
    for (const char *at = text; *at != '\0'; at++) {
        if (strchr("\\`*_{}[]<>()#+-.!|~&", *at) != NULL) {
            buffer_text(out, "\\");
        }
        buffer_append(out, at, 1);
    }
}

const char *question_by(const struct event *event, const struct question *question) {
    const struct card *card = question_card(event, question->number);
    return card != NULL && question_shown(question, VIEW_PUBLIC) ? card->name : "";
}

/* What is sorted. */
struct row {
    const struct question *question;
};

static int votes_compare(const void *a, const void *b) {
    const struct question *x = ((const struct row *)a)->question;
    const struct question *y = ((const struct row *)b)->question;
    if (x->votes != y->votes) {
        return x->votes < y->votes ? 1 : -1;
    }
    return (x->number > y->number) - (x->number < y->number);
}

static void markdown_question(struct buffer *out, const struct event *event,
                              const struct question *question, const char *public_url) {
    char votes[16];
    (void)snprintf(votes, sizeof votes, "%u", question->votes);
    enum language language = event->settings.language;
    buffer_format(out, "- [\\#%u](%s/e/%s/q/%u) ", question->number, public_url, event->slug,
                  question->number);
    markdown_text(out, question->text);
    buffer_text(out, " (");
    words_fill(out, language, "html.list.votes", (struct word_value[]){{"votes", votes}, {0}});
    buffer_text(out, ")");
    const char *by = question_by(event, question);
    if (*by != '\0') {
        struct buffer name = buffer_make(4 * LIMIT_CARD_NAME_BYTES);
        markdown_text(&name, by);
        buffer_text(out, " – ");
        words_fill(out, language, "html.export.by",
                   (struct word_value[]){{"name", (const char *)name.data}, {0}});
        buffer_clear(&name);
    }
    buffer_text(out, "\n");
    if (question->answer != NULL) {
        buffer_text(out, "\n  > ");
        markdown_text(out, question->answer);
        buffer_text(out, "\n\n");
    }
}

void export_markdown(struct buffer *out, const struct event *event, const char *public_url) {
    struct row *sorted = memory_resize(NULL, event->question_count + 1, sizeof *sorted);
    uint32_t count = 0;
    for (uint32_t i = 0; i < event->question_count; i++) {
        if (question_shown(event->questions[i], VIEW_PUBLIC)) {
            sorted[count++].question = event->questions[i];
        }
    }
    qsort(sorted, count, sizeof *sorted, votes_compare);

    buffer_text(out, "# ");
    markdown_text(out, event->settings.title);
    buffer_text(out, "\n\n");
    for (uint32_t i = 0; i < event->settings.hashtag_count; i++) {
        buffer_text(out, i > 0 ? " " : "");
        markdown_text(out, "#");
        markdown_text(out, event->settings.hashtags[i]);
    }
    buffer_format(out, "\n\n<%s/e/%s>\n", public_url, event->slug);
    for (uint32_t i = 0; i < event->talk_count; i++) {
        const struct talk *talk = &event->talks[i];
        buffer_text(out, "\n## ");
        markdown_text(out, talk->title);
        buffer_text(out, "\n\n");
        for (uint32_t j = 0; j < count; j++) {
            if (sorted[j].question->talk == talk->id) {
                markdown_question(out, event, sorted[j].question, public_url);
            }
        }
    }
    free(sorted);
}
