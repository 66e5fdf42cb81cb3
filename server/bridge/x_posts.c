#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "bridge/x.h"

#define TOKEN_BYTES 16
#define LATEST      "20" /* posts that are looked through */
#define CREATED     201

struct posting {
    struct job *job;
    char found[X_ID_CHARS + 1]; /* of a doubtful post, as it was found; "" */
    bool looked, missing;       /* missing: DELETE: what was known of is gone */
};

void x_token(char token[LIMIT_POST_TOKEN_BYTES + 1]) {
    uint8_t bytes[TOKEN_BYTES];
    random_fill(bytes, sizeof bytes);
    base64_encode(token, bytes, sizeof bytes);
}

static void posting_end(struct posting *posting, const struct job_result *result) {
    job_done(posting->job, result); /* which may speak of what `posting` holds */
    free(posting);
}

static void posting_fail(struct posting *posting, const struct http_answer *answer, bool lost) {
    struct job_result result = result_of(answer);
    if (lost) {
        result = (struct job_result){.trouble = TROUBLE_LOGIN, .far = "", .url = ""};
    }
    posting_end(posting, &result);
}

static void login_changed(void *context) {
    struct posting *posting = context;
    job_login_changed(posting->job);
}

static void call(struct posting *posting, const char *method, const char *path, const json_t *body,
                 void (*done)(void *context, const struct http_answer *answer, bool lost)) {
    struct x_call call = {.reach = posting->job->reach,
                          .login = posting->job->login,
                          .changed = login_changed,
                          .done = done,
                          .context = posting};
    x_send(&call, method, path, body);
}

static void posting_sent(struct posting *posting, const char *id) {
    char url[LIMIT_URL_BYTES + 1] = "";
    if (*id != '\0') {
        (void)snprintf(url, sizeof url, "https://x.com/i/status/%s", id);
    }
    posting_end(posting, &(struct job_result){.far = id, .url = url});
}

/* ---- a new post */

/* X's own words for a text that stands there already. */
static bool duplicate(const struct http_answer *answer) {
    const char *detail = json_text(answer->json, "detail");
    return answer->status == 403 && detail != NULL && strstr(detail, "duplicate") != NULL;
}

/* Refused to this reply, not to the account: what it answers is gone, or closed to it. */
static bool no_reply(const struct job *job, const struct http_answer *answer) {
    return answer->status == 403 && job->parent != NULL;
}

static void created(void *context, const struct http_answer *answer, bool lost) {
    struct posting *posting = context;
    const char *id = json_text(json_object_get(answer->json, "data"), "id");
    bool made = answer->trouble == TROUBLE_NONE && answer->status == CREATED;
    if (made && x_id_sound(id)) {
        posting_sent(posting, id);
    } else if (made) {
        posting_end(posting, &(struct job_result){.trouble = TROUBLE_ANSWER, .far = "", .url = ""});
    } else if (posting->job->doubtful && posting->job->act == ACT_POST && !lost &&
               duplicate(answer)) {
        posting_sent(posting, "");
    } else if (!lost && (duplicate(answer) || no_reply(posting->job, answer))) {
        posting_end(posting, &(struct job_result){
                                 .trouble = TROUBLE_REJECTED, .final = true, .far = "", .url = ""});
    } else {
        posting_fail(posting, answer, lost);
    }
}

static void create(struct posting *posting) {
    const struct job *job = posting->job;
    json_t *body = json_pack("{s:s}", "text", job->text->text);
    INVARIANT(body != NULL);
    if (x_id_sound(job->parent)) {
        json_t *reply = json_pack("{s:s}", "in_reply_to_tweet_id", job->parent);
        INVARIANT(json_object_set_new(body, "reply", reply) == 0);
    }
    call(posting, "POST", "/2/tweets", body, created);
    json_decref(body);
}

/* ---- deletion */

static void remove_id(struct posting *posting, const char *id,
                      void (*done)(void *context, const struct http_answer *answer, bool lost)) {
    char path[X_ID_CHARS + 32];
    (void)snprintf(path, sizeof path, "/2/tweets/%s", id);
    call(posting, "DELETE", path, NULL, done);
}

static bool is_gone(const struct http_answer *answer) {
    return answer->trouble == TROUBLE_NONE && (answer->status == 200 || answer->status == 404);
}

static void look(struct posting *posting);

/* Nothing is known to be there any more, but what was found. */
static void gone(struct posting *posting);

static void deleted(void *context, const struct http_answer *answer, bool lost) {
    struct posting *posting = context;
    bool missing = answer->trouble == TROUBLE_NONE && answer->status == 404;
    if (missing && !posting->looked) { /* perhaps it was being replaced when nobody looked */
        posting->missing = true;
        look(posting);
    } else if (is_gone(answer)) {
        gone(posting);
    } else {
        posting_fail(posting, answer, lost);
    }
}

static void gone(struct posting *posting) {
    char found[X_ID_CHARS + 1];
    memcpy(found, posting->found, sizeof found);
    posting->found[0] = '\0';
    if (found[0] == '\0') {
        posting_sent(posting, "");
    } else {
        remove_id(posting, found, deleted);
    }
}

static void replaced(void *context, const struct http_answer *answer, bool lost) {
    struct posting *posting = context;
    if (is_gone(answer)) {
        create(posting);
    } else {
        posting_fail(posting, answer, lost);
    }
}

/* ---- looking */

static void act(struct posting *posting) {
    const struct job *job = posting->job;
    if (job->act == ACT_DELETE) {
        if (x_id_sound(job->far) && !posting->missing) {
            remove_id(posting, job->far, deleted);
        } else {
            gone(posting);
        }
    } else if (posting->found[0] != '\0') {
        posting_sent(posting, posting->found);
    } else if (job->act == ACT_EDIT && x_id_sound(job->far)) {
        remove_id(posting, job->far, replaced);
    } else {
        create(posting);
    }
}

/* Where the client may not read, X's refusal of duplicates has to do; a deletion cannot go on. */
static void looked(void *context, const struct http_answer *answer, bool lost) {
    struct posting *posting = context;
    const struct job *job = posting->job;
    bool good = answer->trouble == TROUBLE_NONE && answer->status == 200;
    bool closed = !lost && answer->trouble == TROUBLE_NONE && answer->status == 403;
    if (good) {
        const char *id = x_find(job, json_object_get(answer->json, "data"));
        (void)snprintf(posting->found, sizeof posting->found, "%s", id == NULL ? "" : id);
        act(posting);
    } else if (closed && (job->act != ACT_DELETE || x_id_sound(job->far))) {
        act(posting);
    } else if (closed) {
        posting_end(posting,
                    &(struct job_result){
                        .trouble = TROUBLE_FORBIDDEN, .final = true, .far = "", .url = ""});
    } else {
        posting_fail(posting, answer, lost);
    }
}

static void look(struct posting *posting) {
    char path[LIMIT_REMOTE_BYTES + 128];
    posting->looked = true;
    (void)snprintf(path, sizeof path,
                   "/2/users/%s/tweets?max_results=" LATEST
                   "&tweet.fields=entities,referenced_tweets",
                   posting->job->account->remote);
    call(posting, "GET", path, NULL, looked);
}

void x_post(struct job *job) {
    struct posting *posting = memory_new(sizeof *posting);
    posting->job = job;
    if (job->doubtful || (job->act == ACT_DELETE && !x_id_sound(job->far))) {
        look(posting);
    } else {
        act(posting);
    }
}
