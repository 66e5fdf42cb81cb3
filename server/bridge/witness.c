/* A post, fetched anew at its author's own server: as ActivityPub object, else by the Mastodon
 * API, for servers that want objects signed for; from Bluesky as record of the author's PDS. Before
 * that, and without a post, whose the account's name is. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "bridge/address.h"
#include "bridge/bluesky.h"
#include "bridge/handle.h"
#include "bridge/proof.h"
#include "bridge/webfinger.h"

#define ACTIVITY    "application/activity+json"
#define LINKED      "application/ld+json"
#define STREAMS     "https://www.w3.org/ns/activitystreams"
#define URL_BYTES   4096
#define ID_CHARS    64
#define PLACE_CHARS 64 /* of a record's key */

struct witness {
    struct reach *reach;
    char *account, *page, *wanted, *before; /* who it was before, or NULL */
    int64_t not_before, not_after;
    char *actor, *profile;
    void (*done)(void *context, enum refusal refusal, const char *actor, const char *source);
    void *context;
};

static void witness_end(struct witness *witness, enum refusal refusal) {
    witness->done(witness->context, refusal, witness->actor, witness->page);
    free(witness->account);
    free(witness->page);
    free(witness->wanted);
    free(witness->before);
    free(witness->actor);
    free(witness->profile);
    free(witness);
}

static struct witness_rule rule_of(const struct witness *witness) {
    return (struct witness_rule){.actor = witness->actor,
                                 .profile = witness->profile,
                                 .wanted = witness->wanted,
                                 .not_before = witness->not_before,
                                 .not_after = witness->not_after};
}

/* The name may be somebody else's by now; and without a post nothing else is asked. */
static bool ends_with_actor(struct witness *witness) {
    bool another = witness->before != NULL && strcmp(witness->before, witness->actor) != 0;
    bool ends = another || witness->page == NULL;
    if (ends) {
        witness_end(witness, another ? REFUSAL_BAD_ACCOUNT : REFUSAL_OK);
    }
    return ends;
}

/* Of an answer that is no post. */
static enum refusal refusal_without(const struct http_answer *answer) {
    enum refusal refusal = is_missing(answer) ? REFUSAL_BAD_CODE : refusal_of(answer);
    return refusal == REFUSAL_REFUSED ? REFUSAL_BAD_SERVER : refusal;
}

static bool answered_well(const struct witness *witness, const struct http_answer *answer) {
    return answer->trouble == TROUBLE_NONE && answer->status == 200 &&
           json_is_object(answer->json) && origin_same(answer->url, witness->page);
}

/* ---- the Mastodon API */

static void status_answered(void *context, const struct http_answer *answer) {
    struct witness *witness = context;
    const struct witness_rule rule = rule_of(witness);
    witness_end(witness, answered_well(witness, answer) ? witness_status(answer->json, &rule)
                                                        : refusal_without(answer));
}

