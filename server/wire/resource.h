/* What HTTP gives out of an event: encoded on the journal thread by a journal_read, at most once
 * per SNAPSHOT_AGE_MS and kind, compressed by the network thread that asked first, then cached. Any
 * thread. */
#ifndef RAUTE_WIRE_RESOURCE_H
#define RAUTE_WIRE_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/queue.h"
#include "base/shared.h"
#include "journal/journal.h"
#include "wire/session.h"

enum resource_kind {
    RESOURCE_SNAPSHOT_PUBLIC,
    RESOURCE_SNAPSHOT_STAFF,
    RESOURCE_KEYS,
    RESOURCE_PEOPLE_PUBLIC, /* the cards, with the seq of their view */
    RESOURCE_PEOPLE_STAFF,
    RESOURCE_LIST_DE, /* the audience page with the list */
    RESOURCE_LIST_EN,
    RESOURCE_CARDS_DE, /* the page of all cards */
    RESOURCE_CARDS_EN,
    RESOURCE_CACHED,      /* the kinds below are made anew for each request */
    RESOURCE_QUESTION_DE, /* one question's page */
    RESOURCE_QUESTION_EN,
    RESOURCE_CARD_DE, /* one card's page */
    RESOURCE_CARD_EN,
    RESOURCE_EXPORT_JSON,
    RESOURCE_EXPORT_CSV,
    RESOURCE_EXPORT_MARKDOWN,
    RESOURCE_AVATAR, /* the picture of an account */
};

/* The answer; comes through `reply` of the request. Freed with resource_free. */
struct resource {
    struct queue_node node;
    uint64_t handle;
    enum resource_kind kind;
    uint8_t event[EVENT_ID_BYTES]; /* of a cached kind */
    int status;                    /* 200 or 404 */
    const char *type;              /* static text: content type */
    struct shared *plain;          /* held; never NULL */
    struct shared *gzip;           /* held; NULL when not worth it */
    char etag[28];                 /* quoted; of the plain bytes */
};

struct resources;

/* Borrows `wire`, whose members are looked at from the first request on. Whatever is encoded opens
 * the event's rings in its frames, so that who comes with a snapshot finds what follows it. */
struct resources *resources_new(const struct wire *wire);
/* After journal_stop: every request has been answered then. */
void resources_free(struct resources *resources);
/* Asks for one; `which` is the number of the question or account, or the card's tag
 * (wire/encode_people.h), else 0. Returns what is cached and fresh; else NULL, and the answer is
 * pushed to `reply` with `handle`, perhaps before this returns. */
struct resource *resources_get(struct resources *resources, const uint8_t event[EVENT_ID_BYTES],
                               enum resource_kind kind, uint64_t which, struct queue *reply,
                               uint64_t handle);
/* To be called by the receiving thread: compresses, if this thread is the first with these bytes.
 */
void resource_finish(struct resources *resources, struct resource *resource);
void resource_free(struct resource *resource);

#endif
