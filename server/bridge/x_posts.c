#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "bridge/html.h"
#include "bridge/x.h"

#define ID_CHARS    32
#define TOKEN_BYTES 16
#define LATEST      "20" /* posts that are looked through */
#define CREATED     201

struct posting {
    struct job *job;
    char found[ID_CHARS + 1]; /* of a doubtful post, as it was found; "" */
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

static bool id_valid(const char *id) {
    return id != NULL && *id != '\0' && strlen(id) <= ID_CHARS &&
           id[strspn(id, "0123456789")] == '\0';
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
    if (made && id_valid(id)) {
        posting_sent(posting, id);
    } else if (made) {
        posting_end(posting, &(struct job_result){.trouble = TROUBLE_ANSWER, .far = "", .url = ""});
    } else if (posting->job->doubtful && !lost && duplicate(answer)) {
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
    if (id_valid(job->parent)) {
        json_t *reply = json_pack("{s:s}", "in_reply_to_tweet_id", job->parent);
        INVARIANT(json_object_set_new(body, "reply", reply) == 0);
    }
    call(posting, "POST", "/2/tweets", body, created);
    json_decref(body);
}

/* ---- deletion */

static void remove_id(struct posting *posting, const char *id,
                      void (*done)(void *context, const struct http_answer *answer, bool lost)) {
    char path[ID_CHARS + 32];
    (void)snprintf(path, sizeof path, "/2/tweets/%s", id);
    call(posting, "DELETE", path, NULL, done);
}

static bool is_gone(const struct http_answer *answer) {
    return answer->trouble == TROUBLE_NONE && (answer->status == 200 || answer->status == 404);
}

static void found_remove(struct posting *posting);

/* An edit that nobody knows the end of may have left another post than the one that is known. */
static void deleted(void *context, const struct http_answer *answer, bool lost) {
    if (is_gone(answer)) {
        found_remove(context);
    } else {
        posting_fail(context, answer, lost);
    }
}

static void found_remove(struct posting *posting) {
    char found[ID_CHARS + 1];
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

static bool post_links(const json_t *post, const char *link) {
    const json_t *urls = json_object_get(json_object_get(post, "entities"), "urls");
    for (size_t i = 0; i < json_array_size(urls); i++) {
        const char *expanded = json_text(json_array_get(urls, i), "expanded_url");
        if (expanded != NULL && strcmp(expanded, link) == 0) {
            return true;
        }
    }
    return false;
}

/* The post that this one replies to; "" for none. */
static const char *post_parent(const json_t *post) {
    const json_t *list = json_object_get(post, "referenced_tweets");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *type = json_text(json_array_get(list, i), "type");
        const char *id = json_text(json_array_get(list, i), "id");
        if (type != NULL && id != NULL && strcmp(type, "replied_to") == 0) {
            return id;
        }
    }
    return "";
}

/* Of this kind, by its link, its thread and, in a thread, its words. */
static bool post_is(const json_t *post, const struct job *job) {
    const char *text = json_text(post, "text"); /* with &amp; and the like */
    if (text == NULL || !post_links(post, job->link) ||
        strcmp(post_parent(post), job->parent == NULL ? "" : job->parent) != 0) {
        return false;
    }
    char *plain = html_plain(text);
    bool is = (job->kind == POST_OPEN) == post_text_calls(plain);
    free(plain);
    return is || job->kind == POST_QUESTION;
}

/* The newest post that is this one, not the one that it replaces. */
static void find(struct posting *posting, const json_t *posts) {
    const struct job *job = posting->job;
    for (size_t i = 0; i < json_array_size(posts); i++) {
        const json_t *post = json_array_get(posts, i);
        const char *id = json_text(post, "id");
        if (id_valid(id) && post_is(post, job) && strcmp(id, job->far) != 0) {
            (void)snprintf(posting->found, sizeof posting->found, "%s", id);
            return;
        }
    }
}

static void act(struct posting *posting) {
    const struct job *job = posting->job;
    if (job->act == ACT_DELETE) {
        if (id_valid(job->far)) {
            remove_id(posting, job->far, deleted);
        } else {
            found_remove(posting);
        }
    } else if (posting->found[0] != '\0') {
        posting_sent(posting, posting->found);
    } else if (job->act == ACT_EDIT && id_valid(job->far)) {
        remove_id(posting, job->far, replaced);
    } else {
        create(posting);
    }
}

/* Where the client may not read, X's refusal of duplicates has to do; a deletion cannot go on. */
static void looked(void *context, const struct http_answer *answer, bool lost) {
    struct posting *posting = context;
    bool good = answer->trouble == TROUBLE_NONE && answer->status == 200;
    bool closed = !lost && answer->trouble == TROUBLE_NONE && answer->status == 403;
    if (good) {
        find(posting, json_object_get(answer->json, "data"));
        act(posting);
    } else if (closed && (posting->job->act != ACT_DELETE || id_valid(posting->job->far))) {
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
    (void)snprintf(path, sizeof path,
                   "/2/users/%s/tweets?max_results=" LATEST
                   "&tweet.fields=entities,referenced_tweets",
                   posting->job->account->remote);
    call(posting, "GET", path, NULL, looked);
}

void x_post(struct job *job) {
    struct posting *posting = memory_new(sizeof *posting);
    posting->job = job;
    /* A deletion looks too: an edit before it may have left a post that nobody noted. */
    if (!job->doubtful && job->act != ACT_DELETE) {
        act(posting);
    } else {
        look(posting);
    }
}
