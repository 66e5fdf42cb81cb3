/* What far servers' refusals mean, and which bytes are a picture. */
#include "far.h"

#include "bridge/network.h"

static void test_meanings(void **state) {
    (void)state;
    static const struct {
        enum post_trouble got;
        long status;
        enum post_trouble trouble;
        bool final;
        enum refusal refusal;
    } cases[] = {
        {TROUBLE_NONE, 200, TROUBLE_ANSWER, false, REFUSAL_BAD_SERVER},
        {TROUBLE_NONE, 302, TROUBLE_ANSWER, false, REFUSAL_BAD_SERVER},
        {TROUBLE_NONE, 400, TROUBLE_REJECTED, true, REFUSAL_REFUSED},
        {TROUBLE_NONE, 401, TROUBLE_LOGIN, false, REFUSAL_REFUSED},
        {TROUBLE_NONE, 403, TROUBLE_FORBIDDEN, false, REFUSAL_REFUSED},
        {TROUBLE_NONE, 404, TROUBLE_MISSING, true, REFUSAL_BAD_SERVER},
        {TROUBLE_NONE, 408, TROUBLE_BUSY, false, REFUSAL_UNREACHABLE},
        {TROUBLE_NONE, 410, TROUBLE_MISSING, true, REFUSAL_BAD_SERVER},
        {TROUBLE_NONE, 422, TROUBLE_REJECTED, true, REFUSAL_REFUSED},
        {TROUBLE_NONE, 429, TROUBLE_LIMITED, false, REFUSAL_UNREACHABLE},
        {TROUBLE_NONE, 500, TROUBLE_BUSY, false, REFUSAL_UNREACHABLE},
        {TROUBLE_NONE, 503, TROUBLE_BUSY, false, REFUSAL_UNREACHABLE},
        {TROUBLE_UNREACHABLE, 0, TROUBLE_UNREACHABLE, false, REFUSAL_UNREACHABLE},
        {TROUBLE_CERTIFICATE, 0, TROUBLE_CERTIFICATE, false, REFUSAL_UNREACHABLE},
        {TROUBLE_ADDRESS, 0, TROUBLE_ADDRESS, false, REFUSAL_BAD_SERVER},
        {TROUBLE_ANSWER, 0, TROUBLE_ANSWER, false, REFUSAL_BAD_SERVER},
    };
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        const struct http_answer answer = {
            .trouble = cases[at].got, .status = cases[at].status, .retry_at = 7, .body = ""};
        struct job_result result = result_of(&answer);
        assert_int_equal(result.trouble, cases[at].trouble);
        assert_int_equal(result.final, cases[at].final);
        assert_int_equal(result.retry_at, 7);
        assert_int_equal(refusal_of(&answer), cases[at].refusal);
        assert_int_equal(is_missing(&answer), cases[at].trouble == TROUBLE_MISSING);
    }
}

/* The path says what is answered. */
static bool picture(struct far_line *line, const char *request) {
    const char *path = strchr(request, ' ') + 1;
    if (strncmp(path, "/moved", 6) == 0) {
        return far_answer(line, "302 Found", "Location: /png\r\n", "");
    }
    if (strncmp(path, "/png", 4) == 0) {
        return far_answer(line, "200 OK", "Content-Type: text/html\r\n", "\x89PNG\r\n\x1a\n...");
    }
    if (strncmp(path, "/jpeg", 5) == 0) {
        return far_answer(line, "200 OK", "", "\xff\xd8\xff\xe0");
    }
    if (strncmp(path, "/webp", 5) == 0) {
        return far_answer(line, "200 OK", "", "RIFF....WEBPVP8 ");
    }
    if (strncmp(path, "/gif", 4) == 0) {
        return far_answer(line, "200 OK", "", "GIF89a");
    }
    if (strncmp(path, "/svg", 4) == 0) {
        return far_answer(line, "200 OK", "Content-Type: image/png\r\n", "<svg/>");
    }
    if (strncmp(path, "/large", 6) == 0) {
        far_text(line, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\nGIF89a",
                 LIMIT_AVATAR_BYTES + 1);
        char rest[1024];
        memset(rest, 'x', sizeof rest);
        while (far_write(line, rest, sizeof rest)) {}
        return false;
    }
    return far_answer(line, "404 Not Found", "", "GIF89a");
}

struct fetched {
    bool done;
    uint32_t count;
};

static void note(void *context, uint8_t *bytes, uint32_t count) {
    struct fetched *fetched = context;
    assert_int_equal(bytes == NULL, count == 0);
    fetched->done = true;
    fetched->count = count;
    free(bytes);
}

static void test_avatars(void **state) {
    (void)state;
    static const struct {
        const char *path;
        uint32_t count;
    } cases[] = {{"/png", 11}, {"/moved", 11}, {"/jpeg", 4},  {"/webp", 16},
                 {"/gif", 6},  {"/svg", 0},    {"/large", 0}, {"/none", 0}};
    const char *why;
    struct far *far = far_start(picture);
    const char *peers[] = {far->peer};
    const struct bridge_options options = {
        .public_url = "https://raute.example", .peers = peers, .peer_count = 1};
    struct reach reach = {.http = http_new(&options, &why), .options = &options};
    for (size_t at = 0; at < sizeof cases / sizeof *cases; at++) {
        char url[128];
        struct fetched fetched = {0};
        snprintf(url, sizeof url, "%s%s", far->origin, cases[at].path);
        avatar_fetch(&reach, url, note, &fetched);
        for (int turns = 0; !fetched.done && turns < 1000; turns++) {
            http_turn(reach.http, NULL, 0, 1000);
        }
        assert_true(fetched.done);
        assert_int_equal(fetched.count, cases[at].count);
    }
    http_free(reach.http);
    far_stop(far);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_meanings),
        cmocka_unit_test(test_avatars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
