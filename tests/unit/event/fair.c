/* The fair order's formula: the worked cases of its description, its table of places, its limits.
 */
#include "kit.h"

#include "event/fair.h"

struct fair_case {
    struct fair_sums sums;
    const char *before; /* a letter per item, in the shown order */
    struct fair_item old[3];
    const char *newcomers;
    const char *after;
};

/* V,X: v,x in shown order | newcomers → new order */
static const struct fair_case CASES[] = {
    {{0, 0}, "", {{0, 0, 0}}, "ABC", "CBA"},
    {{1, 12600}, "CBA", {{0, 0, 4800}, {0, 0, 4200}, {0, 1, 3600}}, "", "ACB"},
    {{200, 9600000}, "AB", {{0, 40, 3000000}, {0, 9, 150000}}, "", "BA"},
    {{300, 9600000}, "AB", {{0, 60, 480000}, {0, 20, 960000}}, "C", "ACB"},
    {{200, 9600000}, "AB", {{0, 20, 960000}, {0, 23, 960000}}, "", "AB"},
    {{200, 9600000}, "AB", {{0, 20, 960000}, {0, 24, 960000}}, "", "BA"},
    {{200, 9600000}, "ABC", {{0, 24, 960000}, {0, 19, 960000}, {0, 23, 960000}}, "", "ACB"},
    {{100, 9600000}, "AB", {{0, 0, 2880000}, {0, 0, 180000}}, "", "BA"},
    {{200, 9600000}, "AB", {{0, 30, 960000}, {0, 15, 4800}}, "", "BA"},
    {{230, 12000000}, "BA", {{0, 15, 1925000}, {0, 34, 2900000}}, "", "AB"},
};

static void test_cases(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct fair_item items[8];
        uint32_t count = 0;
        for (const char *letter = CASES[i].before; *letter != '\0'; letter++) {
            items[count] = CASES[i].old[count];
            items[count++].number = (uint32_t)*letter;
        }
        fair_step(items, count, CASES[i].sums);
        for (const char *letter = CASES[i].newcomers; *letter != '\0'; letter++) {
            struct fair_item newcomer = {.number = (uint32_t)*letter};
            uint32_t place = fair_place(items, count, newcomer, CASES[i].sums);
            memmove(&items[place + 1], &items[place], (count - place) * sizeof *items);
            items[place] = newcomer;
            count++;
        }
        char order[9] = {0};
        for (uint32_t j = 0; j < count; j++) {
            order[j] = (char)items[j].number;
        }
        assert_string_equal(order, CASES[i].after);
    }
}

static void test_weights(void **state) {
    (void)state;
    static const uint32_t expected[] = {16, 14, 12, 10, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2, 1, 1};
    for (uint32_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        assert_int_equal(fair_weight(i), expected[i]);
    }
    assert_int_equal(fair_weight(UINT32_MAX), 1);
}

/* A two-hundred-thousand-person month: products far beyond 64 bits keep their order. */
static void test_large(void **state) {
    (void)state;
    struct fair_sums sums = {UINT64_C(4000000000), UINT64_C(9000000000000000)};
    struct fair_item items[] = {{1, 1000, UINT64_C(8000000000000000)},
                                {2, 2000000000, UINT64_C(1000000000000000)}};
    fair_step(items, 2, sums);
    assert_int_equal(items[0].number, 2);
    assert_int_equal(items[1].number, 1);
    fair_step(items, 2, sums);
    assert_int_equal(items[0].number, 2);
    assert_int_equal(fair_place(items, 2, (struct fair_item){3, 0, 0}, sums), 1);
}

/* Nothing to order. */
static void test_small(void **state) {
    (void)state;
    struct fair_item item = {7, 1, 2};
    fair_step(NULL, 0, (struct fair_sums){0, 0});
    fair_step(&item, 1, (struct fair_sums){1, 2});
    assert_int_equal(item.number, 7);
    assert_int_equal(fair_place(NULL, 0, item, (struct fair_sums){1, 2}), 0);
}

/* Against the rule in floating point, where no two scores are so close that it would matter. */
static void test_random(void **state) {
    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct fair_item items[12], naive[12];
        struct fair_sums sums = {0, 0};
        uint32_t count = 1 + random_below(12);
        for (uint32_t i = 0; i < count; i++) {
            items[i] = (struct fair_item){i, random_below(50), random_below(2000000)};
            naive[i] = items[i];
            sums.votes += items[i].votes;
            sums.exposure += items[i].exposure;
        }
        double score[12];
        for (uint32_t i = 0; i < count; i++) {
            double expected = (double)items[i].exposure * (double)(sums.votes + 1) /
                              (double)(sums.exposure + 19200);
            score[i] = (items[i].votes + 6) / (expected + 2);
        }
        for (uint32_t i = 1; i < count; i++) {
            for (uint32_t j = i; j > 0; j--) {
                double ratio = score[naive[j].number] / score[naive[j - 1].number];
                if (ratio < 1.125) {
                    break;
                }
                struct fair_item item = naive[j];
                naive[j] = naive[j - 1];
                naive[j - 1] = item;
            }
        }
        fair_step(items, count, sums);
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(items[i].number, naive[i].number);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases), cmocka_unit_test(test_weights), cmocka_unit_test(test_large),
        cmocka_unit_test(test_small), cmocka_unit_test(test_random),
    };
    random_start();
    return cmocka_run_group_tests_name("fair", tests, NULL, NULL);
}
