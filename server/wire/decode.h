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
extern const struct member ASK_MEMBERS[], EDIT_MEMBERS[], WITHDRAW_MEMBERS[], DEGREE_MEMBERS[],
    VOTE_MEMBERS[];
enum refusal decode_ask(const json_t *object, struct command *command);
enum refusal verify_ask(const json_t *object, const struct command *command);
enum refusal decode_edit(const json_t *object, struct command *command);
enum refusal verify_edit(const json_t *object, const struct command *command);
enum refusal decode_withdraw(const json_t *object, struct command *command);
enum refusal verify_withdraw(const json_t *object, const struct command *command);
enum refusal decode_degree(const json_t *object, struct command *command);
enum refusal verify_degree(const json_t *object, const struct command *command);
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

/* decode_posts.c: what goes out, and what a moderator does about it */
extern const struct member PUBLISH_MEMBERS[], OPEN_MEMBERS[], WARN_MEMBERS[], POST_RETRY_MEMBERS[],
    POST_DROP_MEMBERS[];
enum refusal decode_publish(const json_t *object, struct command *command);
enum refusal decode_open(const json_t *object, struct command *command);
enum refusal decode_warn(const json_t *object, struct command *command);
enum refusal decode_post_retry(const json_t *object, struct command *command);
enum refusal decode_post_drop(const json_t *object, struct command *command);

/* decode_connect.c: the event's accounts. Passwords, codes and verifiers are copied into the
 * command alone, which wipes them. */
extern const struct member CONNECT_MEMBERS[], CONNECT_FINISH_MEMBERS[], CONNECT_PASSWORD_MEMBERS[],
    ACCOUNT_MEMBERS[];
enum refusal decode_connect(const json_t *object, struct command *command);
enum refusal decode_connect_finish(const json_t *object, struct command *command);
enum refusal decode_connect_password(const json_t *object, struct command *command);
enum refusal decode_account_test(const json_t *object, struct command *command);
enum refusal decode_disconnect(const json_t *object, struct command *command);
/* What comes back from a log-in at a far server, CONNECT_FINISH_MEMBERS, copied to where the
 * command owns it. */
struct login_texts {
    char **state, **code, **verifier, **issuer;
};
enum refusal login_read(const json_t *object, const struct login_texts *texts);

/* decode_people.c: cards, claims, interest */
extern const struct member CARD_MEMBERS[], CARD_DELETE_MEMBERS[], CARD_HIDE_MEMBERS[],
    CLAIM_MEMBERS[], UNCLAIM_MEMBERS[], INTEREST_MEMBERS[];
enum refusal decode_card(const json_t *object, struct command *command);
enum refusal verify_card(const json_t *object, const struct command *command);
enum refusal complete_card(const json_t *object, const struct session *session,
                           struct journal_request *request);
enum refusal decode_card_delete(const json_t *object, struct command *command);
enum refusal verify_card_delete(const json_t *object, const struct command *command);
enum refusal decode_card_hide(const json_t *object, struct command *command);
enum refusal decode_claim(const json_t *object, struct command *command);
enum refusal verify_claim(const json_t *object, const struct command *command);
enum refusal decode_unclaim(const json_t *object, struct command *command);
enum refusal verify_unclaim(const json_t *object, const struct command *command);
enum refusal decode_interest(const json_t *object, struct command *command);
enum refusal verify_interest(const json_t *object, const struct command *command);
enum refusal complete_interest(const json_t *object, const struct session *session,
                               struct journal_request *request);
/* interests.c, on the journal thread: the answer, {"count":n,"cards":[…]} */
void interest_compose(const struct event *event, struct journal_request *request);

/* decode_own.c: log-in at a person's own server, and proofs. take_home is decode_account_test. */
extern const struct member OWN_LOGIN_MEMBERS[], PROVE_MEMBERS[];
enum refusal decode_own_login(const json_t *object, struct command *command);
enum refusal decode_own_finish(const json_t *object, struct command *command);
enum refusal decode_prove(const json_t *object, struct command *command);

/* decode_tickets.c: gated events */
extern const struct member TICKETS_MEMBERS[], PASS_MEMBERS[];
enum refusal decode_tickets(const json_t *object, struct command *command);
enum refusal complete_tickets(const json_t *object, const struct session *session,
                              struct journal_request *request);
enum refusal decode_pass(const json_t *object, struct command *command);
enum refusal verify_pass(const json_t *object, const struct command *command);
enum refusal complete_pass(const json_t *object, const struct session *session,
                           struct journal_request *request);
/* The ok object of a pass that the journal accepted; false: the door's keys are gone. */
bool pass_encode(struct buffer *out, const struct command *command, const struct door *door);

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
#define PUBLISH_SETTINGS                                                                           \
    {"publish", MEMBER_WORD, true, 0, 0}, {"publish_delay", MEMBER_NUMBER, true, 0, 0}, {          \
        "offset", MEMBER_SIGNED, true, 0, 0                                                        \
    }
enum refusal settings_read(const json_t *object, struct settings *settings, uint32_t *mask);

#endif
