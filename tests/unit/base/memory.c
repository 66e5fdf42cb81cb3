#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

static void new_is_zeroed(void **state) {
    (void)state;
    uint8_t *bytes = memory_new(1000);
    for (size_t at = 0; at < 1000; at++) {
        assert_int_equal(bytes[at], 0);
    }
    free(bytes);
    void *none = memory_new(0);
    assert_non_null(none);
    free(none);
}

static void resize_keeps_the_content(void **state) {
    (void)state;
    uint32_t *numbers = memory_resize(NULL, 10, sizeof *numbers);
    for (uint32_t at = 0; at < 10; at++) {
        numbers[at] = at;
    }
    numbers = memory_resize(numbers, 100000, sizeof *numbers);
    for (uint32_t at = 0; at < 10; at++) {
        assert_int_equal(numbers[at], at);
    }
    numbers = memory_resize(numbers, 0, sizeof *numbers);
    assert_non_null(numbers);
    free(numbers);
}

static void texts_are_copies(void **state) {
    (void)state;
    const char *text = "raute";
    char *copy = memory_text(text);
    assert_ptr_not_equal(copy, text);
    assert_string_equal(copy, text);
    free(copy);
    copy = memory_text_n(text, 3);
    assert_string_equal(copy, "rau");
    free(copy);
    copy = memory_text_n(NULL, 0);
    assert_string_equal(copy, "");
    free(copy);
}

static void overflow_ends_the_process(void **state) {
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        void *bytes = memory_resize(NULL, SIZE_MAX / 2, 3);
        _exit(bytes == NULL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_is_zeroed),
        cmocka_unit_test(resize_keeps_the_content),
        cmocka_unit_test(texts_are_copies),
        cmocka_unit_test(overflow_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
