#include "bridge/text.h"

#include <stdlib.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#define BLUESKY_BYTES 3000
#define POST_BYTES    (32 * 1024) /* of a text before it is cut */
#define ELLIPSIS      "…"
#define WORD_JOINER   "\xe2\x81\xa0"
#define FULL_WIDTH_AT 0xFF20
#define DAY_MINUTES   1440

/* The event's language; the pages' words live in web/words. */
struct sentences {
    const char *language, *answered_live, *open, *test;
};

static const struct sentences sentences[] = {
    [LANGUAGE_DE] = {"de", "Live beantwortet um %02d:%02d.",
                     "Dafür war auf der Bühne keine Zeit. Wer weiß eine Antwort?",
                     "Testbeitrag: Dieses Konto ist jetzt mit Raute verbunden. Er wird gleich "
                     "wieder gelöscht."},
    [LANGUAGE_EN] = {"en", "Answered live at %02d:%02d.",
                     "There was no time for this on stage. Who has an answer?",
                     "Test post: this account is now connected to Raute. It will be deleted in a "
                     "moment."},
};

static char *text_of(struct buffer *buffer) {
    INVARIANT(!buffer->overflow);
    size_t length;
    char *text = (char *)buffer_take(buffer, &length);
    return text == NULL ? memory_text("") : text;
}

static size_t count(const struct post_source *source, const char *text) {
    return post_count(source->network, text, source->link_length);
}

/* ---- what people wrote */

static bool names_begin(const char *text) {
    ucs4_t c = 0;
    (void)u8_mbtouc(&c, (const uint8_t *)text, strlen(text));
    return *text != '\0' && (c == '_' || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L) ||
                             uc_is_general_category_withtable(c, UC_CATEGORY_MASK_N));
}

static char *unmentioned(enum network network, const char *text) {
    struct buffer out = buffer_make(POST_BYTES);
    while (*text != '\0') {
        ucs4_t c;
        size_t size = (size_t)u8_mbtouc(&c, (const uint8_t *)text, strlen(text));
        buffer_append(&out, text, size);
        text += size;
        if (network != NETWORK_BLUESKY && (c == '@' || c == FULL_WIDTH_AT) && names_begin(text)) {
            buffer_text(&out, WORD_JOINER);
        }
    }
    return text_of(&out);
}

/* The first `kept` graphemes; less than all of them end in an ellipsis. */
static char *cut(const char *text, size_t kept, size_t graphemes) {
    static const char *const loose[] = {" ", ",", ";", ":", "–"};
    if (kept == graphemes) {
        return memory_text(text);
    }
    size_t length = text_cut(text, kept);
    for (size_t i = 0; i < sizeof loose / sizeof loose[0];) {
        size_t size = strlen(loose[i]);
        bool ends = length >= size && memcmp(text + length - size, loose[i], size) == 0;
        length -= ends ? size : 0;
        i = ends ? 0 : i + 1;
    }
    struct buffer out = buffer_make(POST_BYTES);
    buffer_append(&out, text, length);
    buffer_text(&out, ELLIPSIS);
    return text_of(&out);
}

/* NULL for none. */
static char *warning_of(const struct post_source *source) {
    if (source->warning == NULL || *source->warning == '\0') {
        return NULL;
    }
    char *whole = unmentioned(source->network, source->warning);
    size_t graphemes = text_graphemes(whole), kept = graphemes;
    char *warning = cut(whole, kept, graphemes);
    while (kept > 0 && count(source, warning) > source->limit / 3) {
        free(warning);
        warning = cut(whole, --kept, graphemes);
    }
    free(whole);
    return warning;
}

