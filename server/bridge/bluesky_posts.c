/* Posts as records of the account's repository. The record key is chosen by us before the first
 * try, so that a second one finds what the first has left.
 *
 * Edited posts are replaced in one commit, since the network's readers show no edits. The new
 * record's key follows from the old one's, in a ring of a few (bluesky_rkey): whatever answers were
 * lost, what is out there stands at one of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "bridge/atproto.h"
#include "bridge/bluesky.h"

#define RING 5

struct posting {
    struct job *job;
    bool known; /* something was out there, at `first` */
    char first[LIMIT_POST_TOKEN_BYTES + 1];
    char rkey[LIMIT_POST_TOKEN_BYTES + 1]; /* what is looked at, written or deleted now */
    unsigned at;                           /* in the ring */
};

/* False: `first` is no key of ours. */
static bool posting_move(struct posting *posting, unsigned at) {
    posting->at = at;
    return bluesky_rkey(posting->rkey, posting->first, at);
}

/* ---- the ends */

static void posting_end(struct posting *posting, const struct job_result *result) {
    struct job *job = posting->job;
    free(posting);
    job_done(job, result);
}

static void posting_fail(struct posting *posting, const struct http_answer *answer, bool lost) {
    struct job_result result = result_of(answer);
    if (lost) {
        result = (struct job_result){.trouble = TROUBLE_LOGIN};
    } else if (atproto_suspended(answer)) {
        result = (struct job_result){.trouble = TROUBLE_FORBIDDEN};
    } else if (result.trouble == TROUBLE_MISSING) {
        result = (struct job_result){.trouble = TROUBLE_ANSWER}; /* says no PDS of anything */
    }
    posting_end(posting, &result);
}

/* The post is out there with this CID. */
static void posting_sent(struct posting *posting, const char *cid) {
    const struct job *job = posting->job;
    const char *did = job->account->remote;
    char far[LIMIT_POST_FAR_BYTES + 1], url[LIMIT_URL_BYTES + 1];
    (void)snprintf(url, sizeof url, "%s/profile/%s/post/%s", BLUESKY_APP, did, posting->rkey);
    struct job_result result = {.far = far, .url = url};
    if (!bluesky_far_write(far, did, posting->rkey, cid, job->parent)) {
        result = (struct job_result){.trouble = TROUBLE_ANSWER};
    }
    posting_end(posting, &result);
}

static void login_changed(void *context) {
    struct posting *posting = context;
    job_login_changed(posting->job);
}

/* ---- the calls */

static struct atproto_call call_of(struct posting *posting,
                                   void (*done)(void *context, const struct http_answer *answer,
                                                bool lost)) {
    return (struct atproto_call){.reach = posting->job->reach,
                                 .login = posting->job->login,
                                 .changed = login_changed,
                                 .done = done,
                                 .context = posting};
}

/* Takes the reference. */
static void posting_call(struct posting *posting, const char *method, json_t *body,
                         void (*done)(void *context, const struct http_answer *answer, bool lost)) {
    struct atproto_call call = call_of(posting, done);
    INVARIANT(body != NULL);
    atproto_post(&call, method, body);
    json_decref(body);
}

/* Of a lost log-in it is the answer to its renewal. */
static bool answered_well(const struct http_answer *answer, bool lost) {
    return !lost && answer->trouble == TROUBLE_NONE && answer->status == 200;
}

static void write_answered(void *context, const struct http_answer *answer, bool lost) {
    struct posting *posting = context;
    if (!answered_well(answer, lost)) {
        posting_fail(posting, answer, lost);
        return;
    }
    const char *cid = json_text(answer->json, "cid"); /* createRecord */
    const json_t *results = json_object_get(answer->json, "results");
    for (size_t i = 0; cid == NULL && i < json_array_size(results); i++) { /* applyWrites */
        cid = json_text(json_array_get(results, i), "cid");
    }
    posting_sent(posting, cid);
}

static void record_create(struct posting *posting) {
    const struct job *job = posting->job;
    json_t *record = bluesky_record(job, clock_unix_ms());
    json_t *body = json_pack("{s:s,s:s,s:s,s:o}", "repo", job->account->remote, "collection",
                             BLUESKY_COLLECTION, "rkey", posting->rkey, "record", record);
    posting_call(posting, "com.atproto.repo.createRecord", body, write_answered);
}

