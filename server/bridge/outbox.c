#include "bridge/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

#define BACKOFF_FIRST_MS 2000
#define BACKOFF_MOST_MS  600000
#define PENDING_MS       (2 * FAR_SECONDS * 1000)
#define STUCK_MOST       4 /* failing deletions at once; further ones wait for them */

int64_t backoff_ms(unsigned tries) {
    int64_t delay = BACKOFF_FIRST_MS;
    for (unsigned n = 1; n < tries && delay < BACKOFF_MOST_MS; n++) {
        delay *= 2;
    }
    delay = delay < BACKOFF_MOST_MS ? delay : BACKOFF_MOST_MS;
    return delay * 3 / 4 + (int64_t)random_below((uint32_t)delay / 2 + 1);
}

void retries_clear(struct retries *retries) {
    free(retries->items);
    free(retries->pending);
    *retries = (struct retries){0};
}

struct retry *retry_find(const struct retries *retries, const struct outgoing *row) {
    for (uint32_t at = 0; at < retries->count; at++) {
        struct retry *retry = &retries->items[at];
        if (retry->number == row->number && retry->kind == row->kind && retry->act == row->act) {
            return retry;
        }
    }
    return NULL;
}

struct retry *retry_of(struct retries *retries, const struct outgoing *row) {
    struct retry *retry = retry_find(retries, row);
    if (retry == NULL) {
        retries->items = memory_resize(retries->items, retries->count + 1, sizeof *retries->items);
        retry = &retries->items[retries->count++];
        *retry = (struct retry){.number = row->number, .kind = row->kind, .act = row->act};
        /* Tried before this process began: nobody knows how it went. */
        retry->doubtful = row->token[0] != '\0';
    }
    return retry;
}

void retries_keep(struct retries *retries, const struct agenda *agenda, uint32_t account) {
    for (uint32_t at = 0; at < agenda->row_count; at++) {
        const struct outgoing *row = &agenda->rows[at].row;
        struct retry *retry = row->account == account ? retry_find(retries, row) : NULL;
        if (retry != NULL) {
            retry->seen = true;
        }
    }
    uint32_t kept = 0;
    for (uint32_t at = 0; at < retries->count; at++) {
        if (retries->items[at].seen) {
            retries->items[kept] = retries->items[at];
            retries->items[kept++].seen = false;
        }
    }
    retries->count = kept;
}

void retry_failed(struct retry *retry, enum post_trouble trouble, int64_t retry_at, int64_t now) {
    retry->doubtful = retry->doubtful || trouble == TROUBLE_UNREACHABLE ||
                      trouble == TROUBLE_BUSY || trouble == TROUBLE_ANSWER;
    if (trouble == TROUBLE_LOGIN || trouble == TROUBLE_FORBIDDEN) {
        retry->tries = 0; /* it waits for the account */
        retry->not_before = 0;
        return;
    }
    retry->tries++;
    int64_t next = now + backoff_ms(retry->tries);
    retry->not_before = next > retry_at ? next : retry_at;
}

static struct pending *pending_find(const struct retries *retries, const struct outgoing *row) {
    for (uint32_t at = 0; at < retries->pending_count; at++) {
        struct pending *pending = &retries->pending[at];
        if (pending->number == row->number && pending->kind == row->kind) {
            return pending;
        }
    }
    return NULL;
}

static void pending_forget(struct retries *retries, int64_t now) {
    uint32_t kept = 0;
    for (uint32_t at = 0; at < retries->pending_count; at++) {
        if (retries->pending[at].until > now) {
            retries->pending[kept++] = retries->pending[at];
        }
    }
    retries->pending_count = kept;
}

void retry_pending(struct retries *retries, const struct outgoing *row, int64_t now) {
    pending_forget(retries, now);
    struct pending *pending = pending_find(retries, row);
    if (pending == NULL) {
        retries->pending =
            memory_resize(retries->pending, retries->pending_count + 1, sizeof *retries->pending);
        pending = &retries->pending[retries->pending_count++];
        *pending = (struct pending){.number = row->number, .kind = row->kind};
    }
    pending->until = now + PENDING_MS;
}

int64_t pending_until(const struct retries *retries, const struct outgoing *row, int64_t now) {
    const struct pending *pending = pending_find(retries, row);
    return pending != NULL && pending->until > now ? pending->until : 0;
}