/* The last part of the address: there stands a post's id at most servers. */
static bool status_id(char id[ID_CHARS + 1], const char *page) {
    const char *path = strstr(page, "://");
    path = path == NULL ? page : path + 3;
    size_t end = strcspn(path, "?#");
    while (end > 0 && path[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && isalnum((unsigned char)path[start - 1])) {
        start--;
    }
    size_t length = end - start;
    bool good = length > 0 && length <= ID_CHARS && start > 0 && path[start - 1] == '/';
    memcpy(id, path + start, good ? length : 0);
    id[good ? length : 0] = '\0';
    return good;
}

static void status_ask(struct witness *witness, const struct http_answer *instead) {
    char id[ID_CHARS + 1], origin[LIMIT_ORIGIN_BYTES + 1];
    const struct bridge_options *options = witness->reach->options;
    struct buffer url = buffer_make(URL_BYTES);
    if (!status_id(id, witness->page) ||
        !origin_read(origin, sizeof origin, witness->page, options->peers, options->peer_count)) {
        witness_end(witness, refusal_without(instead));
        return;
    }
    buffer_format(&url, "%s/api/v1/statuses/%s", origin, id);
    http_send(witness->reach->http, http_request_new("GET", (const char *)url.data),
              status_answered, witness);
    buffer_clear(&url);
}

/* ---- the object */

static bool is_activity(const struct http_answer *answer) {
    return http_is_type(answer, ACTIVITY) ||
           (http_is_type(answer, LINKED) &&
            strstr(http_header_of(answer, "Content-Type"), "\"" STREAMS "\"") != NULL);
}

/* A file that somebody may leave at that server is served as no post; an object that stands
 * elsewhere under its id may be another there. */
static bool is_object(const struct http_answer *answer) {
    const char *id = json_text(answer->json, "id");
    return is_activity(answer) && id != NULL && url_same(id, answer->url) &&
           json_object_get(answer->json, "attributedTo") != NULL;
}

static void note_answered(void *context, const struct http_answer *answer) {
    struct witness *witness = context;
    if (answered_well(witness, answer) && is_object(answer)) {
        const struct witness_rule rule = rule_of(witness);
        witness_end(witness, witness_note(answer->json, &rule));
    } else if (answer->trouble == TROUBLE_NONE && answer->status != 410 && answer->status < 500) {
        status_ask(witness, answer);
    } else {
        witness_end(witness, refusal_without(answer));
    }
}

static void finger_known(void *context, enum refusal refusal, const struct finger *finger) {
    struct witness *witness = context;
    if (refusal != REFUSAL_OK || finger->actor == NULL) {
        witness_end(witness, refusal == REFUSAL_OK ? REFUSAL_BAD_SERVER : refusal);
        return;
    }
    witness->actor = memory_text(finger->actor);
    witness->profile = finger->profile == NULL ? NULL : memory_text(finger->profile);
    if (ends_with_actor(witness)) {
        return;
    }
    /* A copy elsewhere says what that server wants. */
    if (!origin_same(witness->page, finger->actor)) {
        witness_end(witness, REFUSAL_BAD_ACCOUNT);
        return;
    }
    struct http_request *request = http_request_new("GET", witness->page);
    http_accept(request, ACTIVITY ", " LINKED "; profile=\"" STREAMS "\"");
    http_follow(request);
    http_send(witness->reach->http, request, note_answered, witness);
}

/* ---- Bluesky */

/* "https://bsky.app/profile/WHO/post/KEY" or "at://WHO/app.bsky.feed.post/KEY". */
static bool place_read(const char *page, char who[HANDLE_BYTES + 1], char key[PLACE_CHARS + 1]) {
    static const char *const starts[] = {BLUESKY_APP "/profile/", "at://"};
    static const char *const middles[] = {"/post/", "/" BLUESKY_COLLECTION "/"};
    for (int i = 0; i < 2; i++) {
        size_t length = strlen(starts[i]);
        if (strncmp(page, starts[i], length) != 0) {
            continue;
        }
        const char *name = page + length, *middle = strstr(name, middles[i]);
        size_t name_length = middle == NULL ? 0 : (size_t)(middle - name);
        if (name_length == 0 || name_length > HANDLE_BYTES) {
            return false;
        }
        const char *place = middle + strlen(middles[i]);
        size_t place_length = strcspn(place, "/?#");
        memcpy(who, name, name_length);
        who[name_length] = '\0';
        if (place_length == 0 || place_length > PLACE_CHARS) {
            return false;
        }
        memcpy(key, place, place_length);
        key[place_length] = '\0';
        return key[strspn(key, "abcdefghijklmnopqrstuvwxyz234567")] == '\0';
    }
    return false;
}

/* The answer to a key that is not there is a 400. */
static bool record_missing(const struct http_answer *answer) {
    const char *error = json_text(answer->json, "error");
    return answer->status == 400 && error != NULL && strcmp(error, "RecordNotFound") == 0;
}

static void record_answered(void *context, const struct http_answer *answer) {
    struct witness *witness = context;
    if (record_missing(answer)) {
        witness_end(witness, REFUSAL_BAD_CODE);
    } else if (answer->trouble != TROUBLE_NONE || answer->status != 200) {
        witness_end(witness, refusal_without(answer));
    } else {
        const struct witness_rule rule = rule_of(witness);
        witness_end(witness, witness_record(json_object_get(answer->json, "value"), &rule));
    }
}

static void identity_known(void *context, enum refusal refusal, const struct identity *identity) {
    struct witness *witness = context;
    char who[HANDLE_BYTES + 1] = "", key[PLACE_CHARS + 1] = "", handle[HANDLE_BYTES + 1];
    if (refusal != REFUSAL_OK) {
        witness_end(witness, refusal);
        return;
    }
    witness->actor = memory_text(identity->did);
    if (ends_with_actor(witness)) {
        return;
    }
    if (!place_read(witness->page, who, key)) {
        witness_end(witness, REFUSAL_BAD_CODE);
        return;
    }
    bool own = strcmp(who, identity->did) == 0 ||
               (handle_read(handle, who) && strcmp(handle, witness->account) == 0);
    if (!own) {
        witness_end(witness, REFUSAL_BAD_ACCOUNT);
        return;
    }
    struct buffer url = buffer_make(URL_BYTES);
    char *repo = http_escape(identity->did);
    buffer_format(&url, "%s/xrpc/com.atproto.repo.getRecord?repo=%s&collection=%s&rkey=%s",
                  identity->pds, repo, BLUESKY_COLLECTION, key);
    http_send(witness->reach->http, http_request_new("GET", (const char *)url.data),
              record_answered, witness);
    buffer_clear(&url);
    free(repo);
}

void witness_look(const struct proof_look *look) {
    struct witness *witness = memory_new(sizeof *witness);
    *witness = (struct witness){.reach = look->reach,
                                .account = memory_text(look->account),
                                .page = look->page == NULL ? NULL : memory_text(look->page),
                                .wanted = look->wanted == NULL ? NULL : memory_text(look->wanted),
                                .before = look->actor == NULL ? NULL : memory_text(look->actor),
                                .not_before = look->not_before,
                                .not_after = look->not_after,
                                .done = look->done,
                                .context = look->context};
    if (strchr(look->account, '@') != NULL) {
        finger_ask(look->reach, look->account, finger_known, witness);
    } else {
        identity_resolve(look->reach, look->account, identity_known, witness);
    }
}
