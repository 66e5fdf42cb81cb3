#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/encode.h"
#include "base/memory.h"
#include "base/random.h"
#include "bridge/mastodon.h"

#define TOKEN_BYTES 16
#define ID_CHARS    200
#define URL_BYTES   4096
#define LATEST      "40" /* posts that are looked through: as many as servers give at once */
#define EMPTIED     "–"

struct posting {
    struct job *job;
    char id[ID_CHARS + 1]; /* of the post that is changed or deleted; "" */
    bool looked;           /* for what an earlier try may have left */
};

void mastodon_token(char token[LIMIT_POST_TOKEN_BYTES + 1]) {
    uint8_t bytes[TOKEN_BYTES];
    random_fill(bytes, sizeof bytes);
    base64_encode(token, bytes, sizeof bytes);
}

/* ---- the ends */

static void posting_end(struct posting *posting, const struct job_result *result) {
    struct job *job = posting->job;
    free(posting);
    job_done(job, result);
}

static void posting_fail(struct posting *posting, const struct http_answer *answer) {
    struct job_result result = result_of(answer);
    posting_end(posting, &result);
}

static void posting_refuse(struct posting *posting, enum post_trouble trouble) {
    posting_end(posting,
                &(struct job_result){.trouble = trouble, .final = true, .far = "", .url = ""});
}

/* `status` is what is out there now. */
static void posting_sent(struct posting *posting, const json_t *status, bool emptied) {
    const struct job *job = posting->job;
    const char *id = json_text(status, "id"), *url = json_text(status, "url");
    if (!word_sound(id, ID_CHARS)) {
        posting_end(posting, &(struct job_result){.trouble = TROUBLE_ANSWER, .far = "", .url = ""});
        return;
    }
    if (url == NULL || !link_sound(url, job->account->server, job->reach->options)) {
        url = "";
    }
    posting_end(posting, &(struct job_result){.far = id, .url = url, .emptied = emptied});
}

/* ---- requests */

static struct http_request *request_to(const struct posting *posting, const char *method,
                                       const char *path, const char *id, const char *rest) {
    struct buffer url = buffer_make(URL_BYTES);
    char *escaped = http_escape(id);
    buffer_format(&url, "%s/api/v1/%s%s%s", posting->job->login->server, path, escaped, rest);
    struct http_request *request = http_request_new(method, url.overflow ? "" : (char *)url.data);
    http_bearer(request, "Bearer", posting->job->login->access);
    buffer_clear(&url);
    free(escaped);
    return request;
}

static void request_send(struct posting *posting, struct http_request *request,
                         void (*done)(void *context, const struct http_answer *answer)) {
    http_send(posting->job->reach->http, request, done, posting);
}

static void status_get(struct posting *posting,
                       void (*done)(void *context, const struct http_answer *answer)) {
    request_send(posting, request_to(posting, "GET", "statuses/", posting->id, ""), done);
}

static bool answered_well(const struct http_answer *answer) {
    return answer->trouble == TROUBLE_NONE && answer->status >= 200 && answer->status <= 299;
}

/* No such post, or no such request at this server. */
static bool not_there(const struct http_answer *answer) {
    return answer->trouble == TROUBLE_NONE && (answer->status == 404 || answer->status == 405 ||
                                               answer->status == 410 || answer->status == 501);
}

/* ---- a new post */

static void created(void *context, const struct http_answer *answer) {
    if (answered_well(answer)) {
        posting_sent(context, answer->json, false);
    } else {
        posting_fail(context, answer);
    }
}

static void create(struct posting *posting) {
    const struct job *job = posting->job;
    struct http_request *request = request_to(posting, "POST", "statuses", "", "");
    http_header(request, "Idempotency-Key", job->token);
    http_form(request, "status", job->text->text);
    http_form(request, "visibility", "public");
    http_form(request, "language", job->text->language);
    if (job->text->warning != NULL) {
        http_form(request, "spoiler_text", job->text->warning);
        http_form(request, "sensitive", "true");
    }
    if (job->parent != NULL) {
        http_form(request, "in_reply_to_id", job->parent);
    }
    request_send(posting, request, created);
}

/* ---- deletion */

static void find(struct posting *posting);

/* The post is gone; another one may be there, if it was being replaced when nobody looked. */
static void gone(struct posting *posting) {
    if (posting->job->doubtful && !posting->looked) {
        find(posting);
    } else {
        posting_end(posting, &(struct job_result){.far = "", .url = ""});
    }
}

static void emptied(void *context, const struct http_answer *answer) {
    struct posting *posting = context;
    if (answered_well(answer)) {
        posting_sent(posting, answer->json, true);
    } else if (not_there(answer)) { /* it was there a moment ago: nothing can be changed */
        posting_refuse(posting, TROUBLE_REJECTED);
    } else {
        posting_fail(posting, answer);
    }
}

