#include <string.h>

#include "base/log.h"
#include "event/command.h"
#include "event/refusal.h"
#include "event/rules.h"

static const char *const STATE_NAMES[STATE_COUNT] = {
    [STATE_PENDING] = "pending",   [STATE_LISTED] = "listed",     [STATE_ANSWERING] = "answering",
    [STATE_ANSWERED] = "answered", [STATE_DECLINED] = "declined", [STATE_HIDDEN] = "hidden",
};

static const char *const REASON_NAMES[REASON_COUNT] = {
    [REASON_NONE] = "",
    [REASON_OFF_TOPIC] = "off_topic",
    [REASON_DUPLICATE] = "duplicate",
    [REASON_UNCLEAR] = "unclear",
    [REASON_RUDE] = "rude",
    [REASON_PERSONAL] = "personal",
    [REASON_OTHER] = "other",
};

static const char *const PUBLISH_NAMES[PUBLISH_COUNT] = {
    [PUBLISH_OFF] = "off",
    [PUBLISH_APPROVED] = "approved",
    [PUBLISH_ALL] = "all",
};

static const char *const PROOF_NAMES[PROOF_KIND_COUNT] = {
    [PROOF_NONE] = "",
    [PROOF_LOGIN] = "login",
    [PROOF_LINK] = "link",
    [PROOF_POST] = "post",
};

static const char *const REFUSAL_CODES[REFUSAL_COUNT] = {
#define X(name, code) [REFUSAL_##name] = (code),
    REFUSALS(X)
#undef X
};

int name_find(const char *const *names, int first, int count, const char *name) {
    for (int i = first; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

const char *question_state_name(enum question_state state) {
    INVARIANT((unsigned)state < STATE_COUNT);
    return STATE_NAMES[state];
}

int question_state_find(const char *name) {
    return name_find(STATE_NAMES, 0, STATE_COUNT, name);
}

const char *decline_reason_name(enum decline_reason reason) {
    INVARIANT((unsigned)reason < REASON_COUNT);
    return REASON_NAMES[reason];
}

int decline_reason_find(const char *name) {
    return name_find(REASON_NAMES, REASON_OFF_TOPIC, REASON_COUNT, name);
}

const char *settings_publish_name(enum publish publish) {
    INVARIANT((unsigned)publish < PUBLISH_COUNT);
    return PUBLISH_NAMES[publish];
}

int settings_publish_find(const char *name) {
    return name_find(PUBLISH_NAMES, 0, PUBLISH_COUNT, name);
}

const char *proof_kind_name(enum proof_kind kind) {
    INVARIANT((unsigned)kind < PROOF_KIND_COUNT);
    return PROOF_NAMES[kind];
}

int proof_kind_find(const char *name) {
    return name_find(PROOF_NAMES, PROOF_LOGIN, PROOF_KIND_COUNT, name);
}

const char *refusal_code(enum refusal refusal) {
    INVARIANT((unsigned)refusal < REFUSAL_COUNT);
    return REFUSAL_CODES[refusal];
}
