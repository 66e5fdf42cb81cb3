/* The one table of commands, and the gates in front of the journal. A command passes them in this
 * order, and what comes out is a request that is ready to be submitted:
 *
 *   shape → encoding → values → role, member, open → rate → texts → new key → signature → minute
 *
 * Behind them the event's own rules decide, or the bridge (ROW_BRIDGE). `join` is no row: it makes
 * a session, see session.c. */
#ifndef RAUTE_WIRE_COMMANDS_H
#define RAUTE_WIRE_COMMANDS_H

#include <jansson.h>

#include "event/refusal.h"
#include "journal/journal.h"
#include "wire/object.h"
#include "wire/session.h"

enum {
    ROW_MEMBER = 1 << 0,   /* needs a member, and an event that still has its keys */
    ROW_PRESENT = 1 << 1,  /* needs a member as long as the event has its keys, later nobody */
    ROW_ASKS = 1 << 2,     /* takes from the member's bucket of questions */
    ROW_CARDS = 1 << 3,    /* takes from that of cards; in a closed event the address's */
    ROW_NEWCOMER = 1 << 4, /* takes from the address's bucket of new members */
    ROW_BRIDGE = 1 << 5,   /* submitted to the bridge, not to the journal */
};

struct command_row {
    const char *name;
    enum command_kind kind;
    unsigned roles; /* 1 << enum role, each that may */
    unsigned flags; /* ROW_… */
    const struct member *members;
    /* Values into the command; BAD_VALUE, BAD_MESSAGE or TOO_LONG. NULL: there are none. */
    enum refusal (*decode)(const json_t *object, struct command *command);
    /* New keys, signature, minute of signing; NULL: nothing of it. */
    enum refusal (*verify)(const json_t *object, const struct command *command);
    /* What only the session can add, after all gates; NULL: nothing. */
    enum refusal (*complete)(const json_t *object, const struct session *session,
                             struct journal_request *request);
};

const struct command_row *command_find(const char *name); /* NULL: unknown */

/* Leads `object` (without its `cmd` and `id`) through the gates. OK: *request is new, without
 * reply, handle and id. */
enum refusal command_make(const struct command_row *row, const json_t *object,
                          const struct session *session, struct journal_request **request);

#endif
