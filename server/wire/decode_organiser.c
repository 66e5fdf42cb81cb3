#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "wire/decode.h"
#include "wire/links.h"

#define TALK_TITLE                                                                                 \
    { "title", MEMBER_TEXT, false, LIMIT_TITLE_BYTES, LIMIT_TITLE_GRAPHEMES }

const struct member TALK_ADD_MEMBERS[] = {TALK_TITLE, {0}};

const struct member TALK_RENAME_MEMBERS[] = {
    {"talk", MEMBER_NUMBER, false, 0, 0},
    TALK_TITLE,
    {0},
};

const struct member TALK_ORDER_MEMBERS[] = {
    {"order", MEMBER_LIST, false, 0, 0},
    {0},
};

const struct member SETTINGS_MEMBERS[] = {
    {"title", MEMBER_TEXT, true, LIMIT_TITLE_BYTES, LIMIT_TITLE_GRAPHEMES},
    {"hashtags", MEMBER_LIST, true, 0, 0},
    {"language", MEMBER_WORD, true, 0, 0},
    {"start", MEMBER_NUMBER, true, 0, 0},
    {"end", MEMBER_NUMBER, true, 0, 0},
    {"moderation", MEMBER_WORD, true, 0, 0},
    {"release", MEMBER_NUMBER, true, 0, 0},
    {"ask_burst", MEMBER_NUMBER, true, 0, 0},
    {"ask_seconds", MEMBER_NUMBER, true, 0, 0},
    {"retention", MEMBER_NUMBER, true, 0, 0},
    PUBLISH_SETTINGS,
    {"admission", MEMBER_WORD, true, 0, 0},
    {0},
};

const struct member LINK_MEMBERS[] = {{"role", MEMBER_WORD, false, 0, 0}, {0}};

const struct member WIPE_MEMBERS[] = {{0}};

const struct member DELETE_MEMBERS[] = {{"slug", MEMBER_WORD, false, 0, 0}, {0}};

enum refusal decode_talk_add(const json_t *object, struct command *command) {
    command->text = memory_text(object_text(object, "title"));
    return REFUSAL_OK;
}

enum refusal decode_talk_rename(const json_t *object, struct command *command) {
    command->as.talk.talk = object_number(object, "talk");
    return decode_talk_add(object, command);
}

enum refusal decode_talk_order(const json_t *object, struct command *command) {
    const json_t *list = json_object_get(object, "order");
    size_t count = json_array_size(list);
    if (count > LIMIT_EVENT_TALKS) {
        return REFUSAL_TOO_LONG;
    }
    command->as.talk.order = memory_resize(NULL, count + 1, sizeof *command->as.talk.order);
    command->as.talk.order_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        const json_t *talk = json_array_get(list, i);
        json_int_t id = json_integer_value(talk);
        if (!json_is_integer(talk)) {
            return REFUSAL_BAD_MESSAGE;
        }
        if (id < 0 || id > UINT32_MAX) {
            return REFUSAL_BAD_VALUE;
        }
        command->as.talk.order[i] = (uint32_t)id;
    }
    return REFUSAL_OK;
}

enum refusal decode_settings(const json_t *object, struct command *command) {
    if (json_object_size(object) == 0) {
        return REFUSAL_BAD_MESSAGE;
    }
    command->as.settings.settings = memory_new(sizeof *command->as.settings.settings);
    return settings_read(object, command->as.settings.settings, &command->as.settings.mask);
}

enum refusal decode_link(const json_t *object, struct command *command) {
    int role = role_find(object_text(object, "role"));
    if (role < 0 || role == ROLE_AUDIENCE) {
        return REFUSAL_BAD_VALUE;
    }
    command->as.link.role = (enum role)role;
    return REFUSAL_OK;
}

enum refusal complete_link(const json_t *object, const struct session *session,
                           struct journal_request *request) {
    (void)object;
    uint8_t hashes[ROLE_KEYS][ROLE_HASH_BYTES];
    request->context = link_keys_new(session->door->event, hashes);
    memcpy(request->command.as.link.hash, hashes[request->command.as.link.role - 1],
           ROLE_HASH_BYTES);
    return REFUSAL_OK;
}

enum refusal complete_delete(const json_t *object, const struct session *session,
                             struct journal_request *request) {
    (void)request;
    bool meant = strcmp(object_text(object, "slug"), session->door->slug) == 0;
    return meant ? REFUSAL_OK : REFUSAL_BAD_SLUG;
}
