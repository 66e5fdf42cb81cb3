/* What the bridge must know of an event to carry out what somebody asked for: a copy, made on the
 * journal's thread when it is asked for, so that nothing of people waits here. */
#ifndef RAUTE_BRIDGE_PEEK_H
#define RAUTE_BRIDGE_PEEK_H

#include "bridge/bridge.h"

/* Somebody who may stand on public lists: TAKE_HOME. */
struct peek_person {
    char *did;     /* proved */
    uint32_t talk; /* of the first question that the card claims; 0: none */
};

struct peek_talk {
    uint32_t id;
    char *title;
};

struct peek {
    struct queue_node node;
    struct bridge *bridge;
    uint64_t errand; /* whose it is */
    /* Asked: */
    enum command_kind kind;
    uint8_t event[EVENT_ID_BYTES];
    uint8_t card[CARD_KEY_BYTES];
    char account[LIMIT_CARD_ACCOUNT_BYTES + 1];
    uint32_t number;
    /* Found: */
    bool known; /* the event; without it there is nothing else */
    char slug[LIMIT_SLUG_CHARS + 1];
    struct settings settings;
    bool card_known, listed; /* the card, and the account on it ("": a web page) */
    char *web;               /* of the card */
    bool claimed;            /* by the card: the question, which everybody sees */
    uint8_t key[QUESTION_KEY_BYTES];
    uint32_t minute; /* of its release */
    char *text, *warning;
    struct peek_person *people;
    uint32_t person_count;
    struct peek_talk *talks;
    uint32_t talk_count;
};

/* Takes what `command` asks about: OWN_LOGIN, PROVE or TAKE_HOME. It comes back on bridge->peeks.
 */
void peek_ask(struct bridge *bridge, uint64_t errand, const struct command *command);
void peek_free(struct peek *peek); /* NULL is fine */

#endif
