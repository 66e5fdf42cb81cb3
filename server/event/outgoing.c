/* The rows of what goes out: one array, sorted by number, account, kind. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

/* Where the row stands, or would stand. */
static uint32_t outgoing_place(const struct event *event, uint32_t number, uint32_t account,
                               enum post_kind kind) {
    uint32_t low = 0, high = event->outgoing_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct outgoing *row = &event->outgoing[middle];
        bool before = row->number != number     ? row->number < number
                      : row->account != account ? row->account < account
                                                : row->kind < kind;
        if (before) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct outgoing *outgoing_at(const struct event *event, uint32_t number, uint32_t account,
                             enum post_kind kind) {
    uint32_t place = outgoing_place(event, number, account, kind);
    if (place == event->outgoing_count) {
        return NULL;
    }
    struct outgoing *row = &event->outgoing[place];
    bool found = row->number == number && row->account == account && row->kind == kind;
    return found ? row : NULL;
}

const struct outgoing *event_outgoing(const struct event *event, uint32_t number, uint32_t account,
                                      enum post_kind kind) {
    return outgoing_at(event, number, account, kind);
}

uint32_t event_posts(const struct event *event, uint32_t number, uint32_t *first) {
    *first = outgoing_place(event, number, 0, POST_QUESTION);
    uint32_t past = *first;
    while (past < event->outgoing_count && event->outgoing[past].number == number) {
        past++;
    }
    return past - *first;
}

static struct outgoing *outgoing_append(struct event *event) {
    if (event->outgoing_count == event->outgoing_room) {
        event->outgoing_room = event->outgoing_room == 0 ? 8 : event->outgoing_room * 2;
        event->outgoing =
            memory_resize(event->outgoing, event->outgoing_room, sizeof *event->outgoing);
    }
    return &event->outgoing[event->outgoing_count++];
}

void event_restore_outgoing(struct event *event, const struct outgoing *outgoing) {
    *outgoing_append(event) = *outgoing;
}

static void outgoing_insert(struct event *event, const struct outgoing *row) {
    uint32_t place = outgoing_place(event, row->number, row->account, row->kind);
    (void)outgoing_append(event);
    memmove(&event->outgoing[place + 1], &event->outgoing[place],
            (event->outgoing_count - 1 - place) * sizeof *event->outgoing);
    event->outgoing[place] = *row;
}

/* What everybody may see of a row: NULL, or its link. */
static const char *outgoing_seen(const struct outgoing *row) {
    bool seen =
        row != NULL && row->kind == POST_QUESTION && !mark_empty(row->sent) && row->url[0] != '\0';
    return seen ? row->url : NULL;
}

/* `row` becomes another one, or comes or goes: before or after are NULL. */
static void outgoing_tell(struct changes *changes, const struct outgoing *row,
                          const struct outgoing *before, const struct outgoing *after) {
    const char *was = outgoing_seen(before), *is = outgoing_seen(after);
    struct change change = {.kind = CHANGE_OUTGOING, .number = row->number};
    change.as.outgoing.account = row->account;
    change.as.outgoing.kind = row->kind;
    change.as.outgoing.seen = was == NULL || is == NULL ? was != is : strcmp(was, is) != 0;
    changes_add(changes, change);
}

void outgoing_put(struct event *event, const struct outgoing *row, struct changes *changes) {
    struct outgoing *there = outgoing_at(event, row->number, row->account, row->kind);
    if (there != NULL) {
        outgoing_tell(changes, row, there, row);
        *there = *row;
    } else if (event->outgoing_count < LIMIT_EVENT_OUTGOING) { /* beyond it stays unpublished */
        outgoing_tell(changes, row, NULL, row);
        outgoing_insert(event, row);
    }
}

void outgoing_remove(struct event *event, uint32_t number, uint32_t account, enum post_kind kind,
                     struct changes *changes) {
    struct outgoing *row = outgoing_at(event, number, account, kind);
    if (row == NULL) {
        return;
    }
    outgoing_tell(changes, row, row, NULL);
    uint32_t place = (uint32_t)(row - event->outgoing);
    event->outgoing_count--;
    memmove(row, row + 1, (event->outgoing_count - place) * sizeof *row);
}

static int outgoing_compare(const void *a, const void *b) {
    const struct outgoing *x = a, *y = b;
    if (x->number != y->number) {
        return x->number < y->number ? -1 : 1;
    }
    if (x->account != y->account) {
        return x->account < y->account ? -1 : 1;
    }
    return (x->kind > y->kind) - (x->kind < y->kind);
}

void outgoing_sort(struct event *event) {
    if (event->outgoing_count > 0) {
        qsort(event->outgoing, event->outgoing_count, sizeof *event->outgoing, outgoing_compare);
    }
}

bool mark_empty(const uint8_t mark[POST_MARK_BYTES]) {
    return sodium_is_zero(mark, POST_MARK_BYTES) == 1;
}

bool mark_same(const uint8_t a[POST_MARK_BYTES], const uint8_t b[POST_MARK_BYTES]) {
    return memcmp(a, b, POST_MARK_BYTES) == 0;
}

void mark_clear(uint8_t mark[POST_MARK_BYTES]) {
    memset(mark, 0, POST_MARK_BYTES);
}

void mark_unknown(uint8_t mark[POST_MARK_BYTES]) {
    memset(mark, 0xff, POST_MARK_BYTES);
}

static void mark_text(crypto_generichash_state *hash, const char *text) {
    /* with its final NUL, so that nothing runs into what follows */
    (void)crypto_generichash_update(hash, (const uint8_t *)text, strlen(text) + 1);
}

void post_mark(uint8_t mark[POST_MARK_BYTES], const struct question *question,
               enum post_kind kind) {
    crypto_generichash_state state;
    uint8_t hash[crypto_generichash_BYTES];
    /* The key is random, and forgotten when the question is withdrawn: from then on nobody can
     * try texts against a mark that is left. */
    (void)crypto_generichash_init(&state, question->key, sizeof question->key, sizeof hash);
    mark_text(&state, post_kind_name(kind));
    if (kind == POST_QUESTION) {
        mark_text(&state, question->text);
        mark_text(&state, question->warning != NULL ? question->warning : "");
    } else if (kind == POST_ANSWER && question->answer != NULL) {
        mark_text(&state, question->answer);
    } else if (kind == POST_ANSWER) {
        uint32_t minute = question->answered;
        const uint8_t bytes[] = {(uint8_t)(minute >> 24), (uint8_t)(minute >> 16),
                                 (uint8_t)(minute >> 8), (uint8_t)minute};
        (void)crypto_generichash_update(&state, bytes, sizeof bytes);
    }
    INVARIANT(crypto_generichash_final(&state, hash, sizeof hash) == 0);
    memcpy(mark, hash, POST_MARK_BYTES);
    mark[0] = (uint8_t)(mark[0] & 0x7f); /* neither of the two below */
    mark[1] = (uint8_t)(mark[1] | 1);
}