bool post_doubtful(const struct retries *retries, const struct outgoing *row) {
    const struct retry *retry = retry_find(retries, row);
    return row->token[0] != '\0' && (retry == NULL || retry->doubtful);
}

bool post_holds(const struct agenda_row *row, bool leaving) {
    return row->row.act == ACT_DELETE ||
           (!leaving && row->wanted && memcmp(row->mark, row->row.sending, POST_MARK_BYTES) == 0);
}

static int64_t row_not_before(const struct retries *retries, const struct outgoing *row) {
    const struct retry *retry = retry_find(retries, row);
    const struct pending *pending = row->act == ACT_DELETE ? NULL : pending_find(retries, row);
    int64_t not_before = retry == NULL ? 0 : retry->not_before;
    return pending != NULL && pending->until > not_before ? pending->until : not_before;
}

/* The deletion that has waited longest; fresh ones wait while too many fail. */
static const struct agenda_row *deletion_next(const struct agenda *agenda, uint32_t account,
                                              const struct retries *retries, int64_t now,
                                              int64_t *wake) {
    const struct agenda_row *best = NULL;
    int64_t best_at = INT64_MAX;
    unsigned stuck = 0;
    for (uint32_t at = 0; at < agenda->row_count; at++) {
        const struct outgoing *row = &agenda->rows[at].row;
        stuck += row->account == account && row->act == ACT_DELETE && row->state == POST_SENDING;
    }
    for (uint32_t at = 0; at < agenda->row_count; at++) {
        const struct outgoing *row = &agenda->rows[at].row;
        if (row->account != account || row->act != ACT_DELETE ||
            (row->state == POST_READY && stuck >= STUCK_MOST)) {
            continue;
        }
        int64_t not_before = row_not_before(retries, row);
        if (not_before > now) {
            *wake = not_before < *wake ? not_before : *wake;
        } else if (not_before < best_at) {
            best = &agenda->rows[at];
            best_at = not_before;
        }
    }
    return best;
}

static bool row_may_begin(const struct agenda_row *row, bool replies) {
    return row->row.state == POST_READY && row->row.act != ACT_DELETE && row->text != NULL &&
           (row->row.kind != POST_QUESTION) == replies && (!replies || row->parent != NULL);
}

static const struct agenda_row *lot_draw(const struct agenda *agenda, uint32_t account,
                                         bool replies, const struct retries *retries, int64_t now,
                                         int64_t *wake) {
    const struct agenda_row *drawn = NULL;
    uint32_t seen = 0;
    for (uint32_t at = 0; at < agenda->row_count; at++) {
        const struct agenda_row *row = &agenda->rows[at];
        if (row->row.account != account || !row_may_begin(row, replies)) {
            continue;
        }
        int64_t not_before = row_not_before(retries, &row->row);
        if (not_before > now) {
            *wake = not_before < *wake ? not_before : *wake;
        } else if (random_below(++seen) == 0) {
            drawn = row;
        }
    }
    return drawn;
}

const struct agenda_row *outbox_next(const struct agenda *agenda, uint32_t account, bool leaving,
                                     const struct retries *retries, int64_t now, int64_t *wake) {
    const struct agenda_row *next = deletion_next(agenda, account, retries, now, wake);
    if (next != NULL) {
        return next;
    }
    for (uint32_t at = 0; at < agenda->row_count; at++) {
        const struct agenda_row *row = &agenda->rows[at];
        if (row->row.account != account || row->row.state != POST_SENDING ||
            row->row.act == ACT_DELETE) {
            continue;
        }
        int64_t not_before = row_not_before(retries, &row->row);
        if (not_before <= now || !post_holds(row, leaving)) {
            return row;
        }
        *wake = not_before < *wake ? not_before : *wake;
        return NULL; /* its order is kept: nothing overtakes it but deletions */
    }
    if (leaving) {
        return NULL;
    }
    next = lot_draw(agenda, account, false, retries, now, wake);
    return next != NULL ? next : lot_draw(agenda, account, true, retries, now, wake);
}

bool outbox_any(const struct agenda *agenda, uint32_t account) {
    for (uint32_t at = 0; at < agenda->row_count; at++) {
        if (agenda->rows[at].row.account == account) {
            return true;
        }
    }
    return false;
}
