#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* The cases that the browser shares: what it makes of `raw` is normal, and nothing else is. */
static void shared_cases(void **state) {
    (void)state;
    json_error_t error;
    json_t *cases = json_load_file("tests/protocol/text.json", JSON_ALLOW_NUL, &error);
    if (cases == NULL) {
        fail_msg("text.json:%d: %s", error.line, error.text);
    }
    assert_true(json_array_size(cases) > 100);
    size_t at;
    json_t *item;
    json_array_foreach(cases, at, item) {
        const char *name, *raw, *normal = NULL;
        size_t raw_length;
        json_int_t graphemes;
        json_t *normal_value;
        assert_int_equal(json_unpack(item, "{s:s, s:s%, s:o, s:I}", "name", &name, "raw", &raw,
                                     &raw_length, "normal", &normal_value, "graphemes", &graphemes),
                         0);
        normal = json_string_value(normal_value);
        bool same = normal != NULL && strcmp(raw, normal) == 0 && strlen(raw) == raw_length;
        bool raw_normal = text_utf8_valid(raw, raw_length) && text_normal(raw);
        if (raw_normal != same) {
            fail_msg("%s: raw is %snormal", name, same ? "not " : "");
        }
        if (normal != NULL && !text_normal(normal)) {
            fail_msg("%s: the normal form is refused", name);
        }
        size_t count = normal != NULL ? text_graphemes(normal) : 0;
        if (count != (size_t)graphemes) {
            fail_msg("%s: %zu graphemes", name, count);
        }
    }
    json_decref(cases);
}

static void invalid_bytes(void **state) {
    (void)state;
    static const char *const cases[] = {
        "\x80",                     /* continuation alone */
        "a\xbf",                    /* the same after a letter */
        "\xc3",                     /* cut off */
        "\xe2\x82",                 /* cut off */
        "\xf0\x9f\x98",             /* cut off */
        "\xc3(",                    /* no continuation */
        "\xc0\x80",                 /* overlong NUL */
        "\xc0\xaf",                 /* overlong slash */
        "\xc1\xbf",                 /* overlong U+007F */
        "\xe0\x80\xaf",             /* overlong slash */
        "\xe0\x9f\xbf",             /* overlong U+07FF */
        "\xf0\x80\x80\xaf",         /* overlong slash */
        "\xf0\x8f\xbf\xbf",         /* overlong U+FFFF */
        "\xed\xa0\x80",             /* surrogate U+D800 */
        "\xed\xbf\xbf",             /* surrogate U+DFFF */
        "\xed\xa0\xbd\xed\xb8\x80", /* an emoji as two surrogates */
        "\xf4\x90\x80\x80",         /* U+110000 */
        "\xf5\x80\x80\x80",         /* too great */
        "\xf8\x88\x80\x80\x80",     /* five bytes */
        "\xfe",
        "\xff",
    };
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        char slug[LIMIT_SLUG_CHARS + 1];
        if (text_utf8_valid(cases[at], strlen(cases[at])) || text_normal(cases[at]) ||
            text_hashtag(cases[at])) {
            fail_msg("accepted: case %zu", at);
        }
        text_slug(slug, cases[at]);
        assert_true(strlen(slug) <= 1);
    }
    assert_false(text_utf8_valid("a\0b", 3));
    assert_false(text_utf8_valid("\0", 1));
    assert_true(text_utf8_valid("", 0));
    assert_true(text_utf8_valid(NULL, 0));
    assert_true(text_utf8_valid("\xc3\xa4", 2));
    assert_false(text_utf8_valid("\xc3\xa4", 1));
}

