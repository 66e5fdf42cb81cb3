#include "wire/html_parts.h"

#include "wire/encode_people.h"

void html_words_in(struct buffer *out, const char *tag, enum language language, const char *key) {
    buffer_format(out, "<%s>", tag);
    html_words(out, language, key);
    buffer_format(out, "</%s>", tag);
}

void html_text_in(struct buffer *out, const char *tag, const char *text) {
    buffer_format(out, "<%s dir=\"auto\">", tag);
    html_text(out, text);
    buffer_format(out, "</%s>", tag);
}

void html_head(struct buffer *out, const struct event *event) {
    buffer_format(out, "<header class=\"top\"><h1><a class=\"tag\" href=\"/e/%s\">#", event->slug);
    html_text(out, event->settings.hashtags[0]);
    buffer_text(out, "</a></h1>");
    html_text_in(out, "p", event->settings.title);
    buffer_text(out, "</header>");
}

void html_card_link(struct buffer *out, const struct event *event, const struct card *card,
                    const char *text) {
    char tag[CARD_TAG_CHARS + 1];
    card_tag_text(tag, card);
    buffer_format(out, "<a href=\"/e/%s/people/%s\" dir=\"auto\">", event->slug, tag);
    html_text(out, text);
    buffer_text(out, "</a>");
}

void html_proof(struct buffer *out, enum language language, enum proof_kind kind) {
    static const char *const keys[PROOF_KIND_COUNT] = {
        [PROOF_NONE] = "html.proof.none",
        [PROOF_LOGIN] = "html.proof.login",
        [PROOF_LINK] = "html.proof.link",
        [PROOF_POST] = "html.proof.post",
    };
    html_words(out, language, keys[kind]);
}

const char *html_people_heading(const struct event *event) {
    return event->closed ? "html.people.over" : "html.people.heading";
}

void html_foot(struct buffer *out, enum language language, const struct event *event) {
    buffer_text(out, "<footer class=\"q-foot\">");
    if (event != NULL) {
        buffer_format(out, "<a href=\"/e/%s/people\">", event->slug);
        html_words(out, language, html_people_heading(event));
        buffer_text(out, "</a>");
    }
    buffer_text(out, "<a href=\"/privacy\">");
    html_words(out, language, "html.privacy.title");
    buffer_text(out, "</a></footer>");
}

void html_meta(struct buffer *out, const char *type, const char *title, const char *description,
               const char *url) {
    const struct {
        const char *attribute, *name, *value;
    } rows[] = {
        {"name", "description", description},
        {"property", "og:site_name", "Raute"},
        {"property", "og:type", type},
        {"property", "og:title", title},
        {"property", "og:description", description},
        {"property", "og:url", url},
        {"name", "twitter:card", "summary"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buffer_format(out, "<meta %s=\"%s\" content=\"", rows[i].attribute, rows[i].name);
        html_text(out, rows[i].value);
        buffer_text(out, "\">");
    }
}

void html_fill(struct buffer *out, const char *shell, enum language language, struct buffer *title,
               struct buffer *meta, struct buffer *content) {
    shell_fill(out, shell,
               &(struct shell_values){
                   .language = language,
                   .title = (const char *)title->data,
                   .meta = (const char *)meta->data,
                   .content = (const char *)content->data,
               });
    buffer_clear(title);
    buffer_clear(meta);
    buffer_clear(content);
}
