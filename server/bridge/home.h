/* Lists of people to take home, as records on Bluesky (protocols §3, Follow all attendees): at most
 * HOME_LIST people each, by talk where there are more. Keys follow from event, list and person, so
 * that a second run finds what the first has made. */
#ifndef RAUTE_BRIDGE_HOME_H
#define RAUTE_BRIDGE_HOME_H

#include <jansson.h>

#include "bridge/bluesky.h"
#include "bridge/peek.h"

#define HOME_LIST      150
#define HOME_NAME      64 /* bytes */
#define HOME_LISTS     "app.bsky.graph.list"
#define HOME_LISTITEMS "app.bsky.graph.listitem"

struct home_list {
    uint32_t talk, part; /* talk 0: everybody, or who asked in none */
    char rkey[LIMIT_POST_TOKEN_BYTES + 1];
    char uri[LIMIT_REMOTE_BYTES + 64];
    char name[HOME_NAME + 1];
    bool there;  /* in the repository, with this name */
    json_t *old; /* with another one: its record; owned */
};

struct home_person {
    const char *did; /* the peek's */
    uint32_t list;
    char rkey[LIMIT_POST_TOKEN_BYTES + 1];
    bool there;
};

struct home_plan {
    uint8_t event[EVENT_ID_BYTES];
    struct home_list *lists;
    uint32_t list_count;
    struct home_person *people; /* by list, then DID; nobody twice */
    uint32_t person_count;
    json_t *gone; /* keys of items that are ours, and no longer wanted */
};

/* `did` is the account's, whose repository has the lists. The peek must outlive the plan. */
void home_plan_make(struct home_plan *plan, const struct peek *peek, const char *did);
void home_plan_clear(struct home_plan *plan);
/* One record of the repository: `uri` and `value` of listRecords. */
void home_plan_list(struct home_plan *plan, const json_t *record);
void home_plan_item(struct home_plan *plan, const json_t *record);
/* The addresses of the first lists, as many as an answer has room for; a new reference. */
json_t *home_plan_urls(const struct home_plan *plan, const char *did);
/* All that is to be written, for applyWrites; a new reference. */
json_t *home_plan_writes(const struct home_plan *plan, int64_t now_unix_ms);

#endif
