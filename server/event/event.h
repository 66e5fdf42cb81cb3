/* The rules of one event, in pure memory: no clock, no I/O, no randomness (they arrive in the
 * command), so the same commands in the same order give the same event everywhere.
 *
 * Only the journal thread touches a live event. Readers get it as const. */
#ifndef RAUTE_EVENT_EVENT_H
#define RAUTE_EVENT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"
#include "event/change.h"
#include "event/command.h"
#include "event/outgoing.h"
#include "event/people.h"
#include "event/refusal.h"
#include "event/settings.h"
#include "identity/identity.h"

struct look; /* rules.h */

enum view { VIEW_PUBLIC, VIEW_STAFF, VIEW_COUNT };

struct question {
    uint32_t number;
    uint32_t talk;
    uint8_t key[QUESTION_KEY_BYTES];
    uint8_t salt[QUESTION_SALT_BYTES];
    uint8_t degree;
    enum question_state state;
    enum decline_reason reason;
    bool pinned;
    uint32_t rev;    /* changes by its asker so far: of text or degree */
    bool edited;     /* its text was changed since it was released */
    uint32_t minute; /* of the release */
    uint32_t votes;
    uint64_t exposure;  /* member seconds × place weight, as of the last 30 s step */
    char *text;         /* owned */
    char *answer;       /* owned; NULL without one; only in state answered */
    bool approved;      /* by a moderator, this very text: it may go out */
    bool open;          /* a moderator asks the hashtag */
    char *warning;      /* owned; content warning on posts; NULL without one */
    uint32_t answered;  /* minute since when it is answered, in state answered; else 0 */
    int64_t counted_at; /* not stored: Unix ms up to which `exposure` is counted */
};

/* Waits for its release: a new question (number 0), or an edited text of a released one. */
struct held {
    uint8_t key[QUESTION_KEY_BYTES];
    uint8_t salt[QUESTION_SALT_BYTES]; /* new question only */
    uint32_t talk;
    uint32_t number; /* 0: new question; else: edit of that one */
    uint32_t rev;
    uint8_t degree;
    char *text; /* owned */
};

/* An admission code of a gated event, as its keyed hash. */
struct ticket {
    uint8_t hash[TICKET_HASH_BYTES];
    uint8_t request[TICKET_HASH_BYTES]; /* of the elements that it was used for; zero: unused */
    uint8_t seats;
};

struct talk {
    uint32_t id;
    char title[LIMIT_TITLE_BYTES + 1];
    bool open;
    uint32_t *order; /* fair order: numbers of listed and answering questions; owned */
    uint32_t order_count, order_room;
    bool reordered; /* not stored: CHANGE_ORDER is due at the end of this command */
    bool running;   /* not stored: its questions gain exposure now */
};

struct event {
    uint8_t id[EVENT_ID_BYTES];
    char slug[LIMIT_SLUG_CHARS + 1];
    struct settings settings;
    uint8_t role_hash[ROLE_KEYS][ROLE_HASH_BYTES]; /* by enum role − 1 */
    uint64_t seq[VIEW_COUNT];
    uint32_t next_number, next_talk;
    uint32_t current_talk;
    bool closed; /* a day after the end: ballots destroyed */

    struct talk *talks; /* in their order */
    uint32_t talk_count;
    struct question **questions; /* by number, ascending; owned */
    uint32_t question_count, question_room;
    struct table by_key; /* key → struct question * */
    struct held *held;   /* sorted by key, so that nothing remembers the order of asking */
    uint32_t held_count, held_room;
    struct table ballots;      /* set of 16-byte ballots */
    struct table forgotten;    /* set of 16-byte hashes (identity: forgotten_hash) */
    struct account **accounts; /* by id, ascending; owned */
    uint32_t account_count, next_account;
    struct outgoing *outgoing; /* sorted by number, account, kind */
    uint32_t outgoing_count, outgoing_room;
    struct card **cards; /* by key, ascending; owned */
    uint32_t card_count, card_room;
    struct claim *claims; /* by number, ascending */
    uint32_t claim_count, claim_room;
    struct interest *interests; /* by number, then card */
    uint32_t interest_count, interest_room;
    struct ticket *tickets; /* by hash: nothing remembers who got which */
    uint32_t ticket_count, ticket_room;

    /* Not stored: */
    uint32_t present;       /* members connected now, the true number */
    uint32_t present_shown; /* as published at the last release; 0 = fewer than 10 */
    int64_t release_at;     /* Unix ms of the next release, 0 = nothing waits */
    int64_t present_at;     /* Unix ms when present_shown is published anew, 0 = it is up to date */
    int64_t step_at;        /* Unix ms of the next order step, 0 = nothing to order */
    int64_t post_at;        /* Unix ms when queued posts become ready, 0 = none waits */
    int64_t recheck_at;     /* Unix ms when a proof is to be looked at again, 0 = none */
    struct look *looks;     /* what the public cards look like, by that */
    uint32_t look_count, look_room;
    bool deleted; /* CHANGE_DELETED was told: every further command is GONE */
};

