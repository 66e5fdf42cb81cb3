#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/encode.h"
#include "base/random.h"

static void known_values(void **state) {
    (void)state;
    /* RFC 4648 §10, without padding; the last one for the two characters of the URL alphabet. */
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"},
    };
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        char text[16], bytes[16];
        size_t count = strlen(cases[at].bytes);
        base64_encode(text, cases[at].bytes, count);
        assert_string_equal(text, cases[at].text);
        assert_int_equal(strlen(text), BASE64_CHARS(count));
        assert_true(base64_decode(bytes, count, cases[at].text));
        assert_memory_equal(bytes, cases[at].bytes, count);
    }
    assert_int_equal(BASE64_CHARS(8), 11);
    assert_int_equal(BASE64_CHARS(16), 22);
    assert_int_equal(BASE64_CHARS(32), 43);
    assert_int_equal(BASE64_CHARS(64), 86);
}

static void random_bytes_return(void **state) {
    (void)state;
    for (size_t count = 0; count <= 64; count++) {
        uint8_t bytes[64], again[64];
        char text[BASE64_CHARS(64) + 1];
        random_fill(bytes, count);
        base64_encode(text, bytes, count);
        assert_int_equal(strlen(text), BASE64_CHARS(count));
        assert_true(base64_decode(again, count, text));
        assert_memory_equal(bytes, again, count);
    }
}

static void refuses_what_is_not_canonical(void **state) {
    (void)state;
    static const struct {
        size_t count;
        const char *text;
    } cases[] = {
        {1, ""},           {1, "Z"},    {1, "Zh"},     {1, "Z_"},   {1, "Zg="},  {1, "Zg=="},
        {1, "Zg\n"},       {1, " Zg"},  {1, "Zm8"},    {2, "Zg"},   {2, "Zm9"},  {2, "Zm8="},
        {2, "Zm9v"},       {3, "Zm9"},  {3, "Zm9vYg"}, {3, "+//+"}, {3, "Zm v"}, {3, "Zm9="},
        {3, "Zm\xc3\xa4"}, {3, "Zm.v"}, {0, "Z"},      {0, "="},    {3, "Z==="},
    };
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        uint8_t bytes[8];
        if (base64_decode(bytes, cases[at].count, cases[at].text)) {
            fail_msg("accepted as %zu bytes: %s", cases[at].count, cases[at].text);
        }
    }
}

/* Each byte at each place: only the 64 letters of the alphabet are taken. */
static void bytes_outside_the_alphabet_are_refused(void **state) {
    (void)state;
    for (size_t place = 0; place < 4; place++) {
        int accepted = 0;
        for (int byte = 1; byte < 256; byte++) {
            char text[] = "AAAA";
            uint8_t bytes[3];
            text[place] = (char)byte;
            accepted += base64_decode(bytes, sizeof bytes, text);
        }
        assert_int_equal(accepted, 64);
    }
}

/* Of 16 bytes the last character has 4 stray bits: four of 64 are canonical. */
static void every_stray_bit_is_refused(void **state) {
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char text[] = "AAAAAAAAAAAAAAAAAAAAAA";
    int accepted = 0;
    for (size_t at = 0; at < 64; at++) {
        uint8_t bytes[16];
        text[21] = alphabet[at];
        accepted += base64_decode(bytes, 16, text);
    }
    assert_int_equal(accepted, 4);
}

int main(void) {
    random_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(random_bytes_return),
        cmocka_unit_test(refuses_what_is_not_canonical),
        cmocka_unit_test(bytes_outside_the_alphabet_are_refused),
        cmocka_unit_test(every_stray_bit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
