#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bridge/html.h"
#include "bridge/mastodon.h"

/* The whole address stands in the text: /q/1 is not in /q/17. */
static bool has_link(const char *text, const char *link) {
    size_t length = strlen(link);
    for (const char *at = text; (at = strstr(at, link)) != NULL; at += length) {
        char next = at[length];
        if (!isalnum((unsigned char)next) && next != '/' && next != '-' && next != '_') {
            return true;
        }
    }
    return false;
}

/* Source or HTML of a status; its links stand in both as they are. */
static const char *body_of(const json_t *status) {
    const char *source = json_text(status, "text");
    const char *body = source != NULL ? source : json_text(status, "content");
    return body == NULL ? "" : body;
}

static bool is_reply(const json_t *status) {
    const json_t *parent = json_object_get(status, "in_reply_to_id");
    return json_is_string(parent) || json_is_integer(parent);
}

static bool is_found(const struct job *job, const json_t *status) {
    const char *body = body_of(status);
    if (json_text(status, "id") == NULL || !has_link(body, job->link) ||
        is_reply(status) != (job->kind != POST_QUESTION)) {
        return false;
    }
    char *plain = json_text(status, "text") != NULL ? NULL : html_plain(body);
    const char *seen = plain == NULL ? body : plain;
    bool found = post_seen(job->kind, job->text, seen);
    free(plain);
    return found;
}

const json_t *mastodon_find(const struct job *job, const json_t *statuses) {
    char *own = mastodon_account_id(job->account);
    const json_t *found = NULL;
    size_t at;
    json_t *status;
    json_array_foreach(statuses, at, status) {
        const char *author = json_text(json_object_get(status, "account"), "id");
        if (author != NULL && strcmp(author, own) == 0 && is_found(job, status)) {
            found = status;
            break;
        }
    }
    free(own);
    return found;
}
