/* Founding an event, and what concerns all of it. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "event/rules.h"

static bool slug_valid(const char *slug) {
    size_t length = strlen(slug);
    return length >= LIMIT_SLUG_CHARS_MIN && length <= LIMIT_SLUG_CHARS &&
           strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789") == length;
}

enum refusal rule_create(struct event *event, struct command *command, struct changes *changes) {
    INVARIANT(command->as.create.settings != NULL);
    uint32_t now = (uint32_t)(command->now / MINUTE_MS);
    struct settings settings = *command->as.create.settings;
    if (settings.start == 0) {
        settings.start = now;
    }
    if (settings.end == 0) {
        settings.end = (settings.start > now ? settings.start : now) + DAY_MINUTES;
    }
    enum refusal refusal = settings_check(&settings, now);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    if (!slug_valid(command->as.create.slug)) {
        return REFUSAL_BAD_SLUG;
    }

    event->settings = settings;
    memcpy(event->slug, command->as.create.slug, sizeof event->slug);
    memcpy(event->role_hash, command->as.create.role_hash, sizeof event->role_hash);
    event->talks = memory_new(sizeof *event->talks);
    event->talks[0] = (struct talk){.id = event->next_talk, .open = true};
    memcpy(event->talks[0].title, settings.title, sizeof event->talks[0].title);
    event->talk_count = 1;
    event->current_talk = event->next_talk++;
    change_number(changes, CHANGE_CREATED, 0);
    return REFUSAL_OK;
}

enum refusal rule_import(struct event *event, struct command *command, struct changes *changes) {
    struct event *import = command->as.import.event;
    INVARIANT(import != NULL && memcmp(import->id, event->id, EVENT_ID_BYTES) == 0);
    uint32_t now = (uint32_t)(command->now / MINUTE_MS);
    enum refusal refusal = settings_check(&import->settings, now);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    if (!slug_valid(import->slug)) {
        return REFUSAL_BAD_SLUG;
    }
    if (event_is_empty(import) || import->held_count > 0 || import->ballots.count > 0 ||
        import->account_count > 0 || import->outgoing_count > 0 || import->interest_count > 0 ||
        import->ticket_count > 0) {
        return REFUSAL_BAD_VALUE;
    }
    uint32_t end = import->settings.end < now ? import->settings.end : now;
    if (now - end >= import->settings.retention_days * DAY_MINUTES) {
        return REFUSAL_GONE; /* people were promised that it is deleted by now */
    }

    command->as.import.event = NULL;
    table_clear(&event->by_key);
    table_clear(&event->ballots);
    table_clear(&event->forgotten);
    *event = *import;
    free(import);
    event->closed = true;
    event->settings.end = end;
    if (event->settings.start >= end) {
        event->settings.start = end - 1;
    }
    change_number(changes, CHANGE_CREATED, 0);
    return REFUSAL_OK;
}

enum refusal rule_link(struct event *event, struct command *command, struct changes *changes) {
    enum role role = command->as.link.role;
    if (role < ROLE_ORGANISER || role > ROLE_STAGE) {
        return REFUSAL_BAD_VALUE;
    }
    uint8_t *hash = event->role_hash[role - 1];
    if (memcmp(hash, command->as.link.hash, ROLE_HASH_BYTES) == 0) {
        return REFUSAL_OK;
    }
    memcpy(hash, command->as.link.hash, ROLE_HASH_BYTES);
    change_number(changes, CHANGE_ROLE, (uint32_t)role);
    return REFUSAL_OK;
}

/* What people said of questions that are gone. Their cards stay. */
static void people_wipe(struct event *event, struct changes *changes) {
    for (uint32_t i = event->claim_count; i > 0; i--) {
        claim_leave(event, event_question(event, event->claims[i - 1].number), changes);
    }
    while (event->interest_count > 0) {
        interests_leave(event, event->interests[event->interest_count - 1].number, changes);
    }
}

enum refusal rule_wipe(struct event *event, struct command *command, struct changes *changes) {
    if (event->question_count == 0 && event->held_count == 0 && event->ballots.count == 0) {
        return REFUSAL_OK;
    }
    people_wipe(event, changes);
    for (uint32_t i = 0; i < event->question_count; i++) {
        question_free(event->questions[i]);
    }
    for (uint32_t i = 0; i < event->held_count; i++) {
        free(event->held[i].text);
    }
    for (uint32_t i = 0; i < event->talk_count; i++) {
        event->talks[i].order_count = 0; /* CHANGE_WIPED says it */
    }
    event->question_count = 0;
    event->held_count = 0;
    table_clear(&event->by_key);
    table_clear(&event->ballots);
    change_number(changes, CHANGE_WIPED, 0);
    posts_follow_gone(event, command->now, changes);
    return REFUSAL_OK;
}

enum refusal rule_delete(struct event *event, struct command *command, struct changes *changes) {
    (void)command;
    if (!event->deleted) {
        event->deleted = true;
        change_number(changes, CHANGE_DELETED, 0);
    }
    return REFUSAL_OK;
}
