#include "wire/commands.h"

#include <string.h>

#include "base/clock.h"
#include "wire/decode.h"
#include "wire/links.h"

#define AUDIENCE  (1u << ROLE_AUDIENCE)
#define ORGANISER (1u << ROLE_ORGANISER)
#define STAFF     (ORGANISER | 1u << ROLE_MODERATOR)

static const struct command_row COMMANDS[] = {
    {"ask", COMMAND_ASK, AUDIENCE, ROW_MEMBER | ROW_ASKS, ASK_MEMBERS, decode_ask, verify_ask,
     NULL},
    {"edit", COMMAND_EDIT, AUDIENCE, 0, EDIT_MEMBERS, decode_edit, verify_edit, NULL},
    {"withdraw", COMMAND_WITHDRAW, AUDIENCE, 0, WITHDRAW_MEMBERS, decode_withdraw, verify_withdraw,
     NULL},
    {"degree", COMMAND_DEGREE, AUDIENCE, 0, DEGREE_MEMBERS, decode_degree, verify_degree, NULL},
    {"vote", COMMAND_VOTE, AUDIENCE, ROW_MEMBER, VOTE_MEMBERS, decode_vote, NULL, complete_vote},
    {"unvote", COMMAND_UNVOTE, AUDIENCE, ROW_MEMBER, VOTE_MEMBERS, decode_vote, NULL,
     complete_vote},
    {"card", COMMAND_CARD, AUDIENCE, ROW_PRESENT | ROW_CARDS, CARD_MEMBERS, decode_card,
     verify_card, complete_card},
    {"card_delete", COMMAND_CARD_DELETE, AUDIENCE, 0, CARD_DELETE_MEMBERS,
     decode_card_delete, verify_card_delete, NULL},
    {"card_hide", COMMAND_CARD_HIDE, STAFF, 0, CARD_HIDE_MEMBERS, decode_card_hide, NULL, NULL},
    {"claim", COMMAND_CLAIM, AUDIENCE, ROW_PRESENT | ROW_CARDS, CLAIM_MEMBERS, decode_claim,
     verify_claim, NULL},
    {"unclaim", COMMAND_UNCLAIM, AUDIENCE, 0, UNCLAIM_MEMBERS, decode_unclaim, verify_unclaim,
     NULL},
    {"interest", COMMAND_INTEREST, AUDIENCE, ROW_PRESENT | ROW_CARDS, INTEREST_MEMBERS,
     decode_interest, verify_interest, complete_interest},
    {"own_login", COMMAND_OWN_LOGIN, AUDIENCE, ROW_PRESENT | ROW_CARDS | ROW_BRIDGE,
     OWN_LOGIN_MEMBERS, decode_own_login, NULL, NULL},
    {"own_finish", COMMAND_OWN_FINISH, AUDIENCE, ROW_PRESENT | ROW_CARDS | ROW_BRIDGE,
     CONNECT_FINISH_MEMBERS, decode_own_finish, NULL, NULL},
    {"prove", COMMAND_PROVE, AUDIENCE, ROW_PRESENT | ROW_CARDS | ROW_BRIDGE, PROVE_MEMBERS,
     decode_prove, NULL, NULL},
    {"pass", COMMAND_PASS, AUDIENCE, ROW_NEWCOMER, PASS_MEMBERS, decode_pass, verify_pass,
     complete_pass},
    {"move", COMMAND_MOVE, STAFF, 0, MOVE_MEMBERS, decode_move, NULL, NULL},
    {"pin", COMMAND_PIN, STAFF, 0, PIN_MEMBERS, decode_pin, NULL, NULL},
    {"publish", COMMAND_APPROVE, STAFF, 0, PUBLISH_MEMBERS, decode_publish, NULL, NULL},
    {"open", COMMAND_OPEN, STAFF, 0, OPEN_MEMBERS, decode_open, NULL, NULL},
    {"warn", COMMAND_WARN, STAFF, 0, WARN_MEMBERS, decode_warn, NULL, NULL},
    {"post_retry", COMMAND_POST_RETRY, STAFF, 0, POST_RETRY_MEMBERS, decode_post_retry, NULL, NULL},
    {"post_drop", COMMAND_POST_DROP, STAFF, 0, POST_DROP_MEMBERS, decode_post_drop, NULL, NULL},
    {"talk_select", COMMAND_TALK_SELECT, STAFF, 0, TALK_SELECT_MEMBERS, decode_talk_select, NULL,
     NULL},
    {"talk_open", COMMAND_TALK_OPEN, STAFF, 0, TALK_OPEN_MEMBERS, decode_talk_open, NULL, NULL},
    {"talk_add", COMMAND_TALK_ADD, ORGANISER, 0, TALK_ADD_MEMBERS, decode_talk_add, NULL, NULL},
    {"talk_rename", COMMAND_TALK_RENAME, ORGANISER, 0, TALK_RENAME_MEMBERS, decode_talk_rename,
     NULL, NULL},
    {"talk_order", COMMAND_TALK_ORDER, ORGANISER, 0, TALK_ORDER_MEMBERS, decode_talk_order, NULL,
     NULL},
    {"settings", COMMAND_SETTINGS, ORGANISER, 0, SETTINGS_MEMBERS, decode_settings, NULL, NULL},
    {"connect", COMMAND_CONNECT, ORGANISER, ROW_BRIDGE, CONNECT_MEMBERS, decode_connect, NULL,
     NULL},
    {"connect_finish", COMMAND_CONNECT_FINISH, ORGANISER, ROW_BRIDGE, CONNECT_FINISH_MEMBERS,
     decode_connect_finish, NULL, NULL},
    {"connect_password", COMMAND_CONNECT_PASSWORD, ORGANISER, ROW_BRIDGE, CONNECT_PASSWORD_MEMBERS,
     decode_connect_password, NULL, NULL},
    {"account_test", COMMAND_ACCOUNT_TEST, ORGANISER, ROW_BRIDGE, ACCOUNT_MEMBERS,
     decode_account_test, NULL, NULL},
    {"disconnect", COMMAND_ACCOUNT_LEAVE, ORGANISER, 0, ACCOUNT_MEMBERS, decode_disconnect, NULL,
     NULL},
    {"tickets", COMMAND_TICKETS, ORGANISER, 0, TICKETS_MEMBERS, decode_tickets, NULL,
     complete_tickets},
    {"take_home", COMMAND_TAKE_HOME, ORGANISER, ROW_BRIDGE, ACCOUNT_MEMBERS, decode_account_test,
     NULL, NULL},
    {"link", COMMAND_LINK, ORGANISER, 0, LINK_MEMBERS, decode_link, NULL, complete_link},
    {"wipe", COMMAND_WIPE, ORGANISER, 0, WIPE_MEMBERS, NULL, NULL, NULL},
    {"delete", COMMAND_DELETE, ORGANISER, 0, DELETE_MEMBERS, NULL, NULL, complete_delete},
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
    bool member = (row->flags & ROW_MEMBER) != 0;
    bool present = (row->flags & ROW_PRESENT) != 0 && !door->closed;
    if (member && door->closed) {
        return REFUSAL_CLOSED;
    }
    return (member || present) && !session->member ? REFUSAL_MEMBERS_ONLY : REFUSAL_OK;
}

/* A member's buckets are theirs in one event: ids are random in each. */
static enum refusal gate_rate(const struct command_row *row, const struct session *session) {
    const struct door *door = session->door;
    const struct wire *wire = session->wire;
    int64_t now = clock_monotonic_ms();
    bool taken = true;
    if (session->waiting >= LIMIT_SESSION_WAITING) {
        return REFUSAL_BUSY;
    }
    if ((row->flags & ROW_ASKS) != 0) {
        taken = buckets_take(wire->asks, session->member_id, MEMBER_ID_BYTES, door->ask_burst,
                             door->ask_seconds * 1000, now);
    } else if ((row->flags & ROW_CARDS) != 0) {
        const uint8_t *subject = door->closed ? session->address : session->member_id;
        taken = buckets_take(wire->cards, subject, MEMBER_ID_BYTES, LIMIT_CARDS_BURST,
                             LIMIT_CARDS_SECONDS * 1000, now);
    } else if ((row->flags & ROW_NEWCOMER) != 0) {
        taken = session_newcomer(session);
    }
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
