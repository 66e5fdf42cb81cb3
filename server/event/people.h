/* People who chose to be seen: cards, claims, proofs, and interest in a question. All of it is its
 * owner's: signed, and gone when they say so. Signatures were checked before (wire). */
#ifndef RAUTE_EVENT_PEOPLE_H
#define RAUTE_EVENT_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "identity/claim.h"

/* How it was shown that an account is the card's owner's. */
enum proof_kind {
    PROOF_NONE,
    PROOF_LOGIN, /* logged in at its server */
    PROOF_LINK,  /* a page of it links back to the card (rel="me") */
    PROOF_POST,  /* it posted one of the owner's questions, with a code for this card */
    PROOF_KIND_COUNT
};

/* Belongs to one account of a card, or to its web page. */
struct proof {
    enum proof_kind kind;
    uint32_t minute;                   /* when it was last found to hold */
    bool due;                          /* is to be looked at again; not stored */
    char *actor;                       /* who it is there: actor URI or DID; owned; NULL for NONE */
    char *source;                      /* LINK: the page, POST: the post; owned; NULL otherwise */
    uint32_t number;                   /* POST: the question's */
    uint8_t salt[QUESTION_SALT_BYTES]; /* POST: of its code */
};

struct card_account {
    char *name;     /* "anna@example.social", or a handle; lower case, A-labels; owned */
    uint32_t since; /* the minute in which it was first shown here; 0: not yet */
    struct proof proof;
};

struct card {
    uint8_t key[CARD_KEY_BYTES];
    uint32_t rev;
    bool shown;              /* published; else known to those who share an interest alone */
    bool hidden;             /* a moderator took it away */
    bool lists;              /* may stand on public take-home lists */
    bool alike;              /* not stored: of a public card, card_alike() */
    uint32_t minute;         /* of its last change or claim */
    char *name, *line, *web; /* owned; line and web "" when left empty */
    uint32_t name_since;     /* as of an account */
    struct card_account accounts[LIMIT_CARD_ACCOUNTS];
    uint8_t account_count;
    struct proof web_proof; /* LINK alone */
    uint8_t signature[SIGNATURE_BYTES];
};

/* At most one per question. */
struct claim {
    uint32_t number;
    uint8_t card[CARD_KEY_BYTES];
    uint32_t rev; /* the question's, when it was signed */
    uint32_t minute;
    uint8_t hash[TEXT_HASH_BYTES];
    uint8_t by_question[SIGNATURE_BYTES], by_card[SIGNATURE_BYTES];
    bool current; /* not stored: the question's text is the one that was signed */
};

struct interest {
    uint32_t number;
    uint8_t card[CARD_KEY_BYTES];
    uint32_t minute;
    enum interest_scope scope; /* not OFF */
    uint8_t signature[SIGNATURE_BYTES];
};

/* Below so many nobody learns that somebody is interested. */
#define INTEREST_CROWD 3

struct event;

/* Look-ups; NULL when there is none. Borrowed. */
const struct card *event_card(const struct event *event, const uint8_t key[CARD_KEY_BYTES]);
const struct claim *event_claim(const struct event *event, uint32_t number);
/* Where in event->cards the card stands, or would stand. */
uint32_t event_card_place(const struct event *event, const uint8_t key[CARD_KEY_BYTES]);
/* True when everybody sees the card: published, and not taken away by a moderator. */
bool card_public(const struct card *card);
/* True when its name or an account looks like another one's, of a card that is public, and that one
 * comes first: it is proved, and this is not; or it was shown earlier, or in the same minute. */
bool card_alike(const struct event *event, const struct card *card);
/* The card that a view shows with the question, or NULL: its claim is current and its card public.
 */
const struct card *question_card(const struct event *event, uint32_t number);
/* The interests of a question: *first is the index in event->interests, how many is returned. */
uint32_t event_interests(const struct event *event, uint32_t number, uint32_t *first);
/* The best proof of any of its accounts, in the order of enum proof_kind; PROOF_NONE without one.
 */
enum proof_kind card_proof(const struct card *card);

/* Frees what the card owns, and the card. NULL is fine. */
void card_free(struct card *card);

/* "login", "link", "post"; "" for NONE. −1 when the name is unknown. Static text. */
const char *proof_kind_name(enum proof_kind kind);
int proof_kind_find(const char *name);

#endif
