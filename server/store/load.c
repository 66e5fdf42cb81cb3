/* Rows → an event. Whatever a row says is checked: sizes and ranges here, how the parts fit
 * together by event_restored. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "store/people.h"
#include "store/posts.h"
#include "store/rows.h"

static bool hashtags_split(const char *hashtags, struct settings *settings) {
    settings->hashtag_count = 0;
    for (const char *from = hashtags; *from != '\0';) {
        size_t count = strcspn(from, " ");
        if (settings->hashtag_count == LIMIT_HASHTAGS || count > LIMIT_HASHTAG_BYTES) {
            return false;
        }
        char *hashtag = settings->hashtags[settings->hashtag_count++];
        memcpy(hashtag, from, count);
        hashtag[count] = '\0';
        from += count + (from[count] == ' ' ? 1 : 0);
    }
    return settings->hashtag_count > 0;
}

static bool publish_get(sqlite3_stmt *row, int at, enum publish *publish) {
    char name[16];
    int found = column_text(row, at, name, sizeof name - 1) ? settings_publish_find(name) : -1;
    *publish = found >= 0 ? (enum publish)found : PUBLISH_OFF;
    return found >= 0;
}

static bool settings_get(sqlite3_stmt *row, struct settings *settings) {
    char hashtags[LIMIT_HASHTAGS * (LIMIT_HASHTAG_BYTES + 1)];
    char language[3];
    if (!column_text(row, 1, settings->title, LIMIT_TITLE_BYTES) ||
        !column_text(row, 2, hashtags, sizeof hashtags - 1) ||
        !hashtags_split(hashtags, settings) || !column_text(row, 3, language, 2)) {
        return false;
    }
    settings->language = strcmp(language, "de") == 0 ? LANGUAGE_DE : LANGUAGE_EN;
    return column_integer(row, 4, UINT32_MAX, &settings->start) &&
           column_integer(row, 5, UINT32_MAX, &settings->end) &&
           column_flag(row, 6, &settings->moderation_before) &&
           column_integer(row, 7, UINT32_MAX, &settings->release_seconds) &&
           column_integer(row, 8, UINT32_MAX, &settings->ask_burst) &&
           column_integer(row, 9, UINT32_MAX, &settings->ask_seconds) &&
           column_integer(row, 10, UINT32_MAX, &settings->retention_days) &&
           publish_get(row, 20, &settings->publish) &&
           column_integer(row, 21, LIMIT_PUBLISH_SECONDS, &settings->publish_seconds) &&
           column_signed(row, 22, LIMIT_OFFSET_MINUTES, &settings->offset) &&
           column_flag(row, 24, &settings->tickets);
}

/* False: there is no such event, or it could not be read. */
static bool event_get(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_EVENT_GET, event->id);
    if (!rows_next(store, row)) {
        return false;
    }
    bool whole =
        column_text(row, 0, event->slug, LIMIT_SLUG_CHARS) && settings_get(row, &event->settings);
    for (int role = 0; whole && role < ROLE_KEYS; role++) {
        whole = column_bytes(row, 11 + role, event->role_hash[role], ROLE_HASH_BYTES);
    }
    whole = whole && column_large(row, 14, &event->seq[VIEW_PUBLIC]) &&
            column_large(row, 15, &event->seq[VIEW_STAFF]) &&
            column_integer(row, 16, UINT32_MAX, &event->next_number) &&
            column_integer(row, 17, UINT32_MAX, &event->next_talk) &&
            column_integer(row, 18, UINT32_MAX, &event->current_talk) &&
            column_flag(row, 19, &event->closed) &&
            column_integer(row, 23, UINT32_MAX, &event->next_account);
    if (!whole || rows_next(store, row)) {
        rows_broken(store);
    }
    return whole;
}

static bool talk_get(sqlite3_stmt *row, struct talk *talk) {
    const uint8_t *order = sqlite3_column_blob(row, 3);
    size_t bytes = (size_t)sqlite3_column_bytes(row, 3);
    if (!column_integer(row, 0, UINT32_MAX, &talk->id) ||
        !column_text(row, 1, talk->title, LIMIT_TITLE_BYTES) || !column_flag(row, 2, &talk->open) ||
        bytes % 4 != 0 || bytes / 4 > LIMIT_EVENT_QUESTIONS) {
        return false;
    }
    talk->order_count = talk->order_room = (uint32_t)(bytes / 4);
    talk->order = memory_resize(NULL, talk->order_count, sizeof *talk->order);
    for (uint32_t at = 0; at < talk->order_count; at++) {
        talk->order[at] = 0;
        for (uint32_t byte = 0; byte < 4; byte++) {
            talk->order[at] = talk->order[at] << 8 | order[at * 4 + byte];
        }
    }
    return true;
}

static void talks_get(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_TALKS_GET, event->id);
    while (rows_next(store, row)) {
        struct talk talk = {0};
        if (event->talk_count < LIMIT_EVENT_TALKS && talk_get(row, &talk)) {
            event_restore_talk(event, &talk);
        } else {
            rows_broken(store);
        }
    }
}