/* An empty event, to be filled by COMMAND_CREATE or by the store. Owned by the caller. */
struct event *event_new(const uint8_t id[EVENT_ID_BYTES]);
void event_free(struct event *event);

/* Applies one command. OK: `changes` has what it did (nothing, when it was in force already), and
 * seq is raised once per change and view that sees it. Otherwise: nothing has changed. Never half.
 * Texts move from the command into the event. `result` (never NULL) gets the talk's id after
 * TALK_ADD, else 0.
 *
 * What is in force already is known by its content, and is OK before anything else is looked at,
 * also after the end: an ask whose key is there, a vote whose ballot is there, an edit of this
 * revision and text, a withdrawal of what is forgotten, a move to where the question is, a talk of
 * this title.
 * Numbers that were in use and keys that were withdrawn are GONE, others UNKNOWN.
 *
 * - CREATE and IMPORT want an empty event (PRESENT), all others a filled one (UNKNOWN).
 * - IMPORT moves the command's event, which has neither ballots nor held questions, into this one
 *   and opens it as ended and closed: end = the earlier of its end and now. Cards and claims may
 *   come along, interests and tickets may not (BAD_VALUE). GONE when its retention is past.
 * - WIPE: with the questions go their claims and interests; cards stay.
 * - SETTINGS: the end cannot be moved after the close (CLOSED).
 * - TALK_ORDER: BAD_VALUE when an id stands twice, STALE when they are not all talks there are.
 * - ASK: CLOSED from the end minute on and in a closed talk; before the start it is fine.
 * - EDIT: CLOSED from the end on and past `listed`; otherwise it waits for the release, and is
 *   dropped there if the question went past `listed` meanwhile. STALE unless rev is one more than
 *   the stored one (of the held edit, if there is one).
 * - WITHDRAW: at once, always; rev follows the question's or its held edit's, else STALE.
 * - MOVE: the table of wire/README.md, else BAD_VALUE. To a shown state it approves the text, when
 *   its revision is the one that was read or none is named; STALE when another was read and the
 *   question was not shown. The answer is what the command says: leaving `answered` drops it, and
 *   so does coming back without one.
 * - PIN: STALE unless listed or answering.
 * - APPROVE: STALE unless `rev` is the question's and it is listed, answering or answered.
 * - OPEN: FORBIDDEN for degree 0, CLOSED with publish off or without an account, STALE unless
 *   listed, answering or answered. It approves the text. Degree 0 ends it.
 * - DEGREE: like EDIT in rev, but at once; in any state, also after the end. Degree 0 and 2 take
 *   back what is out there by the event's accounts (2: but for OPEN).
 * - WARN: text NULL takes the warning away.
 * - POST_RETRY: a failed row is ready again (an edit of what is missing: as a new post); one that a
 *   moderator dropped is queued again. STALE otherwise, and where its account cannot do it.
 * POST_DROP: all rows of the question at the account are deleted there, whatever their state; ok
 * when there is nothing.
 * - ACCOUNT_PUT: `remote` on the same network decides whether it is new (FULL beyond
 *   LIMIT_EVENT_ACCOUNTS; *result gets its id) or one that is there: then its log-in and values are
 *   replaced, it is CONNECTED, what failed for its log-in is ready again, and what is approved goes
 *   out there, too. CLOSED in a closed event. With an `id`: a refreshed log-in of that account,
 * also in a closed event; its state stays. UNKNOWN when it is another one, STALE when it is LEFT.
 * - ACCOUNT_STATE, ACCOUNT_LEAVE: UNKNOWN without such an account. A LEAVING account becomes LEFT
 *   and nothing else, and only it does; other states are passed over. LEFT drops the log-in, and
 *   the account too when no row refers to it.
 * - POST_SENDING, POST_SENT, POST_FAILED: STALE unless the row is there with this act and READY
 *   (sending) or SENDING (the others); POST_SENDING also when `mark` is no longer what the post
 *   should say, and while its account is not CONNECTED (a deletion: nor LEAVING). A row that has a
 *   token keeps it. A deletion that fails as MISSING is done.
 * - CARD: a new card (rev 1) or a changed one (rev = stored + 1, else STALE); GONE when deleted; no
 *   new one, CLOSED, in a closed event that was gated, where nobody knows any more who was let in;
 *   BAD_KEY when its key is a question's (and ASK when its is a card's); FULL beyond
 *   LIMIT_EVENT_CARDS; BAD_ACCOUNT when an account stands twice. What is still on it keeps its
 *   proof. A card that is no longer shown loses its claims.
 * - CARD_DELETE: with its claims, proofs and interests, for good; rev = stored + 1; ok when it is
 *   forgotten already. CARD_HIDE: `hidden` stays through changes by its owner.
 * - CLAIM: UNKNOWN without the question (released) or a card that is shown; GONE when this very
 *   claim was taken back; ALREADY_CLAIMED while another card's stands; STALE unless rev = the
 *   question's (its held edit's, if there is one) + 1 and the hash is that of its released text;
 *   raises that rev. In any state of the question, also after the end. The same claim again is ok.
 *   A claim of the same card replaces the one that stands.
 * - UNCLAIM: rev as for CLAIM, raises it; ok when that card has no claim on it (any more). With a
 *   claim go the proofs by a post of that question.
 * - INTEREST: UNKNOWN without a question that everybody sees or without the card (shown or not);
 *   FULL beyond LIMIT_EVENT_INTERESTS. OFF takes it back, whatever became of the question.
 * - TICKETS: BAD_VALUE unless count and seats are and admission is by ticket, CLOSED in a closed
 *   event, FULL beyond LIMIT_EVENT_TICKETS. PASS: BAD_TICKET when the hash is unknown or `count` is
 *   not its seats, TICKET_USED when it was used for another request.
 * - PROOF: BAD_VALUE unless it has a source just when its kind does, and is a LINK for a web page;
 *   UNKNOWN unless the card lists the account (or has a web page) and, for POST, claims its
 *   question; replaces what was known, but LOGIN, which only LOGIN replaces; one that is `due`
 *   only refreshes the same. Leaves the kind that stands then. PROOF_LOST: ok when it is
 *   another one by now.
 * - TICK: release, queued posts, rechecks, published presence, order step, close, retention, as far
 *   as they are due. LINK and POST proofs are looked at again a day after the last time: a few at
 *   once become `due`, which is told as a change of their card. An order step counts at most 60 s,
 *   whatever the clock did; nothing accrues in a closed talk, after the end, or while nobody is
 *   present. */
