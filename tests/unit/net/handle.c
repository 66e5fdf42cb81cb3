#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "net/handle.h"
#include <cmocka.h>

static void finds_its_owner(void **state) {
    (void)state;
    struct handles handles = handles_make(3);
    int a = 0, b = 0;
    uint64_t first = handles_add(&handles, HANDLE_SOCKET, &a);
    uint64_t second = handles_add(&handles, HANDLE_EXCHANGE, &b);
    assert_int_not_equal(first, 0);
    assert_int_not_equal(first, second);
    assert_ptr_equal(handles_find(&handles, first)->owner, &a);
    assert_int_equal(handles_find(&handles, first)->kind, HANDLE_SOCKET);
    assert_ptr_equal(handles_find(&handles, second)->owner, &b);
    handles_clear(&handles);
}

static void a_late_answer_reaches_nobody(void **state) {
    (void)state;
    struct handles handles = handles_make(0);
    int a = 0, b = 0;
    uint64_t gone = handles_add(&handles, HANDLE_SOCKET, &a);
    handles_remove(&handles, gone);
    assert_null(handles_find(&handles, gone));
    uint64_t next = handles_add(&handles, HANDLE_SOCKET, &b);
    assert_int_equal(gone & 0xffffff, next & 0xffffff); /* the same slot */
    assert_null(handles_find(&handles, gone));
    assert_ptr_equal(handles_find(&handles, next)->owner, &b);
    handles_clear(&handles);
}

static void foreign_and_invented_ones_are_nobodys(void **state) {
    (void)state;
    struct handles here = handles_make(1), there = handles_make(2);
    int a = 0;
    uint64_t handle = handles_add(&here, HANDLE_SOCKET, &a);
    handles_add(&there, HANDLE_SOCKET, &a);
    assert_null(handles_find(&there, handle));
    assert_null(handles_find(&here, 0));
    assert_null(handles_find(&here, UINT64_MAX));
    assert_null(handles_find(&here, handle + 1));
    handles_clear(&here);
    handles_clear(&there);
}

static void many_come_and_go(void **state) {
    (void)state;
    struct handles handles = handles_make(63);
    static int owners[1000];
    static uint64_t names[1000];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++) {
            names[i] = handles_add(&handles, HANDLE_SOCKET, &owners[i]);
        }
        for (int i = 0; i < 1000; i++) {
            assert_ptr_equal(handles_find(&handles, names[i])->owner, &owners[i]);
            if (i % 2 == 0) {
                handles_remove(&handles, names[i]);
            }
        }
        for (int i = 0; i < 1000; i++) {
            if (i % 2 == 0) {
                assert_null(handles_find(&handles, names[i]));
            } else {
                handles_remove(&handles, names[i]);
            }
        }
    }
    assert_int_equal(handles.count, 1000); /* slots are used again */
    handles_clear(&handles);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_its_owner),
        cmocka_unit_test(a_late_answer_reaches_nobody),
        cmocka_unit_test(foreign_and_invented_ones_are_nobodys),
        cmocka_unit_test(many_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