static char *lead_of(const struct post_source *source) {
    const struct settings *settings = source->settings;
    const struct sentences *words = &sentences[settings->language];
    if (source->test) {
        return memory_text(words->test);
    }
    switch (source->kind) {
    case POST_ANSWER:
        if (source->answer == NULL) {
            int64_t local = (int64_t)source->answered + settings->offset;
            int minute = (int)(((local % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES);
            struct buffer out = buffer_make(POST_BYTES);
            buffer_format(&out, words->answered_live, minute / 60, minute % 60);
            return text_of(&out);
        }
        return unmentioned(source->network, source->answer);
    case POST_OPEN:
        return memory_text(words->open);
    default:
        return unmentioned(source->network, source->text);
    }
}

/* ---- hashtags and link */

static const char *link_shown(const struct post_source *source) {
    const char *host = strstr(source->url, "://");
    return source->network == NETWORK_BLUESKY && host != NULL ? host + 3 : source->url;
}

static char *tail_with(const struct post_source *source, uint32_t tags) {
    struct buffer out = buffer_make(POST_BYTES);
    for (uint32_t i = 0; i < tags; i++) {
        buffer_format(&out, "#%s ", source->settings->hashtags[i]);
    }
    buffer_text(&out, link_shown(source));
    return text_of(&out);
}

static char *tail_of(const struct post_source *source, uint32_t *tags) {
    *tags = source->test ? 0 : source->kind == POST_ANSWER ? 1 : source->settings->hashtag_count;
    char *tail = tail_with(source, *tags);
    while (*tags > 1 && count(source, tail) > source->limit / 2) {
        free(tail);
        tail = tail_with(source, --*tags);
    }
    return tail;
}

static void facets_set(struct post_text *text, const struct post_source *source, const char *tail,
                       uint32_t tags) {
    size_t at = strlen(text->text) - strlen(tail);
    for (uint32_t i = 0; i < tags; i++) {
        const char *tag = source->settings->hashtags[i];
        size_t end = at + 1 + strlen(tag);
        text->facets[text->facet_count++] =
            (struct post_facet){.start = at, .end = end, .tag = memory_text(tag)};
        at = end + 1;
    }
    text->facets[text->facet_count++] = (struct post_facet){
        .start = at, .end = strlen(text->text), .uri = memory_text(source->url)};
}

/* ---- all of it */

static char *joined(const struct post_source *source, const char *warning, const char *lead,
                    const char *tail) {
    struct buffer out = buffer_make(POST_BYTES);
    if (warning != NULL && source->network != NETWORK_MASTODON) {
        buffer_format(&out, "CW: %s\n\n", warning);
    }
    buffer_format(&out, "%s\n\n%s", lead, tail);
    return text_of(&out);
}

static bool fits(const struct post_source *source, const struct post_text *text) {
    return text->count <= source->limit &&
           (source->network != NETWORK_BLUESKY || strlen(text->text) <= BLUESKY_BYTES);
}

struct post_text post_compose(const struct post_source *source) {
    uint32_t tags;
    char *warning = warning_of(source), *lead = lead_of(source), *tail = tail_of(source, &tags);
    bool beside = warning != NULL && source->network == NETWORK_MASTODON;
    size_t beside_count = beside ? count(source, warning) : 0, graphemes = text_graphemes(lead);
    struct post_text text = {.language = sentences[source->settings->language].language};
    for (size_t kept = graphemes;; kept--) {
        char *shown = cut(lead, kept, graphemes);
        free(text.text);
        text.text = joined(source, warning, shown, tail);
        text.count = beside_count + count(source, text.text);
        free(shown);
        if (kept == 0 || fits(source, &text)) {
            break;
        }
    }
    if (source->network == NETWORK_BLUESKY) {
        facets_set(&text, source, tail, tags);
    }
    text.warning = beside ? memory_text(warning) : NULL;
    free(warning);
    free(lead);
    free(tail);
    return text;
}

void post_text_clear(struct post_text *text) {
    for (size_t i = 0; i < text->facet_count; i++) {
        free(text->facets[i].tag);
        free(text->facets[i].uri);
    }
    free(text->text);
    free(text->warning);
    *text = (struct post_text){0};
}

/* ---- as a network shows it */

static bool is_sound(ucs4_t c) {
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L) ||
           uc_is_general_category_withtable(c, UC_CATEGORY_MASK_N);
}

/* The next letter or digit; 0: the end. */
static ucs4_t sound_next(const char **text) {
    while (**text != '\0') {
        ucs4_t c;
        *text += u8_mbtouc(&c, (const uint8_t *)*text, strlen(*text));
        if (is_sound(c)) {
            return c;
        }
    }
    return 0;
}

/* The letters and digits of `start` are the first ones of `text`. */
static bool sounds_start(const char *text, const char *start) {
    for (ucs4_t c = sound_next(&start); c != 0; c = sound_next(&start)) {
        if (sound_next(&text) != c) {
            return false;
        }
    }
    return true;
}

bool post_text_seen(const struct post_text *text, const char *seen) {
    const char *link = strrchr(text->text, ' '), *line = strrchr(text->text, '\n');
    const char *end = link != NULL && (line == NULL || link > line) ? link : line;
    char *start = memory_text_n(text->text, end == NULL ? 0 : (size_t)(end - text->text));
    bool same = sounds_start(seen, start);
    free(start);
    return same;
}

bool post_text_calls(const char *seen) {
    return sounds_start(seen, sentences[LANGUAGE_DE].open) ||
           sounds_start(seen, sentences[LANGUAGE_EN].open);
}
