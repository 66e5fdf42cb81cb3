#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/table.h"

#define KEYS 600

static uint64_t random_state = 88172645463325252U;

static uint32_t next_random(uint32_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

/* Key `number` of a table whose keys have `bytes` bytes; those of one byte repeat after 256. */
static void key_make(uint8_t key[64], size_t bytes, uint32_t number) {
    memset(key, 0xA5, 64);
    for (size_t at = 0; at < bytes && at < 4; at++) {
        key[bytes - 1 - at] = (uint8_t)(number >> (8 * at));
    }
}

static void assert_same(const struct table *table, void *const *model, uint32_t keys) {
    size_t at = 0, seen = 0, expected = 0;
    const void *key;
    void *value;
    while (table_next(table, &at, &key, &value)) {
        uint32_t number = (uint32_t)((char *)value - (char *)model) % keys;
        uint8_t own[64];
        key_make(own, table->key_bytes, number);
        assert_memory_equal(key, own, table->key_bytes);
        assert_ptr_equal(model[number], value);
        seen++;
    }
    for (uint32_t number = 0; number < keys; number++) {
        uint8_t key_bytes[64];
        key_make(key_bytes, table->key_bytes, number);
        assert_ptr_equal(table_get(table, key_bytes), model[number]);
        expected += model[number] != NULL;
    }
    assert_int_equal(seen, expected);
    assert_int_equal(table->count, expected);
}

/* Random operations against an array; values tell their key (offset modulo keys). */
static void agrees_with_a_naive_model(size_t bytes, uint32_t keys) {
    void *model[KEYS] = {NULL};
    struct table table = table_make(bytes);
    for (int step = 0; step < 20000; step++) {
        uint32_t number = next_random(keys);
        uint8_t key[64];
        key_make(key, bytes, number);
        /* Long phases of growing and of shrinking. */
        if (next_random(100) < (step / 2500 % 2 == 0 ? 70U : 30U)) {
            void *value = (char *)model + number + next_random(3) * keys;
            table_set(&table, key, value);
            model[number] = value;
        } else {
            assert_ptr_equal(table_remove(&table, key), model[number]);
            model[number] = NULL;
        }
        if (step % 500 == 0) {
            assert_same(&table, model, keys);
        }
    }
    assert_same(&table, model, keys);
    table_clear(&table);
    assert_int_equal(table.count, 0);
    memset(model, 0, sizeof model);
    assert_same(&table, model, keys);
}

static void random_operations(void **state) {
    (void)state;
    agrees_with_a_naive_model(1, 256);
    agrees_with_a_naive_model(4, 5);
    agrees_with_a_naive_model(8, 100);
    agrees_with_a_naive_model(16, KEYS);
    agrees_with_a_naive_model(17, KEYS);
    agrees_with_a_naive_model(64, 300);
}

static void empty_table(void **state) {
    (void)state;
    struct table table = table_make(16);
    uint8_t key[16] = {0};
    size_t at = 0;
    const void *found;
    void *value;
    assert_null(table_get(&table, key));
    assert_null(table_remove(&table, key));
    assert_false(table_next(&table, &at, &found, &value));
    table_clear(&table);
}

static void copies_the_key(void **state) {
    (void)state;
    struct table table = table_make(4);
    char key[4] = "abcd", value;
    table_set(&table, key, &value);
    key[0] = 'x';
    assert_null(table_get(&table, key));
    assert_ptr_equal(table_get(&table, "abcd"), &value);
    table_clear(&table);
    table_set(&table, key, &value); /* usable after being cleared */
    assert_ptr_equal(table_get(&table, key), &value);
    table_clear(&table);
}

static void many_entries(void **state) {
    (void)state;
    enum { MANY = 200000 };
    static char values[MANY];
    struct table table = table_make(16);
    uint8_t key[64];
    for (uint32_t number = 0; number < MANY; number++) {
        key_make(key, 16, number);
        table_set(&table, key, &values[number]);
    }
    assert_int_equal(table.count, MANY);
    for (uint32_t number = 0; number < MANY; number += 2) {
        key_make(key, 16, number);
        assert_ptr_equal(table_remove(&table, key), &values[number]);
    }
    for (uint32_t number = 0; number < MANY; number++) {
        key_make(key, 16, number);
        assert_ptr_equal(table_get(&table, key), number % 2 == 0 ? NULL : &values[number]);
    }
    table_clear(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_table),
        cmocka_unit_test(copies_the_key),
        cmocka_unit_test(random_operations),
        cmocka_unit_test(many_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
