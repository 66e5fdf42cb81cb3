/* What the bridge's thread holds: sites (events) with their seats (accounts), each of which does
 * one thing at a time (a task), and log-ins under way (entries). All of it is that thread's alone.
 */
#ifndef RAUTE_BRIDGE_CORE_H
#define RAUTE_BRIDGE_CORE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/queue.h"
#include "base/table.h"
#include "bridge/agenda.h"
#include "bridge/bridge.h"
#include "bridge/network.h"
#include "bridge/outbox.h"

/* What the journal did not take (busy, storage) is said again after so long. */
#define AGAIN_MS     1000
#define REVOKE_TRIES 3

struct bridge {
    struct journal *journal;
    struct bridge_options options;
    struct reach reach;
    struct queue agendas;  /* of struct agenda, from the journal thread */
    struct queue requests; /* of struct journal_request, from organisers and audience */
    struct queue answers;  /* likewise, of the journal */
    struct queue peeks;    /* of struct peek, from the journal thread */
    pthread_mutex_t gate;
    bool shut;           /* under `gate`: no further request is taken */
    atomic_uint waiting; /* such requests */
    atomic_bool stopping;
    bool started;
    pthread_t thread;
    struct table checked; /* the journal thread's: event id → its latest agenda has checks */
    /* The thread's: */
    struct table sites; /* event id → struct site */
    struct seat *seats;
    struct entry *entries;
    uint32_t entry_count;
    struct errand *errands;
    uint64_t errand_last; /* id */
    struct follows *follows;
    bool ending; /* nothing new begins, nothing is told */
};

struct site {
    struct bridge *bridge;
    struct agenda *agenda; /* the latest */
    struct recheck *rechecks;
};

struct errand;
struct peek;
struct home;

/* An account at work. */
struct seat {
    struct seat *next;
    struct bridge *bridge;
    uint8_t event[EVENT_ID_BYTES];
    struct site *site;       /* NULL: an orphan, whose log-in is only to be ended */
    struct account *account; /* owned */
    bool gone;               /* not in its event any more: freed once nothing is under way */
    struct login *login;     /* NULL: not opened yet, or cannot be */
    bool login_stale;        /* account->secret is another one than `login` */
    bool login_changed;      /* renewed here, and the journal is to be told */
    bool login_put;          /* the journal is being told */
    int64_t put_at;          /* Unix ms, not before */
    uint8_t *sealed;         /* as it was told last; owned */
    uint32_t sealed_bytes;
    struct retries retries;
    int64_t not_before; /* Unix ms: too many requests */
    unsigned revoke_tries;
    struct task *task;             /* under way; NULL: none */
    struct journal_request *trial; /* ACCOUNT_TEST that waits for its turn; or NULL */
    struct home *home;             /* TAKE_HOME likewise */
};

/* Who gets an answer of the journal: journal_request.handle; .context is the one. */
enum asker { ASKER_NOBODY, ASKER_TASK, ASKER_SEAT, ASKER_ENTRY, ASKER_ERRAND };

/* bridge.c */
struct journal_request *bridge_request(struct bridge *bridge, enum command_kind kind,
                                       const uint8_t event[EVENT_ID_BYTES], enum asker asker,
                                       void *context);
/* Answers an organiser; `ok` is the ok object or NULL, and taken. */
void bridge_answer(struct bridge *bridge, struct journal_request *request, enum refusal refusal,
                   json_t *ok);

/* sites.c */
void site_apply(struct bridge *bridge, struct agenda *agenda); /* takes it */
struct site *site_find(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES]);
struct seat *seat_find(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES], uint32_t id);
/* Opens the log-in anew when it was replaced. False: it cannot be opened. */
bool seat_open(struct seat *seat);
/* Tells the journal that the log-in was renewed; again when it could not. */
void seat_put(struct seat *seat);
void seat_put_answered(struct seat *seat, struct journal_request *answer); /* takes it */
/* Tells the journal what became of the account; nobody waits for the answer. */
void seat_state(struct seat *seat, enum account_state state, bool keeps);
/* Ends a log-in that no event has; takes both. */
struct seat *orphan_add(struct bridge *bridge, const uint8_t event[EVENT_ID_BYTES],
                        struct account *account, struct login *login);
/* Frees seats that nothing holds any more; at the end all of them. */
void seats_sweep(struct bridge *bridge);
void sites_clear(struct bridge *bridge);

/* tasks.c: begins what is to be done next; returns when to look again, Unix ms. */
int64_t seat_turn(struct seat *seat, int64_t now);
void task_answered(struct task *task, struct journal_request *answer); /* takes it */
/* At the end: drops what is under way, answers organisers BUSY. */
void tasks_clear(struct bridge *bridge);

/* trial.c: a test post and its deletion, for an organiser */
void trial_submit(struct bridge *bridge, struct journal_request *request);

/* rechecks.c: proofs that are due; returns when to look again, Unix ms. */
int64_t site_recheck(struct site *site, int64_t now);
void rechecks_keep(struct site *site);  /* forgets those that are not due any more */
void rechecks_clear(struct site *site); /* what is under way ends in nothing */

/* home.c: the lists that wait for the seat's turn */
void home_run(struct seat *seat);
void home_refuse(struct seat *seat, enum refusal refusal);

/* errands.c */
void errand_submit(struct bridge *bridge, struct journal_request *request);
void errand_peeked(struct bridge *bridge, struct peek *peek);                /* takes it */
void errand_answered(struct errand *errand, struct journal_request *answer); /* takes it */
void errands_clear(struct bridge *bridge);

/* follow.c: templates that are known */
struct follows *follows_new(void);
void follows_free(struct follows *follows);

/* attempts.c */
void attempt_submit(struct bridge *bridge, struct journal_request *request);
void entry_answered(struct entry *entry, struct journal_request *answer); /* takes it */
void entries_sweep(struct bridge *bridge, int64_t now);                   /* what is too old */
bool entries_storing(const struct bridge *bridge); /* any has its token, and is at work with it */
void entries_clear(struct bridge *bridge);

#endif
