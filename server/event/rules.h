/* Inside the event layer only: one rule per command kind, and what rules share.
 *
 * A rule checks everything before it changes anything; it may move the command's texts into the
 * event. It adds its changes, except CHANGE_ORDER: whoever alters a talk's order sets `reordered`,
 * and event_apply tells it once at the end, raises seq and plans what is due next. */
#ifndef RAUTE_EVENT_RULES_H
#define RAUTE_EVENT_RULES_H

#include "event/event.h"

#define MINUTE_MS   INT64_C(60000)
#define DAY_MINUTES 1440u

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

/* names.c: the place of `name` among names[first … count − 1], or −1. */
int name_find(const char *const *names, int first, int count, const char *name);

/* True for equal texts, and for none and none. */
bool text_same(const char *a, const char *b);

/* settings.c: BAD_TEXT when missing or not in normal form, TOO_LONG, or OK. */
enum refusal text_check(const char *text, size_t bytes, size_t graphemes);

#endif
