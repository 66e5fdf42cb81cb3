#include "wire/commands.h"

#include <string.h>

#include "base/clock.h"
#include "wire/decode.h"
#include "wire/links.h"

#define AUDIENCE  (1u << ROLE_AUDIENCE)
#define ORGANISER (1u << ROLE_ORGANISER)
#define STAFF     (ORGANISER | 1u << ROLE_MODERATOR)

static const struct command_row COMMANDS[] = {
    {"ask", COMMAND_ASK, AUDIENCE, true, true, ASK_MEMBERS, decode_ask, verify_ask, NULL},
    {"edit", COMMAND_EDIT, AUDIENCE, false, false, EDIT_MEMBERS, decode_edit, verify_edit, NULL},
    {"withdraw", COMMAND_WITHDRAW, AUDIENCE, false, false, WITHDRAW_MEMBERS, decode_withdraw,
     verify_withdraw, NULL},
    {"vote", COMMAND_VOTE, AUDIENCE, true, false, VOTE_MEMBERS, decode_vote, NULL, complete_vote},
    {"unvote", COMMAND_UNVOTE, AUDIENCE, true, false, VOTE_MEMBERS, decode_vote, NULL,
     complete_vote},
    {"move", COMMAND_MOVE, STAFF, false, false, MOVE_MEMBERS, decode_move, NULL, NULL},
    {"pin", COMMAND_PIN, STAFF, false, false, PIN_MEMBERS, decode_pin, NULL, NULL},
    {"talk_select", COMMAND_TALK_SELECT, STAFF, false, false, TALK_SELECT_MEMBERS,
     decode_talk_select, NULL, NULL},
    {"talk_open", COMMAND_TALK_OPEN, STAFF, false, false, TALK_OPEN_MEMBERS, decode_talk_open, NULL,
     NULL},
    {"talk_add", COMMAND_TALK_ADD, ORGANISER, false, false, TALK_ADD_MEMBERS, decode_talk_add, NULL,
     NULL},
    {"talk_rename", COMMAND_TALK_RENAME, ORGANISER, false, false, TALK_RENAME_MEMBERS,
     decode_talk_rename, NULL, NULL},
    {"talk_order", COMMAND_TALK_ORDER, ORGANISER, false, false, TALK_ORDER_MEMBERS,
     decode_talk_order, NULL, NULL},
    {"settings", COMMAND_SETTINGS, ORGANISER, false, false, SETTINGS_MEMBERS, decode_settings, NULL,
     NULL},
    {"link", COMMAND_LINK, ORGANISER, false, false, LINK_MEMBERS, decode_link, NULL, complete_link},
    {"wipe", COMMAND_WIPE, ORGANISER, false, false, WIPE_MEMBERS, NULL, NULL, NULL},
    {"delete", COMMAND_DELETE, ORGANISER, false, false, DELETE_MEMBERS, NULL, NULL,
     complete_delete},
};

const struct command_row *command_find(const char *name) {
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        if (strcmp(name, COMMANDS[i].name) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

/* Role, and what goes with it: a link's key that was changed since admits nobody. */
static enum refusal gate_role(const struct command_row *row, const struct session *session) {
    const struct door *door = session->door;
    if (!session->joined) {
        return REFUSAL_NOT_JOINED;
    }
    if ((row->roles & 1u << session->role) == 0) {
        return REFUSAL_FORBIDDEN;
    }
    if (session->role != ROLE_AUDIENCE &&
        memcmp(session->role_hash, door->role_hash[session->role - 1], ROLE_HASH_BYTES) != 0) {
        return REFUSAL_FORBIDDEN;
    }
    if (row->member && door->closed) {
        return REFUSAL_CLOSED;
    }
    return row->member && !session->member ? REFUSAL_MEMBERS_ONLY : REFUSAL_OK;
}

/* A member's bucket is one per event: ids are random in each. */
static enum refusal gate_rate(const struct command_row *row, const struct session *session) {
    if (session->waiting >= LIMIT_SESSION_WAITING) {
        return REFUSAL_BUSY;
    }
    if (!row->rated) {
        return REFUSAL_OK;
    }
    const struct door *door = session->door;
    bool taken = buckets_take(session->wire->asks, session->member_id, MEMBER_ID_BYTES,
                              door->ask_burst, door->ask_seconds * 1000, clock_monotonic_ms());
    return taken ? REFUSAL_OK : REFUSAL_TOO_OFTEN;
}

/* The gates from the values on; the shape and the encoding are right. */
static enum refusal gates_pass(const struct command_row *row, const json_t *object,
                               const struct session *session, struct journal_request *request) {
    enum refusal refusal = REFUSAL_OK;
    if (row->decode != NULL) {
        refusal = row->decode(object, &request->command);
    }
    if (refusal == REFUSAL_OK) {
        refusal = gate_role(row, session);
    }
    if (refusal == REFUSAL_OK) {
        refusal = gate_rate(row, session);
    }
    if (refusal == REFUSAL_OK) {
        refusal = object_check_texts(object, row->members);
    }
    if (refusal == REFUSAL_OK && row->verify != NULL) {
        refusal = row->verify(object, &request->command);
    }
    if (refusal == REFUSAL_OK && row->complete != NULL) {
        refusal = row->complete(object, session, request);
    }
    return refusal;
}

enum refusal command_make(const struct command_row *row, const json_t *object,
                          const struct session *session, struct journal_request **request) {
    enum refusal refusal = object_check_shape(object, row->members);
    if (refusal == REFUSAL_OK) {
        refusal = object_check_encoding(object, row->members);
    }
    if (refusal != REFUSAL_OK) {
        return refusal;
    }
    struct journal_request *made = journal_request_new(row->kind, session->door->event);
    refusal = gates_pass(row, object, session, made);
    if (refusal != REFUSAL_OK) {
        request_free(made);
        return refusal;
    }
    *request = made;
    return REFUSAL_OK;
}
