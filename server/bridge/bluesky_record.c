/* What a post of ours is as a record, where it stands, and how its far id is written. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "bridge/bluesky.h"

#define RKEY_CHARS 13
#define CLOCK_BITS 10
#define CLOCKS     (1u << CLOCK_BITS)
#define CID_CHARS  100

static const char base32[] = "234567abcdefghijklmnopqrstuvwxyz";

void bluesky_key(char rkey[LIMIT_POST_TOKEN_BYTES + 1], uint64_t value) {
    for (int i = RKEY_CHARS - 1; i >= 0; i--) {
        rkey[i] = base32[value & 31];
        value >>= 5;
    }
    rkey[RKEY_CHARS] = '\0';
}

void bluesky_token(char token[LIMIT_POST_TOKEN_BYTES + 1]) {
    static int64_t last; /* µs; the bridge's thread alone */
    int64_t now = clock_unix_ms() * 1000 + (int64_t)random_below(1000);
    last = now > last ? now : last + 1;
    bluesky_key(token, (uint64_t)last << CLOCK_BITS | random_below(CLOCKS));
}

bool bluesky_rkey(char rkey[LIMIT_POST_TOKEN_BYTES + 1], const char *first, unsigned places) {
    uint64_t value = 0;
    if (strlen(first) != RKEY_CHARS || strspn(first, base32) != RKEY_CHARS) {
        return false;
    }
    for (int i = 0; i < RKEY_CHARS; i++) {
        value = value << 5 | (uint64_t)(strchr(base32, first[i]) - base32);
    }
    bluesky_key(rkey, (value & ~(uint64_t)(CLOCKS - 1)) | ((value + places) & (CLOCKS - 1)));
    return true;
}

/* ---- far ids */

bool bluesky_far_read(struct far_parts *parts, const char *far) {
    (void)snprintf(parts->text, sizeof parts->text, "%s", far);
    char *rest = parts->text;
    for (int i = 0; i < BLUESKY_FAR_PARTS; i++) {
        parts->part[i] = strsep(&rest, " ");
        if (parts->part[i] == NULL || *parts->part[i] == '\0') {
            return false;
        }
    }
    return rest == NULL;
}

bool bluesky_far_write(char far[LIMIT_POST_FAR_BYTES + 1], const char *did, const char *rkey,
                       const char *cid, const char *parent) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    char uri[LIMIT_REMOTE_BYTES + LIMIT_POST_TOKEN_BYTES + sizeof "at:////" BLUESKY_COLLECTION];
    struct far_parts thread = {.text = ""};
    bool reply = parent != NULL && bluesky_far_read(&thread, parent);
    if (cid == NULL || *cid == '\0' || strlen(cid) > CID_CHARS ||
        cid[strspn(cid, letters)] != '\0') {
        return false;
    }
    (void)snprintf(uri, sizeof uri, "at://%s/%s/%s", did, BLUESKY_COLLECTION, rkey);
    int length = snprintf(far, LIMIT_POST_FAR_BYTES + 1, "%s %s %s %s", uri, cid,
                          reply ? thread.part[2] : uri, reply ? thread.part[3] : cid);
    return length > 0 && length <= LIMIT_POST_FAR_BYTES;
}

/* ---- the record */

static void facets_add(json_t *record, const struct post_text *text) {
    json_t *facets = json_array();
    for (size_t i = 0; i < text->facet_count; i++) {
        const struct post_facet *facet = &text->facets[i];
        json_t *feature =
            facet->tag != NULL
                ? json_pack("{s:s,s:s}", "$type", "app.bsky.richtext.facet#tag", "tag", facet->tag)
                : json_pack("{s:s,s:s}", "$type", "app.bsky.richtext.facet#link", "uri",
                            facet->uri);
        INVARIANT(feature != NULL);
        json_t *added =
            json_pack("{s:{s:I,s:I},s:[o]}", "index", "byteStart", (json_int_t)facet->start,
                      "byteEnd", (json_int_t)facet->end, "features", feature);
        INVARIANT(json_array_append_new(facets, added) == 0);
    }
    INVARIANT(json_object_set_new(record, "facets", facets) == 0);
}

static void reply_add(json_t *record, const char *parent) {
    struct far_parts parts = {.text = ""};
    if (parent == NULL || !bluesky_far_read(&parts, parent)) {
        return;
    }
    json_t *reply = json_pack("{s:{s:s,s:s},s:{s:s,s:s}}", "root", "uri", parts.part[2], "cid",
                              parts.part[3], "parent", "uri", parts.part[0], "cid", parts.part[1]);
    INVARIANT(reply != NULL && json_object_set_new(record, "reply", reply) == 0);
}

void bluesky_time(char text[BLUESKY_TIME_BYTES], int64_t unix_ms) {
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm utc;
    INVARIANT(gmtime_r(&seconds, &utc) != NULL);
    size_t length = strftime(text, BLUESKY_TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(text + length, BLUESKY_TIME_BYTES - length, ".%03dZ", (int)(unix_ms % 1000));
}

json_t *bluesky_record(const struct job *job, int64_t now_unix_ms) {
    char now[BLUESKY_TIME_BYTES];
    bluesky_time(now, now_unix_ms);
    json_t *record = json_pack("{s:s,s:s,s:s,s:[s]}", "$type", BLUESKY_COLLECTION, "text",
                               job->text->text, "createdAt", now, "langs", job->text->language);
    INVARIANT(record != NULL);
    facets_add(record, job->text);
    reply_add(record, job->parent);
    if (job->kind == POST_QUESTION && job->link != NULL) {
        json_t *card =
            json_pack("{s:s,s:{s:s,s:s,s:s}}", "$type", "app.bsky.embed.external", "external",
                      "uri", job->link, "title", job->title, "description", job->description);
        INVARIANT(card != NULL && json_object_set_new(record, "embed", card) == 0);
    }
    return record;
}