static void undeleted_looked(void *context, const struct http_answer *answer) {
    struct posting *posting = context;
    if (not_there(answer)) {
        gone(posting);
    } else if (!answered_well(answer)) {
        posting_fail(posting, answer);
    } else { /* this server deletes nothing */
        struct http_request *request = request_to(posting, "PUT", "statuses/", posting->id, "");
        http_form(request, "status", EMPTIED);
        http_form(request, "spoiler_text", "");
        http_form(request, "sensitive", "false");
        request_send(posting, request, emptied);
    }
}

static void deleted(void *context, const struct http_answer *answer) {
    struct posting *posting = context;
    if (answered_well(answer)) {
        gone(posting);
    } else if (not_there(answer)) {
        status_get(posting, undeleted_looked);
    } else {
        posting_fail(posting, answer);
    }
}

static void status_delete(struct posting *posting,
                          void (*done)(void *context, const struct http_answer *answer)) {
    request_send(posting, request_to(posting, "DELETE", "statuses/", posting->id, ""), done);
}

/* ---- an edit */

static void replaced(void *context, const struct http_answer *answer) {
    struct posting *posting = context;
    if (answered_well(answer)) {
        create(posting);
    } else if (not_there(answer)) { /* neither edits nor deletions */
        posting_refuse(posting, TROUBLE_REJECTED);
    } else {
        posting_fail(posting, answer);
    }
}

static void unedited_looked(void *context, const struct http_answer *answer) {
    struct posting *posting = context;
    if (answered_well(answer)) { /* this server edits nothing */
        status_delete(posting, replaced);
    } else if (!not_there(answer)) {
        posting_fail(posting, answer);
    } else if (posting->job->doubtful) { /* perhaps it was being replaced */
        find(posting);
    } else {
        posting_refuse(posting, TROUBLE_MISSING);
    }
}

static void edited(void *context, const struct http_answer *answer) {
    struct posting *posting = context;
    if (answered_well(answer)) {
        posting_sent(posting, answer->json, false);
    } else if (not_there(answer)) {
        status_get(posting, unedited_looked);
    } else {
        posting_fail(posting, answer);
    }
}

/* The warning is always said: left out, it would stay on some servers. */
static void edit(struct posting *posting) {
    const struct post_text *text = posting->job->text;
    struct http_request *request = request_to(posting, "PUT", "statuses/", posting->id, "");
    http_form(request, "status", text->text);
    http_form(request, "language", text->language);
    http_form(request, "spoiler_text", text->warning == NULL ? "" : text->warning);
    http_form(request, "sensitive", text->warning == NULL ? "false" : "true");
    request_send(posting, request, edited);
}

/* ---- looking for what may be out there */

static void found(struct posting *posting, const json_t *statuses) {
    const struct job *job = posting->job;
    const json_t *status = mastodon_find(job, statuses);
    const char *id = json_text(status, "id");
    if (status != NULL && !word_sound(id, ID_CHARS)) {
        posting_end(posting, &(struct job_result){.trouble = TROUBLE_ANSWER, .far = "", .url = ""});
    } else if (job->act == ACT_DELETE && status == NULL) {
        gone(posting);
    } else if (job->act == ACT_DELETE) {
        (void)snprintf(posting->id, sizeof posting->id, "%s", id);
        status_delete(posting, deleted);
    } else if (status != NULL) {
        posting_sent(posting, status, false);
    } else {
        create(posting);
    }
}

static void context_looked(void *context, const struct http_answer *answer) {
    if (answered_well(answer)) {
        found(context, json_object_get(answer->json, "descendants"));
    } else if (not_there(answer)) {
        found(context, NULL);
    } else {
        posting_fail(context, answer);
    }
}

static void latest_looked(void *context, const struct http_answer *answer) {
    struct posting *posting = context;
    if (answered_well(answer) && json_is_array(answer->json)) {
        found(posting, answer->json);
    } else if (answered_well(answer)) {
        posting_end(posting, &(struct job_result){.trouble = TROUBLE_ANSWER, .far = "", .url = ""});
    } else if (!not_there(answer)) {
        posting_fail(posting, answer);
    } else if (posting->job->parent != NULL) {
        struct http_request *request =
            request_to(posting, "GET", "statuses/", posting->job->parent, "/context");
        request_send(posting, request, context_looked);
    } else {
        found(posting, NULL);
    }
}

static void find(struct posting *posting) {
    char *own = mastodon_account_id(posting->job->account);
    posting->looked = true;
    struct http_request *request =
        request_to(posting, "GET", "accounts/", own, "/statuses?limit=" LATEST);
    free(own);
    request_send(posting, request, latest_looked);
}

void mastodon_post(struct job *job) {
    struct posting *posting = memory_new(sizeof *posting);
    posting->job = job;
    if (job->act != ACT_POST) {
        (void)snprintf(posting->id, sizeof posting->id, "%s", job->far);
    }
    if (posting->id[0] == '\0' && (job->doubtful || job->act != ACT_POST)) {
        find(posting);
    } else if (job->act == ACT_POST) {
        create(posting);
    } else if (job->act == ACT_EDIT) {
        edit(posting);
    } else {
        status_delete(posting, deleted);
    }
}
