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

/* due.c: sets release_at, present_at and step_at after a command at `now`. */
void event_plan(struct event *event, int64_t now);

/* settings.c: BAD_TEXT when missing or not in normal form, TOO_LONG, or OK. */
enum refusal text_check(const char *text, size_t bytes, size_t graphemes);

#endif