/* Out with the one that was looked at and in with the new, in one commit. */
static void record_replace(struct posting *posting) {
    const struct job *job = posting->job;
    char old[LIMIT_POST_TOKEN_BYTES + 1];
    memcpy(old, posting->rkey, sizeof old);
    (void)posting_move(posting, (posting->at + 1) % RING);
    json_t *record = bluesky_record(job, clock_unix_ms());
    json_t *body =
        json_pack("{s:s,s:[{s:s,s:s,s:s},{s:s,s:s,s:s,s:o}]}", "repo", job->account->remote,
                  "writes", "$type", "com.atproto.repo.applyWrites#delete", "collection",
                  BLUESKY_COLLECTION, "rkey", old, "$type", "com.atproto.repo.applyWrites#create",
                  "collection", BLUESKY_COLLECTION, "rkey", posting->rkey, "value", record);
    posting_call(posting, "com.atproto.repo.applyWrites", body, write_answered);
}

/* ---- looking first */

/* False for a 400 of another reason. */
static bool record_missing(const struct http_answer *answer) {
    const char *error = json_text(answer->json, "error");
    return answer->trouble == TROUBLE_NONE && (answer->status == 400 || answer->status == 404) &&
           error != NULL && strcmp(error, "RecordNotFound") == 0;
}

static bool record_says(const struct posting *posting, const json_t *found) {
    json_t *wanted = bluesky_record(posting->job, clock_unix_ms());
    json_t *there = json_copy((json_t *)(uintptr_t)found); /* only read */
    (void)json_object_del(wanted, "createdAt");
    (void)json_object_del(there, "createdAt");
    bool same = json_equal(wanted, there) == 1;
    json_decref(wanted);
    json_decref(there);
    return same;
}

static void record_look(struct posting *posting);

static void look_found(struct posting *posting, const struct http_answer *answer) {
    bool ours = !posting->known || /* nobody else chose this key */
                (posting->at > 0 && record_says(posting, json_object_get(answer->json, "value")));
    if (ours) {
        posting_sent(posting, json_text(answer->json, "cid"));
    } else {
        record_replace(posting);
    }
}

static void look_missed(struct posting *posting) {
    if (!posting->known) {
        record_create(posting);
    } else if (posting->at + 1 < RING) {
        (void)posting_move(posting, posting->at + 1);
        record_look(posting);
    } else { /* somebody deleted it there */
        (void)posting_move(posting, 1);
        record_create(posting);
    }
}

static void looked(void *context, const struct http_answer *answer, bool lost) {
    struct posting *posting = context;
    if (answered_well(answer, lost)) {
        look_found(posting, answer);
    } else if (record_missing(answer)) {
        look_missed(posting);
    } else if (!lost && answer->status == 400 && !posting->known) {
        record_create(posting); /* its answer tells what is wrong: a suspended account, … */
    } else if (!lost && answer->status == 400) {
        record_replace(posting);
    } else {
        posting_fail(posting, answer, lost);
    }
}

static void record_look(struct posting *posting) {
    char *did = http_escape(posting->job->account->remote);
    struct buffer query = buffer_make(LIMIT_URL_BYTES * 4);
    struct atproto_call call = call_of(posting, looked);
    buffer_format(&query, "?repo=%s&collection=%s&rkey=%s", did, BLUESKY_COLLECTION, posting->rkey);
    atproto_get(&call, "com.atproto.repo.getRecord", (const char *)query.data);
    buffer_clear(&query);
    free(did);
}

/* ---- deletion */

static void record_delete(struct posting *posting);

static void delete_answered(void *context, const struct http_answer *answer, bool lost) {
    struct posting *posting = context;
    bool gone = !posting->known || posting->at + 1 == RING ||
                json_object_get(answer->json, "commit") != NULL; /* there was one */
    if (!answered_well(answer, lost)) {
        posting_fail(posting, answer, lost);
    } else if (gone) {
        posting_end(posting, &(struct job_result){.far = "", .url = ""});
    } else {
        (void)posting_move(posting, posting->at + 1);
        record_delete(posting);
    }
}

static void record_delete(struct posting *posting) {
    json_t *body = json_pack("{s:s,s:s,s:s}", "repo", posting->job->account->remote, "collection",
                             BLUESKY_COLLECTION, "rkey", posting->rkey);
    posting_call(posting, "com.atproto.repo.deleteRecord", body, delete_answered);
}

void bluesky_post(struct job *job) {
    struct posting *posting = memory_new(sizeof *posting);
    struct far_parts parts = {.text = ""};
    const char *first = job->token;
    posting->job = job;
    posting->known = job->act != ACT_POST && bluesky_far_read(&parts, job->far);
    if (posting->known) {
        const char *slash = strrchr(parts.part[0], '/');
        first = slash == NULL ? "" : slash + 1;
    }
    (void)snprintf(posting->first, sizeof posting->first, "%s", first);
    if (!posting_move(posting, 0)) {
        posting_end(posting, &(struct job_result){.trouble = TROUBLE_MISSING, .final = true});
    } else if (job->act == ACT_DELETE) {
        record_delete(posting);
    } else if (posting->known || job->doubtful) {
        record_look(posting);
    } else {
        record_create(posting);
    }
}
