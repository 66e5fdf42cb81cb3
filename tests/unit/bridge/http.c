/* Far servers that are slow, lying, hostile or gone: each request ends, once, and says why. */
#include "far.h"

#include "base/clock.h"
#include "base/memory.h"
#include "bridge/bridge.h"
#include "bridge/http_request.h"

#define TURNS_MS 30000

static const char *const page = "{\"hello\":\"there\"}";

/* ---- the far server: what it does is in the path */

static bool drip(struct far_line *line, const char *first, const char *piece) {
    far_text(line, "%s", first);
    while (!atomic_load(&line->far->stopping) && far_text(line, "%s", piece)) {
        usleep(5000);
    }
    return false;
}

static bool redirect(struct far_line *line, const char *to) {
    char header[512];
    snprintf(header, sizeof header, "Location: %s\r\n", to);
    return far_answer(line, "302 Found", header, "");
}

static bool odd_answer(struct far_line *line, const char *path) {
    if (strncmp(path, "/endless", 8) == 0) {
        char piece[1025];
        memset(piece, 'x', 1024);
        piece[1024] = '\0';
        far_text(line, "HTTP/1.1 200 OK\r\n\r\n");
        while (far_text(line, "%s", piece)) {}
        return false;
    }
    if (strncmp(path, "/bomb", 5) == 0) {
        return drip(line, "HTTP/1.1 200 OK\r\n", "X-More: and more\r\n");
    }
    if (strncmp(path, "/interim", 8) == 0) {
        return drip(line, "", "HTTP/1.1 103 Early Hints\r\n\r\n");
    }
    if (strncmp(path, "/drip", 5) == 0) {
        return drip(line, "HTTP/1.1 200 OK\r\nX-Slow: ", "s");
    }
    if (strncmp(path, "/cut", 4) == 0) {
        far_text(line, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"half");
        return false;
    }
    if (strncmp(path, "/garbage", 8) == 0) {
        far_text(line, "SSH-2.0-OpenSSH_9.2\r\n");
        return false;
    }
    return false; /* /silent closes without a word */
}

static bool answer(struct far_line *line, const char *request) {
    const char *path = strchr(request, ' ') + 1;
    if (strncmp(path, "/json", 5) == 0) {
        return far_answer(line, "200 OK", "Content-Type: application/json\r\nX-One: 1\r\n", page);
    }
    if (strncmp(path, "/later", 6) == 0) {
        return far_answer(line, "429 Too Many", "Retry-After: 90\r\nX-One: 1\r\nx-one: 2\r\n",
                          "no");
    }
    if (strncmp(path, "/count/", 7) == 0) {
        char next[32];
        unsigned left = (unsigned)(path[7] - '0');
        snprintf(next, sizeof next, "/count/%u", left - 1);
        return left == 0 ? far_answer(line, "200 OK", "", page) : redirect(line, next);
    }
    if (strncmp(path, "/to?", 4) == 0) {
        char to[256];
        snprintf(to, sizeof to, "%.*s", (int)(strchr(path, ' ') - path - 4), path + 4);
        return redirect(line, to);
    }
    if (strncmp(path, "/once", 5) == 0) {
        return line->requests == 1 && far_answer(line, "200 OK", "", page);
    }
    if (strncmp(path, "/echo", 5) == 0) {
        return far_answer(line, "200 OK", "", "done");
    }
    return odd_answer(line, path);
}

/* ---- asking */

struct scene {
    struct far *far;
    const char *peers[1];
    struct bridge_options options;
    struct http *http;
    unsigned ended;
    enum post_trouble trouble;
    long status;
    char body[256], url[256], header[64];
    bool json, pending;
    int64_t retry_at;
};

static void scene_open(struct scene *scene, bool allowed) {
    const char *why;
    *scene = (struct scene){.far = far_start(answer)};
    scene->peers[0] = scene->far->peer;
    scene->options = (struct bridge_options){.public_url = "https://raute.example",
                                             .peers = scene->peers,
                                             .peer_count = allowed ? 1 : 0};
    scene->http = http_new(&scene->options, &why);
    assert_non_null(scene->http);
}

