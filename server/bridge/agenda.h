/* What the bridge knows of an event: an immutable copy, made on the journal thread after a commit,
 * of its accounts and of what is to be done at them. A newer one takes the place of an older one.
 */
#ifndef RAUTE_BRIDGE_AGENDA_H
#define RAUTE_BRIDGE_AGENDA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/queue.h"
#include "event/event.h"

/* Of each of these kinds an account's agenda has at most AGENDA_SAMPLE rows, drawn by lot: no order
 * of asking or approving shows in what leaves next. */
enum agenda_kind {
    AGENDA_SENDING,
    AGENDA_DELETIONS,
    AGENDA_QUESTIONS,
    AGENDA_REPLIES,
    AGENDA_KINDS
};
#define AGENDA_SAMPLE 8

/* A row that is READY or SENDING, and what its post says now. Owns its texts. */
struct agenda_row {
    struct outgoing row;
    bool wanted; /* as it is in `mark`, it should be out there */
    uint8_t mark[POST_MARK_BYTES];
    char *text, *answer, *warning; /* of the question; NULL: none */
    uint32_t answered;
    char *parent; /* far id of the account's post of the question, for ANSWER and OPEN; or NULL */
};

/* A proof that is to be looked at again. Owns its texts. */
struct agenda_check {
    uint8_t card[CARD_KEY_BYTES];
    char account[LIMIT_CARD_ACCOUNT_BYTES + 1]; /* "": the card's web page */
    struct proof proof;
    bool claimed; /* POST: the card still claims the question, whose key is: */
    uint8_t key[QUESTION_KEY_BYTES];
};
#define AGENDA_CHECKS 1024 /* at most; more come when these are done */

struct agenda {
    struct queue_node node;
    uint8_t event[EVENT_ID_BYTES];
    bool deleted; /* the event is gone for good; nothing else is set */
    char slug[LIMIT_SLUG_CHARS + 1];
    struct settings settings;
    bool accounts_told; /* else they are what they were */
    uint32_t account_count;
    struct account *accounts[LIMIT_EVENT_ACCOUNTS]; /* but those that have LEFT; owned */
    uint32_t row_count;
    struct agenda_row *rows;
    uint32_t check_count;
    struct agenda_check *checks;
};

/* True when the changes concern the bridge; *accounts_told when accounts are among them. `checked`:
 * the event's latest agenda has checks, which a change of a card may have ended. */
bool agenda_wanted(const struct event *event, const struct changes *changes, bool checked,
                   bool *accounts_told);
struct agenda *agenda_make(const struct event *event, bool accounts_told);
struct agenda *agenda_deleted(const uint8_t event[EVENT_ID_BYTES]);
void agenda_free(struct agenda *agenda); /* NULL is fine */

void *bytes_copy(const void *bytes, size_t count); /* NULL of NULL */
char *text_copy(const char *text);                 /* so, too */
struct account *account_copy(const struct account *account);

#endif
