#include "bridge/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unictype.h>
#include <unigbrk.h>
#include <unistr.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"

#define BLUESKY_BYTES 3000
#define POST_BYTES    (32 * 1024) /* of a text before it is cut */
#define ELLIPSIS      "…"
#define WORD_JOINER   "\xe2\x81\xa0"
#define FULL_WIDTH_AT 0xFF20
#define DAY_MINUTES   1440
#define UTF8_BYTES    4 /* of one character at most */

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

static bool is_sound(ucs4_t c) {
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L) ||
           uc_is_general_category_withtable(c, UC_CATEGORY_MASK_N);
}

static bool letter_starts(const char *text) {
    ucs4_t c = 0;
    (void)u8_mbtouc(&c, (const uint8_t *)text, strnlen(text, UTF8_BYTES));
    return *text != '\0' && (c == '_' || is_sound(c));
}

static char *unmentioned(enum network network, const char *text) {
    struct buffer out = buffer_make(POST_BYTES);
    while (*text != '\0') {
        ucs4_t c;
        size_t size = (size_t)u8_mbtouc(&c, (const uint8_t *)text, strnlen(text, UTF8_BYTES));
        buffer_append(&out, text, size);
        text += size;
        if (network != NETWORK_BLUESKY && (c == '@' || c == FULL_WIDTH_AT) && letter_starts(text)) {
            buffer_text(&out, WORD_JOINER);
        }
    }
    return text_of(&out);
}

/* ---- cutting */

/* A text and the ways to cut it: ends[k] bytes are its first k graphemes. */
struct cuttable {
    const char *text;
    size_t graphemes, *ends;
};

/* Who says whether a cut text will do. */
struct fitting {
    bool (*fits)(const struct fitting *fitting, const char *shown);
    const struct post_source *source;
    const char *warning, *tail;
    size_t beside; /* what the warning counts beside the text */
};

static struct cuttable cuttable_of(const char *text) {
    size_t length = strlen(text);
    struct cuttable whole = {.text = text, .ends = memory_new((length + 1) * sizeof(size_t))};
    char *breaks = memory_new(length + 1);
    u8_grapheme_breaks((const uint8_t *)text, length, breaks);
    for (size_t at = 1; at <= length; at++) {
        if (at == length || breaks[at] != 0) {
            whole.ends[++whole.graphemes] = at;
        }
    }
    free(breaks);
    return whole;
}

