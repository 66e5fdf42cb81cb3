#include "journal/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "journal/batch.h"

/* The clock may be set while the journal sleeps: it looks again at least so often. */
#define SLEEP_MS 60000
/* Files of deleted events whose time is over go at the latest after so long. */
#define SWEEP_MS ((int64_t)24 * 3600 * 1000)

struct journal_request *journal_request_new(enum command_kind kind,
                                            const uint8_t event[EVENT_ID_BYTES]) {
    struct journal_request *request = memory_new(sizeof *request);
    request->command.kind = kind;
    memcpy(request->command.event, event, EVENT_ID_BYTES);
    return request;
}

void journal_request_free(struct journal_request *request) {
    command_clear(&request->command);
    free(request->answer);
    free(request);
}

struct journal *journal_new(struct store *store, const char **why) {
    struct journal *journal = memory_new(sizeof *journal);
    journal->store = store;
    lives_init(&journal->lives, store);
    doors_init(&journal->doors);
    queue_init(&journal->queue, 0, NULL, NULL);
    INVARIANT(pthread_rwlock_init(&journal->gate, NULL) == 0);
    *why = lives_load(&journal->lives);
    if (*why != NULL) {
        journal_free(journal);
        return NULL;
    }
    for (size_t at = 0; at < journal->lives.count; at++) {
        const struct live *live = journal->lives.dues[at].live;
        doors_put(&journal->doors, live->event, live->keys);
    }
    return journal;
}

void journal_subscribe(struct journal *journal, struct journal_subscriber subscriber) {
    INVARIANT(!journal->started && journal->subscriber_count < SUBSCRIBERS);
    journal->subscribers[journal->subscriber_count++] = subscriber;
}

static void subscribers_tick(struct journal *journal) {
    journal->ticked_at = clock_monotonic_ms();
    journal->tick_wanted = false;
    int64_t now = clock_unix_ms();
    for (size_t at = 0; at < journal->subscriber_count; at++) {
        const struct journal_subscriber *subscriber = &journal->subscribers[at];
        journal->tick_wanted = subscriber->tick(subscriber->context, now) || journal->tick_wanted;
    }
}

static void request_read(struct journal *journal, struct journal_request *request) {
    const struct live *live = lives_find(&journal->lives, request->command.event);
    request->reader(live != NULL ? live->event : NULL, live != NULL, request->context);
    journal_request_free(request);
}

/* Linked nodes, in their order. */
struct chain {
    struct queue_node *first, *last;
    size_t count;
};

static void chain_add(struct chain *chain, struct queue_node *node) {
    node->next = NULL;
    if (chain->first == NULL) {
        chain->first = node;
    } else {
        chain->last->next = node;
    }
    chain->last = node;
    chain->count++;
}

/* All answers for one thread leave together: it wakes once, and takes them at once. */
static void answers_push(struct chain answers) {
    while (answers.first != NULL) {
        struct queue *reply = ((struct journal_request *)answers.first)->reply;
        struct chain own = {0}, others = {0};
        for (struct queue_node *node = answers.first, *next; node != NULL; node = next) {
            next = node->next;
            struct journal_request *request = (struct journal_request *)node;
            if (request->reply != reply) {
                chain_add(&others, node);
            } else if (reply != NULL) {
                chain_add(&own, node);
            } else {
                journal_request_free(request);
            }
        }
        if (own.first != NULL) {
            queue_push_list(reply, own.first, own.last, own.count);
        }
        answers = others;
    }
}

/* A batch, its answers, then the readers that came with it: they see all that was acknowledged. */
static void journal_turn(struct journal *journal, struct queue_node *first) {
    struct chain commands = {0}, readers = {0};
    for (struct queue_node *node = first, *next; node != NULL; node = next) {
        next = node->next;
        bool reads = ((struct journal_request *)node)->reader != NULL;
        chain_add(reads ? &readers : &commands, node);
    }
    atomic_fetch_sub(&journal->waiting, commands.count);
    batch_run(journal, (struct journal_request *)commands.first);
    answers_push(commands);
    subscribers_tick(journal);
    for (struct queue_node *node = readers.first, *next; node != NULL; node = next) {
        next = node->next;
        request_read(journal, (struct journal_request *)node);
    }
}

