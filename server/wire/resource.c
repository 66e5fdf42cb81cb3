#include "wire/resource.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/table.h"
#include "wire/answers.h"
#include "wire/encode.h"
#include "wire/encode_people.h"
#include "wire/export.h"
#include "wire/gzip.h"
#include "wire/html.h"
#include "wire/picture.h"

#define JSON_TYPE "application/json"
#define SWEEP_MS  10000 /* how often entries that nobody asks for are looked for */
#define UNUSED_MS 60000

/* Who waits for an entry, or for a resource of its own. */
struct waiter {
    struct waiter *next;
    struct queue *reply;
    uint64_t handle;
};

/* One (event, kind). */
struct entry {
    uint8_t key[EVENT_ID_BYTES + 1];
    struct resources *owner;
    struct waiter *waiters; /* not empty: a read is under way */
    int64_t made_at;        /* clock_monotonic_ms; 0: never */
    int status;
    struct shared *plain, *gzip;
    char etag[ETAG_ROOM];
};

/* A resource made for one request alone. */
struct errand {
    struct resources *owner;
    enum resource_kind kind;
    uint64_t which;
    struct waiter waiter;
};

struct resources {
    const struct wire *wire;
    pthread_mutex_t mutex;
    struct table entries;
    int64_t swept_at;
};

struct resources *resources_new(const struct wire *wire) {
    struct resources *resources = memory_new(sizeof *resources);
    resources->wire = wire;
    INVARIANT(pthread_mutex_init(&resources->mutex, NULL) == 0);
    resources->entries = table_make(EVENT_ID_BYTES + 1);
    return resources;
}

static void entry_free(struct entry *entry) {
    shared_release(entry->plain);
    shared_release(entry->gzip);
    free(entry);
}

void resources_free(struct resources *resources) {
    size_t at = 0;
    const void *key;
    void *value;
    while (table_next(&resources->entries, &at, &key, &value)) {
        entry_free(value);
    }
    table_clear(&resources->entries);
    (void)pthread_mutex_destroy(&resources->mutex);
    free(resources);
}

static const char *kind_type(enum resource_kind kind) {
    switch (kind) {
    case RESOURCE_LIST_DE:
    case RESOURCE_LIST_EN:
    case RESOURCE_CARDS_DE:
    case RESOURCE_CARDS_EN:
    case RESOURCE_QUESTION_DE:
    case RESOURCE_QUESTION_EN:
    case RESOURCE_CARD_DE:
    case RESOURCE_CARD_EN:
        return HTML_TYPE;
    case RESOURCE_EXPORT_CSV:
        return "text/csv; charset=utf-8";
    case RESOURCE_EXPORT_MARKDOWN:
        return "text/markdown; charset=utf-8";
    case RESOURCE_SNAPSHOT_PUBLIC:
    case RESOURCE_SNAPSHOT_STAFF:
    case RESOURCE_KEYS:
    case RESOURCE_PEOPLE_PUBLIC:
    case RESOURCE_PEOPLE_STAFF:
    case RESOURCE_EXPORT_JSON:
    case RESOURCE_AVATAR: /* that there is none */
    case RESOURCE_CACHED:
        break;
    }
    return JSON_TYPE;
}

static enum language kind_language(enum resource_kind kind) {
    bool german = kind == RESOURCE_LIST_DE || kind == RESOURCE_CARDS_DE ||
                  kind == RESOURCE_QUESTION_DE || kind == RESOURCE_CARD_DE;
    return german ? LANGUAGE_DE : LANGUAGE_EN;
}

/* The bytes that say that there is no such thing. */
static struct shared *missing_make(enum resource_kind kind) {
    if (strcmp(kind_type(kind), HTML_TYPE) == 0) {
        return shared_hold(html_page(HTML_MISSING, kind_language(kind))->plain);
    }
    struct buffer out = buffer_make(LIMIT_MESSAGE_BYTES);
    answer_problem(&out, REFUSAL_UNKNOWN, kind_language(kind));
    struct shared *plain = shared_new(out.data, out.length);
    buffer_clear(&out);
    return plain;
}

