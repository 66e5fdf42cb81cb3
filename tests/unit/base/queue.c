#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>

#include "base/clock.h"
#include "base/queue.h"

#define PRODUCERS 4
#define MESSAGES  5000 /* of each producer */

struct message {
    struct queue_node node;
    int producer, number;
};

static void count_wake(void *context) {
    ++*(int *)context;
}

static void assert_list(struct queue_node *list, int first, int last) {
    for (int number = first; number <= last; number++) {
        assert_non_null(list);
        assert_int_equal(((struct message *)list)->number, number);
        list = list->next;
    }
    assert_null(list);
}

static void keeps_order_and_maximum(void **state) {
    (void)state;
    struct queue queue;
    struct message messages[4] = {{.number = 0}, {.number = 1}, {.number = 2}, {.number = 3}};
    queue_init(&queue, 3, NULL, NULL);
    assert_null(queue_take(&queue));
    for (int at = 0; at < 3; at++) {
        assert_true(queue_push(&queue, &messages[at].node));
    }
    assert_false(queue_push(&queue, &messages[3].node));
    assert_list(queue_take(&queue), 0, 2);
    assert_null(queue_take(&queue));
    assert_true(queue_push(&queue, &messages[3].node));
    assert_list(queue_take(&queue), 3, 3);
    queue_destroy(&queue);
}

static void wakes_when_it_was_empty(void **state) {
    (void)state;
    struct queue queue;
    struct message messages[3] = {0};
    int wakes = 0;
    queue_init(&queue, 2, count_wake, &wakes);
    assert_true(queue_push(&queue, &messages[0].node));
    assert_int_equal(wakes, 1);
    assert_true(queue_push(&queue, &messages[1].node));
    assert_false(queue_push(&queue, &messages[2].node));
    assert_int_equal(wakes, 1);
    assert_non_null(queue_take(&queue));
    assert_true(queue_push(&queue, &messages[2].node));
    assert_int_equal(wakes, 2);
    assert_non_null(queue_take(&queue));
    queue_destroy(&queue);
}

static void takes_a_list_at_once(void **state) {
    (void)state;
    struct queue queue;
    struct message messages[5];
    int wakes = 0;
    queue_init(&queue, 0, count_wake, &wakes);
    for (int at = 0; at < 5; at++) {
        messages[at].number = at;
        messages[at].node.next = at < 4 ? &messages[at + 1].node : NULL;
    }
    messages[3].node.next = &messages[0].node; /* what follows the last is not looked at */
    queue_push_list(&queue, &messages[0].node, &messages[3].node, 4);
    assert_true(queue_push(&queue, &messages[4].node));
    assert_int_equal(wakes, 1);
    assert_list(queue_wait(&queue, 3, 0), 0, 2);
    assert_list(queue_take(&queue), 3, 4);
    queue_push_list(&queue, &messages[2].node, &messages[2].node, 1);
    assert_int_equal(wakes, 2);
    assert_list(queue_take(&queue), 2, 2);
    queue_destroy(&queue);
}

static void wait_takes_at_most(void **state) {
    (void)state;
    struct queue queue;
    struct message messages[10];
    queue_init(&queue, 0, NULL, NULL);
    for (int at = 0; at < 10; at++) {
        messages[at].number = at;
        assert_true(queue_push(&queue, &messages[at].node));
    }
    assert_list(queue_wait(&queue, 1, 0), 0, 0);
    assert_list(queue_wait(&queue, 3, INT64_MAX), 1, 3);
    assert_list(queue_wait(&queue, 6, 0), 4, 9);
    for (int at = 0; at < 10; at++) {
        assert_true(queue_push(&queue, &messages[at].node));
    }
    assert_list(queue_wait(&queue, 4, 0), 0, 3);
    assert_true(queue_push(&queue, &messages[0].node)); /* behind what was left */
    struct queue_node *rest = queue_wait(&queue, 0, 0);
    assert_int_equal(((struct message *)rest)->number, 4);
    for (int at = 4; at < 10; at++) {
        rest = rest->next;
    }
    assert_ptr_equal(rest, &messages[0].node);
    assert_null(rest->next);
    queue_destroy(&queue);
}

static void wait_ends_at_the_deadline(void **state) {
    (void)state;
    struct queue queue;
    queue_init(&queue, 0, NULL, NULL);
    assert_null(queue_wait(&queue, 0, 0));
    assert_null(queue_wait(&queue, 0, clock_monotonic_ms() - 5));
    int64_t start = clock_monotonic_ms();
    assert_null(queue_wait(&queue, 0, start + 20));
    assert_true(clock_monotonic_ms() >= start + 20);
    queue_destroy(&queue);
}

struct producer {
    pthread_t thread;
    struct queue *queue;
    struct message messages[MESSAGES];
};

static struct producer producers[PRODUCERS];

static void *produce(void *context) {
    struct producer *producer = context;
    for (int at = 0; at < MESSAGES; at++) {
        while (!queue_push(producer->queue, &producer->messages[at].node)) {
            (void)sched_yield();
        }
    }
    return NULL;
}

/* Four threads push through a narrow queue; nothing is lost, doubled or overtaken. */
static void passes_between_threads(void **state) {
    (void)state;
    struct queue queue;
    int next[PRODUCERS] = {0}, total = 0;
    queue_init(&queue, 100, NULL, NULL);
    for (int at = 0; at < PRODUCERS; at++) {
        producers[at].queue = &queue;
        for (int number = 0; number < MESSAGES; number++) {
            producers[at].messages[number] = (struct message){.producer = at, .number = number};
        }
        assert_int_equal(pthread_create(&producers[at].thread, NULL, produce, &producers[at]), 0);
    }
    while (total < PRODUCERS * MESSAGES) {
        struct queue_node *list = queue_wait(&queue, total % 3 == 0 ? 7 : 0, INT64_MAX);
        assert_non_null(list);
        for (; list != NULL; list = list->next) {
            struct message *message = (struct message *)list;
            assert_int_equal(message->number, next[message->producer]++);
            total++;
        }
    }
    for (int at = 0; at < PRODUCERS; at++) {
        assert_int_equal(pthread_join(producers[at].thread, NULL), 0);
        assert_int_equal(next[at], MESSAGES);
    }
    assert_null(queue_take(&queue));
    queue_destroy(&queue);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order_and_maximum),   cmocka_unit_test(wakes_when_it_was_empty),
        cmocka_unit_test(takes_a_list_at_once),      cmocka_unit_test(wait_takes_at_most),
        cmocka_unit_test(wait_ends_at_the_deadline), cmocka_unit_test(passes_between_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
