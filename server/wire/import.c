#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "wire/decode.h"
#include "wire/export.h"
#include "wire/import.h"
#include "wire/links.h"

static const struct member EXPORT_MEMBERS[] = {
    {"format", MEMBER_WORD, false, 0, 0},      {"event", MEMBER_OBJECT, false, 0, 0},
    {"seq", MEMBER_LIST, false, 0, 0},         {"next_number", MEMBER_NUMBER, false, 0, 0},
    {"next_talk", MEMBER_NUMBER, false, 0, 0}, {"current", MEMBER_NUMBER, false, 0, 0},
    {"talks", MEMBER_LIST, false, 0, 0},       {"questions", MEMBER_LIST, false, 0, 0},
    {"cards", MEMBER_LIST, true, 0, 0}, /* older exports lack these two */
    {"claims", MEMBER_LIST, true, 0, 0},       {0},
};

static const struct member EVENT_MEMBERS[] = {
    {"id", MEMBER_BYTES, false, EVENT_ID_BYTES, 0},
    {"slug", MEMBER_WORD, false, 0, 0},
    {"title", MEMBER_TEXT, false, LIMIT_TITLE_BYTES, LIMIT_TITLE_GRAPHEMES},
    {"hashtags", MEMBER_LIST, false, 0, 0},
    {"language", MEMBER_WORD, false, 0, 0},
    {"start", MEMBER_NUMBER, false, 0, 0},
    {"end", MEMBER_NUMBER, false, 0, 0},
    {"moderation", MEMBER_WORD, false, 0, 0},
    {"release", MEMBER_NUMBER, false, 0, 0},
    {"ask_burst", MEMBER_NUMBER, false, 0, 0},
    {"ask_seconds", MEMBER_NUMBER, false, 0, 0},
    {"retention", MEMBER_NUMBER, false, 0, 0},
    PUBLISH_SETTINGS, /* older exports lack them, and what follows */
    {"admission", MEMBER_WORD, true, 0, 0},
    {"seats", MEMBER_NUMBER, true, 0, 0}, /* tickets do not come along */
    {0},
};

static const struct member TALK_MEMBERS[] = {
    {"id", MEMBER_NUMBER, false, 0, 0},
    {"title", MEMBER_TEXT, false, LIMIT_TITLE_BYTES, LIMIT_TITLE_GRAPHEMES},
    {"open", MEMBER_FLAG, false, 0, 0},
    {"order", MEMBER_LIST, false, 0, 0},
    {0},
};

static const struct member QUESTION_MEMBERS[] = {
    {"n", MEMBER_NUMBER, false, 0, 0},
    {"talk", MEMBER_NUMBER, false, 0, 0},
    {"key", MEMBER_BYTES, false, QUESTION_KEY_BYTES, 0},
    {"state", MEMBER_WORD, false, 0, 0},
    {"rev", MEMBER_NUMBER, false, 0, 0},
    {"votes", MEMBER_NUMBER, false, 0, 0},
    {"minute", MEMBER_NUMBER, false, 0, 0},
    {"exposure", MEMBER_BIG, false, 0, 0},
    {"degree", MEMBER_NUMBER, false, 0, 0},
    {"pinned", MEMBER_FLAG, false, 0, 0},
    {"reason", MEMBER_WORD, true, 0, 0},
    {"text", MEMBER_TEXT, true, LIMIT_QUESTION_BYTES, LIMIT_QUESTION_GRAPHEMES},
    {"answer", MEMBER_TEXT, true, LIMIT_ANSWER_BYTES, LIMIT_ANSWER_GRAPHEMES},
    {"edited", MEMBER_FLAG, true, 0, 0},
    {"approved", MEMBER_FLAG, true, 0, 0},
    {"open", MEMBER_FLAG, true, 0, 0},
    {"warning", MEMBER_TEXT, true, LIMIT_WARNING_BYTES, LIMIT_WARNING_GRAPHEMES},
    {"answered", MEMBER_NUMBER, true, 0, 0},
    {0},
};

enum refusal part_check(const json_t *part, const struct member *members) {
    if (!json_is_object(part)) {
        return REFUSAL_BAD_MESSAGE;
    }
    enum refusal refusal = object_check_shape(part, members);
    if (refusal == REFUSAL_OK) {
        refusal = object_check_encoding(part, members);
    }
    return refusal == REFUSAL_OK ? object_check_texts(part, members) : refusal;
}

/* The list as numbers, malloc'd; NULL when it is none. */
static uint32_t *numbers_read(const json_t *list) {
    size_t count = json_array_size(list);
    uint32_t *numbers = memory_resize(NULL, count + 1, sizeof *numbers);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        json_int_t number = json_integer_value(item);
        if (!json_is_integer(item) || number < 0 || number > UINT32_MAX) {
            free(numbers);
            return NULL;
        }
        numbers[i] = (uint32_t)number;
    }
    return numbers;
}

static enum refusal import_talk(struct event *event, const json_t *part) {
    enum refusal refusal = part_check(part, TALK_MEMBERS);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    const json_t *order = json_object_get(part, "order");
    struct talk talk = {.id = object_number(part, "id"), .open = object_flag(part, "open")};
    if (json_array_size(order) > LIMIT_EVENT_QUESTIONS ||
        !object_copy(talk.title, sizeof talk.title, part, "title")) {
        return REFUSAL_TOO_LONG;
    }
    talk.order = numbers_read(order);
    if (talk.order == NULL) {
        return REFUSAL_BAD_MESSAGE;
    }
    talk.order_count = (uint32_t)json_array_size(order);
    event_restore_talk(event, &talk);
    return REFUSAL_OK;
}

