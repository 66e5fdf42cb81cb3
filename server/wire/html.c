/* The pages that are the same for every event. */
#include "wire/html.h"

#include "base/limits.h"
#include "wire/gzip.h"
#include "wire/shell.h"
#include "wire/words.h"

#define LANGUAGES  2
#define PAGE_BYTES (256 * 1024)

static struct page pages[HTML_PAGE_COUNT][LANGUAGES];

static const struct {
    const char *shell, *title;
} NAMES[HTML_PAGE_COUNT] = {
    [HTML_START] = {"start", "html.start.title"},
    [HTML_MISSING] = {"missing", "html.missing.title"},
    [HTML_MODERATOR] = {"moderator", "html.moderator.title"},
    [HTML_STAGE] = {"stage", "html.stage.title"},
    [HTML_ORGANISER] = {"organiser", "html.organiser.title"},
    [HTML_CALLBACK] = {"callback", "html.callback.title"},
};

static void paragraph(struct buffer *out, enum language language, const char *key) {
    buffer_text(out, "<p>");
    html_words(out, language, key);
    buffer_text(out, "</p>");
}

static void content_make(struct buffer *out, enum html_page page, enum language language) {
    buffer_text(out, "<main>");
    if (page == HTML_MISSING) {
        buffer_text(out, "<h1>");
        html_words(out, language, "html.missing.title");
        buffer_text(out, "</h1>");
        paragraph(out, language, "html.missing.text");
        buffer_text(out, "<p><a href=\"/\">");
        html_words(out, language, "html.missing.start");
        buffer_text(out, "</a></p>");
    } else {
        buffer_text(out, "<h1>");
        html_words(out, language, NAMES[page].title);
        buffer_text(out, "</h1><noscript>");
        paragraph(out, language, page == HTML_START ? "html.start.no_script" : "html.needs_script");
        buffer_text(out, "</noscript>");
    }
    buffer_text(out, "</main>");
}

static void meta_make(struct buffer *out, enum html_page page, enum language language) {
    if (page != HTML_START) {
        buffer_text(out, "<meta name=\"robots\" content=\"noindex\">");
        return;
    }
    buffer_text(out, "<meta name=\"description\" content=\"");
    html_words(out, language, "html.start.description");
    buffer_text(out, "\">");
}

static struct page page_make(enum html_page page, enum language language) {
    struct buffer meta = buffer_make(PAGE_BYTES), content = buffer_make(PAGE_BYTES);
    struct buffer whole = buffer_make(PAGE_BYTES);
    meta_make(&meta, page, language);
    content_make(&content, page, language);
    shell_fill(&whole, NAMES[page].shell,
               &(struct shell_values){
                   .language = language,
                   .title = words_get(language, NAMES[page].title),
                   .meta = (const char *)meta.data,
                   .content = (const char *)content.data,
               });
    struct page made = {.plain = shared_new(whole.data, whole.length)};
    made.gzip = gzip_make(made.plain);
    etag_make(made.etag, made.plain);
    buffer_clear(&meta);
    buffer_clear(&content);
    buffer_clear(&whole);
    return made;
}

void html_start(void) {
    for (int page = 0; page < HTML_PAGE_COUNT; page++) {
        for (int language = 0; language < LANGUAGES; language++) {
            pages[page][language] = page_make((enum html_page)page, (enum language)language);
        }
    }
}

void html_stop(void) {
    for (int page = 0; page < HTML_PAGE_COUNT; page++) {
        for (int language = 0; language < LANGUAGES; language++) {
            shared_release(pages[page][language].plain);
            shared_release(pages[page][language].gzip);
            pages[page][language] = (struct page){0};
        }
    }
}

const struct page *html_page(enum html_page page, enum language language) {
    return &pages[page][language];
}
