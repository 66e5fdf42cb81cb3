/* What a client knows: a snapshot, and every frame laid over it, written from
 * server/wire/README.md alone. */
#ifndef FASTPATH_STATE_H
#define FASTPATH_STATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct state {
    uint64_t seq;
    json_t *whole;     /* event, talks, current, accounts, left */
    json_t *questions; /* number as text → question */
    json_t *orders;    /* talk as text → numbers */
    unsigned changes;  /* counts what was laid over it */
};

/* Strict: UTF-8, no double members, nothing behind it. NULL and *why otherwise. */
json_t *text_read(const char *text, size_t length, json_error_t *why);

void state_clear(struct state *state);
/* NULL, or what is wrong with the snapshot (static). */
const char *state_take(struct state *state, const json_t *snapshot);
const char *state_apply(struct state *state, const json_t *frame);
/* All that is in seq, the same text for the same state; free() it. */
char *state_text(const struct state *state);

#endif
