/* Which of an account's posts is next, and when a failed one is tried again. Pure but for the lot
 * that is drawn. Times are Unix ms. */
#ifndef RAUTE_BRIDGE_OUTBOX_H
#define RAUTE_BRIDGE_OUTBOX_H

#include "bridge/agenda.h"

#define TRIES_MOST 12

/* What is remembered of a post that failed; in memory only. */
struct retry {
    uint32_t number;
    enum post_kind kind;
    enum post_act act;
    unsigned tries;
    int64_t not_before;
    bool doubtful;          /* a try may have been carried out */
    enum post_trouble told; /* to the journal */
    bool seen;              /* in the latest agenda */
};

/* Of a post that we gave up waiting for: until then the far server may still carry it out, whatever
 * is to be done about the post meanwhile. */
struct pending {
    uint32_t number;
    enum post_kind kind;
    int64_t until;
};

struct retries {
    struct retry *items;
    uint32_t count;
    struct pending *pending;
    uint32_t pending_count;
};

void retries_clear(struct retries *retries);
/* NULL: it has not failed. */
struct retry *retry_find(const struct retries *retries, const struct outgoing *row);
/* The same, made when there is none. Valid until the next one is made. */
struct retry *retry_of(struct retries *retries, const struct outgoing *row);
/* Forgets those whose row is not in the agenda. */
void retries_keep(struct retries *retries, const struct agenda *agenda, uint32_t account);
/* Notes a failed try: when the next one may be, at the earliest at `retry_at` (0: any time). */
void retry_failed(struct retry *retry, enum post_trouble trouble, int64_t retry_at, int64_t now);
/* Notes that a try of it may be carried out later: posts and edits wait until that is over. A
 * deletion goes at once, but is done only if it goes well after that too. */
void retry_pending(struct retries *retries, const struct outgoing *row, int64_t now);
/* When everything that was tried of the post has ended; 0: it has. */
int64_t pending_until(const struct retries *retries, const struct outgoing *row, int64_t now);
/* True when it is not known that nothing was carried out under the row's token. */
bool post_doubtful(const struct retries *retries, const struct outgoing *row);
/* False: what is being sent is not what should be out there any more; nothing but deletions is when
 * the account is `leaving`. */
bool post_holds(const struct agenda_row *row, bool leaving);

/* The next one to do: deletions first, then what is being sent, then by lot a question, then by lot
 * what hangs on one. `leaving`: only deletions. NULL: nothing now; *wake is
 * lowered to the time when there may be. */
const struct agenda_row *outbox_next(const struct agenda *agenda, uint32_t account, bool leaving,
                                     const struct retries *retries, int64_t now, int64_t *wake);
/* True when something of the account is READY or SENDING. */
bool outbox_any(const struct agenda *agenda, uint32_t account);

/* Milliseconds after so many tries: 2 s doubled each time, at most 10 min, give or take a quarter.
 */
int64_t backoff_ms(unsigned tries);

#endif