/* State and reason; a declined question comes without its text, every other with it. */
static enum refusal question_state_read(struct question *question, const json_t *part) {
    int state = question_state_find(object_text(part, "state"));
    int reason = REASON_NONE;
    if (object_has(part, "reason")) {
        reason = decline_reason_find(object_text(part, "reason"));
    }
    if (state < 0 || reason < 0 || object_number(part, "degree") > 2) {
        return REFUSAL_BAD_VALUE;
    }
    question->state = (enum question_state)state;
    question->reason = (enum decline_reason)reason;
    bool declined = question->state == STATE_DECLINED;
    return declined == object_has(part, "text") ? REFUSAL_BAD_MESSAGE : REFUSAL_OK;
}

static enum refusal import_question(struct event *event, const json_t *part) {
    struct question question = {0};
    enum refusal refusal = part_check(part, QUESTION_MEMBERS);
    if (refusal == REFUSAL_OK) {
        refusal = question_state_read(&question, part);
    }
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    object_bytes(question.key, QUESTION_KEY_BYTES, part, "key");
    if (!question_key_valid(question.key)) {
        return REFUSAL_BAD_KEY;
    }
    question.number = object_number(part, "n");
    question.talk = object_number(part, "talk");
    question.degree = (uint8_t)object_number(part, "degree");
    question.pinned = object_flag(part, "pinned");
    question.rev = object_number(part, "rev");
    question.minute = object_number(part, "minute");
    question.votes = object_number(part, "votes");
    question.exposure = object_big(part, "exposure");
    question.text = memory_text(object_has(part, "text") ? object_text(part, "text") : "");
    if (object_has(part, "answer")) {
        question.answer = memory_text(object_text(part, "answer"));
    }
    if (object_has(part, "warning")) {
        question.warning = memory_text(object_text(part, "warning"));
    }
    question.edited = object_flag(part, "edited");
    question.approved = object_flag(part, "approved");
    question.open = object_flag(part, "open");
    question.answered = object_number(part, "answered");
    event_restore_question(event, &question);
    return REFUSAL_OK;
}

static enum refusal import_head(struct event *event, const json_t *object) {
    const json_t *seq = json_object_get(object, "seq");
    for (size_t view = 0; view < VIEW_COUNT; view++) {
        const json_t *value = json_array_get(seq, view);
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_array_size(seq) != VIEW_COUNT) {
            return REFUSAL_BAD_MESSAGE;
        }
        event->seq[view] = (uint64_t)json_integer_value(value);
    }
    event->next_number = object_number(object, "next_number");
    event->next_talk = object_number(object, "next_talk");
    event->current_talk = object_number(object, "current");
    const json_t *part = json_object_get(object, "event");
    if (!object_copy(event->slug, sizeof event->slug, part, "slug")) {
        return REFUSAL_BAD_SLUG;
    }
    uint32_t mask;
    event->settings = settings_default(0);
    return settings_read(part, &event->settings, &mask);
}

static enum refusal import_parts(struct event *event, const json_t *object) {
    const json_t *talks = json_object_get(object, "talks");
    const json_t *questions = json_object_get(object, "questions");
    if (json_array_size(talks) > LIMIT_EVENT_TALKS ||
        json_array_size(questions) > LIMIT_EVENT_QUESTIONS) {
        return REFUSAL_TOO_LONG;
    }
    enum refusal refusal = import_head(event, object);
    for (size_t i = 0; i < json_array_size(talks) && refusal == REFUSAL_OK; i++) {
        refusal = import_talk(event, json_array_get(talks, i));
    }
    for (size_t i = 0; i < json_array_size(questions) && refusal == REFUSAL_OK; i++) {
        refusal = import_question(event, json_array_get(questions, i));
    }
    if (refusal == REFUSAL_OK) {
        refusal = import_people(event, object);
    }
    if (refusal == REFUSAL_OK && !event_restored(event, NULL)) {
        refusal = REFUSAL_BAD_MESSAGE;
    }
    return refusal;
}

enum refusal import_decode(const json_t *object, struct journal_request **request) {
    enum refusal refusal = object_check_shape(object, EXPORT_MEMBERS);
    if (refusal == REFUSAL_OK) {
        refusal = part_check(json_object_get(object, "event"), EVENT_MEMBERS);
    }
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    if (strcmp(object_text(object, "format"), "raute.1/export") != 0) {
        return REFUSAL_BAD_VALUE;
    }
    uint8_t id[EVENT_ID_BYTES];
    object_bytes(id, sizeof id, json_object_get(object, "event"), "id");
    struct event *event = event_new(id);
    refusal = import_parts(event, object);
    if (refusal != REFUSAL_OK) {
        event_free(event);
        return refusal;
    }
    *request = journal_request_new(COMMAND_IMPORT, id);
    (*request)->context = link_keys_new(id, event->role_hash);
    (*request)->command.as.import.event = event;
    return REFUSAL_OK;
}
