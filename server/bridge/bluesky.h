/* What the files of the AT Protocol's driver share. */
#ifndef RAUTE_BRIDGE_BLUESKY_H
#define RAUTE_BRIDGE_BLUESKY_H

#include "bridge/network.h"

#define BLUESKY_APP        "https://bsky.app"
#define BLUESKY_LIMIT      300 /* graphemes of a post (lexicon app.bsky.feed.post) */
#define BLUESKY_COLLECTION "app.bsky.feed.post"
#define BLUESKY_FAR_PARTS  4
#define BLUESKY_TIME_BYTES 32

/* bluesky_login.c: by app password; what both ways end in. */
void bluesky_password(struct attempt *attempt);
void bluesky_revoke(struct job *job);
/* Fills attempt->account for this DID, handle ("" for none) and PDS, fetches its avatar, then
 * attempt_finished. */
void bluesky_account(struct attempt *attempt, const char *did, const char *handle, const char *pds);

/* bluesky_oauth.c: PAR, PKCE, DPoP after the AT Protocol's OAuth profile. */
void bluesky_begin(struct attempt *attempt);
void bluesky_finish(struct attempt *attempt);

/* bluesky_posts.c: posts, edits, deletions. */
void bluesky_post(struct job *job);

/* bluesky_record.c. A post's far id is "URI CID ROOTURI ROOTCID"; a post that is no reply is its
 * own root. */
struct far_parts {
    char text[LIMIT_POST_FAR_BYTES + 1];
    const char *part[BLUESKY_FAR_PARTS]; /* within text */
};
bool bluesky_far_read(struct far_parts *parts, const char *far);
/* `parent` is the far id of what it replies to, or NULL. False: a CID that is none, or too long. */
bool bluesky_far_write(char far[LIMIT_POST_FAR_BYTES + 1], const char *did, const char *rkey,
                       const char *cid, const char *parent);
/* A number as record key: a TID, whose first bit must be 0. */
void bluesky_key(char rkey[LIMIT_POST_TOKEN_BYTES + 1], uint64_t value);
/* RFC 3339 in UTC. */
void bluesky_time(char text[BLUESKY_TIME_BYTES], int64_t unix_ms);
/* A TID (protocols §3) of now, later than any before. */
void bluesky_token(char token[LIMIT_POST_TOKEN_BYTES + 1]);
/* The key that stands so many places after `first` in its ring: the same instant, another clock id.
 * False: `first` is no TID. */
bool bluesky_rkey(char rkey[LIMIT_POST_TOKEN_BYTES + 1], const char *first, unsigned places);
/* The record app.bsky.feed.post; a new reference. */
json_t *bluesky_record(const struct job *job, int64_t now_unix_ms);

#endif