/* Every control and every white space of Unicode, between letters and alone. */
static void forbidden_characters(void **state) {
    (void)state;
    static const struct {
        unsigned first, last;
    } ranges[] = {
        {0x01, 0x1f},     {0x7f, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
        {0x2028, 0x202f}, {0x205f, 0x205f}, {0x2066, 0x2069}, {0x3000, 0x3000},
    };
    unsigned refused = 0;
    for (unsigned c = 1; c <= 0xffff; c++) {
        char text[8] = "a";
        size_t end = 1;
        if (c >= 0x800) {
            text[end++] = (char)(0xe0 | c >> 12);
            text[end++] = (char)(0x80 | (c >> 6 & 0x3f));
            text[end++] = (char)(0x80 | (c & 0x3f));
        } else if (c >= 0x80) {
            text[end++] = (char)(0xc0 | c >> 6);
            text[end++] = (char)(0x80 | (c & 0x3f));
        } else {
            text[end++] = (char)c;
        }
        text[end] = 'b';
        bool forbidden = false;
        for (size_t at = 0; at < sizeof ranges / sizeof *ranges; at++) {
            forbidden |= c >= ranges[at].first && c <= ranges[at].last;
        }
        if (forbidden && text_normal(text)) {
            fail_msg("accepted: U+%04X", c);
        }
        refused += forbidden;
    }
    assert_int_equal(refused, 31 + 34 + 1 + 11 + 8 + 1 + 4 + 1);
}

/* `count` times the same text; free() it. */
static char *repeated(const char *text, size_t count) {
    size_t length = strlen(text);
    char *all = calloc(1, length * count + 1);
    for (size_t at = 0; at < count; at++) {
        memcpy(all + at * length, text, length);
    }
    return all;
}

#define FAMILY "👨‍👩‍👧‍👦"

static void edge_of_500_graphemes(void **state) {
    (void)state;
    static const char *const clusters[] = {"x", "ä", "€", "😀", "🇩🇪", FAMILY, "q\u0323\u0307"};
    for (size_t at = 0; at < sizeof clusters / sizeof *clusters; at++) {
        for (size_t count = 499; count <= 501; count++) {
            char *text = repeated(clusters[at], count);
            assert_int_equal(text_graphemes(text), count);
            assert_true(text_normal(text));
            size_t cut = text_cut(text, LIMIT_QUESTION_GRAPHEMES);
            size_t kept = count < 500 ? count : 500;
            assert_int_equal(cut, kept * strlen(clusters[at]));
            free(text);
        }
    }
}

static void cut_keeps_clusters_whole(void **state) {
    (void)state;
    const char *text = "ae\u0301" FAMILY "b";
    assert_int_equal(text_cut(text, 0), 0);
    assert_int_equal(text_cut(text, 1), 1);
    assert_int_equal(text_cut(text, 2), 4);
    assert_int_equal(text_cut(text, 3), 4 + strlen(FAMILY));
    assert_int_equal(text_cut(text, 4), strlen(text));
    assert_int_equal(text_cut(text, 5), strlen(text));
    assert_int_equal(text_cut("", 5), 0);
    assert_int_equal(text_graphemes(""), 0);
}

static void slugs(void **state) {
    (void)state;
    static const struct {
        const char *hashtag, *slug;
    } cases[] = {
        {"NetzwerkenHRO", "netzwerkenhro"},
        {"FOSDEM2026", "fosdem2026"},
        {"Größe", "groesse"},
        {"ÄÖÜẞ", "aeoeuess"},
        {"a\u0308u\u0308", "aeue"},
        {"Ǖ", "ue"},
        {"Café_Zürich", "cafezuerich"},
        {"İstanbul", "istanbul"},
        {"Đếm", "em"},
        {"Ångström", "angstroem"},
        {"\u212b", "a"},
        {"日本語", ""},
        {"２０２６", ""},
        {"", ""},
        {"___", ""},
        {"#a-b/../c d", "abcd"},
        {"0123456789012345678901234567890123456789x", "0123456789012345678901234567890123456789"},
        {"012345678901234567890123456789012345678ä", "012345678901234567890123456789012345678a"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        char slug[LIMIT_SLUG_CHARS + 1];
        text_slug(slug, cases[at].hashtag);
        assert_string_equal(slug, cases[at].slug);
    }
}

static void hashtags(void **state) {
    (void)state;
    static const char *const good[] = {"a",     "NetzwerkenHRO", "_a_",  "2026x",
                                       "Größe", "日本語",        "שלום", "हिन्दी",
                                       "ไทย",   "q\u0323\u0307"};
    static const char *const bad[] = {
        "",   "_", "2026", "a b",     "a-b",     "#a",       "a.b",      "a#b", "a\n",
        " a", "😀", "a😀",   "\u0301a", "a\u0308", "a\u200bb", "a\u202eb", "²",   "a½",
    };
    for (size_t at = 0; at < sizeof good / sizeof *good; at++) {
        if (!text_hashtag(good[at])) {
            fail_msg("refused: %s", good[at]);
        }
    }
    for (size_t at = 0; at < sizeof bad / sizeof *bad; at++) {
        if (text_hashtag(bad[at])) {
            fail_msg("accepted: %s", bad[at]);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_cases),
        cmocka_unit_test(invalid_bytes),
        cmocka_unit_test(forbidden_characters),
        cmocka_unit_test(edge_of_500_graphemes),
        cmocka_unit_test(cut_keeps_clusters_whole),
        cmocka_unit_test(slugs),
        cmocka_unit_test(hashtags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
