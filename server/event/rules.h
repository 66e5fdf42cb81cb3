/* Inside the event layer only: one rule per command kind, and what rules share.
 *
 * A rule checks everything before it changes anything; it may move the command's texts into the
 * event. It adds its changes, except CHANGE_ORDER: whoever alters a talk's order sets `reordered`,
 * and event_apply tells it once at the end, raises seq and plans what is due next. */
#ifndef RAUTE_EVENT_RULES_H
#define RAUTE_EVENT_RULES_H

#include "base/confusable.h"
#include "event/event.h"

#define MINUTE_MS   INT64_C(60000)
#define DAY_MINUTES 1440u

/* What a card looks like, by its name or an account. */
struct look {
    uint8_t hash[CONFUSABLE_BYTES];
    struct card *card;
    bool proved;    /* by an account that looks so: this very one is the card's owner's */
    uint32_t since; /* the minute in which it was first shown; UINT32_MAX: not yet */
};

/* life.c */
enum refusal rule_create(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_import(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_link(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_wipe(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_delete(struct event *event, struct command *command, struct changes *changes);
/* settings.c */
enum refusal rule_settings(struct event *event, struct command *command, struct changes *changes);
/* talks.c; TALK_ADD leaves the new talk's id in command->as.talk.talk */
enum refusal rule_talk_add(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_talk_rename(struct event *event, struct command *command,
                              struct changes *changes);
enum refusal rule_talk_order(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_talk_open(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_talk_select(struct event *event, struct command *command,
                              struct changes *changes);
/* questions.c */
enum refusal rule_ask(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_edit(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_withdraw(struct event *event, struct command *command, struct changes *changes);
/* votes.c */
enum refusal rule_vote(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_unvote(struct event *event, struct command *command, struct changes *changes);
/* moderation.c */
enum refusal rule_move(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_pin(struct event *event, struct command *command, struct changes *changes);
/* publish.c */
enum refusal rule_degree(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_approve(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_open(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_warn(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_post_retry(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_post_drop(struct event *event, struct command *command, struct changes *changes);
/* accounts.c; ACCOUNT_PUT leaves the id in command->as.account.id */
enum refusal rule_account_put(struct event *event, struct command *command,
                              struct changes *changes);
enum refusal rule_account_state(struct event *event, struct command *command,
                                struct changes *changes);
enum refusal rule_account_leave(struct event *event, struct command *command,
                                struct changes *changes);
/* posts_report.c */
enum refusal rule_post_sending(struct event *event, struct command *command,
                               struct changes *changes);
enum refusal rule_post_sent(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_post_failed(struct event *event, struct command *command,
                              struct changes *changes);
/* cards.c */
enum refusal rule_card(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_card_delete(struct event *event, struct command *command,
                              struct changes *changes);
enum refusal rule_card_hide(struct event *event, struct command *command, struct changes *changes);
/* claims.c */
enum refusal rule_claim(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_unclaim(struct event *event, struct command *command, struct changes *changes);
/* interests.c */
enum refusal rule_interest(struct event *event, struct command *command, struct changes *changes);
/* tickets.c */
enum refusal rule_tickets(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_pass(struct event *event, struct command *command, struct changes *changes);
/* proofs.c */
enum refusal rule_proof(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_proof_lost(struct event *event, struct command *command, struct changes *changes);
/* due.c */
enum refusal rule_presence(struct event *event, struct command *command, struct changes *changes);
enum refusal rule_tick(struct event *event, struct command *command, struct changes *changes);

/* event.c: look-ups for rules, which may change what they find. */
struct question *question_at(const struct event *event, uint32_t number);
struct talk *talk_at(const struct event *event, uint32_t id);
/* Why question_at() found nothing: GONE for a number that was in use, else UNKNOWN. */
enum refusal question_missing(const struct event *event, uint32_t number);
/* True from the end minute on. */
bool event_over(const struct event *event, int64_t now);
bool event_is_empty(const struct event *event);
void set_add(struct table *set, const void *key);
/* Raises seq for changes[from …] and the views that see them. */
void event_count(struct event *event, const struct changes *changes, size_t from);
/* Adds CHANGE_ORDER for every talk that is `reordered`. */
void event_tell_orders(struct event *event, struct changes *changes);
void question_free(struct question *question);

/* change.c */
void change_number(struct changes *changes, enum change_kind kind, uint32_t number);
void change_key(struct changes *changes, enum change_kind kind, uint32_t number,
                const uint8_t key[QUESTION_KEY_BYTES]);

/* questions.c: the held rows, sorted by key. */
struct held *held_at(const struct event *event, const uint8_t key[QUESTION_KEY_BYTES]);
uint32_t held_place(const struct event *event, const uint8_t key[QUESTION_KEY_BYTES]);
bool key_forgotten(const struct event *event, const uint8_t key[QUESTION_KEY_BYTES]);
/* Frees the row's text and closes the gap. */
void held_remove(struct event *event, struct held *held);
/* Takes the question out of by_key, list and order, and frees it. */
void question_drop(struct event *event, struct question *question);

/* restore.c: one more at the end, zeroed. */
struct question *question_append(struct event *event);
struct held *held_append(struct event *event);

/* release.c: gives all held rows their numbers or their texts. */
void event_release(struct event *event, const struct command *tick, struct changes *changes);

/* moderation.c: true for the states whose questions stand in their talk's order. */
bool state_in_order(enum question_state state);
/* Sets the state with all that hangs on it (order, pin, reason, answer); adds the change. */
void question_move(struct event *event, struct question *question, enum question_state state,
                   int64_t now, struct changes *changes);

/* order.c */
/* Puts questions, all in `talk` and in a state of the order, where newcomers go, first one first.
 */
void order_join(struct event *event, struct talk *talk, struct question **newcomers, uint32_t count,
                int64_t now);
void order_leave(struct talk *talk, uint32_t number);
/* Exposure since the last step, then a step, in every running talk. */
void order_step(struct event *event, int64_t now, struct changes *changes);
/* Starts and stops the talks' exposure clocks and plans the next step. */
void order_plan(struct event *event, int64_t now);

/* due.c: sets release_at, present_at and step_at after a command at `now`. (post_at: posts_plan) */
void event_plan(struct event *event, int64_t now);

/* outgoing.c: the rows. Put and remove tell the change; nothing to remove is fine, and beyond
 * LIMIT_EVENT_OUTGOING a new row is not made: its post stays unpublished. */
struct outgoing *outgoing_at(const struct event *event, uint32_t number, uint32_t account,
                             enum post_kind kind);
void outgoing_put(struct event *event, const struct outgoing *row, struct changes *changes);
void outgoing_remove(struct event *event, uint32_t number, uint32_t account, enum post_kind kind,
                     struct changes *changes);
void outgoing_sort(struct event *event);
/* Marks: zeroes say that nothing is out there, `unknown` (like no other) that something is. */
bool mark_empty(const uint8_t mark[POST_MARK_BYTES]);
bool mark_same(const uint8_t a[POST_MARK_BYTES], const uint8_t b[POST_MARK_BYTES]);
void mark_clear(uint8_t mark[POST_MARK_BYTES]);
void mark_unknown(uint8_t mark[POST_MARK_BYTES]);

/* posts.c: makes the rows of a question say what is to be done now. Called at the end of whatever
 * touches a question or a row; a second call does nothing. Of all questions: after what touches an
 * account or the setting. Of those that are gone: after a wipe. */
void posts_follow(struct event *event, uint32_t number, int64_t now, struct changes *changes);
void posts_follow_all(struct event *event, int64_t now, struct changes *changes);
void posts_follow_gone(struct event *event, int64_t now, struct changes *changes);

/* posts_due.c: what is queued becomes ready; when that is next. */
void posts_ready(struct event *event, int64_t now, struct changes *changes);
void posts_plan(struct event *event);

/* posts_check.c: the part of event_check that looks at accounts and rows. */
bool posts_check(const struct event *event);

/* accounts.c */
struct account *account_at(const struct event *event, uint32_t id);
/* True when new posts go out there, now or once its log-in holds again. */
bool account_posts(const struct account *account);
/* Disconnects every account that is not yet: the event is closed. */
void accounts_leave(struct event *event, struct changes *changes);
/* True when a row refers to it. */
bool account_used(const struct event *event, uint32_t id);
/* Drops accounts that were left and have no rows. */
void accounts_tidy(struct event *event, struct changes *changes);

/* people.c: the rows of cards. */
struct card *card_at(const struct event *event, const uint8_t key[CARD_KEY_BYTES]);
bool card_same_key(const uint8_t a[CARD_KEY_BYTES], const uint8_t b[CARD_KEY_BYTES]);
/* Takes it; there is none of its key. */
void card_insert(struct event *event, struct card *card);
/* The proof of an account, "" the web page's, as far as the card lists it; else NULL. */
struct proof *proof_at(struct card *card, const char *account);
void proof_clear(struct proof *proof);
/* Calls `visit` with each account's proof, and with the web page's. */
void proofs_each(struct card *card, void (*visit)(struct proof *proof, void *context),
                 void *context);
/* What others see of a card, to be told when it is different. NULL: there is no card. */
struct card_seen {
    bool shown, public;
    enum proof_kind proof;
    uint8_t proved; /* which accounts are, by their places */
    char name[LIMIT_CARD_NAME_BYTES + 1];
};
struct card_seen card_see(const struct card *card);
/* The card was changed: tells it, the by-lines of its questions, and what looks alike now (but for
 * other accounts: looks_put). */
void card_tell(struct event *event, struct card *card, const struct card_seen *before,
               struct changes *changes);
/* The card and all that hangs on it go for good: all of it is told. */
void card_drop(struct event *event, struct card *card, struct changes *changes);

/* alike.c: which public cards look like each other. Put: the card is public now, or not, or looks
 * different; its own mark is set, others' are told. Index: all anew, nothing is told. */
void looks_put(struct event *event, struct card *card, struct changes *changes);
void looks_remove(struct event *event, struct card *card, struct changes *changes);
/* Since when the card's name and accounts are shown: as before where they look the same on the card
 * as it was (NULL: it is new), else from this minute on, if it is shown. */
void looks_date(const struct card *was, struct card *card, uint32_t minute);
void looks_index(struct event *event);
bool looks_check(const struct event *event);

/* claims.c */
struct claim *claim_at(const struct event *event, uint32_t number);
bool claim_forgotten(const struct event *event, const struct claim *claim);
/* True when the question's text is the one that was signed. */
bool claim_holds(const struct event *event, const struct claim *claim,
                 const struct question *question);
/* The question's text is another one: its claim holds for it, or does not. */
void claim_follow(struct event *event, const struct question *question, struct changes *changes);
/* The question goes: so does its claim, which is told as of how the question is shown so far. */
void claim_leave(struct event *event, const struct question *question, struct changes *changes);
/* The question is shown to everybody from now on, or no more: so does its card say. */
void claim_show(const struct event *event, const struct question *question,
                struct changes *changes);
/* All claims of the card are taken back. The card is not told. */
void claims_end(struct event *event, struct card *card, struct changes *changes);

/* interests.c */
void interests_leave(struct event *event, uint32_t number, struct changes *changes);
void interests_end(struct event *event, const uint8_t card[CARD_KEY_BYTES],
                   struct changes *changes);

/* proofs.c: what is due is marked, a few at a time, and when that is next. */
void proofs_due(struct event *event, int64_t now, struct changes *changes);
void proofs_plan(struct event *event, int64_t now);
bool proof_waits(const struct proof *proof);

/* tickets.c */
void tickets_sort(struct event *event);

/* restore_people.c: false when parts are broken, missing, or there twice. What is forgotten is
 * dropped and told. */
bool people_index(struct event *event);
void people_forget(struct event *event, struct changes *changes);

/* people_check.c: the part of event_check that looks at people and tickets; and of a card alone,
 * whether its texts and proofs can be. */
bool people_check(const struct event *event);
bool card_complete(const struct card *card);

/* names.c: the place of `name` among names[first … count − 1], or −1. */
int name_find(const char *const *names, int first, int count, const char *name);

/* True for equal texts, and for none and none. */
bool text_same(const char *a, const char *b);

/* settings.c: BAD_TEXT when missing or not in normal form, TOO_LONG, or OK. */
enum refusal text_check(const char *text, size_t bytes, size_t graphemes);

#endif
