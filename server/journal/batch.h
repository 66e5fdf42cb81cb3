/* One batch: commands applied, what is due ticked, all of it committed at once. */
#ifndef RAUTE_JOURNAL_BATCH_H
#define RAUTE_JOURNAL_BATCH_H

#include <pthread.h>
#include <stdatomic.h>

#include "journal/journal.h"
#include "journal/lives.h"

#define SUBSCRIBERS 4

struct journal {
    struct store *store;
    struct lives lives;
    struct doors doors;
    struct journal_subscriber subscribers[SUBSCRIBERS];
    size_t subscriber_count;
    int64_t retry_at; /* Unix ms; after a failed commit, no tick before */

    struct queue queue;
    atomic_size_t waiting; /* commands in the queue */
    pthread_rwlock_t gate; /* held for reading while submitting, for writing to shut */
    bool shut;             /* nothing is taken any more */
    bool ending;           /* the journal thread's: all was taken */
    bool started;
    pthread_t thread;
    int64_t ticked_at; /* monotonic ms: when the subscribers were last ticked … */
    bool tick_wanted;  /* … and whether one has asked for it again */
    int64_t swept_at;  /* monotonic ms: when files of deleted events were last looked for */
};

/* Applies the commands in the list (linked by node.next), runs what is due, commits, tells
 * subscribers, and puts the answers into the requests. */
void batch_run(struct journal *journal, struct journal_request *first);

/* found.c: CREATE and IMPORT. OK: the new event is among the lives, fresh and touched. */
enum refusal event_found(struct journal *journal, struct journal_request *request);

#endif
