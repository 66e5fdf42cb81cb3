/* A queue from many threads to one: intrusive, mutex inside, with a way to wake the receiver.
 * Messages embed a struct queue_node as their first member. */
#ifndef RAUTE_BASE_QUEUE_H
#define RAUTE_BASE_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue_node {
    struct queue_node *next;
};

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t ready;
    struct queue_node *first, **last;
    size_t count, maximum;       /* maximum 0: unbounded */
    void (*wake)(void *context); /* called after a push that found the queue empty; may be NULL */
    void *context;
};

void queue_init(struct queue *queue, size_t maximum, void (*wake)(void *), void *context);
void queue_destroy(struct queue *queue); /* must be empty */
/* False: the queue is full, the node stays the caller's. */
bool queue_push(struct queue *queue, struct queue_node *node);
/* Pushes `count` nodes, linked by `next` from `first` to `last`, with one wake-up. The queue has no
 * maximum. */
void queue_push_list(struct queue *queue, struct queue_node *first, struct queue_node *last,
                     size_t count);
/* Takes all, in order, as a list linked by `next`; NULL when empty. Never waits. */
struct queue_node *queue_take(struct queue *queue);
/* The same, but at most `most` of them (0: all), and waits until `deadline` (clock_monotonic_ms;
 * INT64_MAX: for ever) for the first. What it leaves wakes nobody: who uses it calls it again. */
struct queue_node *queue_wait(struct queue *queue, size_t most, int64_t deadline);

#endif
