#include "base/queue.h"

#include <errno.h>
#include <time.h>

#include "base/log.h"

void queue_init(struct queue *queue, size_t maximum, void (*wake)(void *), void *context) {
    *queue = (struct queue){.maximum = maximum, .wake = wake, .context = context};
    queue->last = &queue->first;
    pthread_condattr_t attributes;
    INVARIANT(pthread_mutex_init(&queue->mutex, NULL) == 0);
    INVARIANT(pthread_condattr_init(&attributes) == 0);
    INVARIANT(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    INVARIANT(pthread_cond_init(&queue->ready, &attributes) == 0);
    (void)pthread_condattr_destroy(&attributes);
}

void queue_destroy(struct queue *queue) {
    INVARIANT(queue->first == NULL);
    (void)pthread_cond_destroy(&queue->ready);
    (void)pthread_mutex_destroy(&queue->mutex);
}

static bool queue_link(struct queue *queue, struct queue_node *first, struct queue_node *last,
                       size_t count) {
    (void)pthread_mutex_lock(&queue->mutex);
    bool full = queue->maximum > 0 && queue->count + count > queue->maximum;
    /* Once the nodes are in and the mutex free, the receiver may take them and end the queue. */
    void (*wake)(void *) = queue->first == NULL ? queue->wake : NULL;
    void *context = queue->context;
    if (!full) {
        last->next = NULL;
        *queue->last = first;
        queue->last = &last->next;
        queue->count += count;
        (void)pthread_cond_signal(&queue->ready);
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    if (!full && wake != NULL) {
        wake(context);
    }
    return !full;
}

bool queue_push(struct queue *queue, struct queue_node *node) {
    return queue_link(queue, node, node, 1);
}

void queue_push_list(struct queue *queue, struct queue_node *first, struct queue_node *last,
                     size_t count) {
    INVARIANT(queue->maximum == 0 && count > 0);
    (void)queue_link(queue, first, last, count);
}

/* Unlinks the first `most` nodes (0: all). The mutex is held. */
static struct queue_node *queue_unlink(struct queue *queue, size_t most) {
    struct queue_node *list = queue->first;
    if (list == NULL) {
        return NULL;
    }
    if (most == 0 || most >= queue->count) {
        queue->first = NULL;
        queue->last = &queue->first;
        queue->count = 0;
        return list;
    }
    struct queue_node *end = list;
    for (size_t taken = 1; taken < most; taken++) {
        end = end->next;
    }
    queue->first = end->next;
    end->next = NULL;
    queue->count -= most;
    return list;
}

struct queue_node *queue_take(struct queue *queue) {
    (void)pthread_mutex_lock(&queue->mutex);
    struct queue_node *list = queue_unlink(queue, 0);
    (void)pthread_mutex_unlock(&queue->mutex);
    return list;
}

struct queue_node *queue_wait(struct queue *queue, size_t most, int64_t deadline) {
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000),
                             .tv_nsec = (long)(deadline % 1000) * 1000000};
    (void)pthread_mutex_lock(&queue->mutex);
    int error = 0;
    while (queue->first == NULL && error != ETIMEDOUT) {
        if (deadline == INT64_MAX) {
            (void)pthread_cond_wait(&queue->ready, &queue->mutex);
        } else {
            error = pthread_cond_timedwait(&queue->ready, &queue->mutex, &until);
            INVARIANT(error == 0 || error == ETIMEDOUT);
        }
    }
    struct queue_node *list = queue_unlink(queue, most);
    (void)pthread_mutex_unlock(&queue->mutex);
    return list;
}
