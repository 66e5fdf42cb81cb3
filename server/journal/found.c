/* Founding an event: its slug, its secret, and for an import what was withdrawn since the export.
 */
#include <string.h>

#include "base/log.h"
#include "journal/batch.h"
#include "journal/slug.h"

static bool slug_taken(void *context, const char *slug) {
    return lives_slug_taken(context, slug);
}

static enum refusal create_prepare(struct lives *lives, struct command *command) {
    return slug_settle(command->as.create.slug, command->as.create.settings->hashtags[0],
                       command->as.create.slug_exact, slug_taken, lives);
}

static enum refusal import_prepare(struct lives *lives, struct command *command) {
    struct event *event = command->as.import.event;
    enum refusal refusal =
        slug_settle(event->slug, event->settings.hashtags[0], false, slug_taken, lives);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    if (store_forgotten_load(lives->store, event) != STORE_OK) {
        return REFUSAL_STORAGE;
    }
    table_clear(&event->by_key); /* made anew, also when the parts were checked before */
    return event_restored(event, NULL) ? REFUSAL_OK : REFUSAL_BAD_MESSAGE;
}

/* The secret stands before the event's first row: a crash in between leaves a file, which the next
 * start sweeps, never an event without a secret. */
static enum refusal founded(struct lives *lives, struct command *command, struct event *event,
                            struct changes *changes) {
    uint32_t result;
    enum refusal refusal = event_apply(event, command, changes, &result);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    bool secret = store_secret_new(lives->store, event->id, lives->secret) == STORE_OK;
    return secret ? REFUSAL_OK : REFUSAL_STORAGE;
}

enum refusal event_found(struct journal *journal, struct journal_request *request) {
    struct lives *lives = &journal->lives;
    struct command *command = &request->command;
    bool import = command->kind == COMMAND_IMPORT;
    if (import) {
        memcpy(command->event, command->as.import.event->id, EVENT_ID_BYTES);
    }
    if (lives_find(lives, command->event) != NULL) {
        return REFUSAL_PRESENT;
    }
    if (lives->count >= LIMIT_EVENTS) {
        return REFUSAL_FULL;
    }
    enum refusal refusal = import ? import_prepare(lives, command) : create_prepare(lives, command);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    struct event *event = event_new(command->event);
    struct changes changes = {0};
    refusal = founded(lives, command, event, &changes);
    if (refusal != REFUSAL_OK) {
        event_free(event);
        changes_clear(&changes);
        return refusal;
    }
    memcpy(request->slug, event->slug, sizeof request->slug);
    struct live *live = lives_add(lives, event, &changes);
    live->fresh = true;
    live_touch(lives, live, command->now);
    return REFUSAL_OK;
}
