/* What people ask the bridge for besides log-ins: a proof, lists to take home, where to follow. An
 * errand looks at its event first (peek.h) where it must. */
#ifndef RAUTE_BRIDGE_ERRAND_H
#define RAUTE_BRIDGE_ERRAND_H

#include "bridge/core.h"
#include "bridge/peek.h"

struct errand {
    struct errand *next;
    struct bridge *bridge;
    uint64_t id;
    struct journal_request *request; /* NULL: handed on */
    struct peek *peek;               /* NULL: not here yet */
    char *host;                      /* FOLLOW: whose template it is */
};

/* Answers, and frees the errand. `ok` is taken. Stopping: BUSY. */
void errand_end(struct errand *errand, enum refusal refusal, json_t *ok);

/* prove.c: with its peek */
void prove_begin(struct errand *errand);
void prove_answered(struct errand *errand, struct journal_request *answer); /* takes it */
/* follow.c */
void follow_begin(struct errand *errand);
/* own.c: takes request and peek out of the errand */
void own_begin(struct errand *errand);
/* home.c: likewise */
void home_begin(struct errand *errand);

#endif
