/* Why a command was refused: one stable code each, the same on the wire, in the logs' counters and
 * in the catalogues of words (`refusal.<code>`). The sentence for people lives in web/words. */
#ifndef RAUTE_EVENT_REFUSAL_H
#define RAUTE_EVENT_REFUSAL_H

#define REFUSALS(X)                                                                                \
    X(OK, "ok")                                                                                    \
    X(BAD_MESSAGE, "bad_message") /* not JSON, not an object, wrong or missing member */           \
    X(TOO_LONG, "too_long")       /* message, text or list over its limit */                       \
    X(UNKNOWN_COMMAND, "unknown_command")                                                          \
    X(BAD_ENCODING, "bad_encoding") /* base64url or its length */                                  \
    X(BAD_TEXT, "bad_text")         /* not in normal form, or empty */                             \
    X(BAD_KEY, "bad_key")           /* not a point of the prime-order group */                     \
    X(BAD_SIGNATURE, "bad_signature")                                                              \
    X(BAD_VALUE, "bad_value") /* a setting out of its range */                                     \
    X(BAD_SLUG, "bad_slug")                                                                        \
    X(BAD_HASHTAG, "bad_hashtag")                                                                  \
    X(SLUG_TAKEN, "slug_taken")                                                                    \
    X(FORBIDDEN, "forbidden")       /* the role may not do this, or the key is wrong */            \
    X(MEMBERS_ONLY, "members_only") /* needs a member token */                                     \
    X(NOT_JOINED, "not_joined")     /* a command before `join` */                                  \
    X(CLOSED, "closed")             /* talk closed, event over, question past editing */           \
    X(UNKNOWN, "unknown")           /* no such event, talk or question */                          \
    X(GONE, "gone")                 /* withdrawn or deleted for good */                            \
    X(STALE, "stale")               /* state or revision is not the expected one */                \
    X(TOO_OFTEN, "too_often")                                                                      \
    X(FULL, "full")                     /* a limit of limits.h is reached */                       \
    X(BUSY, "busy")                     /* the journal's queue is full: try again */               \
    X(STORAGE, "storage")               /* the disk did not take it; nothing changed */            \
    X(BAD_SERVER, "bad_server")         /* no such server or handle, or not one of this network */ \
    X(UNREACHABLE, "unreachable")       /* a far server did not answer, or not in time */          \
    X(REFUSED, "refused")               /* a far server said no: password, code, rights */         \
    X(EXPIRED, "expired")               /* a log-in that nobody began, or too long ago */          \
    X(NOT_CONFIGURED, "not_configured") /* the operator has not switched this on */                \
    X(ALREADY_CLAIMED, "already_claimed") /* another card claims this question */                  \
    X(BAD_TIME, "bad_time")       /* signed for another time: a wrong clock, or a replay */        \
    X(BAD_ACCOUNT, "bad_account") /* not an account, or not one of this card */                    \
    X(BAD_CODE, "bad_code")       /* no such post, or it does not carry the code */                \
    X(BAD_TICKET, "bad_ticket")   /* no such admission code */                                     \
    X(TICKET_USED, "ticket_used")                                                                  \
    X(BAD_PASS, "bad_pass")                                                                        \
    X(PRESENT, "present") /* import of an event that is here already */

enum refusal {
#define X(name, code) REFUSAL_##name,
    REFUSALS(X)
#undef X
        REFUSAL_COUNT
};

/* The stable code, e.g. "too_often". Static text. */
const char *refusal_code(enum refusal refusal);

#endif
