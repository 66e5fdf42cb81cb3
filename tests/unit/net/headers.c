#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "net/headers.h"

static struct buffer written(const struct exchange *exchange, bool secure) {
    struct buffer text = buffer_make(HEADERS_BYTES);
    headers_append(&text, exchange, secure);
    assert_false(text.overflow);
    return text;
}

static void has(const struct buffer *text, const char *line) {
    assert_non_null(strstr((const char *)text->data, line));
}

static void lacks(const struct buffer *text, const char *line) {
    assert_null(strstr((const char *)text->data, line));
}

static void a_page_is_locked_in(void **state) {
    (void)state;
    struct exchange exchange = {.status = 200, .type = HTML_TYPE, .cache = "no-cache"};
    strcpy(exchange.host, "host.example:7681");
    strcpy(exchange.etag, "\"abc\"");
    exchange.length = 5;
    struct buffer text = written(&exchange, false);
    has(&text, "HTTP/1.1 200 OK\r\n");
    has(&text, "content-length: 5\r\n");
    has(&text, "\r\ncontent-security-policy: default-src 'none'; script-src 'self';");
    has(&text, "connect-src 'self' ws://host.example:7681 wss://host.example:7681;");
    has(&text, "frame-ancestors 'none'; require-trusted-types-for 'script'\r\n");
    has(&text, "referrer-policy: no-referrer\r\n");
    has(&text, "x-content-type-options: nosniff\r\n");
    lacks(&text, "cross-origin-opener-policy"); /* plain http */
    has(&text, "etag: \"abc\"\r\n");
    lacks(&text, "unsafe");
    lacks(&text, "cookie");
    lacks(&text, "server:");
    lacks(&text, "strict-transport-security");
    assert_string_equal((const char *)text.data + text.length - 4, "\r\n\r\n");
    buffer_clear(&text);
}

static void a_picture_can_do_nothing(void **state) {
    (void)state;
    struct exchange exchange = {.status = 200, .type = "image/png", .cache = "public, max-age=300"};
    strcpy(exchange.extra, "content-security-policy: default-src 'none'; sandbox\r\n");
    struct buffer text = written(&exchange, false);
    has(&text, "\r\ncontent-type: image/png\r\n");
    has(&text, "\r\ncontent-security-policy: default-src 'none'; sandbox\r\n");
    has(&text, "x-content-type-options: nosniff\r\n");
    buffer_clear(&text);
}

static void over_tls_browsers_shall_stay_there(void **state) {
    (void)state;
    struct exchange exchange = {.status = 404, .type = "application/json", .cache = "no-store"};
    exchange.close = true;
    struct buffer text = written(&exchange, true);
    has(&text, "HTTP/1.1 404 Not Found\r\n");
    has(&text, "strict-transport-security: max-age=");
    has(&text, "connection: close\r\n");
    lacks(&text, "content-security-policy");
    buffer_clear(&text);
    exchange.type = HTML_TYPE;
    text = written(&exchange, true);
    has(&text, "cross-origin-opener-policy: same-origin\r\n");
    buffer_clear(&text);
}

static void nothing_new_has_no_body(void **state) {
    (void)state;
    struct exchange exchange = {.status = 304, .cache = "no-cache", .varies = true};
    exchange.encoding = "br";
    struct buffer text = written(&exchange, false);
    has(&text, "HTTP/1.1 304 Not Modified\r\n");
    has(&text, "vary: accept-encoding, accept-language, authorization\r\n");
    lacks(&text, "content-length");
    buffer_clear(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_locked_in),
        cmocka_unit_test(a_picture_can_do_nothing),
        cmocka_unit_test(over_tls_browsers_shall_stay_there),
        cmocka_unit_test(nothing_new_has_no_body),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
