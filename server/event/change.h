/* What an accepted command did: the one currency inside the server. A change names what is
 * different; the new values stand in the event, which its readers (store, wire) are handed
 * together with the changes, on the journal thread, before the next command is applied. */
#ifndef RAUTE_EVENT_CHANGE_H
#define RAUTE_EVENT_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/outgoing.h"
#include "identity/claim.h"
#include "identity/pass.h"

enum change_kind {
    CHANGE_CREATED, /* the whole event is new (create, import): write all of it */
    CHANGE_SETTINGS,
    CHANGE_TALK,      /* number = talk id: added, renamed, opened, closed */
    CHANGE_TALKS,     /* order of talks, or the current one */
    CHANGE_QUESTION,  /* number: new (without votes and exposure) or any other field */
    CHANGE_VOTES,     /* number: its total */
    CHANGE_EXPOSURE,  /* number: its exposure; seen by nobody, stored */
    CHANGE_ORDER,     /* number = talk id: its fair order; once per command at most, at its end */
    CHANGE_GONE,      /* number (0 if it was never released), key: question withdrawn; forgotten */
    CHANGE_HELD,      /* key: a held question or a held edit is new or changed */
    CHANGE_HELD_GONE, /* key: released, withdrawn or dropped */
    CHANGE_BALLOT,    /* ballot: added */
    CHANGE_BALLOT_GONE,       /* ballot: removed */
    CHANGE_BALLOTS_DESTROYED, /* at close: `closed` is set, all ballots, all tickets and the live
                               * half of the secret go; CHANGE_SETTINGS comes along */
    CHANGE_ROLE,              /* number = enum role: its key's hash */
    CHANGE_PRESENCE,          /* the published presence; not stored, raises no seq */
    CHANGE_ACCOUNT,           /* number = account id: new, changed or gone */
    CHANGE_OUTGOING,          /* number, outgoing: its row is new, changed or gone */
    CHANGE_CARD,       /* key: a card that is shown is new or changed; where a moderator took it
                        * away, staff alone see it */
    CHANGE_CARD_GONE,  /* key: it was seen, and nobody does any more, or staff alone */
    CHANGE_CARD_KEPT,  /* key: one that nobody sees is new, changed or gone; stored only */
    CHANGE_CARD_STAFF, /* key: it claims another set of questions, as staff alone sees; not stored
                        */
    CHANGE_CLAIM,      /* number, claim: its claim is new, changed or gone; stored only */
    CHANGE_INTEREST,   /* number, key: a card's interest in it, likewise */
    CHANGE_BY_LINE,    /* number: who asked it, or how many are interested, is told differently to
                        * whoever may read it; not stored */
    CHANGE_TICKET,     /* ticket: new (CHANGE_SETTINGS comes along: how many seats there are
                        * is public) or used; stored only */
    CHANGE_WIPED,      /* all questions, held, ballots, counts, and with them the orders */
    CHANGE_DELETED,    /* the whole event */
};

struct change {
    enum change_kind kind;
    uint32_t number;
    union {
        uint8_t key[QUESTION_KEY_BYTES];
        uint8_t ballot[BALLOT_BYTES];
        uint8_t ticket[TICKET_HASH_BYTES];
        struct {
            uint32_t account;
            enum post_kind kind;
            bool seen; /* what everybody sees of it (that it is out there, its link) is different */
        } outgoing;
        struct {
            bool ended; /* the one before must not come back: the forgotten have grown */
        } claim;
    } as;
};

/* A growing list; one per event and batch. Zero-initialise; free with changes_clear. */
struct changes {
    struct change *items;
    size_t count, room;
};

void changes_add(struct changes *changes, struct change change);
void changes_clear(struct changes *changes);

#endif