/* The networks that an organiser can connect, 1 << enum network each. */
static unsigned offers(const struct bridge *bridge) {
    unsigned all = 0;
    for (int network = 0; network < NETWORK_COUNT; network++) {
        all |= bridge_offers(bridge, (enum network)network) ? 1u << network : 0;
    }
    return all;
}

/* The picture as it came; its type is found again from its bytes. */
static bool encode_avatar(struct buffer *out, const struct event *event, uint32_t id) {
    const struct account *account = event_account(event, id);
    if (account == NULL || account->state == ACCOUNT_LEFT || account->avatar == NULL ||
        picture_type(account->avatar, account->avatar_bytes) == NULL) {
        return false;
    }
    buffer_append(out, account->avatar, account->avatar_bytes);
    return true;
}

/* False: everybody may not see it, or there is none. */
static bool question_page(struct buffer *out, const struct event *event, uint32_t number,
                          enum language language, const char *public_url) {
    const struct question *question = event_question(event, number);
    if (question == NULL || !question_shown(question, VIEW_PUBLIC)) {
        return false;
    }
    html_question(out, event, question, language, public_url);
    return true;
}

static bool card_page(struct buffer *out, const struct event *event, uint64_t tag,
                      enum language language, const char *public_url) {
    const struct card *card = card_tagged(event, tag);
    if (card == NULL) {
        return false;
    }
    html_card(out, event, card, language, public_url);
    return true;
}

/* False: there is nothing to encode. */
static bool kind_encode(const struct resources *resources, const struct event *event,
                        enum resource_kind kind, uint64_t which, struct buffer *out) {
    const char *public_url = resources->wire->public_url;
    switch (kind) {
    case RESOURCE_SNAPSHOT_PUBLIC:
        encode_snapshot(out, event, VIEW_PUBLIC, public_url, 0);
        return true;
    case RESOURCE_SNAPSHOT_STAFF:
        encode_snapshot(out, event, VIEW_STAFF, public_url, offers(resources->wire->bridge));
        return true;
    case RESOURCE_KEYS:
        encode_keys(out, event);
        return true;
    case RESOURCE_PEOPLE_PUBLIC:
    case RESOURCE_PEOPLE_STAFF:
        encode_people(out, event, kind == RESOURCE_PEOPLE_STAFF ? VIEW_STAFF : VIEW_PUBLIC);
        return true;
    case RESOURCE_LIST_DE:
    case RESOURCE_LIST_EN:
        html_list(out, event, kind_language(kind), public_url);
        return true;
    case RESOURCE_CARDS_DE:
    case RESOURCE_CARDS_EN:
        html_people(out, event, kind_language(kind), public_url);
        return true;
    case RESOURCE_QUESTION_DE:
    case RESOURCE_QUESTION_EN:
        return question_page(out, event, (uint32_t)which, kind_language(kind), public_url);
    case RESOURCE_CARD_DE:
    case RESOURCE_CARD_EN:
        return card_page(out, event, which, kind_language(kind), public_url);
    case RESOURCE_EXPORT_JSON:
        export_json(out, event);
        return true;
    case RESOURCE_EXPORT_CSV:
        export_csv(out, event);
        return true;
    case RESOURCE_EXPORT_MARKDOWN:
        export_markdown(out, event, public_url);
        return true;
    case RESOURCE_AVATAR:
        return encode_avatar(out, event, (uint32_t)which);
    case RESOURCE_CACHED:
        break;
    }
    INVARIANT(false);
}

