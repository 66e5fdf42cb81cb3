/* A command: a request to change one event. All that `event_apply` needs is in it, time, presence
 * and randomness included; signatures, roles and rates were checked before (wire).
 * A command owns its texts. */
#ifndef RAUTE_EVENT_COMMAND_H
#define RAUTE_EVENT_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/outgoing.h"
#include "event/people.h"
#include "event/settings.h"
#include "identity/identity.h"
#include "identity/pass.h"

enum command_kind {
    COMMAND_CREATE,
    COMMAND_IMPORT, /* takes a whole event, built by wire from an export */
    COMMAND_SETTINGS,
    COMMAND_TALK_ADD,
    COMMAND_TALK_RENAME,
    COMMAND_TALK_ORDER,
    COMMAND_TALK_OPEN,
    COMMAND_TALK_SELECT,
    COMMAND_ASK,
    COMMAND_EDIT,
    COMMAND_WITHDRAW,
    COMMAND_VOTE,
    COMMAND_UNVOTE,
    COMMAND_MOVE,
    COMMAND_PIN,
    COMMAND_DEGREE,
    COMMAND_APPROVE,
    COMMAND_OPEN,
    COMMAND_WARN,
    COMMAND_POST_RETRY,
    COMMAND_POST_DROP,
    COMMAND_ACCOUNT_LEAVE,
    COMMAND_CARD,
    COMMAND_CARD_DELETE,
    COMMAND_CARD_HIDE,
    COMMAND_CLAIM,
    COMMAND_UNCLAIM,
    COMMAND_INTEREST,
    COMMAND_TICKETS,
    COMMAND_PASS,
    COMMAND_LINK,
    COMMAND_WIPE,
    COMMAND_DELETE,
    COMMAND_PRESENCE, /* from the network threads, summed by the journal */
    COMMAND_TICK,     /* from the journal: time has passed */
    /* From the bridge: */
    COMMAND_ACCOUNT_PUT,
    COMMAND_ACCOUNT_STATE,
    COMMAND_POST_SENDING,
    COMMAND_POST_SENT,
    COMMAND_POST_FAILED,
    COMMAND_PROOF,
    COMMAND_PROOF_LOST,
    /* For the bridge, which answers them itself; never submitted to the journal: */
    COMMAND_CONNECT,
    COMMAND_CONNECT_FINISH,
    COMMAND_CONNECT_PASSWORD,
    COMMAND_ACCOUNT_TEST,
    COMMAND_OWN_LOGIN,
    COMMAND_OWN_FINISH,
    COMMAND_PROVE,
    COMMAND_TAKE_HOME, /* connect.account: the event's account that gets the lists */
    COMMAND_FOLLOW,    /* text: the visitor's server, or account there */
};

enum question_state {
    STATE_PENDING,
    STATE_LISTED,
    STATE_ANSWERING,
    STATE_ANSWERED,
    STATE_DECLINED,
    STATE_HIDDEN,
    STATE_COUNT
};

enum decline_reason {
    REASON_NONE,
    REASON_OFF_TOPIC,
    REASON_DUPLICATE,
    REASON_UNCLEAR,
    REASON_RUDE,
    REASON_PERSONAL,
    REASON_OTHER,
    REASON_COUNT
};

/* Which settings a COMMAND_SETTINGS sets; the others stay. */
enum {
    SETTING_TITLE = 1 << 0,
    SETTING_HASHTAGS = 1 << 1,
    SETTING_LANGUAGE = 1 << 2,
    SETTING_START = 1 << 3,
    SETTING_END = 1 << 4,
    SETTING_MODERATION = 1 << 5,
    SETTING_RELEASE = 1 << 6,
    SETTING_ASK_BURST = 1 << 7,
    SETTING_ASK_SECONDS = 1 << 8,
    SETTING_RETENTION = 1 << 9,
    SETTING_PUBLISH = 1 << 10,
    SETTING_PUBLISH_SECONDS = 1 << 11,
    SETTING_OFFSET = 1 << 12,
    SETTING_TICKETS = 1 << 13,
};

struct event;

