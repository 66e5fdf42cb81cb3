/* A log-in under way, of an organiser (attempts.c) or of somebody in the audience (own.c). */
#ifndef RAUTE_BRIDGE_ENTRY_H
#define RAUTE_BRIDGE_ENTRY_H

#include "bridge/core.h"
#include "bridge/peek.h"

/* Where it is: with the network (ASKING), with the person (WAITING), with the journal, or at the
 * end of its token (STORING). */
enum entry_phase { ENTRY_ASKING, ENTRY_WAITING, ENTRY_STORING };

/* What an own log-in is to show, and what became of it. Owns its texts. */
struct own {
    uint8_t card[CARD_KEY_BYTES];
    char account[LIMIT_CARD_ACCOUNT_BYTES + 1]; /* as on the card */
    uint32_t number;                            /* of the question that is posted; 0: none */
    uint64_t asked;                             /* errand id of the peek that is waited for */
    struct peek *peek;                          /* the question as it is when it is posted */
    char *actor, *profile; /* Mastodon: either names whose account it is; else NULL */
    char *url;             /* of the post; NULL: none */
    bool revoking, revoked;
    enum refusal refusal; /* of what it was for */
};

struct entry {
    struct entry *next; /* older ones follow */
    struct bridge *bridge;
    struct attempt attempt;
    uint8_t event[EVENT_ID_BYTES];
    char *hashtag;
    enum entry_phase phase;
    int64_t expires_at;              /* Unix ms */
    struct journal_request *request; /* who waits; NULL while WAITING */
    struct own *own;                 /* NULL: an organiser's */
};

/* attempts.c */
/* NULL, and the request is answered: too many are under way. `purpose` as in network.h; server and
 * what else it takes is set by the caller. Takes the request otherwise. */
struct entry *entry_new(struct bridge *bridge, struct journal_request *request,
                        enum network network, enum login_purpose purpose);
void entry_free(struct entry *entry);
/* Answers whoever waits; `ok` is taken. */
void entry_answer(struct entry *entry, enum refusal refusal, json_t *ok);

/* own.c */
void own_free(struct own *own); /* NULL is fine */
/* Who logged in is in attempt->account. */
void own_finished(struct entry *entry);
/* Takes the peek that an own log-in waits for. */
void own_peeked(struct bridge *bridge, struct peek *peek);
/* An act of its task is done: the post, or the end of the token. */
void own_done(struct task *task, const struct job_result *result);
void own_answered(struct entry *entry, enum refusal refusal);

#endif