static void scene_close(struct scene *scene) {
    http_free(scene->http);
    far_stop(scene->far);
}

static void note(void *context, const struct http_answer *got) {
    struct scene *scene = context;
    const char *header = http_header_of(got, "x-ONE");
    scene->ended++;
    scene->trouble = got->trouble;
    scene->status = got->status;
    scene->json = got->json != NULL;
    scene->pending = got->pending;
    scene->retry_at = got->retry_at;
    assert_int_equal(strlen(got->body), got->length);
    snprintf(scene->body, sizeof scene->body, "%.200s", got->body);
    snprintf(scene->url, sizeof scene->url, "%s", got->url);
    snprintf(scene->header, sizeof scene->header, "%s", header == NULL ? "" : header);
}

static void turn_until(struct scene *scene, unsigned ended) {
    int64_t end = clock_monotonic_ms() + TURNS_MS;
    while (scene->ended < ended) {
        assert_true(clock_monotonic_ms() < end);
        http_turn(scene->http, NULL, 0, 1000);
    }
}

static enum post_trouble ask(struct scene *scene, struct http_request *request) {
    unsigned before = scene->ended;
    http_send(scene->http, request, note, scene);
    assert_int_equal(scene->ended, before); /* never within */
    turn_until(scene, before + 1);
    return scene->trouble;
}

static struct http_request *get(struct scene *scene, const char *path) {
    char url[256];
    snprintf(url, sizeof url, "%s%s", scene->far->origin, path);
    return http_request_new("GET", url);
}

static enum post_trouble get_followed(struct scene *scene, const char *path) {
    struct http_request *request = get(scene, path);
    http_follow(request);
    return ask(scene, request);
}

static void test_answer(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    assert_int_equal(ask(&scene, get(&scene, "/json")), TROUBLE_NONE);
    assert_int_equal(scene.status, 200);
    assert_string_equal(scene.body, page);
    assert_string_equal(scene.header, "1");
    assert_true(scene.json);
    assert_int_equal(scene.retry_at, 0);
    assert_true(far_saw(scene.far, "\r\nAccept: application/json\r\n"));
    assert_true(far_saw(scene.far, "\r\nUser-Agent: Raute (+https://raute.example)\r\n"));
    assert_false(far_saw(scene.far, "Accept-Encoding"));
    assert_int_equal(ask(&scene, get(&scene, "/later")), TROUBLE_NONE);
    assert_int_equal(scene.status, 429);
    assert_false(scene.json);
    assert_string_equal(scene.header, "1"); /* the first of two */
    assert_in_range(scene.retry_at - clock_unix_ms(), 60000, 90000);
    assert_int_equal(atomic_load(&scene.far->connections), 1); /* kept alive */
    scene_close(&scene);
}