/* On the journal thread. Returns the status. */
static int bytes_make(const struct resources *resources, const struct event *event, bool known,
                      enum resource_kind kind, uint64_t which, struct shared **plain) {
    struct buffer out = buffer_make(LIMIT_SNAPSHOT_BYTES);
    bool there = event != NULL && kind_encode(resources, event, kind, which, &out);
    if (there && out.overflow) {
        log_count("resource_too_large");
        there = false;
    }
    *plain = there ? shared_new(out.data, out.length) : missing_make(kind);
    buffer_clear(&out);
    frames_open(event, known, resources->wire->frames);
    if (event == NULL && known) {
        return 503; /* not readable now, but not gone */
    }
    return there ? 200 : 404;
}

static struct resource *resource_new(enum resource_kind kind, int status, struct shared *plain,
                                     const char *etag) {
    struct resource *resource = memory_new(sizeof *resource);
    resource->kind = kind;
    resource->status = status;
    resource->type = kind == RESOURCE_AVATAR && status == 200
                         ? picture_type(plain->bytes, plain->length)
                         : kind_type(kind);
    resource->plain = shared_hold(plain);
    memcpy(resource->etag, etag, sizeof resource->etag);
    return resource;
}

void resource_free(struct resource *resource) {
    if (resource != NULL) {
        shared_release(resource->plain);
        shared_release(resource->gzip);
        free(resource);
    }
}

static void resource_push(struct resource *resource, const struct waiter *waiter) {
    resource->handle = waiter->handle;
    if (!queue_push(waiter->reply, &resource->node)) {
        resource_free(resource);
    }
}

/* What the entry holds now. The mutex is held. */
static struct resource *entry_resource(const struct entry *entry) {
    enum resource_kind kind = (enum resource_kind)entry->key[EVENT_ID_BYTES];
    struct resource *resource = resource_new(kind, entry->status, entry->plain, entry->etag);
    memcpy(resource->event, entry->key, EVENT_ID_BYTES);
    if (entry->gzip != NULL) {
        resource->gzip = shared_hold(entry->gzip);
    }
    return resource;
}

/* On the journal thread: makes the entry's bytes anew and answers all who wait. */
static void entry_read(const struct event *event, bool known, void *context) {
    struct entry *entry = context;
    struct resources *resources = entry->owner;
    enum resource_kind kind = (enum resource_kind)entry->key[EVENT_ID_BYTES];
    struct shared *plain;
    int status = bytes_make(resources, event, known, kind, 0, &plain);

    (void)pthread_mutex_lock(&resources->mutex);
    bool same = entry->plain != NULL && entry->plain->length == plain->length &&
                memcmp(entry->plain->bytes, plain->bytes, plain->length) == 0;
    if (same) {
        shared_release(plain); /* and the old gzip is good still */
    } else {
        shared_release(entry->plain);
        shared_release(entry->gzip);
        entry->plain = plain;
        entry->gzip = NULL;
        etag_make(entry->etag, plain);
    }
    entry->status = status;
    entry->made_at = clock_monotonic_ms();
    struct waiter *waiter = entry->waiters;
    entry->waiters = NULL;
    while (waiter != NULL) {
        struct waiter *next = waiter->next;
        resource_push(entry_resource(entry), waiter);
        free(waiter);
        waiter = next;
    }
    (void)pthread_mutex_unlock(&resources->mutex);
}

/* Forgets entries that nobody asked for in a while. The mutex is held. */
static void entries_sweep(struct resources *resources, int64_t now) {
    if (now - resources->swept_at < SWEEP_MS) {
        return;
    }
    resources->swept_at = now;
    struct table kept = table_make(EVENT_ID_BYTES + 1);
    size_t at = 0;
    const void *key;
    void *value;
    while (table_next(&resources->entries, &at, &key, &value)) {
        struct entry *entry = value;
        if (entry->waiters != NULL || now - entry->made_at < UNUSED_MS) {
            table_set(&kept, key, entry);
        } else {
            entry_free(entry);
        }
    }
    table_clear(&resources->entries);
    resources->entries = kept;
}

