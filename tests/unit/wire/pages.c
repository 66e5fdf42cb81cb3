/* Pages and words: what people wrote cannot break out; the fixed pages; Accept-Language. */
#include "wire/world.h"

#include "wire/asset.h"
#include "wire/hall.h"
#include "wire/html.h"
#include "wire/shell.h"

#define HOSTILE "</title><script>alert(\"1\")</script>{{content}}<!--' onload=\"x\" &amp; ${1}"

static void assert_safe(const struct buffer *page) {
    const char *text = (const char *)page->data;
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "<!--"));
    assert_null(strstr(text, "onload=\""));
    assert_non_null(strstr(text, "&lt;script&gt;"));
    assert_non_null(strstr(text, "{{other}}"));
    assert_null(strstr(text, "{{lang}}"));
}

static struct hall hostile_hall(void) {
    struct hall hall;
    hall_open(&hall);
    struct command settings = {.kind = COMMAND_SETTINGS, .as.settings.mask = SETTING_TITLE};
    settings.as.settings.settings = memory_new(sizeof *settings.as.settings.settings);
    memcpy(settings.as.settings.settings->title, HOSTILE, sizeof HOSTILE);
    assert_int_equal(hall_do(&hall, settings), REFUSAL_OK);
    struct command rename = {.kind = COMMAND_TALK_RENAME, .text = memory_text(HOSTILE)};
    rename.as.talk.talk = 1;
    assert_int_equal(hall_do(&hall, rename), REFUSAL_OK);
    hall_hold(&hall, 1, HOSTILE);
    hall_hold(&hall, 1, HOSTILE);
    hall_hold(&hall, 1, HOSTILE);
    hall_release(&hall);
    struct command answer = {.kind = COMMAND_MOVE, .text = memory_text(HOSTILE)};
    answer.as.move.number = 1;
    answer.as.move.from = STATE_LISTED;
    answer.as.move.to = STATE_ANSWERED;
    assert_int_equal(hall_do(&hall, answer), REFUSAL_OK);
    assert_int_equal(hall_move(&hall, 2, STATE_LISTED, STATE_ANSWERING), REFUSAL_OK);
    return hall;
}

static void hostile_texts(void **state) {
    (void)state;
    struct hall hall = hostile_hall();
    for (int language = LANGUAGE_DE; language <= LANGUAGE_EN; language++) {
        struct buffer page = buffer_make(1 << 20);
        html_list(&page, hall.event, (enum language)language, "https://raute.example");
        assert_safe(&page);
        assert_non_null(strstr((const char *)page.data, "id=\"q1\""));
        assert_non_null(strstr((const char *)page.data, "class=\"q q-now\" id=\"q2\""));
        assert_non_null(strstr((const char *)page.data, "href=\"/e/hall/q/3\""));
        assert_non_null(strstr((const char *)page.data,
                               language == LANGUAGE_DE ? "lang=\"de\"" : "lang=\"en\""));
        buffer_reset(&page);
        html_question(&page, hall.event, event_question(hall.event, 1), (enum language)language,
                      "https://raute.example");
        assert_safe(&page);
        assert_non_null(strstr((const char *)page.data,
                               "property=\"og:url\" content=\"https://raute.example/e/hall/q/1\""));
        assert_non_null(strstr((const char *)page.data, "property=\"og:description\""));
        buffer_clear(&page);
    }
    hall_close(&hall);
}

static void list_hides_what_is_hidden(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_hold(&hall, 1, "geheim eins");
    hall_hold(&hall, 1, "geheim zwei");
    hall_hold(&hall, 1, "geheim drei");
    hall_release(&hall);
    hall_move(&hall, 1, STATE_LISTED, STATE_PENDING);
    hall_move(&hall, 2, STATE_LISTED, STATE_DECLINED);
    hall_move(&hall, 3, STATE_LISTED, STATE_HIDDEN);
    struct buffer page = buffer_make(1 << 20);
    html_list(&page, hall.event, LANGUAGE_DE, "https://raute.example");
    assert_null(strstr((const char *)page.data, "geheim"));
    assert_non_null(strstr((const char *)page.data, words_get(LANGUAGE_DE, "html.list.empty")));
    buffer_clear(&page);
    hall_close(&hall);
}

static void long_list_is_cut(void **state) {
    (void)state;
    struct hall hall;
    hall_open(&hall);
    hall_ask(&hall, 310);
    struct buffer page = buffer_make(1 << 20);
    html_list(&page, hall.event, LANGUAGE_EN, "https://raute.example");
    size_t items = 0;
    for (const char *at = (const char *)page.data; (at = strstr(at, "<li ")) != NULL; at++) {
        items++;
    }
    assert_int_equal(items, 300);
    assert_non_null(strstr((const char *)page.data, words_get(LANGUAGE_EN, "html.list.more")));
    buffer_clear(&page);
    hall_close(&hall);
}

static void fixed_pages(void **state) {
    (void)state;
    for (int page = 0; page < HTML_PAGE_COUNT; page++) {
        const struct page *german = html_page((enum html_page)page, LANGUAGE_DE);
        const struct page *english = html_page((enum html_page)page, LANGUAGE_EN);
        assert_true(german->plain->length > 50);
        assert_string_not_equal(german->etag, english->etag);
    }
}

static void assets_are_found(void **state) {
    (void)state;
    for (size_t i = 0; i < asset_count; i++) {
        assert_ptr_equal(asset_find(assets[i].path), &assets[i]);
    }
    assert_null(asset_find(""));
    assert_null(asset_find("/assets/audience-AB12.j"));
    assert_null(asset_find("shell/../x"));
    assert_null(asset_find("zzz"));
}

static void languages(void **state) {
    (void)state;
    const struct {
        const char *header;
        enum language expected;
    } cases[] = {
        {"de", LANGUAGE_DE},
        {"de-AT,de;q=0.9,en;q=0.8", LANGUAGE_DE},
        {"en-GB, de;q=0.5", LANGUAGE_EN},
        {"de;q=0.3, EN;q=0.9", LANGUAGE_EN},
        {"fr, de;q=0.1", LANGUAGE_DE},
        {"den", LANGUAGE_EN},
        {"", LANGUAGE_EN},
        {",,;;q=,de;q=x", LANGUAGE_EN},
        {"de;q=0", LANGUAGE_EN},
        {NULL, LANGUAGE_EN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(language_accepted(cases[i].header, LANGUAGE_EN), cases[i].expected);
    }
    assert_int_equal(language_accepted("fr", LANGUAGE_DE), LANGUAGE_DE);
}

static void placeholders(void **state) {
    (void)state;
    struct buffer out = buffer_make(1024);
    words_fill(&out, LANGUAGE_EN, "html.question.title",
               (struct word_value[]){{"number", "{title}"}, {"title", "a"}, {0}});
    assert_string_equal((const char *)out.data, "Question {title} – a");
    buffer_reset(&out);
    words_fill(&out, LANGUAGE_EN, "html.list.votes", (struct word_value[]){{0}});
    assert_string_equal((const char *)out.data, "Votes: {votes}");
    buffer_clear(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_texts),    cmocka_unit_test(list_hides_what_is_hidden),
        cmocka_unit_test(long_list_is_cut), cmocka_unit_test(fixed_pages),
        cmocka_unit_test(assets_are_found), cmocka_unit_test(languages),
        cmocka_unit_test(placeholders),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