/* The first `kept` graphemes; less than all of them end in an ellipsis. */
static char *cut(const struct cuttable *whole, size_t kept) {
    static const char *const loose[] = {" ", ",", ";", ":", "–"};
    const char *text = whole->text;
    if (kept == whole->graphemes) {
        return memory_text(text);
    }
    size_t length = whole->ends[kept];
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

static bool kept_fits(const struct cuttable *whole, size_t kept, const struct fitting *fitting) {
    char *shown = cut(whole, kept);
    bool fits = fitting->fits(fitting, shown);
    free(shown);
    return fits;
}

static bool word_ends(const struct cuttable *whole, size_t kept) {
    char next = whole->text[whole->ends[kept]];
    return next == ' ' || next == '\n';
}

/* The end of a word between `low` and `high`, near their middle; `low`: there is none. */
static size_t word_between(const struct cuttable *whole, size_t low, size_t high) {
    size_t middle = low + (high - low) / 2, end = middle > low ? middle : high;
    while (end < high && !word_ends(whole, end)) {
        end++;
    }
    if (end == high) {
        for (end = middle; end > low && !word_ends(whole, end); end--) {}
    }
    return end;
}

/* A part of a link may count more than all of it. */
static bool has_links(const struct cuttable *whole, size_t low, size_t high) {
    size_t length = whole->ends[high] - whole->ends[low];
    const char *from = whole->text + whole->ends[low];
    return memchr(from, '.', length) != NULL || memmem(from, length, "://", 3) != NULL;
}

/* The most graphemes that fit; 0 when none do. Each further word counts more, and each further
 * grapheme of a word that is no link. */
static size_t most_kept(const struct cuttable *whole, const struct fitting *fitting) {
    size_t low = 0, high = whole->graphemes;
    if (high == 0 || kept_fits(whole, high, fitting)) {
        return high;
    }
    for (size_t at; (at = word_between(whole, low, high)) != low;) {
        *(kept_fits(whole, at, fitting) ? &low : &high) = at;
    }
    bool links = has_links(whole, low, high);
    while (high - low > 1) {
        size_t at = links ? high - 1 : low + (high - low) / 2;
        if (kept_fits(whole, at, fitting)) {
            low = at;
            if (links) {
                break;
            }
        } else {
            high = at;
        }
    }
    return low;
}

/* The caller frees it. */
static char *longest(const char *text, const struct fitting *fitting) {
    struct cuttable whole = cuttable_of(text);
    char *shown = cut(&whole, most_kept(&whole, fitting));
    free(whole.ends);
    return shown;
}

static bool warning_fits(const struct fitting *fitting, const char *shown) {
    return count(fitting->source, shown) <= fitting->source->limit / 3;
}

/* NULL for none. */
static char *warning_of(const struct post_source *source) {
    if (source->warning == NULL || *source->warning == '\0') {
        return NULL;
    }
    char *whole = unmentioned(source->network, source->warning);
    char *warning = longest(whole, &(struct fitting){.fits = warning_fits, .source = source});
    free(whole);
    return warning;
}

/* ---- what people wrote, or what stands in its place */

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

static bool lead_fits(const struct fitting *fitting, const char *shown) {
    const struct post_source *source = fitting->source;
    char *text = joined(source, fitting->warning, shown, fitting->tail);
    bool fits = fitting->beside + count(source, text) <= source->limit &&
                (source->network != NETWORK_BLUESKY || strlen(text) <= BLUESKY_BYTES);
    free(text);
    return fits;
}

struct post_text post_compose(const struct post_source *source) {
    uint32_t tags;
    char *warning = warning_of(source), *lead = lead_of(source), *tail = tail_of(source, &tags);
    bool beside = warning != NULL && source->network == NETWORK_MASTODON;
    struct fitting fitting = {.fits = lead_fits,
                              .source = source,
                              .warning = warning,
                              .tail = tail,
                              .beside = beside ? count(source, warning) : 0};
    char *shown = longest(lead, &fitting);
    struct post_text text = {.text = joined(source, warning, shown, tail),
                             .language = sentences[source->settings->language].language};
    text.count = fitting.beside + count(source, text.text);
    if (source->network == NETWORK_BLUESKY) {
        facets_set(&text, source, tail, tags);
    }
    text.warning = beside ? memory_text(warning) : NULL;
    free(warning);
    free(lead);
    free(tail);
    free(shown);
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

/* The next letter or digit, those of "https://" aside; 0: the end. */
static ucs4_t sound_next(const char **text) {
    while (**text != '\0') {
        ucs4_t c;
        size_t size = strncasecmp(*text, "https://", 8) == 0  ? 8
                      : strncasecmp(*text, "http://", 7) == 0 ? 7
                                                              : 0;
        if (size > 0) {
            *text += size;
            continue; /* it may end there */
        }
        *text += u8_mbtouc(&c, (const uint8_t *)*text, strnlen(*text, UTF8_BYTES));
        if (is_sound(c)) {
            return c;
        }
    }
    return 0;
}

/* The letters and digits of `start` are the first ones of `text`: where they end; NULL: not. */
static const char *sounds_end(const char *text, const char *start) {
    for (ucs4_t c = sound_next(&start); c != 0; c = sound_next(&start)) {
        if (sound_next(&text) != c) {
            return NULL;
        }
    }
    return text;
}

/* A last line of hashtags and one more word, with another line above it. */
static bool ends_as_ours(const char *seen) {
    static const char blanks[] = " \t\r\n";
    size_t end = strlen(seen);
    while (end > 0 && strchr(blanks, seen[end - 1]) != NULL) {
        end--;
    }
    size_t line = end;
    while (line > 0 && seen[line - 1] != '\n') {
        line--;
    }
    unsigned tags = 0;
    while (line < end && seen[line] == '#') {
        size_t word = strcspn(seen + line, blanks);
        line += word + strspn(seen + line + word, blanks);
        tags += word > 1 ? 1 : 0;
    }
    return tags > 0 && line < end && line + strcspn(seen + line, blanks) == end &&
           strspn(seen, blanks) < line && strchr(seen, '\n') < seen + line;
}

static bool calls(const char *seen) {
    return sounds_end(seen, sentences[LANGUAGE_DE].open) != NULL ||
           sounds_end(seen, sentences[LANGUAGE_EN].open) != NULL;
}

bool post_seen(enum post_kind kind, const struct post_text *text, const char *seen) {
    INVARIANT(seen != NULL);
    if (text == NULL) {
        return ends_as_ours(seen) && (kind == POST_OPEN) == calls(seen);
    }
    const char *link = strrchr(text->text, ' '), *line = strrchr(text->text, '\n');
    const char *end = link != NULL && (line == NULL || link > line) ? link : line;
    char *start = memory_text_n(text->text, end == NULL ? 0 : (size_t)(end - text->text));
    const char *rest = sounds_end(seen, start);
    free(start);
    if (rest == NULL || letter_starts(rest)) {
        return false;
    }
    rest += strcspn(rest, " \t\r\n"); /* signs at the end of the last word */
    rest += strspn(rest, " \t\r\n");
    rest += strcspn(rest, " \t\r\n"); /* the link */
    return rest[strspn(rest, " \t\r\n")] == '\0';
}