static bool question_get(sqlite3_stmt *row, struct question *question) {
    char state[16], reason[16];
    uint32_t degree;
    if (!column_integer(row, 0, UINT32_MAX, &question->number) ||
        !column_integer(row, 1, UINT32_MAX, &question->talk) ||
        !column_bytes(row, 2, question->key, QUESTION_KEY_BYTES) ||
        !column_bytes(row, 3, question->salt, QUESTION_SALT_BYTES) ||
        !column_integer(row, 4, 2, &degree) || !column_text(row, 5, state, sizeof state - 1) ||
        !column_text(row, 6, reason, sizeof reason - 1) ||
        !column_flag(row, 7, &question->pinned) ||
        !column_integer(row, 8, UINT32_MAX, &question->rev) ||
        !column_integer(row, 9, UINT32_MAX, &question->minute) ||
        !column_flag(row, 12, &question->approved) || !column_flag(row, 13, &question->open) ||
        !column_integer(row, 15, UINT32_MAX, &question->answered) ||
        !column_flag(row, 16, &question->edited) ||
        !column_integer(row, 17, UINT32_MAX, &question->votes) ||
        !column_large(row, 18, &question->exposure) || question_state_find(state) < 0 ||
        (reason[0] != '\0' && decline_reason_find(reason) < 0)) {
        return false;
    }
    question->degree = (uint8_t)degree;
    question->state = (enum question_state)question_state_find(state);
    question->reason =
        reason[0] != '\0' ? (enum decline_reason)decline_reason_find(reason) : REASON_NONE;
    return column_text_new(row, 10, &question->text, LIMIT_QUESTION_BYTES) &&
           column_text_maybe(row, 11, &question->answer, LIMIT_ANSWER_BYTES) &&
           column_text_maybe(row, 14, &question->warning, LIMIT_WARNING_BYTES);
}

static void questions_get(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_QUESTIONS_GET, event->id);
    while (rows_next(store, row)) {
        struct question question = {0};
        if (question_get(row, &question)) {
            event_restore_question(event, &question);
        } else {
            free(question.text);
            free(question.answer);
            free(question.warning);
            rows_broken(store);
        }
    }
}

static bool held_get(sqlite3_stmt *row, struct held *held) {
    uint32_t degree;
    if (!column_bytes(row, 0, held->key, QUESTION_KEY_BYTES) ||
        !column_integer(row, 2, UINT32_MAX, &held->talk) ||
        !column_integer(row, 3, UINT32_MAX, &held->number) ||
        !column_integer(row, 4, UINT32_MAX, &held->rev) || !column_integer(row, 5, 2, &degree) ||
        (held->number == 0 && !column_bytes(row, 1, held->salt, QUESTION_SALT_BYTES))) {
        return false;
    }
    held->degree = (uint8_t)degree;
    return column_text_new(row, 6, &held->text, LIMIT_QUESTION_BYTES);
}

static void held_get_all(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_HELD_GET, event->id);
    while (rows_next(store, row)) {
        struct held held = {0};
        if (held_get(row, &held)) {
            event_restore_held(event, &held);
        } else {
            rows_broken(store);
        }
    }
}

static void ballots_get(struct store *store, struct event *event) {
    sqlite3_stmt *row = rows_of(store, STATEMENT_BALLOTS_GET, event->id);
    while (rows_next(store, row)) {
        uint8_t ballot[BALLOT_BYTES];
        if (column_bytes(row, 0, ballot, BALLOT_BYTES)) {
            event_restore_ballot(event, ballot);
        } else {
            rows_broken(store);
        }
    }
}

enum store_status store_list(struct store *store, uint8_t (**ids)[EVENT_ID_BYTES], size_t *count) {
    size_t room = 0;
    *ids = NULL;
    *count = 0;
    sqlite3_stmt *row = rows_prepare(store, STATEMENT_EVENTS_GET);
    while (rows_next(store, row)) {
        if (*count == room) {
            room = room > 0 ? 2 * room : 8;
            *ids = memory_resize(*ids, room, EVENT_ID_BYTES);
        }
        if (!column_bytes(row, 0, (*ids)[(*count)++], EVENT_ID_BYTES)) {
            rows_broken(store);
        }
    }
    enum store_status status = store->status;
    if (status != STORE_OK) {
        store->status = STORE_OK;
        (void)sqlite3_reset(row);
        free(*ids);
        *ids = NULL;
        *count = 0;
    }
    return status;
}

enum store_status store_load(struct store *store, const uint8_t id[EVENT_ID_BYTES],
                             struct event **event, struct changes *changes) {
    struct event *loaded = event_new(id);
    rows_run(store, rows_prepare(store, STATEMENT_BEGIN_READ)); /* all of one moment */
    bool found = event_get(store, loaded);
    if (found) {
        talks_get(store, loaded);
        questions_get(store, loaded);
        held_get_all(store, loaded);
        ballots_get(store, loaded);
        accounts_load(store, loaded);
        outgoing_load(store, loaded);
        people_load(store, loaded);
        tickets_load(store, loaded);
    }
    enum store_status status = rows_end(store);
    if (status == STORE_OK && !found) {
        status = STORE_NONE;
    }
    if (status == STORE_OK) {
        status = store_forgotten_load(store, loaded);
    }
    if (status == STORE_OK && !event_restored(loaded, changes)) {
        log_count("broken event");
        status = STORE_FAILED;
    }
    if (status != STORE_OK) {
        event_free(loaded);
        loaded = NULL;
    }
    *event = loaded;
    return status;
}
