/* The decoders of the table in commands.c: one list of members and a few functions per command.
 * What they get has passed the gates before theirs, so the getters of object.h cannot fail. */
#ifndef RAUTE_WIRE_DECODE_H
#define RAUTE_WIRE_DECODE_H

#include <jansson.h>

#include "event/command.h"
#include "journal/journal.h"
#include "wire/object.h"
#include "wire/session.h"

/* decode_audience.c */
extern const struct member ASK_MEMBERS[], EDIT_MEMBERS[], WITHDRAW_MEMBERS[], VOTE_MEMBERS[];
enum refusal decode_ask(const json_t *object, struct command *command);
enum refusal verify_ask(const json_t *object, const struct command *command);
enum refusal decode_edit(const json_t *object, struct command *command);
enum refusal verify_edit(const json_t *object, const struct command *command);
enum refusal decode_withdraw(const json_t *object, struct command *command);
enum refusal verify_withdraw(const json_t *object, const struct command *command);
enum refusal decode_vote(const json_t *object, struct command *command);
enum refusal complete_vote(const json_t *object, const struct session *session,
                           struct journal_request *request);

/* decode_moderator.c */
extern const struct member MOVE_MEMBERS[], PIN_MEMBERS[], TALK_SELECT_MEMBERS[],
    TALK_OPEN_MEMBERS[];
enum refusal decode_move(const json_t *object, struct command *command);
enum refusal decode_pin(const json_t *object, struct command *command);
enum refusal decode_talk_select(const json_t *object, struct command *command);
enum refusal decode_talk_open(const json_t *object, struct command *command);

/* decode_organiser.c */
extern const struct member TALK_ADD_MEMBERS[], TALK_RENAME_MEMBERS[], TALK_ORDER_MEMBERS[],
    SETTINGS_MEMBERS[], LINK_MEMBERS[], WIPE_MEMBERS[], DELETE_MEMBERS[];
enum refusal decode_talk_add(const json_t *object, struct command *command);
enum refusal decode_talk_rename(const json_t *object, struct command *command);
enum refusal decode_talk_order(const json_t *object, struct command *command);
enum refusal decode_settings(const json_t *object, struct command *command);
enum refusal decode_link(const json_t *object, struct command *command);
enum refusal complete_link(const json_t *object, const struct session *session,
                           struct journal_request *request);
enum refusal complete_delete(const json_t *object, const struct session *session,
                             struct journal_request *request);

/* decode_settings.c, also for a new event and for an import. Reads those of SETTINGS_MEMBERS that
 * are there into `settings`, whose other values stay; *mask says which. */
enum refusal settings_read(const json_t *object, struct settings *settings, uint32_t *mask);

#endif
