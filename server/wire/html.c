/* The pages that are the same for every event. */
#include "wire/html.h"

#include "base/limits.h"
#include "base/log.h"
#include "wire/asset.h"
#include "wire/gzip.h"
#include "wire/html_parts.h"
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
    [HTML_PRIVACY] = {"privacy", "html.privacy.title"},
};

/* The whole text stands in a file of its own beside its page (web/pages/privacy). */
static void privacy_append(struct buffer *out, enum language language) {
    const struct asset *text =
        asset_find(language == LANGUAGE_DE ? "shell/privacy.de.html" : "shell/privacy.en.html");
    INVARIANT(text != NULL);
    buffer_append(out, text->plain, text->plain_length);
}

static void content_make(struct buffer *out, enum html_page page, enum language language) {
    buffer_text(out, "<main>");
    html_words_in(out, "h1", language, NAMES[page].title);
    if (page == HTML_PRIVACY) {
        privacy_append(out, language);
    } else if (page == HTML_MISSING) {
        html_words_in(out, "p", language, "html.missing.text");
        buffer_text(out, "<p><a href=\"/\">");
        html_words(out, language, "html.missing.start");
        buffer_text(out, "</a></p>");
    } else {
        buffer_text(out, "<noscript>");
        html_words_in(out, "p", language,
                      page == HTML_START ? "html.start.no_script" : "html.needs_script");
        buffer_text(out, "</noscript>");
    }
    if (page != HTML_PRIVACY) {
        html_foot(out, language, NULL);
    }
    buffer_text(out, "</main>");
}

static void meta_make(struct buffer *out, enum html_page page, enum language language) {
    if (page != HTML_START && page != HTML_PRIVACY) {
        buffer_text(out, "<meta name=\"robots\" content=\"noindex\">");
        return;
    }
    buffer_text(out, "<meta name=\"description\" content=\"");
    html_words(out, language,
               page == HTML_START ? "html.start.description" : "html.privacy.description");
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