struct command {
    enum command_kind kind;
    uint8_t event[EVENT_ID_BYTES]; /* which event */
    int64_t now;                   /* Unix time in ms, of the journal, set at submission */
    char *text; /* ask, edit: the question; move: the answer; talk_…: the title; warn: the warning;
                 * malloc'd, owned, may be NULL */
    union {
        struct {
            struct settings
                *settings; /* owned; complete but for start and end, where 0 means default */
            char slug[LIMIT_SLUG_CHARS +
                      1];    /* final: the journal has made it unique before applying */
            bool slug_exact; /* for the journal: taken means refused, not numbered */
            uint8_t role_hash[ROLE_KEYS][ROLE_HASH_BYTES];
        } create;
        struct {
            struct event *event; /* owned until applied */
        } import;
        struct {
            struct settings *settings; /* owned */
            uint32_t mask;
        } settings;
        struct {
            uint32_t talk;
            bool open;         /* TALK_OPEN */
            uint32_t from, to; /* TALK_SELECT */
            uint32_t *order;   /* TALK_ORDER: owned */
            uint32_t order_count;
        } talk;
        struct {
            uint8_t key[QUESTION_KEY_BYTES];
            uint8_t salt[QUESTION_SALT_BYTES]; /* ask */
            uint32_t talk;                     /* ask */
            uint32_t rev;                      /* edit, withdraw, degree */
            uint8_t degree;                    /* ask, degree: 0, 1, 2 */
        } question;
        struct {
            uint32_t number;
            uint8_t ballot[BALLOT_BYTES];
        } vote;
        struct {
            uint32_t number;
            enum question_state from, to;
            enum decline_reason reason;
            bool rev_known; /* whoever moves it has read this revision */
            uint32_t rev;
        } move;
        struct {
            uint32_t number;
            bool on;
        } pin;
        struct {
            uint32_t number;
            uint32_t rev; /* APPROVE: the text that was read */
            bool on;      /* OPEN */
        } publish;        /* APPROVE, OPEN, WARN */
        struct {
            struct account *account; /* ACCOUNT_PUT: owned; id 0: a new log-in, else a
                                      * renewed one of that account; state ignored */
            uint32_t id;             /* ACCOUNT_STATE, ACCOUNT_LEAVE */
            enum account_state state;
            bool keeps; /* ACCOUNT_STATE: its server was seen to delete nothing */
        } account;
        struct {
            uint32_t number, account;
            enum post_kind kind;
            enum post_act act;
            enum post_trouble trouble;              /* FAILED */
            bool final;                             /* FAILED: no further try by itself */
            bool emptied;                           /* SENT of a deletion */
            uint8_t mark[POST_MARK_BYTES];          /* SENDING */
            char token[LIMIT_POST_TOKEN_BYTES + 1]; /* SENDING */
            char far[LIMIT_POST_FAR_BYTES + 1];     /* SENT */
            char url[LIMIT_URL_BYTES + 1];          /* SENT */
        } post; /* POST_…; RETRY and DROP: number and account, RETRY also kind */
        struct {
            enum network network;
            uint32_t account;      /* ACCOUNT_TEST */
            uint8_t challenge[32]; /* CONNECT: SHA-256 of the verifier that the browser keeps */
            char *server;   /* CONNECT: host or origin; handle or DID; CONNECT_PASSWORD: likewise */
            char *password; /* CONNECT_PASSWORD: an app password */
            char *state, *code, *issuer, *verifier; /* CONNECT_FINISH; issuer may be NULL */
        } connect;                                  /* all owned, wiped when freed */
        struct {
            struct card *card; /* owned; its proofs, `hidden` and `minute` are ignored */
        } card;
        struct {
            uint8_t key[CARD_KEY_BYTES];
            uint32_t rev; /* CARD_DELETE */
            bool on;      /* CARD_HIDE */
        } card_key;
        struct {
            uint8_t key[QUESTION_KEY_BYTES];
            struct claim claim; /* UNCLAIM: its card and rev; number and current are ignored */
        } claim;
        struct interest interest; /* with scope OFF, too */
        struct {
            uint8_t (*hashes)[TICKET_HASH_BYTES]; /* owned */
            uint32_t count;
            uint8_t seats; /* of each */
        } tickets;
        struct {
            uint8_t hash[TICKET_HASH_BYTES];          /* of the code */
            uint8_t request[TICKET_HASH_BYTES];       /* of the elements */
            uint8_t (*elements)[VOPRF_ELEMENT_BYTES]; /* owned; for the answer */
            uint8_t count;
        } pass;
        struct {
            uint8_t card[CARD_KEY_BYTES];
            char account[LIMIT_CARD_ACCOUNT_BYTES + 1]; /* as on the card; "": its web page */
            struct proof proof; /* owned texts; PROOF_LOST: its kind and source say which */
        } proof;
        struct {
            uint8_t card[CARD_KEY_BYTES];
            char account[LIMIT_CARD_ACCOUNT_BYTES + 1]; /* as on the card; "": its web page */
            enum proof_kind kind;                       /* PROVE: LINK or POST */
            bool post;       /* OWN_LOGIN: to post `number` there, not only to prove */
            uint32_t number; /* the question; 0: none */
            uint8_t salt[QUESTION_SALT_BYTES];      /* PROVE by POST: of the code */
            uint8_t challenge[32];                  /* OWN_LOGIN, as CONNECT's */
            char *url;                              /* PROVE by POST: the post's address */
            char *state, *code, *issuer, *verifier; /* OWN_FINISH, as CONNECT_FINISH's */
        } own;                                      /* all owned, wiped when freed */
        struct {
            enum role role;
            uint8_t hash[ROLE_HASH_BYTES];
        } link;
        struct {
            uint32_t thread;  /* which network thread reports; for the journal */
            uint32_t members; /* after the journal: the sum over all threads */
        } presence;
        struct {
            uint8_t random[32];
        } tick;
    } as;
};

/* Frees what the command owns, not the command; leaves it empty. */
void command_clear(struct command *command);

/* Names on the wire and in exports: "listed", "off_topic". Static text. */
const char *question_state_name(enum question_state state);
const char *decline_reason_name(enum decline_reason reason); /* "" for REASON_NONE */
/* -1 when the name is unknown. */
int question_state_find(const char *name);
int decline_reason_find(const char *name);

#endif