/* Until when nothing is to be done unless a message comes: monotonic ms. */
static int64_t journal_deadline(const struct journal *journal) {
    int64_t unix_now = clock_unix_ms(), now = clock_monotonic_ms();
    int64_t due = unix_now + SLEEP_MS;
    for (size_t at = 0; at < journal->lives.count; at++) {
        int64_t wanted = journal->lives.dues[at].at;
        due = wanted < due ? wanted : due;
    }
    if (due < journal->retry_at) {
        due = journal->retry_at;
    }
    /* What is still due right after a turn waits a moment, so that nothing can make it spin. */
    int64_t deadline = now + (due > unix_now ? due - unix_now : 1);
    deadline = deadline < now + SLEEP_MS ? deadline : now + SLEEP_MS;
    int64_t tick = journal->ticked_at + FRAME_TICK_MS;
    return journal->tick_wanted && tick < deadline ? tick : deadline;
}

static void files_sweep_daily(struct journal *journal) {
    int64_t now = clock_monotonic_ms();
    if (now - journal->swept_at >= SWEEP_MS) {
        journal->swept_at = now;
        store_files_sweep(journal->store);
    }
}

static void *journal_thread(void *context) {
    struct journal *journal = context;
    journal->swept_at = -SWEEP_MS; /* at once */
    while (!journal->ending) {
        files_sweep_daily(journal);
        journal_turn(journal,
                     queue_wait(&journal->queue, LIMIT_BATCH_COMMANDS, journal_deadline(journal)));
    }
    return NULL;
}

void journal_start(struct journal *journal) {
    INVARIANT(!journal->started);
    journal->started = true;
    INVARIANT(pthread_create(&journal->thread, NULL, journal_thread, journal) == 0);
    (void)pthread_setname_np(journal->thread, "journal");
}

static void reader_end(const struct event *event, bool known, void *context) {
    (void)event;
    (void)known;
    struct journal *journal = context;
    journal->ending = true;
}

/* False: the journal is shut. */
static bool journal_push(struct journal *journal, struct journal_request *request) {
    (void)pthread_rwlock_rdlock(&journal->gate);
    bool open = !journal->shut;
    if (open) {
        INVARIANT(queue_push(&journal->queue, &request->node));
    }
    (void)pthread_rwlock_unlock(&journal->gate);
    return open;
}

static struct journal_request *
reader_new(const uint8_t event[EVENT_ID_BYTES],
           void (*reader)(const struct event *event, bool known, void *context), void *context) {
    struct journal_request *request = journal_request_new(COMMAND_TICK, event);
    request->reader = reader;
    request->context = context;
    return request;
}

void journal_stop(struct journal *journal) {
    static const uint8_t none[EVENT_ID_BYTES];
    (void)pthread_rwlock_wrlock(&journal->gate);
    bool first = !journal->shut;
    journal->shut = true;
    if (first && journal->started) {
        INVARIANT(queue_push(&journal->queue, &reader_new(none, reader_end, journal)->node));
    }
    (void)pthread_rwlock_unlock(&journal->gate);
    if (first && journal->started) {
        INVARIANT(pthread_join(journal->thread, NULL) == 0);
    }
}

void journal_free(struct journal *journal) {
    INVARIANT(!journal->started || journal->ending);
    queue_destroy(&journal->queue);
    (void)pthread_rwlock_destroy(&journal->gate);
    doors_destroy(&journal->doors);
    lives_clear(&journal->lives);
    free(journal);
}

void journal_submit(struct journal *journal, struct journal_request *request) {
    request->reader = NULL;
    bool taken = atomic_fetch_add(&journal->waiting, 1) < LIMIT_JOURNAL_WAITING &&
                 journal_push(journal, request);
    if (!taken) {
        struct chain refused = {0};
        atomic_fetch_sub(&journal->waiting, 1);
        request->refusal = REFUSAL_BUSY;
        chain_add(&refused, &request->node);
        answers_push(refused);
    }
}

void journal_read(struct journal *journal, const uint8_t event[EVENT_ID_BYTES],
                  void (*reader)(const struct event *event, bool known, void *context),
                  void *context) {
    struct journal_request *request = reader_new(event, reader, context);
    if (!journal->started) {
        request_read(journal, request);
    } else if (!journal_push(journal, request)) {
        journal_request_free(request);
        reader(NULL, true, context);
    }
}

void journal_visit(struct journal *journal,
                   void (*reader)(const struct event *event, void *context), void *context) {
    INVARIANT(!journal->started);
    for (size_t at = 0; at < journal->lives.count; at++) {
        reader(journal->lives.dues[at].live->event, context);
    }
}

struct door *journal_door(struct journal *journal, const char *slug) {
    return doors_find(&journal->doors, slug);
}

void journal_run_one(struct journal *journal, struct journal_request *request) {
    INVARIANT(!journal->started);
    request->reader = NULL;
    request->node.next = NULL;
    batch_run(journal, request);
}
