#include "wire/control.h"

#include <string.h>

#include "base/limits.h"
#include "wire/answers.h"
#include "wire/create.h"
#include "wire/encode.h"
#include "wire/export.h"
#include "wire/links.h"
#include "wire/object.h"

/* An export's objects lie one deeper than inside a file. */
#define CONTROL_DEPTH (LIMIT_JSON_DEPTH + 2)

static const struct member SLUG_MEMBERS[] = {{"slug", MEMBER_WORD, false, 0, 0}, {0}};
static const struct member IMPORT_MEMBERS[] = {{"export", MEMBER_OBJECT, false, 0, 0}, {0}};

static void control_add(struct control *control, struct journal_request *request) {
    control->requests[control->count++] = request;
}

static enum refusal start_create(struct control *control, const json_t *object) {
    struct journal_request *request = NULL;
    enum refusal refusal = create_request(object, control->language, &request);
    if (refusal == REFUSAL_OK) {
        control->links = true;
        control_add(control, request);
    }
    return refusal;
}

static enum refusal start_import(struct control *control, const json_t *object) {
    enum refusal refusal = object_check_shape(object, IMPORT_MEMBERS);
    struct journal_request *request = NULL;
    if (refusal == REFUSAL_OK) {
        refusal = import_decode(json_object_get(object, "export"), &request);
    }
    if (refusal == REFUSAL_OK) {
        control->links = true;
        control_add(control, request);
    }
    return refusal;
}

/* The event that the slug names. */
static enum refusal event_find(struct control *control, const json_t *object,
                               uint8_t event[EVENT_ID_BYTES]) {
    enum refusal refusal = object_check_shape(object, SLUG_MEMBERS);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    struct door *door = journal_door(control->journal, object_text(object, "slug"));
    if (door == NULL) {
        return REFUSAL_UNKNOWN;
    }
    memcpy(event, door->event, EVENT_ID_BYTES);
    memcpy(control->slug, door->slug, sizeof control->slug);
    door_release(door);
    return REFUSAL_OK;
}

static enum refusal start_delete(struct control *control, const json_t *object) {
    uint8_t event[EVENT_ID_BYTES];
    enum refusal refusal = event_find(control, object, event);
    if (refusal == REFUSAL_OK) {
        control_add(control, journal_request_new(COMMAND_DELETE, event));
    }
    return refusal;
}

static enum refusal start_links(struct control *control, const json_t *object) {
    uint8_t event[EVENT_ID_BYTES], hashes[ROLE_KEYS][ROLE_HASH_BYTES];
    enum refusal refusal = event_find(control, object, event);
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    control->links = true;
    control->keys = link_keys_new(event, hashes);
    for (int i = 0; i < ROLE_KEYS; i++) {
        struct journal_request *request = journal_request_new(COMMAND_LINK, event);
        request->command.as.link.role = (enum role)(i + 1);
        memcpy(request->command.as.link.hash, hashes[i], ROLE_HASH_BYTES);
        control_add(control, request);
    }
    return REFUSAL_OK;
}

static enum refusal start_named(struct control *control, const char *name, const json_t *object) {
    static const struct {
        const char *name;
        enum refusal (*start)(struct control *control, const json_t *object);
    } rows[] = {
        {"event_create", start_create},
        {"event_delete", start_delete},
        {"event_links", start_links},
        {"import", start_import},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(name, rows[i].name) == 0) {
            return rows[i].start(control, object);
        }
    }
    return REFUSAL_UNKNOWN_COMMAND;
}

void control_start(struct control *control, struct journal *journal, const char *public_url,
                   enum language language, const uint8_t *line, size_t length) {
    *control = (struct control){.journal = journal, .public_url = public_url, .language = language};
    if (length > LIMIT_CONTROL_BYTES) {
        control->refusal = REFUSAL_TOO_LONG;
        return;
    }
    json_t *object = object_read(line, length, CONTROL_DEPTH);
    json_t *name = json_incref(json_object_get(object, "cmd"));
    control->refusal = REFUSAL_BAD_MESSAGE;
    if (json_is_string(name)) {
        (void)json_object_del(object, "cmd");
        control->refusal = start_named(control, json_string_value(name), object);
    }
    json_decref(name);
    json_decref(object);
}

struct journal_request *control_next(struct control *control) {
    if (control->refusal != REFUSAL_OK || control->next == control->count) {
        return NULL;
    }
    struct journal_request *request = control->requests[control->next];
    control->requests[control->next++] = NULL;
    return request;
}

void control_answered(struct control *control, struct journal_request *request) {
    control->refusal = request->refusal;
    bool founded =
        request->command.kind == COMMAND_CREATE || request->command.kind == COMMAND_IMPORT;
    if (request->refusal == REFUSAL_OK && founded) {
        memcpy(control->slug, request->slug, sizeof control->slug);
        control->keys = request->context;
        request->context = NULL;
    }
    request_free(request);
}

void control_finish(struct control *control, struct buffer *answer) {
    if (control->refusal == REFUSAL_OK && control->next < control->count) {
        control->refusal = REFUSAL_BUSY; /* given up early */
    }
    for (size_t i = control->next; i < control->count; i++) {
        request_free(control->requests[i]);
    }
    if (control->refusal != REFUSAL_OK) {
        answer_problem(answer, control->refusal, control->language);
    } else {
        buffer_text(answer, "{\"ok\":");
        if (control->links) {
            links_append(answer, control->public_url, control->slug, control->keys);
        } else {
            buffer_format(answer, "{\"slug\":\"%s\"}", control->slug);
        }
        buffer_text(answer, "}");
    }
    link_keys_free(control->keys);
    *control = (struct control){0};
}
