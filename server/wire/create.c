#include "wire/create.h"

#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/random.h"
#include "wire/answers.h"
#include "wire/decode.h"
#include "wire/links.h"

static const struct member CREATE_MEMBERS[] = {
    {"title", MEMBER_TEXT, false, LIMIT_TITLE_BYTES, LIMIT_TITLE_GRAPHEMES},
    {"hashtags", MEMBER_LIST, false, 0, 0},
    {"slug", MEMBER_WORD, true, 0, 0},
    {"language", MEMBER_WORD, true, 0, 0},
    PUBLISH_SETTINGS,
    {0},
};

static enum refusal create_fill(const json_t *object, enum language otherwise,
                                struct command *command) {
    enum refusal refusal = object_check_shape(object, CREATE_MEMBERS);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    struct settings *settings = memory_new(sizeof *settings);
    command->as.create.settings = settings;
    *settings = settings_default((uint32_t)(clock_unix_ms() / 60000));
    settings->language = otherwise;
    settings->start = settings->end = 0; /* the journal's clock decides */
    uint32_t mask;
    refusal = settings_read(object, settings, &mask);
    command->as.create.slug_exact = object_has(object, "slug");
    if (refusal == REFUSAL_OK && command->as.create.slug_exact &&
        !object_copy(command->as.create.slug, sizeof command->as.create.slug, object, "slug")) {
        refusal = REFUSAL_BAD_SLUG;
    }
    return refusal == REFUSAL_OK ? object_check_texts(object, CREATE_MEMBERS) : refusal;
}

enum refusal create_request(const json_t *object, enum language otherwise,
                            struct journal_request **request) {
    uint8_t id[EVENT_ID_BYTES];
    random_fill(id, sizeof id);
    struct journal_request *made = journal_request_new(COMMAND_CREATE, id);
    enum refusal refusal = create_fill(object, otherwise, &made->command);
    if (refusal != REFUSAL_OK) {
        request_free(made);
        return refusal;
    }
    made->context = link_keys_new(id, made->command.as.create.role_hash);
    *request = made;
    return REFUSAL_OK;
}

enum refusal create_decode(const uint8_t *bytes, size_t length, enum language otherwise,
                           struct journal_request **request) {
    if (length > LIMIT_MESSAGE_BYTES) {
        return REFUSAL_TOO_LONG;
    }
    json_t *object = object_read(bytes, length, LIMIT_JSON_DEPTH);
    if (object == NULL) {
        return REFUSAL_BAD_MESSAGE;
    }
    enum refusal refusal = create_request(object, otherwise, request);
    json_decref(object);
    return refusal;
}

int create_answer(const struct journal_request *request, const char *public_url,
                  enum language language, struct buffer *answer) {
    if (request->refusal != REFUSAL_OK) {
        answer_problem(answer, request->refusal, language);
        return refusal_status(request->refusal);
    }
    links_append(answer, public_url, request->slug, request->context);
    return 201;
}