enum refusal event_apply(struct event *event, struct command *command, struct changes *changes,
                         uint32_t *result);

/* When the event next wants a COMMAND_TICK, in Unix ms (release, published presence, order step,
 * queued posts, rechecks, close, retention); INT64_MAX never. A time in the past means at once.
 * Releases and published presence keep to multiples of the release interval; at interval 0 a
 * release is due at once and presence at the next full second. */
int64_t event_due(const struct event *event);

/* Look-ups; NULL when there is none. Borrowed. */
const struct question *event_question(const struct event *event, uint32_t number);
const struct question *event_question_by_key(const struct event *event,
                                             const uint8_t key[QUESTION_KEY_BYTES]);
const struct held *event_held(const struct event *event, const uint8_t key[QUESTION_KEY_BYTES]);
const struct talk *event_talk(const struct event *event, uint32_t id);
const struct interest *event_interest(const struct event *event, uint32_t number,
                                      const uint8_t card[CARD_KEY_BYTES]);
const struct ticket *event_ticket(const struct event *event, const uint8_t hash[TICKET_HASH_BYTES]);
/* How many members the tickets so far may become. */
uint32_t event_seats(const struct event *event);

/* True when a view shows the question's text. */
bool question_shown(const struct question *question, enum view view);
/* True when the view sees this kind of change (and its seq is raised for it). For QUESTION and
 * VOTES the question decides. */
bool change_visible(const struct event *event, const struct change *change, enum view view);

/* For the store and import, which rebuild an event without commands. They take their argument's
 * texts and a talk's order; event_restored() is called once at the end and makes indexes, sorts and
 * checks: false when the parts contradict each other (free the event then). Fields of struct event
 * are set directly; next_number and next_talk are raised where they are too low. Questions that an
 * order lacks join it as newcomers (an import without orders; CHANGE_ORDER). What waits is due at
 * once. */
void event_restore_talk(struct event *event, const struct talk *talk);
void event_restore_question(struct event *event, const struct question *question);
void event_restore_held(struct event *event, const struct held *held);
void event_restore_account(struct event *event, struct account *account); /* takes it */
void event_restore_outgoing(struct event *event, const struct outgoing *outgoing);
void event_restore_card(struct event *event, struct card *card); /* takes it */
void event_restore_claim(struct event *event, const struct claim *claim);
void event_restore_interest(struct event *event, const struct interest *interest);
void event_restore_ticket(struct event *event, const struct ticket *ticket);
void event_restore_ballot(struct event *event, const uint8_t ballot[BALLOT_BYTES]);
/* Adds a forgotten hash; event_restored() then drops what is forgotten (questions, cards, claims,
 * and what hangs on them), appends the changes to `changes` (may be NULL) and raises seq for them.
 */
void event_restore_forgotten(struct event *event, const uint8_t hash[FORGOTTEN_BYTES]);
bool event_restored(struct event *event, struct changes *changes);

/* True when everything in the event fits together: indexes, counts, orders, limits. Walks through
 * all of it. For event_restored and tests. */
bool event_check(const struct event *event);

#endif