static void test_bodies(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    char url[64];
    snprintf(url, sizeof url, "%s/echo", scene.far->origin);
    struct http_request *request = http_request_new("POST", url);
    http_form(request, "status", "a b&c=d ü");
    http_form(request, "language", "de");
    http_header(request, "Idempotency-Key", "key");
    http_bearer(request, "Bearer", "token");
    assert_int_equal(ask(&scene, request), TROUBLE_NONE);
    assert_true(far_saw(scene.far, "POST /echo HTTP/1.1\r\n"));
    assert_true(far_saw(scene.far, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    assert_true(far_saw(scene.far, "\r\nIdempotency-Key: key\r\n"));
    assert_true(far_saw(scene.far, "\r\nAuthorization: Bearer token\r\n"));
    assert_true(far_saw(scene.far, "\r\n\r\nstatus=a%20b%26c%3Dd%20%C3%BC&language=de"));
    json_t *json = json_pack("{s:s}", "text", "hi");
    request = http_request_new("PUT", url);
    http_json(request, json);
    json_decref(json);
    assert_int_equal(ask(&scene, request), TROUBLE_NONE);
    assert_true(far_saw(scene.far, "PUT /echo HTTP/1.1\r\n"));
    assert_true(far_saw(scene.far, "\r\nContent-Type: application/json\r\n"));
    assert_true(far_saw(scene.far, "\r\n\r\n{\"text\":\"hi\"}"));
    assert_int_equal(ask(&scene, http_request_new("DELETE", url)), TROUBLE_NONE);
    assert_true(far_saw(scene.far, "DELETE /echo HTTP/1.1\r\n"));
    assert_int_equal(ask(&scene, http_request_new("POST", url)), TROUBLE_NONE);
    assert_true(far_saw(scene.far, "\r\nContent-Length: 0\r\n"));
    assert_int_equal(atomic_load(&scene.far->connections), 4); /* nothing can be sent twice */
    scene_close(&scene);
}

static void test_values_stay_in_their_line(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    struct http_request *request = get(&scene, "/json");
    http_bearer(request, "Bearer", "evil\r\nX-Injected: yes");
    assert_int_equal(ask(&scene, request), TROUBLE_ANSWER);
    request = get(&scene, "/json");
    http_header(request, "X-Nonce", "a\nb");
    assert_int_equal(ask(&scene, request), TROUBLE_ANSWER);
    assert_int_equal(ask(&scene, get(&scene, "/json\r\nX: y")), TROUBLE_ADDRESS);
    assert_int_equal(atomic_load(&scene.far->requests), 0);
    scene_close(&scene);
}

static void test_redirects(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    assert_int_equal(ask(&scene, get(&scene, "/count/1")), TROUBLE_NONE);
    assert_int_equal(scene.status, 302); /* not followed unless asked to */
    assert_int_equal(get_followed(&scene, "/count/3"), TROUBLE_NONE);
    assert_int_equal(scene.status, 200);
    assert_non_null(strstr(scene.url, "/count/0"));
    assert_string_equal(scene.body, page);
    assert_int_equal(get_followed(&scene, "/count/4"), TROUBLE_ANSWER);
    unsigned before = atomic_load(&scene.far->requests);
    assert_int_equal(get_followed(&scene, "/to?http://127.0.0.1:9/"), TROUBLE_ADDRESS);
    assert_int_equal(get_followed(&scene, "/to?https://127.0.0.1:9/"), TROUBLE_ADDRESS);
    assert_int_equal(get_followed(&scene, "/to?https://[::ffff:10.0.0.1]/"), TROUBLE_ADDRESS);
    assert_int_equal(get_followed(&scene, "/to?https://localhost/"), TROUBLE_ADDRESS);
    assert_int_equal(get_followed(&scene, "/to?file:///etc/passwd"), TROUBLE_ADDRESS);
    assert_int_equal(get_followed(&scene, "/to?https://a:b@example.social/"), TROUBLE_ADDRESS);
    assert_int_equal(atomic_load(&scene.far->requests), before + 6);
    scene_close(&scene);
}

/* Another port is another server. */
static void test_redirect_drops_the_token(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    struct far *other = far_start(answer);
    const char *peers[2] = {scene.far->peer, other->peer};
    scene.options.peers = peers;
    scene.options.peer_count = 2;
    struct http_request *request = get(&scene, "/to?/json");
    http_bearer(request, "Bearer", "token");
    http_follow(request);
    assert_int_equal(ask(&scene, request), TROUBLE_NONE);
    assert_true(far_saw(scene.far, "GET /json"));
    assert_true(far_saw(scene.far, "\r\nAuthorization: Bearer token\r\n"));
    char path[128];
    snprintf(path, sizeof path, "/to?%s/json", other->origin);
    request = get(&scene, path);
    http_bearer(request, "Bearer", "token");
    http_header(request, "X-Kept", "yes");
    http_follow(request);
    assert_int_equal(ask(&scene, request), TROUBLE_NONE);
    assert_string_equal(scene.body, page);
    assert_false(far_saw(other, "token"));
    assert_true(far_saw(other, "X-Kept: yes"));
    scene_close(&scene);
    far_stop(other);
}

static void test_private_addresses(void **state) {
    (void)state;
    struct scene scene;
    char url[64];
    scene_open(&scene, false);
    assert_int_equal(ask(&scene, get(&scene, "/json")), TROUBLE_ADDRESS); /* http, no peer */
    snprintf(url, sizeof url, "https://%s/json", scene.far->peer);
    assert_int_equal(ask(&scene, http_request_new("GET", url)), TROUBLE_ADDRESS);
    snprintf(url, sizeof url, "https://localhost%s/json", strchr(scene.far->peer, ':'));
    assert_int_equal(ask(&scene, http_request_new("GET", url)), TROUBLE_ADDRESS);
    assert_int_equal(ask(&scene, http_request_new("GET", "https://2130706433/")), TROUBLE_ADDRESS);
    assert_int_equal(ask(&scene, http_request_new("GET", "https://[::1]/")), TROUBLE_ADDRESS);
    assert_int_equal(ask(&scene, http_request_new("GET", "ftp://example.social/")),
                     TROUBLE_ADDRESS);
    assert_int_equal(ask(&scene, http_request_new("GET", "nonsense")), TROUBLE_ADDRESS);
    assert_int_equal(atomic_load(&scene.far->connections), 0);
    scene_close(&scene);
}

static void test_proxies_of_the_environment(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    assert_int_equal(ask(&scene, get(&scene, "/json")), TROUBLE_NONE);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    scene_close(&scene);
}

static void test_hostile_answers(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    assert_int_equal(ask(&scene, get(&scene, "/endless")), TROUBLE_ANSWER);
    assert_int_equal(ask(&scene, get(&scene, "/bomb")), TROUBLE_ANSWER);
    assert_int_equal(ask(&scene, get(&scene, "/interim")), TROUBLE_ANSWER);
    assert_int_equal(ask(&scene, get(&scene, "/cut")), TROUBLE_UNREACHABLE);
    assert_int_equal(ask(&scene, get(&scene, "/silent")), TROUBLE_UNREACHABLE);
    assert_int_equal(ask(&scene, get(&scene, "/garbage")), TROUBLE_ANSWER);
    struct http_request *request = get(&scene, "/json");
    http_limit(request, strlen(page));
    assert_int_equal(ask(&scene, request), TROUBLE_NONE);
    request = get(&scene, "/json");
    http_limit(request, strlen(page) - 1);
    assert_int_equal(ask(&scene, request), TROUBLE_ANSWER);
    assert_int_equal(ask(&scene, http_request_new("GET", "https://no-such-name.invalid/")),
                     TROUBLE_UNREACHABLE);
    scene_close(&scene);
}

/* The limit is FAR_SECONDS; here it is shortened, so that the test is not. */
static void test_slow_headers(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    struct http_request *request = get(&scene, "/drip");
    http_send(scene.http, request, note, &scene);
    assert_in_range(request->deadline - clock_monotonic_ms(), FAR_SECONDS * 1000 - 2000,
                    FAR_SECONDS * 1000);
    curl_easy_setopt(request->easy, CURLOPT_TIMEOUT_MS, 300L);
    turn_until(&scene, 1);
    assert_int_equal(scene.trouble, TROUBLE_UNREACHABLE);
    assert_false(scene.pending);
    /* What changes something may still be carried out when nobody waits for it any more. */
    char url[64];
    snprintf(url, sizeof url, "%s/drip", scene.far->origin);
    request = http_request_new("POST", url);
    http_send(scene.http, request, note, &scene);
    curl_easy_setopt(request->easy, CURLOPT_TIMEOUT_MS, 300L);
    turn_until(&scene, 2);
    assert_int_equal(scene.trouble, TROUBLE_UNREACHABLE);
    assert_true(scene.pending);
    snprintf(url, sizeof url, "%s/silent", scene.far->origin);
    assert_int_equal(ask(&scene, http_request_new("POST", url)), TROUBLE_UNREACHABLE);
    assert_false(scene.pending); /* the far server's end, at once */
    scene_close(&scene);
}

/* A server that never ends leaves room for the others. */
static void test_slow_host_alone(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    struct far *other = far_start(answer);
    const char *peers[] = {scene.far->peer, other->peer};
    scene.options.peers = peers;
    scene.options.peer_count = 2;
    for (unsigned at = 0; at < LIMIT_FAR_REQUESTS + 5; at++) {
        http_send(scene.http, get(&scene, "/drip"), note, &scene);
    }
    char url[64];
    snprintf(url, sizeof url, "%s/json", other->origin);
    assert_int_equal(ask(&scene, http_request_new("GET", url)), TROUBLE_NONE);
    assert_int_equal(scene.ended, 1);
    assert_string_equal(scene.body, page);
    assert_in_range(atomic_load(&scene.far->connections), 0, 8);
    http_free(scene.http);
    far_stop(scene.far);
    far_stop(other);
}

/* The far server closes after one answer and does not say so, as snac does. */
static void test_kept_alive_and_closed(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    for (unsigned at = 1; at <= 3; at++) {
        assert_int_equal(ask(&scene, get(&scene, "/once")), TROUBLE_NONE);
        assert_string_equal(scene.body, page);
    }
    /* Whether the end of the connection is seen before the request or after it is a race; but a
     * post is never sent twice. */
    char url[64];
    snprintf(url, sizeof url, "%s/silent", scene.far->origin);
    unsigned before = atomic_load(&scene.far->requests);
    assert_int_equal(ask(&scene, get(&scene, "/json")), TROUBLE_NONE);
    assert_int_equal(ask(&scene, http_request_new("POST", url)), TROUBLE_UNREACHABLE);
    assert_int_equal(atomic_load(&scene.far->requests), before + 2);
    scene_close(&scene);
}

static void test_many_wait_for_their_turn(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    for (unsigned at = 0; at < 3 * LIMIT_FAR_REQUESTS; at++) {
        http_send(scene.http, get(&scene, "/json"), note, &scene);
    }
    turn_until(&scene, 3 * LIMIT_FAR_REQUESTS);
    assert_int_equal(scene.trouble, TROUBLE_NONE);
    assert_in_range(atomic_load(&scene.far->connections), 1, 8);
    scene_close(&scene);
}

static void again(void *context, const struct http_answer *got) {
    struct scene *scene = context;
    note(scene, got);
    assert_int_equal(got->trouble, TROUBLE_UNREACHABLE);
    http_send(scene->http, get(scene, "/json"), note, scene);
}

static void test_stop(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    for (unsigned at = 0; at < LIMIT_FAR_REQUESTS + 5; at++) {
        http_send(scene.http, get(&scene, "/drip"), note, &scene);
    }
    http_turn(scene.http, NULL, 0, 50);
    http_send(scene.http, http_request_new("GET", "https://no-such-name.invalid/"), again, &scene);
    http_turn(scene.http, NULL, 0, 0);
    int64_t start = clock_monotonic_ms();
    http_stop(scene.http);
    assert_in_range(clock_monotonic_ms() - start, 0, 500);
    assert_int_equal(scene.ended, LIMIT_FAR_REQUESTS + 7);
    assert_int_equal(scene.trouble, TROUBLE_UNREACHABLE);
    scene_close(&scene);
}

static void *wake_run(void *context) {
    usleep(50000);
    http_wake(context);
    return NULL;
}

static void test_wake(void **state) {
    (void)state;
    struct scene scene;
    scene_open(&scene, true);
    pthread_t thread;
    pthread_create(&thread, NULL, wake_run, scene.http);
    int64_t start = clock_monotonic_ms();
    http_turn(scene.http, NULL, 0, 20000);
    assert_in_range(clock_monotonic_ms() - start, 0, 10000);
    pthread_join(thread, NULL);
    scene_close(&scene);
}

static void test_ca_file(void **state) {
    (void)state;
    const char *why = NULL;
    struct bridge_options options = {.public_url = "https://raute.example",
                                     .ca_file = "/nowhere/ca.pem"};
    assert_null(http_new(&options, &why));
    assert_non_null(why);
    options.ca_file = "/dev/null";
    assert_null(http_new(&options, &why));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_values_stay_in_their_line),
        cmocka_unit_test(test_redirects),
        cmocka_unit_test(test_redirect_drops_the_token),
        cmocka_unit_test(test_private_addresses),
        cmocka_unit_test(test_proxies_of_the_environment),
        cmocka_unit_test(test_hostile_answers),
        cmocka_unit_test(test_slow_headers),
        cmocka_unit_test(test_slow_host_alone),
        cmocka_unit_test(test_kept_alive_and_closed),
        cmocka_unit_test(test_many_wait_for_their_turn),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_wake),
        cmocka_unit_test(test_ca_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
