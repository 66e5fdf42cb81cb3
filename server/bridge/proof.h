/* Looks whether an account, or a web page, is shown to be a card's owner's: by a link back to the
 * card, or by a post with the code of one of the owner's questions. What is looked at stands at the
 * account's own server, and is fetched anew; nobody's word is taken for another's. */
#ifndef RAUTE_BRIDGE_PROOF_H
#define RAUTE_BRIDGE_PROOF_H

#include "bridge/network.h"
#include "event/people.h"

/* Texts are borrowed until the function returns. */
struct proof_look {
    struct reach *reach;
    const char *account; /* as on the card: "name@host", or a handle; "" is its web page */
    const char *page;    /* LINK: of the web page; POST: of the post; LOGIN: NULL */
    const char *wanted; /* LINK: the card's own page. POST: the question's link with the code; NULL:
                         * it was seen there before */
    int64_t not_before,
        not_after;     /* POST: when it may have been made, Unix ms; 0 and 0: any time */
    const char *actor; /* who it was before; NULL: whoever the account is */
    /* Called once, never within. OK, with who it is and where it was seen; or
     * BAD_CODE: there is no such page or post, or it does not say so;
     * BAD_ACCOUNT: not in this way, or it is somebody else's;
     * UNREACHABLE, BAD_SERVER: nobody knows. */
    void (*done)(void *context, enum refusal refusal, const char *actor, const char *source);
    void *context;
};

/* <a> or <link> with rel="me" on the web page, or on the account's page at its server. */
void relme_look(const struct proof_look *look);
/* True when the page has such a link to `target`. */
bool relme_has(const char *html, size_t length, const char *target);

/* A public post of the account that has `wanted` in it; without a page, no more than who the
 * account is. */
void witness_look(const struct proof_look *look);
/* A post as ActivityPub object, as status of the Mastodon API, as record: is it by this actor,
 * public, of that time, with that text? Pure. */
struct witness_rule {
    const char *actor, *profile; /* either names the author */
    const char *wanted;          /* NULL: any text */
    int64_t not_before, not_after;
};
enum refusal witness_note(const json_t *note, const struct witness_rule *rule);
enum refusal witness_status(const json_t *status, const struct witness_rule *rule);
enum refusal witness_record(const json_t *record, const struct witness_rule *rule);

#endif
