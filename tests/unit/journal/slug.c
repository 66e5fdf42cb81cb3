#include "event/kit.h"

#include "journal/slug.h"

/* Taken: what stands in the text between blanks. */
static bool taken(void *context, const char *slug) {
    char word[LIMIT_SLUG_CHARS + 3];
    snprintf(word, sizeof word, " %s ", slug);
    return strstr(context, word) != NULL;
}

static void settles(const char *asked, const char *hashtag, bool exact, const char *others,
                    enum refusal refusal, const char *expected) {
    char slug[LIMIT_SLUG_CHARS + 1] = "";
    char context[256];
    snprintf(context, sizeof context, "%s", others);
    strncpy(slug, asked, LIMIT_SLUG_CHARS);
    assert_int_equal(slug_settle(slug, hashtag, exact, taken, context), refusal);
    if (refusal == REFUSAL_OK) {
        assert_string_equal(slug, expected);
    }
}

static void test_valid(void **state) {
    (void)state;
    assert_true(slug_valid("hro"));
    assert_true(slug_valid("0123456789012345678901234567890123456789"));
    assert_false(slug_valid("01234567890123456789012345678901234567890"));
    assert_false(slug_valid("hr"));
    assert_false(slug_valid(""));
    assert_false(slug_valid("Hro"));
    assert_false(slug_valid("h-ro"));
    assert_false(slug_valid("../etc"));
    assert_false(slug_valid("straße"));
}

static void test_reserved(void **state) {
    (void)state;
    static const char *const own[] = {
        "e",       "events", "healthz", "oauth", "assets", "about",  "privacy", "api",  "static",
        "favicon", "robots", "sitemap", "help",  "export", "import", "raute",   "well", "known"};
    for (size_t at = 0; at < sizeof own / sizeof own[0]; at++) {
        assert_true(slug_reserved(own[at]));
    }
    assert_false(slug_reserved("hro"));
    assert_false(slug_reserved("eventss"));
}

static void test_settle(void **state) {
    (void)state;
    settles("hro", "X", true, "", REFUSAL_OK, "hro");
    settles("hro", "X", true, " hro ", REFUSAL_SLUG_TAKEN, NULL);
    settles("help", "X", true, "", REFUSAL_SLUG_TAKEN, NULL);
    settles("Hro", "X", true, "", REFUSAL_BAD_SLUG, NULL);
    settles("h", "X", false, "", REFUSAL_BAD_SLUG, NULL);
    settles("hro", "X", false, " hro ", REFUSAL_OK, "hro2");
    settles("hro", "X", false, " hro hro2 hro3 ", REFUSAL_OK, "hro4");
    settles("hro2", "X", false, " hro2 ", REFUSAL_OK, "hro22");
    settles("", "NetzwerkenHRO", false, "", REFUSAL_OK, "netzwerkenhro");
    settles("", "NetzwerkenHRO", true, " netzwerkenhro ", REFUSAL_OK, "netzwerkenhro2");
    settles("", "Straße_Ü", false, "", REFUSAL_OK, "strasseue");
    settles("", "KI", false, "", REFUSAL_OK, "kievent");
    settles("", "日本語", false, "", REFUSAL_OK, "event2"); /* "event" is reserved */
    settles("", "", false, " event2 ", REFUSAL_OK, "event3");
    settles("", "Help", false, "", REFUSAL_OK, "help2");
    settles("0123456789012345678901234567890123456789", "X", false,
            " 0123456789012345678901234567890123456789 ", REFUSAL_OK,
            "0123456789012345678901234567890123456782");
}

/* Ten others of the same name: two digits, still within the length. */
static void test_settle_long(void **state) {
    (void)state;
    char others[256] = " aaa";
    for (int number = 2; number <= 11; number++) {
        size_t length = strlen(others);
        snprintf(others + length, sizeof others - length, " aaa%d", number);
    }
    size_t length = strlen(others);
    snprintf(others + length, sizeof others - length, " ");
    settles("aaa", "X", false, others, REFUSAL_OK, "aaa12");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_reserved),
        cmocka_unit_test(test_settle),
        cmocka_unit_test(test_settle_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
