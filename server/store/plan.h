/* What one event's changes of a batch come down to: the rows that they touch, each once and sorted.
 * Every such row is then made to say what the event says now. So a row is written once per commit
 * however often it changed, and where it lies tells nothing of the order within a batch. */
#ifndef RAUTE_STORE_PLAN_H
#define RAUTE_STORE_PLAN_H

#include "store/store.h"

enum row_kind {
    ROW_TALK,
    ROW_QUESTION,
    ROW_COUNT,
    ROW_EXPOSURE,
    ROW_HELD,
    ROW_BALLOT,
    ROW_ACCOUNT,
    ROW_OUTGOING,
    ROW_CARD,
    ROW_CLAIM,
    ROW_INTEREST,
    ROW_TICKET,
};

#define ROW_POST_KEY_BYTES 5

struct row {
    enum row_kind kind;
    uint32_t number;
    uint8_t key[QUESTION_KEY_BYTES]; /* or a card's, a ballot, a ticket's hash, account and kind of
                                      * a post, or zeroes */
};

/* What is to be done for one event. */
struct plan {
    const struct event *event;
    bool stored;  /* anything at all; presence alone is not */
    bool deleted; /* all is removed */
    bool whole;   /* all is written, not row by row */
    bool settings, talks;
    bool wiped;     /* questions, held, ballots, people are written anew */
    bool destroyed; /* ballots and tickets are written anew, the live secret goes */
    bool forgets;   /* the forgotten file is replaced first */
    bool removes;   /* leaves something behind for VACUUM: bytes, or an order of arrival */
    struct row *rows;
    size_t count;
};

/* Of a ROW_OUTGOING. */
uint32_t row_post_account(const struct row *row);
enum post_kind row_post_kind(const struct row *row);

/* free() its rows. */
struct plan plan_make(const struct store_item *item);

#endif
