/* One thing that a seat does: a post (from asking the journal over the far server to telling the
 * journal), the end of a log-in, an organiser's trial or lists, or what somebody's own log-in is
 * for. */
#ifndef RAUTE_BRIDGE_TASK_H
#define RAUTE_BRIDGE_TASK_H

#include "bridge/core.h"

enum task_kind { TASK_POST, TASK_REVOKE, TASK_TRIAL, TASK_OWN, TASK_HOME };

struct task {
    struct job job; /* its texts are the task's */
    struct seat *seat;
    enum task_kind kind;
    struct outgoing row; /* POST: as it was when the task began */
    char token[LIMIT_POST_TOKEN_BYTES + 1];
    struct account *account;
    char *far, *parent, *link, *title, *description;
    struct post_text text;
    struct journal_request *note; /* for the journal, not taken yet: to be said again; or NULL */
    int64_t note_at;              /* Unix ms */
    /* TRIAL: */
    struct journal_request *request; /* NULL: answered */
    enum post_trouble trouble;       /* of the post */
    char *url;
    unsigned deletions;  /* tried so far */
    int64_t again_at;    /* Unix ms: the next one; 0: none waits */
    struct entry *entry; /* OWN: whose log-in it is */
};

/* tasks.c */
struct task *task_new(struct seat *seat, enum task_kind kind);
void task_end(struct task *task); /* frees it; the seat is free for the next one */
/* The page of a question, of the event for 0; the caller frees it. */
char *task_link(const struct site *site, uint32_t number);
/* Counts it in the log, and lets accounts wait that ask for too much. */
void task_trouble(struct seat *seat, const struct job_result *result, int64_t now);

/* trial.c */
void trial_begin(struct seat *seat);
void trial_answer(struct task *task, enum refusal refusal, json_t *ok); /* once; takes `ok` */
void trial_again(struct task *task); /* the deletion that waits for again_at */
void trial_done(struct task *task, const struct job_result *result);

#endif