static struct entry *entry_find(struct resources *resources, const uint8_t event[EVENT_ID_BYTES],
                                enum resource_kind kind) {
    uint8_t key[EVENT_ID_BYTES + 1];
    memcpy(key, event, EVENT_ID_BYTES);
    key[EVENT_ID_BYTES] = (uint8_t)kind;
    struct entry *entry = table_get(&resources->entries, key);
    if (entry == NULL) {
        entry = memory_new(sizeof *entry);
        memcpy(entry->key, key, sizeof key);
        entry->owner = resources;
        table_set(&resources->entries, key, entry);
    }
    return entry;
}

static struct resource *entry_get(struct resources *resources, const uint8_t event[EVENT_ID_BYTES],
                                  enum resource_kind kind, const struct waiter *waiter) {
    int64_t now = clock_monotonic_ms();
    struct resource *fresh = NULL;
    bool read = false;
    (void)pthread_mutex_lock(&resources->mutex);
    entries_sweep(resources, now);
    struct entry *entry = entry_find(resources, event, kind);
    if (entry->plain != NULL && now - entry->made_at < SNAPSHOT_AGE_MS) {
        fresh = entry_resource(entry);
    } else {
        struct waiter *more = memory_new(sizeof *more);
        *more = *waiter;
        more->next = entry->waiters;
        read = entry->waiters == NULL;
        entry->waiters = more;
    }
    (void)pthread_mutex_unlock(&resources->mutex);
    if (read) {
        journal_read(resources->wire->journal, event, entry_read, entry);
    }
    return fresh;
}

static void errand_read(const struct event *event, bool known, void *context) {
    struct errand *errand = context;
    struct shared *plain;
    char etag[ETAG_ROOM];
    int status = bytes_make(errand->owner, event, known, errand->kind, errand->which, &plain);
    etag_make(etag, plain);
    resource_push(resource_new(errand->kind, status, plain, etag), &errand->waiter);
    shared_release(plain);
    free(errand);
}

struct resource *resources_get(struct resources *resources, const uint8_t event[EVENT_ID_BYTES],
                               enum resource_kind kind, uint64_t which, struct queue *reply,
                               uint64_t handle) {
    INVARIANT(kind != RESOURCE_CACHED);
    struct waiter waiter = {.reply = reply, .handle = handle};
    if (kind < RESOURCE_CACHED) {
        return entry_get(resources, event, kind, &waiter);
    }
    struct errand *errand = memory_new(sizeof *errand);
    *errand = (struct errand){.owner = resources, .kind = kind, .which = which, .waiter = waiter};
    journal_read(resources->wire->journal, event, errand_read, errand);
    return NULL;
}

void resource_finish(struct resources *resources, struct resource *resource) {
    if (resource->gzip != NULL || resource->kind == RESOURCE_AVATAR) {
        return;
    }
    struct shared *gzip = NULL;
    uint8_t key[EVENT_ID_BYTES + 1];
    memcpy(key, resource->event, EVENT_ID_BYTES);
    key[EVENT_ID_BYTES] = (uint8_t)resource->kind;
    bool cached = resource->kind < RESOURCE_CACHED;

    (void)pthread_mutex_lock(&resources->mutex);
    struct entry *entry = cached ? table_get(&resources->entries, key) : NULL;
    if (entry != NULL && entry->plain == resource->plain && entry->gzip != NULL) {
        gzip = shared_hold(entry->gzip);
    }
    (void)pthread_mutex_unlock(&resources->mutex);
    if (gzip == NULL) {
        gzip = gzip_make(resource->plain);
    }
    resource->gzip = gzip;
    if (gzip == NULL || !cached) {
        return;
    }
    (void)pthread_mutex_lock(&resources->mutex);
    entry = table_get(&resources->entries, key);
    if (entry != NULL && entry->plain == resource->plain && entry->gzip == NULL) {
        entry->gzip = shared_hold(gzip);
    }
    (void)pthread_mutex_unlock(&resources->mutex);
}
