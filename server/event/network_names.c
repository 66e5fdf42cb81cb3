/* The names of what goes out: networks, accounts' states, posts. */
#include "base/log.h"
#include "event/outgoing.h"
#include "event/rules.h"

static const char *const NETWORK_NAMES[NETWORK_COUNT] = {
    [NETWORK_MASTODON] = "mastodon",
    [NETWORK_BLUESKY] = "bluesky",
    [NETWORK_X] = "x",
};

static const char *const ACCOUNT_STATE_NAMES[ACCOUNT_STATE_COUNT] = {
    [ACCOUNT_CONNECTED] = "connected", [ACCOUNT_EXPIRED] = "expired", [ACCOUNT_REFUSED] = "refused",
    [ACCOUNT_LEAVING] = "leaving",     [ACCOUNT_LEFT] = "left",
};

static const char *const POST_KIND_NAMES[POST_KIND_COUNT] = {
    [POST_QUESTION] = "question",
    [POST_ANSWER] = "answer",
    [POST_OPEN] = "open",
};

static const char *const POST_STATE_NAMES[POST_STATE_COUNT] = {
    [POST_QUEUED] = "queued", [POST_READY] = "ready",   [POST_SENDING] = "sending",
    [POST_SENT] = "sent",     [POST_FAILED] = "failed", [POST_DELETED] = "deleted",
};

static const char *const POST_ACT_NAMES[ACT_COUNT] = {
    [ACT_POST] = "post",
    [ACT_EDIT] = "edit",
    [ACT_DELETE] = "delete",
};

static const char *const POST_TROUBLE_NAMES[TROUBLE_COUNT] = {
    [TROUBLE_NONE] = "",
    [TROUBLE_UNREACHABLE] = "unreachable",
    [TROUBLE_ADDRESS] = "address",
    [TROUBLE_CERTIFICATE] = "certificate",
    [TROUBLE_BUSY] = "busy",
    [TROUBLE_LIMITED] = "limited",
    [TROUBLE_LOGIN] = "login",
    [TROUBLE_FORBIDDEN] = "forbidden",
    [TROUBLE_REJECTED] = "rejected",
    [TROUBLE_MISSING] = "missing",
    [TROUBLE_ANSWER] = "answer",
};

const char *network_name(enum network network) {
    INVARIANT((unsigned)network < NETWORK_COUNT);
    return NETWORK_NAMES[network];
}

const char *account_state_name(enum account_state state) {
    INVARIANT((unsigned)state < ACCOUNT_STATE_COUNT);
    return ACCOUNT_STATE_NAMES[state];
}

const char *post_kind_name(enum post_kind kind) {
    INVARIANT((unsigned)kind < POST_KIND_COUNT);
    return POST_KIND_NAMES[kind];
}

const char *post_state_name(enum post_state state) {
    INVARIANT((unsigned)state < POST_STATE_COUNT);
    return POST_STATE_NAMES[state];
}

const char *post_act_name(enum post_act act) {
    INVARIANT((unsigned)act < ACT_COUNT);
    return POST_ACT_NAMES[act];
}

const char *post_trouble_name(enum post_trouble trouble) {
    INVARIANT((unsigned)trouble < TROUBLE_COUNT);
    return POST_TROUBLE_NAMES[trouble];
}

int network_find(const char *name) {
    return name_find(NETWORK_NAMES, 0, NETWORK_COUNT, name);
}

int account_state_find(const char *name) {
    return name_find(ACCOUNT_STATE_NAMES, 0, ACCOUNT_STATE_COUNT, name);
}

int post_kind_find(const char *name) {
    return name_find(POST_KIND_NAMES, 0, POST_KIND_COUNT, name);
}

int post_state_find(const char *name) {
    return name_find(POST_STATE_NAMES, 0, POST_STATE_COUNT, name);
}

int post_act_find(const char *name) {
    return name_find(POST_ACT_NAMES, 0, ACT_COUNT, name);
}

int post_trouble_find(const char *name) {
    return name_find(POST_TROUBLE_NAMES, TROUBLE_UNREACHABLE, TROUBLE_COUNT, name);
}
