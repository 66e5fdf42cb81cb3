/* The log with a clock of our own (linked instead of base/clock.c) and standard error in a pipe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

static int64_t now_ms = 1700000040000; /* 2023-11-14 22:14:00 */

int64_t clock_unix_ms(void) {
    return now_ms;
}

int64_t clock_monotonic_ms(void) {
    return now_ms;
}

static int saved_stderr, pipe_ends[2];

static void capture_start(void) {
    assert_int_equal(pipe(pipe_ends), 0);
    saved_stderr = dup(STDERR_FILENO);
    dup2(pipe_ends[1], STDERR_FILENO);
    close(pipe_ends[1]);
}

/* What was written since capture_start; less than a pipe holds. */
static const char *capture_end(void) {
    static char text[65536];
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    size_t length = 0;
    ssize_t count;
    while ((count = read(pipe_ends[0], text + length, sizeof text - 1 - length)) > 0) {
        length += (size_t)count;
    }
    close(pipe_ends[0]);
    text[length] = '\0';
    return text;
}

static void lines_say_the_minute(void **state) {
    (void)state;
    capture_start();
    log_line("start, %d threads", 4);
    now_ms += 59999;
    log_line("stop");
    assert_string_equal(capture_end(), "2023-11-14 22:14Z start, 4 threads\n"
                                       "2023-11-14 22:14Z stop\n");
    now_ms += 1;
}

static void long_lines_are_cut(void **state) {
    (void)state;
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    capture_start();
    log_line("%s", text);
    const char *line = capture_end();
    assert_in_range(strlen(line), 400, 512);
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void counts_are_one_line_per_minute(void **state) {
    (void)state;
    capture_start();
    log_flush(); /* the minute before: nothing */
    char copy[] = "bad_text";
    log_count("bad_text");
    log_count("too_often");
    log_count(copy); /* the same code from another translation unit */
    log_flush();
    now_ms += 59000;
    log_flush();
    assert_string_equal(capture_end(), "");
    capture_start();
    now_ms += 1000;
    log_flush();
    log_flush();
    assert_string_equal(capture_end(), "2023-11-14 22:16Z bad_text: 2\n"
                                       "2023-11-14 22:16Z too_often: 1\n");
    capture_start();
    now_ms += 60000;
    log_flush();
    assert_string_equal(capture_end(), ""); /* counted from nothing again */
}

static void too_many_codes_share_a_line(void **state) {
    (void)state;
    static char codes[100][16];
    for (int at = 0; at < 100; at++) {
        (void)snprintf(codes[at], sizeof codes[at], "code%d", at);
        log_count(codes[at]);
    }
    log_count("code3");
    capture_start();
    now_ms += 60000;
    log_flush();
    const char *text = capture_end();
    assert_non_null(strstr(text, " code3: 2\n"));
    assert_non_null(strstr(text, " code63: 1\n"));
    assert_null(strstr(text, " code64"));
    assert_non_null(strstr(text, " other codes: 36\n"));
}

static void *count_many(void *context) {
    for (int at = 0; at < 1000; at++) {
        log_count(context);
    }
    return NULL;
}

static void counts_across_threads(void **state) {
    (void)state;
    static char code[] = "busy";
    pthread_t threads[4];
    for (int at = 0; at < 4; at++) {
        assert_int_equal(pthread_create(&threads[at], NULL, count_many, code), 0);
    }
    for (int at = 0; at < 4; at++) {
        assert_int_equal(pthread_join(threads[at], NULL), 0);
    }
    capture_start();
    now_ms += 60000;
    log_flush();
    assert_non_null(strstr(capture_end(), " busy: 4000\n"));
}

static void broken_invariant_aborts_and_says_why(void **state) {
    (void)state;
    capture_start();
    pid_t child = fork();
    if (child == 0) {
        INVARIANT(1 + 1 == 2);
        INVARIANT(now_ms == 0);
        _exit(0);
    }
    int status;
    pid_t waited = waitpid(child, &status, 0);
    const char *text = capture_end();
    assert_int_equal(waited, child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(text, "log.c:"));
    assert_non_null(strstr(text, "broken invariant: now_ms == 0\n"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_say_the_minute),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(counts_are_one_line_per_minute),
        cmocka_unit_test(too_many_codes_share_a_line),
        cmocka_unit_test(counts_across_threads),
        cmocka_unit_test(broken_invariant_aborts_and_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
