/* What all clients of one run share: where the server is, the stage, the faults, the figures, every
 * frame that anybody got, and at the end the snapshots that everybody's state must be equal to. */
#ifndef FASTPATH_RUN_H
#define FASTPATH_RUN_H

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum view { VIEW_PUBLIC, VIEW_STAFF, VIEW_COUNT };

enum stage {
    STAGE_RUN,    /* the writer writes, clients misbehave */
    STAGE_SETTLE, /* nobody writes, everybody reads and compares */
};

/* In the order in which they are printed. */
#define FIGURES(_)                                                                                 \
    _(frames)   /* of changes, all clients */                                                      \
    _(bytes)    /* of their payload */                                                             \
    _(distinct) /* as the server made them */                                                      \
    _(largest)  /* payload bytes of one */                                                         \
    _(late)     /* frames without a seq of their own: totals, presence */                          \
    _(broken)   /* reads that ended within a frame */                                              \
    _(answers)                                                                                     \
    _(refusals)                                                                                    \
    _(pongs)                                                                                       \
    _(resyncs)    /* told to, while joined */                                                      \
    _(refused)    /* joins whose since was too old */                                              \
    _(cuts)       /* connections that a client tore within a frame */                              \
    _(closes)     /* closing handshakes, answered */                                               \
    _(unanswered) /* closes that met a frame half out */                                           \
    _(joins)                                                                                       \
    _(equal) /* clients whose state was the snapshot in the end */                                 \
    _(faults)

struct figures {
#define FIGURE(name) atomic_ulong name;
    FIGURES(FIGURE)
#undef FIGURE
};

struct seen {
    enum view view;
    uint64_t from, seq;
    size_t length;
    char *text;
};

struct run {
    struct sockaddr_in address;
    SSL_CTX *tls; /* NULL: cleartext */
    const char *slug;
    const char *key; /* of a moderator, base64url */
    uint64_t seed;
    int64_t calm; /* ms: until then no frame is large, and nobody who reads is too slow */
    atomic_int stage;
    struct figures figures;
    pthread_mutex_t mutex; /* of what follows */
    struct seen *seen;
    size_t seen_count, seen_room;
    char *settled[VIEW_COUNT]; /* the last snapshot as canonical text, or NULL */
    unsigned version;          /* of `settled` */
};

/* Says what is wrong, once, and counts it. `who` is the client's number. */
void run_fault(struct run *run, int who, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Compares with what others got between the same seqs, or is the first to tell. */
void run_frame(struct run *run, int who, enum view view, uint64_t from, uint64_t seq,
               const char *text, size_t length);

/* A view's canonical snapshot; free() it. NULL when there is none yet, or it has *version already.
 */
char *run_settled(struct run *run, enum view view, unsigned *version);
void run_settle(struct run *run, enum view view, const char *text);

int64_t run_now(void); /* monotonic, ms */
/* Sleeps, but not beyond the end of the stage in which it began. */
void run_sleep(struct run *run, int64_t ms);

/* A number below `below`, repeatable. */
uint64_t dice(uint64_t *state, uint64_t below);
static inline bool chance(uint64_t *state, unsigned percent) {
    return dice(state, 100) < percent;
}

#endif
